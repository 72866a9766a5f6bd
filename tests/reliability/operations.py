"""Being told of every operation on the files of an index before it is done.

Python's operations are those of `searcher.indexing.disk` and of `os`, the
core's those of rust/src/disk.rs.  What is told of one can kill the process, or
raise, which fails the operation.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from searcher.indexing import disk
from searcher.indexing.codecs import NATIVE, chosen

Told = Callable[[str, Path], None]

needs_linux = pytest.mark.skipif(
    not Path("/proc/self/fd").exists(), reason="it learns from /proc what is synced"
)


@contextmanager
def told_of(told: Told) -> Iterator[None]:
    """Have `told` called with (create, write, sync, rename or remove; path) before each."""
    with ExitStack() as patches:
        for name, operation in _OPERATIONS.items():
            done = _telling(getattr(os, name), operation, told)
            patches.enter_context(mock.patch.object(os, name, done))
        patches.enter_context(mock.patch.object(disk, "new_file", _new_file(told)))
        if chosen(None) == NATIVE:
            from searcher._native import watch_files

            watch_files(told)
            patches.callback(watch_files, None)
        yield


_OPERATIONS = {
    "fsync": "sync",
    "rename": "rename",
    "replace": "rename",
    "remove": "remove",
    "unlink": "remove",
}


def _telling(done: Callable[..., Any], operation: str, told: Told) -> Callable[..., Any]:
    def tell(path: Any, *more: Any, **options: Any) -> Any:
        target = more[0] if operation == "rename" else path
        if operation == "sync":
            target = Path(f"/proc/self/fd/{path}").readlink()
        told(operation, Path(target))
        return done(path, *more, **options)

    return tell


def _new_file(told: Told) -> Callable[..., Any]:
    class TellingFile(io.FileIO):
        def write(self, data: Any) -> int:
            told("write", Path(str(self.name)))
            return super().write(data)

    def new_file(path: Path, mode: str = "wb") -> Any:
        told("create", path)
        raw = TellingFile(str(path), mode, opener=disk._opener)
        return io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)

    return new_file


def count(work: Callable[[], object]) -> int:
    """Return how many operations some work does."""
    counted = 0

    def told(_operation: str, _path: Path) -> None:
        nonlocal counted
        counted += 1

    with told_of(told):
        work()
    return counted


def at(number: int, act: Callable[[], None]) -> Told:
    """Return a `told` that acts before operation `number`, from 0."""
    seen = -1

    def told(_operation: str, _path: Path) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            act()

    return told
