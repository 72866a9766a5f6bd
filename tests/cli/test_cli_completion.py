"""What Tab offers, and that it never prints an error."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from searcher.cli import completion
from tests.cli.conftest import environment, read_all

SHELLS = ("bash", "zsh", "fish")


def offered(run, line: str, **env: str) -> list[str]:
    """Return what bash would offer behind the line."""
    asked = {"_SEARCHER_COMPLETE": "bash_complete", "COMP_LINE": line, **env}
    result = run(env=asked)
    assert (result.exit_code, result.stderr) == (0, "")
    return [row.split(",", 1)[1] for row in result.stdout.splitlines()]


@pytest.mark.parametrize(
    ("line", "among"),
    [
        ("searcher q", "query"),
        ("searcher query --fac", "--facet"),
        ("searcher query sec", "section:"),
        ("searcher query -sec", "-section:"),
        ("searcher query section:Break", r"Breakthrough\ Elusive"),
        (r"searcher query section:Breakthrough\ El", r"Breakthrough\ Elusive"),
        ('searcher query section:"Break', "Breakthrough Elusive"),
        ("searcher query section:'Breakthrough El", "Breakthrough Elusive"),
        ('searcher query -section:"Break', "Breakthrough Elusive"),
        ('searcher query "section:Break', "section:Breakthrough Elusive"),
        ("searcher query 'section:\"Break", 'section:"Breakthrough Elusive"'),
        ('searcher query x --section "Break', "Breakthrough Elusive"),
        ("searcher query kind:cap", "caption"),
        ("searcher query desk:wea", "Weather"),
        ("searcher query x --section Break", r"Breakthrough\ Elusive"),
        ("searcher query x --desk ", "World"),
        ("searcher query x --kind h", "heading"),
        ("searcher show seeds/tom", "seeds/tomahawk-river-flood.html"),
        ("searcher completion f", "fish"),
    ],
)
def test_bash_offers(run, in_seeds, line, among):
    assert among in offered(run, line)


@pytest.mark.parametrize(
    "line", ["searcher query section:", "searcher show ", "searcher query 'a b"]
)
def test_without_an_index_it_offers_less_and_says_nothing(run, tmp_path, monkeypatch, line):
    monkeypatch.chdir(tmp_path)

    assert offered(run, line) == []


@pytest.mark.parametrize("instruction", ["bash_complete", "nushell_complete", "x", "bash_nothing"])
def test_nonsense_from_the_shell_is_quiet(run, instruction):
    result = run(env={"_SEARCHER_COMPLETE": instruction, "SEARCHER_TODAY": "nonsense"})

    assert result.stderr == ""


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_gets_a_script(run, shell):
    result = run("completion", shell)

    assert result.exit_code == 0
    assert f"_SEARCHER_COMPLETE={shell}_complete" in result.stdout
    if shutil.which(shell):
        check = [shell, "--no-execute"] if shell == "fish" else [shell, "-n"]
        subprocess.run(check, input=result.stdout.encode(), check=True, capture_output=True)


@pytest.mark.parametrize(
    ("value", "quote", "inserted"),
    [
        ('the $1 "deal"', '"', r"the \$1 \"deal\""),
        ("the $1 deal", "'", "the $1 deal"),
        ("the $1 deal", "", r"the\ \$1\ deal"),
        ("Sotheby's", "'", r"Sotheby'\''s"),
    ],
)
def test_a_value_is_escaped_as_its_quote_wants_it(value, quote, inserted):
    assert completion.escaped(value, quote) == inserted


@pytest.fixture
def program(run, tmp_path) -> Path:
    """A folder with `searcher` as a program, and the script that completes it."""
    program = tmp_path / "searcher"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m searcher "$@"\n')
    program.chmod(0o755)
    (tmp_path / "script").write_text(run("completion", "bash").stdout)
    return tmp_path


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash")
@pytest.mark.parametrize(
    "typed",
    [
        "section:Break",
        'section:"Break',
        "section:'Break",
        '"section:Break',
        "'section:\"Break",
        '--section "Break',
    ],
)
def test_what_tab_makes_of_it_finds_the_section(program, in_seeds, typed):
    """In a bash at a terminal, Tab and Enter: readline decides what is replaced and closed."""
    ours, theirs = pytest.importorskip("pty", reason="no terminals on this system").openpty()
    variables = environment(PATH=f"{program}{os.pathsep}{os.environ['PATH']}", INPUTRC=os.devnull)
    with subprocess.Popen(
        ["bash", "--noprofile", "--norc", "-i"],
        cwd=in_seeds,
        env=variables,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as shell:
        count = program / "count"
        os.write(ours, f". {program}/script\nsearcher query {typed}\t -c >{count}; exit\n".encode())
        read_all(ours, shell)
    os.close(ours)
    os.close(theirs)

    assert count.read_text() == "5\n"


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash")
def test_bash_completes_a_section(program, in_seeds):
    """The script in a real bash, as Tab would call it."""
    line = "searcher query section:Break"
    ask = (
        f'. "{program}/script"; COMP_LINE="{line}"; COMP_POINT={len(line)}; '
        "COMP_WORDS=(searcher query section : Break); COMP_CWORD=4; "
        '_searcher_completion searcher; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    path = f"{program}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", ask],
        env=environment(PATH=path),
        cwd=in_seeds,
        capture_output=True,
        check=True,
    )

    assert done.stdout == b"Breakthrough\\ Elusive\n"
    assert done.stderr == b""
