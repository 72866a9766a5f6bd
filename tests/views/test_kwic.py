"""Keyword in context: which lines there are, in which order."""

from __future__ import annotations

import pytest

from searcher.errors import QueryError

STORIES = [
    {"id": "new", "date": "2026-02-02", "text": "Mind the gap. A big gap is a gap."},
    {"id": "old", "date": "2024-01-01", "text": "Çedilla gap closes.\n\nNo hole at all."},
    {"id": "never", "text": "beta gap Alpha"},
]


@pytest.fixture
def archive(make_index):
    """Three articles, one without a date."""
    return make_index(STORIES)


def test_a_paragraph_with_two_occurrences_gives_two_lines(archive):
    found = archive.kwic("gap")

    assert (found.total, found.paragraphs, found.articles) == (5, 3, 3)
    assert [line.number for line in found.lines] == [1, 1, 1, 1, 1]


def test_lines_are_ordered_by_date_and_place_the_undated_last(archive):
    places = [
        (line.article.rpartition(":")[2], line.start_char) for line in archive.kwic("gap").lines
    ]

    assert places == [("old", 8), ("new", 9), ("new", 20), ("new", 29), ("never", 5)]


def test_left_order_reads_from_the_keyword_outwards(archive):
    """`is a` before `a big`: the nearest word counts first, and case and accents don't."""
    lefts = [line.left for line in archive.kwic("gap", sort="left").lines]

    assert lefts == [
        "Mind the gap. A big gap is a ",
        "beta ",
        "Mind the gap. A big ",
        "Çedilla ",
        "Mind the ",
    ]


def test_right_order_is_by_what_follows_folded(archive):
    rights = [line.right for line in archive.kwic("gap", sort="right").lines]

    assert rights == [".", ". A big gap is a gap.", " Alpha", " closes.", " is a gap."]


def test_the_limit_cuts_the_lines_and_not_the_count(archive):
    for limit in (0, 2):
        found = archive.kwic("gap", limit=limit, sort="left")

        assert (found.total, len(found.lines)) == (5, limit)
        assert found.lines == archive.kwic("gap", sort="left").lines[:limit]


def test_the_context_is_a_piece_of_the_text_as_it_stands(archive):
    (line,) = archive.kwic('"big gap"', width=4).lines

    assert (line.left, line.keyword, line.right) == ("p. A"[1:] + " ", "big gap", " is ")


def test_a_filter_alone_has_paragraphs_and_no_line(archive):
    found = archive.kwic("*")

    assert (found.total, found.paragraphs, found.lines) == (0, 4, ())


def test_what_a_date_filter_leaves_out_is_counted(archive):
    found = archive.kwic("gap", since="2026")

    assert (found.total, found.undated) == (3, 1)


def test_an_order_or_a_width_that_there_is_not_is_an_error(archive):
    with pytest.raises(QueryError, match="position, left, right"):
        archive.kwic("gap", sort="middle")
    with pytest.raises(QueryError, match="at least 1"):
        archive.kwic("gap", width=0)
