"""A mapped file gives Whoosh the bytes that a copy would."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh.filedb.structfile import BufferFile

from searcher.indexing import mapped
from searcher.indexing.mapped import MappedFile

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
    stretch = MappedFile(mapped._Descriptor(path), "x", offset, length)
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


def test_a_large_part_of_a_part_is_mapped_and_a_small_one_copied(path, monkeypatch):
    monkeypatch.setattr(mapped, "SMALL_BYTES", 100)
    part = MappedFile.whole(path, "x").subset(5000, 9000).subset(7, 600)
    assert isinstance(part, MappedFile)
    assert part.read() == BYTES[5007:5607]
    assert isinstance(part.subset(1, 50), BufferFile)
    assert part.subset(1, 50).read() == BYTES[5008:5058]


def test_a_part_can_be_taken_after_the_file_is_deleted(tmp_path, monkeypatch):
    """A later commit removes the segments of an archive that is still open."""
    monkeypatch.setattr(mapped, "SMALL_BYTES", 100)
    path = tmp_path / "file.seg"
    path.write_bytes(BYTES)
    whole = MappedFile.whole(path, "x")
    path.unlink()
    assert whole.subset(10, 500).read() == BYTES[10:510]
