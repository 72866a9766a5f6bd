"""What killed runs left goes with the next run, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest

from searcher.indexing import index
from searcher.indexing.lock import NOTE_NAME, write_lock
from searcher.indexing.sweep import Commit, leftovers
from tests.indexing.archives import codecs, paragraphs, write_lines

JUNK = (
    "MAIN_0123456789abcdef.nat",
    "MAIN_0123456789abcdef.trm",
    "_MAIN_0.toc",
    "_MAIN_1.toc.1700000000.5",
    "_MAIN_0.segments",
    "_MAIN_1.segments.new",
    "._MAIN_1.segments.77.1",
    f".{NOTE_NAME}.77.1",
    NOTE_NAME,
    "MAIN.tmp/0.run",
)
KEPT = ("synonyms.txt", "searches.json", ".searches.lock", ".gitignore", ".searches.json.77.1")


@pytest.fixture(params=codecs())
def into(request, tmp_path: Path) -> Path:
    """An index with what killed runs may leave, and what is no business of a run."""
    write_lines(tmp_path / "news" / "a.jsonl", {"a": "Rain."})
    folder = tmp_path / "index"
    index([tmp_path / "news"], folder, codec=request.param)
    (segment,) = (one for one in folder.iterdir() if one.suffix in (".nat", ".seg"))
    for name in (*JUNK, *KEPT, f"{segment.name}.terms"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"left")
    return folder


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def is_clean(folder: Path) -> bool:
    return not any(leftovers(folder, Commit.of(folder))) and NOTE_NAME not in names(folder)


def test_a_run_with_nothing_to_do_removes_what_was_left(into, tmp_path):
    before = paragraphs(into)
    assert not index([tmp_path / "news"], into).wrote

    assert is_clean(into)
    assert len(names(into) - set(KEPT) - {"MAIN_WRITELOCK"}) <= 3, "table, list and segment"
    assert set(KEPT) <= names(into)
    assert paragraphs(into) == before


def test_a_run_that_writes_removes_what_was_left_before_it_begins(into, tmp_path):
    """What was left may be what it needs the room of."""
    write_lines(tmp_path / "news" / "b.jsonl", {"b": "Hail."})
    seen = []
    index(
        [tmp_path / "news"], into, progress=lambda state: seen.append("MAIN_01" in str(names(into)))
    )

    assert not seen[-1], "gone when the run has written its first file"
    assert is_clean(into)
    assert set(KEPT) <= names(into)


def test_nothing_is_removed_while_somebody_writes(into, tmp_path):
    with write_lock(into, 0):
        before = names(into)
        index([tmp_path / "news"], into)
        assert names(into) == before


def test_a_dry_run_removes_nothing(into, tmp_path):
    before = names(into)
    index([tmp_path / "news"], into, dry_run=True)

    assert names(into) == before
