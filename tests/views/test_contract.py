"""The views, held to a plain count over paragraphs and alike over every engine."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

import searcher
from searcher.analysis import Analyzer
from searcher.query.evaluate import View, spans
from searcher.views.kwic import KWIC_SORTS
from searcher.views.periods import PERIODS, name_of, start_of
from tests.conftest import TODAY
from tests.contracts.test_engines import index_history
from tests.strategies import DAYS, histories, queries


@settings(max_examples=25)
@given(histories(), st.lists(queries(), min_size=2, max_size=5), st.data())
def test_views_are_the_same_over_either_engine(history, trees, data):
    by, sort = data.draw(st.sampled_from(PERIODS)), data.draw(st.sampled_from(KWIC_SORTS))
    filters = data.draw(
        st.sampled_from(
            ({}, {"since": DAYS[1]}, {"on": "*-04"}, {"scope": "article"}, {"desk": "world"})
        )
    )
    with TemporaryDirectory() as folder:
        index = index_history(Path(folder), history)
        with (
            searcher.open(index, today=TODAY) as local,
            searcher.open(index, today=TODAY, engine="scan") as scan,
        ):
            assert local.trend(*trees, by=by, **filters) == scan.trend(*trees, by=by, **filters)
            for tree in trees:
                how = {"sort": sort, "limit": 3, "width": 5, **filters}
                assert local.kwic(tree, **how) == scan.kwic(tree, **how)
                page = {"recency": 30, "limit": 5, **filters}
                assert local.search(tree, **page).hits == scan.search(tree, **page).hits
            for start in ("o", "pri", "zz"):
                assert local.suggest(start) == scan.suggest(start)
            assert local.near_words("talsk") == scan.near_words("talsk")


@settings(max_examples=25)
@given(histories(), queries(), st.sampled_from(PERIODS))
def test_a_trend_is_what_counting_paragraphs_one_by_one_gives(history, tree, by):
    with TemporaryDirectory() as folder:
        index = index_history(Path(folder), history)
        with searcher.open(index, today=TODAY) as archive:
            found = archive.trend(tree, by=by)
            page = archive.search(tree, limit=1000)
            hits = list(page)
    (series,) = found.series
    dated = [hit for hit in hits if hit.date]

    for row in series.rows:
        inside = [hit for hit in dated if name_of(start_of(hit.date, by), by) == row.period]
        assert row.paragraphs == len(inside)
        assert row.articles == len({hit.article for hit in inside})
        assert row.paragraphs <= row.total_paragraphs
        assert (row.share is None) == (row.total_articles == 0)
        assert 0 <= (row.share or 0) <= 1
    assert sum(row.paragraphs for row in series.rows) == series.paragraphs == len(dated)
    # Those that match without a date, and those that only a date in the query leaves out.
    assert series.undated == len(hits) - len(dated) + page.undated


@settings(max_examples=25)
@given(histories(), queries())
def test_a_concordance_has_a_line_for_every_span(history, tree):
    with TemporaryDirectory() as folder:
        index = index_history(Path(folder), history)
        with searcher.open(index, today=TODAY) as archive:
            found = archive.kwic(tree, limit=None, width=7)
            hits = {hit.id: hit for hit in archive.search(tree, limit=1000)}
    wanted = {
        (hit.id, span)
        for hit in hits.values()
        for span in spans(tree, View(hit.paragraph, Analyzer("en")))
    }

    assert {(line.id, (line.start_char, line.end_char)) for line in found.lines} == wanted
    assert found.total == len(found.lines) == len(wanted)
    assert (found.paragraphs, found.articles) == (
        len(hits),
        len({h.article for h in hits.values()}),
    )
    for line in found.lines:
        whole = line.left + line.keyword + line.right
        assert whole in hits[line.id].text
        assert len(line.left) <= 7 and len(line.right) <= 7
