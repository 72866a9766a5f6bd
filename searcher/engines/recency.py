"""A score that fades with age, for readers who want what is new among what is good.

    score · (0.5 + 0.5 · 2 ** (-age / days))

A paragraph of today keeps its score, one `days` old three quarters of it, and
an old one half: age can bring down a hit to half, never hide it.  A paragraph
without a date counts as the oldest, one of the future as of today.

    >>> recency = Recency(30, date(2026, 2, 26))
    >>> recency.factor(date(2026, 2, 26)), recency.factor(date(2026, 1, 27)), recency.factor(None)
    (1.0, 0.75, 0.5)
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date

from searcher.engines.histogram import day_of_number
from searcher.values import frozen

FLOOR = 0.5
"""What an old paragraph keeps of its score."""


@frozen
class Recency:
    """How fast scores fade.

    Attributes:
        days: age at which half of what can fade is gone; over 0.
        today: the day of age 0.
    """

    days: float
    today: date

    def factor(self, day: date | None) -> float:
        """Return what a paragraph of that day keeps of its score, 0.5 to 1."""
        if day is None:
            return FLOOR
        age = max((self.today - day).days, 0)
        # 2 ** -1100 is 0 already; a greater exponent would be an error.
        return FLOOR + (1 - FLOOR) * math.pow(2.0, -min(age / self.days, 1100.0))


def faded(
    scores: Mapping[int, float], days: Sequence[int], recency: Recency | None
) -> Mapping[int, float]:
    """Return scores by docnum, faded by the days (yyyymmdd, 0 undated) of a column."""
    if recency is None:
        return scores
    factors = {number: recency.factor(day_of_number(number)) for number in set(days)}
    return {docnum: score * factors[days[docnum]] for docnum, score in scores.items()}
