"""The command line run two ways: inside the process, and as one a shell would start."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from searcher.results import Page
from tests.cli.pages import PageArchive

ROOT = Path(__file__).parents[2]
TODAY = "2026-02-26"
QUIET = {"NO_COLOR": None, "FORCE_COLOR": None, "SEARCHER_INDEX": None, "NO_PAGER": None}

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command inside this process."""
    from searcher.cli.app import cli

    monkeypatch.setenv("COLUMNS", "80")

    def invoke(*args: str, stdin: str | bytes = "", env: dict[str, str] | None = None) -> Result:
        environment = {"SEARCHER_TODAY": TODAY, **QUIET, **(env or {})}
        return CliRunner().invoke(cli, list(args), input=stdin, env=environment)

    return invoke


@pytest.fixture
def in_seeds(seed_index: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder that holds the seeds and their index, as a reader would."""
    monkeypatch.chdir(seed_index.parent)
    return seed_index.parent


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a process: this one's, without what would change the output."""
    kept = {key: value for key, value in os.environ.items() if key not in {*QUIET, "LESS", "PAGER"}}
    path = os.pathsep.join(filter(None, (str(ROOT), kept.get("PYTHONPATH"))))
    fixed = {"PYTHONPATH": path, "SEARCHER_TODAY": TODAY, "COLUMNS": "80", "TERM": "xterm"}
    return {**kept, **fixed, **more}


@pytest.fixture
def start(in_seeds: Path) -> Callable[..., subprocess.Popen[bytes]]:
    """Start a command as a process of its own, in the folder of the seeds."""

    def popen(*args: str, env: dict[str, str] | None = None, **more) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "searcher", *args]
        return subprocess.Popen(command, cwd=in_seeds, env=environment(**(env or {})), **more)

    return popen


@pytest.fixture
def finish(start) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run a command as a process of its own; return its code and what it printed."""

    def completed(*args: str, stdin: bytes = b"", env: dict[str, str] | None = None):
        pipe = subprocess.PIPE
        with start(*args, env=env, stdin=pipe, stdout=pipe, stderr=pipe) as process:
            out, err = process.communicate(stdin, timeout=30)
        return subprocess.CompletedProcess(args, process.returncode, out, err)

    return completed


@pytest.fixture
def answer_with(monkeypatch: pytest.MonkeyPatch) -> Callable[[Page], None]:
    """Let every search of the command line return this page."""

    def install(page: Page) -> None:
        @contextmanager
        def opened(*_args, **_options):
            yield PageArchive(page)

        monkeypatch.setattr("searcher.open", opened, raising=False)

    return install


def read_all(ours: int, process: subprocess.Popen[bytes]) -> bytes:
    """Return what the process writes to the terminal until it ends."""
    seen, deadline = b"", time.monotonic() + 20
    while time.monotonic() < deadline:
        if select.select([ours], [], [], 0.05)[0]:
            seen += os.read(ours, 65536)
        elif process.poll() is not None:
            return seen
    raise TimeoutError(seen)
