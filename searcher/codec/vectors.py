"""Term vectors: which terms a document holds, each with its weight and value.

    Vectors = count:u32 Place{count} Vector{count}
    Place   = docnum:u32 start:u64
    Vector  = terms:u32 Term{terms}
    Term    = length:u32 utf8 weight:f32 length:u32 bytes

Little-endian; docnums ascend, `start` counts from the first Vector.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import Any

from whoosh.matching import LeafMatcher, ReadTooFar

_COUNT = struct.Struct("<I")
_PLACE = struct.Struct("<IQ")
_WEIGHT = struct.Struct("<f")

Item = tuple[str, float, bytes]
"""(term, weight, value)"""


class VectorsWriter:
    """Gathers the vectors of a field."""

    def __init__(self) -> None:
        self._places = bytearray()
        self._content = bytearray()

    def add(self, docnum: int, items: Iterable[Item]) -> None:
        """Add the vector of a document; documents come in order."""
        items = list(items)
        self._places += _PLACE.pack(docnum, len(self._content))
        self._content += _COUNT.pack(len(items))
        for term, weight, value in items:
            self._content += _counted(term.encode("utf-8", "surrogatepass"))
            self._content += _WEIGHT.pack(weight)
            self._content += _counted(value or b"")

    def content(self) -> bytes:
        """Return the section."""
        count = _COUNT.pack(len(self._places) // _PLACE.size)
        return bytes(count + self._places + self._content)


def _counted(content: bytes) -> bytes:
    return _COUNT.pack(len(content)) + content


class VectorsReader:
    """The vectors of a field, read from its section."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        (count,) = _COUNT.unpack_from(content)
        self._base = _COUNT.size + count * _PLACE.size
        places = _PLACE.iter_unpack(content[_COUNT.size : self._base])
        self._starts = dict(places)

    def __contains__(self, docnum: object) -> bool:
        return docnum in self._starts

    def items(self, docnum: int) -> Iterator[Item]:
        """Yield the terms of a document's vector, in order."""
        at = self._base + self._starts[docnum]
        (count,) = _COUNT.unpack_from(self._content, at)
        at += _COUNT.size
        for _ in range(count):
            term, at = self._read(at)
            (weight,) = _WEIGHT.unpack_from(self._content, at)
            value, at = self._read(at + _WEIGHT.size)
            yield term.decode("utf-8", "surrogatepass"), weight, value

    def _read(self, at: int) -> tuple[bytes, int]:
        (length,) = _COUNT.unpack_from(self._content, at)
        start = at + _COUNT.size
        return self._content[start : start + length], start + length


class VectorMatcher(LeafMatcher):  # type: ignore[misc]
    """The terms of a vector, as Whoosh steps through them; `id()` is the term.

    Args:
        items: the vector.
        format_: of the vector.
    """

    def __init__(self, items: Iterable[Item], format_: Any) -> None:
        self.format = format_
        self.scorer = None
        self._term = None
        self._items = list(items)
        self._i = 0

    def is_active(self) -> bool:
        """Tell whether there is a current term."""
        return self._i < len(self._items)

    def reset(self) -> None:
        """Go back to the first term."""
        self._i = 0

    def copy(self) -> VectorMatcher:
        """Return a matcher that stands at the same term."""
        other = VectorMatcher(self._items, self.format)
        other._i = self._i
        return other

    def id(self) -> str:
        """Return the current term."""
        return self._items[self._i][0]

    def weight(self) -> float:
        """Return the weight of the current term."""
        return self._items[self._i][1]

    def value(self) -> bytes:
        """Return the value of the current term, in the vector's format."""
        return self._items[self._i][2]

    def next(self) -> bool:
        """Go to the next term; True when there is none."""
        if not self.is_active():
            raise ReadTooFar
        self._i += 1
        return not self.is_active()

    def skip_to(self, id: str) -> None:
        """Go to the first term that isn't before one."""
        while self.is_active() and self.id() < id:
            self._i += 1
