"""Files of an index on their way to the disk: who may read them, and when they are there.

Other modules call what is here by the module's name, as in `disk.new_file`, so
that the tests of docs/reliability.md can stand in between.

A folder that searcher makes is its owner's alone.  One that is there stays as
open as it is: a file is never more open than its folder, nor than the umask.

What is written counts from the moment at which its name is on the disk, and
gets the name once its bytes are there.
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from typing import BinaryIO, Literal

PRIVATE = 0o700


def make_folder(folder: Path) -> None:
    """Make a folder that only its owner may enter, if it isn't there; parents are made as usual.

    Raises:
        OSError: it can't be made.
    """
    made = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=PRIVATE, exist_ok=True)
    for one in made:
        sync(one.parent)


def new_file(path: Path, mode: Literal["wb", "w+b"] = "wb") -> BinaryIO:
    """Open a new, empty file for writing, with `w+b` for reading too."""
    return open(path, mode, opener=_opener)


def _opener(path: str, flags: int) -> int:
    return os.open(path, flags, file_mode(Path(path).parent))


def file_mode(folder: Path) -> int:
    """Return the mode of a new file in a folder, before the umask."""
    return folder.stat().st_mode & 0o666


def put_file(path: Path, content: bytes) -> None:
    """Write a whole file: who opens it, after a power cut too, finds the old one or the new.

    Raises:
        OSError: it can't be written; the old one stays.
    """
    aside = path.with_name(aside_name(path.name))
    try:
        with new_file(aside) as file:
            file.write(content)
        sync(aside)
        aside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            aside.unlink()
        raise
    sync(path.parent)


def aside_name(name: str) -> str:
    """Return a name for a file on its way to another; it begins with `.NAME.`"""
    return f".{name}.{os.getpid()}.{time.time_ns()}"


def sync(path: Path) -> None:
    """Wait until the bytes of a file, or the names in a folder, are on the disk."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
