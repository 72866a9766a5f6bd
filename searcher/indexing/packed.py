"""Mappings that take little memory: a million files, or articles, beside the rest of a run.

A dictionary of strings takes some hundred bytes for each, before it holds
anything.  Here the slots are plain numbers, and keys and values are bytes in
one buffer.

    >>> words = Packed()
    >>> words["dam"] = b"river"
    >>> words["dam"], len(words), "oil" in words
    (b'river', 1, False)
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, MutableMapping
from struct import Struct

_EMPTY, _GONE = 0, 1
"""What stands in a slot that holds no value; values are stored two higher."""

_MASK = (1 << 64) - 1
_LENGTHS = Struct("=II")
_LEAST_DEAD = 1 << 20
"""Bytes that may be lost before the buffer is written anew."""


class Slots:
    """Numbers by the hash of a key; several may have one hash, so the caller looks which it is.

    Sixteen bytes a slot, and between two fifths and four fifths of them are in use.

    >>> slots = Slots()
    >>> slots.add(hash("dam"), 7)
    >>> list(slots.find(hash("dam")))
    [7]
    """

    def __init__(self) -> None:
        self._make(8)
        self._used = 0

    def _make(self, count: int) -> None:
        self._hashes = array("Q", bytes(8 * count))
        self._values = array("Q", bytes(8 * count))
        self._last = count - 1

    def find(self, key: int) -> Iterator[int]:
        """Yield the numbers of a hash."""
        key &= _MASK
        hashes, values, last = self._hashes, self._values, self._last
        at = key & last
        while value := values[at]:
            if value != _GONE and hashes[at] == key:
                yield value - 2
            at = (at + 1) & last

    def add(self, key: int, number: int) -> None:
        """Add a number to those of a hash."""
        if 5 * self._used >= 4 * self._last:
            self._grow()
        self._put(key & _MASK, number + 2)

    def _put(self, key: int, value: int) -> None:
        values, last = self._values, self._last
        at = key & last
        while values[at]:
            at = (at + 1) & last
        self._hashes[at], values[at] = key, value
        self._used += 1

    def remove(self, key: int, number: int) -> None:
        """Take away a number that a hash has."""
        key &= _MASK
        at = key & self._last
        while self._values[at] != number + 2 or self._hashes[at] != key:
            at = (at + 1) & self._last
        self._values[at] = _GONE

    def _grow(self) -> None:
        hashes, values = self._hashes, self._values
        live = sum(value > _GONE for value in values)
        self._make(len(values) * (2 if 5 * live > 2 * len(values) else 1))
        self._used = 0
        for key, value in zip(hashes, values, strict=True):
            if value > _GONE:
                self._put(key, value)


class Packed(MutableMapping[str, bytes]):
    """Strings to bytes.

    A key has a row, a number that stays while the key does; `row` and `key`
    go from one to the other.
    """

    def __init__(self) -> None:
        self._slots = Slots()
        self._places = array("q")
        self._buffer = bytearray()
        self._count = 0
        self._dead = 0

    def row(self, key: str) -> int | None:
        """Return the row of a key; None when it isn't there."""
        name = _bytes(key)
        for row in self._slots.find(hash(key)):
            start, middle, _ = self._bounds(row)
            if middle - start == len(name) and self._buffer[start:middle] == name:
                return row
        return None

    def key(self, row: int) -> str:
        """Return the key of a row."""
        start, middle, _ = self._bounds(row)
        return self._buffer[start:middle].decode("utf-8", "surrogatepass")

    def _bounds(self, row: int) -> tuple[int, int, int]:
        """Return where a row's key begins, where its value does, and where that ends."""
        start = self._places[row]
        key, value = _LENGTHS.unpack_from(self._buffer, start)
        start += _LENGTHS.size
        return start, start + key, start + key + value

    def __getitem__(self, key: str) -> bytes:
        row = self.row(key)
        if row is None:
            raise KeyError(key)
        _, middle, end = self._bounds(row)
        return bytes(self._buffer[middle:end])

    def __setitem__(self, key: str, value: bytes) -> None:
        row = self.row(key)
        if row is None:
            row = len(self._places)
            self._places.append(0)
            self._slots.add(hash(key), row)
            self._count += 1
        else:
            self._lose(row)
        name = _bytes(key)
        self._places[row] = len(self._buffer)
        self._buffer += _LENGTHS.pack(len(name), len(value)) + name + value

    def __delitem__(self, key: str) -> None:
        row = self.row(key)
        if row is None:
            raise KeyError(key)
        self._lose(row)
        self._places[row] = -1
        self._slots.remove(hash(key), row)
        self._count -= 1

    def _lose(self, row: int) -> None:
        """Give up the bytes of a row, and write the buffer anew when half of it is lost."""
        start, _, end = self._bounds(row)
        self._dead += end - start + _LENGTHS.size
        self._places[row] = -1
        if self._dead > max(_LEAST_DEAD, len(self._buffer) // 2):
            self._pack()

    def _pack(self) -> None:
        old, self._buffer, self._dead = self._buffer, bytearray(), 0
        for row, place in enumerate(self._places):
            if place >= 0:
                end = place + _LENGTHS.size + sum(_LENGTHS.unpack_from(old, place))
                self._places[row] = len(self._buffer)
                self._buffer += old[place:end]

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.row(key) is not None

    def __iter__(self) -> Iterator[str]:
        return (self.key(row) for row, place in enumerate(self._places) if place >= 0)

    def __len__(self) -> int:
        return self._count


def _bytes(key: str) -> bytes:
    return key.encode("utf-8", "surrogatepass")
