"""A hit of the core and a hit in Python are the same to whoever holds one."""

from __future__ import annotations

import gc
import inspect
import pickle
import weakref
from datetime import date

import pytest

import searcher
from searcher import results
from searcher.engines.base import Whole
from searcher.highlight.snippet import Snippet
from searcher.model import Paragraph
from searcher.results import Duplicate, plain

CLASSES = [plain.Hit, *([results.Hit] if results.Hit is not plain.Hit else [])]

DAY = date(2026, 2, 25)
PARAGRAPH = Paragraph(
    "a#p1", "a", 1, "text", "Later", "Rain fell.", 5, 15, "Rain", DAY, desk=("World",), path="a"
)
SNIPPET = Snippet("Rain fell.", ((0, 4),))
FACTS = ("id", "article", "number", "kind", "title", "date", "section", "text", "desk", "path")


@pytest.fixture(params=CLASSES, ids=lambda kind: kind.__module__)
def kind(request):
    """Each class of hits."""
    return request.param


def whole(kind):
    return kind(PARAGRAPH, 1.5, ((0, 4),), SNIPPET)


def late(kind, calls):
    """Return a hit that counts what is made of it."""

    def place(paragraph):
        calls.append("place")
        return paragraph

    def marks(text, paragraph):
        calls.append("marks")
        assert (text, paragraph()) == (PARAGRAPH.text, PARAGRAPH)
        return ((0, 4),), SNIPPET

    return kind.late(Whole(PARAGRAPH, 1.5), (place, marks))


def test_the_two_show_the_same_names():
    """What only one of them had would be missed where the other is."""
    names = [{name for name in dir(kind) if name[0] != "_"} for kind in CLASSES]

    assert all(one == names[0] for one in names)
    assert {kind.__match_args__ for kind in CLASSES} == {plain.Hit.__match_args__}
    assert len({inspect.cleandoc(kind.__doc__) for kind in CLASSES}) == 1
    for name in names[0] - {"after", "before", "duplicates", "in_article", "more", "score"}:
        docs = (getattr(kind, name).__doc__ for kind in CLASSES)
        assert len({doc.partition("\n")[0] for doc in docs}) == 1, name


def test_its_paragraphs_attributes_are_its_own(kind):
    for hit in (whole(kind), late(kind, [])):
        assert [getattr(hit, n) for n in FACTS] == [getattr(PARAGRAPH, n) for n in FACTS]
        assert (hit.start_char, hit.end_char) == (5, 15)
        assert (hit.paragraph, hit.score) == (PARAGRAPH, 1.5)
        assert (hit.spans, hit.snippet) == (((0, 4),), SNIPPET)
        assert (hit.before, hit.after, hit.more, hit.duplicates, hit.in_article) == ((),) * 4 + (0,)
        with pytest.raises(AttributeError):
            _ = hit.colour


def test_nothing_is_made_before_it_is_asked_for_nor_twice(kind):
    calls = []
    hit = late(kind, calls)
    assert (hit.text, hit.score, calls) == ("Rain fell.", 1.5, [])
    for _ in range(2):
        assert (hit.paragraph, hit.spans, hit.snippet.plain()) == (
            PARAGRAPH,
            ((0, 4),),
            "Rain fell.",
        )
    assert calls == ["place", "marks"]


def test_what_stands_beside_it_can_be_set(kind):
    hit, other = whole(kind), Duplicate("b#p1", "b", "Rain", DAY, "b")
    hit.before, hit.after, hit.more, hit.in_article = (PARAGRAPH,), (), (whole(kind),), 2
    hit.duplicates = (other,)

    assert hit == kind(
        PARAGRAPH, 1.5, ((0, 4),), SNIPPET, (PARAGRAPH,), (), (whole(kind),), (other,), 2
    )
    assert hit != whole(kind)
    row = hit.as_dict()
    assert row["more"] == [whole(kind).as_dict()]
    assert (row["in_article"], len(row["before"]), "after" in row) == (2, 1, False)
    assert row["duplicates"] == [other.as_dict()]


def test_hits_are_equal_by_what_they_say(kind):
    hit = whole(kind)
    assert hit == late(kind, []) and hash(hit) == hash(late(kind, []))
    assert hit != kind(PARAGRAPH, 1.25, ((0, 4),), SNIPPET)
    assert hit != PARAGRAPH
    assert repr(hit) == (
        f"Hit(paragraph={PARAGRAPH!r}, score=1.5, spans=((0, 4),), snippet={SNIPPET!r}, "
        "before=(), after=(), more=(), duplicates=(), in_article=0)"
    )
    match hit:
        case kind(paragraph, score):
            assert (paragraph, score) == (PARAGRAPH, 1.5)


def test_a_hit_can_be_pickled(kind):
    for hit in (whole(kind), late(kind, [])):
        again = pickle.loads(pickle.dumps(hit))  # noqa: S301
        assert again == hit
        assert type(again) is kind


def test_an_error_of_its_marks_is_raised_each_time(kind):
    def marks(_text, _paragraph):
        raise searcher.SearcherError("not those of its text")

    hit = kind.late(Whole(PARAGRAPH, 1.5), (lambda one: one, marks))
    for _ in range(2):
        with pytest.raises(searcher.SearcherError, match="not those"):
            _ = hit.snippet


def test_the_hits_of_a_page_are_of_one_class(seed_archive):
    for query in ("tomahawk", "tomahawk NEAR/5 missiles", "exact(Tomahawk)"):
        page = seed_archive.search(query)
        assert page.hits and {type(hit) for hit in page} == {results.Hit}
        assert pickle.loads(pickle.dumps(page)) == page  # noqa: S301


def test_hits_outlive_their_archive(seed_index):
    """Also what is made of them late, by the core and by Python; and they leave nothing behind."""
    queries = ("tomahawk", '"political will"', "tomahawk NEAR/5 missiles")
    with searcher.open(seed_index) as archive:
        expected = [archive.search(query).as_dict()["hits"] for query in queries]
        pages = [archive.search(query) for query in queries]
    assert [page.as_dict()["hits"] for page in pages] == expected
    gone = weakref.ref(archive)
    gc.disable()
    try:
        del archive, pages
        assert gone() is None
    finally:
        gc.enable()
