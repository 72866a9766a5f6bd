"""NativeSearcher finds and scores what a step through every match of Whoosh does."""

import threading
from datetime import datetime
from math import isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query, scoring, sorting
from whoosh.codec.whoosh3 import W3Codec
from whoosh.matching import ListMatcher
from whoosh.qparser import QueryParser
from whoosh.query.spans import SpanNear2, SpanOr
from whoosh.searching import Searcher

pytest.importorskip("searcher._native")

from searcher.codec import NativeCodec, NativeSearcher
from searcher.codec.plans import NativeQuery
from tests.codec.test_codec import SCHEMA, WORDS, built, commits

CODECS = st.sampled_from([[NativeCodec], [NativeCodec, W3Codec], [W3Codec]])
DELETED = st.lists(st.integers(0, 20), max_size=4, unique=True)
WEIGHTINGS = (
    scoring.BM25F(),
    scoring.BM25F(B=0.3, K1=1.9, text_B=1.0),
    scoring.TF_IDF(),
    scoring.Frequency(),
)

FIELDS = ("text", "chars", "boosted", "counted", "weighted", "tags", "name", "gram", "zz")
boosts = st.sampled_from([1.0, 1.0, 0.5, 3.0])
words = st.sampled_from([*WORDS, "absent"])
numbers = st.integers(0, 900)
patterns = st.sampled_from(["*", "*i*", "o?l", "o[ix]l*", "?"])
leaves = st.one_of(
    st.builds(query.Term, st.sampled_from(FIELDS), words, boosts),
    st.builds(
        lambda name, ws, slop, boost: query.Phrase(name, ws, slop=slop, boost=boost),
        st.sampled_from(["text", "chars", "boosted", "weighted", "zz"]),
        st.lists(words, min_size=1, max_size=3),
        st.integers(1, 3),
        boosts,
    ),
    st.builds(
        lambda ws, slop: SpanNear2([query.Term("text", word) for word in ws], slop=slop),
        st.lists(words, min_size=2, max_size=3),
        st.integers(1, 3),
    ),
    st.builds(query.Prefix, st.just("text"), st.sampled_from(["", "o", "p", "q"]), boosts),
    st.builds(query.Wildcard, st.just("chars"), patterns, boosts),
    st.builds(query.Regex, st.just("chars"), st.sampled_from([".*", "[op].*"]), boosts),
    st.builds(query.FuzzyTerm, st.just("chars"), st.sampled_from(["oik", "ril"]), boosts),
    st.builds(query.Variations, st.just("chars"), st.sampled_from(["oil", "price"]), boosts),
    st.builds(lambda a, b: query.NumericRange("number", a, a + b), st.integers(-50, 0), numbers),
    st.builds(lambda a: query.DateRange("day", datetime(1987, a, 1), None), st.integers(1, 12)),
    st.builds(lambda a: query.TermRange("chars", a, None), st.sampled_from("aopz")),
    st.builds(query.Every, st.sampled_from([None, "text", "tags"]), boosts),
    st.just(query.NullQuery),
    # What plans don't know.
    st.builds(lambda a, b: SpanOr([query.Term("text", a), query.Term("text", b)]), words, words),
)  # fmt: skip

PAIRS = (query.AndNot, query.AndMaybe, query.Require, query.Otherwise)


def grown(children):
    several = st.lists(children, min_size=1, max_size=4)
    return st.one_of(
        st.builds(query.And, several, boosts),
        st.builds(query.Or, several, boosts),
        st.builds(query.Not, children),
        st.builds(query.ConstantScoreQuery, children, boosts),
        st.builds(lambda kind, a, b: kind(a, b), st.sampled_from(PAIRS), children, children),
    )


trees = st.recursive(leaves, grown, max_leaves=6)


def stepped(asked, part):
    """Return {docnum: score} of a query in a segment, by Whoosh's own matcher."""
    found, matcher = {}, asked.matcher(part, part.context())
    while matcher.is_active():
        found[matcher.id()] = matcher.score()
        matcher.next()
    return found


def expected(asked, part):
    """Return {docnum: score} of a tree: leaves by Whoosh's matchers, the rest by its meaning."""
    kind = type(asked)
    if kind in (query.And, query.Or):
        found = [expected(child, part) for child in asked.subqueries]
        boost = asked.boost if len(found) > 1 else 1.0
        pick = set.intersection if kind is query.And else set.union
        docs = pick(*map(set, found))
        return {doc: boost * sum(one.get(doc, 0.0) for one in found) for doc in docs}
    if kind is query.Not:
        live = part.reader().all_doc_ids()
        return dict.fromkeys(set(live) - expected(asked.query, part).keys(), 1.0)
    if kind is query.ConstantScoreQuery:
        return dict.fromkeys(expected(asked.child, part), asked.score)
    if kind not in PAIRS:
        return stepped(asked, part)
    a, b = expected(asked.a, part), expected(asked.b, part)
    if kind is query.AndMaybe:
        return {doc: score + b.get(doc, 0.0) for doc, score in a.items()}
    if kind is query.Otherwise:
        return a or b
    return {doc: score for doc, score in a.items() if (doc in b) == (kind is query.Require)}


def all_expected(asked, searcher):
    return {
        doc + offset: score
        for part, offset in searcher.leaf_searchers()
        for doc, score in expected(asked, part).items()
    }


def assert_page(results, scores, limit):
    """Check a page: the right total, and each place a score that is right for its document."""
    assert len(results) == len(scores)
    assert results.docs() == set(scores)
    best = sorted(scores.values(), reverse=True)[:limit]
    shown = [(hit.docnum, hit.score) for hit in results]
    assert len(shown) == len(best)
    for (doc, score), right in zip(shown, best, strict=True):
        assert isclose(score, right, rel_tol=1e-6)
        assert isclose(score, scores[doc], rel_tol=1e-6)
    assert shown == sorted(shown, key=lambda one: (-one[1], one[0]))


@settings(max_examples=40, deadline=None)
@given(commits, DELETED, CODECS, trees, st.sampled_from(WEIGHTINGS), st.sampled_from([1, 3, None]))
def test_any_tree_is_found_and_scored_as_whoosh_steps_through_it(
    commits, deleted, codecs, asked, weighting, limit
):
    index = built(commits, codecs, deleted)
    with (
        index.searcher(weighting=weighting) as theirs,
        NativeSearcher(index.reader(), fromindex=index, weighting=weighting) as ours,
    ):
        assert_page(ours.search(asked, limit=limit), all_expected(asked, theirs), limit)


class Whole(query.Query):
    """A query that plans don't know: every document from a number on."""

    def __init__(self, start):
        self.start = start

    def matcher(self, searcher, context=None):
        docs = [doc for doc in searcher.reader().all_doc_ids() if doc >= self.start]
        return ListMatcher(docs, all_weights=1.5)


@pytest.mark.parametrize("codec", [NativeCodec, W3Codec])
def test_a_query_of_another_program_stands_inside_any_tree(codec):
    """Whoosh itself asks each part of an And how big it is, which this one doesn't say."""
    index = built([[{"text": "oil"}, {"text": "rain"}, {"text": "oil rain"}]], [codec], [])
    asked = query.AndNot(query.And([query.Term("text", "oil"), Whole(0)]), Whole(2))
    with NativeSearcher(index.reader()) as ours, index.searcher() as theirs:
        assert_page(ours.search(asked), all_expected(asked, theirs), 10)
        assert [hit.docnum for hit in ours.search(asked)] == [0]


@pytest.fixture(scope="module")
def long():
    """Two segments of 6,000 and 700 documents, so that lists have blocks and Ors are trees."""
    news = [
        {
            "text": "oil " * (1 + d % 7) + "rain " * (d % 3) + "price" * (d % 19 == 0),
            "chars": "oil price" if d % 5 else "rain oik oilx",
            "tags": "odd" if d % 2 else "even",
            "number": d % 1000,
        }
        for d in range(6_700)
    ]
    return built([news[:6_000], news[6_000:]], [NativeCodec], [3, 127, 128, 4_000, 6_010])


@settings(max_examples=25, deadline=None)
@given(trees, st.sampled_from([1, 10, 200]))
def test_long_lists_are_searched_alike(long, asked, limit):
    with long.searcher() as theirs, NativeSearcher(long.reader()) as ours:
        assert_page(ours.search(asked, limit=limit), all_expected(asked, theirs), limit)


OIL = query.And([query.Term("text", "oil"), query.Term("text", "rain")])


def test_the_first_hits_of_whooshs_own_search_may_be_wrong_these_are_not(long):
    """Its collectors skip by bounds of the wrong block; here the page is that of all hits."""
    with NativeSearcher(long.reader()) as ours:
        everything = ours.search(OIL, limit=None)
        for limit in (1, 5, 10):
            page = ours.search(OIL, limit=limit)
            assert list(page.items()) == list(everything.items())[:limit]
            assert len(page) == len(everything) > limit
            assert page.has_exact_length()


def test_filters_and_masks_hold_even_when_they_are_empty(long):
    odd = query.Term("tags", "odd")
    with NativeSearcher(long.reader()) as ours:
        docs = ours.search(OIL, limit=None).docs()
        odds = set(ours.docs_for_query(odd))
        assert ours.search(OIL, filter=odd).docs() == docs & odds
        assert ours.search(OIL, mask=odds).docs() == docs - odds
        assert ours.search(OIL, filter=odds, mask=odds).docs() == set()
        assert len(ours.search(OIL, filter=set())) == 0
        assert len(ours.search(OIL, mask=set())) == len(docs)


OPTIONS = (
    {"sortedby": "number", "limit": 30},
    {"sortedby": sorting.ScoreFacet(), "limit": 30},
    {"reverse": True, "limit": None},
    {"groupedby": "tags"},
    {"collapse": "tags"},
    {"scored": False, "limit": None},
    {"terms": True, "limit": 20},
)


@pytest.mark.parametrize("options", OPTIONS, ids=lambda one: next(iter(one)))
def test_facets_sorting_and_collapsing_are_whooshs_own(long, options):
    with long.searcher() as theirs, NativeSearcher(long.reader()) as ours:
        exhaustive = {"optimize": False} | options
        found, expected = ours.search(OIL, **options), theirs.search(OIL, **exhaustive)
        assert found.docs() == expected.docs()
        assert found.q is OIL
        if "collapse" not in options:
            assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert one.docnum == other.docnum
            assert one.score == pytest.approx(other.score)
        if "groupedby" in options:
            assert found.groups() == expected.groups()
        if "terms" in options:
            assert found.matched_terms() == expected.matched_terms()


def test_pages_find_and_more_like_go_through_the_core(long, monkeypatch):
    asked = []
    whole = NativeSearcher.found
    monkeypatch.setattr(
        NativeSearcher,
        "found",
        lambda self, q, **how: asked.append(q) or whole(self, q, **how),
    )
    with NativeSearcher(long.reader(), fromindex=long) as ours:
        page = ours.search_page(OIL, 2, pagelen=10)
        assert [hit.docnum for hit in page] == [h.docnum for h in ours.search(OIL, limit=20)][10:]
        assert len(ours.find("text", "oil rain")) == len(ours.search(OIL))
        assert ours.search(OIL)[0].docnum == page.results.docnum(0)
        asked.clear()
        assert ours.more_like(0, "text", text="oil price price") is not None
    assert asked


def test_highlights_are_those_of_whoosh(long):
    parsed = QueryParser("text", SCHEMA).parse("oil price")
    with long.searcher() as theirs, NativeSearcher(long.reader()) as ours:
        found, expected = ours.search(parsed), theirs.search(parsed, limit=None)
        assert found
        for one, other in zip(found, expected, strict=False):
            assert one.docnum == other.docnum
            assert "<b" in one.highlights("text") == other.highlights("text")


def test_one_searcher_answers_many_threads(long):
    """Whoosh's own gives wrong answers without an error there."""
    queries = [OIL, query.Term("text", "price"), query.Phrase("text", ["oil", "rain"])]
    with NativeSearcher(long.reader()) as ours:
        right = [list(ours.search(asked, limit=50).items()) for asked in queries]
        wrong = []

        def ask():
            for _ in range(40):
                for asked, items in zip(queries, right, strict=True):
                    if list(ours.search(asked, limit=50).items()) != items:
                        wrong.append(asked)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not wrong


class Halved(scoring.BM25F):
    """A weighting that the core doesn't know."""

    use_final = True

    def final(self, searcher, docnum, score):
        return score / 2


def test_a_weighting_that_the_core_does_not_know_is_whooshs_to_score(long):
    with NativeSearcher(long.reader()) as plain, NativeSearcher(long.reader(), Halved) as halved:
        for one, other in zip(halved.search(OIL), plain.search(OIL), strict=True):
            assert one.docnum == other.docnum
            assert one.score == pytest.approx(other.score / 2)


def test_errors_are_those_of_whoosh(long):
    with NativeSearcher(long.reader()) as ours:
        with pytest.raises(ValueError, match="limit must be >= 1"):
            ours.search(OIL, limit=0)
        with pytest.raises(query.QueryError, match="no positions"):
            ours.search(query.Phrase("counted", ["oil", "rain"]))


def test_a_native_query_stands_for_its_child(long):
    """Whoosh's own collectors can be given what the core finds."""
    with long.searcher() as theirs, NativeSearcher(long.reader()) as ours:
        assert isinstance(ours, Searcher)
        scores = all_expected(OIL, theirs)
        assert_page(ours.search(NativeQuery(OIL)), scores, 10)
        assert set(ours.docs_for_query(NativeQuery(OIL))) == set(scores)


def test_a_searcher_of_an_index_without_documents_finds_nothing():
    index = built([], [NativeCodec], ())
    with NativeSearcher(index.reader()) as ours:
        assert len(ours.search(OIL)) == 0
