"""The core adds articles in a thread, and what happens there is told as if it had none."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from searcher.errors import IndexNotWritten
from searcher.indexing import index
from tests.indexing.archives import paragraphs, recount, totals, write_lines
from tests.reliability.operations import told_of

core = pytest.importorskip("searcher._native")

VALUES = "id article kind path language section desk city author source date .alike"
WORDS = "text exact title section_words speaker quoted"
FIELDS = {
    **dict.fromkeys(VALUES.split(" "), "nothing"),
    **dict.fromkeys(WORDS.split(" "), "positions"),
}
FACTS = "path language title city author source date_source url"


def write_many(folder: Path) -> Path:
    """Write more than is added without a thread, or fits into a single write."""
    for part in range(3):
        stories = {
            f"{part}-{n}": "\n\n".join(f"Dam {n * 7919 * k % 99_991} broke." for k in range(1, 40))
            for n in range(400)
        }
        write_lines(folder / f"{part}.jsonl", stories)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("what", ["create", "write"])
def test_what_its_thread_is_refused_ends_the_run_and_changes_nothing(tmp_path, what):
    write_lines(tmp_path / "news" / "first.jsonl", {"a": "Rain fell."})
    index([tmp_path / "news"], tmp_path / "index")
    before, main, refused = contents(tmp_path / "index"), threading.get_ident(), []

    def told(operation: str, path: Path) -> None:
        if operation == what and threading.get_ident() != main:
            refused.append(path)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    write_many(tmp_path / "news")
    with told_of(told), pytest.raises(IndexNotWritten, match="No space left on device"):
        index([tmp_path / "news"], tmp_path / "index", memory_mb=1)

    assert refused
    assert contents(tmp_path / "index") == before
    report = index([tmp_path / "news"], tmp_path / "index")
    assert report.added.articles == 1200
    assert totals(tmp_path / "index") == recount(tmp_path / "index")


def test_what_the_segment_is_refused_is_told_whatever_is_read_ahead_of_it(tmp_path):
    """Postings that were put aside, and are left in the middle, aren't torn."""
    main, refused = threading.get_ident(), []

    def told(operation: str, path: Path) -> None:
        if operation == "write" and threading.get_ident() == main and ".nat" in path.name:
            refused.append(path)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    write_many(tmp_path / "news")
    with told_of(told), pytest.raises(IndexNotWritten, match="No space left on device"):
        index([tmp_path / "news"], tmp_path / "index", memory_mb=1)

    assert refused


def test_a_run_that_ends_while_it_adds_leaves_no_file(tmp_path):
    def stop(state):
        if state.articles > 700:
            raise KeyboardInterrupt

    write_many(tmp_path / "news")
    with pytest.raises(KeyboardInterrupt):
        index([tmp_path / "news"], tmp_path / "index", progress=stop)

    assert {path.name for path in (tmp_path / "index").iterdir()} == {
        "MAIN_WRITELOCK",
        "_MAIN_0.toc",
    }
    index([tmp_path / "news"], tmp_path / "index")
    index([tmp_path / "news"], tmp_path / "fresh", codec="stock")
    assert paragraphs(tmp_path / "index") == paragraphs(tmp_path / "fresh")


def article(name: str, *texts: str) -> SimpleNamespace:
    """Return what the core reads of an article."""
    blocks = tuple(
        SimpleNamespace(kind="text", text=text, start_char=0, end_char=9, level=0, quotes=())
        for text in texts
    )
    return SimpleNamespace(
        **dict.fromkeys(FACTS.split(" "), ""),
        id=name,
        title_span=(0, 0),
        date=None,
        desk=(),
        blocks=blocks,
        start_char=0,
    )


def stem(word: str) -> str:
    if word == "bad":
        raise ValueError("no stem")
    return word.rstrip("s")


def segment(path: Path, *articles: SimpleNamespace) -> bytes:
    """Return the segment of those articles that the core doesn't refuse."""
    specs = [(name, carries, carries == "positions") for name, carries in FIELDS.items()]
    builder = core.Builder(str(path), specs, 1 << 20)
    analysis = core.Analysis(stem, str.split, str.lower, lambda day: b"")
    for one in articles:
        try:
            builder.add(one, 1, "news.txt", analysis)
        except ValueError as error:
            assert str(error) == "no stem"
    builder.finish()
    return path.read_bytes()


def test_an_article_that_is_refused_halfway_leaves_nothing(tmp_path):
    good = [article(f"good{n}", f"Rain falls {n}.", "New rain.") for n in range(1000)]
    bad = [article(f"bad{n}", f"New words {n}.", "A bad one.") for n in range(1000)]
    mixed = [one for pair in zip(good, bad, strict=True) for one in pair]

    assert segment(tmp_path / "mixed", *mixed) == segment(tmp_path / "good", *good)
