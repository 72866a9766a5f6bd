"""What indexing takes: the memory bound of docs/reliability.md."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from searcher.errors import ArticleError
from searcher.indexing import index
from searcher.indexing.book import Book
from searcher.indexing.candidates import Files
from searcher.indexing.manifest import ArchiveRecord, Entry, SourceRecord
from searcher.indexing.records import Manifest
from searcher.readers import ReadOptions, opened
from tests.indexing.archives import codecs, paragraphs, postings
from tests.reliability.nasty_files import story

ROOT = Path(__file__).parents[2]
PEAK = """
import json, sys
from pathlib import Path
from tests.reliability.peak import peak_mb
{code}
print(peak_mb())
"""
READ = """
from searcher.readers import opened, read
path = Path(sys.argv[1])
for found in read(opened(path, path.name)): pass
"""
INDEX = """
from searcher.indexing import index
index([sys.argv[1]], sys.argv[2], **json.loads(sys.argv[3]))
"""


def peak_mb(code: str, *arguments: object) -> int:
    """Return the most memory that a program had, in megabytes."""
    run = subprocess.run(
        [sys.executable, "-c", PEAK.format(code=code), *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return int(run.stdout)


def texts() -> Iterator[str]:
    """Yield paragraphs of made-up words, common ones and rare ones, without an end."""
    draw = random.Random(1)  # noqa: S311 (an archive, no secret)
    while True:
        yield " ".join(
            f"w{min(int(draw.paretovariate(0.6)), 60_000):x}" for _ in range(draw.randint(20, 60))
        )


def write_large(path: Path, size_mb: float, paragraphs: int) -> Path:
    """Write a file of records of so many paragraphs each, until it has its size."""
    several, number = texts(), 0
    with path.open("w", encoding="utf-8") as file:
        while file.tell() < size_mb * 1_000_000:
            number += 1
            text = "\n\n".join(next(several) for _ in range(paragraphs))
            record = json.dumps({"id": f"s{number}", "text": text}) + "\n"
            suffix = path.suffix[1:]
            file.write(record if suffix == "jsonl" else story(suffix, text) + "\n")
    return path


@pytest.mark.parametrize("suffix", ["jsonl", "sgm"])
def test_a_large_file_of_records_is_never_held_whole(tmp_path, suffix):
    """Its bytes and its text took twice its size; a part of 4 MiB takes the same in any file."""
    record = story(suffix, "Rain fell on the dam. " * 10_000).replace("\n</BODY>", "</BODY>")
    peaks = []
    for size, records in {"small": 1, "large": 100, "larger": 400}.items():
        path = tmp_path / f"{size}.{suffix}"
        path.write_text(record * records)
        peaks.append(peak_mb(READ, path))

    small, large, larger = peaks
    assert large - small < 40
    assert larger - large < 15


def test_two_hundred_megabytes_and_a_hundred_thousand_files_stay_below_the_bound(tmp_path, full):
    if not full:
        pytest.skip("takes half an hour")
    large = write_large(tmp_path / "large.jsonl", 200, 6)
    several, small = texts(), tmp_path / "small"
    for number in range(100_000):
        path = small / f"{number // 1000}" / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{next(several)}\n\n{next(several)}\n")

    assert peak_mb(INDEX, large, tmp_path / "a", "{}") < 350
    for _first_and_again in range(2):
        assert peak_mb(INDEX, small, tmp_path / "b", "{}") < 250


@pytest.mark.parametrize("codec", codecs())
def test_postings_beyond_the_bound_go_to_disk_and_come_back(tmp_path, codec):
    """An index made with little memory is the one made with much."""
    size_mb = 1 if codec == "native" else 0.2  # the least that is put aside differs
    news = write_large(tmp_path / "news.jsonl", size_mb, 12)
    index([news], tmp_path / "much", codec=codec, rebuild=True)
    index([news], tmp_path / "little", codec=codec, rebuild=True, memory_mb=1)

    assert paragraphs(tmp_path / "little") == paragraphs(tmp_path / "much")
    words = ("w1", "w2", "w3f", "w1234")
    assert postings(tmp_path / "little", words) == postings(tmp_path / "much", words)


def test_a_file_that_has_to_be_read_whole_may_have_a_sixteenth(tmp_path):
    news = tmp_path / "news"
    news.mkdir()
    (news / "a.txt").write_text("Rain fell.\n\n" * 10_000)
    (news / "b.jsonl").write_text('{"text": "Rain fell."}\n' * 4_000)

    report = index([news], tmp_path / "index", memory_mb=1)
    assert report.skipped == {"too large": 1}
    assert report.added.articles == 4_000


def bytes_each(make: Callable[[int], object], count: int) -> float:
    """Return what each of so many things that `make` makes takes, in bytes."""
    tracemalloc.start()
    kept = make(count)
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert kept
    return taken / count


def articles_of_one_file(count: int) -> object:
    """Take so many articles of one file, as a run does, and return all that it holds."""
    held = manifest_of()
    book = Book(held, "a/long/file.jsonl")
    for number in range(1, count + 1):
        name = f"a/long/file.jsonl:{number}"
        book.put(Entry(name, number, f"{number:024x}", number * 400, 3, 60, 8, 0, 1))
    assert book.settle(SourceRecord("a/long/file.jsonl"), last=False)
    held.parts.changed.clear()
    return held, book


def records_of_files(count: int) -> object:
    """Take so many files of an article each, and return all that a run holds."""
    held, files = manifest_of(), Files()
    for number in range(1, count + 1):
        name = f"a/folder/{number // 1000}/{number}.txt"
        files.add(name, f"a/folder/{number // 1000}", 400, 10**18 + number)
        book = Book(held, name)
        book.put(Entry(name, number, f"{number:024x}", 0, 3, 60, 8, 0, 1))
        book.settle(SourceRecord(name, 400, 10**18 + number, 10**18, f"{number:064x}", "f" * 16))
    return held, files


def manifest_of() -> Manifest:
    """Return the manifest of a run that has looked up who holds what: nobody anything."""
    held = Manifest(ArchiveRecord())
    assert held.owner("a") is None
    return held


@pytest.mark.parametrize(
    ("make", "count", "most"),
    [(articles_of_one_file, 12_000, 300), (records_of_files, 2_000, 480)],
)
def test_what_a_run_knows_of_an_article_and_of_a_file_is_packed(make, count, most):
    """They took two kilobytes and one, whatever the bound.  Eight parts are held unpacked."""
    make(100)
    assert bytes_each(make, count) < most


@pytest.mark.parametrize(("chars", "is_read"), [(100, True), (99, False)])
def test_an_article_over_its_limit_is_named_and_costs_only_itself(tmp_path, chars, is_read):
    lines = ('{"id": "a", "text": "%s"}' % ("x" * 100), '{"id": "b", "text": "Rain fell."}')
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    options = ReadOptions(max_article_chars=chars)

    report = index([tmp_path / "a.jsonl"], tmp_path / "index", options=options)
    assert report.added.articles == 1 + is_read
    assert [skip.reason for skip in report.skips] == ["too long"] * (not is_read)


def test_a_paragraph_over_its_limit_is_cut_and_no_word_is_lost(tmp_path):
    (tmp_path / "a.txt").write_text("Rain fell on the dam.")
    index([tmp_path / "a.txt"], tmp_path / "i", options=ReadOptions(max_paragraph_chars=10))

    texts = [paragraph.text for paragraph in paragraphs(tmp_path / "i").values()]
    assert texts == ["Rain fell", "on the", "dam."]


@pytest.mark.parametrize(("size", "is_read"), [(10, True), (11, False)])
def test_a_file_over_its_limit_is_refused(tmp_path, size, is_read):
    (tmp_path / "a.txt").write_text("x" * size)
    if is_read:
        assert opened(tmp_path / "a.txt", "a", ReadOptions(max_bytes=10)).data
    else:
        with pytest.raises(ArticleError, match="the limit max_bytes is 10"):
            opened(tmp_path / "a.txt", "a", ReadOptions(max_bytes=10))
