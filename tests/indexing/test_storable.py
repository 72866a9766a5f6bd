"""What the core lets through as an article that an index can hold, Python lets through as it is."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.errors import ArticleError
from searcher.indexing.documents import MAX_ID_CHARS, MAX_VALUE_CHARS, _checked, checked
from searcher.model import KINDS, Article, Block, Quote

native = pytest.importorskip("searcher._native")

texts = st.text(max_size=6) | st.sampled_from(["", "a", "é", "\0", "\ud800", "a\0"])
places = st.integers(-1, 8)
quotes = st.builds(Quote, places, places, texts)
blocks = st.builds(
    Block,
    kind=st.sampled_from([*KINDS, "player"]),
    text=texts,
    start_char=places,
    end_char=places,
    quotes=st.lists(quotes, max_size=3).map(tuple),
)
articles = st.builds(
    Article,
    id=texts,
    path=texts,
    title=texts,
    date=st.none() | st.dates(date(1, 1, 1)),
    city=texts,
    desk=st.lists(texts, max_size=3).map(tuple),
    blocks=st.lists(blocks, max_size=3).map(tuple),
)
GOOD = Article("a", "a", "Rain", blocks=(Block("text", "“It” é", 0, 6, 0, (Quote(0, 4, "Ann"),)),))


@given(articles)
def test_what_the_core_lets_through_python_returns_as_it_is(article):
    if native.is_storable(article):
        assert _checked(article) is article


@given(articles)
def test_an_article_is_checked_the_same_with_the_core(article):
    try:
        expected = _checked(article)
    except ArticleError as error:
        with pytest.raises(ArticleError, match=f"^{error.reason}"):
            checked(article)
    else:
        assert checked(article) == expected


def block_with(**changes):
    return {"blocks": (replace(GOOD.blocks[0], **changes),)}


BAD = [
    {"id": ""},
    {"id": "x" * (MAX_ID_CHARS + 1)},
    {"path": None},
    *({name: "x" * (MAX_VALUE_CHARS + 1)} for name in ("title", "city", "author", "url")),
    {"source": b"x"},
    {"language": "\0"},
    {"date_source": "\udfff"},
    {"date": 20260101},
    {"date": "2026-01-01"},
    {"desk": ("World", 3)},
    {"desk": ("\0",)},
    block_with(kind="player"),
    block_with(text=None),
    block_with(text="Rain\0"),
    block_with(quotes=(Quote(0, 7, ""),)),
    block_with(quotes=(Quote(2, 1, ""),)),
    block_with(quotes=(Quote(0, 3, ""), Quote(2, 4, ""))),
    block_with(quotes=(Quote(-1, 3, ""),)),
    block_with(quotes=(Quote(0, 3, None),)),
    block_with(quotes=(Quote(0, 3, "\0"),)),
    block_with(quotes=(Quote(0, 3, "x" * (MAX_VALUE_CHARS + 1)),)),
]


def test_the_core_lets_a_good_article_through():
    """Else the tests above would hold of a core that lets none through."""
    assert native.is_storable(GOOD)
    assert native.is_storable(replace(GOOD, date=date(2026, 1, 1), desk=("World",)))


@pytest.mark.parametrize("change", BAD, ids=lambda change: f"{next(iter(change))}")
def test_the_core_lets_nothing_through_that_is_refused_or_mended(change):
    article = replace(GOOD, **change)

    assert not native.is_storable(article)
    with contextlib.suppress(ArticleError):
        assert _checked(article) is not article
