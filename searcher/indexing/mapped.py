"""Segment files read where they lie, instead of copied into memory.

Whoosh maps a segment and then copies each file inside it into a BytesIO when
a reader opens: all postings, terms and stored text, before the first look-up.
A mapped file gives Whoosh the same reads without the copy; only small files
are copied, since a mapping costs a file handle.
"""

from __future__ import annotations

import mmap
import os
from pathlib import Path
from typing import Any

from whoosh.filedb.structfile import BufferFile, StructFile

SMALL_BYTES = 1 << 20
"""Parts up to this size are copied; larger ones are mapped."""


class _Descriptor:
    """An open file, closed when the last stretch of it is gone.

    It outlives the file's name: what a later commit deletes stays readable.
    """

    def __init__(self, path: Path) -> None:
        self.number = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        self.size = os.fstat(self.number).st_size

    def __del__(self) -> None:
        if hasattr(self, "number"):
            os.close(self.number)


class MappedFile(StructFile):  # type: ignore[misc]
    """A stretch of a file, mapped into memory and read only.

    Args:
        source: the file, open.
        name: what Whoosh calls the stretch.
        offset: its first byte.
        length: bytes.
    """

    def __init__(self, source: _Descriptor, name: str, offset: int, length: int) -> None:
        # A mapping starts at a multiple of the page size; what lies before the stretch is shift.
        start = offset - offset % mmap.ALLOCATIONGRANULARITY
        self._source = source
        self._start = offset
        self._shift = offset - start
        mapped = mmap.mmap(
            source.number, length + self._shift, offset=start, access=mmap.ACCESS_READ
        )
        super().__init__(mapped, name=name)
        self.seek(0)

    @classmethod
    def whole(cls, path: Path, name: str) -> MappedFile:
        """Return a whole file.

        Raises:
            OSError: it can't be opened.
            ValueError: it is empty.
        """
        source = _Descriptor(path)
        return cls(source, name, 0, source.size)

    def seek(self, position: int, whence: int = os.SEEK_SET) -> int:
        """Go to a byte of the stretch."""
        shift = self._shift if whence == os.SEEK_SET else 0
        self.file.seek(position + shift, whence)
        return self.tell()

    def tell(self) -> int:
        """Return the byte of the stretch that is read next."""
        return int(self.file.tell()) - self._shift

    def get(self, position: int, length: int) -> bytes:
        """Return bytes of the stretch."""
        first = position + self._shift
        return bytes(self.file[first : first + length])

    def subset(self, position: int, length: int, name: str | None = None) -> Any:
        """Return a stretch of the stretch, as a file of its own."""
        if length <= SMALL_BYTES:
            return BufferFile(self.get(position, length), name=name or self._name)
        return MappedFile(self._source, name or self._name, self._start + position, length)
