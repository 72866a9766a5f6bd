"""The write lock of an index, and the note that says who holds it.

The lock is Whoosh's own, so that a program that writes with stock Whoosh keeps
away too.  The kernel frees it when its holder dies; a note that was left
behind then does no harm, since only somebody who can't get the lock reads it.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.util.filelock import try_for

from searcher.errors import IndexLocked
from searcher.indexing import disk

LOCK_NAME = "MAIN_WRITELOCK"
NOTE_NAME = "searcher-writer.json"


@contextmanager
def write_lock(folder: Path, wait_s: float) -> Iterator[None]:
    """Hold the write lock of an index folder, which must exist.

    Args:
        folder: of the index.
        wait_s: how long to wait for another writer; 0 tries once.

    Raises:
        IndexLocked: somebody else still holds it; the message says who.
        OSError: the file of the lock can't be made.
    """
    with _lock(folder, LOCK_NAME, wait_s, lambda: _who(folder, wait_s)) as is_mine:
        note = folder / NOTE_NAME
        try:
            _write_note(note)
            yield
        finally:
            if is_mine():
                with contextlib.suppress(OSError):
                    note.unlink()


@contextmanager
def file_lock(folder: Path, name: str, wait_s: float, held: str) -> Iterator[None]:
    """Hold a lock of an index folder that is not the write lock.

    Args:
        folder: of the index, which must exist.
        name: of the lock's file, which stays.
        wait_s: how long to wait for another holder; 0 tries once.
        held: what to say when there still is one.

    Raises:
        IndexLocked: somebody else still holds it.
        OSError: the file of the lock can't be made.
    """
    with _lock(folder, name, wait_s, lambda: f"{held}; waited {wait_s:g} s. Try again"):
        yield


@contextmanager
def _lock(
    folder: Path, name: str, wait_s: float, held: Callable[[], str]
) -> Iterator[Callable[[], bool]]:
    """Hold a lock; give what tells whether this process holds it, and not a fork of it."""
    # Whoosh would make the file as open as the umask allows.
    os.close(os.open(folder / name, os.O_CREAT | os.O_WRONLY, disk.file_mode(folder)))
    lock = FileStorage(str(folder)).lock(name)
    if not try_for(lock.acquire, timeout=wait_s, delay=0.1):
        raise IndexLocked(held(), str(folder))
    _HELD.append(lock)
    try:
        yield lambda: lock in _HELD
    finally:
        if lock in _HELD:
            _HELD.remove(lock)
            lock.release()


_HELD: list[Any] = []
"""The locks that this process holds."""


def _let_go() -> None:
    """Close the locks that a fork got with the memory of its parent, which keeps them.

    Else the index stays locked, when the parent is killed, for as long as the
    fork lives; and released by the fork they would be lost to the parent.
    """
    for lock in _HELD:
        os.close(lock.fd)
        lock.fd = None
    _HELD.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)


def _write_note(note: Path) -> None:
    started = datetime.now().astimezone().isoformat(timespec="seconds")
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])[:200]
    owner = {"pid": os.getpid(), "host": socket.gethostname(), "started": started}
    # Written aside, so that nobody reads half a note.
    aside = note.with_name(disk.aside_name(NOTE_NAME))
    # A note is no reason not to write: on a full disk, room can be made.
    with contextlib.suppress(OSError), disk.new_file(aside) as file:
        file.write(json.dumps({**owner, "command": command}).encode())
    with contextlib.suppress(OSError):
        aside.replace(note)


def _who(folder: Path, wait_s: float) -> str:
    try:
        note = json.loads((folder / NOTE_NAME).read_text(encoding="utf-8"))
        holder = f"process {note['pid']} on {note['host']} since {note['started']}"
    except (OSError, ValueError, KeyError, TypeError):
        holder = "a program other than searcher"
    return (
        f"{folder}: another run is writing to this index: {holder}; waited {wait_s:g} s. "
        "Searching goes on meanwhile; index again when it has ended, or wait longer"
    )
