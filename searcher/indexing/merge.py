"""Which segments a commit merges.

Each commit adds a segment, and every query looks into each of them, so they
must not pile up; yet merging rewrites them, so a big one must not be touched
because one article changed.  Up to LIMIT segments nothing is merged.  Beyond,
the group of GROUP neighbours in size that is most even is merged, the smallest
such: a paragraph is then rewritten about log(n) times in its life.  What a
commit may rewrite is bounded by what it adds, and the bound doubles with every
segment in excess.

    >>> choose([100_000, 10, 10, 10], new=10)
    []
    >>> choose([100_000, *[10] * 10], new=10)
    [1, 2, 3, 4]

The last commit of a run merges the smallest segments that together hold no
more than the run added: so a first run leaves one, which is searched twice as
quickly as seven, for a tenth more time.

    >>> gathered([20_000, 100_000, 20_000], added=60_000)
    [0, 2]

While it merges, a run holds the columns and the lengths of all the documents
that the new segment will have, so these have a bound.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any, TypeAlias

LIMIT = 10
GROUP = 5
ALWAYS = 4_000
"""Paragraphs that any commit may rewrite; about a second's work."""

DELETED_SHARE = 0.30
"""A segment with more deleted documents than this is rewritten."""

DOCUMENT_BYTES = 100
"""Memory that a merge takes for each document, about."""

UNBOUNDED = 1 << 40

MergeType: TypeAlias = Callable[[Any, list[Any]], list[Any]]


def choose(sizes: Sequence[int], new: int, most: int = UNBOUNDED) -> list[int]:
    """Return the indices of the segments to merge with the new one.

    Args:
        sizes: live documents of each segment.
        new: documents of the segment that the commit adds.
        most: documents that a merged segment may have.
    """
    excess = len(sizes) + 1 - LIMIT
    if excess <= 0:
        return []
    by_size = sorted(range(len(sizes)), key=lambda i: sizes[i])
    width = GROUP - 1
    groups = [by_size[at : at + width] for at in range(len(by_size) - width + 1)]
    allowed = min(max(ALWAYS, 8 * new) << min(excess - 1, 20), most - new)
    fitting = [group for group in groups if sum(sizes[i] for i in group) <= allowed]
    return min(fitting, key=lambda group: _unevenness(group, sizes, new), default=[])


def gathered(sizes: Sequence[int], added: int, most: int = UNBOUNDED) -> list[int]:
    """Return the indices of the segments that the end of a run merges.

    Args:
        sizes: live documents of each segment.
        added: documents that the run added, records too.
        most: documents that they may have together.
    """
    by_size = sorted(range(len(sizes)), key=lambda i: sizes[i])
    sums = accumulate(sizes[i] for i in by_size)
    return sorted(i for i, total in zip(by_size, sums, strict=True) if total <= min(added, most))


def _unevenness(group: list[int], sizes: Sequence[int], new: int) -> tuple[float, int]:
    members = [new, *(sizes[i] for i in group)]
    total = sum(members)
    return round(max(members) / (total or 1), 1), total


def tiered(*, last: bool, added: int = 0, limit_bytes: int | None = None) -> MergeType:
    """Return the merge policy of a commit, in the shape that Whoosh's `commit` takes.

    The writer has to have `add_segment`.

    Args:
        last: of its run; then segments with many deleted documents go too.
        added: documents that the whole run added.
        limit_bytes: memory that a merge may take, about; None for any.
    """
    most = UNBOUNDED if limit_bytes is None else limit_bytes // DOCUMENT_BYTES

    def policy(writer: Any, segments: list[Any]) -> list[Any]:
        sizes = [s.doc_count() for s in segments]
        new = writer.doc_count()
        chosen = set(choose(sizes, new, most))
        if last:
            several = set(gathered(sizes, added, most - new))
            fits = new + sum(sizes[i] for i in chosen | several) <= most
            chosen = chosen | several if fits else several
        chosen |= {i for i, s in enumerate(segments) if not s.doc_count() or (last and _wastes(s))}
        for i in sorted(chosen):
            if segments[i].doc_count():
                writer.add_segment(segments[i])
        return [s for i, s in enumerate(segments) if i not in chosen]

    return policy


def _wastes(segment: Any) -> bool:
    return bool(segment.deleted_count() > DELETED_SHARE * segment.doc_count_all())


def drop_all(writer: Any, segments: list[Any]) -> list[Any]:
    """Keep no old segment: the merge policy of a rebuild."""
    return []
