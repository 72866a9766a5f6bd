"""--dups: what is folded away, what is left, and that every engine and history agree."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import searcher
from searcher.duplicates.keys import article_keys, paragraph_keys
from searcher.engines.local import open_engine
from searcher.engines.scan import ScanEngine
from searcher.errors import QueryError, QueryLimitError
from searcher.model import Article, Block
from searcher.query.limits import Limits
from searcher.views.copies import Copies
from tests import stories
from tests.conftest import TODAY
from tests.strategies import articles

STORIES = (
    "the mayor of Veldhaven said on Monday that the dam above the old town broke at noon",
    "oil prices rose by 12 cents in London after talks on oil output ended without a word",
    "the price of oil will rise, the minister said, unless the talks on 3 ferries go on",
)
TWISTS = ("", " today", " in 1987", " Reuter")


@st.composite
def wires(draw: st.DrawFn, name: str) -> Article:
    """An article that may be much like another."""
    article = draw(articles(name))
    body = draw(st.lists(st.sampled_from(STORIES), max_size=3, unique=True))
    texts = [text + draw(st.sampled_from(TWISTS)) for text in body]
    kinds = st.sampled_from(("text", "text", "quote", "caption"))
    sent = tuple(Block(draw(kinds), text, 0, len(text)) for text in texts)
    return replace(article, blocks=(*article.blocks[:2], *sent))


def folders() -> st.SearchStrategy[dict[str, list[Article]]]:
    several = st.lists(st.integers(0, 5), min_size=1, max_size=5, unique=True).flatmap(
        lambda ids: st.tuples(*(wires(str(at)) for at in ids))
    )
    files = st.sampled_from(("a.story", "b.story"))
    return st.dictionaries(files, several.map(list), min_size=1, max_size=2)


def index_states(folder: Path, states) -> Path:
    for state in states:
        shutil.rmtree(folder / "news", ignore_errors=True)
        for name, several in state.items():
            stories.write(folder / "news" / name, several)
        searcher.index([folder / "news"], folder / "index", check_content=True)
    return folder / "index"


def answer(archive: searcher.Archive, query: str, **how) -> dict:
    """Return all that a search says, but for the time and where the folder is."""
    page = archive.search(query, **how).as_dict()
    del page["took_s"]
    for hit in page["hits"]:
        for one in (hit, *hit.get("more", ()), *hit.get("duplicates", ())):
            del one["path"]
    return page


queries = st.sampled_from(("*", "oil", "the", "oil OR dam", "kind:headline", "-price", "kind:*"))


@settings(max_examples=25)
@given(st.lists(folders(), min_size=1, max_size=3), st.lists(queries, min_size=2, max_size=4))
def test_every_engine_and_every_history_gives_the_same(states, asked):
    """The groups are a function of the articles: the order of runs leaves no trace."""
    with TemporaryDirectory() as name:
        path = index_states(Path(name), states)
        fresh = index_states(Path(name, "fresh"), states[-1:])
        with (
            searcher.open(path, today=TODAY) as local,
            searcher.open(path, today=TODAY, engine="scan") as scan,
            searcher.open(fresh, today=TODAY) as rebuilt,
        ):
            for query in asked:
                for dups in ("collapse", "only"):
                    for group in ("", "article"):
                        how = {"dups": dups, "group": group, "limit": 3, "facets": ["desk"]}
                        expected = answer(scan, query, **how)
                        assert answer(local, query, **how) == expected, (query, how)
                        assert answer(rebuilt, query, **how) == expected, (query, how)


@settings(max_examples=25)
@given(st.lists(folders(), min_size=1, max_size=2))
def test_what_is_filed_under_a_key_is_what_a_scan_finds(states):
    with (
        TemporaryDirectory() as name,
        closing(open_engine(str(index_states(Path(name), states)))) as local,
    ):
        scan = ScanEngine(local.paragraphs())
        for article in scan.article_ids():
            paragraphs = scan.article(article)
            for keys in (article_keys(paragraphs), *map(paragraph_keys, paragraphs)):
                assert local.filed_under(keys) == scan.filed_under(keys)


@settings(max_examples=25)
@given(folders(), queries, st.sampled_from(("", "article")), st.integers(1, 4))
def test_pages_of_what_stands_go_on_where_the_last_one_ended(state, query, group, size):
    with TemporaryDirectory() as name, searcher.open(index_states(Path(name), [state])) as archive:
        how = {"dups": "collapse", "group": group}
        whole = archive.search(query, limit=100, **how)
        pages = [
            archive.search(query, limit=size, offset=at, **how).hits
            for at in range(0, len(whole) + 1, size)
        ]
        shown = archive.search(query, limit=100, group=group)

        assert [hit for page in pages for hit in page] == list(whole)
        assert (whole.total, whole.articles) == (shown.total, shown.articles)
        # Nothing is lost: a hit stands, or is listed under one that does.
        name_of = "article" if group else "id"
        listed = [getattr(hit, name_of) for hit in whole]
        listed += [duplicate.id for hit in whole for duplicate in hit.duplicates]
        assert sorted(listed) == sorted(getattr(hit, name_of) for hit in shown)


@settings(max_examples=25)
@given(folders(), queries)
def test_only_counts_the_hits_that_have_a_near_duplicate(state, query):
    with TemporaryDirectory() as name, searcher.open(index_states(Path(name), [state])) as archive:
        copies = Copies(archive._engine)
        shown = archive.search(query, limit=100)
        expected = [hit.id for hit in shown if copies.of_paragraph(hit.paragraph)]
        only = archive.search(query, limit=100, dups="only", facets=["kind"])

        assert [hit.id for hit in only] == expected
        assert only.total == len(expected)
        assert only.articles == len({hit.article for hit in only})
        assert sum(facet.paragraphs for facet in only.facets["kind"]) == only.total


@pytest.fixture
def wire(make_index):
    """A story that was sent twice, and another that was sent once."""
    dam, oil, price = STORIES
    return make_index(
        [
            {"id": "a", "title": "Dam", "text": f"{dam}\n\nSix goats.", "date": "2026-02-01"},
            {"id": "b", "title": "Dam", "text": f"{dam}\n\nSix goats.", "date": "2026-02-02"},
            {"id": "c", "title": "Dam", "text": f"{oil}\n\nSix goats.", "date": "2026-02-03"},
            {"id": "d", "title": "Oil", "text": f"{dam}\n\n{oil}\n\n{price}"},
        ]
    )


def ends(page) -> list[str]:
    return [hit.id.rpartition(":")[2] for hit in page]


def test_a_long_paragraph_is_found_again_in_any_article(wire):
    page = wire.search("mayor", dups="collapse", sort="newest")

    assert ends(page) == ["b#p1"]
    assert [one.id.rpartition(":")[2] for one in page[0].duplicates] == ["a#p1", "d#p1"]
    assert (page.total, page.collapsed, page.dups) == (3, 2, "collapse")


def test_a_short_paragraph_or_headline_is_one_only_of_an_article_that_is_alike(wire):
    assert ends(wire.search("goats", dups="collapse", sort="newest")) == ["c#p2", "b#p2"]
    assert ends(wire.search("kind:headline dam", dups="collapse", sort="newest")) == [
        "c#p0",
        "b#p0",
    ]


def test_grouped_hits_fold_whole_articles(wire):
    page = wire.search("mayor", dups="collapse", group="article", sort="newest")

    assert ends(page) == ["b#p1", "d#p1"]
    assert [one.id for one in page[0].duplicates] == [page[0].article[:-1] + "a"]


def test_only_dated_articles_are_folded_under_a_date_filter(wire):
    """What a hit lists are hits too: the filter holds for them."""
    page = wire.search("mayor", dups="collapse", since="2026-02-02")

    assert ends(page) == ["b#p1"]
    assert page[0].duplicates == ()
    assert page.undated == 1


def test_only_lists_near_duplicates_in_the_whole_archive(wire):
    page = wire.search("mayor", dups="only", since="2026-02-02")

    assert ends(page) == ["b#p1"]
    assert [one.id.rpartition(":")[2] for one in page[0].duplicates] == ["a#p1", "d#p1"]
    assert page.undated == 1


def test_an_unknown_choice_is_an_error(wire):
    with pytest.raises(QueryError, match="show, collapse, only"):
        wire.search("mayor", dups="hide")


def test_looking_for_near_duplicates_has_to_end_in_time(wire):
    with (
        searcher.open(wire.path, limits=Limits(seconds=-1)) as archive,
        pytest.raises(QueryLimitError, match="too long"),
    ):
        archive.search("mayor", dups="only")


def test_keys_outlive_a_merge_and_go_with_their_article(tmp_path):
    """A merge copies documents to other places; each has to keep its own keys."""
    long = "The dam above the old town broke at noon and a hundred houses were lost in the flood."
    for number in range(12):
        (tmp_path / "news").mkdir(exist_ok=True)
        (tmp_path / "news" / f"{number}.txt").write_text(
            f"Report {number}.\n\n"
            + (long if number in (2, 9) else f"The day of {number} has nothing in common.")
        )
        searcher.index([tmp_path / "news"], tmp_path / "index")
    with searcher.open(tmp_path / "index") as archive:
        assert len(list((tmp_path / "index").glob("*.seg"))) < 12
        found = {hit.path.rpartition("/")[2] for hit in archive.search("dam", dups="only")}
        assert found == {"2.txt", "9.txt"}
    (tmp_path / "news" / "9.txt").unlink()
    searcher.index([tmp_path / "news"], tmp_path / "index")
    with searcher.open(tmp_path / "index") as archive:
        assert archive.search("dam", dups="only").total == 0
