"""What `check` proves of an index, and what it doesn't let pass."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import searcher
from searcher.analysis import Analyzer
from searcher.indexing.manifest import SourceRecord
from tests.indexing.archives import codecs, write_lines

pytestmark = pytest.mark.damages


@pytest.fixture(params=codecs())
def built(request, tmp_path: Path) -> Path:
    """A folder with news and an index of three commits, some of whose documents are deleted."""
    for round_ in range(3):
        stories = {f"{n}": f"Oil rose {n + round_}.\n\nThe dam broke." for n in range(4)}
        write_lines(tmp_path / "news" / "a.jsonl", stories)
        write_lines(tmp_path / "news" / f"{round_}.jsonl", {f"x{round_}": "It rained."})
        searcher.index([tmp_path / "news"], tmp_path / "index", codec=request.param)
    return tmp_path


def test_a_whole_index_is_proved_to_be(built):
    told = []
    checked = searcher.check(built / "index", progress=lambda *step: told.append(step))

    assert checked.is_whole
    assert not checked.notes
    assert (checked.articles, checked.paragraphs) == (7, 18)
    assert checked.terms > 50
    assert checked.postings > checked.terms
    assert checked.changed is None
    assert {what for what, _, _ in told} == {"bytes", "paragraphs"}
    assert all(done <= total for _, done, total in told)
    with searcher.open(built / "index") as archive:
        assert archive.check(quick=True).postings == 0


def test_a_word_that_is_not_found_by_its_stem_is_a_finding(built, monkeypatch):
    """The index is written with a fault: `dam` gets another stem than it has."""
    stem = Analyzer.stem

    def faulty(self, word):
        return "dom" if word == "dam" else stem(self, word)

    with monkeypatch.context() as patch:
        patch.setattr(Analyzer, "stem", faulty)
        write_lines(built / "news" / "b.jsonl", {"b": "A dam."})
        searcher.index([built / "news"], built / "index")
    checked = searcher.check(built / "index")

    assert searcher.check(built / "index", quick=True).is_whole
    (finding,) = checked.findings
    assert "field text, term b'dom': no stored document has it" in finding.problem
    assert (built / "index" / finding.file).is_file()


def test_a_record_that_is_not_of_its_documents_is_a_finding(built, monkeypatch):
    payload = SourceRecord.payload

    def faulty(self):
        (name, *rest) = payload(self)
        entries = [(*entry[:5], entry[5] + 1, *entry[6:]) for entry in rest[5]]
        return (name, *rest[:5], tuple(entries), *rest[6:])

    with monkeypatch.context() as patch:
        patch.setattr(SourceRecord, "payload", faulty)
        write_lines(built / "news" / "b.jsonl", {"b": "Two words."})
        searcher.index([built / "news"], built / "index")
    problems = [one.problem for one in searcher.check(built / "index", quick=True).findings]

    assert "article news/b.jsonl:b: 2 paragraphs of 3 words, expected 2 of 4" in problems
    assert any(problem.startswith("the record of the archive:") for problem in problems)


def test_sources_that_changed_are_named_and_no_damage(built):
    index, news = built / "index", built / "news"
    assert searcher.check(index, sources=True).changed == ()
    (news / "1.jsonl").unlink()
    (news / "2.jsonl").write_text((news / "2.jsonl").read_text().replace("rained", "snowed"))
    checked = searcher.check(index, sources=True)

    assert checked.is_whole
    gone, changed = checked.changed
    assert gone == "news/1.jsonl: No such file or directory"
    assert changed.startswith("news/2.jsonl: its content changed")


def test_an_index_without_its_list_is_whole_with_a_note(built):
    for list_ in (built / "index").glob("*.segments"):
        list_.unlink()
    checked = searcher.check(built / "index")

    assert checked.is_whole
    assert "no checksums of this commit" in checked.notes[0]
    assert checked.postings


def test_a_check_changes_nothing(built):
    before = {path: path.read_bytes() for path in (built / "index").iterdir()}
    searcher.check(built / "index", sources=True)
    assert {path: path.read_bytes() for path in (built / "index").iterdir()} == before


def test_what_is_found_is_plain_json(built):
    (segment, *_) = (built / "index").glob("MAIN_*.*")
    segment.write_bytes(segment.read_bytes()[:-1])
    row = searcher.check(built / "index").as_dict()

    assert json.loads(json.dumps(row)) == row
    assert row["is_whole"] is False
    assert row["findings"][0]["file"] == segment.name


def test_an_empty_index_is_whole(tmp_path):
    (tmp_path / "news").mkdir()
    searcher.index([tmp_path / "news"], tmp_path / "index")

    assert searcher.check(tmp_path / "index").is_whole
    assert not searcher.repair(tmp_path / "index").wrote
