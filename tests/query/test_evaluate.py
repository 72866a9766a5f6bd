"""What a query marks in a paragraph: what really matched, and nothing else."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.analysis import Analyzer, tokenize
from searcher.model import Paragraph, Quote
from searcher.query.evaluate import ArticleView, View, matches, merged, phrase_occurrences, spans
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
    ("dam NEAR/1 flood", "flood the dam; dam and then flood", ["flood", "dam"]),
    ("dam NEAR/2 flood", "dam and then flood", ["dam", "flood"]),
    ("dam NEAR/1 flood", "dam and then flood", None),
    ("dam NEAR/0 flood", "dam flood, flood dam", ["dam flood", "flood dam"]),
    ("dam ADJ/3 flood", "the flood, then the dam", None),
    ("dam ADJ/3 flood", "dam, flood, flood", ["dam, flood", "flood"]),
    ("dam NEAR dam", "the dam", None),
    ("dam NEAR dam", "the dam, the dam", ["dam", "dam"]),
    ('"dam wall" NEAR/1 (tokyo OR japan*)', "Japan’s dam wall", ["Japan’s dam wall"]),
    ('"trade deficit" NOT NEAR/2 japan', "trade deficit of Japan", None),
    (
        '"trade deficit" NOT NEAR/2 japan',
        "trade deficit of Japan, and elsewhere no trade deficit",
        ["trade deficit"],
    ),
    ("dam NOT ADJ/2 flood", "flood at the dam", ["dam"]),
    ("dam NOT NEAR/2 flood", "flood", None),
    ("(dam NEAR/2 river) NEAR/1 flood", "dam of river, flood", ["dam", "river, flood"]),
    ("dam NEAR/1 (river OR rain)", "rain, dam, sun, sun, river", ["rain, dam"]),
    ("toma* NEAR/1 misile~", "a missile, a Tomahawk", ["missile", "Tomahawk"]),
    ("cease-fire NEAR/1 talks", "talks on cease-fires", ["talks", "cease-fires"]),
    ('"*" ADJ/0 dam', "the dam", ["the dam"]),
    ("exact(Dam)", "Dam and dam, DAM’s Dam’s", ["Dam", "Dam’s"]),
    ("exact(São)", "Sao São Sa\u0303o", ["São", "Sa\u0303o"]),
    ("exact(O'Brien)", "O’Brien, O’BRIEN", ["O’Brien"]),
    ('exact("Capitol Hill")', "Capitol Hill, capitol hill", ["Capitol Hill"]),
    ("exact(Toma*)", "Tomahawk tomahawks Tomahawks", ["Tomahawk", "Tomahawks"]),
    ("exact(dams)", "dam", None),
    ("caps(us)", "US, us, U.S., US’s", ["US", "US’s"]),
    ('caps("us navy")', "US Navy and US NAVY", ["US NAVY"]),
    ("caps(u*)", "UN, Un, UK", ["UN", "UK"]),
    ("caps(us) ADJ/0 missile", "US missiles, us missiles", ["US missiles"]),
    ("words>3", "one two three", None),
    ("words:3", "one two three", []),
]


@pytest.mark.parametrize(("query", "text", "pieces"), CASES)
def test_a_query_marks_what_matched(query, text, pieces):
    assert marked(query, text) == pieces


def quoting(query, text, *quotes, **facts):
    """Return what a query marks in a text with these quotations, each (piece, speaker)."""
    found = [Quote(text.index(p), text.index(p) + len(p), speaker) for p, speaker in quotes]
    return marked(query, text, quotes=tuple(found), **facts)


SAID = "“We will act,” Moran said. Graham: “They will wait, and will act.”"
TWICE = (("“We will act,”", "Ann Moran"), ("“They will wait, and will act.”", "Lindsey Graham"))


def test_quoted_words_stand_inside_one_quotation():
    assert quoting("quoted(will)", SAID, *TWICE) == ["will", "will", "will"]
    assert quoting("quoted(said)", SAID, *TWICE) is None
    assert quoting("quoted(we NEAR/20 they)", SAID, *TWICE) is None
    assert quoting("quoted(we they)", SAID, *TWICE) == ["We", "They"]
    assert quoting("quoted(*)", SAID, *TWICE) == []
    assert quoting("quoted(*)", SAID) is None


def test_what_someone_said_stands_in_a_quotation_of_theirs():
    assert quoting('said:graham "will act"', SAID, *TWICE) == ["will act"]
    assert quoting("said:moran wait", SAID, *TWICE) is None
    assert quoting("said:moran AND wait", SAID, *TWICE) == ["wait"]
    assert quoting("said:gra* AND said:moran", SAID, *TWICE) == []
    assert quoting('said:"ann moran"', SAID, *TWICE) == []
    assert quoting('said:"moran ann"', SAID, *TWICE) is None


def an_article(*texts):
    """Return the views of the paragraphs of one article; a text may have its kind before a |."""
    parts = [text.rpartition("|") for text in texts]
    paragraphs = [
        Paragraph(f"a#p{at}", "a", at, kind or "text", "", text, 0, 0)
        for at, (kind, _, text) in enumerate(parts)
    ]
    return ArticleView.of(lambda: paragraphs, Analyzer("en")).views


def numbers(query, *texts):
    """Return the numbers of the paragraphs of an article that a query finds."""
    tree = parse(query, TODAY)
    return [view.paragraph.number for view in an_article(*texts) if matches(tree, view)]


def test_the_lead_is_the_headline_and_the_first_three_paragraphs_of_text():
    texts = ("headline|dam", "caption|dam", "dam", "dam", "heading|dam", "rain", "dam")
    assert numbers("lead(dam)", *texts) == [0, 2, 3]
    assert numbers("lead(*)", *texts) == [0, 2, 3, 5]


def test_atleast_counts_all_of_the_article_but_captions():
    texts = ("headline|dam", "dam and dam", "rain", "caption|dam")
    assert numbers("atleast/3(dam)", *texts) == [0, 1, 3]
    assert numbers("atleast/4(dam)", *texts) == []
    assert numbers("atleast/4(dam OR rain)", *texts) == [0, 1, 2, 3]


def test_an_and_over_the_article_finds_what_has_one_of_its_parts():
    texts = ("dam", "flood", "rain", "dam flood")
    assert numbers("dam AND/article flood", *texts) == [0, 1, 3]
    assert numbers("dam AND/article sun", *texts) == []
    assert numbers("dam AND/article -sun", *texts) == [0, 3]
    assert numbers("dam AND/article -rain", *texts) == []
    assert numbers("dam flood AND/article rain", *texts) == [2, 3]
    assert numbers("-sun AND/article -snow", *texts) == [0, 1, 2, 3]


def test_a_paragraph_alone_is_an_article_of_one():
    assert marked("atleast/2(dam)", "dam, dam") == ["dam", "dam"]
    assert marked("dam AND/article flood", "dam") is None


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
