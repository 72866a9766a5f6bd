"""What someone is quoted saying: from the index as by looking at every paragraph."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import searcher
from searcher.errors import QueryError
from tests.conftest import TODAY

PIECES = (
    '"It fell," said Ann Lee.',
    '"It rose," Lee said.',
    '"Oil fell," said Ann Poe, adding that it "will rise."',
    "“Öl,” Zoë Lee-Poe said.",
    'The "B" shares rose.',
    "Ann Lee said it fell.",
)
DAYS = (None, "2026-02-01", "2026-02-02")
RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "text": st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("\n\n".join),
            "date": st.sampled_from(DAYS),
        }
    ),
    min_size=1,
    max_size=4,
)
ASKED = (("lee", "*"), ("Ann", "oil"), ("poe ann", "*"), ("zoe", "*"), ("lee", "-rose"), ("b", "*"))


@given(RECORDS)
@settings(max_examples=25)
def test_the_index_says_what_a_look_at_every_paragraph_says(records):
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "a.jsonl"
        source.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
        searcher.index([source], Path(folder) / "index")
        with (
            searcher.open(Path(folder) / "index", today=TODAY) as local,
            searcher.open(Path(folder) / "index", today=TODAY, engine="scan") as scan,
        ):
            assert local.speakers() == scan.speakers()
            for name, query in ASKED:
                assert local.quotes(name, query) == scan.quotes(name, query)
                spoken = local.quotes(name, limit=None)
                assert len(spoken.quotes) == spoken.total
                everyone = {one.speaker: one.quotes for one in local.speakers(limit=None).speakers}
                assert all(everyone[one.speaker] == one.quotes for one in spoken.speakers)


@pytest.fixture
def archive(make_index):
    return make_index(
        [
            {"id": "a", "date": "2026-02-02", "desk": "World", "text": PIECES[2]},
            {"id": "b", "date": "2026-02-01", "text": f"{PIECES[1]} {PIECES[0]}"},
            {"id": "c", "text": PIECES[0]},
        ]
    )


def test_a_name_finds_the_names_that_hold_its_words(archive):
    def names(name: str) -> set[str]:
        return {one.speaker for one in archive.quotes(name).quotes}

    assert names("ann") == {"Ann Lee", "Ann Poe"}
    assert names("LEE") == {"Ann Lee", "Lee"}
    assert names("lee, ann") == {"Ann Lee"}
    assert names("an") == set()


def test_the_newest_come_first_and_the_undated_last(archive):
    def days(sort: str) -> list[str]:
        return [str(one.date) for one in archive.quotes("ann", sort=sort).quotes]

    assert days("newest") == ["2026-02-02", "2026-02-02", "2026-02-01", "None"]
    assert days("oldest") == ["2026-02-01", "2026-02-02", "2026-02-02", "None"]


def test_counts_are_of_all_and_the_limit_is_of_what_is_given(archive):
    found = archive.quotes("ann", limit=1)

    assert (found.total, found.articles, len(found.quotes)) == (4, 3, 1)
    assert [(one.speaker, one.quotes, one.articles) for one in found.speakers] == [
        ("Ann Lee", 2, 2),
        ("Ann Poe", 2, 1),
    ]
    assert archive.speakers(limit=1).total == 3


def test_filters_narrow_and_say_what_had_no_date(archive):
    found = archive.quotes("lee", since="2026-02-01")

    assert (found.total, found.undated) == (2, 1)
    assert archive.quotes("ann", desk="World").total == 2
    assert archive.speakers(until="2026-02-01").quotes == 2


def test_the_offsets_are_those_of_the_quotation(archive):
    for one in archive.quotes("ann").quotes:
        assert one.text[one.start_char : one.end_char] == one.quote


@pytest.mark.parametrize(("name", "sort"), [("?", "newest"), ("", "newest"), ("lee", "score")])
def test_a_name_without_a_word_and_an_unknown_order_are_refused(archive, name, sort):
    with pytest.raises(QueryError):
        archive.quotes(name, sort=sort)
