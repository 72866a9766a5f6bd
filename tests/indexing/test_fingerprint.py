"""The core's fingerprint of an article is Python's."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.indexing.documents import _fingerprint, fingerprint
from searcher.model import KINDS, Article, Block, Quote

native = pytest.importorskip("searcher._native")

texts = st.one_of(
    st.text("ab'\"\\ \n\t\x7f\xad\xa0é“\U0001f600", max_size=12), st.text(max_size=12)
)
places = st.integers(-5, 10**7)
quotes = st.builds(Quote, places, places, texts)
blocks = st.builds(
    Block,
    kind=st.sampled_from(KINDS),
    text=texts,
    start_char=places,
    end_char=places,
    level=st.integers(0, 6),
    quotes=st.lists(quotes, max_size=2).map(tuple),
)
articles = st.builds(
    Article,
    id=texts,
    path=texts,
    title=texts,
    title_span=st.tuples(places, places),
    date=st.none() | st.dates(date(1, 1, 1)),
    date_source=texts,
    city=texts,
    source=texts,
    url=texts,
    desk=st.lists(texts, max_size=3).map(tuple),
    author=texts,
    language=texts,
    blocks=st.lists(blocks, max_size=4).map(tuple),
    start_char=places,
    end_char=places,
)


@given(articles)
def test_the_core_makes_the_fingerprint_that_python_makes(article):
    """An index that one of them wrote is not read anew by the other."""
    assert native.fingerprint(article) == _fingerprint(article) == fingerprint(article)


@pytest.mark.parametrize(
    "change",
    [
        {"start_char": True},
        {"desk": ["a"]},
        {"title_span": [0, 1]},
        {"end_char": 10**30},
        {"blocks": (Block("text", "a", 0, 1.5),)},
        {"blocks": (Block("text", "a", 0, 1, 0, (Quote(0, True),)),)},
        {"city": type("Name", (str,), {})("x")},
    ],
)
def test_of_other_types_python_makes_it(change):
    """A reader of a third party may give them; what their `repr` is only Python knows."""
    article = Article(**{"id": "a", "path": "a", **change})

    assert native.fingerprint(article) is None
    assert fingerprint(article) == _fingerprint(article)
