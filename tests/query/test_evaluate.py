"""What a query marks in a paragraph: what really matched, and nothing else."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.analysis import Analyzer, tokenize
from searcher.model import Paragraph
from searcher.query.evaluate import View, matches, merged, phrase_occurrences, spans
from searcher.query.parser import parse
from tests.strategies import queries, texts

TODAY = date(2026, 2, 25)


def marked(query, text, **facts):
    """Return the pieces of a text that a query marks; None when it doesn't match."""
    paragraph = Paragraph("a#p1", "a", 1, "text", facts.pop("section", ""), text, 0, 0, **facts)
    found = spans(parse(query, TODAY), View(paragraph, Analyzer("en")))
    return None if found is None else [text[start:end] for start, end in found]


CASES = [
    ("missile", "Missiles and a missile’s range", ["Missiles", "missile’s"]),
    ('"political will"', "Will political will do?", ["political will"]),
    ('"political will"', "the “political\nwill”", ["political\nwill"]),
    ('"political will"', "political goodwill", None),
    ('"white house"', "the White House's lawn", ["White House's"]),
    ('"house lawn"', "the White House's lawn", None),
    ('"missile"', "missiles", None),
    ('"dam broke"~3', "the dam of old then broke", ["dam", "broke"]),
    ('"dam broke"~2', "the dam of old then broke", None),
    ('"broke dam"~5', "the dam broke", None),
    ('"a a"', "a a a", ["a a a"]),
    ('"tomahawk miss*"', "Tomahawk missiles", ["Tomahawk missiles"]),
    ("cease-fire", "any cease-fire, cease fires", ["cease-fire", "cease fires"]),
    ("F-16", "F‑16s and F 16", ["F 16"]),
    ("U.S.", "the U.S. and us", ["U.S."]),
    ("sao", "São Paulo", ["São"]),
    ("São", "Sao Paulo", ["Sao"]),
    ("tom*", "Tomahawk’s tom", ["Tomahawk’s", "tom"]),
    ("*ism", "Terrorism’s end", ["Terrorism’s"]),
    ("w?ll", "will well wall we'll", ["will", "well", "wall"]),
    ("zelensky~", "Zelenskyy, Zelenski, Zelensky’s", ["Zelenskyy", "Zelenski", "Zelensky’s"]),
    ("englnad~", "England", ["England"]),
    ("/o.l/", "oil owl OIL oily", ["oil", "owl", "OIL"]),
    ("dam OR (flood AND rain)", "the dam and the flood", ["dam"]),
    ("dam -flood", "dam flood", None),
    ("dam -flood", "dam", ["dam"]),
    ("(dam OR river) flood", "dam river flood", ["dam", "river", "flood"]),
    ("dam section:floods", "dam", None),
    ("*", "anything", []),
]


@pytest.mark.parametrize(("query", "text", "pieces"), CASES)
def test_a_query_marks_what_matched(query, text, pieces):
    assert marked(query, text) == pieces


def test_a_filter_marks_nothing_in_the_text():
    assert marked("section:floods", "floods", section="The Floods") == []
    assert marked("title:floods dam", "dam floods", title="Flood") == ["dam"]


@given(queries(), texts)
def test_marks_are_in_order_apart_and_stand_at_whole_words(tree, text):
    paragraph = Paragraph("a#p1", "a", 1, "text", "Oil Prices", text, 0, 0, title="Talks")
    view = View(paragraph, Analyzer("en"))
    found = spans(tree, view)
    assert (found is not None) == matches(tree, view)
    starts = {token.start_char for token in tokenize(text)}
    ends = {token.end_char for token in tokenize(text)}
    last = 0
    for start, end in found or ():
        assert start in starts and end in ends and last <= start < end
        last = end


@given(
    st.lists(st.lists(st.integers(0, 12), unique=True).map(sorted), min_size=1, max_size=3),
    st.integers(0, 3),
)
def test_phrase_occurrences_are_those_of_trying_every_combination(places, slop):
    """From each first word the shortest stretch counts, if it is short enough."""
    expected = []
    for first in places[0]:
        ways = [(first,)]
        for place in places[1:]:
            ways = [(*way, at) for way in ways for at in place if at > way[-1]]
        short = [way for way in ways if way[-1] - first - (len(way) - 1) <= slop]
        if short:
            expected.append(min(short, key=lambda way: way[-1])[-1])
    assert [way[-1] for way in phrase_occurrences(places, slop)] == expected


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 5)).map(lambda p: (p[0], p[0] + p[1])))
)
def test_merged_spans_cover_the_same_characters_once(found):
    apart = merged(found)
    covered = [at for start, end in apart for at in range(start, end)]
    assert len(covered) == len(set(covered))
    assert set(covered) == {at for start, end in found for at in range(start, end)}
