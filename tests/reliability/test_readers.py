"""R4 and R5: readers see the old index or the new one, and never feel a writer."""

from __future__ import annotations

import gc
import os
import shutil
import threading
import time
from collections.abc import Callable
from importlib import import_module
from itertools import count
from pathlib import Path

import pytest

import searcher
from searcher.indexing import index
from searcher.indexing.segment_list import generation_of
from tests.indexing.archives import codecs, recount, totals, write_lines
from tests.reliability.archive_states import assert_no_junk
from tests.reliability.forks import fork, needs_fork, outcome

ARTICLES = 24


def write_edition(news: Path, edition: int) -> None:
    """Write an archive in which each edition renews one file; each has ARTICLES stories."""
    for file in range(3) if edition == 0 else [edition % 3]:
        stories = {f"{file}-{n}": f"Rain in edition {edition}." for n in range(ARTICLES // 3)}
        write_lines(news / f"wire{file}.jsonl", stories)


def look(archive: searcher.Archive, last: int) -> int:
    """Check what a reader sees, and return the newest edition of it; it never goes back."""
    page = archive.search("rain", limit=ARTICLES)
    assert page.total == ARTICLES, "every commit has all stories"
    texts = [hit.text for hit in page]
    assert len(texts) == ARTICLES
    editions = {int(text.rstrip(".").split()[-1]) for text in texts}
    newest = max(editions)
    wanted = {max(0, newest - age) for age in range(3)}
    assert editions == wanted, "all files of one commit"
    assert all(texts.count(f"Rain in edition {one}.") % (ARTICLES // 3) == 0 for one in editions)
    assert newest >= last, "a reader never goes back"
    return newest


def handles() -> int:
    """Return how many files this process has open."""
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.exists() else 0


@pytest.mark.parametrize("codec", codecs())
def test_the_old_index_answers_during_a_whole_rebuild(tmp_path, codec, full):
    news, into = tmp_path / "news", tmp_path / "index"
    stories = 4_000 if full else 300
    write_lines(news / "old.jsonl", {f"{n}": "Rain fell." for n in range(stories)})
    index([news], into, codec=codec)
    write_lines(news / "new.jsonl", {f"new{n}": "Rain again." for n in range(7)})
    looks: list[int] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            with searcher.open(into) as archive:
                looks.append(archive.count("rain"))

    reader = Failing(read)
    while not looks:
        time.sleep(0.001)
    index([news], into, rebuild=True, codec=codec)
    until = len(looks) + 2
    while len(looks) < until and reader.is_alive():
        time.sleep(0.001)
    done.set()
    reader.finish()

    assert set(looks) == {stories, stories + 7}
    assert looks == sorted(looks), "first the old index, then the new one"


class Failing(threading.Thread):
    """A thread, started, whose error is raised when it is waited for."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self.work, self.error = work, None
        self.start()

    def run(self) -> None:
        try:
            self.work()
        except BaseException as error:
            self.error = error

    def finish(self) -> None:
        """Wait for its end."""
        self.join(600)
        assert not self.is_alive()
        if self.error is not None:
            raise self.error


@needs_fork
@pytest.mark.parametrize("codec", codecs())
def test_readers_never_feel_a_writer(tmp_path, codec, full):
    """Three processes and eight threads on one archive read while one process commits."""
    news, into, stop = tmp_path / "news", tmp_path / "index", tmp_path / "stop"
    write_edition(news, 0)
    index([news], into, codec=codec)
    first, started = generation_of(into), time.monotonic()
    seconds, commits = (60, 150) if full else (2.5, 3)

    def is_enough() -> bool:
        took = time.monotonic() - started
        return took > seconds and generation_of(into) - first >= commits

    readers = [fork(lambda: read_alone(into, stop)) for _ in range(3)]
    writer = fork(lambda: write_on(news, into, stop, codec))
    try:
        looks = read_together(into, is_enough)
    finally:
        stop.touch()
    assert [outcome(child) for child in (*readers, writer)] == [0, 0, 0, 0]
    assert looks > 20
    assert totals(into) == recount(into)
    assert_no_junk(into)


def write_on(news: Path, into: Path, stop: Path, codec: str) -> None:
    edition = 0
    while not stop.exists():
        edition += 1
        write_edition(news, edition)
        index([news], into, codec=codec, rebuild=edition % 20 == 0)


def read_alone(into: Path, stop: Path) -> None:
    """Read as a process does: one archive that refreshes, and one that is opened anew."""
    last, most, looks = 0, 0, 0
    with searcher.open(into) as archive:
        while not stop.exists():
            archive.refresh()
            last = look(archive, last)
            with searcher.open(into) as other:
                last = look(other, last)
            looks += 1
            if looks == 10:
                most = handles()
            assert looks < 10 or handles() <= most + 12, "file handles are given back"


def read_together(into: Path, is_enough: Callable[[], bool]) -> int:
    """Read with eight threads on one archive; return how often they looked."""
    looks = 0
    with searcher.open(into) as archive:
        before = handles()

        def read() -> None:
            nonlocal looks
            last = 0
            while not is_enough():
                archive.refresh()
                last = look(archive, last)
                looks += 1

        threads = [Failing(read) for _ in range(8)]
        for thread in threads:
            thread.finish()
        # An index has up to a dozen segments, and each may hold a file open.
        assert handles() <= before + 12
    return looks


@pytest.mark.parametrize("codec", codecs())
def test_a_reader_that_is_slower_than_several_commits_opens_all_the_same(
    tmp_path, codec, monkeypatch
):
    """On a busy machine seconds can pass, and commits with them, between two of its steps."""
    news, into, commits = tmp_path / "news", tmp_path / "index", iter(range(1, 5))
    write_edition(news, 0)
    index([news], into, codec=codec)
    module, name = {
        "native": ("searcher.engines.native", "NativeEngine"),
        "stock": ("searcher.indexing.storage", "index_reader"),
    }[codec]
    opened = getattr(import_module(module), name)
    clock = count(time.monotonic(), 5.0)

    def slowly(*args: object) -> object:
        for edition in commits:
            with monkeypatch.context() as patch:
                patch.setattr(module + "." + name, opened)
                write_edition(news, edition)
                index([news], into, codec=codec, rebuild=True)
            break
        return opened(*args)

    monkeypatch.setattr(module + "." + name, slowly)
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    archive = searcher.open(into)
    monkeypatch.undo()
    with archive:
        assert look(archive, 4) == 4
    assert next(commits, None) is None


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="it looks at /proc")
@pytest.mark.parametrize("codec", codecs())
def test_an_archive_that_refreshes_holds_on_to_no_old_segment(tmp_path, codec):
    """A file that is mapped takes room on the disk, even when it was removed."""
    news, into = tmp_path / "news", tmp_path / "index"
    write_edition(news, 0)
    index([news], into, codec=codec)
    with searcher.open(into) as archive:
        for edition in range(1, 15):
            write_edition(news, edition)
            index([news], into, codec=codec)
            assert archive.refresh()
            archive.search("rain", sort="newest")
        gc.collect()
        assert mapped(into) <= {path.name for path in into.iterdir()}
    del archive
    gc.collect()
    assert not mapped(into)


def mapped(folder: Path) -> set[str]:
    """Return the names of the files of a folder that this process has mapped."""
    lines = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    return {line.split(f"{folder}/")[1] for line in lines if f"{folder}/" in line}


@pytest.mark.parametrize("codec", codecs())
def test_an_index_that_was_deleted_and_made_anew_is_seen_as_new(tmp_path, codec):
    """Its commits are counted from the start again, so the number alone tells nothing."""
    news, into = tmp_path / "news", tmp_path / "index"
    write_edition(news, 0)
    index([news], into, codec=codec)
    with searcher.open(into) as archive:
        shutil.rmtree(into)
        write_lines(news / "wire0.jsonl", {"only": "Hail."})
        index([news], into, codec=codec)
        assert archive.count("rain") == ARTICLES, "what it has open stays"
        assert archive.refresh()
        assert archive.count("rain") == ARTICLES // 3 * 2
        assert not archive.refresh()


def test_a_backup_read_by_a_fork_is_whole(tmp_path):
    """Copies made while a process commits all hold one commit."""
    news, into, stop = tmp_path / "news", tmp_path / "index", tmp_path / "stop"
    write_edition(news, 0)
    index([news], into)
    if not hasattr(os, "fork"):
        pytest.skip("there is no fork here")
    writer = fork(lambda: write_on(news, into, stop, codecs()[0]))
    try:
        last = 0
        for number in range(8):
            made = searcher.backup(into, tmp_path / f"copy{number}")
            with searcher.open(made.path) as archive:
                last = look(archive, last)
            assert_no_junk(Path(made.path))
    finally:
        stop.touch()
        assert outcome(writer) == 0


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="it looks at /proc")
@pytest.mark.parametrize("codec", codecs())
def test_a_closed_archive_has_given_its_files_back(tmp_path, codec):
    """At once: what waits for the garbage collector may wait until no file can be opened."""
    news, into = tmp_path / "news", tmp_path / "index"
    write_edition(news, 0)
    index([news], into, codec=codec)
    gc.collect()
    gc.disable()
    try:
        look_and_close(into)
        before = handles()
        for _ in range(9):
            look_and_close(into)
        assert handles() <= before
    finally:
        gc.enable()


def look_and_close(into: Path) -> None:
    with searcher.open(into) as archive:
        look(archive, 0)
