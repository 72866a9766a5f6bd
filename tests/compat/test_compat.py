"""R10: another version, another Whoosh, another schema: opened, or refused with what helps."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from whoosh.index import open_dir
from whoosh.query import Term

import searcher
from searcher.core import core
from searcher.errors import IndexIncompatible
from searcher.indexing import segment_list
from searcher.indexing.codecs import CODECS, NATIVE
from searcher.indexing.schema import RecordField
from tests.compat.freeze import HERE, TODAY, answered
from tests.indexing.archives import codecs, files_of, write_lines

FROZEN = sorted(path for path in HERE.glob("index_v*/*") if path.name in CODECS)
OTHERS = sorted((HERE / "others").iterdir())


@pytest.fixture(params=FROZEN, ids=lambda path: f"{path.parent.name}-{path.name}")
def frozen(request, tmp_path: Path) -> Path:
    """A copy of a frozen index with its news."""
    if request.param.name == NATIVE and core() == "python":
        pytest.skip("the native core is not built")
    return shutil.copytree(request.param, tmp_path / "frozen")


def test_there_is_a_frozen_index_of_this_format():
    assert {path.parent.name for path in FROZEN} >= {"index_v2"}
    assert {path.name for path in FROZEN} == set(CODECS)


def test_an_index_that_was_written_long_ago_answers_as_it_did(frozen):
    expected = json.loads((frozen / "answers.json").read_text(encoding="utf-8"))
    with searcher.open(frozen / "index", today=TODAY) as archive:
        assert json.loads(json.dumps(list(answered(archive)))) == expected
    assert searcher.check(frozen / "index").is_whole


def test_an_index_that_was_written_long_ago_is_written_on(frozen):
    write_lines(frozen / "news" / "new.jsonl", {"n": "Oil prices again."})
    report = searcher.index([frozen / "news"], frozen / "index", check_content=True)

    assert report.added.articles == 1
    assert report.unchanged.articles == 8
    assert searcher.check(frozen / "index").is_whole


@pytest.mark.parametrize("other", OTHERS, ids=lambda path: path.name)
def test_the_index_of_another_program_is_refused_and_not_touched(other, tmp_path):
    index = shutil.copytree(other, tmp_path / "index")
    write_lines(tmp_path / "news" / "a.jsonl", {"a": "Rain."})
    before = files_of(index)

    def indexing(index):
        searcher.index([tmp_path / "news"], index)

    def rebuilding(index):
        searcher.index([tmp_path / "news"], index, rebuild=True)

    for use in (searcher.open, indexing, rebuilding, searcher.check, searcher.repair):
        with pytest.raises(IndexIncompatible, match=r"another program.*Choose another folder"):
            use(index)
    assert files_of(index) == before


@pytest.fixture(params=codecs())
def built(request, tmp_path: Path) -> Path:
    write_lines(tmp_path / "news" / "a.jsonl", {"a": "Missiles fell."})
    searcher.index([tmp_path / "news"], tmp_path / "index", codec=request.param)
    return tmp_path


def test_whoosh_itself_opens_and_searches_what_we_write(built):
    write_lines(built / "news" / "b.jsonl", {"b": "Oil and missiles."})
    searcher.index([built / "news"], built / "index")
    with open_dir(str(built / "index")).searcher() as whoosh:
        hits = whoosh.search(Term("exact", "missiles"))
        assert {hit["article"] for hit in hits} == {"news/a.jsonl:a", "news/b.jsonl:b"}


@pytest.mark.damages
def test_an_index_of_another_format_says_the_command_that_helps(built, monkeypatch):
    def version(self):
        return {**self.__dict__, "version": 99}

    with monkeypatch.context() as patch:
        patch.setattr(RecordField, "__getstate__", version, raising=False)
        patch.setattr(segment_list, "FORMAT_VERSION", 99)
        searcher.index([built / "news"], built / "index", rebuild=True)

    for use in (searcher.open, searcher.check, searcher.repair):
        with pytest.raises(IndexIncompatible, match=r"index format 99.*searcher index PATH --reb"):
            use(built / "index")
    searcher.index([built / "news"], built / "index", rebuild=True)
    assert searcher.check(built / "index").is_whole


@pytest.mark.skipif(core() == "python", reason="the native core is not built")
def test_a_native_index_without_the_core_says_that_it_is_missing(tmp_path):
    write_lines(tmp_path / "news" / "a.jsonl", {"a": "Rain."})
    searcher.index([tmp_path / "news"], tmp_path / "index", codec=NATIVE)
    code = (
        "import sys; sys.modules['searcher._native'] = None\n"
        "import searcher\n"
        f"news, index = {str(tmp_path / 'news')!r}, {str(tmp_path / 'index')!r}\n"
        "for use in (searcher.open, searcher.repair, lambda i: searcher.index([news], i)):\n"
        "    try:\n"
        "        use(index)\n"
        "    except searcher.SearcherError as error:\n"
        "        print(type(error).__name__, error)\n"
        "print(searcher.check(index).findings[0].problem)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    said = done.stdout.splitlines()

    assert len(said) == 4, done.stderr
    for line in said:
        assert "the native core's, which is not installed here" in line
        assert "damaged" not in line
    assert all(line.startswith("IndexIncompatible") for line in said[:3])


def test_whoosh_itself_opens_what_was_written_long_ago(frozen):
    with open_dir(str(frozen / "index")).searcher() as whoosh:
        assert whoosh.doc_count()
