"""Segments that searcher itself writes with the core, read by stock Whoosh."""

import pytest
from whoosh import query, sorting
from whoosh.collectors import TopCollector
from whoosh.formats import Characters
from whoosh.index import open_dir

import searcher
from tests.conftest import SEEDS

pytest.importorskip("searcher._native")

from searcher.indexing.columns import column_array

QUERIES = (
    query.Term("text", "tomahawk"),
    query.Or([query.Term("title", "tomahawk"), query.Term("section_words", "river")]),
    query.Phrase("exact", ["political", "will"]),
    query.Phrase("text", ["polit", "will"], slop=3),
    query.Prefix("text", "tom"),
    query.Wildcard("exact", "*hawk*"),
    query.Regex("exact", "harbou?r.*"),
    query.FuzzyTerm("exact", "misile"),
    query.NumericRange("date", 20260201, 20260301),
    query.And([query.Term("desk", "world"), query.Not(query.Term("text", "russia"))]),
    query.Every(),
)


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """The seeds, indexed with each codec."""
    folder = tmp_path_factory.mktemp("both")
    (folder / "seeds").symlink_to(SEEDS, target_is_directory=True)
    opened = []
    for codec in ("native", "stock"):
        searcher.index([folder / "seeds"], folder / codec, codec=codec)
        opened.append(open_dir(str(folder / codec)).searcher())
    yield opened
    for one in opened:
        one.close()


def hits(whoosh, asked):
    collector = TopCollector(10_000, usequality=False, replace=0)
    whoosh.search_with_collector(asked, collector)
    return sorted((hit.get("id", ""), hit.score) for hit in collector.results())


@pytest.mark.parametrize("asked", QUERIES, ids=str)
def test_stock_queries_find_and_score_the_same(both, asked):
    native, stock = (hits(one, asked) for one in both)

    assert native == stock
    assert native


def test_terms_are_the_same(both):
    told = [
        [
            (term, i.weight(), i.doc_frequency(), i.max_weight(), i.min_length())
            for term, i in reader
        ]
        for reader in (one.reader() for one in both)
    ]

    assert told[0] == told[1]


def test_columns_are_the_same(both):
    for name in ("date", "words", "number", "article", "section", "desk"):
        native, stock = (
            dict(zip(ids(one), column_array(one.reader(), name), strict=True)) for one in both
        )
        assert native == stock


def ids(whoosh):
    reader = whoosh.reader()
    return [
        reader.stored_fields(doc).get("id", f"record {doc}")
        for doc in range(reader.doc_count_all())
    ]


@pytest.mark.parametrize("field", ["date", "article", "section", "desk"])
def test_sorting_and_grouping_are_the_same(both, field):
    shown = []
    for whoosh in both:
        facets = [sorting.FieldFacet(field), sorting.FieldFacet("article"), "number"]
        asked = query.Term("text", "tomahawk")
        results = whoosh.search(asked, sortedby=facets, groupedby=field, limit=None)
        shown.append(([hit["id"] for hit in results], sorted(results.groups())))

    assert shown[0] == shown[1]


def test_highlights_similar_paragraphs_and_suggestions_are_the_same(both):
    shown = []
    for whoosh in both:
        results = whoosh.search(query.Term("text", "tomahawk"), terms=True)
        similar = results[0].more_like_this("text")
        shown.append(
            (
                {hit["id"]: hit.highlights("text") for hit in results},
                sorted(hit["id"] for hit in similar),
                whoosh.suggest("exact", "tomahwak"),
            )
        )

    assert shown[0] == shown[1]
    assert shown[0][2] == ["tomahawk"]


def test_a_value_that_says_more_than_is_kept_is_refused(both):
    """A merge into a codec that wants characters must not get made-up ones."""
    terms = both[0].reader()._terms
    matcher = terms.matcher("exact", b"tomahawk", Characters())

    with pytest.raises(ValueError, match="expected values of Characters, the segment keeps Pos"):
        matcher.value()
    assert matcher.value_as("positions")
    assert not matcher.supports("characters")
