"""Files that are there whole or not at all, and never over what was there before.

A text is written beside its place and moved there once it is on the disk, so
that a full disk or a Ctrl-C leaves nothing half done.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeAlias

from searcher.errors import OutputRefused


def write_file(path: Path, pieces: Iterable[bytes], *, force: bool = False) -> None:
    """Write a file from its pieces.

    Args:
        path: where; its folder has to exist.
        pieces: the bytes, in order.
        force: replace a file that is there.

    Raises:
        OutputRefused: there is something already, or no folder for it.
        OSError: it can't be written.
    """
    check_file(path, force=force)
    with _beside(path) as fresh:
        with fresh.open("wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        _place(fresh, path, force=force)


def check_file(path: Path, *, force: bool) -> None:
    """Raise OutputRefused unless a file may be written there."""
    _check_parent(path)
    if path.is_symlink() or path.exists():
        # What a link names is another place, and /dev/stdout is such a link.
        if path.is_symlink() or not path.is_file():
            found = "a link" if path.is_symlink() else "something else"
            raise OutputRefused(f"{path}: expected a file, found {found}", str(path))
        if not force:
            raise _exists(path)


Named: TypeAlias = Callable[[list[str]], Mapping[str, str]]
"""Returns the names of the files of some keys, once all are known."""


def write_folder(
    path: Path, files: Iterable[tuple[str, bytes]], named: Named, *, force: bool = False
) -> int:
    """Write files into a folder: all of them or, where the folder is new, none.

    Returns how many they are.

    Args:
        path: the folder; it may be missing, or empty.
        files: keys, each once, and contents.
        named: tells the names of the files by their keys.
        force: write into a folder that holds files, replacing those of the
            same names; the others stay.

    Raises:
        OutputRefused: it holds files, or is none.
        OSError: it can't be written.
    """
    check_folder(path, force=force)
    with _beside(path, folder=True) as fresh:
        keys = []
        # Which name a file gets shows when all are known; a number is none of them.
        for number, (key, data) in enumerate(files):
            (fresh / str(number)).write_bytes(data)
            keys.append(key)
        names = named(keys)
        there = path.exists()
        for number, key in enumerate(keys):
            (fresh / str(number)).replace((path if there else fresh) / names[key])
        if not there:
            fresh.rename(path)
    return len(keys)


def check_folder(path: Path, *, force: bool) -> None:
    """Raise OutputRefused unless files may be written into a folder there."""
    _check_parent(path)
    if path.exists() and not path.is_dir():
        raise OutputRefused(f"{path}: expected a folder, found a file", str(path))
    if path.is_dir() and not force and any(path.iterdir()):
        problem = "there are files in it, and none is written over"
        raise OutputRefused(f"{path}: {problem}. Choose another folder, or --force", str(path))


def _check_parent(path: Path) -> None:
    if not path.parent.is_dir():
        raise OutputRefused(f"{path}: there is no folder {path.parent}. Make it first", str(path))


def _exists(path: Path) -> OutputRefused:
    return OutputRefused(f"{path}: it is there already. Choose another name, or --force", str(path))


class Target:
    """Where an export goes: a file, a folder, or a stream that is open already.

    Args:
        to: a path, or something with `write` for bytes.  A folder that is
            there is one, and a name that ends in a slash.
        force: replace what is there.

    Attributes:
        name: as given; `-` for a stream.
        suffix: of a file, with its dot, else empty.
        is_folder: whether it is a folder.

    Raises:
        OutputRefused: it may not be written there.
    """

    def __init__(self, to: str | os.PathLike[str] | BinaryIO, *, force: bool = False) -> None:
        self._force = force
        self._stream = None if isinstance(to, str | os.PathLike) else to
        self.name = os.fspath(to) if isinstance(to, str | os.PathLike) else "-"
        self._path = Path(self.name)
        self.is_folder = self._stream is None and _is_folder(self.name)
        self.suffix = self._path.suffix if self._stream is None and not self.is_folder else ""
        if self._stream is None:
            _check_name(self.name)
            (check_folder if self.is_folder else check_file)(self._path, force=force)

    def write(self, pieces: Iterable[bytes]) -> int:
        """Write a file or to a stream; return 1, the number of files."""
        if self._stream is None:
            write_file(self._path, pieces, force=self._force)
        else:
            self._stream.writelines(pieces)
        return 1

    def write_files(self, files: Iterable[tuple[str, bytes]], named: Named) -> int:
        """Write files by key into the folder; return their number."""
        return write_folder(self._path, files, named, force=self._force)


def _is_folder(name: str) -> bool:
    return name.endswith(("/", os.sep)) or (bool(name) and Path(name).is_dir())


def _check_name(name: str) -> None:
    if not name:
        raise OutputRefused("expected the name of a file or a folder, found nothing", name)


@contextmanager
def _beside(path: Path, *, folder: bool = False) -> Iterator[Path]:
    """Give a place in the same folder, and take away what is left there."""
    try:
        around = Path(tempfile.mkdtemp(prefix=".searcher.", dir=path.parent))
    except OSError as error:
        raise _about(path, error) from error
    try:
        fresh = around / path.name
        if folder:
            fresh.mkdir()
        yield fresh
    except OSError as error:
        is_of_ours = error.filename is None or str(error.filename).startswith(str(around))
        raise (_about(path, error) if is_of_ours else error) from error
    finally:
        shutil.rmtree(around, ignore_errors=True)


def _about(path: Path, error: OSError) -> OSError:
    """Return the error as one of the place that was asked for, not of the one beside it."""
    return OSError(error.errno, error.strerror or str(error), str(path))


def _place(fresh: Path, path: Path, *, force: bool) -> None:
    if force:
        fresh.replace(path)
        return
    try:
        # Unlike a rename it fails when somebody else made the file meanwhile.
        os.link(fresh, path)
    except FileExistsError:
        raise _exists(path) from None
    except OSError:  # a file system without links
        fresh.replace(path)
