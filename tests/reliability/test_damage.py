"""R6: damage is named, never answered from."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import searcher
from searcher.errors import IndexUnreadable
from searcher.indexing.codecs import NATIVE
from searcher.saved.store import Store
from tests.conftest import TODAY
from tests.indexing.archives import codecs
from tests.reliability.mutations import damage

pytestmark = pytest.mark.damages

RUNS, RUNS_IN_FULL = 120, 2_000
"""Mutations, over both codecs."""

ASKED = (
    *("oil", '"oil prices"', "pri*", "title:dam", "-oil", "exact(Oil)", "date:2026"),
    *("oil NEAR/3 rose", "said:smith", "desk:world", "*"),
)


def build(folder: Path, codec: str) -> Path:
    """Make an index of several commits, with deletions and a saved search."""
    news = folder / "news"
    news.mkdir()
    # A run merges what is smaller than it adds: with this the first segment stays.
    (news / "long.txt").write_text("\n\n".join(f"Rain fell {n} times." for n in range(40)))
    for round_ in range(3):
        for number in range(4):
            text = f"Oil prices rose {number}.\n\nThe dam broke, round {round_}, said Ann Smith."
            day = f"2026-02-{number + 1:02}"
            (news / f"{round_ % 2}-{number}.md").write_text(
                f"---\ntitle: A dam {number}\ndate: {day}\nsection: World\n---\n{text}\n"
            )
        searcher.index([news], folder / "index", codec=codec)
    with searcher.open(folder / "index", today=TODAY) as archive:
        archive.saved.save("oil", "oil")
    return folder / "index"


@pytest.fixture(scope="module", params=codecs())
def whole(request, tmp_path_factory):
    """The folder of an index, and what it answers."""
    index = build(tmp_path_factory.mktemp(f"whole-{request.param}"), request.param)
    return index, everything(index)


def everything(index: Path):
    """Return what an index answers: hits, counts, facets, articles, stored searches, words."""
    with searcher.open(index, today=TODAY) as archive:
        pages = [archive.search(text, facets=("desk", "year"), limit=50) for text in ASKED]
        return (
            [[(hit.id, hit.score, hit.text, hit.spans) for hit in page] for page in pages],
            [(page.total, page.articles, page.facets) for page in pages],
            archive.stats().by_kind,
            [archive.get(hit.article).text for hit in pages[0]],
            list(archive.suggest("pr")),
            [search.as_dict() for search in Store(index).read().values()],
        )


def test_damage_is_named_and_never_answered_from(whole, tmp_path, full):
    """Every mutation ends in an error that names a file, or the answers are right.

    Where they are right, because the bytes were not read, `check` names the damage.
    """
    index, expected = whole
    # What tells who writes, and what is empty, is not read for any answer.
    unread = ("MAIN_WRITELOCK", "searcher-writer.json", ".searches.lock")
    runs = (RUNS_IN_FULL if full else RUNS) // len(codecs())
    seen = {"refused": 0, "right": 0}
    for seed in range(runs):
        rng = random.Random(seed)  # noqa: S311 (not a secret)
        copy = tmp_path / "index"
        shutil.copytree(index, copy)
        files = sorted(path for path in copy.iterdir() if path.name not in unread)
        done = damage(files, rng)
        changed = [f for f in files if f.read_bytes() != (index / f.name).read_bytes()]
        if changed:
            seen[outcome(copy, expected, done, [file.name for file in changed])] += 1
        shutil.rmtree(copy)
    assert seen["refused"] > runs / 2


def outcome(copy: Path, expected, done: str, names: list[str]) -> str:
    """Return how the index took the damage; fail where it was wrong about it."""
    findings = named_by_check(copy)
    assert findings, f"{done}: check found nothing"
    assert any(name in findings for name in names), f"{done}: check said {findings}"
    try:
        found = everything(copy)
    except searcher.SearcherError as error:
        assert any(name in str(error) for name in names), f"{done}: {error}"
        return "refused"
    assert found == expected, f"{done}: wrong, without a word"
    return "right"


def named_by_check(index: Path) -> str:
    """Return all that a check says is wrong."""
    try:
        found = searcher.check(index, quick=True).findings
    except searcher.SearcherError as error:
        return str(error)
    return " ".join(f"{one.file} {one.problem}" for one in found)


def test_a_file_that_is_gone_is_named(whole, tmp_path):
    """Its list can be made anew, and nobody can tell that there were saved searches."""
    index, expected = whole
    names = sorted(path.name for path in index.glob("*MAIN_*.*"))
    for name in names:
        copy = shutil.copytree(index, tmp_path / name)
        (copy / name).unlink()
        checked = searcher.check(copy, quick=True)
        assert any(name in f"{one.file} {one.problem}" for one in checked.findings) or (
            name.endswith(".segments") and name in " ".join(checked.notes)
        )
        if name.endswith(".segments"):
            assert everything(copy) == expected
        else:
            with pytest.raises(IndexUnreadable, match=f"{name}.*searcher repair"):
                everything(copy)
        searcher.repair(copy)
        assert searcher.check(copy).is_whole
        if name.endswith(".toc"):
            assert everything(copy) == expected


CUT = """
import sys, pathlib, searcher
index = pathlib.Path(sys.argv[1])
with searcher.open(index) as archive:
    whole = [hit.id for hit in archive.search("dam", sort="newest")]
    archive.search("oil")
    for path in index.glob("MAIN_*.*"):
        with path.open("r+b") as file:
            file.truncate(path.stat().st_size // 2)
    try:
        assert [hit.id for hit in archive.search("dam", sort="newest")] == whole
    except searcher.SearcherError as error:
        print(error)
"""


@pytest.mark.parametrize("codec", codecs())
def test_a_segment_that_is_cut_between_two_searches_is_named(tmp_path, codec):
    """In a process of its own: what is promised is that no signal ends it.

    What of Whoosh's segments was copied into memory before is answered from.
    """
    index = build(tmp_path, codec)
    done = subprocess.run(
        [sys.executable, "-c", CUT, str(index)], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    if codec == NATIVE:
        assert "MAIN_" in done.stdout
        assert "searcher repair" in done.stdout
