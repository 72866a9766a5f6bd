"""Segment files of Whoosh's codec, read where they lie, and checked as they are read.

Whoosh copies each file inside a segment into memory when a reader opens: all
postings, terms and stored text, before the first look-up.  A stretch of a file
gives Whoosh the same reads without the copy; only small ones are copied.

Whoosh keeps no checksums.  The list of a commit has one of each page of
PAGE bytes (segment_list.py); a page is checked when a byte of it is first
asked for, and never again.  Without a list nothing is checked.

A file that is shortened under a reader is an error, not the end of the
process: nothing is mapped into memory.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from pickle import UnpicklingError
from threading import Lock
from typing import Any
from weakref import proxy

from whoosh.filedb.structfile import BufferFile, StructFile

from searcher.codec.unpickle import load
from searcher.indexing.damage import damaged
from searcher.indexing.segment_list import PAGE

SMALL_BYTES = 1 << 20
"""Stretches up to this size are copied."""

_FEW_BYTES = 512
"""Most pickles inside a file are shorter."""


class Source:
    """An open file, closed when the last stretch of it is gone.

    It outlives the file's name: what a later commit deletes stays readable.

    Args:
        path: of the file.
        crcs: checksums of its pages; none, when they aren't known.
    """

    def __init__(self, path: Path, crcs: Sequence[int] = ()) -> None:
        self.path = path
        self.number = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        self.size = os.fstat(self.number).st_size
        self._crcs = crcs
        self._is_checked = bytearray(len(crcs))
        self._lock = Lock()
        if crcs and len(crcs) != -(-self.size // PAGE):
            raise self._damaged(self.size, f"a file of {self.size} bytes")

    def __del__(self) -> None:
        if hasattr(self, "number"):
            os.close(self.number)

    def bytes(self, start: int, length: int) -> bytes:
        """Return bytes, after checking the pages that they stand in.

        Raises:
            IndexUnreadable: a page is damaged, or the file was cut.
        """
        if self._crcs and length > 0:
            self._check(start, start + length)
        found = self._read(start, length)
        if len(found) < length and start + length <= self.size:
            raise self._damaged(start + len(found), "the file was cut")
        return found

    def check(self) -> None:
        """Check every page.

        Raises:
            IndexUnreadable: one is damaged.
        """
        self._is_checked = bytearray(len(self._crcs))
        self._check(0, len(self._crcs) * PAGE)

    def _check(self, start: int, end: int) -> None:
        for page in range(start // PAGE, min((end - 1) // PAGE + 1, len(self._crcs))):
            if not self._is_checked[page]:
                self._check_page(page)

    def _check_page(self, page: int) -> None:
        at = page * PAGE
        if zlib.crc32(self._read(at, PAGE)) != self._crcs[page]:
            end = min(at + PAGE, self.size)
            raise self._damaged(at, f"the checksum of bytes {at} to {end} is wrong")
        self._is_checked[page] = 1

    def _read(self, start: int, length: int) -> bytes:  # type: ignore[valid-type]
        length = max(0, min(length, self.size - start))
        if hasattr(os, "pread"):
            return os.pread(self.number, length, start)
        with self._lock:
            os.lseek(self.number, start, os.SEEK_SET)
            return os.read(self.number, length)

    def _damaged(self, at: int, found: str) -> Exception:
        return damaged(self.path.parent, f"{self.path.name}: damaged at byte {at}: {found}")


class SegmentFile(StructFile):  # type: ignore[misc]
    """A stretch of a file, read only.

    Args:
        source: the file, open.
        name: what Whoosh calls the stretch.
        offset: its first byte.
        length: bytes.
    """

    def __init__(self, source: Source, name: str, offset: int, length: int) -> None:
        # Whoosh's class wants a file in a file; held fast, this one would never be let go of.
        super().__init__(proxy(self), name=name)
        self._source = source
        self._start = offset
        self._length = length
        self._at = 0

    @classmethod
    def whole(cls, path: Path, name: str, crcs: Sequence[int] = ()) -> SegmentFile:
        """Return a whole file.

        Raises:
            OSError: it can't be opened.
            IndexUnreadable: it isn't as long as its checksums say.
        """
        source = Source(path, crcs)
        return cls(source, name, 0, source.size)

    def close(self) -> None:
        """Close the stretch; the file goes with its last one."""
        self.is_closed = True

    def read(self, length: int = -1) -> bytes:
        """Return the next bytes, all that are left by default."""
        found = self.get(self._at, self._length - self._at if length < 0 else length)
        self._at += len(found)
        return found

    def seek(self, position: int, whence: int = os.SEEK_SET) -> int:
        """Go to a byte of the stretch."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._length}[whence]
        self._at = base + position
        return self._at

    def tell(self) -> int:
        """Return the byte of the stretch that is read next."""
        return self._at

    def get(self, position: int, length: int) -> bytes:
        """Return bytes of the stretch; fewer at its end."""
        length = min(length, self._length - position)
        return self._source.bytes(self._start + position, length) if length > 0 else b""

    def subset(self, position: int, length: int, name: str | None = None) -> Any:
        """Return a stretch of the stretch, as a file of its own."""
        if length <= SMALL_BYTES:
            return SmallFile(self.get(position, length), name=name or self._name)
        return SegmentFile(self._source, name or self._name, self._start + position, length)

    def read_pickle(self) -> Any:
        """Return the pickle that comes next, which may name nothing but plain values."""
        few = min(_FEW_BYTES, self._length - self._at)
        try:
            return self._loaded(few)
        except (EOFError, UnpicklingError):
            if few == self._length - self._at:
                raise
            return self._loaded(self._length - self._at)

    def _loaded(self, length: int) -> Any:
        window = BytesIO(self.get(self._at, length))
        found = load(window)
        self._at += window.tell()
        return found


class SmallFile(BufferFile):  # type: ignore[misc]
    """A stretch that was copied."""

    def subset(self, position: int, length: int, name: str | None = None) -> SmallFile:
        """Return a stretch of the stretch, as a file of its own."""
        return SmallFile(self.get(position, length), name=name or self._name)

    def read_pickle(self) -> Any:
        """Return the pickle that comes next, which may name nothing but plain values."""
        return load(self.file)
