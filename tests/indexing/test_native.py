"""What the native writer leaves is what the stock writer leaves, in segments of its own."""

from __future__ import annotations

import json
from pathlib import Path
from unittest.mock import Mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.index import open_dir

from searcher.errors import IndexIncompatible, SearcherError
from searcher.indexing import codecs, column_array, index, open_index
from searcher.indexing.carry import carry_over
from searcher.indexing.schema import schema
from tests.conftest import SEEDS
from tests.indexing.archives import paragraphs, recount, totals, write_lines

pytest.importorskip("searcher._native")

COLUMNS = (
    "article",
    "section",
    "desk",
    "speaker",
    "date",
    "words",
    "article_no",
    "number",
    "alike",
)


def everything(folder: Path) -> dict[str, object]:
    """Return all that an index holds, by id where documents have one."""
    with open_index(folder).reader() as reader:
        stored = [reader.stored_fields(doc) for doc in range(reader.doc_count_all())]
        names = [fields.get("id") or json.dumps(fields, default=list) for fields in stored]
        live = [doc for doc, _ in reader.iter_docs()]
        held = {"stored": {names[doc]: stored[doc] for doc in live}, "terms": terms(reader, names)}
        for name in COLUMNS:
            values = column_array(reader, name)
            held[name] = {names[doc]: values[doc] for doc in live}
    return held


def terms(reader, names: list[str]) -> dict[object, object]:
    found: dict[object, object] = {}
    fields = schema()
    for field, term in reader.all_terms():
        matcher = reader.postings(field, term)
        while matcher.is_active():
            has_places = fields[field].format.supports("positions")
            places = matcher.value_as("positions") if has_places else None
            found[field, term, names[matcher.id()]] = (matcher.weight(), places)
            matcher.next()
    return found


def same(one: Path, other: Path) -> bool:
    """Tell whether two indexes hold the same, but for when their files were looked at."""
    first, second = everything(one), everything(other)
    for held in (first, second):
        held["stored"] = {k: v for k, v in held["stored"].items() if "id" in v}
        held["terms"] = {k: v for k, v in held["terms"].items() if k[0] != "record"}
        for name in COLUMNS:
            held[name] = {k: v for k, v in held[name].items() if "#" in k}
    return first == second


STORY = st.text("ab .,’'é1北—\n", max_size=40)
RECORDS = st.lists(
    st.fixed_dictionaries(
        {"text": STORY},
        optional={
            "title": STORY,
            "author": STORY,
            "city": STORY,
            "source": STORY,
            "date": st.dates().map(str),
            "section": st.lists(STORY, max_size=3),
            "language": st.sampled_from(["en", "de"]),
        },
    ),
    max_size=4,
)


@settings(max_examples=60)
@given(records=RECORDS)
def test_both_codecs_hold_the_same(records, tmp_path_factory):
    folder = tmp_path_factory.mktemp("n")
    (folder / "news").mkdir()
    lines = [json.dumps({"id": str(n), **record}) for n, record in enumerate(records)]
    (folder / "news" / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")

    index([folder / "news"], folder / "native", codec="native")
    index([folder / "news"], folder / "stock", codec="stock")

    assert same(folder / "native", folder / "stock")


def test_both_codecs_hold_the_same_of_the_seeds(tmp_path):
    (tmp_path / "seeds").symlink_to(SEEDS, target_is_directory=True)
    index([tmp_path / "seeds"], tmp_path / "native", codec="native")
    index([tmp_path / "seeds"], tmp_path / "stock", codec="stock")

    assert same(tmp_path / "native", tmp_path / "stock")


STATES = st.lists(
    st.tuples(
        st.sampled_from(["native", "stock"]),
        st.dictionaries(
            st.sampled_from("abcdef"),
            st.sampled_from(["Rain fell.\n\nIt rained.", "One.", "“Dam,” said Ann Lee.\n\nTwo."]),
            min_size=1,
            max_size=4,
        ),
        st.sampled_from([1, 20_000]),
    ),
    min_size=2,
    max_size=6,
)


@settings(max_examples=40)
@given(states=STATES)
def test_segments_of_both_codecs_index_merge_and_delete_in_one_index(states, tmp_path_factory):
    folder = tmp_path_factory.mktemp("n")
    news = folder / "news" / "a.jsonl"
    for codec, stories, commit_every in states:
        write_lines(news, stories)
        index([folder / "news"], folder / "mixed", codec=codec, commit_every=commit_every)
        assert totals(folder / "mixed") == recount(folder / "mixed")
    write_lines(news, stories)
    index([folder / "news"], folder / "fresh", codec="native")

    assert paragraphs(folder / "mixed") == paragraphs(folder / "fresh")
    assert found(folder / "mixed") == found(folder / "fresh")


def found(folder: Path) -> object:
    held = everything(folder)
    return {key: value for key, value in held["terms"].items() if key[0] not in ("record", "alike")}


def test_the_end_of_a_run_merges_what_the_run_added_and_leaves_more_alone(tmp_path):
    def sizes():
        return [segment.doc_count() for segment in open_dir(str(tmp_path / "index"))._segments()]

    for name, words in {"a": 40, "b": 8}.items():
        stories = {f"{name}{n}": f"Rain {n}." for n in range(words)}
        write_lines(tmp_path / "news" / f"{name}.jsonl", stories)
        index([tmp_path / "news"], tmp_path / "index", codec="native", commit_every=2)
        assert len(sizes()) == (1 if name == "a" else 2)


@pytest.mark.parametrize("codec", codecs.CODECS)
def test_a_merge_takes_over_segments_of_the_other_codec(tmp_path, codec):
    other = {"native": "stock", "stock": "native"}[codec]
    for number in range(12):
        name = tmp_path / "news" / f"{number}.jsonl"
        write_lines(name, {"a": f"Rain {number}.\n\n“It rained,” said Ann Lee."})
        index([tmp_path / "news"], tmp_path / "index", codec=other if number % 2 else codec)
    index([tmp_path / "news"], tmp_path / "fresh", codec=codec)

    assert len(list((tmp_path / "index").glob("MAIN_*.*"))) <= 11
    assert paragraphs(tmp_path / "index") == paragraphs(tmp_path / "fresh")
    assert found(tmp_path / "index") == found(tmp_path / "fresh")
    assert totals(tmp_path / "index") == recount(tmp_path / "index")


def test_an_unknown_codec_is_refused_with_those_that_there_are(tmp_path):
    with pytest.raises(SearcherError, match="Choose one of: native, stock"):
        index([tmp_path], tmp_path / "index", codec="tantivy")


def test_without_the_core_the_stock_codec_is_the_default(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "searcher._native", None)
    write_lines(tmp_path / "news" / "a.jsonl", {"a": "Rain."})

    with pytest.raises(SearcherError, match="--codec stock"):
        index([tmp_path / "news"], tmp_path / "index", codec="native")
    index([tmp_path / "news"], tmp_path / "index")
    assert list((tmp_path / "index").glob("*.seg"))


def test_documents_of_another_program_are_refused_by_name(tmp_path):
    write_lines(tmp_path / "news" / "a.jsonl", {"a": "Rain."})
    index([tmp_path / "news"], tmp_path / "index", codec="stock")
    writer = open_dir(str(tmp_path / "index")).writer()
    writer.add_document(id="x#p1", article="x", text="Hail")
    writer.commit(optimize=True)

    with (
        open_dir(str(tmp_path / "index")).reader() as reader,
        pytest.raises(IndexIncompatible, match="--codec stock"),
    ):
        carry_over(reader, Mock())
