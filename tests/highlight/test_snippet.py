"""The excerpt: in bounds, with the most in it, and never through a match or a letter."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.highlight.snippet import snippet

LETTERS = st.text(st.sampled_from("ab .,!?é\u0301\u200d👩🚀語 \n“”U."), max_size=400)


@st.composite
def marked_texts(draw):
    text = draw(LETTERS)
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=12)))
    return text, list(zip(edges[::2], edges[1::2], strict=False))


@given(marked_texts(), st.integers(1, 120))
def test_an_excerpt_is_a_slice_and_its_spans_are_the_paragraphs(marked, max_chars):
    text, spans = marked
    found = snippet(text, spans, max_chars)
    end = found.start_char + len(found.text)

    assert text[found.start_char : end] == found.text
    assert len(found.text) <= max_chars
    assert (found.cut_before, found.cut_after) == (found.start_char > 0, end < len(text))
    for start, stop in found.spans:
        assert 0 <= start < stop <= len(found.text)
        whole = [(a, b) for a, b in spans if a == found.start_char + start]
        assert whole
        assert stop == min(whole[0][1] - found.start_char, len(found.text))


@given(marked_texts(), st.integers(1, 120))
def test_an_excerpt_holds_a_match_and_cuts_none_but_one_too_long(marked, max_chars):
    text, spans = marked
    found = snippet(text, spans, max_chars)
    end = found.start_char + len(found.text)

    assert bool(found.spans) == bool(spans)
    for start, stop in spans:
        crossed = start < end < stop or start < found.start_char < stop
        assert not crossed or (start == found.start_char and stop - start > max_chars)


@given(st.lists(st.sampled_from(["e\u0301", "o\u0308\u0323", "👩\u200d🚀", "x", " "]), min_size=60))
def test_no_cut_parts_a_letter_from_its_accents(letters):
    text = "".join(letters)
    found = snippet(text, [], 40)

    for cut in (found.start_char, found.start_char + len(found.text)):
        if 0 < cut < len(text):
            assert not unicodedata.combining(text[cut])
            assert "\u200d" not in text[cut - 1 : cut + 1]


def test_a_short_paragraph_is_whole():
    found = snippet("The dam broke.", [(4, 7)], 300)

    assert (found.text, found.cut_before, found.cut_after) == ("The dam broke.", False, False)


def test_the_window_with_the_most_different_words_wins():
    """Three times `dam` says less than `dam` and `broke` once."""
    text = "dam dam dam " + "x" * 100 + ". Then the dam broke. " + "y" * 100
    spans = [(0, 3), (4, 7), (8, 11), (123, 126), (127, 132)]

    found = snippet(text, spans, 60)

    assert [found.text[a:b] for a, b in found.spans] == ["dam", "broke"]


@pytest.mark.parametrize(
    ("before", "starts"),
    [
        ("It rained all day. ", "Graham said"),
        ("He asked why? ", "Graham said"),
        ("“It rained.” ", "Graham said"),
    ],
)
def test_an_excerpt_starts_with_its_sentence(before, starts):
    text = (
        "Filler words go here " * 20 + before + "Graham said no to it. " + "And more of it. " * 20
    )
    at = text.index("Graham")

    assert snippet(text, [(at + 7, at + 11)], 80).text.startswith(starts)


@pytest.mark.parametrize("name", ["Mr. Graham", "Sen. Graham", "U.S. Graham", "J. Graham"])
def test_the_dot_of_an_abbreviation_ends_no_sentence(name):
    text = "Filler words go here " * 20 + f"so. Then {name} said no. " + "And more of it. " * 20
    at = text.index("Graham")

    assert snippet(text, [(at, at + 6)], 80).text.startswith(f"Then {name}")


def test_a_match_longer_than_the_excerpt_is_shown_from_its_start():
    found = snippet("x " * 50 + "y" * 200, [(100, 300)], 40)

    assert (found.text, found.spans, found.start_char) == ("y" * 40, ((0, 40),), 100)


def test_the_forms_say_where_they_were_cut():
    text = "a " * 100 + "dam & <b> " + "b " * 100
    found = snippet(text, [(200, 203)], 30)

    assert found.plain().startswith("… ")
    assert found.plain().endswith(" …")
    assert "<mark>dam</mark> &amp; &lt;b&gt;" in found.html()
    assert "**dam** \\& \\<b\\>" in found.markdown()
    assert "\x1b[1;31mdam\x1b[0m" in found.ansi()
    assert set(found.as_dict()) == {"text", "spans", "start_char"}


@pytest.mark.parametrize("unit", ["a", "a ", "e\u0301", ".", ". A", "“"])
def test_a_paragraph_of_a_million_characters_takes_no_time(unit):
    """The work grows with the matches, not with their square."""
    text = unit * (1_000_000 // len(unit))
    spans = [(at, at + 1) for at in range(0, len(text), 10)]
    started = time.perf_counter()

    snippet(text, spans)
    snippet(text, [(900_000, 900_001)])

    assert time.perf_counter() - started < 3
