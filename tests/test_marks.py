"""What is marked in a hit, by the core and by Python: the same, and only what really matched."""

from __future__ import annotations

import sys

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from searcher.analysis import Analyzer
from searcher.highlight.snippet import snippet
from searcher.marks import Marking, mark_tree, marker
from searcher.model import Paragraph
from searcher.query.evaluate import View, matches, spans
from searcher.query.parser import parse as parsed
from searcher.query.tree import And, Not, Or, Phrase, Query, Slot, Term, Value
from tests.strategies import queries, texts

native = pytest.importorskip("searcher._native")

ANALYZER = Analyzer("en")
STEMS = native.Stems(ANALYZER.stem)


def parse(query: str) -> Query:
    return parsed(query, None)


def paragraph_of(text: str) -> Paragraph:
    return Paragraph("a#p1", "a", 1, "text", "", text, 0, len(text), title="Oil talks")


def by_python(tree: Query, text: str, max_chars: int):
    """Return the spans and the snippet as Python finds them."""
    found = spans(tree, View(paragraph_of(text), ANALYZER))
    assert found is not None
    return found, snippet(text, found, max_chars)


def marking(tree: Query, max_chars: int, spans):
    return Marking(lambda: tree, max_chars, spans, lambda: marker(tree, STEMS, ANALYZER.stem))


def by_core(tree: Query, text: str, max_chars: int):
    """Return what the core finds; None when it leaves that to Python."""

    def refuse(tree: Query, paragraph: Paragraph):
        raise LookupError

    try:
        return marking(tree, max_chars, refuse)(text, lambda: paragraph_of(text))
    except LookupError:
        return None


def agree(tree: Query, text: str, max_chars: int = 300) -> bool:
    """Tell whether the core marks a hit; if it does, it has to do so as Python."""
    found = by_core(tree, text, max_chars)
    if found is not None:
        assert found == by_python(tree, text, max_chars), (str(tree), ascii(text))
    return found is not None


LONG_TEXTS = st.lists(texts, min_size=1, max_size=12).map(" ".join)


@settings(max_examples=1_000)
@given(queries(), LONG_TEXTS, st.integers(0, 120))
def test_the_core_marks_what_python_marks(tree, text, max_chars):
    assume(matches(tree, View(paragraph_of(text), ANALYZER)))
    agree(tree, text, max_chars)


HARD = st.text("ab A.,!?…\"'’”»)](“‘« \n\u00a0UMr.ßéİıσς1", max_size=300)


@settings(max_examples=1_000)
@given(HARD, st.sampled_from(["a", "b", "1", "ss", "mr", "us"]), st.integers(1, 60))
def test_hard_excerpts_are_cut_alike(text, word, max_chars):
    tree = Or((Phrase("text", (Slot(word),)), Not(Phrase("text", (Slot(word),)))))
    assert agree(tree, text, max_chars)


def test_every_letter_means_the_same_in_an_excerpt():
    """As a space, a word, the start of a sentence or a second form of a word of the window."""
    known = 0
    for number in range(sys.maxunicode + 1):
        char = chr(number)
        if 0xD800 <= number <= 0xDFFF or native.tokenize(char) is None:
            continue
        known += 1
        for other in {char.lower(), char.upper(), char.casefold(), char.swapcase()}:
            text = f"x b{char} b{other} {'y' * 30} ba bc {'z' * 30}. {char}w{char}. {other}x"
            if native.tokenize(text) is not None:
                assert agree(parse("b* OR x"), text, 24)
                assert agree(parse("x*"), text, 24)
                assert agree(parse("bc"), text, 40)

    assert known > 1_500


@pytest.mark.parametrize(
    ("query", "is_native"),
    [
        ("oil", True),
        ("oil -gold", True),
        ('"oil prices" OR oil-price', True),
        ("oil NEAR/5 pric*", True),
        ("oil NOT NEAR/5 gold", True),
        ("oill~ -kind:caption", True),
        ("atleast/1(oil)", True),
        ("oil AND/article prices", True),
        ("oil (prices OR gold) title:talks", True),
        ("oil desk:world", True),
        ("oil OR title:talks", False),
        ("/o.l/", False),
        ("exact(oil)", False),
        ("quoted(oil)", False),
        ("caps(OIL) oil", False),
    ],
)
def test_what_the_core_marks(query, is_native):
    assert (mark_tree(parse(query), ANALYZER.stem) is not None) == is_native


def test_what_must_match_and_marks_nothing_is_passed_over():
    tree = And((Term("text", "oil"), Value("kind", "caption"), Not(Value("kind", "text"))))

    assert mark_tree(tree, ANALYZER.stem) == ("and", [("stem", "oil")])


@pytest.mark.parametrize("text", ["oil in 北京", "oil cafe\u0301", "oil \ud800"])
def test_a_text_that_only_python_knows_is_marked_all_the_same(text):
    def ask(tree: Query, paragraph: Paragraph):
        return by_python(tree, paragraph.text, 300)[0]

    tree = parse("oil")
    found = marking(tree, 300, ask)(text, lambda: paragraph_of(text))

    assert by_core(tree, text, 300) is None
    assert found == by_python(tree, text, 300)


def test_a_query_with_half_a_character_is_left_to_python():
    assert marker(Term("text", "\ud800"), STEMS, str) is None


def test_a_stem_is_asked_for_once():
    asked = []

    def stem(form: str) -> str:
        asked.append(form)
        return form[:3]

    found = marker(Term("text", "oil"), native.Stems(stem), str)
    assert found is not None
    for _ in range(2):
        assert found.mark("oils, oil", 300) == (
            ((0, 4), (6, 9)),
            ("oils, oil", ((0, 4), (6, 9)), 0, False, False),
        )

    assert sorted(asked) == ["oil", "oils"]
