"""The archive as a script sees it."""

from __future__ import annotations

import copy
import io
import json
import pickle
import threading
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import searcher
from searcher.engines.base import Whole
from searcher.errors import (
    IndexMissing,
    QueryError,
    QueryLimitError,
    QuerySyntaxError,
    SearcherError,
    UnknownId,
)
from searcher.query.limits import Limits
from searcher.query.parser import parse
from searcher.results import Hit
from searcher.values import replace
from tests.conftest import SEEDS, TODAY

SEED = "seeds/000_0be0ed610cf6a59c.txt"


def test_the_example_of_the_readme_reads_well(seed_index):
    with searcher.open(seed_index) as archive:
        page = archive.search("tomahawk", since="2026-02", limit=5)
        assert page.total == 3
        for hit in page:
            assert hit.score > 0
            assert hit.date == date(2026, 2, 25)
            assert hit.snippet.ansi()
        article = archive.get(f"{SEED}#p24")
        assert article.paragraph.text.startswith("The demand for increased pressure")
        assert sum(1 for _ in archive.paragraphs()) == archive.stats().paragraphs


def test_no_caption_is_a_hit_unless_asked_for(seed_archive):
    assert all(hit.kind != "caption" for hit in seed_archive.search("tomahawk"))
    asked = seed_archive.search("tomahawk kind:caption")
    assert [hit.kind for hit in asked] == ["caption"] * asked.total
    assert asked.total >= 1
    everything = seed_archive.count("tomahawk", kind="all")
    assert everything == seed_archive.count("tomahawk") + asked.total


def test_a_phrase_keeps_its_stop_words(seed_archive):
    """Stock Whoosh drops `will` and finds every `political`."""
    page = seed_archive.search('"political will"')
    assert page.total == 3
    assert all("political will" in hit.text.lower() for hit in page)
    assert {hit.text[s:e].lower() for hit in page for s, e in hit.spans} == {"political will"}


def test_a_section_is_found_by_its_words_and_counted_without_its_heading(seed_archive):
    assert seed_archive.count('section:"Breakthrough Elusive"', on="2026-02-25") == 5
    assert seed_archive.count("*", section="breakthrough elusive") == 5


def test_offsets_slice_the_source_file(seed_archive, seed_index):
    source = (seed_index.parent / SEED).read_text("utf-8")
    for hit in seed_archive.search("article:" + SEED, limit=100):
        assert source[hit.start_char : hit.end_char].split() == hit.text.split()


def test_a_path_opens_from_where_the_index_was_opened(seed_archive):
    for hit in seed_archive.search("*", limit=100):
        assert Path(hit.path).read_text("utf-8")


def test_since_until_and_on_mean_what_the_query_language_means(seed_archive):
    count = seed_archive.count
    assert count("*", since="2026-02", until="2026-02") == count("date:2026-02")
    assert count("*", on="2026-02-25") == count("date:2026-02-25")
    assert count("*", since=date(2026, 2, 25)) == count("date:2026-02-25..")
    assert count("*", until=date(2026, 2, 25)) == count("date:..2026-02-25")
    assert count("*", on="today") == count("date:2026-02-25")


def test_a_date_filter_says_how_many_undated_it_left_out(seed_archive):
    undated = seed_archive.count("date:none")
    assert undated > 0
    page = seed_archive.search("*", since="2020")
    assert page.undated == undated
    assert page.total + undated == seed_archive.count("*")
    assert seed_archive.search("*").undated == 0


@pytest.mark.parametrize("wrong", [{"since": "banana"}, {"on": "2026-13"}, {"until": "*-04"}])
def test_a_date_that_cannot_be_read_is_an_error(seed_archive, wrong):
    with pytest.raises(QuerySyntaxError):
        seed_archive.search("oil", **wrong)


@pytest.mark.parametrize("wrong", [{"sort": "x"}, {"group": "x"}, {"facets": ["x"]}, {"kind": "x"}])
def test_a_choice_that_does_not_exist_is_an_error_that_lists_those_that_do(seed_archive, wrong):
    with pytest.raises(QueryError, match=r"(Choose one of|grouped by|Kinds): "):
        seed_archive.search("oil", **wrong)


def test_pages_neither_overlap_nor_leave_out(seed_archive):
    whole = [hit.id for hit in seed_archive.search("*", limit=1000)]
    paged = []
    while page := seed_archive.search("*", offset=len(paged), limit=7).hits:
        paged += [hit.id for hit in page]
    assert paged == whole
    assert len(set(whole)) == len(whole) == seed_archive.count("*")


def test_a_page_too_deep_is_refused_by_the_limits_name(seed_index):
    refusal = pytest.raises(QueryLimitError, match="`page_hits` is 100")
    with searcher.open(seed_index, limits=Limits(page_hits=100)) as archive, refusal:
        archive.search("*", offset=95, limit=10)


def test_grouped_hits_list_each_article_once(seed_archive):
    page = seed_archive.search("tomahawk", group="article")
    assert [hit.article for hit in page] == list(dict.fromkeys(hit.article for hit in page))
    assert len(page) == page.articles
    assert len(page[0].more) + len(page[1].more) + 2 == page.total == 5
    for hit in page:
        assert all(other.article == hit.article for other in hit.more)
    assert sum(hit.in_article for hit in page) == page.total


def test_a_group_says_how_many_hits_it_does_not_show(seed_archive):
    hit = seed_archive.search("the", group="article", limit=1)[0]
    assert len(hit.more) == 2
    assert hit.in_article == seed_archive.count(f"the article:{hit.article}") > 3


def test_context_gives_the_neighbours_of_a_hit(seed_archive):
    hit = seed_archive.search('"joined the call"', context=2)[0]
    numbers = [p.number for p in (*hit.before, hit.paragraph, *hit.after)]
    assert numbers == list(range(hit.number - 2, hit.number + 3))


SHOWN = ("id", "article", "number", "kind", "section", "text", "title", "date", "desk", "path")


def test_a_hit_shows_its_paragraph(seed_archive):
    """Also before the paragraph is made as a whole."""
    for hit in seed_archive.search("the", limit=50):
        shown = [getattr(hit, name) for name in SHOWN]
        assert shown == [getattr(hit.paragraph, name) for name in SHOWN]
        assert hit.paragraph in seed_archive.get(hit.id).paragraphs


def test_a_hit_outlives_its_archive(seed_index):
    with searcher.open(seed_index) as archive:
        expected = [archive.get(hit.id).paragraph for hit in archive.search("tomahawk")]
        page = archive.search("tomahawk")

    assert [hit.text for hit in page] == [paragraph.text for paragraph in expected]
    assert [hit.paragraph for hit in page] == expected


def test_a_hit_can_be_pickled_and_copied(seed_archive):
    hit = seed_archive.search("tomahawk")[0]

    assert pickle.loads(pickle.dumps(hit)) == copy.deepcopy(hit) == hit  # noqa: S301


def test_hits_are_the_same_in_steps(seed_archive, monkeypatch):
    """All hits of a query are read some at a time."""
    expected = [hit.id for hit in seed_archive.search("the", limit=1000, sort="newest")]
    native = pytest.importorskip("searcher.engines.native")
    for step in (1, 3, len(expected)):
        monkeypatch.setattr(native, "STEP", step)
        found = io.BytesIO()
        seed_archive.export("the", found, format="jsonl", sort="newest")
        assert [json.loads(line)["id"] for line in found.getvalue().splitlines()] == expected


def test_facets_count_paragraphs_and_articles_exactly(seed_archive):
    page = seed_archive.search("*", facets=["year", "desk", "section", "kind", "article"])
    for name in ("year", "section", "kind", "article"):
        assert sum(facet.paragraphs for facet in page.facets[name]) == page.total
    assert {facet.value: facet.articles for facet in page.facets["year"]}[""] == 1
    assert sum(facet.articles for facet in page.facets["article"]) == page.articles


def test_no_hits_suggest_what_the_archive_has(seed_archive):
    assert any("tomahawk" in line for line in seed_archive.search("tomahwak").suggestions)
    emptied = seed_archive.search("tomahawk", since="2030")
    assert any("date:2030-01-01.." in line and "5" in line for line in emptied.suggestions)
    assert seed_archive.search("tomahawk").suggestions == ()


def test_an_id_or_its_tail_gets_the_article(seed_archive):
    whole = seed_archive.get(SEED)
    assert whole.paragraph is None
    assert [p.number for p in whole.paragraphs] == list(range(1, 36))
    assert seed_archive.get("000_0be0ed610cf6a59c.txt#p3").paragraph.number == 3


@pytest.mark.parametrize("wrong", ["nowhere", f"{SEED}#p99", "", "#p1"])
def test_an_unknown_id_is_an_error(seed_archive, wrong):
    with pytest.raises(UnknownId):
        seed_archive.get(wrong)


def test_an_ambiguous_tail_is_an_error_that_names_the_articles(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / "news" / folder).mkdir(parents=True)
        (tmp_path / "news" / folder / "x.txt").write_text("Rain fell.")
    searcher.index([tmp_path / "news"], tmp_path / "index")
    refusal = pytest.raises(UnknownId, match=r"news/a/x\.txt, news/b/x\.txt")
    with searcher.open(tmp_path / "index") as archive, refusal:
        archive.get("x.txt")


def test_a_query_is_explained_down_to_the_weight_of_each_word(seed_archive):
    text = seed_archive.explain("tomahawk missiles date:2026")
    assert "tomahawk AND missiles AND date:2026-01-01..2026-12-31" in text
    assert "stem missil" in text


def test_an_explained_score_is_the_score(seed_archive):
    for query in ("tomahawk", "tomahawk OR call^2", '"political will" OR will', "call*"):
        for hit in seed_archive.search(query):
            last = seed_archive.explain_hit(query, hit.id).splitlines()[-1]
            assert last.startswith(f"{hit.id}: {hit.score:.4f}")


def test_a_relative_date_needs_today(seed_index):
    with searcher.open(seed_index) as archive, pytest.raises(QuerySyntaxError, match="what day"):
        archive.search("date:today")


def test_a_missing_index_is_an_error_that_says_how_to_build_one(tmp_path):
    with pytest.raises(IndexMissing, match="searcher index"):
        searcher.open(tmp_path / "nothing")


def test_an_unknown_engine_is_an_error(seed_index):
    with pytest.raises(SearcherError, match="local, scan"):
        searcher.open(seed_index, engine="warp")


def test_the_scan_engine_can_be_asked_for(seed_index, seed_archive):
    with searcher.open(seed_index, engine="scan", today=TODAY) as scan:
        for query in ("tomahawk", '"political will"', "zelensky~ -geneva", "*"):
            ours, theirs = seed_archive.search(query), scan.search(query)
            assert (ours.total, ours.hits) == (theirs.total, theirs.hits)


def test_an_archive_sees_later_commits_after_refresh(tmp_path):
    news = tmp_path / "news"
    news.mkdir()
    (news / "a.txt").write_text("Rain fell on the plain.")
    searcher.index([news], tmp_path / "index")
    with searcher.open(tmp_path / "index") as archive:
        (news / "b.txt").write_text("Rain fell on the hills.")
        searcher.index([news], tmp_path / "index")
        assert archive.count("rain") == 1
        assert archive.refresh() is True
        assert archive.count("rain") == 2
        assert archive.refresh() is False


def test_threads_that_share_an_archive_all_get_the_right_counts(seed_archive):
    """Whoosh's own searcher gives wrong hits when it is shared."""
    queries = ("tomahawk", "zelenskyy", '"political will"', "the", "call*", "date:2026-02")
    right = {query: seed_archive.count(query) for query in queries}
    wrong: list[str] = []

    def ask() -> None:
        for _ in range(20):
            wrong.extend(q for q in queries if seed_archive.count(q) != right[q])

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_text_that_the_index_does_not_agree_with_is_never_shown(seed_archive):
    """A hit whose stored text lacks what matched would be a silent wrong answer."""
    found = seed_archive.search("tomahawk")[0]
    other = Whole(replace(found.paragraph, text="Nothing of the kind."), found.score)
    for show in (lambda hit: hit.spans, lambda hit: hit.snippet, lambda hit: hit.as_dict()):
        with pytest.raises(searcher.SearcherError, match="not those of its text"):
            show(Hit.late(other, found._page))


def test_importing_searcher_loads_no_whoosh():
    import subprocess
    import sys

    code = "import searcher, sys; sys.exit(any('whoosh' in name for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_undated_paragraphs_are_counted_wherever_the_date_stands(make_index):
    archive = make_index(
        [{"text": "Old oil."}, {"text": "Oil.", "date": "2026-02-01"}, {"text": "Gas."}]
    )
    for query in ("oil date:2026", "oil date:(2025 OR 2026)", "(oil OR gas) -gas date:2026"):
        assert (archive.count(query), archive.search(query).undated) == (1, 1), query
    assert archive.search("oil OR date:2026").undated == 1  # the gas
    assert archive.search("oil -date:2026").undated == 0  # it is a hit


def test_leaving_out_a_kind_brings_no_captions_in(seed_archive):
    narrowed = seed_archive.search("tomahawk -kind:headline")
    assert narrowed.total == 4
    assert {hit.kind for hit in narrowed} == {"text", "heading"}


def test_a_record_is_got_by_its_own_id(seed_archive):
    assert seed_archive.get("wire-0001#p1").paragraph.id == "seeds/wire.jsonl:wire-0001#p1"
    assert seed_archive.count("article:wire-0001 number:0") == 1


@pytest.fixture
def rivers(make_index):
    """Two articles of several paragraphs; the second has no date."""
    return make_index(
        [
            {
                "id": "a",
                "title": "Rain",
                "text": "The dam broke.\n\nA flood came.",
                "date": "2026-02-01",
            },
            {"id": "b", "text": "The dam held.\n\nNo flood came.\n\nIt is said to hold."},
        ]
    )


def ids(page):
    """Return the ends of the ids of a page's hits, in alphabetical order."""
    return sorted(hit.id.rpartition(":")[2] for hit in page)


def test_the_scope_of_and_can_be_the_article(rivers):
    assert rivers.count("dam flood") == 0
    page = rivers.search("dam flood", scope="article")
    assert ids(page) == ["a#p1", "a#p2", "b#p1", "b#p2"]
    assert (page.total, page.articles) == (4, 2)
    assert [hit.text[slice(*hit.spans[0])] for hit in page].count("dam") == 2
    assert rivers.count("dam flood", scope="article") == 4
    assert ids(rivers.search("dam -hold", scope="article")) == ["a#p1"]
    assert ids(rivers.search("-hold", scope="article")) == ["a#p0", "a#p1", "a#p2"]
    assert ids(rivers.search("(dam flood) OR held", scope="article")) == ids(page)


def test_brackets_inside_an_and_keep_to_one_paragraph(rivers):
    assert rivers.count("(dam flood) rain", scope="article") == 0
    assert ids(rivers.search("(dam broke) flood", scope="article")) == ["a#p1", "a#p2"]


def test_filters_are_about_every_paragraph_that_an_article_wide_and_looks_at(rivers):
    assert rivers.count("dam flood number:1", scope="article") == 0
    assert rivers.count("(dam AND/article flood) number:1") == 0
    assert rivers.count("(dam AND/article flood) number:1..2") == 4
    assert rivers.count("dam flood", scope="article", on="2026") == 2


def test_an_article_wide_and_counts_the_undated(rivers):
    """What is kept out only for want of a date is counted, wherever the AND looks."""
    assert rivers.search("dam flood date:2026", scope="article").undated == 2
    assert rivers.search("dam -hold date:2026", scope="article").undated == 0
    assert rivers.search("dam -hold date:2026").undated == 1


def test_there_is_no_other_scope(rivers):
    with pytest.raises(QueryError, match=r"no scope 'desk'\. Choose one of: paragraph, article"):
        rivers.count("dam", scope="desk")


def test_a_boost_is_put_behind_a_near_as_a_whole(rivers):
    plain, twice = (rivers.search(q)[0].score for q in ("dam NEAR broke", "(dam NEAR broke)^2"))
    assert twice == pytest.approx(2 * plain)


def test_what_asks_for_the_whole_article_is_explained(rivers):
    lines = rivers.explain_hit("atleast/2(flood OR dam) AND/article hold", "b#p1")
    assert "atleast/2(flood OR dam)" in lines
    assert lines.splitlines()[-1].startswith("news") or "b#p1: " in lines
    assert rivers.spans("lead(dam)", rivers.get("b#p1").paragraph) == ((4, 7),)


def test_a_since_after_its_until_is_an_error(seed_archive):
    with pytest.raises(QuerySyntaxError, match="since 2026-03 is after until 2026-02"):
        seed_archive.search("oil", since="2026-03", until="2026-02")


def test_a_lone_surrogate_is_no_letter_and_crashes_nothing(seed_archive):
    assert seed_archive.count("desk:\ud800") == 0
    assert seed_archive.count("*", desk="\ud800*") == 0
    assert seed_archive.count("tomahawk\ud800") == seed_archive.count("tomahawk")
    for query in ("\ud800", "city:\ud800"):
        with pytest.raises(QuerySyntaxError, match="no word"):
            seed_archive.count(query)


def test_a_closed_archive_can_be_closed_again_and_says_that_it_is_closed(seed_index):
    with searcher.open(seed_index) as archive:
        archive.close()
    for ask in (lambda: archive.count("oil"), archive.stats, lambda: archive.get("x")):
        with pytest.raises(searcher.SearcherError, match="the archive is closed"):
            ask()


def test_an_open_archive_outlives_a_rebuild(tmp_path, monkeypatch):
    """The rebuild deletes the files that the open archive still reads."""
    monkeypatch.setattr("searcher.indexing.mapped.SMALL_BYTES", 0)
    news = tmp_path / "news"
    news.mkdir()
    for at in range(20):
        (news / f"{at}.txt").write_text(f"Rain fell on hill {at}.\n\nIt stopped.")
    searcher.index([news], tmp_path / "index")
    with searcher.open(tmp_path / "index") as archive:
        (news / "0.txt").write_text("Snow.")
        searcher.index([news], tmp_path / "index", rebuild=True)
        assert archive.search("rain", facets=["article"], group="article").total == 20
        assert archive.get("news/0.txt#p1").paragraph.text == "Rain fell on hill 0."
        assert len(list(archive.paragraphs())) == 40
        assert archive.stats().paragraphs == 40


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """The seeds, open once for many searches."""
    index = tmp_path_factory.mktemp("once") / "index"
    searcher.index([SEEDS], index)
    with searcher.open(index, today=TODAY) as archive:
        yield archive


PIECES = (
    *("missile", "Missiles", "tomahawk", "geneva", "talks", "the", '"political will"', "F-16"),
    *('"will"', "missil*", "zelensky~2", "talk~", "date:2026", "section:talks", "title:ukraine"),
    *("-tomahawk", "NOT geneva", "-geneva*", "(", ")", "OR", "OR", "AND"),
)


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map(" ".join))
@example("missile OR (will -the)")
@example("zelensky~2 OR date:2026")
@example('("political will" OR F-16) -tomahawk')
def test_a_page_says_the_same_whether_it_took_a_tree_or_not(archive, query):
    try:
        tree = parse(query, TODAY)
    except QuerySyntaxError:
        return
    quick = archive.search(query, snippet_chars=80)
    slow = archive.search(tree, snippet_chars=80)

    assert replace(quick, took_s=0.0) == replace(slow, query=query, took_s=0.0)
    assert quick.as_dict()["hits"] == slow.as_dict()["hits"]
