"""Records in parts: what the index knows of a long file, and how little of it a commit writes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from itertools import accumulate
from pathlib import Path

import pytest

import searcher
from searcher.indexing import index, manifest, open_index, source_record
from searcher.indexing.manifest import record_docnums, source_heads
from tests.indexing.archives import codecs, paragraphs, part_modules, parts_of, write_lines

STORIES = {f"{n:02}": f"Rain fell {n}.\n\nOil rose." for n in range(9)}


@pytest.fixture(autouse=True)
def few(monkeypatch) -> None:
    """Records of more than two articles are in parts."""
    for module in part_modules():
        monkeypatch.setattr(module, "PART_ARTICLES", 2)


@pytest.fixture(params=codecs())
def codec(request) -> str:
    """Either codec."""
    return request.param


def lay(path: Path, stories: dict[str, str], when: int = 10**9) -> None:
    """Write stories with a time that the index trusts."""
    write_lines(path, stories)
    os.utime(path, (when, when))


def heads(into: Path) -> dict[str, tuple[int, int]]:
    """Return how many entries each record holds itself, and how many parts it has."""
    with open_index(into).reader() as reader:
        return {one.name: (len(one.entries), len(one.spans)) for one in source_heads(reader)}


def starts(into: Path, engine: str) -> dict[str, int]:
    """Return where each hit begins in its file, as an engine says it."""
    with searcher.open(into, engine=engine, today=date(2026, 2, 25)) as archive:
        return {hit.id: hit.start_char for hit in archive.search("rain OR oil", limit=100)}


def engines(codec: str) -> Iterator[str]:
    """Yield the engines that open segments of a codec."""
    yield from ("local", "native") if codec == "native" else ("local",)


def test_a_long_record_is_in_parts_and_reads_as_one(tmp_path, codec):
    news, into = tmp_path / "news", tmp_path / "index"
    lay(news / "long.jsonl", STORIES)
    lay(news / "short.jsonl", {"a": "Rain.", "b": "Oil."})
    index([news], into, codec=codec)

    assert heads(into) == {"news/long.jsonl": (0, 5), "news/short.jsonl": (2, 0)}
    with open_index(into).reader() as reader:
        record = source_record(reader, "news/long.jsonl")
        assert record is not None and len(record.entries) == 9
        assert record.spans == () and record.size_of == (9, 27)
        assert [entry.id[-2:] for entry in record.entries] == sorted(STORIES)
    assert searcher.check(into).is_whole


def test_hits_know_where_they_stand_in_a_long_file(tmp_path, codec):
    """At the line of their record."""
    news, into = tmp_path / "news", tmp_path / "index"
    lay(news / "long.jsonl", STORIES)
    index([news], into, codec=codec)
    lines = (news / "long.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    places = list(accumulate(map(len, lines), initial=0))

    for engine in engines(codec):
        found = starts(into, engine)
        assert len(found) == 18
        assert {name: int(name[-5:-3]) for name in found} == {
            name: places.index(start) for name, start in found.items()
        }


def test_a_commit_in_the_midst_writes_what_is_new(tmp_path, codec):
    """Not all that came before, which made the square of it."""
    written = []
    news, into = tmp_path / "news", tmp_path / "index"
    lay(news / "long.jsonl", {f"{n:03}": "Rain." for n in range(40)})
    with pytest.MonkeyPatch.context() as patch:
        payload = manifest.part_names
        patch.setattr(
            searcher.indexing.writer, "part_names", lambda *a: written.append(a) or payload(*a)
        )
        index([news], into, codec=codec, commit_every=4)

    assert len({span for _, span in written}) == 21
    assert len(written) <= 21 + 40 // 2 + 2
    assert searcher.check(into).is_whole


@pytest.mark.parametrize("stop_after", [1, 4, 7])
def test_a_run_that_is_cut_short_leaves_a_whole_index_and_the_next_goes_on(
    tmp_path, codec, stop_after
):
    news, into = tmp_path / "news", tmp_path / "index"
    lay(news / "long.jsonl", dict(list(STORIES.items())[2:]))
    index([news], into, codec=codec)
    lay(news / "long.jsonl", {**STORIES, "04": "Changed."}, 10**9 + 5)

    def stop(progress):
        if progress.articles >= stop_after:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searcher.indexing.run, "PROGRESS_S", 0)
        with pytest.raises(KeyboardInterrupt):
            index([news], into, codec=codec, commit_every=1, progress=stop)
    assert searcher.check(into).is_whole
    index([news], into, codec=codec)
    index([news], tmp_path / "fresh", codec=codec)

    assert paragraphs(into) == paragraphs(tmp_path / "fresh")
    assert starts(into, "auto") == starts(tmp_path / "fresh", "auto")
    assert searcher.check(into).is_whole
    assert not index([news], into, codec=codec).wrote


def test_a_record_grows_into_parts_and_shrinks_out_of_them(tmp_path, codec):
    news, into = tmp_path / "news", tmp_path / "index"
    for turn, count in enumerate((2, 3, 9, 4, 2, 1, 5)):
        lay(news / "long.jsonl", dict(list(STORIES.items())[:count]), 10**9 + turn * 5)
        index([news], into, codec=codec)
        held, parts = heads(into)["news/long.jsonl"]
        assert (held, bool(parts)) == ((count, False) if count <= 2 else (0, True))
        with open_index(into).reader() as reader:
            assert len(record_docnums(reader, "part")) == parts
        assert searcher.check(into).is_whole
        assert len(starts(into, "auto")) == 2 * count


def test_an_article_goes_to_the_first_file_that_has_it_and_comes_back(tmp_path, codec, monkeypatch):
    """Also out of and into a record in parts."""
    news, into = tmp_path / "news", tmp_path / "index"
    news.mkdir()
    lines = {
        name: "".join(
            f'{{"id": "same/{n}", "id_is_whole": 1, "text": "Rain."}}\n' for n in range(5)
        )
        for name in ("a", "b")
    }
    (news / "b.jsonl").write_text(lines["b"], encoding="utf-8")
    index([news], into, codec=codec)
    (news / "a.jsonl").write_text(lines["a"], encoding="utf-8")
    index([news], into, codec=codec)
    (news / "a.jsonl").unlink()
    index([news], into, codec=codec)
    index([news], tmp_path / "fresh", codec=codec)

    assert paragraphs(into) == paragraphs(tmp_path / "fresh")
    assert searcher.check(into).is_whole


def test_a_long_record_of_before_is_read_and_kept_until_its_file_changes(tmp_path, codec):
    news, into = tmp_path / "news", tmp_path / "index"
    lay(news / "long.jsonl", STORIES)
    with pytest.MonkeyPatch.context() as patch:
        for module in part_modules():
            patch.setattr(module, "PART_ARTICLES", 1_000)
        index([news], into, codec=codec)
        before = starts(into, "auto")
    assert heads(into) == {"news/long.jsonl": (9, 0)}

    assert starts(into, "auto") == before
    assert not index([news], into, codec=codec).wrote
    lay(news / "long.jsonl", {**STORIES, "x": "Rain."}, 10**9 + 5)
    index([news], into, codec=codec)
    assert heads(into)["news/long.jsonl"][0] == 0
    assert searcher.check(into).is_whole and parts_of(into) == 6


def test_a_file_that_is_gone_leaves_no_part(tmp_path, codec):
    news, into = tmp_path / "news", tmp_path / "index"
    lay(news / "long.jsonl", STORIES)
    lay(news / "other.jsonl", {"a": "Rain."})
    index([news], into, codec=codec)
    (news / "long.jsonl").unlink()
    report = index([news], into, codec=codec)

    assert report.removed.articles == 9
    assert parts_of(into) == 0 and searcher.check(into).is_whole


def test_a_rebuild_takes_over_what_is_not_read(tmp_path, codec):
    long, other, into = tmp_path / "long.jsonl", tmp_path / "other.jsonl", tmp_path / "index"
    lay(long, STORIES)
    lay(other, {"a": "Rain."})
    index([long, other], into, codec=codec)
    before = paragraphs(into)
    index([other], into, codec=codec, rebuild=True)

    assert paragraphs(into) == before and parts_of(into) == 5
    assert searcher.check(into).is_whole


def test_a_repair_reads_a_source_again_whose_part_is_lost(tmp_path):
    """Its record alone would say that it is as it was."""
    if codecs()[0] != "native":
        pytest.skip("segments of Whoosh have no checksums of their own")
    news, into = tmp_path / "news", tmp_path / "index"
    lay(news / "long.jsonl", STORIES)
    index([news], into, commit_every=6)
    lay(news / "long.jsonl", {**STORIES, "08": "Snow."}, 10**9 + 5)
    index([news], into)
    newest = max(into.glob("*.nat"), key=lambda path: path.stat().st_mtime_ns)
    data = bytearray(newest.read_bytes())
    data[len(data) // 2] ^= 1
    newest.write_bytes(data)

    repaired = searcher.repair(into)
    assert repaired.wrote and searcher.check(into).is_whole
    index([news], into)
    index([news], tmp_path / "fresh")
    assert paragraphs(into) == paragraphs(tmp_path / "fresh")
