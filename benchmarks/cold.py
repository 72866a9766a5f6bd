"""The cold start: a fresh process that opens an index, asks it once and prints ten hits.

Two baselines stand beside it: `python -c pass`, which no Python program can
beat, and `whoosh search`, the command line that comes with Whoosh, on an index
of the same articles that it built itself (a file an article, where searcher
has a document a paragraph, so its counts are of articles).

Commands take turns, A B C A B C, so that a slow minute of the machine slows
all of them; a figure is the median of the ratios within a turn.
"""

from __future__ import annotations

import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

import searcher

QUERIES = ("zaire", "oil", "trade deficit", '"trade deficit"')


@dataclass(frozen=True)
class Command:
    """A command to time.

    Attributes:
        name: its row in the table.
        argv: what is run.
        hits: what it finds, as it prints it; empty for a command that finds nothing.
    """

    name: str
    argv: Sequence[str]
    hits: str = ""


def table(corpus: Path, work: Path, runs: int) -> str:
    """Return a Markdown table of ratios; builds both indexes first where they are missing.

    Args:
        corpus: folder of articles.
        work: where the indexes are kept.
        runs: turns; the first one more is not counted.
    """
    index, files = _searcher_index(corpus, work), _whoosh_index(corpus, work)
    lines = [f"Median of {runs} turns. {_versions()}", ""]
    lines += [
        "| command | hits | × `python -c pass` | × `whoosh search` |",
        "| --- | --- | --- | --- |",
    ]
    for query in QUERIES:
        commands = [
            Command("python -c pass", [sys.executable, "-c", "pass"]),
            _whoosh(query, files),
            _searcher(query, index),
        ]
        lines += _rows(query, commands, turns(commands, runs))
    return "\n".join(lines)


def _rows(query: str, commands: Sequence[Command], turns: list[list[float]]) -> list[str]:
    rows = []
    for at, command in list(enumerate(commands))[1:]:
        to_pass, to_whoosh = (median(turn[at] / turn[base] for turn in turns) for base in (0, 1))
        name = f"`{command.name} {query}`"
        rows.append(f"| {name} | {command.hits} | {to_pass:.1f} | {to_whoosh:.2f} |")
    return rows


def turns(commands: Sequence[Command], runs: int) -> list[list[float]]:
    """Return the seconds of each command in each turn; a first turn isn't counted."""
    turns = [[_seconds(command.argv) for command in commands] for _ in range(runs + 1)]
    return turns[1:]


def _seconds(argv: Sequence[str]) -> float:
    started = time.perf_counter()
    subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def _output(argv: Sequence[str]) -> str:
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip()


def _searcher(query: str, index: Path) -> Command:
    argv = [sys.executable, "-m", "searcher", "query", query, "-i", str(index)]
    return Command("searcher query", argv, _output([*argv, "-c"]))


def _whoosh(query: str, files: Path) -> Command:
    argv = [str(Path(sys.executable).with_name("whoosh")), "search", query, str(files)]
    return Command("whoosh search", argv, _output([*argv, "--count"]))


def _searcher_index(corpus: Path, work: Path) -> Path:
    index = work / "searcher" / "index"
    searcher.index([corpus], index)
    return index


def _whoosh_index(corpus: Path, work: Path) -> Path:
    """Write each article as a text file and let Whoosh index the folder."""
    files = work / "whoosh"
    if not (files / ".whoosh_index").exists():
        files.mkdir(parents=True, exist_ok=True)
        with searcher.open(_searcher_index(corpus, work)) as archive:
            _write_articles(archive, lambda name: files / f"{name}.txt")
        whoosh = str(Path(sys.executable).with_name("whoosh"))
        subprocess.run([whoosh, "index", str(files)], check=True, stdout=subprocess.DEVNULL)
    return files


def _write_articles(archive: searcher.Archive, path: Callable[[str], Path]) -> None:
    texts: dict[str, list[str]] = {}
    for paragraph in archive.paragraphs():
        texts.setdefault(paragraph.article, []).append(paragraph.text)
    for at, several in enumerate(texts.values()):
        path(f"{at:06}").write_text("\n\n".join(several), encoding="utf-8")


def _versions() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("whoosh3", "click"))
    python = f"Python {platform.python_version()}, {platform.machine()}"
    return f"searcher {searcher.__version__}, {packages}, {python}."
