"""Trends: the periods, the totals and what is left out."""

from __future__ import annotations

from datetime import date

import pytest

import searcher
from searcher.errors import QueryError
from searcher.views import periods


@pytest.fixture
def archive(make_index):
    """Four articles over a turn of the year, one without a date."""
    return make_index(
        [
            {"id": "a", "date": "2025-12-29", "text": "Oil rose.\n\nOil fell.", "section": "Oil"},
            {"id": "b", "date": "2026-01-04", "text": "Gold rose."},
            {"id": "c", "date": "2026-03-01", "text": "Oil and gold.", "section": "Oil"},
            {"id": "d", "text": "Oil without a day."},
        ]
    )


def rows(trend):
    return [(r.period, r.query, r.articles, r.paragraphs, r.total_articles) for r in trend.rows]


def test_periods_without_a_hit_are_filled_with_zeros(archive):
    assert rows(archive.trend("oil", by="month")) == [
        ("2025-12", "oil", 1, 2, 1),
        ("2026-01", "oil", 0, 0, 1),
        ("2026-02", "oil", 0, 0, 0),
        ("2026-03", "oil", 1, 1, 1),
    ]


def test_every_query_has_the_periods_of_the_archive(archive):
    """Not its own: series of different lengths can't be compared."""
    assert rows(archive.trend("oil", "nosuch", by="year")) == [
        ("2025", "oil", 1, 2, 1),
        ("2025", "nosuch", 0, 0, 1),
        ("2026", "oil", 1, 1, 2),
        ("2026", "nosuch", 0, 0, 2),
    ]


def test_filters_bound_the_periods_and_the_totals(archive):
    found = archive.trend("oil", by="month", since="2025-11", until="2026-01-31", desk="Oil")

    assert rows(found) == [
        ("2025-11", "oil", 0, 0, 0),
        ("2025-12", "oil", 1, 2, 1),
        ("2026-01", "oil", 0, 0, 0),
    ]


def test_weeks_are_those_of_iso_8601(archive):
    """29 December 2025 and 4 January 2026 are of one week, and that of 2026."""
    assert rows(archive.trend("*", by="week"))[:2] == [
        ("2026-W01", "*", 2, 3, 2),
        ("2026-W02", "*", 0, 0, 0),
    ]
    assert periods.name_of(periods.start_of(date(2026, 2, 26), "week"), "week") == "2026-W09"


def test_the_undated_are_left_out_and_counted(archive):
    (series,) = archive.trend("oil").series
    (since,) = archive.trend("oil", since="2026").series

    assert (series.articles, series.paragraphs, series.undated) == (2, 3, 1)
    assert (since.articles, since.paragraphs, since.undated) == (1, 1, 1)


def test_a_share_of_nothing_is_none_and_of_something_0(archive):
    shares = [row.share for row in archive.trend("oil", by="month").rows]

    assert shares == [1.0, 0.0, None, 1.0]


def test_captions_are_in_the_totals_only_where_the_query_asks_for_them(make_index):
    """Else a query for captions would find more than there is."""
    archive = make_index([{"date": "2026-01-01", "text": "Oil.\n\nPhoto: Oil at sea."}])
    for query in ("oil", "oil kind:caption"):
        for row in archive.trend(query).rows:
            assert row.paragraphs <= row.total_paragraphs
            assert row.share <= 1


def test_no_dated_article_gives_no_row(make_index):
    (series,) = make_index("Oil.").trend("oil").series

    assert (series.rows, series.undated) == ((), 1)


def test_too_many_periods_are_an_error(archive):
    with pytest.raises(QueryError, match="longer period"):
        archive.trend("oil", by="day", since="0001-01-01")


def test_the_edges_of_the_calendar_are_days_like_others():
    assert list(periods.starts(date(9999, 11, 2), date.max, "month"))[-1] == date(9999, 12, 1)
    assert list(periods.starts(date.max, date.max, "year")) == [date(9999, 1, 1)]
    assert next(periods.starts(date.min, date(1, 1, 9), "week")) == date.min


def test_a_period_that_there_is_not_is_an_error(archive):
    with pytest.raises(QueryError, match="day, week, month, year"):
        archive.trend("oil", by="decade")


def test_totals_are_those_of_the_commit_that_is_searched(tmp_path):
    """They are kept from one trend to the next, but not over a refresh."""
    source, index = tmp_path / "a.jsonl", tmp_path / "index"
    line = '{"id": "%s", "date": "2026-01-01", "text": "Oil."}\n'
    source.write_text(line % "a", encoding="utf-8")
    searcher.index([source], index)
    with searcher.open(index) as archive:
        assert [row.total_articles for row in archive.trend("oil").rows] == [1]
        source.write_text(line % "a" + line % "b", encoding="utf-8")
        searcher.index([source], index, check_content=True)
        assert [row.total_articles for row in archive.trend("oil").rows] == [1]
        assert archive.refresh()
        assert [row.total_articles for row in archive.trend("oil").rows] == [2]
