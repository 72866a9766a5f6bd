"""The command as a shell starts it: streams, encodings, terminals, signals, speed."""

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import environment

pty = pytest.importorskip("pty", reason="no terminals on this system")

SGR = re.compile(rb"\x1b\[[0-9;]*m")


@contextmanager
def terminal():
    """Open a terminal of 24 lines; yield its two ends."""
    ours, theirs = pty.openpty()
    try:
        yield ours, theirs
    finally:
        for end in (ours, theirs):
            os.close(end)


def read_all(ours: int, process: subprocess.Popen[bytes]) -> bytes:
    """Return what the process writes to the terminal until it ends."""
    seen, deadline = b"", time.monotonic() + 20
    while time.monotonic() < deadline:
        if select.select([ours], [], [], 0.05)[0]:
            seen += os.read(ours, 65536)
        elif process.poll() is not None:
            return seen
    raise TimeoutError(seen)


def test_python_m_searcher_is_the_command(finish):
    done = finish("query", "Tomahawk", "-c")

    assert (done.returncode, done.stdout, done.stderr) == (0, b"5\n", b"")


def test_a_closed_pipe_is_quiet(start):
    """`searcher query … | head -1` ends without a word."""
    with start(
        "query",
        "*",
        "-n",
        "1000",
        "--format",
        "jsonl",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.close()
        said = process.stderr.read()
        code = process.wait(20)

    assert (code, said) == (141, b"")


def test_a_full_disk_is_one_line(start):
    with (
        Path("/dev/full").open("wb") as full,
        start("query", "*", stdout=full, stderr=subprocess.PIPE) as process,
    ):
        said = process.stderr.read()
        code = process.wait(20)

    assert code == 70
    assert b"No space left" in said
    assert b"Traceback" not in said
    assert b"Exception ignored" not in said


def test_ctrl_c_is_quiet(start):
    """It waits for a query that never comes, and is interrupted."""
    pipe = subprocess.PIPE
    with start("query", "-", stdin=pipe, stdout=pipe, stderr=pipe) as process:
        process.stdin.write(b"Tomahawk\n")
        process.stdin.flush()
        process.stdout.read(1)
        process.send_signal(signal.SIGINT)
        code = process.wait(20)
        said = process.stderr.read()

    assert code == 130
    assert b"Traceback" not in said
    assert b"Interrupt" not in said


def test_an_encoding_without_letters_gets_escapes(finish):
    ascii_only = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    text = finish("query", "Zelenskyy wrote", "-n", "1", env=ascii_only)
    line = finish("query", "Zelenskyy wrote", "-n", "1", "--format", "jsonl", env=ascii_only)
    page = finish("query", "Zelenskyy wrote", "-n", "1", "--format", "html", env=ascii_only)

    assert text.returncode == 0
    assert rb"\u201c" in text.stdout
    assert "“" in json.loads(line.stdout)["text"]
    assert b"&#8220;" in page.stdout


@pytest.mark.parametrize(
    ("variables", "arguments", "coloured"),
    [
        ({}, [], False),
        ({}, ["--color", "always"], True),
        ({"FORCE_COLOR": "1"}, [], True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], False),
        ({"NO_COLOR": "1"}, ["--color", "always"], True),
        ({"FORCE_COLOR": "1"}, ["--color", "never"], False),
    ],
)
def test_colour_into_a_pipe(run, in_seeds, variables, arguments, coloured):
    out = run("query", "Tomahawk", *arguments, env=variables).stdout

    assert ("\x1b[" in out) == coloured


@pytest.mark.parametrize(("variables", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colour_on_a_terminal(start, variables, coloured):
    with (
        terminal() as (ours, theirs),
        start("query", "Tomahawk", "-n", "1", env=variables, stdout=theirs) as process,
    ):
        seen = read_all(ours, process)

    assert b"Tomahawk" in seen
    assert bool(SGR.search(seen)) == coloured


@pytest.mark.parametrize(
    ("arguments", "variables", "paged"),
    [
        (["*", "-n", "50"], {}, True),
        (["Tomahawk", "-n", "1"], {}, False),
        (["*", "-n", "50", "--no-pager"], {}, False),
        (["*", "-n", "50"], {"NO_PAGER": "1"}, False),
        (["*", "-n", "50"], {"PAGER": "no-such-pager"}, False),
        (["*", "-c"], {}, False),
    ],
)
def test_long_results_are_paged_on_a_terminal(start, tmp_path, arguments, variables, paged):
    paged_to = tmp_path / "paged"
    pager = {"PAGER": f"sh -c 'cat >{paged_to}'", **variables}
    with (
        terminal() as (ours, theirs),
        start("query", *arguments, env=pager, stdout=theirs) as process,
    ):
        seen = read_all(ours, process)

    assert paged_to.exists() == paged
    assert paged == (b"\x1b[1m" not in seen and not seen)
    assert not paged or SGR.search(paged_to.read_bytes())


def test_a_pager_left_early_is_no_error(start):
    with terminal() as (ours, theirs):
        pipe = subprocess.PIPE
        arguments = ("query", "*", "-n", "1000", "-C", "3")
        with start(*arguments, env={"PAGER": "true"}, stdout=theirs, stderr=pipe) as process:
            read_all(ours, process)
            said = process.stderr.read()

    assert process.returncode == 0
    assert said.startswith(b"6")
    assert said.count(b"\n") == 1


def test_less_gets_colours_and_nothing_else(start):
    """`less -R` passes colour; `-F` lets a short answer stay on the screen."""
    with terminal() as (ours, theirs):
        show = {"PAGER": "sh -c 'cat >/dev/null; echo LESS=$LESS'"}
        with start("query", "*", "-n", "50", env=show, stdout=theirs) as process:
            seen = read_all(ours, process)

    assert b"LESS=FRX" in seen


def news(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number}.txt").write_text(f"date 2026-01-01 Report {number} of the harbour.\n")
    return folder


def index_process(tmp_path: Path, *arguments: str, **streams) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "searcher", "index", *arguments]
    return subprocess.Popen(command, cwd=tmp_path, env=environment(), **streams)


def test_progress_shows_on_a_terminal_and_is_wiped_out(tmp_path):
    news(tmp_path / "seeds", 30)
    with terminal() as (ours, theirs), index_process(tmp_path, stderr=theirs) as process:
        seen = read_all(ours, process).decode()

    assert re.search(r"\r\x1b\[K\[[# ]{20}\] \d+/30 files  [\d,]+ paragraphs  [\d,]+/s", seen)
    assert "\r\x1b[Kadded" in seen
    assert process.returncode == 0


def test_progress_stays_away_from_a_file(tmp_path):
    news(tmp_path / "seeds", 3)
    with index_process(tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        out, said = process.communicate(timeout=20)

    assert out == b""
    assert b"\r" not in said
    assert b"\x1b" not in said
    assert said.splitlines()[0].split() == b"added 3 articles 3 paragraphs".split()


def test_help_loads_neither_whoosh_nor_the_index():
    code = (
        "import sys; from searcher.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('whoosh', 'snowballstemmer')\n"
        "       or m.startswith(('searcher.archive', 'searcher.engines', 'searcher.indexing'))])"
    )
    for arguments in (
        ["--help"],
        ["--version"],
        ["query", "--help"],
        ["index", "-h"],
        ["show", "-h"],
    ):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env=environment(),
            capture_output=True,
            check=True,
        )
        assert done.stdout.splitlines()[-1] == b"[]"
