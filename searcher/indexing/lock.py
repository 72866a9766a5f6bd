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
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from whoosh.filedb.filestore import FileStorage
from whoosh.util.filelock import try_for

from searcher.errors import IndexLocked

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
    """
    lock = FileStorage(str(folder)).lock(LOCK_NAME)
    if not try_for(lock.acquire, timeout=wait_s, delay=0.1):
        raise IndexLocked(_who(folder, wait_s), str(folder))
    note = folder / NOTE_NAME
    try:
        _write_note(note)
        yield
    finally:
        with contextlib.suppress(OSError):
            note.unlink()
        lock.release()


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
    """
    lock = FileStorage(str(folder)).lock(name)
    if not try_for(lock.acquire, timeout=wait_s, delay=0.1):
        raise IndexLocked(f"{held}; waited {wait_s:g} s. Try again", str(folder))
    try:
        yield
    finally:
        lock.release()


def _write_note(note: Path) -> None:
    started = datetime.now().astimezone().isoformat(timespec="seconds")
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])[:200]
    owner = {"pid": os.getpid(), "host": socket.gethostname(), "started": started}
    # Written aside, so that nobody reads half a note.
    aside = note.with_name(f".{NOTE_NAME}.{os.getpid()}.{time.time_ns()}")
    aside.write_text(json.dumps({**owner, "command": command}), encoding="utf-8")
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
