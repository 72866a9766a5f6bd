"""R1: a finished run survives kill -9, and an unfinished one leaves the last commit."""

from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path
from random import Random

import pytest

from searcher.indexing import index
from tests.indexing.archives import codecs
from tests.reliability.archive_states import (
    SCENARIOS,
    assert_no_junk,
    expected,
    scenario,
    state_of,
    write_state,
    write_states,
)
from tests.reliability.forks import fork, kill_self, needs_fork, outcome
from tests.reliability.operations import at, count, needs_linux, told_of

pytestmark = [needs_fork, needs_linux]


@pytest.mark.parametrize("codec", codecs())
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_kill_before_any_operation_leaves_the_old_index_or_the_new(tmp_path, name, codec, full):
    one = scenario(tmp_path / "one", name, codec)
    into = one.copy()
    points = count(lambda: one.run(into))
    assert state_of(into) == one.after
    assert points > 10
    point, step = 0, 1 if full else points // 6
    while _is_killed(one, into, point):
        one.check_cut(into)
        one.check_next_run(into)
        point += step
    # How many writes a run takes differs by a few.
    assert point > 0.8 * points
    assert state_of(into) == one.after


def _is_killed(one, into: Path, point: int) -> bool:
    """Kill a run before its operation of that number; False if it has no such one."""
    one.copy()
    ended = outcome(fork(lambda: _run_and_die(one.run, into, point)))
    assert ended in (0, -signal.SIGKILL)
    return ended != 0


def _run_and_die(run, into: Path, point: int) -> None:
    with told_of(at(point, kill_self)):
        run(into)


@pytest.mark.parametrize("codec", codecs())
def test_a_kill_at_a_random_moment_loses_no_finished_run(tmp_path, codec, full):
    """A child goes from state to state and says of each that it has reached it."""
    chance = Random(codec)  # noqa: S311 (it need not surprise anybody)
    news, into, told = tmp_path / "news", tmp_path / "index", tmp_path / "told"
    state = 0
    write_state(news, 0)
    index([news], into, codec=codec)
    for kill in range(500 if full else 8):
        told.write_bytes(b"")
        child = fork(lambda: _go_on(news, into, told, state, codec))  # noqa: B023
        time.sleep(chance.uniform(0.002, 0.3))
        os.kill(child, signal.SIGKILL)
        assert outcome(child) == -signal.SIGKILL

        state = int(told.read_bytes().split()[-1]) if told.stat().st_size else state
        found = state_of(into)
        assert found in (expected(state), expected(state + 1)), f"kill {kill}, state {state}"
        if found == expected(state + 1) and found != expected(state):
            state += 1
        shutil.rmtree(news)
        write_states(news, state)
        index([news], into, codec=codec)
        assert state_of(into) == expected(state)
        assert_no_junk(into)


def _go_on(news: Path, into: Path, told: Path, state: int, codec: str) -> None:
    with told.open("ab", buffering=0) as tell:
        while True:
            state += 1
            write_state(news, state)
            index([news], into, codec=codec, rebuild=state % 7 == 0)
            tell.write(b"%d\n" % state)
