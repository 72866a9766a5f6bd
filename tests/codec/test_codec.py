"""The native codec holds what Whoosh's own codec holds, and scores it the same."""

import pickle
import subprocess
import sys
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import fields, formats, query, sorting
from whoosh.analysis import RegexTokenizer, StemmingAnalyzer
from whoosh.codec.whoosh3 import W3Codec
from whoosh.collectors import TopCollector
from whoosh.filedb.filestore import RamStorage
from whoosh.index import create_in, open_dir

from tests.test_docs import ROOT, environment

pytest.importorskip("searcher._native")

from searcher.codec import NativeCodec, allow, stored
from searcher.codec.segment import NativeSegment
from searcher.codec.unpickle import Refused

SCHEMA = fields.Schema(
    text=fields.TEXT(stored=True, vector=True, spelling=True, analyzer=StemmingAnalyzer()),
    chars=fields.TEXT(chars=True),
    boosted=fields.TEXT(field_boost=1.5),
    counted=fields.FieldType(formats.Frequency(), RegexTokenizer(), scorable=True),
    weighted=fields.FieldType(formats.PositionBoosts(), RegexTokenizer(), scorable=True),
    tags=fields.KEYWORD(commas=True, scorable=True, sortable=True, stored=True),
    name=fields.ID(stored=True, sortable=True),
    number=fields.NUMERIC(int, sortable=True, stored=True),
    ratio=fields.NUMERIC(float),
    flag=fields.BOOLEAN(stored=True),
    day=fields.DATETIME(stored=True, sortable=True),
    gram=fields.NGRAMWORDS(),
)

WORDS = ("oil", "oils", "price", "prices", "São", "the", "of", "rain", "政治", "noon", "a'b")
texts = st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)
documents = st.fixed_dictionaries(
    {},
    optional={
        "text": texts,
        "chars": texts,
        "boosted": texts,
        "counted": texts,
        "weighted": texts,
        "tags": st.lists(st.sampled_from(WORDS), max_size=4).map(",".join),
        "name": st.sampled_from(WORDS),
        "number": st.integers(-1000, 1000),
        "ratio": st.floats(-10, 10),
        "flag": st.booleans(),
        "day": st.datetimes(datetime(1987, 1, 1), datetime(1987, 12, 31)),
        "gram": texts,
        "_boost": st.sampled_from([1.0, 1.0, 1.0, 2.5]),
        "_stored_name": st.sampled_from(WORDS),
    },
)
commits = st.lists(st.lists(documents, min_size=1, max_size=6), min_size=1, max_size=4)

QUERIES = (
    query.Term("text", "oil"),
    query.Or([query.Term("text", "oil"), query.Term("boosted", "price")]),
    query.And([query.Term("text", "oil"), query.Term("chars", "rain")]),
    query.Phrase("chars", ["oil", "price"], slop=2),
    query.Term("counted", "oil"),
    query.Term("weighted", "oil"),
    query.Term("tags", "oil"),
    query.Prefix("text", "p"),
    query.Wildcard("chars", "*i*"),
    query.FuzzyTerm("chars", "oik"),
    query.NumericRange("number", -10, 500),
    query.DateRange("day", datetime(1987, 2, 1), datetime(1987, 9, 1)),
    query.Not(query.Term("text", "oil")),
    query.Every(),
)


def built(commits, codecs, deleted, optimizer=None):
    """Return an index of commits; the codecs take turns."""
    index = RamStorage().create_index(SCHEMA)
    for at, commit in enumerate(commits):
        writer = index.writer(codec=codecs[at % len(codecs)]())
        for document in commit:
            writer.add_document(**document)
        writer.commit(merge=False)
    writer = index.writer(codec=codecs[0]())
    for docnum in deleted:
        if docnum < writer.reader().doc_count_all():
            writer.delete_document(docnum)
    writer.commit(merge=False)
    if optimizer:
        index.writer(codec=optimizer()).commit(optimize=True)
    return index


def hits(searcher, asked):
    """Return (docnum, score) of every hit: Whoosh's exhaustive scoring."""
    collector = TopCollector(10_000, usequality=False, replace=0)
    searcher.search_with_collector(asked, collector)
    return [(hit.docnum, hit.score) for hit in collector.results()]


def postings(reader):
    """Return all postings; Whoosh gives those of a spelling field a value of another field."""
    return [
        (field, text, docnum, weight, value or b"")
        for field, text, docnum, weight, value in reader.iter_postings()
        if not field.startswith("spell_")
    ]


def values_of(reader, name):
    return list(reader.column_reader(name, translate=False)) if reader.has_column(name) else None


def everything(reader):
    """Return all that a reader of one segment can tell."""
    scored = [name for name, field in SCHEMA.items() if field.scorable]
    docs = range(reader.doc_count_all())
    return {
        "postings": postings(reader),
        "infos": [
            (term, info.doc_frequency(), info.min_length(), info.max_length(), info.max_weight())
            for term, info in reader
            if not term[0].startswith("spell_")
        ],
        "frequencies": [reader.frequency(*term) for term in reader.all_terms()],
        "stored": list(reader.iter_docs()),
        "lengths": [[reader.doc_field_length(d, n) or 0 for n in scored] for d in docs],
        "totals": [reader.field_length(name) for name in scored],
        "columns": {n: values_of(reader, n) for n, f in SCHEMA.items() if f.column_type},
        "vectors": [
            list(reader.vector(d, "text").items_as("positions"))
            for d in docs
            if reader.has_vector(d, "text")
        ],
        "suggested": list(reader.terms_within("text", "oli", 2)),
        "deleted": sorted(reader.deleted_docs_set),
    }


@settings(max_examples=15, deadline=None)
@given(commits, st.lists(st.integers(0, 20), max_size=4, unique=True))
def test_a_segment_tells_what_whooshs_own_tells(commits, deleted):
    stock = built(commits, [W3Codec], deleted).reader()
    native = built(commits, [NativeCodec], deleted).reader()

    for ours, theirs in zip(native.leaf_readers(), stock.leaf_readers(), strict=True):
        assert everything(ours[0]) == everything(theirs[0])


@settings(max_examples=15, deadline=None)
@given(
    commits,
    st.lists(st.integers(0, 20), max_size=4, unique=True),
    st.sampled_from([[NativeCodec], [NativeCodec, W3Codec], [W3Codec, NativeCodec]]),
    st.sampled_from([None, NativeCodec, W3Codec]),
)
def test_every_query_scores_as_on_whooshs_own(commits, deleted, codecs, optimizer):
    """Mixed indexes too, and merges both ways."""
    stock = built(commits, [W3Codec], deleted, optimizer and W3Codec)
    mixed = built(commits, codecs, deleted, optimizer)

    with stock.searcher() as theirs, mixed.searcher() as ours:
        for asked in QUERIES:
            assert hits(ours, asked) == hits(theirs, asked), asked
        for name in ("number", "day", "tags"):
            facet = sorting.FieldFacet(name)
            found = [s.search(query.Every(), sortedby=facet, limit=None) for s in (ours, theirs)]
            assert [h.docnum for h in found[0]] == [h.docnum for h in found[1]]
            grouped = [
                s.search(query.Every(), groupedby="tags", limit=None) for s in (ours, theirs)
            ]
            assert grouped[0].groups() == grouped[1].groups()


@pytest.fixture(scope="module")
def long_lists():
    """One index of 900 documents by each codec, so that lists have several blocks."""
    documents = [
        {"text": " ".join(["oil"] * (1 + d % 7) + ["rain"] * (d % 3) + ["price"] * (d % 19))}
        for d in range(900)
    ]
    return built([documents], [NativeCodec], ()), built([documents], [W3Codec], ())


@settings(max_examples=40)
@given(
    word=st.sampled_from(["oil", "rain", "price"]),
    steps=st.lists(st.sampled_from([1, 1, 2, 5, 60, 127, 128, 129, 300]), max_size=20),
)
def test_a_matcher_steps_and_skips_as_whooshs_own(long_lists, word, steps):
    ours, theirs = (
        ix.reader().postings("text", SCHEMA["text"].to_bytes(word)) for ix in long_lists
    )

    for step in steps:
        if not theirs.is_active():
            break
        for matcher in (ours, theirs):
            if step == 1:
                matcher.next()
            else:
                matcher.skip_to(matcher.id() + step)
        assert ours.is_active() == theirs.is_active()
        if theirs.is_active():
            assert told(ours) == told(theirs)


def told(matcher):
    return (
        matcher.id(),
        matcher.weight(),
        matcher.value(),
        matcher.spans(),
        matcher.block_max_id(),
        matcher.block_max_weight(),
        matcher.block_min_length(),
        matcher.block_max_length(),
    )


@given(st.sampled_from([1, 2, 3, 5, 10, 50]), st.sampled_from(QUERIES))
@settings(max_examples=15, deadline=None)
def test_optimised_searches_find_the_same(long_lists, limit, asked):
    """Whoosh skips blocks by their bounds; with equal bounds it skips the same."""
    ours, theirs = (ix.searcher() for ix in long_lists)

    found = [[(h.docnum, h.score) for h in s.search(asked, limit=limit)] for s in (ours, theirs)]
    assert found[0] == found[1]


def test_highlights_and_similar_documents_are_those_of_whooshs_own(long_lists):
    shown = []
    for index in long_lists:
        with index.searcher() as searcher:
            results = searcher.search(query.Term("text", "price"), limit=3, terms=True)
            shown.append(
                (
                    [hit.highlights("text") for hit in results],
                    [hit.matched_terms() for hit in results],
                    [hit.docnum for hit in results[0].more_like_this("text")],
                    [searcher.suggest("text", "pricee")],
                )
            )

    assert shown[0] == shown[1]


class Odd:
    """Something that only a pickle keeps."""

    def __eq__(self, other):
        return isinstance(other, Odd)

    __hash__ = None


STORED = (
    None, True, 0, -1, 2**63, -(2**200), 1.5, "", "São 😀", b"\0\xff", (), (1, ("a",)), [1, [2]],
    {"a": {1: None}}, date(1987, 2, 26), datetime(1987, 2, 26, 23, 59, 59, 999_999),
    datetime(1987, 2, 26, tzinfo=timezone(timedelta(hours=-5))),
    datetime(1987, 2, 26, tzinfo=timezone.utc), datetime(1987, 2, 26, fold=1), Decimal("1.50"),
    {1, 2}, "\ud800", Odd(), float("inf"),
)  # fmt: skip


@pytest.fixture
def odd_is_allowed(monkeypatch):
    monkeypatch.setattr(stored, "_allowed", dict(stored._allowed))
    allow(Odd)


def test_a_class_that_was_not_allowed_is_refused_by_name(tmp_path):
    with create_in(tmp_path, fields.Schema(kept=fields.STORED)).writer(
        codec=NativeCodec()
    ) as writer:
        writer.add_document(kept=Odd())

    with pytest.raises(Refused, match=r"test_codec\.Odd.*searcher\.codec\.allow"):
        list(open_dir(tmp_path).reader().all_stored_fields())


@pytest.mark.usefixtures("odd_is_allowed")
@pytest.mark.parametrize("value", STORED[1:], ids=repr)
def test_a_stored_value_comes_back_as_it_was(tmp_path, value):
    index = create_in(tmp_path, fields.Schema(kept=fields.STORED, other=fields.STORED))
    with index.writer(codec=NativeCodec()) as writer:
        writer.add_document(kept=value, other="plain")

    (found,) = open_dir(tmp_path).reader().all_stored_fields()
    assert found == {"kept": value, "other": "plain"}
    assert type(found["kept"]) is type(value)
    assert repr(found["kept"]) == repr(value) or isinstance(value, Odd)


def test_any_program_of_whoosh_opens_it(tmp_path):
    """It needs no more than that searcher is installed."""
    index = create_in(tmp_path, SCHEMA)
    with index.writer(codec=NativeCodec()) as writer:
        writer.add_document(text="oil prices", number=3)
    code = (
        "import sys; from whoosh.index import open_dir; from whoosh.query import Term; "
        f"s = open_dir({str(tmp_path)!r}).searcher(); print(len(s.search(Term('text', 'oil'))))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("1\n", "")


def test_the_table_of_contents_holds_no_part_of_a_file(tmp_path):
    segment = NativeSegment("MAIN", 3, deleted={1})
    segment.draft = object()

    back = pickle.loads(pickle.dumps(segment))  # noqa: S301
    assert back == segment
    assert back.draft is None
    assert list(back.deleted_docs()) == [1]


def test_one_file_is_all_that_a_commit_leaves(tmp_path):
    index = create_in(tmp_path, SCHEMA)
    for word in ("oil", "price"):
        with index.writer(codec=NativeCodec()) as writer:
            writer.add_document(text=word)
    index.writer(codec=NativeCodec()).commit(optimize=True)

    names = sorted(path.suffix for path in tmp_path.iterdir() if "WRITELOCK" not in path.name)
    assert names == [".nat", ".toc"]


def test_a_document_that_is_refused_leaves_no_length_and_no_column(tmp_path):
    index = create_in(tmp_path, SCHEMA)
    writer = index.writer(codec=NativeCodec())
    with pytest.raises(ValueError, match="could not convert"):
        writer.add_document(number=5, ratio="not a number", boosted="oil oil")
    writer.add_document(name="rain")
    writer.commit()

    reader = open_dir(tmp_path).reader()
    assert reader.doc_count_all() == 1
    assert reader.doc_field_length(0, "boosted") == 0
    assert not reader.has_column("number")
