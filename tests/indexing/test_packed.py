"""What a run holds of a million files in few bytes says what plain mappings and lists say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.indexing import packed
from searcher.indexing.candidates import Candidate, Chosen, Files
from searcher.indexing.packed import Packed, Slots

KEYS = st.sampled_from(["", "a", "b.txt", "é/ü", "\udce9", "news/1.jsonl", "x" * 300])
CHANGES = st.lists(
    st.tuples(KEYS, st.one_of(st.none(), st.binary(max_size=40))), min_size=1, max_size=60
)


@given(CHANGES)
def test_a_packed_mapping_says_what_a_dictionary_says(changes):
    """None takes a key away; the buffer is written anew all the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packed, "_LEAST_DEAD", 16)
        found, expected = Packed(), {}
        rows: dict[str, int | None] = {}
        for key, value in changes:
            if value is None:
                assert (found.pop(key, None) is None) == (expected.pop(key, None) is None)
                rows.pop(key, None)
            else:
                found[key] = expected[key] = value
                assert rows.setdefault(key, found.row(key)) == found.row(key)
        assert dict(found) == expected
        assert len(found) == len(expected)
        assert {key: found.key(row) for key, row in rows.items()} == {key: key for key in rows}


def test_what_is_not_there_is_a_key_error():
    with pytest.raises(KeyError):
        Packed()["a"]
    with pytest.raises(KeyError):
        del Packed()["a"]


@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 5), st.booleans()), max_size=200))
def test_slots_hold_several_numbers_of_one_hash(changes):
    slots, expected = Slots(), {}
    for low, number, adds in changes:
        # All have the same slot at first.
        key = low << 40
        numbers = expected.setdefault(key, [])
        if adds:
            slots.add(key, number)
            numbers.append(number)
        elif number in numbers:
            slots.remove(key, number)
            numbers.remove(number)
    for key, numbers in expected.items():
        assert sorted(slots.find(key)) == sorted(numbers)


def test_slots_that_come_and_go_take_no_more_room():
    slots = Slots()
    for number in range(5_000):
        slots.add(hash(str(number)), number)
        slots.remove(hash(str(number)), number)
    assert len(slots._values) <= 16


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 9)), max_size=30))
def test_files_are_by_name_and_the_first_of_a_name_stays(found):
    files = Files()
    for name, size in found:
        files.add(f"news/{name}", f"./{size}", size, -size)
    files.sort()
    expected = dict(reversed(found))

    assert list(files) == [
        Candidate(f"news/{name}", f"./{size}/{name}", size, -size)
        for name, size in sorted(expected.items())
    ]
    assert files.find("news/x") is None
    assert [files.find(file.name) for file in files] == list(range(len(files)))


def test_the_place_of_a_file_is_the_one_that_was_found():
    """Not the one that its name says: names are safe to print."""
    files = Files()
    files.add("n/caf\\xe9\\n.txt", "/n", 1, 0)
    files.add("a.txt", "", 1, 0)
    files.sort()
    assert [file.place for file in files] == ["a.txt", "/n/caf\udce9\n.txt"]


def test_chosen_files_are_in_the_order_of_all():
    files = Files()
    for name in "abcdef":
        files.add(name, "", 0, 0)
    files.sort()
    some, others = Chosen(files, str.upper), Chosen(files)
    some.add(1)
    some.add(4, has_known=True)
    others.add(0)
    others.add(5)

    both = some.merged(others)
    assert [(file.name, file.sha256) for file in both] == [
        ("a", ""), ("b", ""), ("e", "E"), ("f", ""),
    ]  # fmt: skip
    assert [both.has(name) for name in "abcdefg"] == [1, 1, 0, 0, 1, 1, 0]
    assert both[1:3] == [both[1], both[2]]
