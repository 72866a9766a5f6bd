"""R8: one writer; the other learns who and what to do, and a dead one is in nobody's way."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from searcher.errors import IndexLocked
from searcher.indexing.lock import write_lock
from tests.reliability.forks import fork, needs_fork, outcome

pytestmark = needs_fork


def hold(folder: Path, ready: Path) -> None:
    """Hold the write lock until killed."""
    with write_lock(folder, 0):
        ready.touch()
        time.sleep(600)


def wait_for(path: Path) -> None:
    """Wait until a file is there."""
    until = time.monotonic() + 20
    while not path.exists():
        assert time.monotonic() < until
        time.sleep(0.002)


@pytest.fixture
def holder(tmp_path: Path):
    """A process that holds the lock of `tmp_path`."""
    child = fork(lambda: hold(tmp_path, tmp_path / "ready"))
    wait_for(tmp_path / "ready")
    yield child
    os.kill(child, signal.SIGKILL)
    outcome(child)


def test_the_second_writer_learns_who_where_since_when_and_what_to_do(tmp_path, holder):
    with pytest.raises(IndexLocked) as refused, write_lock(tmp_path, 0):
        pass

    message = str(refused.value)
    assert f"process {holder} on {socket.gethostname()} since 20" in message
    assert re.search(r"since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", message)
    assert "Searching goes on" in message and "index again when it has ended" in message


def test_a_killed_writer_frees_the_lock_within_a_second(tmp_path):
    for attempt in range(10):
        ready = tmp_path / f"ready{attempt}"
        child = fork(lambda: hold(tmp_path, ready))  # noqa: B023
        wait_for(ready)
        os.kill(child, signal.SIGKILL)
        with write_lock(tmp_path, 1.0):
            pass
        outcome(child)


def test_a_fork_neither_holds_the_lock_nor_frees_it(tmp_path):
    """The fork has the file of the lock open; it must not count, whatever it does with it."""
    leave = tmp_path / "leave"

    def in_fork() -> None:
        (tmp_path / "forked").touch()
        wait_for(leave)

    with write_lock(tmp_path, 0):
        child = fork(in_fork)
        wait_for(tmp_path / "forked")
        assert is_held(tmp_path)
    assert not is_held(tmp_path), "the parent let go of it, and the fork lives on"
    leave.touch()
    assert outcome(child) == 0


def test_a_fork_that_leaves_the_block_takes_nothing_away(tmp_path):
    with write_lock(tmp_path, 0):
        note = (tmp_path / "searcher-writer.json").read_bytes()
        child = fork(lambda: leave_block(tmp_path))
        assert outcome(child) == 0
        assert is_held(tmp_path)
        assert (tmp_path / "searcher-writer.json").read_bytes() == note


def leave_block(folder: Path) -> None:
    """Leave the block of a lock in a fork that was made inside it."""
    held = write_lock(folder / "other", 0)
    (folder / "other").mkdir()
    with held:
        child = fork(lambda: held.__exit__(None, None, None))
        assert outcome(child) == 0
        assert is_held(folder / "other")
        assert (folder / "other" / "searcher-writer.json").exists()


def test_a_program_that_is_started_doesnt_inherit_the_lock(tmp_path):
    with write_lock(tmp_path, 0):
        program = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert not is_held(tmp_path)
    program.communicate(b"\n")


def is_held(folder: Path) -> bool:
    """Tell whether another process can't take the lock."""

    def take() -> None:
        with write_lock(folder, 0):
            pass

    def attempt() -> None:
        try:
            take()
        except IndexLocked:
            os._exit(3)

    return outcome(fork(attempt)) == 3
