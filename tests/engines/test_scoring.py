"""The score of a paragraph: against the formula by hand, and against Whoosh's own."""

from __future__ import annotations

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh.scoring import bm25 as whoosh_bm25

from searcher.engines.base import order_key
from searcher.engines.scoring import K1, B, Totals, bm25, bm25_each, idf, saturation

counts = st.integers(1, 1000)


def test_bm25_of_a_word_by_hand():
    """idf = ln(100/10) + 1; tf 2 in a paragraph of half the average length."""
    weight = idf(100, 9)
    assert weight == pytest.approx(log(10) + 1)
    assert bm25(weight, 2, 20, 40) == pytest.approx(weight * 4.4 / (2 + 1.2 * (0.25 + 0.375)))


@given(counts, counts, st.integers(1, 500), st.floats(1, 500))
def test_bm25_is_whooshs_formula_on_exact_lengths(df, tf, length, mean):
    weight = idf(df + 1000, df)
    assert bm25(weight, tf, length, mean) == pytest.approx(
        whoosh_bm25(weight, tf, length, mean, B, K1), rel=1e-12
    )


@given(st.lists(st.tuples(counts, counts)), st.floats(0.1, 20), st.floats(1, 500))
def test_scoring_many_gives_the_bits_of_scoring_each(pairs, weight, mean):
    each = bm25_each(weight, [tf for tf, _ in pairs], [n for _, n in pairs], mean)
    assert each == [bm25(weight, tf, length, mean) for tf, length in pairs]


@given(st.integers(1, 10**6), st.data())
def test_a_rarer_word_weighs_more_and_none_weighs_nothing(documents, data):
    df = data.draw(st.integers(0, documents))
    assert idf(documents, df) > 0
    assert df == 0 or idf(documents, df) < idf(documents, df - 1)


def test_more_occurrences_weigh_more_and_never_without_bound():
    assert bm25(1, 1, 10, 10) < bm25(1, 2, 10, 10) < bm25(1, 1000, 10, 10) < K1 + 1
    assert saturation(1, 0) == 0 < saturation(1, 1) < saturation(1, 2) < K1 + 1


def test_an_empty_archive_has_a_mean_length():
    assert Totals(0, 0).mean_length == 1


def test_undated_hits_come_last_in_either_order_of_dates():
    for sort in ("newest", "oldest"):
        assert order_key(sort, 1, None, "a", 1) > order_key(sort, 1, _day("2026-01-01"), "a", 1)


def _day(text):
    from datetime import date

    return date.fromisoformat(text)
