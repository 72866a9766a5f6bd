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


class MappedFile(StructFile):  # type: ignore[misc]
    """A stretch of a file, mapped into memory and read only.

    Args:
        path: of the file.
        name: what Whoosh calls the stretch.
        offset: its first byte.
        length: bytes; None goes to the end.
    """

    def __init__(self, path: Path, name: str, offset: int = 0, length: int | None = None) -> None:
        # A mapping starts at a multiple of the page size; what lies before the stretch is shift.
        start = offset - offset % mmap.ALLOCATIONGRANULARITY
        self._path = path
        self._start = offset
        self._shift = offset - start
        with path.open("rb") as file:
            size = length if length is not None else os.fstat(file.fileno()).st_size - offset
            mapped = mmap.mmap(
                file.fileno(), size + self._shift, offset=start, access=mmap.ACCESS_READ
            )
        super().__init__(mapped, name=name)
        self.seek(0)

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
        return MappedFile(self._path, name or self._name, self._start + position, length)
