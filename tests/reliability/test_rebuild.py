"""An incremental index is a rebuilt one: R14 of docs/reliability.md."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

import searcher
from searcher.indexing import Report, index, open_index, source_records
from searcher.readers.registry import READERS
from tests.indexing.archives import (
    codecs,
    find,
    paragraphs,
    part_modules,
    recount,
    totals,
    write_lines,
    write_reuters,
)

FOLDERS = ("", "2025/", "2026/")
NAMES = ("a.jsonl", "b.sgm", "c.txt", "d.md", "e.html", "f.csv", "g.fix", "h.fix")
FILES = tuple(folder + name for folder in FOLDERS for name in NAMES)
WORDS = "Rain fell on the dam. talks oil prices Ukraine said “We will not sell” Mayor Jo Oil"
QUERIES = (
    "rain",
    "oil prices",
    '"the dam"',
    "pri*",
    "rain OR talks -ukraine",
    "rain NEAR/5 dam",
    "title:rain",
    "said:oil",
    "date:2026 oil",
    "talk~1",
    "rain AND/article oil",
    "*",
)
FACETS = ("section", "desk", "year", "month", "article", "kind", "author", "source", "language")

texts = st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=12).map(" ".join)
stories = st.dictionaries(
    st.sampled_from("1234"),
    st.lists(texts, min_size=1, max_size=3).map("\n\n".join),
    min_size=1,
    max_size=3,
)
"""Key of an article to its text, of a file that holds several; of others the first is taken."""


def lay(path: Path, content: dict[str, str]) -> None:
    """Write a file of the format that its name says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    key, text = next(iter(content.items()))
    if path.suffix == ".jsonl":
        write_lines(path, content)
    elif path.suffix == ".sgm":
        write_reuters(path, content)
    elif path.suffix == ".csv":
        rows = (f'{key},2026-02-0{key},"{text}"\n' for key, text in content.items())
        path.write_text("id,date,text\n" + "".join(rows), encoding="utf-8")
    elif path.suffix == ".fix":
        path.write_text(json.dumps(content), encoding="utf-8")
    elif path.suffix == ".html":
        body = text.replace("\n\n", "</p><p>")
        page = f"<article><h1>Rain {key}</h1><p>{body}</p></article>"
        path.write_text(page, encoding="utf-8")
    else:
        front = f"---\ntitle: Rain {key}\ndesk: World\n---\n" if path.suffix == ".md" else ""
        path.write_text(f"{front}{text}\n", encoding="utf-8")


def documents(folder: Path) -> dict[str, Any]:
    """Return all that an index stores, but for serial numbers and times."""
    with open_index(folder).reader() as reader:
        records = {
            record.name: (
                record.sha256,
                record.reading,
                {entry._replace(number=0) for entry in record.entries},
                set(record.skips),
                set(record.waiting),
            )
            for record in source_records(reader)
        }
    return {"paragraphs": paragraphs(folder), "records": records, "totals": totals(folder)}


def answers(folder: Path) -> dict[str, Any]:
    """Return hits, order, scores, marks, totals and facets of every query."""
    with searcher.open(folder, today=date(2026, 2, 25)) as archive:
        return {query: _answer(archive, query) for query in QUERIES}


def _answer(archive: searcher.Archive, query: str) -> Any:
    page = archive.search(query, limit=100, facets=FACETS)
    hits = [(hit.id, hit.score, hit.paragraph, hit.snippet.plain()) for hit in page]
    folded = archive.search(query, limit=100, dups="collapse")
    return hits, page.total, page.undated, page.facets, [hit.id for hit in folded]


class Archive(RuleBasedStateMachine):
    """A folder that people work in, and an index that follows."""

    rounds = 0

    def __init__(self) -> None:
        super().__init__()
        self.top = Path(mkdtemp())
        self.news, self.into = self.top / "news", self.top / "index"
        self.news.mkdir()
        self.files: dict[str, dict[str, str]] = {}
        self.hidden = False
        self.clock = 10**9
        READERS[".fix"] = "tests.indexing.fixed:read"

    def teardown(self) -> None:
        READERS.pop(".fix", None)
        shutil.rmtree(self.top)

    def _lay(self, name: str, content: dict[str, str]) -> None:
        lay(self.news / name, content)
        self.files[name] = content
        self._touch(name)

    def _touch(self, name: str) -> None:
        # Long ago, so that the index trusts it; a file that just changed is read in any case.
        self.clock += 10
        os.utime(self.news / name, (self.clock, self.clock))

    @initialize(content=stories)
    def begin(self, content: dict[str, str]) -> None:
        self._lay("a.jsonl", content)

    @rule(name=st.sampled_from(FILES), content=stories)
    def write(self, name: str, content: dict[str, str]) -> None:
        self._lay(name, content)

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.files)))
        (self.news / name).unlink()
        del self.files[name]

    @precondition(lambda self: self.files)
    @rule(data=st.data(), folder=st.sampled_from(FOLDERS))
    def move(self, data: st.DataObject, folder: str) -> None:
        """Move or rename a file, its time and size as they were; what was there is gone."""
        old = data.draw(st.sampled_from(sorted(self.files)))
        suffix = old[-4:]
        new = folder + data.draw(st.sampled_from([n for n in NAMES if n.endswith(suffix)]))
        (self.news / new).parent.mkdir(exist_ok=True)
        (self.news / old).replace(self.news / new)
        self.files[new] = self.files.pop(old)
        # The file that it replaced may have had the same size and time.
        self.hidden = True

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def touch(self, data: st.DataObject) -> None:
        self._touch(data.draw(st.sampled_from(sorted(self.files))))

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def change_back(self, data: st.DataObject) -> None:
        """Give a file other content of the same size and time."""
        path = self.news / data.draw(st.sampled_from(sorted(self.files)))
        before = path.stat()
        path.write_bytes(path.read_bytes().replace(b"oil", b"dam").replace(b"fell", b"rose"))
        assert path.stat().st_size == before.st_size
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        self.hidden = True

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def spoil(self, data: st.DataObject) -> None:
        """Make a file unreadable and let a run see it, then make it good again."""
        name = data.draw(st.sampled_from(sorted(self.files)))
        (self.news / name).write_bytes(b"\0\1\2" * 99)
        self._touch(name)
        index([self.news], self.into)
        self._lay(name, self.files[name])

    @rule(commit_every=st.sampled_from([1, 5, 20_000]))
    def run(self, commit_every: int) -> None:
        self._run(codec=codecs()[0], commit_every=commit_every)

    @rule(commit_every=st.sampled_from([1, 5, 20_000]))
    def run_stock(self, commit_every: int) -> None:
        self._run(codec=codecs()[-1], commit_every=commit_every)

    @rule(codec=st.sampled_from(codecs()))
    def run_anew(self, codec: str) -> None:
        self._run(codec=codec, rebuild=True)

    def _run(self, **options: Any) -> None:
        """Index, and compare with an index made at once."""
        report = index([self.news], self.into, check_content=self.hidden, **options)
        self.hidden = False
        Archive.rounds += 1
        self._compare(report)
        assert not index([self.news], self.into).wrote

    def _compare(self, report: Report) -> None:
        fresh = self.top / "fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        anew = index([self.news], fresh)
        assert (report.skipped, report.total) == (anew.skipped, anew.total)
        assert documents(self.into) == documents(fresh)
        assert totals(self.into) == recount(self.into)
        assert answers(self.into) == answers(fresh)


@pytest.mark.parametrize("articles", [2, 1_000])
def test_any_history_of_a_folder_gives_what_a_rebuild_gives(full, articles, monkeypatch):
    """Also when a record of more than two articles is in parts."""
    examples, steps = (40, 40) if full else (5, 16)
    for module in part_modules():
        monkeypatch.setattr(module, "PART_ARTICLES", articles)
    Archive.rounds = 0
    run_state_machine_as_test(
        Archive,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Archive.rounds >= (200 if full else 10)


@contextmanager
def same_size_and_time(path: Path) -> Iterator[None]:
    """Keep a file's time and check that its size is kept."""
    before = path.stat()
    yield
    assert path.stat().st_size == before.st_size
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("codec", codecs())
def test_other_content_of_the_same_size_and_time_is_seen_with_check_content(tmp_path, codec):
    """Without the option it isn't: a file that looks unchanged is not opened."""
    path, into = tmp_path / "news" / "a.txt", tmp_path / "index"
    lay(path, {"1": "Rain fell."})
    os.utime(path, (10**9, 10**9))
    index([path.parent], into, codec=codec)
    with same_size_and_time(path):
        path.write_text("Snow fell.\n", encoding="utf-8")

    assert not index([path.parent], into, codec=codec).wrote
    assert find(into, "rain")
    assert index([path.parent], into, codec=codec, check_content=True).changed.articles == 1
    assert find(into, "snow") and not find(into, "rain")


def test_a_file_that_changed_just_before_it_was_read_is_read_again(tmp_path):
    """Within two seconds its time may stay the same."""
    path, into = tmp_path / "news" / "a.txt", tmp_path / "index"
    lay(path, {"1": "Rain fell."})
    index([path.parent], into)
    with same_size_and_time(path):
        path.write_text("Snow fell.\n", encoding="utf-8")

    assert index([path.parent], into).changed.articles == 1
