"""Where the file of a segment is.

The core maps files, so a storage that has no folder (Whoosh's RamStorage)
lends its bytes to a temporary file for as long as a segment is open.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from searcher._native import Segment
from searcher.codec.segment import NativeSegment

_open: WeakValueDictionary[str, Segment] = WeakValueDictionary()
"""Segments by path.  A file never changes and its name is never used again, so whoever has
one open shares it."""


def opened(storage: Any, segment: NativeSegment) -> Segment:
    """Return the open file of a segment.

    Raises:
        OSError: it isn't there.
        searcher._native.NativeError: it is damaged.
    """
    folder = folder_of(storage)
    if folder is None:
        return _lent(storage, segment.file_name)
    path = os.path.join(os.path.abspath(folder), segment.file_name)  # noqa: PTH100, PTH118
    found = _open.get(path)
    if found is None:
        found = _open[path] = Segment(path)
    return found


def folder_of(storage: Any) -> str | None:
    """Return the folder of a storage; None when it has none."""
    for part in (storage, getattr(storage, "a", None), getattr(storage, "b", None)):
        # RamStorage says that its folder is "".
        if folder := getattr(part, "folder", None):
            return str(folder)
    return None


def _lent(storage: Any, name: str) -> Segment:
    with storage.open_file(name) as file:
        content = file.read()
    handle, path = tempfile.mkstemp(suffix=name)
    with os.fdopen(handle, "wb") as copy:
        copy.write(content)
    try:
        return Segment(path)
    finally:
        discard(path)


def discard(path: str) -> None:
    """Remove a temporary file; Windows keeps it while it is mapped."""
    with suppress(OSError):
        Path(path).unlink()
