"""An index mirrors its files, however they got to be what they are."""

from __future__ import annotations

import io
import json
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher.errors import ArticleError
from searcher.indexing import Report, index, open_index, source_record
from searcher.readers import ReadOptions, registry
from tests.indexing.archives import (
    files_of,
    find,
    paragraphs,
    postings,
    recount,
    totals,
    write_lines,
    write_reuters,
)

TEXTS = st.sampled_from(
    [
        "Rain fell.",
        "The dam broke.\n\nIt rained.",
        "Two stems.",
        "Ukraine’s one dam",
        "One.\n\nTwo.",
    ]
)
# A file without a story is one that can't be read, which keeps its last good articles.
STORIES = st.dictionaries(st.sampled_from("abcd"), TEXTS, min_size=1, max_size=3)
STATES = st.dictionaries(st.sampled_from(["x.jsonl", "y.jsonl", "z.sgm"]), STORIES, max_size=3)


def lay_out(folder: Path, state: dict[str, dict[str, str]]) -> None:
    """Make a folder hold these files and no others."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, stories in state.items():
        write = write_reuters if name.endswith(".sgm") else write_lines
        write(folder / name, {str(ord(k)): v for k, v in stories.items()})


@settings(max_examples=30, deadline=None)
@given(st.lists(STATES, min_size=2, max_size=5), st.sampled_from([1, 2, 20_000]))
def test_runs_one_after_another_give_what_a_rebuild_gives(states, commit_every):
    with tempfile.TemporaryDirectory() as name:
        news, into = Path(name, "news"), Path(name, "index")
        for state in states:
            lay_out(news, state)
            index([news], into, commit_every=commit_every)
            assert totals(into) == recount(into)
        index([news], into.with_name("fresh"))

        fresh = into.with_name("fresh")
        assert paragraphs(into) == paragraphs(fresh)
        assert postings(into) == postings(fresh)
        assert totals(into) == totals(fresh)
        index([news], into, rebuild=True)
        assert paragraphs(into) == paragraphs(fresh)
        assert totals(into) == recount(into) == totals(fresh)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    write_reuters(tmp_path / "news" / "wire.sgm", {str(n): f"Rain {n} fell." for n in range(1, 30)})
    write_lines(tmp_path / "news" / "notes.jsonl", {"a": "The dam broke.\n\nIt rained."})
    index([tmp_path / "news"], tmp_path / "index")
    return tmp_path


def run(archive: Path, **options: object) -> Report:
    return index([archive / "news"], archive / "index", **options)  # type: ignore[arg-type]


def test_an_unchanged_archive_writes_nothing(archive):
    before = files_of(archive / "index")

    report = run(archive)

    assert not report.wrote
    assert report.unchanged.articles == 30
    assert files_of(archive / "index") == before


def test_files_that_are_only_touched_write_nothing_to_the_index(archive):
    before = files_of(archive / "index")
    os.utime(archive / "news" / "wire.sgm", (10**9, 10**9))

    assert not run(archive).wrote
    assert not run(archive, check_content=True).wrote
    assert files_of(archive / "index") == before


def test_a_dry_run_says_what_a_run_does_and_writes_nothing(archive):
    write_lines(archive / "news" / "notes.jsonl", {"a": "Changed.", "b": "New."})
    (archive / "news" / "wire.sgm").unlink()
    before = files_of(archive / "index")

    dry = run(archive, dry_run=True)

    assert files_of(archive / "index") == before
    wet = run(archive)
    for name in ("added", "changed", "removed", "unchanged", "total", "undated"):
        assert getattr(dry, name) == getattr(wet, name)
    assert (dry.wrote, wet.wrote) == (False, True)
    assert (wet.added.articles, wet.changed.articles, wet.removed.articles) == (1, 1, 29)


def test_a_dry_run_makes_no_folder(tmp_path):
    write_lines(tmp_path / "news" / "a.jsonl", {"a": "Rain."})

    assert index([tmp_path / "news"], tmp_path / "index", dry_run=True).added.articles == 1
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("kind", [str, Path])
def test_a_path_by_itself_is_one_path(tmp_path, kind):
    write_lines(tmp_path / "news" / "a.jsonl", {"a": "Rain."})

    assert index(kind(tmp_path / "news"), tmp_path / "index").added.articles == 1


def test_one_changed_story_of_a_file_replaces_that_article_alone(archive):
    stories = {str(n): f"Rain {n} fell." for n in range(1, 30)}
    write_reuters(archive / "news" / "wire.sgm", {**stories, "2": "A much longer story of snow."})

    report = run(archive)

    assert (report.changed.articles, report.unchanged.articles) == (1, 29)
    text = (archive / "news" / "wire.sgm").read_text(encoding="utf-8")
    for one in paragraphs(archive / "index").values():
        if one.path.endswith(".sgm"):
            assert text[one.start_char : one.end_char] == one.text
    assert find(archive / "index", "snow") == {"news/wire.sgm:2#p1"}


def test_an_article_keeps_its_number_when_it_changes(archive):
    def number(article: str) -> int:
        with open_index(archive / "index").reader() as reader:
            record = source_record(reader, "news/notes.jsonl")
        assert record
        return {entry.id: entry.number for entry in record.entries}[article]

    before = number("news/notes.jsonl:a")
    write_lines(archive / "news" / "notes.jsonl", {"b": "First.", "a": "Changed."})
    run(archive)

    assert number("news/notes.jsonl:a") == before
    assert number("news/notes.jsonl:b") == 31


def test_a_file_that_was_renamed_leaves_no_old_name(archive):
    (archive / "news" / "notes.jsonl").rename(archive / "news" / "later.jsonl")

    report = run(archive)

    assert (report.added.articles, report.removed.articles) == (1, 1)
    assert find(archive / "index", "broke") == {"news/later.jsonl:a#p1"}


def test_missing_files_are_kept_when_asked_and_removed_when_not(archive):
    (archive / "news" / "notes.jsonl").unlink()

    assert run(archive, keep_missing=True).missing == 1
    assert run(archive, rebuild=True, keep_missing=True).total.articles == 30
    assert find(archive / "index", "broke")
    assert run(archive).removed.articles == 1
    assert not find(archive / "index", "broke")


def test_sources_from_elsewhere_stay(archive):
    write_lines(archive / "other" / "o.jsonl", {"o": "Snow elsewhere."})
    index([archive / "other"], archive / "index")

    assert run(archive).removed.articles == 0
    assert run(archive, rebuild=True).total.articles == 31
    assert find(archive / "index", "snow") == {"other/o.jsonl:o#p1"}


def test_a_folder_that_is_gone_takes_its_articles_along(archive):
    shutil.rmtree(archive / "news")

    assert run(archive).removed.articles == 30
    assert recount(archive / "index")["documents"] == 0


def test_a_path_that_never_was_is_an_error(archive):
    with pytest.raises(ArticleError, match="no such file"):
        index([archive / "nwes"], archive / "index")


def test_a_file_that_can_no_more_be_read_keeps_its_last_good_articles(archive):
    (archive / "news" / "notes.jsonl").write_bytes(b"\x00\x01\x02" * 100)

    report = run(archive)

    assert report.exit_code == 4
    assert find(archive / "index", "broke")
    assert run(archive).exit_code == 4
    assert run(archive, rebuild=True).exit_code == 4
    assert find(archive / "index", "broke")


def test_what_could_not_be_read_is_reported_by_later_runs_too(archive):
    with (archive / "news" / "notes.jsonl").open("a", encoding="utf-8") as file:
        file.write("{ no json\n")

    assert sum(run(archive).skipped.values()) == 1
    again = run(archive)
    assert sum(again.skipped.values()) == 1
    assert not again.wrote


def lines(*stories: tuple[str, str]) -> io.BytesIO:
    rows = (json.dumps({"id": key, "text": text}) for key, text in stories)
    return io.BytesIO("\n".join(rows).encode())


def test_standard_input_adds_and_replaces_and_never_removes(archive):
    into = archive / "index"

    assert index(["-"], into, stdin=lines(("a", "Hail."), ("b", "Fog."))).added.articles == 2
    second = index(["-"], into, stdin=lines(("b", "Mist.")))
    assert (second.changed.articles, second.removed.articles) == (1, 0)
    assert not index(["-"], into, stdin=lines(("b", "Mist."))).wrote
    assert find(into, "hail") and find(into, "mist") and not find(into, "fog")
    assert run(archive, rebuild=True).total.articles == 32
    assert find(into, "hail") and find(into, "mist")
    assert totals(into) == recount(into)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(["p.fix", "q.fix", "r.fix"]), STORIES), min_size=2))
def test_an_id_in_two_files_belongs_to_the_first_by_name(states):
    """It must not matter which of the files was indexed first."""
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr("searcher.readers.registry.READERS", {".fix": "tests.indexing.fixed:read"})
        news, into, fresh = Path(name, "news"), Path(name, "index"), Path(name, "fresh")
        for state in states[:4]:
            shutil.rmtree(news, ignore_errors=True)
            news.mkdir()
            for file, stories in state.items():
                (news / file).write_text(json.dumps(stories), encoding="utf-8")
            report = index([news], into)
        again = index([news], fresh)

        assert paragraphs(into) == paragraphs(fresh)
        assert totals(into) == recount(into)
        assert report.skipped == again.skipped
        assert not index([news], into).wrote


def test_what_a_source_that_is_not_read_loses_to_another_is_reported(tmp_path, monkeypatch):
    """A later run, and a rebuild, say it too."""
    monkeypatch.setitem(registry.READERS, ".fix", "tests.indexing.fixed:read")
    news, into = tmp_path / "news", tmp_path / "index"
    news.mkdir()
    (news / "b.fix").write_text(json.dumps({"1": "Rain fell."}))
    index([news], into)
    (news / "a.fix").write_text(json.dumps({"1": "Snow fell."}))

    reports = [index([news], into) for _ in range(2)] + [index([news], into, rebuild=True)]
    assert [report.skipped for report in reports] == [{"duplicate id": 1}] * 3
    assert {skip.detail for report in reports for skip in report.skips} == {
        "'1' is also in news/a.fix"
    }


def test_other_reading_options_read_the_files_again(archive):
    report = run(archive, options=ReadOptions(mapping={"text": "body"}))

    assert report.files_unchanged == 0


def test_parsing_side_by_side_gives_the_same_index(archive):
    for n in range(5):
        write_lines(archive / "news" / f"more{n}.jsonl", {"m": f"Hail {n}."})
    run(archive, jobs=2)
    index([archive / "news"], archive / "one")

    assert paragraphs(archive / "index") == paragraphs(archive / "one")


def test_what_is_no_article_is_counted_by_reason(tmp_path):
    """Nothing that stands in a folder is passed over without a word."""
    news = tmp_path / "news"
    news.mkdir()
    (news / "a.txt").write_text("Rain fell.")
    (news / "README.md").write_text("What this is.")
    (news / "photo.jpg").write_bytes(b"\xff\xd8")
    (news / "empty.jsonl").write_text('{"title": "", "text": ""}\n')

    report = index([news], tmp_path / "index")

    assert report.ignored == {"readme": 1, "unknown suffix": 1}
    assert report.skipped == {"no text": 1}
    assert report.added.articles == 1


def test_a_source_that_stays_in_an_older_version_is_counted(archive):
    """Else its old articles would pass for what the file says today."""
    (archive / "news" / "notes.jsonl").write_bytes(b"\x00\x01\x02" * 100)

    for options in ({}, {"rebuild": True}, {"dry_run": True}):
        assert run(archive, **options).stale == 1
    write_lines(archive / "news" / "notes.jsonl", {"a": "The dam held."})
    assert run(archive).stale == 0


def test_a_mapping_that_fits_no_column_leaves_the_earlier_articles_and_says_so(archive):
    report = run(archive, options=ReadOptions(mapping={"text": "bodi"}))

    assert report.stale == 1
    assert report.skipped == {"no such column": 1}
    assert find(archive / "index", "broke")


def feed(*texts: str) -> io.BytesIO:
    return io.BytesIO("\n".join(json.dumps({"text": text}) for text in texts).encode())


def test_records_without_an_id_accumulate_on_standard_input(tmp_path):
    """A second feed begins at line 1 again, which must not replace the first."""
    into = tmp_path / "index"

    assert index(["-"], into, stdin=feed("Hail.", "Fog.")).added.articles == 2
    second = index(["-"], into, stdin=feed("Snow.", "Hail.", "Snow."))
    assert (second.added.articles, second.unchanged.articles) == (1, 1)
    assert (second.exit_code, second.ignored) == (0, {"same record again": 1})
    assert find(into, "hail") and find(into, "fog") and find(into, "snow")


def test_an_id_that_can_be_no_key_still_names_its_record_on_standard_input(tmp_path):
    into = tmp_path / "index"
    index(["-"], into, stdin=lines(("https://example.org/1", "Hail.")))

    report = index(["-"], into, stdin=lines(("https://example.org/1", "Fog.")))
    assert (report.changed.articles, report.total.articles) == (1, 1)


def test_files_whose_names_look_alike_when_printed_are_two(tmp_path):
    news = tmp_path / "news"
    news.mkdir()
    for name, text in (("a\nb.txt", "Hail."), ("a\\nb.txt", "Fog."), ("c\udce9.txt", "Snow.")):
        (news / name).write_text(text)

    assert index([news], tmp_path / "index").added.articles == 3
    assert not index([news], tmp_path / "index").wrote
    (news / "a\\nb.txt").unlink()
    assert index([news], tmp_path / "index").removed.articles == 1
    assert find(tmp_path / "index", "hail") and find(tmp_path / "index", "snow")
