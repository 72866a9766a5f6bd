"""What the documentation shows is what happens.

Every fenced block of every page is run or checked by its language:

    console   each `$ command` prints just the lines below it; a block without
              a language is one if it begins with `$`
    sh        one command line; what installs or tests has to name things that
              exist, what calls `searcher` is run
    python    run in order, in one namespace a page
    text      what the block before it printed; else the help of a command, or
              a drawing in which every path exists
    json      likewise what a command printed; else it has to be JSON
    toml      parsed, its entry points checked

A page has a folder to itself, with the project's seeds and (except for the
README, which makes its own) an index of them.  It is always 26 February 2026
there.  Times differ from run to run, so `7 ms` stands for any time.  A block
in another language fails: none is passed over.

The tables of docs/query-language.md, and the README's, are read row by row and
run too.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import searcher
from searcher.analysis import tokenize
from searcher.errors import QuerySyntaxError
from searcher.query.expressions import REGEX_SECONDS
from searcher.query.fields import FIELDS
from searcher.query.parser import parse
from searcher.readers import ReadOptions, registry
from searcher.readers.base import BOUNDS as READ_BOUNDS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("seeds/README.md")])
LANGUAGE_PAGE = ROOT / "docs" / "query-language.md"
TODAY = date(2026, 2, 26)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def page_name(page: Path) -> str:
    """Return a page's path from the project's root."""
    return page.relative_to(ROOT).as_posix()


# Blocks.


class Block(NamedTuple):
    """A fenced block: its language, its lines, and where it starts."""

    language: str
    text: str
    where: str


def fenced(page: Path) -> list[Block]:
    """Return the fenced blocks of a page, in order."""
    found: list[Block] = []
    opening: Block | None = None
    indent = ""
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
        fence = re.fullmatch(r"( *)(?:```+|~~~+)(\S*).*", line)
        if not fence:
            shown = line.removeprefix(indent)
            opening = opening and opening._replace(text=f"{opening.text}{shown}\n")
        elif opening is None:
            indent = fence.group(1)
            opening = Block(fence.group(2), "", f"{page_name(page)}:{number}")
        else:
            found.append(opening)
            opening = None
    assert opening is None, f"{opening and opening.where}: this block is never closed"
    return found


def masked(text: str) -> str:
    """Return a text with its times made equal."""
    text = re.sub(r"\b\d+(\.\d+)? m?s\b", "7 ms", text)
    return re.sub(r'("took_s": )[\d.e-]+', r"\g<1>0.007", text).rstrip()


class Runner:
    """Runs the blocks of one page, in a folder of its own.

    `printed` is what the block before printed and didn't show itself; `code` the exit
    code of the last command.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.namespace: dict[str, Any] = {"__name__": "__main__"}
        self.printed = ""
        self.code = 0

    def run(self, block: Block, shown_as_json: bool) -> None:
        """Run a block; fail when it can't be run, or does other than it says."""
        language = block.language or ("console" if block.text.startswith("$ ") else "")
        action = RUNNERS.get(language)
        if action is None:
            pytest.fail(f"{block.where}: no way to run a block in {block.language!r}")
        if language not in ("text", "json"):
            self.all_shown(block.where)
        action(self, block, shown_as_json)

    def all_shown(self, where: str) -> None:
        """Check that nothing was printed that no block shows."""
        assert not self.printed, f"before {where}: this output is not shown: {self.printed}"

    def _console(self, block: Block, shown_as_json: bool) -> None:
        assert block.text.startswith("$ "), f"{block.where}: begin with `$ command`"
        for piece in re.split(r"(?m)^\$ ", block.text)[1:]:
            command, _, expected = piece.partition("\n")
            printed = self.shell(command, block.where, merged=not shown_as_json)
            if shown_as_json and not expected.strip():
                self.printed = printed
            else:
                assert masked(printed) == masked(expected), f"{block.where}: {command}"

    def _sh(self, block: Block, _shown_as_json: bool) -> None:
        (line,) = block.text.splitlines()
        for command in line.split(" && "):
            word, *rest = shlex.split(command)
            if word == "searcher":
                self.printed += self.shell(command, block.where, merged=True)
            else:
                assert word in INSTALLING, f"{block.where}: {word} can't be checked"
                INSTALLING[word](rest)

    def shell(self, command: str, where: str, *, merged: bool) -> str:
        """Run a command line; return what it printed, standard error with it when merged."""
        # The project under test, whether or not its command is installed.
        function = f'searcher() {{ {shlex.quote(sys.executable)} -m searcher "$@"; }}'
        done = subprocess.run(
            ["bash", "-c", f"{function}\n{command}"],
            cwd=self.folder,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if merged else subprocess.PIPE,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        # 126 and 127: bash can't run it; 70: searcher failed.
        assert done.returncode not in (70, 126, 127), f"{where}: {command}: {done.stdout}"
        self.code = done.returncode
        return done.stdout

    def _python(self, block: Block, _shown_as_json: bool) -> None:
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            exec(compile(block.text, block.where, "exec"), self.namespace)  # noqa: S102
        self.printed = output.getvalue()

    def _text(self, block: Block, _shown_as_json: bool) -> None:
        if self.printed:
            assert masked(block.text) == masked(self.printed), block.where
            self.printed = ""
        elif block.text.startswith("Usage: "):
            self._help(block)
        else:
            paths = re.findall(r"[\w./]+/[\w./]*|\w+\.py\b", block.text)
            missing = [path for path in paths if not in_project(path)]
            assert paths, f"{block.where}: no output, no help and no path to check"
            assert not missing, f"{block.where}: not there: {missing}"

    def _help(self, block: Block) -> None:
        """tests/cli holds docs/cli.md to click's own layout; here just what can be typed counts."""
        (command,) = re.findall(r"^Usage: (searcher(?: [a-z]+)?)", block.text)
        printed = self.shell(f"{command} --help", block.where, merged=True)
        flags = re.compile(r"(?<![\w-])--?[a-z][\w-]*")
        assert set(flags.findall(block.text)) == set(flags.findall(printed)), block.where

    def _json(self, block: Block, _shown_as_json: bool) -> None:
        shown = json.loads(masked(block.text))
        if self.printed:
            assert shown == json.loads(masked(self.printed)), block.where
            self.printed = ""

    def _toml(self, block: Block, _shown_as_json: bool) -> None:
        groups = tomllib.loads(block.text)["project"]["entry-points"]
        assert list(groups) == [registry._GROUP], block.where


RUNNERS: dict[str, Callable[[Runner, Block, bool], None]] = {
    "console": Runner._console,
    "sh": Runner._sh,
    "python": Runner._python,
    "text": Runner._text,
    "json": Runner._json,
    "toml": Runner._toml,
}


def environment() -> dict[str, str]:
    """Return the environment that commands run in: no colour, 80 columns, a day in 2026."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SEARCHER_", "NO_", "FORCE_"))}
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {
        **kept,
        "PYTHONPATH": path,
        "PYTHONIOENCODING": "utf-8",
        "SEARCHER_TODAY": TODAY.isoformat(),
        "COLUMNS": "80",
    }


def in_project(path: str) -> bool:
    """Tell whether a path of a drawing is there, in the project or in its package."""
    return any((ROOT / base / path).exists() for base in ("", "searcher"))


# Commands that install or check: run for real by .ci/run, on a fresh clone.


def _python3(rest: list[str]) -> None:
    assert rest == ["-m", "venv", ".venv"]


def _source(rest: list[str]) -> None:
    assert rest == [".venv/bin/activate"]


def _pip(rest: list[str]) -> None:
    command, target = rest[0], rest[-1]
    extras = re.fullmatch(r"\.(?:\[([\w,]+)\])?", target)
    assert command == "install"
    assert extras, f"pip installs {target}, not the project"
    assert set(filter(None, (extras.group(1) or "").split(","))) <= set(
        PROJECT["optional-dependencies"]
    )


def _tool(name: str) -> Callable[[list[str]], None]:
    def check(_rest: list[str]) -> None:
        wanted = [one for extra in PROJECT["optional-dependencies"].values() for one in extra]
        assert any(re.match(rf"{name}\b", one) for one in wanted), f"no extra has {name}"

    return check


def _cd(rest: list[str]) -> None:
    assert (ROOT / rest[0]).is_dir()


def _cargo(rest: list[str]) -> None:
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert f"cargo {rest[0]}" in gate, f".ci/run doesn't run cargo {rest[0]}"


def _gate(rest: list[str]) -> None:
    assert not rest
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


INSTALLING: dict[str, Callable[[list[str]], None]] = {
    "python3": _python3,
    ".": _source,
    "pip": _pip,
    "pytest": _tool("pytest"),
    "ruff": _tool("ruff"),
    "mypy": _tool("mypy"),
    ".ci/run": _gate,
    "cd": _cd,
    "cargo": _cargo,
}


@pytest.fixture(scope="module")
def indexed_seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the README's first command leaves it."""
    folder = tmp_path_factory.mktemp("docs")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    searcher.index([folder / "seeds"], folder / "index")
    return folder


@pytest.fixture
def page_folder(indexed_seeds: Path, tmp_path: Path) -> Path:
    """A copy of that folder."""
    shutil.copytree(indexed_seeds, tmp_path / "page")
    return tmp_path / "page"


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_every_block_runs_and_prints_what_the_page_shows(page, page_folder, monkeypatch):
    if page.name == "README.md":
        shutil.rmtree(page_folder / "index")
    monkeypatch.chdir(page_folder)
    runner = Runner(page_folder)
    blocks = fenced(page)

    for block, following in zip_longest(blocks, blocks[1:]):
        runner.run(block, following is not None and following.language == "json")

    runner.all_shown(f"the end of {page_name(page)}")


def test_the_readme_has_two_commands_that_each_stand_alone():
    """A newcomer's fresh clone has nothing before them, and .ci/run finds them by their start."""
    lines = [b.text.rstrip("\n") for b in fenced(ROOT / "README.md") if b.language == "sh"]

    assert len(lines) == 2
    assert all("\n" not in line for line in lines)
    assert all(
        line.startswith("python3 -m venv .venv && . .venv/bin/activate && ") for line in lines
    )
    assert PROJECT["scripts"]["searcher"] == "searcher.cli:main"


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_every_link_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if target.startswith(("https:", "http:")):
            continue
        name, _, anchor = target.partition("#")
        linked = (page.parent / name).resolve() if name else page
        assert linked.exists(), f"{page_name(page)} links {target}"
        if anchor:
            assert anchor in anchors(linked), f"{page_name(page)} links {target}"


def prose(page: Path) -> str:
    """Return a page without its fenced blocks."""
    return re.sub(r"(?ms)^ *```.*?^ *```$", "", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    titles = re.findall(r"(?m)^#+ (.+)$", prose(page))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


# Tables.


class Row(NamedTuple):
    """One row of a table, under its header, with backticks taken off."""

    header: tuple[str, ...]
    cells: tuple[str, ...]
    where: str


def rows(page: Path) -> Iterator[Row]:
    """Yield the rows of every table of a page."""
    header: tuple[str, ...] = ()
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.startswith("|"):
            header = ()
        elif not header:
            header = cells(line)
        elif not set(line) <= set("|- :"):
            yield Row(header, cells(line), f"{page_name(page)}:{number}")


def cells(line: str) -> tuple[str, ...]:
    """Return the cells of a line; `\\|` is a bar."""
    parts = re.split(r"(?<!\\)\|", line.strip().strip("|"))
    return tuple(re.sub(r"^`(.*)`$", r"\1", part.strip()).replace("\\|", "|") for part in parts)


def check_hits(archive: searcher.Archive, query: str, hits: str, _finds: str) -> None:
    assert archive.count(query) == archive.search(query).total == int(hits)


def check_plain(archive: searcher.Archive, query: str, hits: str, _finds: str) -> None:
    assert archive.count(query, plain=True) == int(hits)


def check_article(archive: searcher.Archive, query: str, hits: str, _finds: str) -> None:
    page = archive.search(query, scope="article")
    assert archive.count(query, scope="article") == page.total == int(hits)


def check_undated(
    archive: searcher.Archive, query: str, hits: str, undated: str, _finds: str
) -> None:
    page = archive.search(query)
    assert (page.total, page.undated) == (int(hits), int(undated))


def check_days(archive: searcher.Archive, query: str, days: str, hits: str, _finds: str) -> None:
    assert str(parse(query, TODAY)) == f"date:{days}"
    assert archive.count(query) == int(hits)


def check_error(archive: searcher.Archive, query: str, column: str, message: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        archive.search(query)
    assert caught.value.column + 1 == int(column)
    assert str(caught.value).startswith(message)


def check_reading(_archive: searcher.Archive, typed: str, read_as: str) -> None:
    tree = parse(typed, TODAY)
    assert str(tree) == read_as
    assert parse(read_as, TODAY) == tree


def check_first(archive: searcher.Archive, query: str, first: str, _because: str) -> None:
    assert archive.search(query, limit=1)[0].id == first


def check_tokens(_archive: searcher.Archive, text: str, tokens: str) -> None:
    assert [token.text for token in tokenize(text)] == tokens.split()


def check_field(archive: searcher.Archive, name: str, read_by: str, query: str, hits: str) -> None:
    assert FIELDS[name].reads == read_by
    assert archive.count(query) == int(hits)


def check_limit(_archive: searcher.Archive, name: str, default: str, _bounds: str) -> None:
    owner = searcher.Limits() if hasattr(searcher.Limits(), name) else ReadOptions()
    assert getattr(owner, name) == float(default.replace(",", ""))


TABLES: dict[tuple[str, ...], Callable[..., None]] = {
    ("Query", "Hits", "Finds"): check_hits,
    ("Query with `--plain`", "Hits", "Finds"): check_plain,
    ("Query with `--scope article`", "Hits", "Finds"): check_article,
    ("Query", "Hits", "Undated", "Finds"): check_undated,
    ("Query", "Days", "Hits", "Finds"): check_days,
    ("Query", "Column", "Message"): check_error,
    ("Typed", "Read as"): check_reading,
    ("Query", "First hit", "Because"): check_first,
    ("Text", "Tokens"): check_tokens,
    ("Field", "Read by", "Query", "Hits"): check_field,
    ("Limit", "Default", "Bounds"): check_limit,
}

RUN_ROWS = [
    *rows(LANGUAGE_PAGE),
    *(row for row in rows(ROOT / "README.md") if row.header[0] == "Query"),
]


@pytest.fixture(scope="module")
def archive(indexed_seeds: Path) -> Iterator[searcher.Archive]:
    """The seeds, open for searching."""
    with searcher.open(indexed_seeds / "index", today=TODAY) as opened:
        yield opened


@pytest.mark.parametrize("row", RUN_ROWS, ids=lambda row: row.where)
def test_every_row_of_a_query_table_does_what_it_says(row, archive):
    assert row.header in TABLES, f"{row.where}: no way to run a table of {row.header}"
    TABLES[row.header](archive, *row.cells)


COMMANDS = [row for row in rows(ROOT / "README.md") if row.header[0] == "Command"]


@pytest.mark.parametrize("row", COMMANDS, ids=lambda row: row.where)
def test_every_command_of_a_table_finds_something(row, page_folder):
    runner = Runner(page_folder)
    printed = runner.shell(row.cells[0], row.where, merged=True)

    assert printed
    # Nothing can have come in since the search was saved a moment ago.
    assert runner.code == (1 if "searcher new" in row.cells[0] else 0), printed


def listed(header: tuple[str, ...]) -> list[str]:
    """Return the first cells of the tables of docs/query-language.md with a header."""
    return [row.cells[0] for row in rows(LANGUAGE_PAGE) if row.header == header]


def test_every_field_and_every_limit_is_listed():
    assert listed(("Field", "Read by", "Query", "Hits")) == list(FIELDS)
    bounds = [f.name for f in fields(searcher.Limits)] + list(READ_BOUNDS)
    assert listed(("Limit", "Default", "Bounds")) == bounds
    assert REGEX_SECONDS == 0.25
    assert "a quarter of a second on one word" in " ".join(prose(LANGUAGE_PAGE).split())
