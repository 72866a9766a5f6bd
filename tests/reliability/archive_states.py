"""An archive whose every state is known, and what an index may hold of it.

In state k, file k % FILES was rewritten last: its stories say so.  A run takes
the index from one state to the next, so an index that was cut short has to
hold one of the two, whole.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import searcher
from searcher.indexing import index
from searcher.model import Paragraph
from tests.indexing.archives import paragraphs, recount, totals, write_lines

FILES = 5
STORIES = 4

State = dict[str, Paragraph]
ALWAYS = {"MAIN_WRITELOCK"}


def write_state(news: Path, state: int) -> None:
    """Rewrite the file that is new in a state."""
    file = state % FILES
    stories = {f"{file}-{n}": f"Rain {n} in {_name(state)}.\n\nDry." for n in range(STORIES)}
    write_lines(news / f"wire{file}.jsonl", stories)


def _name(state: int) -> str:
    return f"week{state}"


def write_states(news: Path, last: int) -> None:
    """Write the archive as it is in a state."""
    for state in range(max(0, last - FILES + 1), last + 1):
        write_state(news, state)


def state_of(into: Path) -> set[int]:
    """Return the states whose stories an index holds, after checking that it is sound.

    Sound means: it opens, its totals are those of its documents, the engine
    finds what is stored, and no article is there in part.
    """
    held = paragraphs(into)
    assert totals(into) == recount(into)
    with searcher.open(into) as archive:
        assert archive.count("*") == len([one for one in held.values() if one.kind != "caption"])
        assert archive.count("rain") == len([one for one in held.values() if "Rain" in one.text])
    weeks = [one.text.split("week")[1] for one in held.values() if "week" in one.text]
    states = {int(week.rstrip(".")) for week in weeks}
    assert all(weeks.count(f"{state}.") == STORIES for state in states), weeks
    return states


def expected(state: int) -> set[int]:
    """Return the states whose stories an index of a state holds."""
    return set(range(max(0, state - FILES + 1), state + 1))


def assert_no_junk(into: Path) -> None:
    """Check that a folder holds the newest commit and nothing else."""
    from whoosh.index import open_dir

    toc = open_dir(str(into))._read_toc()
    files = {f"_MAIN_{toc.generation}.toc"}
    for segment in toc.segments:
        files.add(getattr(segment, "file_name", segment.make_filename(".seg")))
    lists = {f"_MAIN_{toc.generation}.segments"}
    found = {path.name for path in into.iterdir()} - ALWAYS
    assert found - lists == files, found ^ files


@dataclass(frozen=True)
class Scenario:
    """A run that is cut short, and the index that it starts from.

    Attributes:
        news: folder of the articles, as they are after the run.
        base: the index before it; may not exist.
        run: does the run on a copy of the base.
        before, after: the states, as `state_of` tells them.
    """

    news: Path
    base: Path
    run: Callable[[Path], object]
    before: set[int]
    after: set[int]

    def copy(self) -> Path:
        """Return a fresh copy of the base, beside it: an index knows its sources from there."""
        into = self.base.with_name("cut")
        shutil.rmtree(into, ignore_errors=True)
        if self.base.exists():
            shutil.copytree(self.base, into)
        return into

    def check_cut(self, into: Path, *, acknowledged: bool = False) -> None:
        """Check an index whose run was cut short, and that the next run completes it."""
        if not acknowledged and not any(into.glob("*.toc")):
            assert not self.before
        else:
            assert state_of(into) in ([self.after] if acknowledged else [self.before, self.after])

    def check_next_run(self, into: Path) -> None:
        """Check that the next run completes the index and leaves no junk."""
        index([self.news], into)
        assert state_of(into) == self.after
        assert_no_junk(into)


SCENARIOS = ("first", "add", "merge", "rebuild", "delete")
_BEFORE = {"first": -1, "add": 3, "merge": 9, "rebuild": 4, "delete": 4}


def scenario(place: Path, name: str, codec: str) -> Scenario:
    """Make a scenario: the first commit, one more, one that merges, a rebuild, a deletion."""
    place.mkdir(parents=True)
    news, base = place / "news", place / "index"
    last = _BEFORE[name]
    for state in range(last + 1):
        write_state(news, state)
        index([news], base, codec=codec)
    after = expected(last + 1)
    if name == "delete":
        (news / "wire0.jsonl").unlink()
        after = expected(last) - {0}
    else:
        write_state(news, last + 1)

    def run(into: Path) -> object:
        return index([news], into, codec=codec, rebuild=name == "rebuild")

    before: set[int] = expected(last) if last >= 0 else set()
    return Scenario(news, base, run, before, after)
