"""A bad article costs only itself: R13 of docs/reliability.md."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from whoosh.index import open_dir

from searcher.highlight.display import display_path
from searcher.indexing import Report, index
from searcher.readers import Skip, safe_name, source
from tests.indexing.archives import codecs, find
from tests.reliability.nasty_files import ANY, FORMATS, Nasty, nasty_files, story

ROOT = Path(__file__).parents[2]
OUTSIDE = "outside0x"
HANGS_AFTER_S = 600


@pytest.fixture(scope="module")
def nasty(full: bool) -> list[Nasty]:
    return nasty_files(full=full)


@pytest.fixture(scope="module")
def good(full: bool) -> dict[str, str]:
    """Names of good files, each with a word of its own."""
    count = 1_000 if full else 100
    return {
        f"{'nasty' if n % 2 else 'more'}/{n:04}.{FORMATS[n % len(FORMATS)]}": f"good{n}x"
        for n in range(count)
    }


@pytest.fixture(scope="module")
def news(
    nasty: list[Nasty], good: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A folder of nasty files among good ones, and a file beside it that links lead to."""
    folder = tmp_path_factory.mktemp("archive") / "news"
    for one in nasty:
        one.write(folder)
    for name, word in good.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(story(name.rpartition(".")[2], f"Rain {word} fell."))
    (folder.parent / "outside.txt").write_text(f"Rain {OUTSIDE} fell.")
    return folder


@pytest.fixture(scope="module", params=codecs())
def indexed(news: Path, request: pytest.FixtureRequest) -> tuple[Report, Path]:
    """What a run said of the folder, and the index."""
    into = news.parent / request.param
    return index([news], into, codec=request.param), into


def words_in(folder: Path) -> set[str]:
    """Return the words of all fields of an index that stand in the nasty and good files."""
    with open_dir(str(folder)).reader() as reader:
        terms = {term.decode("utf-8", "replace") for _, term in reader.all_terms()}
    return {term for term in terms if re.fullmatch(r"(?:kept|lost|good|outside)\d+x", term)}


def test_every_good_article_is_found_and_no_word_of_a_refused_one(indexed, nasty, good):
    _, into = indexed

    assert words_in(into) == {one.word for one in nasty if one.word} | set(good.values())


def test_nothing_of_a_refused_article_is_stored(indexed):
    """A word that can't be searched could still be shown."""
    with open_dir(str(indexed[1])).reader() as reader:
        stored = [fields.get("text", "") for fields in reader.all_stored_fields()]

    assert not [text for text in stored if re.search(r"lost\d+x|root:x:", text)]


def named(skips: tuple[Skip, ...], nasty: list[Nasty]) -> dict[str, list[str]]:
    """Return the reasons that each file is named for."""
    names = sorted((safe_name(one.name) for one in nasty), key=len, reverse=True)
    found: dict[str, list[str]] = {}
    for skip in skips:
        place = skip.name.partition("news/")[2]
        name = next((n for n in names if place == n or place.startswith(f"{n}:")), place)
        found.setdefault(name, []).append(skip.reason)
    return found


def test_every_bad_file_is_named_once_for_each_reason_and_no_other_is(indexed, nasty):
    reasons = named(indexed[0].skips, nasty)

    for one in nasty:
        expected, found = sorted(one.reasons), sorted(reasons.pop(safe_name(one.name), []))
        if ANY in expected:
            expected = found if len(found) == len(expected) else expected
        assert found == expected, one.name
    assert not reasons


def test_what_is_no_article_is_counted_and_the_exit_code_says_that_some_was_skipped(indexed, nasty):
    report, _ = indexed

    assert report.exit_code == 4
    assert Counter(one.ignored for one in nasty if one.ignored) <= Counter(report.ignored)
    assert sum(report.skipped.values()) == len(report.skips)


def test_the_command_names_each_once_a_line_and_comes_to_an_end(indexed, news):
    """A name with a newline in it must not forge a line of the summary."""
    report, into = indexed
    run = subprocess.run(
        [sys.executable, "-m", "searcher", "index", news, "-i", into, "-v"],
        capture_output=True,
        check=False,
        timeout=HANGS_AFTER_S,
        cwd=ROOT,
    )

    lines = [line[4:] for line in run.stderr.decode().splitlines() if line.startswith("    ")]
    starts = [f"{display_path(skip.name)}: {skip.reason}" for skip in report.skips]
    assert run.returncode == 4
    assert len(lines) == len(starts)
    assert all(sum(line.startswith(start) for line in lines) >= 1 for start in starts)


def test_worker_processes_refuse_the_same(nasty, tmp_path):
    for one in nasty:
        if "every" in one.name:
            one.write(tmp_path)
    alone, beside = (index([tmp_path], tmp_path / "i", jobs=n, dry_run=True) for n in (1, 2))

    assert alone.skipped
    assert beside.skipped == alone.skipped
    assert beside.ignored == alone.ignored
    assert beside.total == alone.total


def small(folder: Path) -> Path:
    """Return a folder with a few good files, and one that things happen to."""
    (folder / "news").mkdir()
    for name in ("a", "victim", "z"):
        (folder / "news" / f"{name}.txt").write_text(f"Rain {name}word fell.")
    return folder / "news"


def _rewrite(path: Path, time: int) -> None:
    path.write_text(f"Snow lost{time} fell." * time)


def _truncate(path: Path, time: int) -> None:
    path.write_text("Snow fell." * 100)
    os.truncate(path, 100 - time)


@pytest.mark.parametrize("happens", [_rewrite, _truncate])
@pytest.mark.parametrize("codec", codecs())
def test_a_file_that_changes_whenever_it_is_read_is_refused(
    tmp_path, monkeypatch, happens: Callable[[Path, int], None], codec
):
    news = small(tmp_path)
    victim, read, times = news / "victim.txt", os.read, [0]

    def reading(descriptor: int, size: int) -> bytes:
        part = read(descriptor, size)
        if os.fstat(descriptor).st_ino == victim.stat().st_ino:
            times[0] += 1
            happens(victim, times[0])
        return part

    monkeypatch.setattr(source.os, "read", reading)
    report = index([news], tmp_path / "index", codec=codec)

    assert report.skipped == {"changed while it was read": 1}
    assert report.added.articles == 2
    assert not find(tmp_path / "index", "snow")


def test_a_file_that_vanishes_before_it_is_read_is_named(tmp_path):
    news = small(tmp_path)

    report = index(
        [news], tmp_path / "index", progress=lambda _: (news / "victim.txt").unlink(missing_ok=True)
    )

    assert [(Path(skip.name).name, skip.reason) for skip in report.skips] == [
        ("victim.txt", "unreadable")
    ]
    assert find(tmp_path / "index", "zword")


@contextmanager
def without_rights() -> Iterator[None]:
    """Be a user whom a mode of 0 stops; root is not."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another user can look into, which pytest's own are closed to."""
    with TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_what_the_user_may_not_read_is_named(open_folder):
    news = small(open_folder)
    index([news], open_folder / "first")  # loads what the other user may not be able to load
    (news / "locked").mkdir()
    (news / "listed").mkdir()
    (news / "listed" / "x.txt").write_text("lost")
    (news / "victim.txt").chmod(0)
    (news / "locked").chmod(0)
    (news / "listed").chmod(0o444)
    with without_rights():
        report = index([news], open_folder / "index", dry_run=True)
    (news / "locked").chmod(0o700)
    (news / "listed").chmod(0o700)

    found = {Path(skip.name).name: skip.reason for skip in report.skips}
    assert found == {
        "victim.txt": "unreadable",
        "locked": "unreadable folder",
        "x.txt": "unreadable",
    }
    assert report.total.articles == 2


def test_a_good_article_of_before_stays_when_its_file_goes_bad(tmp_path):
    """Refused bytes must not take the readable ones along."""
    news = small(tmp_path)
    for codec in codecs():
        into = tmp_path / codec
        index([news], into, codec=codec)
    (news / "victim.txt").write_bytes(b"\0\1\2 badword" * 99)
    for codec in codecs():
        into = tmp_path / codec
        report = index([news], into, codec=codec)
        assert (report.stale, report.skipped) == (1, {"not text": 1})
        assert find(into, "victimword") and not find(into, "badword")


def test_an_article_refused_by_the_index_leaves_no_word_in_the_next(tmp_path):
    """Stock writers leave the words of a document that failed in the one after it."""
    lines = [
        {"id": "a", "text": "Rain afirst fell."},
        {"id": "b", "title": "x" * 200_000, "text": "Rain secretghost fell."},
        {"id": "c", "text": "Rain clast fell."},
    ]
    news = tmp_path / "news.jsonl"
    news.write_text("\n".join(map(json.dumps, lines)))
    for codec in codecs():
        report = index([news], tmp_path / codec, codec=codec)
        assert report.skipped == {"too long": 1}
        assert not find(tmp_path / codec, "secretghost")
        assert find(tmp_path / codec, "clast") == {"news.jsonl:c#p1"}
