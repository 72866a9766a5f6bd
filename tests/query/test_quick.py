"""The quick reader and the parser are two readers of one language."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searcher.query.limits import Limits
from searcher.query.parser import parse_fully
from searcher.query.quick import quick

TODAY = date(2026, 2, 25)

COMMON = (
    "oil",
    "Oil PRICES and more",
    "oil OR gas OR coal",
    "oil AND gas -coal",
    "oil NOT gas",
    '"crude oil" prices',
    '-"crude oil"',
    "expor*",
    "misile~",
    "misile~2",
    "F-16 don't 3.14",
    "(oil OR gas) date:2026-01..2026-02 desk:World",
    "title:tomahawk section:later",
)
"""What has to be read quickly."""

PIECES = (
    "oil", "Oil", "gas2", "F-16", "don't", "U.S.", "1,234", "3.14", "a.b", "and", "lead", "words",
    "AND", "OR", "NOT", "-OR", "NOT-", "NEAR", "NEAR/3", "ADJ5", "w/5", "atleast3", "AND/article",
    "-", "--", "(", ")", "()", "-(", '"', '"oil price"', '"oil  price"', '"f-16"', '"AND"', '"a*"',
    "oil*", "*", "o*l", "oil~", "oil~1", "oil~2", "oil~3", "~", "~2", "^2", "?", "!", "/", ":",
    "date:2026", "date:2026-02..", "date:2026-13", "date:none", "date:", "date:3d", "date:AND",
    "desk:World", "desk:a-b", "desk:AND", "desk:3.14", "title:oil", "title:AND", "title:F-16",
    "section:Talks", "kind:caption", "said:oil", "headline(", "number>3", "=5", "é", "−oil", "政",
    "x" * 254, "x" * 255, "x" * 300, "\x00", "\x1c",
)  # fmt: skip

texts = st.lists(
    st.tuples(st.sampled_from(PIECES), st.sampled_from((" ", " ", " ", "", "\n", "\u00a0"))),
    max_size=8,
).map(lambda pairs: "".join(piece + space for piece, space in pairs))

bounds = st.sampled_from((1, 2, 3, 5, 20, 5000))
limits = st.builds(Limits, query_chars=bounds, terms=bounds, depth=bounds, phrase_words=bounds)


@pytest.mark.parametrize("text", COMMON)
def test_common_queries_are_read_quickly(text):
    assert quick(text, TODAY, Limits()) == parse_fully(text, TODAY, limits=Limits())


@settings(max_examples=500)
@given(texts, st.sampled_from((None, TODAY)))
@example("a -OR b", None)
@example("oil^2", None)
@example("oil date:3d", None)
def test_what_is_read_quickly_is_what_the_parser_reads(text, today):
    tree = quick(text, today, Limits())

    assert tree is None or tree == parse_fully(text, today, limits=Limits())


@given(texts, limits)
@example("((oil))", Limits(depth=1))
@example('"oil price gas"', Limits(phrase_words=2))
def test_limits_hold_for_what_is_read_quickly(text, limits):
    tree = quick(text, None, limits)

    assert tree is None or tree == parse_fully(text, None, limits=limits)
