"""What every engine promises, and that all of them answer alike.

The scan engine looks at every paragraph and is plain enough to be believed.
The local engine, over either kind of segment, and the native one have to give
the same hits in the same order with the same scores, totals, articles and
facets, whatever the history of their index: one segment or several, with
deletions or without, all of one kind or mixed.
"""

from __future__ import annotations

import shutil
from collections import Counter
from contextlib import closing
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import searcher
from searcher.core import core
from searcher.engines import matching
from searcher.engines.base import FACETS, SORTS
from searcher.engines.local import open_engine
from searcher.engines.recency import Recency
from searcher.engines.scan import ScanEngine
from searcher.filters import without_captions
from searcher.query.limits import Limits
from searcher.query.parser import parse
from searcher.query.tree import And, Or
from searcher.turns import Turns
from tests import stories
from tests.conftest import TODAY
from tests.strategies import histories, queries

LIMITS = Limits()


CODECS = {"stock": ("stock",), "native": ("native",), "mixed": ("stock", "native")}
"""What the runs of an index write their segments with, in turn."""

ENGINES = (("stock", "local"), ("native", "local"), ("native", "native"), ("mixed", "local"))
"""What an index is written with, and what answers from it."""

needs_core = pytest.mark.skipif(core() == "python", reason="the native core is not built")


def on_core(*rows):
    """Return the rows of a parametrised test, those that need the core marked so."""
    return [
        pytest.param(row, id="-".join(row), marks=() if row[0] == "stock" else needs_core)
        for row in rows
    ]


def index_history(folder: Path, history, codecs: str = "stock") -> Path:
    """Run the indexer once for each state of a folder of story files."""
    for state, codec in zip(history, cycle(CODECS[codecs])):  # cycle never ends
        shutil.rmtree(folder / "news", ignore_errors=True)
        for name, several in state.items():
            stories.write(folder / "news" / name, several)
        searcher.index([folder / "news"], folder / "index", check_content=True, codec=codec)
    return folder / "index"


def opened(path, name: str):
    """Open an engine of an index."""
    if name == "local":
        return open_engine(str(path))
    from searcher.engines import native

    engine = native.open_engine(str(path))
    assert engine, "an index of native segments opens the native engine"
    return engine


FACTS = ("id", "article", "number", "kind", "section", "text", "title", "date")
"""What a hit shows of its paragraph before it is made whole."""


def told(hit):
    """Return what an engine says of one hit: its paragraph and score."""
    facts = getattr(hit, "facts", hit)
    assert [getattr(facts, n) for n in FACTS] == [getattr(hit.paragraph, n) for n in FACTS]
    return hit.paragraph, hit.score


def answers(engine, tree, *, sort="score", by_article=False, offset=0, limit=1000):
    """Return all that an engine's search says, with scores to the last bit."""
    answer = engine.search(
        tree, offset=offset, limit=limit, sort=sort, by_article=by_article, limits=LIMITS
    )
    groups = [list(map(told, group)) for group in answer.groups]
    assert len(answer.sizes) == (len(groups) if by_article else 0)
    return answer.total, answer.articles, list(zip(groups, answer.sizes or groups, strict=True))


@pytest.mark.parametrize("how", on_core(*ENGINES))
@settings(
    max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@given(histories(), st.lists(queries(), min_size=5, max_size=15), st.data())
def test_an_engine_finds_what_a_scan_finds(how, history, trees, data):
    with (
        TemporaryDirectory() as folder,
        closing(opened(index_history(Path(folder), history, how[0]), how[1])) as local,
    ):
        scan = ScanEngine(local.paragraphs())
        for tree in trees:
            sort = data.draw(st.sampled_from(SORTS))
            by_article = data.draw(st.booleans())
            order = {"sort": sort, "by_article": by_article}
            assert answers(local, tree, **order) == answers(scan, tree, **order), tree
            page = {**order, "offset": data.draw(st.integers(0, 3)), "limit": 2}
            assert answers(local, tree, **page) == answers(scan, tree, **page), tree
            whole = without_captions(tree)
            assert quickly(local, tree) in (None, (str(whole), answers(scan, whole))), tree
            name = data.draw(st.sampled_from(FACETS))
            assert local.facet(tree, name, LIMITS) == scan.facet(tree, name, LIMITS), tree
            assert local.weights(tree, LIMITS) == scan.weights(tree, LIMITS), tree
            assert local.histogram(tree, LIMITS) == scan.histogram(tree, LIMITS), tree
            fading = {"sort": sort, "limits": LIMITS, "recency": Recency(30, TODAY)}
            each = (map(told, engine.each(tree, **fading)) for engine in (local, scan))
            assert list(next(each)) == list(next(each)), tree
            assert together(local, tree, fading) == together(scan, tree, fading), tree
            some = {paragraph.article for paragraph in islice(scan.paragraphs(), 0, None, 5)}
            inside = {p.id for p in scan.hits_in(tree, some, LIMITS)}
            assert {p.id for p in local.hits_in(tree, some, LIMITS)} == inside, tree
            assert spoken(local, tree) == spoken(scan, tree), tree


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@given(histories(), st.lists(queries(), min_size=5, max_size=15), st.integers(0, 6))
def test_what_is_not_kept_for_the_scores_is_found_again(history, trees, room):
    """What a search keeps is bounded; what no longer fits takes time, and no score changes."""
    with (
        TemporaryDirectory() as folder,
        closing(open_engine(str(index_history(Path(folder), history)))) as local,
        pytest.MonkeyPatch.context() as bounds,
    ):
        bounds.setattr(matching, "FOUND_KEPT", room)
        bounds.setattr(matching, "COUNTS_KEPT", room)
        bounds.setattr(matching, "PLACES_AT_ONCE", room + 1)
        scan = ScanEngine(local.paragraphs())
        for tree in trees:
            assert answers(local, tree) == answers(scan, tree), tree


def together(engine, tree, fading):
    """Return all hits, those of each article together."""
    return [list(map(told, several)) for several in engine.each_article(tree, **fading)]


def quickly(engine, tree):
    """Return what an engine says to a query string; None where that takes a tree."""
    found = engine.quick(str(tree), (0, 1000), Turns(LIMITS), dated=True)
    if found is None:
        return None
    parsed, total, articles, hits = found
    groups = [[told(hit)] for hit in hits]
    return parsed, (total, articles, list(zip(groups, groups, strict=True)))


def spoken(engine, tree):
    """Return how often each is quoted, and in how many articles."""
    named = list(engine.speakers(tree, LIMITS))
    return Counter(name for _, name in named), Counter(name for _, name in set(named))


@pytest.mark.parametrize("how", on_core(*ENGINES))
@settings(max_examples=25)
@given(histories())
def test_an_engine_holds_what_the_last_run_read(how, history):
    """Nothing of an earlier state is left, and nothing of the last one is missing."""
    with (
        TemporaryDirectory() as folder,
        closing(opened(index_history(Path(folder), history, how[0]), how[1])) as local,
    ):
        wanted = {
            f"news/{name}:{article.id}": article
            for name, all_ in history[-1].items()
            for article in all_
        }
        found = {}
        for paragraph in local.paragraphs():
            found.setdefault(paragraph.article, []).append(paragraph.text)
        assert {i: texts for i, texts in found.items() if texts} == {
            i: texts for i, a in wanted.items() if (texts := [p.text for p in a.paragraphs()])
        }
        scan = ScanEngine(local.paragraphs())
        assert local.totals() == scan.totals()
        assert [form for form in local.forms() if local.df(form)] == list(scan.forms())
        assert set(local.article_ids()) == set(scan.article_ids())
        for field in ("desk", "section"):
            assert list(local.values(field)) == list(scan.values(field))


@pytest.fixture(params=on_core(*ENGINES, ("stock", "scan")))
def engine(request, make_index):
    """Each engine over the same few paragraphs."""
    codecs, name = request.param
    archive = make_index(
        [
            {"id": "a", "text": "Oil prices rose.\n\nThe dam broke.", "date": "2026-02-01"},
            {"id": "b", "text": "Oil, oil and oil.\n\nAt noon it rained.", "date": "2026-02-03"},
            {"id": "c", "title": "Oil", "text": "Prices of oil’s rivals fell.", "section": "World"},
        ],
        codec=CODECS[codecs][-1],
    )
    with closing(opened(archive.path, "local" if name == "scan" else name)) as local:
        yield ScanEngine(local.paragraphs()) if name == "scan" else local


def found(engine, text, **how):
    """Return the ends of the ids that a query finds, in order."""
    total, _, groups = answers(engine, parse(text, TODAY), **how)
    ids = [hit.id.rpartition(":")[2] for group, _ in groups for hit, _ in group]
    assert total == len(ids) or how
    return ids


def test_a_near_scores_as_what_stands_there_and_the_order_of_its_sides_is_all_one(engine):
    one, other = (
        {h.id: score for group, _ in answers(engine, parse(text, TODAY))[2] for h, score in group}
        for text in ("oil NEAR/2 prices", "prices NEAR/2 oil")
    )
    assert len(one) == 2
    assert one == pytest.approx(other, rel=1e-12)


def test_the_n_of_a_phrase_and_of_adj_counts_the_same_words(engine):
    for n, hits in ((0, []), (1, ["a#p1"]), (2, ["a#p1"])):
        assert found(engine, f'"oil rose"~{n}') == found(engine, f"oil ADJ/{n} rose") == hits


def test_an_and_over_the_article_counts_paragraphs_and_articles(engine):
    assert found(engine, "prices AND dam") == []
    assert set(found(engine, "prices AND/article dam")) == {"a#p1", "a#p2"}
    assert set(found(engine, "oil AND/article -dam")) == {"b#p1", "c#p0", "c#p1"}
    assert answers(engine, parse("oil AND/article -dam", TODAY))[:2] == (3, 2)


def test_what_stands_often_enough_in_the_article_is_found_where_it_stands(engine):
    assert found(engine, "atleast/3(oil)") == ["b#p1"]
    assert set(found(engine, "atleast/2(oil)")) == {"b#p1", "c#p0", "c#p1"}


def test_case_counts_only_where_it_is_asked_for(engine):
    assert found(engine, "exact(prices)") == ["a#p1"]
    assert found(engine, "exact(Prices)") == ["c#p1"]
    assert found(engine, "caps(oil)") == []


def test_more_occurrences_in_fewer_words_rank_higher(engine):
    assert found(engine, "oil -title:oil") == ["b#p1", "a#p1"]


def test_a_phrase_stays_inside_one_paragraph(engine):
    """Paragraphs are the documents, so no phrase spans two of them."""
    assert found(engine, '"dam broke"') == ["a#p2"]
    assert found(engine, '"broke at"') == []


def test_a_quoted_word_is_not_stemmed_but_takes_its_possessive(engine):
    assert found(engine, '"price"') == []
    assert len(found(engine, "price")) == 2
    assert "c#p1" in found(engine, '"oil"')


def test_a_headline_makes_no_hit_by_itself(engine):
    """c stands under the headline Oil, and of its paragraphs only p1 says oil."""
    of_c = {hit for hit in found(engine, "oil") if hit.startswith("c#")}
    assert of_c == {"c#p0", "c#p1"}
    assert found(engine, "title:oil fell") == ["c#p1"]
    assert found(engine, "fell rose") == []


@pytest.mark.parametrize("kind", ["local", "native", "scan"])
def test_a_headline_raises_what_its_own_words_make_a_hit(kind, make_index):
    archive = make_index(
        [
            {"id": "plain", "text": "The dam broke at noon.", "date": "2026-02-02"},
            {
                "id": "titled",
                "title": "A dam",
                "text": "The dam broke at noon.",
                "date": "2026-02-01",
            },
        ]
    )
    if kind == "native" and core() == "python":
        pytest.skip("the native core is not built")
    with closing(opened(archive.path, "local" if kind == "scan" else kind)) as one:
        engine = ScanEngine(one.paragraphs()) if kind == "scan" else one
        assert found(engine, "dam broke") == ["titled#p1", "plain#p1"]
        assert found(engine, "broke noon") == ["plain#p1", "titled#p1"]


def test_equal_scores_go_to_the_newer_paragraph_then_the_id(engine):
    assert found(engine, "number:1") == ["b#p1", "a#p1", "c#p1"]
    assert found(engine, "number:1", sort="oldest") == ["a#p1", "b#p1", "c#p1"]
    assert found(engine, "number:1..2", sort="newest")[:2] == ["b#p1", "b#p2"]


def test_a_page_past_the_last_hit_is_empty_and_still_counts(engine):
    total, articles, groups = answers(engine, parse("oil", TODAY), offset=50, limit=10)
    assert (total, articles, groups) == (4, 3, [])


def test_an_and_scores_the_sum_of_its_parts(engine):
    one, two = parse("oil", TODAY), parse("prices", TODAY)
    score = {
        str(tree): {hit.id: s for group, _ in answers(engine, tree)[2] for hit, s in group}
        for tree in (one, two, And((one, two)), Or((one, two)))
    }
    for both in (And((one, two)), Or((one, two))):
        for paragraph_id, total in score[str(both)].items():
            parts = [score[str(t)].get(paragraph_id, 0.0) for t in (one, two)]
            assert total == pytest.approx(sum(parts), rel=1e-12)


def test_a_search_over_its_time_is_an_error(engine):
    with pytest.raises(searcher.SearcherError, match="seconds"):
        engine.search(
            parse("oil", TODAY),
            offset=0,
            limit=1,
            sort="score",
            by_article=False,
            limits=Limits(seconds=-1.0),
        )
