"""Days, weeks, months and years: what a trend counts by.

A period is known by its first day and called as ISO 8601 has it.  A week
starts on Monday and belongs to the year of its Thursday.

    >>> start = start_of(date(2027, 1, 1), "week")
    >>> start, name_of(start, "week")
    (datetime.date(2026, 12, 28), '2026-W53')
    >>> [name_of(start, "month") for start in starts(date(2026, 11, 5), date(2027, 1, 1), "month")]
    ['2026-11', '2026-12', '2027-01']
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from searcher.errors import QueryError

PERIODS = ("day", "week", "month", "year")

MOST = 20_000
"""Periods of one trend: 54 years of days."""


def start_of(day: date, by: str) -> date:
    """Return the first day of the period that holds a day."""
    if by == "week":
        return day - timedelta(days=day.weekday())
    if by == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if by == "year" else day


def name_of(start: date, by: str) -> str:
    """Return what a period is called: `2026-02-25`, `2026-W09`, `2026-02`, `2026`."""
    if by == "week":
        year, week, _ = start.isocalendar()
        return f"{year:04}-W{week:02}"
    return start.isoformat()[: {"year": 4, "month": 7}.get(by, 10)]


def starts(first: date, last: date, by: str) -> Iterator[date]:
    """Yield the first day of every period from that of one day to that of another.

    Raises:
        QueryError: there are more than MOST.
    """
    start, end = start_of(first, by), start_of(last, by)
    if _count(start, end, by) > MOST:
        problem = f"from {first} to {last} there are more than {MOST} {by}s"
        raise QueryError(
            f"{problem}. Take a longer period, or a shorter range with since and until"
        )
    while start < end:
        yield start
        start = _next(start, by)
    if start == end:
        yield end


def _count(start: date, end: date, by: str) -> int:
    return (end - start).days // {"day": 1, "week": 7, "month": 28, "year": 365}[by] + 1


def _next(start: date, by: str) -> date:
    if by == "month":
        return (start + timedelta(days=31)).replace(day=1)
    if by == "year":
        return start.replace(year=start.year + 1)
    return start + timedelta(days=7 if by == "week" else 1)
