"""The quick reader and the parser are two readers of one language."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searcher.analysis import Analyzer
from searcher.filters import without_captions
from searcher.query.limits import Limits
from searcher.query.parser import parse
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
    'oil desk:money-fx -desk:"World News"',
)
"""What has to be read quickly."""

PIECES = (
    "oil", "Oil", "gas2", "F-16", "don't", "U.S.", "1,234", "3.14", "a.b", "and", "lead", "words",
    "AND", "OR", "NOT", "-OR", "NOT-", "NEAR", "NEAR/3", "ADJ5", "w/5", "atleast3", "AND/article",
    "-", "--", "(", ")", "()", "-(", '"', '"oil price"', '"oil  price"', '"f-16"', '"AND"', '"a*"',
    "oil*", "*", "o*l", "oil~", "oil~1", "oil~2", "oil~3", "~", "~2", "^2", "?", "!", "/", ":",
    "date:2026", "date:2026-02..", "date:2026-13", "date:none", "date:", "date:3d", "date:AND",
    "desk:World", "desk:a-b", "desk:AND", "desk:3.14", "desk:-x", "desk:.x", "desk:U.S.",
    'desk:"World News"', 'desk:"a-b"',
    'desk:"-x"', 'desk:"AND"', "desk:money-fx", "title:oil", "title:AND", "title:F-16",
    "section:Talks", "kind:caption", "said:oil", "headline(", "number>3", "=5", "é", "−oil", "政",
    "x" * 254, "x" * 255, "x" * 300, "\x00", "\x1c", "\ud800",
)  # fmt: skip

texts = st.lists(
    st.tuples(st.sampled_from(PIECES), st.sampled_from((" ", " ", " ", "", "\n", "\u00a0"))),
    max_size=8,
).map(lambda pairs: "".join(piece + space for piece, space in pairs))

bounds = st.sampled_from((1, 2, 3, 5, 20, 5000))
limits = st.builds(Limits, query_chars=bounds, terms=bounds, depth=bounds, phrase_words=bounds)


@pytest.mark.parametrize("text", COMMON)
def test_common_queries_are_read_quickly(text):
    assert quick(text, TODAY, Limits()) == parse(text, TODAY, limits=Limits())


@settings(max_examples=500)
@given(texts, st.sampled_from((None, TODAY)))
@example("a -OR b", None)
@example("oil^2", None)
@example("oil date:3d", None)
def test_what_is_read_quickly_is_what_the_parser_reads(text, today):
    tree = quick(text, today, Limits())

    assert tree is None or tree == parse(text, today, limits=Limits())


@given(texts, limits)
@example("((oil))", Limits(depth=1))
@example('"oil price gas"', Limits(phrase_words=2))
def test_limits_hold_for_what_is_read_quickly(text, limits):
    tree = quick(text, None, limits)

    assert tree is None or tree == parse(text, None, limits=limits)


def bounds_of(limits):
    chars = min(limits.query_chars, limits.terms, limits.phrase_words)
    return chars, limits.depth, limits.fuzzy_edits, limits.expansions


@pytest.fixture(scope="module")
def core():
    """A reader of the native core over no segments, and the planner of the same."""
    native = pytest.importorskip("searcher._native")
    from searcher.engines.lexicon import Lexicon
    from searcher.engines.plan import Planner

    analyzer = Analyzer("en")
    paragraphs = native.Paragraphs([], None, None, None, None)
    stems = native.Stems(analyzer.stem)
    reader = native.QuickSearch(native.Index([], [], 0, 0), paragraphs, stems, [])
    return reader, Planner(analyzer, Lexicon([], analyzer), None, None)


@pytest.mark.parametrize("text", COMMON)
def test_common_queries_are_read_in_the_core(text, core):
    reader, _ = core

    assert reader.reads(text, bounds_of(Limits()), ("all",)) is not None


@settings(max_examples=500)
@given(texts, limits)
@example("oil (gas OR (coal -peat)) title:Oil desk:a-b section:Talks", Limits())
@example("date:2026-02..2026-03-05 date:2024-2 date:20240229 date:..2026", Limits())
@example("(" * 60 + "oil" + ")" * 60, Limits(depth=200))
@example("(a b) AND c", Limits())
def test_what_the_core_reads_is_what_is_read_quickly(core, text, limits):
    """The same plan, and printed alike; what it refuses is only left to the parser."""
    reader, planner = core
    tree = quick(text, None, limits)
    whole = None if tree is None else without_captions(tree)
    plan = ("all",) if whole is None else planner.plan(whole, limits)
    read = reader.reads(text, bounds_of(limits), plan)

    assert read is None or read == (str(whole), True)
