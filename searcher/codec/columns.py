"""The core's own columns, as Whoosh reads columns.

A column of keys (several numbers a document, and documents found by number)
is kept as terms, in a field whose name Whoosh doesn't know: KEYS and the name
of the column.
"""

from __future__ import annotations

from array import array
from functools import cached_property
from typing import TYPE_CHECKING, Any

from whoosh.columns import ColumnReader

if TYPE_CHECKING:
    from searcher._native import Segment


KEYS = "."
"""What the field of a column of keys begins with; no field of a schema does."""

KEY_BYTES = 6
"""Length of the term that a key is, big-endian."""

ALL_TERMS = 1 << 30


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
        return name in self._numbers or name in self._texts or name in self._keys

    @cached_property
    def _keys(self) -> frozenset[str]:
        fields = (name for name, _, _ in self._core.fields() if name.startswith(KEYS))
        return frozenset(f.removeprefix(KEYS) for f in fields if self._core.term_count(f))

    def reader(self, name: str, column: Any) -> ColumnReader:
        """Return a reader of a column; the schema's `column` knows its default."""
        if name in self._keys:
            return KeyColumnReader(self._core, KEYS + name)
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


class KeyColumnReader(ColumnReader):  # type: ignore[misc]
    """Keys of a document, and documents of a key.

    Args:
        core: the segment.
        field: whose terms the keys are.
    """

    def __init__(self, core: Segment, field: str) -> None:
        super().__init__(None, 0, 0, core.doc_count)
        self._core = core
        self._field = field

    def __getitem__(self, docnum: int) -> tuple[int, ...]:
        return self._loaded[docnum]

    def holders(self, key: int) -> list[int]:
        """Return the documents that have a key, deleted ones too, in order."""
        return list(array("I", self._core.docs(self._field, key_term(key))))

    def load(self) -> list[tuple[int, ...]]:
        """Return the keys of every document."""
        return self._loaded[:]

    @cached_property
    def _loaded(self) -> list[tuple[int, ...]]:
        found: list[tuple[int, ...]] = [()] * self._core.doc_count
        for term in self._core.terms(self._field, b"", ALL_TERMS):
            for docnum in array("I", self._core.docs(self._field, term)):
                found[docnum] += (int.from_bytes(term, "big"),)
        return found


def key_term(key: int) -> bytes:
    """Return the term that a key is kept as."""
    return key.to_bytes(KEY_BYTES, "big")
