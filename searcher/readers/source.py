"""A file, read once: its bytes, its text, its fingerprint.

`load` reads a file whole.  A large one of many records is opened as a Stream
instead, which gives its bytes block by block (readers/windows.py).
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from ..errors import ArticleError
from .characters import safe_name
from .decode import decode

MAX_BYTES = 256 * 1024 * 1024
"""The largest file that is read whole, unless the caller says otherwise."""

WINDOW_BYTES = 4 * 1024 * 1024
"""A file of many records that is larger is read in parts of about this size."""

_BLOCK_BYTES = 1 << 20

# A FIFO must not block, a terminal must not be taken over.
_FLAGS = os.O_RDONLY
for _flag in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"):
    _FLAGS |= getattr(os, _flag, 0)


@dataclass(frozen=True)
class Source:
    """One file as it was when it was read.

    Attributes:
        path: what was opened; its suffix chooses the reader.
        name: the stable name with forward slashes that article ids start with.
        data: all bytes.
        mtime: time of the last change, in seconds since 1970; 0 if unknown.
        is_feed: it came from a pipe and another will come, so where a record
            stands in it says nothing.
    """

    path: Path
    name: str
    data: bytes = field(repr=False)
    mtime: float = 0.0
    is_feed: bool = False

    @property
    def size_bytes(self) -> int:
        """Bytes of the file."""
        return len(self.data)

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()

    @cached_property
    def text(self) -> str:
        """The decoded text, without a byte order mark, newlines as they stand.

        Raises:
            ArticleError: reason "not text".
        """
        return self._decoded[0]

    @cached_property
    def encoding(self) -> str:
        """Python's name of the encoding that `text` was decoded from."""
        return self._decoded[1]

    @cached_property
    def _decoded(self) -> tuple[str, str]:
        return decode(self.data)


class Stream(Source):
    """A file that is read from its start to its end whenever its bytes are asked for.

    It has neither `data` nor `text`; `sha256` is that of the last pass that came
    to the end, and empty before.

    Args:
        path: a regular file, or a link to one.
        name: the name that ids start with.
        status: of the file as it has to stay.
    """

    def __init__(self, path: Path, name: str, status: os.stat_result) -> None:
        super().__init__(path, safe_name(name), b"", status.st_mtime)
        self.__dict__["_status"] = status
        self.__dict__["sha256"] = ""

    @property
    def size_bytes(self) -> int:
        """Bytes of the file."""
        return int(self.__dict__["_status"].st_size)

    def blocks(self) -> Iterator[bytes]:
        """Yield the bytes in order, a megabyte at a time.

        Raises:
            ArticleError: reason "unreadable", or "changed while it was read".
        """
        seen, state = hashlib.sha256(), _state(self.__dict__["_status"])
        self.__dict__["sha256"] = ""
        with _opened(self.path) as file:
            yield from _hashed(file, self.size_bytes, seen)
            if _state(os.fstat(file.fileno())) != state:
                raise ArticleError("changed while it was read", "index again to read it anew")
        self.__dict__["sha256"] = seen.hexdigest()


def _hashed(file: BinaryIO, size: int, seen: hashlib._Hash) -> Iterator[bytes]:
    left = size
    while left > 0 and (block := os.read(file.fileno(), min(left, _BLOCK_BYTES))):
        seen.update(block)
        left -= len(block)
        yield block


def load_or_stream(path: Path, name: str, max_bytes: int = MAX_BYTES) -> Source:
    """Read a file whole, or return a Stream of one that is larger than a window.

    For files that hold many records.

    Raises:
        ArticleError: those of `load`.
    """
    with _opened(path) as file:
        status = os.fstat(file.fileno())
    _refuse_irregular(status)
    if status.st_size > WINDOW_BYTES:
        return Stream(path, name, status)
    return load(path, name, max_bytes)


def load(path: Path, name: str, max_bytes: int = MAX_BYTES) -> Source:
    """Read a file whole; it never blocks on a FIFO and never reads a device.

    Args:
        path: a regular file, or a link to one.
        name: the name that ids start with; made printable with `safe_name`.
        max_bytes: a larger file is refused before it is read.

    Raises:
        ArticleError: reason "unreadable", "not a regular file", "too large" or
            "changed while it was read" (twice in a row).
    """
    for _attempt in range(2):
        source = _load_once(path, name, max_bytes)
        if source is not None:
            return source
    raise ArticleError("changed while it was read", "it is still being written; try again later")


def _load_once(path: Path, name: str, max_bytes: int) -> Source | None:
    try:
        with _opened(path) as file:
            return _read_whole(file.fileno(), path, name, max_bytes)
    except MemoryError as error:
        raise ArticleError("too large", "it does not fit in memory") from error


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        descriptor = os.open(path, _FLAGS)
        with open(descriptor, "rb") as file:  # noqa: PTH123 (a descriptor, not a path)
            yield file
    except (OSError, ValueError) as error:
        raise ArticleError("unreadable", getattr(error, "strerror", None) or str(error)) from error


def _read_whole(descriptor: int, path: Path, name: str, max_bytes: int) -> Source | None:
    """Return the file, or None if it changed meanwhile."""
    before = os.fstat(descriptor)
    _refuse(before, max_bytes)
    data = _drain(descriptor, before.st_size + 1)
    if _state(before) != _state(os.fstat(descriptor)) or len(data) != before.st_size:
        return None
    return Source(path, safe_name(name), data, before.st_mtime)


def _refuse_irregular(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise ArticleError("not a regular file", "expected a file, found a folder, pipe or device")


def _refuse(status: os.stat_result, max_bytes: int) -> None:
    _refuse_irregular(status)
    if status.st_size > max_bytes:
        raise ArticleError("too large", f"{status.st_size:,} bytes; the limit is {max_bytes:,}")


def _drain(descriptor: int, limit: int) -> bytes:
    parts, left = [], limit
    while left > 0 and (part := os.read(descriptor, min(left, _BLOCK_BYTES))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _state(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns
