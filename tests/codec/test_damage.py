"""A damaged segment is an error that names file and byte, whatever is asked of it."""

from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import fields, query
from whoosh.index import create_in, open_dir

_native = pytest.importorskip("searcher._native")

from searcher.codec import NativeCodec  # noqa: E402

SCHEMA = fields.Schema(
    text=fields.TEXT(stored=True, vector=True), name=fields.ID(sortable=True, stored=True)
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The folder of an index, its segment file, and what it answers."""
    folder = tmp_path_factory.mktemp("whole")
    with create_in(folder, SCHEMA).writer(codec=NativeCodec()) as writer:
        for number in range(3000):
            writer.add_document(text=f"oil price {number % 7} rain", name=str(number))
    (path,) = folder.glob("*.nat")
    return folder, path, path.read_bytes(), answers(folder)


def answers(folder):
    with open_dir(str(folder)).searcher() as searcher:
        found = [searcher.search(asked, limit=None) for asked in ASKED]
        by_name = searcher.search(ASKED[0], sortedby="name", limit=3)
        return (
            [[(hit.docnum, hit.score) for hit in results] for results in found],
            [hit.fields() for hit in by_name],
            list(searcher.vector_as("frequency", 3, "text")),
        )


ASKED = (
    query.Term("text", "oil"),
    query.Phrase("text", ["price", "3"]),
    query.Prefix("text", "r"),
    query.Term("name", "2500"),
)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_changed_byte_is_an_error_or_changes_nothing(whole, data):
    folder, path, content, expected = whole
    at = data.draw(st.integers(0, len(content) - 1))
    change = data.draw(st.integers(1, 255))
    # A new folder each time: who has a segment open shares it by its path.
    with TemporaryDirectory() as other:
        for file in folder.iterdir():
            copy(file, other)
        changed = content[:at] + bytes([content[at] ^ change]) + content[at + 1 :]
        Path(other, path.name).write_bytes(changed)
        try:
            assert answers(other) == expected
        except _native.NativeError as error:
            assert path.name in str(error)


@pytest.mark.parametrize("length", [0, 1, 15, 16, 100, 1000, -1])
def test_a_file_that_was_cut_is_refused(whole, length, tmp_path):
    cut = tmp_path / "cut.nat"
    cut.write_bytes(whole[2][:length])

    with pytest.raises(_native.NativeError, match=r"cut\.nat: damaged at byte \d+: "):
        _native.Segment(str(cut))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        _native.Segment(str(tmp_path / "gone.nat"))
    assert Path(caught.value.filename).name == "gone.nat"


def test_check_finds_a_changed_byte_anywhere(whole, tmp_path):
    content, path = whole[2], tmp_path / "bad.nat"
    for at in range(16, len(content), 997):
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        with pytest.raises(_native.NativeError):
            _native.Segment(str(path)).check()
