"""A stretch of a file gives Whoosh the bytes that a copy would, and none that are damaged."""

from __future__ import annotations

import os
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh.filedb.structfile import BufferFile

from searcher.errors import IndexUnreadable
from searcher.indexing import mapped
from searcher.indexing.mapped import SegmentFile
from searcher.indexing.segment_list import PAGE, page_crcs

BYTES = bytes(range(256)) * 64


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("mapped") / "file.seg"
    path.write_bytes(BYTES)
    return path


@given(offset=st.integers(0, len(BYTES) - 1), data=st.data())
def test_a_stretch_reads_like_its_bytes(path, offset, data):
    length = data.draw(st.integers(1, len(BYTES) - offset))
    whole = BufferFile(BYTES[offset : offset + length])
    stretch = SegmentFile(mapped.Source(path), "x", offset, length)
    at = data.draw(st.integers(0, length))
    for file in (whole, stretch):
        file.seek(at)
    assert (stretch.tell(), stretch.read(5), stretch.tell()) == (
        whole.tell(),
        whole.read(5),
        whole.tell(),
    )
    assert stretch.get(at, 9) == whole.get(at, 9)
    stretch.seek(0, os.SEEK_END)
    assert stretch.tell() == length
    stretch.close()


def test_a_large_part_of_a_part_is_read_where_it_lies_and_a_small_one_copied(path, monkeypatch):
    monkeypatch.setattr(mapped, "SMALL_BYTES", 100)
    part = SegmentFile.whole(path, "x").subset(5000, 9000).subset(7, 600)
    assert isinstance(part, SegmentFile)
    assert part.read() == BYTES[5007:5607]
    assert isinstance(part.subset(1, 50), BufferFile)
    assert part.subset(1, 50).read() == BYTES[5008:5058]


def test_a_part_can_be_taken_after_the_file_is_deleted(tmp_path, monkeypatch):
    """A later commit removes the segments of an archive that is still open."""
    monkeypatch.setattr(mapped, "SMALL_BYTES", 100)
    path = tmp_path / "file.seg"
    path.write_bytes(BYTES)
    whole = SegmentFile.whole(path, "x")
    path.unlink()
    assert whole.subset(10, 500).read() == BYTES[10:510]


@pytest.fixture
def checked(tmp_path):
    """A file of three pages with their checksums."""
    path = tmp_path / "file.seg"
    path.write_bytes(bytes(2 * PAGE + 100))
    return path, tuple(page_crcs(path))


def change(path, at):
    with path.open("r+b") as file:
        file.seek(at)
        file.write(b"x")


def test_a_damaged_page_is_an_error_when_a_byte_of_it_is_read(checked):
    path, crcs = checked
    whole = SegmentFile.whole(path, "x", crcs)
    change(path, PAGE + 5)

    assert whole.get(0, PAGE) == bytes(PAGE)
    assert whole.get(2 * PAGE, 9) == bytes(9)
    for at, length in ((PAGE, 1), (PAGE - 1, 2), (2 * PAGE - 1, 1), (0, 2 * PAGE + 100)):
        with pytest.raises(IndexUnreadable, match=r"file\.seg: damaged at byte 65536"):
            whole.get(at, length)


def test_a_file_that_is_cut_while_it_is_open_is_an_error(checked):
    path, crcs = checked
    for known in (crcs, ()):
        path.write_bytes(bytes(2 * PAGE + 100))
        whole = SegmentFile.whole(path, "x", known)
        with path.open("r+b") as file:
            file.truncate(PAGE + 10)
        with pytest.raises(IndexUnreadable, match=r"file\.seg: damaged"):
            whole.get(PAGE, 20)


def test_a_file_of_another_length_is_refused_at_once(checked):
    path, crcs = checked
    with path.open("ab") as file:
        file.write(bytes(PAGE))

    with pytest.raises(IndexUnreadable, match=r"a file of 196708 bytes"):
        SegmentFile.whole(path, "x", crcs)


@given(st.recursive(st.integers() | st.binary() | st.text(), st.lists, max_leaves=400))
def test_pickles_one_behind_the_other_are_read_like_whoosh_reads_them(tmp_path_factory, value):
    path = tmp_path_factory.mktemp("pickles") / "file.seg"
    path.write_bytes(b"".join(pickle.dumps(value, protocol) for protocol in (2, 4, 2)))
    read = SegmentFile.whole(path, "x")

    assert [read.read_pickle() for _ in range(3)] == [value] * 3
    assert read.read() == b""
