"""The file that tells what a commit is made of without Whoosh, and what is damage to it."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import zlib
from array import array
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import searcher
from searcher.core import core
from searcher.errors import IndexUnreadable
from searcher.indexing.segment_list import (
    PAGE,
    check_seal,
    generation_of,
    read_segment_list,
    write_segment_list,
)
from tests.test_docs import ROOT

needs_core = pytest.mark.skipif(core() == "python", reason="the native core is not built")


class OneSegment:
    """What Whoosh says of a segment."""

    def __init__(self, name: str, documents: int, deleted: tuple[int, ...]) -> None:
        self.segment_id = lambda: name
        self.doc_count_all = lambda: documents
        self.deleted_docs = lambda: iter(deleted)


@pytest.fixture
def listed(tmp_path):
    """A folder whose table of contents has two native segments, and their list."""
    (tmp_path / "MAIN_a.nat").write_bytes(bytes(range(100)))
    (tmp_path / "MAIN_b.seg").write_bytes(bytes(PAGE + 1))
    (tmp_path / "_MAIN_3.toc").write_bytes(b"a table of contents")
    (tmp_path / "_MAIN_2.segments").touch()
    segments = [OneSegment("MAIN_a", 9, (7, 2)), OneSegment("MAIN_b", 1, ())]
    write_segment_list(tmp_path, 3, "de", segments)
    return tmp_path


def test_a_list_says_what_was_written(listed):
    found = read_segment_list(listed, generation_of(listed))
    assert (found.generation, found.language) == (3, "de")
    assert [(part.file, part.documents) for part in found.parts] == [
        ("MAIN_a.nat", 9),
        ("MAIN_b.seg", 1),
    ]
    assert [part.size_bytes for part in found.parts] == [100, PAGE + 1]
    assert found.parts[0].seal == int.from_bytes(bytes(range(88, 92)), "little")
    assert found.parts[1].crcs == (zlib.crc32(bytes(PAGE)), zlib.crc32(b"\0"))
    assert [array("I", part.deleted).tolist() for part in found.parts] == [[2, 7], []]


def test_lists_of_earlier_commits_are_removed(listed):
    assert [file.name for file in listed.glob("*.segments*")] == ["_MAIN_3.segments"]


def test_a_list_with_any_byte_changed_or_missing_is_damage(listed):
    path = listed / "_MAIN_3.segments"
    content = path.read_bytes()
    for at in range(len(content)):
        for bad in (content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :], content[:at]):
            path.write_bytes(bad)
            with pytest.raises(IndexUnreadable, match=r"_MAIN_3\.segments"):
                read_segment_list(listed, 3)


def test_a_table_of_contents_that_its_list_does_not_know_is_damage(listed):
    (listed / "_MAIN_3.toc").write_bytes(b"b table of contents")
    with pytest.raises(IndexUnreadable, match=r"_MAIN_3\.toc: its checksum is wrong"):
        read_segment_list(listed, 3)


def test_a_commit_without_a_list_has_none(listed):
    (listed / "_MAIN_4.toc").touch()
    assert read_segment_list(listed, generation_of(listed)) is None


def test_what_an_earlier_list_says_of_a_segment_is_taken_over(listed):
    """Segments never change: what is damaged since must not become right by a commit."""
    (listed / "_MAIN_4.toc").write_bytes(b"another")
    before = read_segment_list(listed, 3).parts
    (listed / "MAIN_b.seg").write_bytes(b"x" * (PAGE + 1))
    write_segment_list(
        listed, 4, "de", [OneSegment("MAIN_a", 9, (1,)), OneSegment("MAIN_b", 1, ())]
    )
    after = read_segment_list(listed, 4).parts

    assert [part.crcs for part in after] == [part.crcs for part in before]
    assert array("I", after[0].deleted).tolist() == [1]


def test_a_segment_that_was_cut_or_exchanged_is_damage(listed):
    found = read_segment_list(listed, 3).parts
    for part in found:
        check_seal(listed, part)
    (listed / "MAIN_a.nat").write_bytes(bytes(100))
    (listed / "MAIN_b.seg").write_bytes(bytes(PAGE))
    for part in found:
        with pytest.raises(IndexUnreadable, match=part.file):
            check_seal(listed, part)


@needs_core
def test_an_index_opens_alike_with_and_without_its_list(make_index, tmp_path):
    archive = make_index([{"id": str(n), "text": "Oil rose."} for n in range(3)], codec="native")
    wanted = [(hit.id, hit.score) for hit in archive.search("oil")]
    for file in tmp_path.glob("index0/*.segments"):
        file.unlink()
    with searcher.open(archive.path) as other:
        assert [(hit.id, hit.score) for hit in other.search("oil")] == wanted


@needs_core
def test_a_native_index_is_searched_without_whoosh(make_index):
    archive = make_index("Oil rose.", codec="native")
    code = (
        f"import searcher, sys; page = searcher.open({archive.path!r}).search('oil');"
        "assert page.total == 1 and page[0].snippet.plain();"
        "sys.exit(any(name.split('.')[0] == 'whoosh' for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@needs_core
def test_the_native_engine_refuses_an_index_that_is_not_all_native(make_index):
    archive = make_index("Oil rose.", codec="stock")
    with pytest.raises(searcher.SearcherError, match="the native engine can't open it"):
        searcher.open(archive.path, engine="native")
    with searcher.open(archive.path) as other:
        assert other.search("oil").total == 1


@pytest.mark.damages
@needs_core
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damage_of_a_native_segment_is_an_error_that_says_so(damaged_index, data):
    """Whatever byte is changed, what is asked is answered right or refused."""
    path, content, wanted = damaged_index
    at = data.draw(st.integers(0, len(content) - 1))
    changed = bytes([content[at] ^ data.draw(st.integers(1, 255))])
    # Never in place: what is mapped would change under its reader.
    other = path.with_suffix(".new")
    other.write_bytes(content[:at] + changed + content[at + 1 :])
    other.replace(path)
    with contextlib.suppress(searcher.SearcherError), searcher.open(path.parent) as archive:
        assert everything(archive) == wanted


def everything(archive):
    """Return what an archive says of itself and of a few queries."""
    found = [archive.search(text, facets=("desk", "year", "author")) for text in ASKED]
    pages = [[(h.id, h.score, h.text, h.spans) for h in page] for page in found]
    counts = [(page.total, page.articles, page.facets) for page in found]
    return pages, counts, archive.get("a").text, archive.stats().by_kind


ASKED = (
    "oil",
    '"oil prices"',
    "pri*",
    "title:dam",
    "-oil",
    "exact(Oil)",
    "date:2026",
    "oil NEAR/3 rose",
)


@pytest.fixture
def damaged_index(make_index):
    """A native index, the file of its segment, and what it says while it is whole."""
    archive = make_index(
        [
            {"id": "a", "title": "A dam", "text": "Oil prices rose.\n\nThe dam broke."},
            {"id": "b", "text": "Oil, oil and oil.", "date": "2026-02-03", "author": "Jo Oil"},
        ],
        codec="native",
    )
    path = next(Path(archive.path).glob("*.nat"))
    return path, path.read_bytes(), everything(archive)


def test_the_example_of_the_page_is_what_is_written(tmp_path):
    footer = bytes(288) + (0x01020304).to_bytes(4, "little") + bytes(8)
    (tmp_path / "MAIN_a.nat").write_bytes(footer)
    (tmp_path / "_MAIN_3.toc").write_bytes(b"toc")
    write_segment_list(tmp_path, 3, "en", [OneSegment("MAIN_a", 2, (1,))])
    written = (tmp_path / "_MAIN_3.segments").read_bytes().hex(" ")
    page = (ROOT / "docs" / "index-format.md").read_text(encoding="utf-8")

    assert written in " ".join(page.split())
