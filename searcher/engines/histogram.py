"""Hits by day: how many paragraphs, and articles with one, without reading any of them.

An article has one date, so its paragraphs all stand on one day, and articles
of a month are the sum of those of its days.

    >>> day_counts([([0, 1, 4], [20260225, 20260225, 0, 0, 20260226], [7, 7, 7, 8, 9])])
    ... # doctest: +NORMALIZE_WHITESPACE
    (DayCount(day=datetime.date(2026, 2, 25), paragraphs=2, articles=1),
     DayCount(day=datetime.date(2026, 2, 26), paragraphs=1, articles=1))
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from searcher.model import Paragraph

Part = tuple[Collection[int], Sequence[int], Sequence[int]]
"""Docnums of one segment that match, and its columns of days (yyyymmdd) and article numbers."""


class DayCount(NamedTuple):
    """The hits of one day.

    Attributes:
        day: the day; None for paragraphs without a date.
        paragraphs: that match, exact.
        articles: that hold them, exact.
    """

    day: date | None
    paragraphs: int
    articles: int


Histogram = tuple[DayCount, ...]
"""Days with a hit, in order, the undated last."""


def day_counts(parts: Iterable[Part]) -> Histogram:
    """Return the hits by day from the columns of an index's segments."""
    paragraphs: Counter[int] = Counter()
    day_of: dict[int, int] = {}
    for docs, days, articles in parts:
        found = [days[docnum] for docnum in docs]
        paragraphs.update(found)
        day_of.update(zip(map(articles.__getitem__, docs), found, strict=True))
    return _histogram({day_of_number(d): n for d, n in paragraphs.items()}, _by_day(day_of))


def _by_day(day_of: dict[int, int]) -> Counter[date | None]:
    counts = Counter(day_of.values())
    return Counter({day_of_number(number): count for number, count in counts.items()})


def day_counts_of(paragraphs: Iterable[Paragraph]) -> Histogram:
    """Return the hits by day from the paragraphs themselves."""
    found = [(paragraph.date, paragraph.article) for paragraph in paragraphs]
    return _histogram(Counter(day for day, _ in found), Counter(day for day, _ in set(found)))


def _histogram(paragraphs: dict[date | None, int], articles: Counter[date | None]) -> Histogram:
    days = sorted(paragraphs, key=lambda day: day or date.max)
    undated = [None] if None in paragraphs else []
    dated = [day for day in days if day is not None]
    return tuple(DayCount(day, paragraphs[day], articles[day]) for day in [*dated, *undated])


def day_of_number(number: int) -> date | None:
    """Return the day of a yyyymmdd number; None for 0."""
    return date(number // 10000, number // 100 % 100, number % 100) if number else None
