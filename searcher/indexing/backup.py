"""A copy of an index as its newest commit has it, made while others search and write.

Files of a commit never change, and stay readable for who has them open when a
later commit removes them.  So all are opened first: if the commit is then still
the newest, or was when the last of them was opened, they belong together.  They
are copied beside the place that the copy is to have, forced to the disk, read
as an index, and given their name in one rename.

    copy = backup("index", "/media/backup/index-2026-02")
    copy.generation, copy.files, copy.size_bytes
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from searcher.errors import IndexUnreadable, OutputRefused
from searcher.indexing import disk
from searcher.indexing.storage import open_index, retried, with_errors
from searcher.indexing.sweep import Commit

CHUNK = 1 << 20
OURS_BESIDE = ("synonyms.txt", "searches.json")
"""What stands in the folder of an index and is of no commit."""


class Copied(NamedTuple):
    """A copy that was made.

    Attributes:
        path: its folder.
        generation: the number of the commit that it holds.
        files: how many it has.
        size_bytes: of all of them.
    """

    path: str
    generation: int
    files: int
    size_bytes: int


def backup(path: str | os.PathLike[str], into: str | os.PathLike[str]) -> Copied:
    """Copy the newest commit of an index, with its synonyms and saved searches.

    Args:
        path: folder of the index; writers and readers aren't disturbed, nor waited for.
        into: the folder to be; it may not exist, or has to be empty.

    Raises:
        OutputRefused: there is something at `into`; nothing there was changed.
        IndexMissing, IndexUnreadable, IndexIncompatible: see storage.open_index; a
            damaged index isn't copied.
        OSError: the copy can't be written; nothing of it is left.
    """
    folder, into = Path(path), Path(into)
    open_index(folder)
    _check_place(into)
    with ExitStack() as held:
        generation, files = with_errors(folder, lambda: retried(lambda: _opened(folder, held)))
        with _beside(into) as fresh:
            size = sum(_copy(file, fresh / name) for name, file in sorted(files.items()))
            _check(fresh, folder)
            disk.sync(fresh)
            _place(fresh, into)
    return Copied(str(into), generation, len(files), size)


def _place(fresh: Path, into: Path) -> None:
    """Give the copy its name, for good; what can't last is taken away again."""
    fresh.replace(into)
    try:
        disk.sync(into.absolute().parent)
    except BaseException:
        shutil.rmtree(into, ignore_errors=True)
        raise


def _check_place(into: Path) -> None:
    if into.is_symlink() or (into.exists() and not _is_empty_folder(into)):
        raise OutputRefused(
            f"{into}: there is something already. Name a folder that doesn't exist yet", str(into)
        )


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and next(path.iterdir(), None) is None


def _opened(folder: Path, held: ExitStack) -> tuple[int, dict[str, BinaryIO]]:
    """Open the files of the newest commit.

    Raises:
        FileNotFoundError: a commit came in between, and removed one.
    """
    commit = Commit.of(folder)
    files: dict[str, BinaryIO] = {}
    with ExitStack() as opening:
        for name in filter(commit.names, os.listdir(folder)):  # noqa: PTH208
            files[name] = opening.enter_context((folder / name).open("rb"))
        _check_same(folder, commit)
        held.push(opening.pop_all())
    for name in OURS_BESIDE:
        if (folder / name).is_file():
            files[name] = held.enter_context((folder / name).open("rb"))
    return commit.generation, files


def _check_same(folder: Path, commit: Commit) -> None:
    """Check that no commit came while files were listed and opened."""
    table = folder / f"_MAIN_{commit.generation}.toc"
    if not table.exists():
        raise FileNotFoundError(2, "a commit replaced it", str(table))


@contextmanager
def _beside(into: Path) -> Iterator[Path]:
    """Give an empty folder beside a place; what is left of it goes at the end."""
    into.parent.mkdir(parents=True, exist_ok=True)
    fresh = into.with_name(disk.aside_name(into.name))
    fresh.mkdir(mode=disk.PRIVATE)
    try:
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _copy(file: BinaryIO, to: Path) -> int:
    with disk.new_file(to) as copy:
        shutil.copyfileobj(file, copy, CHUNK)
        size = copy.tell()
    disk.sync(to)
    return size


def _check(fresh: Path, folder: Path) -> None:
    """Check that the copy is an index, whole."""
    try:
        reader = open_index(fresh).reader()
        reader.close()
        for path in fresh.glob("*.nat"):
            _check_native(path)
    except IndexUnreadable as error:
        what = str(error).replace(str(fresh), str(folder))
        raise IndexUnreadable(f"{what} (found while it was copied)", str(folder)) from error


def _check_native(path: Path) -> None:
    from searcher._native import NativeError, Segment

    try:
        Segment(str(path)).check()
    except NativeError as error:
        raise IndexUnreadable(str(error), str(path)) from error
