"""The command as a shell starts it: streams, encodings, terminals, signals, speed."""

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from searcher.cli.rendering import FORMATS
from tests.cli.conftest import environment, read_all

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


def test_python_m_searcher_is_the_command(finish):
    done = finish("query", "Tomahawk", "-c")

    assert (done.returncode, done.stdout, done.stderr) == (0, b"5\n", b"")


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    "arguments",
    [
        *(["--format", name, "-n", "1000"] for name in FORMATS),
        *([option, "--since", "1999"] for option in ("-c", "-l", "-0")),
        ["-n", "1"],
    ],
    ids=" ".join,
)
def test_a_closed_pipe_is_quiet(start, arguments, unbuffered):
    """`searcher query … | head -1` ends without a word, not even the summary."""
    pipe, variables = subprocess.PIPE, {"PYTHONUNBUFFERED": unbuffered}
    with start("query", "*", *arguments, env=variables, stdout=pipe, stderr=pipe) as process:
        process.stdout.close()
        said = process.stderr.read()
        code = process.wait(20)

    assert (code, said) == (141, b"")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_pipe_closed_half_way_is_noticed(start, unbuffered):
    """Without a buffer Python drops what a pipe didn't take, and says nothing."""
    pipe, variables = subprocess.PIPE, {"PYTHONUNBUFFERED": unbuffered}
    arguments = ("query", "*", "-C", "40", "--format", "json", "-n", "100")
    with start(*arguments, env=variables, stdout=pipe, stderr=pipe) as process:
        process.stdout.read(1)
        process.stdout.close()
        said = process.stderr.read()
        code = process.wait(20)

    assert (code, said) == (141, b"")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_is_one_line(start, unbuffered):
    variables = {"PYTHONUNBUFFERED": unbuffered}
    with (
        Path("/dev/full").open("wb") as full,
        start("query", "*", env=variables, stdout=full, stderr=subprocess.PIPE) as process,
    ):
        said = process.stderr.read()
        code = process.wait(20)

    assert code == 70
    assert said.count(b"\n") == 1
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
    assert said.splitlines()[-1] == b"searcher: interrupted"
    assert b"Traceback" not in said


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


@pytest.mark.parametrize("pager", ["false", "sh -c 'exit 3'", "less --no-such-option"])
@pytest.mark.parametrize("count", ["12", "1000"])
def test_a_pager_that_fails_at_once_does_not_swallow_the_results(start, pager, count):
    """Whether or not the results fit into the pipe to it."""
    arguments = ("query", "*", "-n", count, "-C", "3")
    with (
        terminal() as (ours, theirs),
        start(*arguments, env={"PAGER": pager}, stdout=theirs, stderr=subprocess.PIPE) as process,
    ):
        seen = read_all(ours, process)

    assert process.returncode == 0
    assert seen.count(b"#p") >= int(count) or count == "1000"
    assert seen.count(b"#p") > 10


def test_a_pager_that_was_read_and_then_failed_does_not_print_it_twice(start):
    with terminal() as (ours, theirs):
        slow = {"PAGER": "sh -c 'cat >/dev/null; sleep 1.2; exit 2'"}
        with start("query", "*", "-n", "50", env=slow, stdout=theirs) as process:
            seen = read_all(ours, process)

    assert seen == b""


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
