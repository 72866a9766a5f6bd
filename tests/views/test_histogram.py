"""The counts by day, the fading scores and the run through all hits: alike in every engine."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from searcher.engines.base import SORTS
from searcher.engines.local import open_engine
from searcher.engines.recency import Recency
from searcher.engines.scan import ScanEngine
from tests.contracts.test_engines import LIMITS, answers, index_history
from tests.strategies import histories, queries

recencies = st.none() | st.builds(
    Recency, st.sampled_from((0.001, 1, 30, 400.5)), st.dates(date(2024, 1, 1), date(2027, 1, 1))
)


def hits(engine, tree, **how):
    return [(hit.paragraph, hit.score) for hit in engine.each(tree, limits=LIMITS, **how)]


@settings(max_examples=40)
@given(histories(), st.lists(queries(), min_size=5, max_size=12), st.data())
def test_the_local_engine_counts_fades_and_streams_as_a_scan_does(history, trees, data):
    with (
        TemporaryDirectory() as folder,
        closing(open_engine(str(index_history(Path(folder), history)))) as local,
    ):
        scan = ScanEngine(local.paragraphs())
        for tree in trees:
            assert local.histogram(tree, LIMITS) == scan.histogram(tree, LIMITS), tree
            how = {"sort": data.draw(st.sampled_from(SORTS)), "recency": data.draw(recencies)}
            assert hits(local, tree, **how) == hits(scan, tree, **how), tree
            page = {**how, "offset": data.draw(st.integers(0, 3)), "limit": 2}
            page["by_article"] = data.draw(st.booleans())
            assert found(local, tree, **page) == found(scan, tree, **page), tree


def found(engine, tree, **page):
    answer = engine.search(tree, limits=LIMITS, **page)
    groups = [[(hit.paragraph, hit.score) for hit in group] for group in answer.groups]
    return answer.total, answer.articles, groups


@settings(max_examples=25)
@given(histories(), queries())
def test_the_days_add_up_to_what_a_search_counts(history, tree):
    with (
        TemporaryDirectory() as folder,
        closing(open_engine(str(index_history(Path(folder), history)))) as local,
    ):
        days = local.histogram(tree, LIMITS)
        total, articles, _ = answers(local, tree)

        assert sum(day.paragraphs for day in days) == total
        assert sum(day.articles for day in days) == articles
        assert [day.day for day in days if day.day] == sorted(d.day for d in days if d.day)


def test_a_paragraph_of_tomorrow_is_as_new_as_one_of_today():
    recency = Recency(30, date(2026, 2, 26))

    assert recency.factor(date(2030, 1, 1)) == recency.factor(date(2026, 2, 26)) == 1.0


def test_an_old_paragraph_keeps_half_of_its_score_and_an_undated_one_too():
    recency = Recency(0.5, date(2026, 2, 26))

    assert recency.factor(date(1, 1, 1)) == recency.factor(None) == 0.5
