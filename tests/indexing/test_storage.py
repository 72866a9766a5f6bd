"""Opening an index: what is refused, and how clearly."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
import whoosh
from whoosh.fields import TEXT, Schema
from whoosh.index import create_in, open_dir
from whoosh.qparser import QueryParser

from searcher.errors import (
    IndexIncompatible,
    IndexMissing,
    IndexUnreadable,
    SearcherError,
    WhooshMismatch,
)
from searcher.indexing import archive_record, column_array, index, open_index
from searcher.indexing.schema import RecordField
from searcher.readers import ReadOptions
from tests.indexing.archives import codecs, files_of, find, write_lines

pytestmark = pytest.mark.damages


@pytest.fixture(params=codecs())
def built(request, tmp_path: Path) -> Path:
    write_lines(tmp_path / "news" / "a.jsonl", {"a": "Missiles fell.\n\nOn Ukraine’s dam."})
    index([tmp_path / "news"], tmp_path / "index", codec=request.param)
    return tmp_path


def test_stock_whoosh_opens_an_index_and_finds_a_word(built):
    opened = open_dir(str(built / "index"))
    with opened.searcher() as searcher:
        for field, query in (
            ("text", "missile"),
            ("exact", '"ukraine\'s dam"'),
            ("text", "ukraine"),
        ):
            hits = searcher.search(QueryParser(field, opened.schema).parse(query), limit=None)
            assert [hit["article"] for hit in hits] == ["news/a.jsonl:a"], query


def test_stock_whoosh_writes_to_an_index_too(built):
    writer = open_dir(str(built / "index")).writer()
    writer.add_document(id="x#p1", article="x", text="Hail", exact="Hail", desk=["World News"])
    writer.commit(optimize=True)

    assert find(built / "index", "hail") == {"x#p1"}
    assert find(built / "index", "world news", "desk") == {"x#p1"}
    assert find(built / "index", "missiles") == {"news/a.jsonl:a#p1"}


def test_no_index_says_how_to_build_one(tmp_path):
    with pytest.raises(IndexMissing, match="Build one with: searcher index"):
        open_index(tmp_path / "nowhere")
    with pytest.raises(IndexMissing):
        open_index(tmp_path)


def test_a_file_is_no_index(tmp_path):
    (tmp_path / "index").write_text("x")

    with pytest.raises(IndexUnreadable, match="found a file"):
        open_index(tmp_path / "index")
    with pytest.raises(IndexUnreadable):
        index([tmp_path], tmp_path / "index")


def test_a_folder_without_permission_is_not_called_missing(built, monkeypatch):
    """The refusal is injected, because root may list every folder."""

    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("searcher.indexing.storage.Path.iterdir", refuse)
    with pytest.raises(IndexUnreadable, match="Permission denied"):
        open_index(built / "index")


@pytest.mark.parametrize("damage", [b"", b"junk", None])
def test_a_damaged_table_of_contents_is_named(built, damage):
    (toc,) = (built / "index").glob("*.toc")
    toc.write_bytes(toc.read_bytes()[:-30] if damage is None else damage)

    with pytest.raises(IndexUnreadable, match="damaged"):
        open_index(built / "index")


def test_a_folder_of_something_else_is_never_touched(built, tmp_path):
    foreign = tmp_path / "papers"
    foreign.mkdir()
    (foreign / "thesis.doc").write_text("years of work")
    before = files_of(foreign)

    for rebuild in (False, True):
        with pytest.raises(IndexUnreadable, match=r"thesis\.doc"):
            index([built / "news"], foreign, rebuild=rebuild)
    assert files_of(foreign) == before


def test_the_index_of_another_program_is_never_touched(built, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    create_in(str(other), Schema(text=TEXT))
    before = files_of(other)

    for rebuild in (False, True):
        with pytest.raises(IndexIncompatible, match="another program"):
            index([built / "news"], other, rebuild=rebuild)
    assert files_of(other) == before


def test_hidden_files_do_not_keep_an_index_out_of_a_folder(built, tmp_path):
    (tmp_path / "fresh").mkdir()
    (tmp_path / "fresh" / ".gitignore").write_text("*")

    assert index([built / "news"], tmp_path / "fresh").total.articles == 1


def test_another_format_version_asks_for_a_rebuild(built, monkeypatch):
    def version(self):
        self.__dict__["version"] = 99
        return self.__dict__

    with monkeypatch.context() as patch:
        patch.setattr(RecordField, "__getstate__", version, raising=False)
        index([built / "news"], built / "index", rebuild=True)

    with pytest.raises(IndexIncompatible, match="format 99"):
        open_index(built / "index")
    index([built / "news"], built / "index", rebuild=True)
    assert find(built / "index", "missiles")


def test_another_language_asks_for_a_rebuild(built):
    with pytest.raises(IndexIncompatible, match="--rebuild"):
        index([built / "news"], built / "index", language="de")

    index([built / "news"], built / "index", language="de", rebuild=True)
    with open_index(built / "index").reader() as reader:
        assert archive_record(reader).language == "de"
    assert index([built / "news"], built / "index").unchanged.articles == 1


def test_a_language_without_a_stemmer_is_refused_before_anything_is_made(built, tmp_path):
    with pytest.raises(SearcherError, match="klingon"):
        index([built / "news"], tmp_path / "fresh", language="klingon")
    assert not (tmp_path / "fresh").exists()


def test_another_whoosh_is_refused_and_named(built, monkeypatch):
    monkeypatch.setattr(whoosh, "__version__", (2, 7, 5))

    with pytest.raises(WhooshMismatch, match=r"2\.7\.5.*pip install whoosh3==3\.54\.0"):
        open_index(built / "index")


def test_an_index_and_its_files_move_together(built, tmp_path):
    (tmp_path / "moved").mkdir()
    for name in ("news", "index"):
        shutil.move(tmp_path / name, tmp_path / "moved" / name)

    assert not index([tmp_path / "moved" / "news"], tmp_path / "moved" / "index").wrote


def test_an_index_inside_the_folder_is_not_indexed(tmp_path):
    write_lines(tmp_path / "a.jsonl", {"a": "Rain."})
    for _ in range(2):
        report = index([tmp_path], tmp_path / "index")

    assert (report.files, report.total.articles) == (1, 1)
    assert not report.skipped


def test_an_empty_folder_makes_an_empty_index(tmp_path):
    (tmp_path / "news").mkdir()
    index([tmp_path / "news"], tmp_path / "index")

    with open_index(tmp_path / "index").reader() as reader:
        assert archive_record(reader).documents == 0
        assert list(column_array(reader, "date")) == [0]
    assert not index([tmp_path / "news"], tmp_path / "index").wrote


def mended(built: Path) -> None:
    """Do what helps against any damage, and see that it does."""
    shutil.rmtree(built / "index")
    assert index([built / "news"], built / "index").total.articles == 1
    assert find(built / "index", "missiles")


@pytest.mark.parametrize("kept_bytes", [0, 5, 100, 2000, None])
def test_a_damaged_segment_is_named_by_readers_and_by_writers(built, kept_bytes):
    (segment,) = (built / "index").glob("MAIN_*.*")
    whole = segment.read_bytes()
    segment.unlink()
    if kept_bytes is not None:
        segment.write_bytes(whole[:kept_bytes])
    write_lines(built / "news" / "b.jsonl", {"b": "Hail."})
    started = time.monotonic()

    with pytest.raises(IndexUnreadable, match=segment.name) as caught:
        open_index(built / "index").reader()
    assert "searcher repair" in str(caught.value)
    assert "--rebuild" not in str(caught.value)
    for rebuild in (False, True):
        with pytest.raises(IndexUnreadable, match=segment.name):
            index([built / "news"], built / "index", rebuild=rebuild)
    assert time.monotonic() - started < 1, "a file that is gone for good was waited for"
    (built / "news" / "b.jsonl").unlink()
    mended(built)


@pytest.mark.parametrize("at", [0, 3, 11, 15, 60, 400])
def test_random_bytes_in_a_table_of_contents_never_advise_a_rebuild(built, at):
    """A rebuild takes over what comes from elsewhere, so it has to read the damage."""
    (toc,) = (built / "index").glob("*.toc")
    data = toc.read_bytes()
    toc.write_bytes(data[:at] + bytes(range(100, 150)) + data[at + 50 :])

    with pytest.raises(IndexUnreadable, match="searcher repair"):
        open_index(built / "index").reader()
    mended(built)


def test_a_mapping_of_an_unknown_field_is_refused_before_anything_is_made(built, tmp_path):
    options = ReadOptions(mapping={"foo": "bar"})

    with pytest.raises(SearcherError, match=r"expected one of author, city.*found foo"):
        index([built / "news"], tmp_path / "fresh", options=options)
    assert not (tmp_path / "fresh").exists()
