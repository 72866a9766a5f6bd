r"""A column of several numbers a document that finds documents by number, too.

    Column = (key:u64){n} (docnum:u32){n} (place:u32){n}

Big-endian.  Keys rise, each with the docnum of its document; the places are
those of the keys in the order of their documents.  So both ways are a binary
search, and little is read: 16 bytes a key on disk, where a term of its own
takes well over a hundred.

    >>> from whoosh.filedb.filestore import RamStorage
    >>> storage, column = RamStorage(), KeyColumn()
    >>> with storage.create_file("c") as file:
    ...     writer = column.writer(file)
    ...     writer.add(1, (7, 3))
    ...     writer.add(4, (3,))
    ...     writer.finish(6)
    >>> reader = column.reader(storage.open_file("c"), 0, storage.file_length("c"), 6)
    >>> reader[1], reader[2], reader.holders(3), reader.holders(5)
    ((3, 7), (), [1, 4], [])
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from whoosh.columns import Column, ColumnReader

from searcher.indexing.columns import big_endian

STEP = 64
"""Keys that are read at once; of so many the first is kept in memory, to know where to read."""

_KEY, _PLACE = "Q", "I"
_KEY_BYTES, _PLACE_BYTES = 8, 4


class KeyColumn(Column):  # type: ignore[misc]
    """Several numbers of 64 bits a document; a document without any has none."""

    _default: tuple[int, ...] = ()

    def empty(self, count: int = 0) -> list[tuple[int, ...]]:
        """Return the keys of `count` documents that have none."""
        return [()] * count

    def whole(self, values: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
        """Return the values that the reader of any codec loads, as they are."""
        return values

    class Writer:
        """Keeps the keys until the column is finished, then sorts and writes them."""

        def __init__(self, dbfile: Any) -> None:
            self._dbfile = dbfile
            self._keys, self._docs = array(_KEY), array(_PLACE)

        def add(self, docnum: int, value: Iterable[int]) -> None:
            """Give a document its keys; docnums rise."""
            before = len(self._keys)
            self._keys.extend(value)
            self._docs.extend([docnum] * (len(self._keys) - before))

        def fill(self, docnum: int) -> None:
            """Pass over documents that have no key."""

        def finish(self, doccount: int) -> None:
            """Write the column."""
            rising = sorted(range(len(self._keys)), key=self._keys.__getitem__)
            docs = array(_PLACE, map(self._docs.__getitem__, rising))
            places = array(_PLACE, sorted(range(len(docs)), key=docs.__getitem__))
            for part in (array(_KEY, map(self._keys.__getitem__, rising)), docs, places):
                self._dbfile.write(big_endian(part).tobytes())

    class Reader(ColumnReader):  # type: ignore[misc]
        """Finds the keys of a document, and the documents of a key."""

        def __init__(self, dbfile: Any, basepos: int, length: int, doccount: int) -> None:
            super().__init__(dbfile, basepos, length, doccount)
            count = length // (_KEY_BYTES + 2 * _PLACE_BYTES)
            docs = basepos + count * _KEY_BYTES
            self._keys = _Numbers(dbfile, basepos, count, _KEY)
            self._docs = _Numbers(dbfile, docs, count, _PLACE)
            self._places = _Numbers(dbfile, docs + count * _PLACE_BYTES, count, _PLACE)

        def __getitem__(self, docnum: int) -> tuple[int, ...]:
            first, last = (
                bisect_left(self._places, doc, key=self._docs.__getitem__)
                for doc in (docnum, docnum + 1)
            )
            return tuple(self._keys[place] for place in self._places.between(first, last))

        def holders(self, key: int) -> list[int]:
            """Return the documents that have a key, deleted ones too, in order."""
            first = max(bisect_left(self._heads, key) - 1, 0) * STEP
            found: list[int] = []
            for at in range(first, len(self._keys), STEP):
                keys = self._keys.between(at, at + STEP)
                low, high = bisect_left(keys, key), bisect_right(keys, key)
                if high > low:
                    found += self._docs.between(at + low, at + high)
                if high < len(keys):
                    break
            return found

        def load(self) -> list[tuple[int, ...]]:
            """Return the keys of every document."""
            count = len(self._keys)
            keys, docs = self._keys.between(0, count), self._docs.between(0, count)
            found: list[tuple[int, ...]] = [()] * self._doccount
            for key, docnum in zip(keys, docs, strict=True):
                found[docnum] += (key,)
            return found

        @cached_property
        def _heads(self) -> list[int]:
            return [self._keys[at] for at in range(0, len(self._keys), STEP)]


class _Numbers:
    """Numbers of one size in a file, read when they are asked for."""

    def __init__(self, dbfile: Any, position: int, count: int, typecode: str) -> None:
        self._dbfile, self._position, self._count = dbfile, position, count
        self._typecode, self._size = typecode, array(typecode).itemsize

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, at: int) -> int:
        return self.between(at, at + 1)[0]

    def between(self, first: int, last: int) -> array[int]:
        """Return the numbers from one place to before another, or to the last there is."""
        found = array(self._typecode)
        count = min(last, self._count) - first
        found.frombytes(self._dbfile.get(self._position + first * self._size, count * self._size))
        return big_endian(found)
