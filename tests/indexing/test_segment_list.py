"""The file that tells an index's native segments without Whoosh, and when it isn't believed."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from array import array
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import searcher
from searcher.core import core
from searcher.indexing.segment_list import (
    generation_of,
    read_segment_list,
    write_segment_list,
)

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
    for name in ("MAIN_a.nat", "MAIN_b.nat"):
        (tmp_path / name).touch()
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
        ("MAIN_b.nat", 1),
    ]
    assert [array("I", part.deleted).tolist() for part in found.parts] == [[2, 7], []]


def test_lists_of_earlier_commits_are_removed(listed):
    assert [file.name for file in listed.glob("*.segments*")] == ["_MAIN_3.segments"]


def test_a_list_with_any_byte_changed_or_missing_is_not_believed(listed):
    path = listed / "_MAIN_3.segments"
    content = path.read_bytes()
    for at in range(len(content)):
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        assert read_segment_list(listed, 3) is None
        path.write_bytes(content[:at])
        assert read_segment_list(listed, 3) is None


def test_a_list_is_of_one_table_of_contents(listed):
    """A folder that was made anew counts its generations from 0 again."""
    (listed / "_MAIN_3.toc").write_bytes(b"b table of contents")
    assert read_segment_list(listed, 3) is None


def test_a_commit_without_a_list_has_none(listed):
    (listed / "_MAIN_4.toc").touch()
    assert read_segment_list(listed, generation_of(listed)) is None


def test_a_commit_with_a_segment_of_whoosh_leaves_no_list(listed):
    segments = [OneSegment("MAIN_a", 9, ()), OneSegment("MAIN_stock", 1, ())]
    write_segment_list(listed, 3, "en", segments)
    assert read_segment_list(listed, 3) is None


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
