"""The postings of a term, as Whoosh steps through them.

A block is 128 postings; its documents and weights are read at once, its values
when they are asked for.  What Whoosh's optimisations ask of a block (its last
document, its greatest weight, its least length) is exact.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from whoosh.formats import Format
from whoosh.matching import LeafMatcher, ReadTooFar

from searcher.codec.lengths import rounded

if TYPE_CHECKING:
    from searcher._native import Segment

_NOTHING = 0, 0, 0.0, 0, 0
"""Bounds behind the last block, which Whoosh asks for too."""


class PostingMatcher(LeafMatcher):  # type: ignore[misc]
    """The documents that hold a term, ascending, deleted ones too.

    Args:
        core: the segment.
        term: (field, term); some document holds it.
        format_: that postings are kept in.
        wanted: the field's own format, which may say more than what is kept.
        scorer: of Whoosh; None to go without scores.
    """

    def __init__(
        self,
        core: Segment,
        term: tuple[str, bytes],
        format_: Format,
        wanted: Format,
        scorer: Any = None,
    ) -> None:
        self._core = core
        self._term = term
        self.format = format_
        self._wanted = wanted
        self.scorer = scorer
        self.reset()

    def reset(self) -> None:
        """Go back to the first posting."""
        self._ids = array("I")
        self._go(0)

    def copy(self) -> PostingMatcher:
        """Return a matcher that stands at the same posting."""
        other = PostingMatcher(self._core, self._term, self.format, self._wanted, self.scorer)
        other._go(self._number)
        other._i = self._i
        return other

    def _go(self, number: int) -> None:
        block = self._core.block(*self._term, number)
        docs, weights = block or (b"", b"")
        self._number = number
        self._i = 0
        self._last = self._ids[-1] if self._ids else 0
        self._ids = array("I", docs)
        self._weights = array("f", weights)
        self._values: list[bytes] | None = None
        self._bounds: tuple[int, int, float, int, int] | None = None if docs else _NOTHING

    def is_active(self) -> bool:
        """Tell whether there is a current posting."""
        return self._i < len(self._ids)

    def id(self) -> int:
        """Return the current document."""
        return self._ids[self._i]

    def weight(self) -> float:
        """Return the weight of the current posting."""
        return self._weights[self._i]

    def value(self) -> bytes:
        """Return the value of the current posting, in the field's own format.

        Raises:
            ValueError: the segment keeps less than that format says.
        """
        if self.format is not self._wanted:
            kept, wanted = type(self.format).__name__, type(self._wanted).__name__
            name, _ = self._term
            raise ValueError(
                f"field {name!r}: expected values of {wanted}, the segment keeps {kept}. "
                "Merge segments of searcher with: searcher index"
            )
        return self._value()

    def _value(self) -> bytes:
        if self._values is None:
            self._values = self._core.values(*self._term, self._number)
        return self._values[self._i]

    def value_as(self, astype: str) -> Any:
        """Return what the current posting says: its frequency, positions…"""
        return self.format.decode_as(astype, self._value())

    def items_as(self, astype: str) -> Iterator[tuple[int, Any]]:
        """Yield the rest of the documents, each with what its posting says."""
        while self.is_active():
            yield self.id(), self.value_as(astype)
            self.next()

    def all_ids(self) -> Iterator[int]:
        """Yield the rest of the documents."""
        while self.is_active():
            yield from self._ids[self._i :]
            self._go(self._number + 1)

    def next(self) -> bool:
        """Go to the next posting; True when that is in another block, or there is none.

        Raises:
            ReadTooFar: there is no current posting.
        """
        if self._i >= len(self._ids):
            raise ReadTooFar
        self._i += 1
        if self._i < len(self._ids):
            return False
        self._go(self._number + 1)
        return True

    def skip_to(self, id: int) -> None:
        """Go to the first document that isn't before one.

        Raises:
            ReadTooFar: there is no current posting.
        """
        if not self.is_active():
            raise ReadTooFar
        if self._ids[-1] < id:
            self._go(self._core.find_block(*self._term, self._number + 1, id))
        self._i = bisect_left(self._ids, id, self._i)

    def skip_to_quality(self, minquality: float) -> int:
        """Go to the next block with a better quality; return how many were passed over."""
        skipped = 0
        while self.is_active() and self.block_quality() <= minquality:
            self._go(self._number + 1)
            skipped += 1
        return skipped

    def block_min_id(self) -> int:
        """Return the first document of the block."""
        return self._ids[0]

    def block_max_id(self) -> int:
        """Return the last document of the block."""
        return self._ids[-1] if self._ids else self._last

    def block_min_length(self) -> int:
        """Return the least length of a document of the block, in the term's field."""
        return rounded(self._block()[3])

    def block_max_length(self) -> int:
        """Return the most length of a document of the block, in the term's field."""
        return rounded(self._block()[4])

    def block_max_weight(self) -> float:
        """Return the greatest weight in the block."""
        return self._block()[2]

    def _block(self) -> tuple[int, int, float, int, int]:
        if self._bounds is None:
            self._bounds = self._core.block_bounds(*self._term, self._number)
        return self._bounds or _NOTHING
