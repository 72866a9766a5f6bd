"""The core's own columns, as Whoosh reads columns."""

from __future__ import annotations

from array import array
from functools import cached_property
from typing import TYPE_CHECKING, Any

from whoosh.columns import ColumnReader

if TYPE_CHECKING:
    from searcher._native import Segment


class CoreColumns:
    """The columns of numbers and of texts that a segment of searcher has.

    Args:
        core: the segment.
    """

    def __init__(self, core: Segment) -> None:
        self._core = core

    @cached_property
    def _numbers(self) -> frozenset[str]:
        return frozenset(self._core.number_columns())

    @cached_property
    def _texts(self) -> frozenset[str]:
        return frozenset(self._core.text_columns())

    def __contains__(self, name: str) -> bool:
        return name in self._numbers or name in self._texts

    def reader(self, name: str, column: Any) -> CoreColumnReader:
        """Return a reader of a column; the schema's `column` knows its default."""
        if name in self._numbers:
            numbers = array("I", self._core.numbers(name) or b"")
            return CoreColumnReader(numbers, numbers)
        texts = self._core.texts(name) or []
        encoded = {text: text.encode() for text in set(texts)}
        return CoreColumnReader([encoded[text] for text in texts], texts)


class CoreColumnReader(ColumnReader):  # type: ignore[misc]
    """Values of a column, one a document.

    Args:
        values: numbers, or texts in UTF-8, as Whoosh has them.
        loaded: the same as numbers or str (searcher.indexing.columns).
    """

    def __init__(self, values: Any, loaded: Any) -> None:
        super().__init__(None, 0, 0, len(values))
        self._values = values
        self._loaded = loaded
        self._is_reversed = False

    def __getitem__(self, docnum: int) -> Any:
        return self._values[docnum]

    def sort_key(self, docnum: int) -> Any:
        """Return what a document is sorted by."""
        value = self._values[docnum]
        return -value if self._is_reversed else value

    def set_reverse(self) -> None:
        """Sort descending.

        Raises:
            NotImplementedError: the column is of texts.
        """
        if isinstance(self._values, list):
            raise NotImplementedError("a column of texts can't be sorted in reverse")
        self._is_reversed = True

    def load(self) -> Any:
        """Return all values: array("I"), or list[str]."""
        return self._loaded[:]
