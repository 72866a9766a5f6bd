"""How often something is written about, period by period, and out of how much.

    period   query  articles  paragraphs  total_articles  total_paragraphs  share
    1987-03  oil         318         911            9724             39022  0.0327

The totals are what the same filters leave without the query, so a share says
whether a subject grew or only the archive did.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from searcher.engines.histogram import Histogram
from searcher.errors import QueryError
from searcher.query.tree import Days, Query, conjuncts
from searcher.results import JSON_VERSION
from searcher.values import frozen
from searcher.views.periods import PERIODS, name_of, start_of, starts

COLUMNS = (
    "period",
    "query",
    "articles",
    "paragraphs",
    "total_articles",
    "total_paragraphs",
    "share",
)
"""The columns of the table, in order."""


@frozen
class TrendRow:
    """One query in one period.

    Attributes:
        period: `2026-02-25`, `2026-W09`, `2026-02` or `2026`.
        start: its first day.
        query: as given.
        articles, paragraphs: that match, exact.
        total_articles, total_paragraphs: that the filters leave, exact.
    """

    period: str
    start: date
    query: str
    articles: int
    paragraphs: int
    total_articles: int
    total_paragraphs: int

    @property
    def share(self) -> float | None:
        """Articles of all articles of the period, 0 to 1; None when there are none at all."""
        return self.articles / self.total_articles if self.total_articles else None

    def as_dict(self) -> dict[str, Any]:
        """Return the row under COLUMNS."""
        return {name: getattr(self, name) for name in COLUMNS}


@frozen
class Series:
    """One query over all periods.

    Attributes:
        query: as given.
        parsed: as it was read, fully bracketed.
        articles, paragraphs: that match and have a date, exact.
        undated: paragraphs left out because they have none, exact.
        rows: one for each period, in order.
    """

    query: str
    parsed: str
    articles: int
    paragraphs: int
    undated: int
    rows: tuple[TrendRow, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the series under the keys of docs/views.md."""
        names = ("query", "parsed", "articles", "paragraphs", "undated")
        return {name: getattr(self, name) for name in names}


@frozen
class Trend:
    """Queries over time, all in the same periods.

    Attributes:
        by: one of searcher.views.periods.PERIODS.
        series: one for each query, in the order given.
    """

    by: str
    series: tuple[Series, ...]

    @property
    def rows(self) -> tuple[TrendRow, ...]:
        """Every row, by period, the queries of one in the order given."""
        return tuple(
            row for rows in zip(*(s.rows for s in self.series), strict=True) for row in rows
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the trend under the keys of docs/views.md."""
        return {
            "version": JSON_VERSION,
            "by": self.by,
            "series": [series.as_dict() for series in self.series],
            "rows": [row.as_dict() for row in self.rows],
        }


@frozen
class Counted:
    """A query with its hits by day, and by day what it could have hit."""

    query: str
    parsed: str
    hits: Histogram
    totals: Histogram
    undated: int


def check_by(by: str) -> None:
    """Raise QueryError on a period that there isn't."""
    if by not in PERIODS:
        raise QueryError(f"no period {by!r}. Choose one of: {', '.join(PERIODS)}")


def trend(counted: Sequence[Counted], by: str, filters: Query) -> Trend:
    """Return the queries over time.

    The periods run from the first to the last that the filters name, or
    else that the archive has under them; those without a hit are rows too.

    Args:
        counted: the queries.
        by: one of PERIODS.
        filters: what narrows the queries, as a tree; its dates bound the periods.
    """
    check_by(by)
    edges = _edges((one.totals for one in counted), filters)
    periods = list(starts(*edges, by)) if edges else []
    return Trend(by, tuple(_series(one, by, periods) for one in counted))


def _edges(totals: Iterable[Histogram], filters: Query) -> tuple[date, date] | None:
    days = [count.day for histogram in totals for count in histogram if count.day]
    ranges = [part for part in conjuncts(filters) if isinstance(part, Days)]
    first = max((r.start for r in ranges if r.start), default=min(days, default=None))
    last = min((r.end for r in ranges if r.end), default=max(days, default=None))
    return (first, last) if first and last and first <= last else None


def _series(one: Counted, by: str, periods: Sequence[date]) -> Series:
    hits, totals = _by_period(one.hits, by), _by_period(one.totals, by)
    rows = tuple(
        TrendRow(name_of(start, by), start, one.query, *_at(hits, start), *_at(totals, start))
        for start in periods
    )
    articles, paragraphs = (sum(counts) for counts in zip((0, 0), *hits.values(), strict=True))
    return Series(one.query, one.parsed, articles, paragraphs, one.undated, rows)


def _at(counts: dict[date, tuple[int, int]], start: date) -> tuple[int, int]:
    return counts.get(start, (0, 0))


def _by_period(histogram: Histogram, by: str) -> dict[date, tuple[int, int]]:
    """Return articles and paragraphs by the first day of their period."""
    found: dict[date, tuple[int, int]] = {}
    for day, paragraphs, articles in histogram:
        if day is not None:
            start = start_of(day, by)
            before = _at(found, start)
            found[start] = before[0] + articles, before[1] + paragraphs
    return found
