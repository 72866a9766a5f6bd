"""Wildcards and fuzzy words on the native terms are those of the query language."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.query.expressions import expression
from searcher.query.tree import Fuzzy, Pattern

_native = pytest.importorskip("searcher._native")

LETTERS = "ab'só政😀"
possessive = st.builds("{}'s".format, st.text(LETTERS, min_size=1, max_size=4))
words = st.lists(st.one_of(st.text(LETTERS, min_size=1, max_size=6), possessive), unique=True)
patterns = st.text(LETTERS + "*?", min_size=1, max_size=6)


def segment_of(terms):
    """Return a segment whose one document holds some terms."""
    with tempfile.TemporaryDirectory() as folder:
        writer = _native.Writer(str(Path(folder, "terms.nat")))
        writer.add_stored({})
        writer.start_field("exact", "nothing")
        for term in sorted(term.encode() for term in terms):
            writer.start_term(term)
            writer.add(0, 1.0, b"")
        writer.finish(1)
        return _native.Segment(str(Path(folder, "terms.nat")))


def passing(leaf, terms):
    return sorted(filter(expression(leaf), terms))


@given(words, patterns, st.integers(0, 30))
def test_a_pattern_finds_what_its_expression_matches(terms, pattern, most):
    found = segment_of(terms).globbed("exact", pattern, True, most)

    assert found == passing(Pattern("text", pattern), terms)[: most + 1]


@given(words, st.text(LETTERS, min_size=1, max_size=6), st.sampled_from([0, 1, 2, 3]))
def test_a_fuzzy_word_finds_what_is_within_its_edits(terms, word, distance):
    found = segment_of(terms).fuzzy("exact", word, distance, 1000)

    assert found == passing(Fuzzy("text", word, distance), terms)


@given(words, st.text(LETTERS, max_size=3), st.integers(1, 5))
def test_terms_are_read_in_order_from_any_place(terms, start, count):
    segment = segment_of(terms)
    ordered = sorted(term.encode() for term in terms)
    begin = start.encode()

    assert segment.terms("exact", begin, count) == [t for t in ordered if t >= begin][:count]
    assert segment.prefixed("exact", begin) == [t for t in ordered if t.startswith(begin)]
