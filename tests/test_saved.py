"""Saved searches: what is kept, what is new, and what `query:NAME` stands for."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import threading
from collections import Counter
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import searcher
from searcher.errors import (
    IndexIncompatible,
    IndexLocked,
    IndexUnreadable,
    QueryError,
    QueryLimitError,
    QuerySyntaxError,
)
from searcher.model import Paragraph
from searcher.query.limits import Limits
from searcher.query.parser import parse
from searcher.saved import searches as saved_searches
from searcher.saved.memory import Digests, Memory
from searcher.saved.store import Store

TODAY = date(2026, 2, 26)


class Newsroom:
    """A folder of articles with an index beside it."""

    def __init__(self, folder: Path) -> None:
        self.news = folder / "news"
        self.index = folder / "index"
        self.news.mkdir(parents=True)
        (self.news / "first.txt").write_text("Nothing yet.", encoding="utf-8")
        self.update()

    def write(self, name: str, *paragraphs: str) -> None:
        """Write an article, or take it away when it has no paragraph."""
        path = self.news / f"{name}.txt"
        path.unlink(missing_ok=True)
        if paragraphs:
            path.write_text("\n\n".join(paragraphs), encoding="utf-8")

    def update(self, **options) -> None:
        searcher.index([self.news], self.index, check_content=True, **options)

    @contextmanager
    def open(self, today: date | None = TODAY, **options):
        with searcher.open(self.index, today=today, **options) as archive:
            yield archive

    def save(self, name: str, query: str, **options):
        with self.open() as archive:
            return archive.saved.save(name, query, **options)

    def new(self, name: str, today: date = TODAY, **options) -> list[str]:
        """Return the texts that are new, in order."""
        with self.open(today) as archive:
            return sorted(hit.text for hit in archive.saved.new(name, **options).hits)


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path)


# What is new.


def test_what_a_search_finds_when_it_is_saved_is_not_new(room):
    room.write("a", "The dam broke.")
    room.update()
    room.save("dam", "dam")

    assert room.new("dam") == []


def test_the_first_look_gives_what_came_in_since_the_search_was_saved(room):
    room.save("dam", "dam")
    room.write("a", "The dam broke.", "It rained.", "A second dam held.")
    room.update()

    assert room.new("dam") == ["A second dam held.", "The dam broke."]
    assert room.new("dam") == []


def test_of_a_changed_article_only_the_paragraphs_that_changed_are_new(room):
    """Whatever is put in above moves their numbers, and says nothing new."""
    room.write("a", "The dam broke.", "A second dam held.")
    room.update()
    room.save("dam", "dam")
    room.write("a", "Put in above.", "The dam broke.", "A second dam gave way.", "A third dam.")
    room.update()

    assert room.new("dam") == ["A second dam gave way.", "A third dam."]


def test_a_paragraph_that_stands_once_more_is_new_once(room):
    room.write("a", "The dam broke.")
    room.update()
    room.save("dam", "dam")
    room.write("a", "The dam broke.", "The dam broke.")
    room.update()

    assert room.new("dam") == ["The dam broke."]


def test_a_paragraph_of_another_article_is_new_though_it_says_the_same(room):
    room.write("a", "The dam broke.")
    room.update()
    room.save("dam", "dam")
    room.write("b", "The dam broke.")
    room.update()

    assert room.new("dam") == ["The dam broke."]


def test_a_rebuild_gives_nothing_new(room):
    """It numbers articles anew, so no number may be remembered."""
    room.write("b", "The dam broke.")
    room.update()
    room.write("a", "A second dam held.")
    room.update()
    room.save("dam", "dam")
    room.update(rebuild=True)

    assert room.new("dam") == []


def test_an_index_made_anew_in_the_same_folder_keeps_the_searches(room):
    room.write("a", "The dam broke.")
    room.update()
    room.save("dam", "dam")
    for file in room.index.iterdir():
        if file.name != "searches.json":
            shutil.rmtree(file) if file.is_dir() else file.unlink()
    room.update()

    assert room.new("dam") == []


def test_what_was_removed_and_comes_back_is_not_new_again(room):
    room.write("a", "The dam broke.")
    room.update()
    room.save("dam", "dam")
    room.write("a")
    room.update()
    assert room.new("dam") == []
    room.write("a", "The dam broke.")
    room.update()

    assert room.new("dam") == []


def test_a_look_without_marking_leaves_it_new(room):
    room.save("dam", "dam")
    room.write("a", "The dam broke.")
    room.update()

    assert room.new("dam", mark=False) == room.new("dam") == ["The dam broke."]


def test_each_search_has_a_memory_of_its_own(room):
    room.save("dam", "dam")
    room.save("broke", "broke")
    room.write("a", "The dam broke.")
    room.update()
    room.new("dam")

    assert room.new("broke") == ["The dam broke."]


def test_what_went_wrong_in_the_block_leaves_it_new(room):
    room.save("dam", "dam")
    room.write("a", "The dam broke.")
    room.update()
    with room.open() as archive, suppress(BrokenPipeError), archive.saved.looking():
        raise BrokenPipeError

    assert room.new("dam") == ["The dam broke."]


def test_a_search_that_fails_leaves_the_others_their_news(room):
    room.save("dam", "dam")
    room.save("both", "query:dam OR rain")
    with room.open() as archive:
        archive.saved.delete("dam")
    room.save("rain", "rain")
    room.write("a", "The rain.")
    room.update()
    with room.open() as archive, archive.saved.looking() as look:
        assert [news.search.name for news in look.news] == ["rain"]
        assert "no saved search 'dam'" in str(look.failures["both"])

    assert room.new("rain") == []


def test_undated_paragraphs_that_a_date_filter_leaves_out_are_counted(room):
    room.save("dam", "dam", since="2026-02")
    room.write("a", "The dam broke.")
    room.update()
    with room.open() as archive:
        news = archive.saved.new("dam")

    assert (news.hits, news.undated) == ((), 1)


def test_captions_are_left_out_as_in_any_search(seed_index, tmp_path):
    shutil.copytree(seed_index, tmp_path / "index")
    with searcher.open(tmp_path / "index", today=TODAY) as archive:
        assert len(archive.saved.save("all", "tomahawk kind:*").memory) == 7
        assert len(archive.saved.save("usual", "tomahawk").memory) == 5


def test_both_engines_have_the_same_news(room):
    room.save("dam", "dam OR rain")
    room.write("a", "The dam broke.", "The rain.", "Sun.")
    room.update()
    with room.open(engine="scan") as scan, room.open() as local:
        by_scan = scan.saved.new("dam", mark=False)

        assert by_scan == local.saved.new("dam", mark=False)
        assert len(by_scan.hits) == 2


TEXTS = st.sampled_from(("dam", "dam rain", "The dam.", "rain", "sun"))
STATES = st.dictionaries(st.sampled_from("abc"), st.lists(TEXTS, max_size=4), max_size=3)
STEPS = st.lists(st.tuples(STATES, st.sampled_from(("look", "peek", "rebuild", "pass"))))


@settings(max_examples=25)
@given(STEPS)
def test_news_are_what_a_count_of_texts_says(steps):
    """The oracle: of each text of each article, as many as there never were at a look."""
    with tempfile.TemporaryDirectory() as folder:
        room = Newsroom(Path(folder))
        room.save("dam", "dam")
        most: Counter[tuple[str, str]] = Counter()
        for state, action in steps:
            for name in "abc":
                room.write(name, *state.get(name, ()))
            room.update(rebuild=action == "rebuild")
            if action == "pass":
                continue
            now = Counter((a, text) for a in state for text in state[a] if "dam" in text)
            expected = sorted(text for (_, text), n in (now - most).items() for _ in range(n))

            assert room.new("dam", mark=action != "peek") == expected
            most |= now if action != "peek" else Counter()


# The memory.


def paragraph(text: str, article: str = "a") -> Paragraph:
    return Paragraph(f"{article}#p1", article, 1, "text", "", text, 0, len(text))


def test_a_digest_tells_article_and_text_apart():
    digests = Digests()
    found = [digests.of(paragraph(*said)) for said in (("bc", "a"), ("c", "ab"), ("bc", "a"))]

    assert len(set(found)) == 3
    assert found[0] == Digests().of(paragraph("bc", "a"))


@given(st.lists(st.sets(st.integers(0, 9)), max_size=6), st.integers(10, 12))
def test_a_full_memory_forgets_first_what_has_been_no_hit_for_longest(looks, most):
    memory = Memory()
    last_seen: dict[bytes, int] = {}
    for at, look in enumerate(looks):
        found = [bytes([number]) * 16 for number in look]
        memory = memory.after(found, most)
        last_seen.update(dict.fromkeys(found, at))

        assert all(memory.has(digest) for digest in found)
        assert len(memory) <= most
    ages = [last_seen[digest] for digest in memory.digests]
    assert ages == sorted(ages)


def test_a_search_with_more_hits_than_can_be_remembered_is_refused(room, monkeypatch):
    monkeypatch.setattr(saved_searches, "MOST", 1)
    room.write("a", "The dam broke.", "A second dam.")
    room.update()

    with pytest.raises(QueryError, match="2 hits; a saved search remembers at most 1"):
        room.save("dam", "dam")
    with room.open() as archive:
        assert archive.saved.list() == ()


# Saving.


def test_a_relative_date_stays_relative(room):
    records = [
        {"id": f"r{day}", "date": f"2026-02-{day}", "text": f"Dam of {day}."} for day in (19, 25)
    ]
    room.save("recent", "dam", since="3d")
    (room.news / "r.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    room.update()
    with room.open() as archive:
        (search,) = archive.saved.list()
        assert search.since == "3d"
        assert "date:2026-02-23.." in archive.saved.new("recent", mark=False).parsed
    with room.open(date(2026, 2, 20)) as archive:
        assert "date:2026-02-17.." in archive.saved.new("recent", mark=False).parsed

    assert room.new("recent") == ["Dam of 25."]


def test_days_and_values_are_kept_as_the_query_language_has_them(room):
    search = room.save("x", "dam", since=date(2026, 2, 1), desk="world", kind=("text", "quote"))

    assert (search.since, search.desk, search.kind) == ("2026-02-01", ("world",), ("text", "quote"))
    with room.open() as archive:
        assert archive.saved.list() == (search,)


def test_the_scope_is_kept(room):
    room.write("a", "The dam broke.", "It rained.")
    room.update()
    room.save("x", "dam rained", scope="article")
    with room.open() as archive:
        assert archive.saved.count("x") == archive.count("query:x") == 2


def test_a_plain_query_stays_plain(room):
    room.save("x", "dam OR (rain", plain=True)
    with room.open() as archive:
        assert "or" in archive.saved.new("x").parsed.lower()
        assert archive.saved.list()[0].plain


@pytest.mark.parametrize("name", ["", "a b", "a" * 65, "São", "a.b", "a\n"])
def test_a_name_is_letters_digits_and_two_signs(room, name):
    with pytest.raises(QueryError, match="no name for a search"):
        room.save(name, "dam")


def test_a_name_is_taken_once(room):
    room.save("x", "dam")
    with pytest.raises(QueryError, match="saved search x already"):
        room.save("x", "rain")

    assert room.save("x", "rain", replace=True).query == "rain"


def test_a_query_that_cant_be_read_is_not_saved(room):
    with pytest.raises(QuerySyntaxError) as caught:
        room.save("x", "dam date:2026-13")
    assert caught.value.column == 14
    with room.open() as archive:
        assert archive.saved.list() == ()


def test_deleting_takes_the_memory_along(room):
    room.save("x", "dam")
    with room.open() as archive:
        assert archive.saved.delete("x").query == "dam"
        assert archive.saved.list() == ()
        with pytest.raises(QueryError, match="no saved search 'x'"):
            archive.saved.delete("x")


# query:NAME.


def test_a_reference_stands_for_the_query_and_its_filters_in_brackets(room):
    room.save("x", "dam OR rain", since="3d")
    with room.open() as archive:
        assert archive.search("NOT query:x sun").parsed == (
            "(NOT ((dam OR rain) AND date:2026-02-23..) AND sun AND NOT kind:caption)"
        )
        assert archive.search("(QUERY:x)^2 sun").parsed.startswith("(((dam^2 OR rain^2) AND ")
        assert archive.search("query://x", limit=0).total == 0


@pytest.mark.parametrize(
    ("query", "column", "problem"),
    [
        ("dam query:y", 10, "there is no saved search 'y'"),
        ("dam query:", 4, "query: needs the name"),
        ("title:query:x", 6, "query: can't stand inside title:"),
        ("query:x^0", 7, "a boost is over 0"),
        ("query:broken", 6, "in the saved search broken: the saved search broken refers to itself"),
    ],
)
def test_a_reference_that_cant_be_followed_says_where(room, query, column, problem):
    room.save("x", "dam")
    room.save("broken", "dam")
    rewrite(room, lambda rows: rows["broken"].update(query="query:broken"))
    with room.open() as archive, pytest.raises(QuerySyntaxError) as caught:
        archive.search(query)

    assert (caught.value.column, caught.value.query) == (column, query)
    assert caught.value.problem.startswith(problem)
    assert caught.value.hint


def test_an_unknown_name_is_met_with_the_nearest(room):
    room.save("tomahawk", "dam")
    with room.open() as archive, pytest.raises(QuerySyntaxError) as caught:
        archive.search("query:tomahwak")

    assert caught.value.hint == "Did you mean query:tomahawk? Saved searches: tomahawk."


def test_searches_may_not_go_round_in_a_circle(room):
    room.save("a", "dam")
    room.save("b", "query:a rain")
    with pytest.raises(QuerySyntaxError, match="a → b → a"):
        room.save("a", "query:b", replace=True)
    with room.open() as archive:
        assert archive.search("query:b").parsed.startswith("(dam AND rain")


def test_references_count_toward_the_limits_of_the_whole_query(room):
    """Each doubles the one before, so twenty would be a million words."""
    room.save("n0", "dam")
    with pytest.raises(QueryLimitError) as caught:
        for at in range(20):
            room.save(f"n{at + 1}", f"query:n{at} query:n{at}")
    assert caught.value.limit == "terms"

    with pytest.raises(QueryLimitError) as caught:
        for at in range(60):
            room.save(f"m{at + 1}", f"query:m{at}" if at else "dam")
    assert caught.value.limit == "depth"


def test_without_an_archive_there_are_no_saved_searches():
    with pytest.raises(QuerySyntaxError, match="no saved searches here"):
        parse("query:x", TODAY)


@pytest.mark.damages
def test_the_file_is_read_only_for_a_query_that_names_a_search(room):
    (room.index / "searches.json").write_text("damaged", encoding="utf-8")
    with room.open() as archive:
        archive.search("dam")
        with pytest.raises(IndexUnreadable):
            archive.search("query:x")


# The file.


def rewrite(room: Newsroom, change) -> None:
    """Change the rows of the file by hand."""
    path = room.index / "searches.json"
    whole = json.loads(path.read_bytes())
    del whole["crc32"]
    change(whole["searches"])
    path.write_text(json.dumps(whole), encoding="utf-8")


@pytest.mark.damages
@pytest.mark.parametrize(
    "change",
    [
        lambda row: row.pop("query"),
        lambda row: row.update(query=1),
        lambda row: row.update(since=2),
        lambda row: row.update(desk="world"),
        lambda row: row.update(kind=[1]),
        lambda row: row.update(plain="no"),
        lambda row: row.update(saved="yesterday"),
        lambda row: row.update(seen="****"),
        lambda row: row.update(seen="AAAA"),
        lambda row: row.update(more=1),
    ],
)
def test_a_damaged_search_is_an_error_that_names_the_file(room, change):
    room.save("x", "dam")
    rewrite(room, lambda rows: change(rows["x"]))

    with room.open() as archive, pytest.raises(IndexUnreadable, match=r"searches\.json"):
        archive.saved.list()


@pytest.mark.damages
@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"7", b"\xff", b"[" * 100_000, b'{"version": 1}', b'{"version": true}',
     b'{"version": 1, "searches": {"a b": {}}}', b'{"version": 1, "searches": {"a": 1}}'],
)  # fmt: skip
def test_a_damaged_file_is_an_error_that_names_it_and_stays_as_it_is(room, data):
    path = room.index / "searches.json"
    path.write_bytes(data)

    with pytest.raises(IndexUnreadable, match=r"searches\.json.*move the file away"):
        room.save("x", "dam")
    assert path.read_bytes() == data


@pytest.mark.damages
def test_a_file_of_a_later_version_is_not_touched(room):
    (room.index / "searches.json").write_text('{"version": 2, "searches": {}}', encoding="utf-8")

    with room.open() as archive, pytest.raises(IndexIncompatible, match="version 2"):
        archive.saved.list()


def test_a_write_that_fails_leaves_the_old_file(room, monkeypatch):
    room.save("x", "dam")
    before = (room.index / "searches.json").read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        room.save("y", "dam")
    assert (room.index / "searches.json").read_bytes() == before
    assert not list(room.index.glob(".searches.json.*"))


def test_what_a_killed_run_left_is_swept(room):
    (room.index / ".searches.json.1.2").write_text("half", encoding="utf-8")
    room.save("x", "dam")

    assert not list(room.index.glob(".searches.json.*"))


def test_a_second_writer_waits_and_then_says_so(room):
    room.save("x", "dam")
    with room.open() as archive, archive.saved.looking():
        store = archive.saved._store
        with pytest.raises(IndexLocked, match=r"searches\.json.*another run"):  # noqa: SIM117
            with store.changing(wait_s=0):
                pass
        assert archive.saved.list()[0].name == "x"
        assert archive.saved.new("x", mark=False).hits == ()


def test_runs_side_by_side_give_each_hit_once_and_lose_no_search(room):
    room.save("dam", "dam")
    room.write("a", *(f"Dam {number}." for number in range(30)))
    room.update()
    found: list[str] = []

    def work(number: int) -> None:
        room.save(f"s{number}", "rain")
        found.extend(room.new("dam"))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == len(set(found)) == 30
    with room.open() as archive:
        assert [s.name for s in archive.saved.list()] == ["dam", "s0", "s1", "s2", "s3"]


def test_the_searches_are_kept_while_another_run_writes_to_the_index(room):
    from searcher.indexing.lock import write_lock

    with write_lock(room.index, 0):
        room.save("x", "dam")


def test_the_limits_of_the_archive_hold_for_a_saved_search(room):
    room.save("x", "dam rain")
    with room.open(limits=Limits(terms=1)) as archive, pytest.raises(QueryLimitError):
        archive.search("query:x")


def test_a_file_with_one_letter_changed_is_damage(room):
    room.write("a", "Rain fell.")
    with room.open() as archive:
        archive.saved.save("rain", "rainfall")
    path = room.index / "searches.json"
    whole = path.read_text()
    path.write_text(whole.replace("rainfall", "rainfell"))

    with pytest.raises(IndexUnreadable, match=r"searches\.json.*checksum"):
        Store(room.index).read()
    # Who edits the file takes the checksum out.
    path.write_text(re.sub(r' "crc32": "\w+",\n', "", whole.replace("rainfall", "rain")))
    assert Store(room.index).read()["rain"].query == "rain"
