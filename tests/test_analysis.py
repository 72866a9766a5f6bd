"""Words: what is one, and which are the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher import analysis
from searcher.analysis import (
    LANGUAGES,
    MAX_TOKEN_CHARS,
    Analyzer,
    fold,
    fold_value,
    tokenize,
    without_possessive,
)
from searcher.errors import SearcherError

FORMS = {
    "U.S.": ["u.s"],
    "U.S": ["u.s"],
    "U.S.-based": ["u.s", "based"],
    "the U.S. said.": ["the", "u.s", "said"],
    "a.m.": ["a.m"],
    "R&D, AT&T": ["r&d", "at&t"],
    "C++ and C#": ["c++", "and", "c#"],
    "3.14": ["3.14"],
    "ends in 3. Then": ["ends", "in", "3", "then"],
    "1,234,567.89": ["1234567.89"],
    "1987,1988": ["1987", "1988"],
    "$5.20 (4%)": ["5.20", "4"],
    "F-16": ["f", "16"],
    "F‑16": ["f", "16"],
    "COVID–19": ["covid", "19"],
    "region -- a demand": ["region", "a", "demand"],
    "don't": ["don't"],
    "don’t": ["don't"],
    "O’Brien‘s": ["o'brien's"],
    "leaders' summit": ["leaders", "summit"],
    "'Pressure'": ["pressure"],
    "“ironclad”": ["ironclad"],
    "São": ["sao"],
    "Sa\u0303o": ["sao"],
    "ŁÓDŹ Ørsted Æther": ["lodz", "orsted", "aether"],
    "STRASSE Straße": ["strasse", "strasse"],
    "İstanbul": ["istanbul"],
    "ﬁne": ["fine"],
    "o\u200bil soft\u00adly": ["oil", "softly"],
    "北京市": ["北", "京", "市"],
    "й и": ["й", "и"],
    "が か": ["が", "か"],
    "👍🏽 a": ["👍", "🏽", "a"],
    "foo_bar x.com": ["foo", "bar", "x", "com"],
    "I x": ["i", "x"],
    "9/11 0:52": ["9", "11", "0", "52"],
    "--- … ?!": [],
}


@pytest.mark.parametrize(("text", "forms"), FORMS.items())
def test_a_text_is_these_words(text, forms):
    assert [token.text for token in tokenize(text)] == forms


@pytest.mark.parametrize(
    "word", ["U.S.", "R&D", "C++", "3.14", "F-16", "COVID-19", "1,234.5", "don’t", "São", "AT&T's"]
)
def test_a_word_is_found_as_it_is_typed_inside_a_sentence(word):
    sentence = [token.text for token in tokenize(f"They said ({word}), then left.")]
    typed = [token.text for token in tokenize(word)]
    assert typed == sentence[2 : 2 + len(typed)]


@given(st.text())
def test_tokens_are_in_order_and_slice_the_text(text):
    end = 0
    for token in tokenize(text):
        assert end <= token.start_char < token.end_char <= len(text)
        assert token.text
        assert token.end_char - token.start_char <= MAX_TOKEN_CHARS
        end = token.end_char


@given(st.text(alphabet=st.characters(categories=["L", "N", "M"]), min_size=1, max_size=20))
def test_letters_and_digits_are_never_lost_between_tokens(text):
    covered = {at for t in tokenize(text) for at in range(t.start_char, t.end_char)}
    assert all(at in covered for at, char in enumerate(text) if char.isascii() and char.isalnum())


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text):
    for token in tokenize(text):
        assert fold(token.text) == token.text


@given(st.text(alphabet="abC.,'`&+#-_ 019\n", max_size=40))
def test_the_pattern_for_ascii_finds_what_the_pattern_for_all_text_finds(text):
    found = [match.span() for match in analysis._ASCII_TOKEN.finditer(text)]
    assert found == [match.span() for match in analysis._any_token().finditer(text)]


@given(st.text(alphabet="abcéüñ-.' 012", max_size=30))
def test_case_makes_no_difference(text):
    assert [t.text for t in tokenize(text.upper())] == [t.text for t in tokenize(text)]


@pytest.mark.parametrize("word", ["a" * 1_000_000, "'" * 100_000, "a." * 100_000, "1,111" * 50_000])
def test_a_huge_word_is_cut_and_nothing_stalls(word):
    assert all(len(token.text) <= MAX_TOKEN_CHARS for token in tokenize(word))


def test_a_stem_joins_the_forms_of_a_word():
    stem = Analyzer("en").stem
    assert len({stem(form) for form in ("missile", "missiles", "missile's")}) == 1
    assert stem("political") != stem("will")


def test_nothing_is_a_stop_word():
    assert Analyzer("en").stems("To be or not to be") == ["to", "be", "or", "not", "to", "be"]


def test_a_language_without_stemmer_is_an_error_that_lists_those_there_are():
    with pytest.raises(SearcherError, match=r"'xx'.*Choose one of: .*en.*none"):
        Analyzer("xx")


@pytest.mark.parametrize("language", [*LANGUAGES, "none"])
def test_every_language_stems_without_loss(language):
    assert Analyzer(language).stem("parliament")


def test_accents_never_part_a_word_from_its_stem():
    """Folding goes before stemming, so économie and economie are one."""
    french = Analyzer("fr")
    assert french.stems("économie") == french.stems("economie")


@pytest.mark.parametrize(
    ("text", "bare"), [("ukraine's", "ukraine"), ("'s", "'s"), ("its", "its"), ("s's", "s")]
)
def test_a_possessive_is_dropped_from_a_word_only(text, bare):
    assert without_possessive(text) == bare


def test_a_value_is_compared_whatever_its_case_accents_and_spaces():
    assert fold_value(" World   NEWS ") == "world news" == fold_value("wörld news")
