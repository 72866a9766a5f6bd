"""What `repair` keeps, what it names as lost, and that the rest comes back."""

from __future__ import annotations

from pathlib import Path

import pytest

import searcher
from searcher.errors import IndexLocked, IndexMissing, IndexUnreadable
from searcher.indexing.lock import write_lock
from tests.indexing.archives import codecs, files_of, write_lines
from tests.reliability.mutations import put

pytestmark = pytest.mark.damages

PARAGRAPHS = (30, 12, 2)
"""Of each article; a run merges what is smaller than it adds, so each adds less."""


@pytest.fixture(params=codecs())
def built(request, tmp_path: Path) -> Path:
    """A folder with news and an index of three segments, a source each."""
    for number in range(3):
        text = "\n\n".join(["Oil prices rose.", *["Rain."] * (PARAGRAPHS[number] - 1)])
        write_lines(tmp_path / "news" / f"{number}.jsonl", {f"s{number}": text})
        searcher.index([tmp_path / "news"], tmp_path / "index", codec=request.param)
    return tmp_path


def segments(folder: Path) -> list[Path]:
    """Return the files of the segments, the first written first."""
    found = (folder / "index").glob("MAIN_*.*")
    return sorted(found, key=lambda path: path.stat().st_mtime_ns)


def break_(path: Path) -> None:
    data = path.read_bytes()
    put(path, data[:100] + bytes(100) + data[200:])


def answers(folder: Path) -> list[str]:
    with searcher.open(folder / "index") as archive:
        return sorted(hit.article for hit in archive.search("oil"))


def comes_back(folder: Path) -> None:
    """See that an index is whole, and that the next run makes it what it was."""
    assert searcher.check(folder / "index").is_whole
    searcher.index([folder / "news"], folder / "index")
    assert answers(folder) == [f"news/{n}.jsonl:s{n}" for n in range(3)]
    assert searcher.check(folder / "index", sources=True).changed == ()


@pytest.mark.parametrize("at", range(3))
def test_a_broken_segment_is_dropped_and_read_again(built, at):
    broken = segments(built)[at]
    break_(broken)
    done = searcher.repair(built / "index")

    assert (done.wrote, done.dropped) == (True, (broken.name,))
    assert done.kept_articles == 2
    assert done.kept_paragraphs == sum(PARAGRAPHS) - PARAGRAPHS[at] + 2
    assert len(answers(built)) == 2
    comes_back(built)


def test_a_source_whose_articles_are_not_all_there_is_read_again(built):
    """Its record is in one segment, an article of it in another."""
    long = "\n\n".join(f"It rained {n} times." for n in range(20))
    for stories in ({"a": long}, {"a": long, "b": "Hail."}):
        write_lines(built / "news" / "3.jsonl", stories)
        searcher.index([built / "news"], built / "index")
    break_(segments(built)[-2])
    done = searcher.repair(built / "index")

    assert ("news/3.jsonl:a", "news/3.jsonl") in done.lost
    comes_back(built)


@pytest.mark.parametrize("pattern", ["*.toc", "*.segments"])
def test_what_tells_of_the_segments_is_made_anew_from_what_is_left(built, pattern):
    (victim,) = (built / "index").glob(pattern)
    for data in (b"", victim.read_bytes()[::-1]):
        put(victim, data)
        assert not searcher.check(built / "index").is_whole
        done = searcher.repair(built / "index")
        assert (done.kept_articles, done.lost, done.dropped) == (3, (), ())
        comes_back(built)
        (victim,) = (built / "index").glob(pattern)


def test_where_nothing_tells_of_the_segments_it_says_so(built):
    for pattern in ("*.toc", "*.segments"):
        for path in (built / "index").glob(pattern):
            put(path, b"")
    before = files_of(built / "index")

    with pytest.raises(IndexUnreadable, match="Delete the folder and index again"):
        searcher.repair(built / "index", dry_run=True)
    assert files_of(built / "index") == before


def test_a_list_that_is_gone_is_written_anew(built):
    for path in (built / "index").glob("*.segments"):
        path.unlink()

    assert searcher.repair(built / "index").wrote
    assert list((built / "index").glob("*.segments"))
    assert not searcher.repair(built / "index").wrote


def test_an_index_that_is_whole_is_left_alone(built):
    before = {path: path.read_bytes() for path in (built / "index").iterdir()}
    assert not searcher.repair(built / "index").wrote
    assert {path: path.read_bytes() for path in (built / "index").iterdir()} == before


def test_a_dry_run_says_what_would_be_kept_and_writes_nothing(built):
    break_(segments(built)[1])
    before = files_of(built / "index")
    done = searcher.repair(built / "index", dry_run=True)

    assert (done.wrote, len(done.dropped), done.kept_articles) == (False, 1, 2)
    assert files_of(built / "index") == before


def test_no_index_is_not_made_one(tmp_path):
    with pytest.raises(IndexMissing):
        searcher.repair(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_repair_waits_for_who_writes(built):
    break_(segments(built)[0])
    with write_lock(built / "index", 0), pytest.raises(IndexLocked):
        searcher.repair(built / "index", wait_s=0)
