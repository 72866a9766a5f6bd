"""A file, read once: its bytes, its text, its fingerprint."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ..errors import ArticleError
from .characters import safe_name
from .decode import decode

MAX_BYTES = 256 * 1024 * 1024
"""The largest file that is read, unless the caller says otherwise."""

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
        descriptor = os.open(path, _FLAGS)
        with open(descriptor, "rb") as file:  # noqa: PTH123 (a descriptor, not a path)
            return _read_whole(file.fileno(), path, name, max_bytes)
    except MemoryError as error:
        raise ArticleError("too large", "it does not fit in memory") from error
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


def _refuse(status: os.stat_result, max_bytes: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise ArticleError("not a regular file", "expected a file, found a folder, pipe or device")
    if status.st_size > max_bytes:
        raise ArticleError("too large", f"{status.st_size:,} bytes; the limit is {max_bytes:,}")


def _drain(descriptor: int, limit: int) -> bytes:
    parts, left = [], limit
    while left > 0 and (part := os.read(descriptor, min(left, 1 << 20))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _state(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns
