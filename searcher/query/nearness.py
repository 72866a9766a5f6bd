"""Nearness: which occurrences of two operands stand near each other in a text.

An occurrence is the positions of its words; its stretch goes from its first to
its last.  How far two are from each other is the number of words between the
nearest ends of their stretches, 0 where one stretch reaches into the other.  A
word can't be near itself: occurrences that share a position make no pair.

Each occurrence makes a pair with the nearest one of the other operand, if that
is within the distance; of two equally near the earlier one.  So every word
that stands near enough is in a pair, and pairs are never more than the words.

    >>> pairs([(0,), (9,)], [(2,), (4,)], distance=5)
    [(0, 2), (0, 4), (4, 9)]
    >>> pairs([(0,), (9,)], [(2,), (4,)], distance=5, ordered=True)
    [(0, 2), (0, 4)]
    >>> alone([(0,), (9,)], [(2,), (4,)], distance=3)
    [(9,)]
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence

Occurrence = tuple[int, ...]
"""The token positions of one occurrence in order: one of a word, several of a phrase."""


def pairs(
    left: Sequence[Occurrence],
    right: Sequence[Occurrence],
    distance: int,
    ordered: bool = False,
    check_time: Callable[[], None] | None = None,
) -> list[Occurrence]:
    """Return the pairs of near occurrences, each as the positions of both, in order.

    Args:
        left, right: occurrences of the operands, in order.
        distance: words that may stand between a pair's nearest ends.
        ordered: whether the right one has to start behind the left one's end.
        check_time: called for each occurrence; raises when it took too long.
    """
    behind = _Near(right, distance, 1 if ordered else 0, check_time)
    before = _Near(left, distance, -1 if ordered else 0, check_time)
    found = {tuple(sorted((*one, *other))) for one in left if (other := behind.nearest(one))}
    found.update(tuple(sorted((*one, *other))) for one in right if (other := before.nearest(one)))
    return sorted(found)


def alone(
    left: Sequence[Occurrence],
    right: Sequence[Occurrence],
    distance: int,
    ordered: bool = False,
    check_time: Callable[[], None] | None = None,
) -> list[Occurrence]:
    """Return the occurrences of the left operand that have none of the right one near."""
    near = _Near(right, distance, 1 if ordered else 0, check_time)
    return [one for one in left if not near.nearest(one)]


class _Near:
    """Occurrences of one operand, to be asked for the one nearest to another.

    Args:
        occurrences: in order.
        distance: how far it may be.
        side: 1 to look only behind, -1 only before, 0 at both sides and inside.
        check_time: called each time.
    """

    def __init__(
        self,
        occurrences: Sequence[Occurrence],
        distance: int,
        side: int,
        check_time: Callable[[], None] | None,
    ) -> None:
        self._check_time = check_time
        self._distance = distance
        self._side = side
        self._by_first = sorted(occurrences)
        self._firsts = [one[0] for one in self._by_first]
        self._by_last = sorted(self._by_first, key=lambda one: (one[-1], -one[0]))
        self._lasts = [one[-1] for one in self._by_last]
        self._longest = max((one[-1] - one[0] for one in occurrences), default=0)

    def nearest(self, one: Occurrence) -> Occurrence | None:
        """Return the nearest occurrence, the earlier of two; None when all are too far."""
        if self._check_time:
            self._check_time()
        best = min(((self._gap(one, other), other) for other in self._around(one)), default=None)
        return best[1] if best and best[0] <= self._distance else None

    def _gap(self, one: Occurrence, other: Occurrence) -> int:
        return max(other[0] - one[-1], one[0] - other[-1], 1) - 1

    def _around(self, one: Occurrence) -> Iterator[Occurrence]:
        if self._side >= 0:
            after = bisect_right(self._firsts, one[-1])
            yield from self._by_first[after : after + 1]
        if self._side <= 0:
            before = bisect_left(self._lasts, one[0])
            yield from self._by_last[max(before - 1, 0) : before]
        if self._side == 0:
            yield from self._inside(one)

    def _inside(self, one: Occurrence) -> Iterable[Occurrence]:
        """Yield those whose stretch reaches into this one's, without a word in common."""
        start = bisect_left(self._firsts, one[0] - self._longest)
        end = bisect_right(self._firsts, one[-1])
        for other in self._by_first[start:end]:
            if other[-1] >= one[0] and not set(other) & set(one):
                yield other
