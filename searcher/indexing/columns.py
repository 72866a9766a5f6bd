"""Columns that are read whole: one value a document, as an array or a list.

The bytes on disk are those of Whoosh's own NumericColumn and VarBytesColumn,
so stock Whoosh reads them too.  What differs is the speed of taking all values
at once: stock `load()` is one Python call a value, these are one copy.

    reader = open_index("index").reader()
    dates = column_array(reader, "date")        # array("I"), one item a docnum
    sections = column_array(reader, "section")  # list[str], one item a docnum

A document without a value has the default: 0, or the empty string.
"""

from __future__ import annotations

import sys
from array import array
from typing import Any

from whoosh.columns import NumericColumn, VarBytesColumn


def column_array(reader: Any, name: str) -> Any:
    """Return a column's values, one for each docnum of the reader, deleted ones too.

    Args:
        reader: a Whoosh reader of one segment or of many.
        name: of a field with a column (docs/index-format.md).

    Returns:
        array("I") of a number column, list[str] of a text column.
    """
    parts = [_segment_values(leaf, name) for leaf, _ in reader.leaf_readers()]
    if len(parts) == 1:
        return parts[0]
    values = reader.schema[name].column_type.empty()
    for part in parts:
        values.extend(part)
    return values


def _segment_values(reader: Any, name: str) -> Any:
    column = reader.schema[name].column_type
    if not reader.has_column(name):
        return column.empty(reader.doc_count_all())
    return column.whole(reader.column_reader(name, column=column, translate=False).load())


class NumberColumn(NumericColumn):  # type: ignore[misc]
    """Unsigned numbers, by default of 32 bits; a missing value is 0."""

    def __init__(self, typecode: str = "I") -> None:
        super().__init__(typecode, default=0)

    def empty(self, count: int = 0) -> array[int]:
        """Return the values of `count` documents that have none."""
        return array(self._typecode, bytes(array(self._typecode).itemsize * count))

    def whole(self, values: Any) -> array[int]:
        """Return the values that the reader of any codec loads, as an array."""
        return values if isinstance(values, array) else array(self._typecode, values)

    class Writer:
        """Keeps the values until the column is finished, then writes them at once."""

        def __init__(self, dbfile: Any, typecode: str, default: int) -> None:
            self._dbfile = dbfile
            self.values = array(typecode)

        def add(self, docnum: int, value: int) -> None:
            """Give a document its value; docnums rise, those passed over get 0."""
            self.fill(docnum)
            self.values.append(value)

        def fill(self, docnum: int) -> None:
            """Give 0 to all documents before this one that have no value yet."""
            missing = docnum - len(self.values)
            if missing > 0:
                self.values.frombytes(bytes(missing * self.values.itemsize))

        def finish(self, doccount: int) -> None:
            """Write the column, big-endian, without the zeros at its end."""
            self._dbfile.write(big_endian(self.values).tobytes())

    class Reader(NumericColumn.Reader):  # type: ignore[misc]
        """Reads one value, as stock does, or all of them at once."""

        def load(self) -> array[int]:
            """Return the value of every document."""
            values = array(self._typecode)
            values.frombytes(self._dbfile.get(self._basepos, self._count * values.itemsize))
            values = big_endian(values)
            values.frombytes(bytes((self._doccount - len(values)) * values.itemsize))
            return values


def big_endian(values: array[int]) -> array[int]:
    """Return the values with their bytes as they stand on disk, or back."""
    if sys.byteorder == "big" or values.itemsize == 1:
        return values
    swapped = values[:]
    swapped.byteswap()
    return swapped


class TextColumn(VarBytesColumn):  # type: ignore[misc]
    """Strings in UTF-8; a missing value is the empty string."""

    def empty(self, count: int = 0) -> list[str]:
        """Return the values of `count` documents that have none."""
        return [""] * count

    def whole(self, values: Any) -> list[str]:
        """Return the values that the reader of any codec loads, as strings; equal ones are one."""
        if not values or isinstance(values[0], str):
            return list(values)
        seen = {value: value.decode() for value in set(values)}
        return [seen[value] for value in values]

    class Reader(VarBytesColumn.Reader):  # type: ignore[misc]
        """Reads one value as bytes, as stock does, or all of them as strings."""

        def load(self) -> list[str]:
            """Return the value of every document; equal values are one object."""
            seen: dict[bytes, str] = {b"": ""}
            return [seen[v] if v in seen else seen.setdefault(v, v.decode()) for v in self]
