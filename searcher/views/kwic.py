"""Keyword in context: every place that matched, with what stands left and right of it.

A line belongs to one marked stretch of a paragraph, so a paragraph in which a
word stands twice gives two.  `left + keyword + right` is a piece of the text as
it stands, uncut but for its length.

    >>> from searcher.model import Paragraph
    >>> text = "Mind the gap. A gap is a gap."
    >>> paragraph = Paragraph("a#p1", "a", 1, "text", "", text, 0, len(text))
    >>> total, lines = concordance([(paragraph, ((9, 12), (16, 19), (25, 28)))], width=9, limit=2)
    >>> total, [(line.left, line.keyword, line.right) for line in lines]
    (3, [('Mind the ', 'gap', '. A gap i'), ('e gap. A ', 'gap', ' is a gap')])
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from searcher.analysis import Token, tokenize
from searcher.errors import QueryError
from searcher.model import Paragraph
from searcher.results import JSON_VERSION, Hit, Span
from searcher.values import frozen

KWIC_SORTS = ("position", "left", "right")
"""By date, article and place; or by the words nearest to the keyword on a side."""

SORT_WORDS = 10
"""Words on one side that lines are ordered by; beyond them, by position."""

Shown = Paragraph | Hit
Marked = tuple[Shown, tuple[Span, ...]]
Tokens = Callable[[str], list[Token]]
Key = tuple[Any, ...]


@frozen
class KwicLine:
    """One occurrence in its context.

    Attributes:
        id: of the paragraph.
        article: its article's id.
        number: ordinal of the paragraph in its article, from 1; 0 is the headline.
        kind: one of searcher.model.KINDS.
        date: day of first publication; None when the source doesn't say.
        title: headline of the article; may be empty.
        section: the in-article heading it stands under; may be empty.
        path: the source file.
        left, keyword, right: the text before it, what matched, the text behind it.
        start_char, end_char: of the keyword in the paragraph's text.
    """

    id: str
    article: str
    number: int
    kind: str
    date: date | None
    title: str
    section: str
    path: str
    left: str
    keyword: str
    right: str
    start_char: int
    end_char: int

    def as_dict(self) -> dict[str, Any]:
        """Return the line under the keys of docs/views.md."""
        row: dict[str, Any] = {name: getattr(self, name) for name in self.__match_args__}
        row["date"] = self.date.isoformat() if self.date else None
        return row


@frozen
class Concordance:
    """The occurrences of a query, in order.

    Attributes:
        query: as given.
        parsed: as it was read, fully bracketed.
        total: occurrences in the whole index, exact.
        paragraphs: that match, exact; one that is found by a filter alone has no occurrence.
        articles: that hold them, exact.
        undated: paragraphs that match but for a date filter, and have no date.
        sort: one of KWIC_SORTS.
        width: characters of context on each side, at most.
        lines: the first of them.
    """

    query: str
    parsed: str
    total: int
    paragraphs: int
    articles: int
    undated: int
    sort: str
    width: int
    lines: tuple[KwicLine, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the envelope of docs/views.md."""
        row: dict[str, Any] = {"version": JSON_VERSION}
        row |= {name: getattr(self, name) for name in self.__match_args__}
        row["lines"] = [line.as_dict() for line in self.lines]
        return row


def concordance(
    marked: Iterable[Marked],
    *,
    width: int,
    sort: str = "position",
    limit: int | None = None,
    tokens: Tokens = tokenize,
) -> tuple[int, tuple[KwicLine, ...]]:
    """Return how many occurrences there are, and the first lines.

    Args:
        marked: paragraphs, or hits, with the spans of what matched in them.
        width: characters of context on each side.
        sort: one of KWIC_SORTS.
        limit: lines to return; None for all.  No more than these are kept.
        tokens: cuts a text.
    """
    check_kwic(sort, width)
    counted = _Counted(_keyed(marked, sort, tokens))
    lines = sorted(counted) if limit is None else heapq.nsmallest(limit, counted)
    counted.finish()
    return counted.count, tuple(_line(paragraph, span, width) for _, paragraph, span in lines)


def check_kwic(sort: str, width: int) -> None:
    """Raise QueryError on an order that there isn't, or a width below 1."""
    if sort not in KWIC_SORTS:
        raise QueryError(f"can't sort by {sort!r}. Choose one of: {', '.join(KWIC_SORTS)}")
    if width < 1:
        raise QueryError(f"width {width}: expected characters of context, at least 1")


Occurrence = tuple[Key, Shown, Span]


class _Counted:
    """Counts what passes."""

    def __init__(self, occurrences: Iterator[Occurrence]) -> None:
        self._occurrences = occurrences
        self.count = 0

    def __iter__(self) -> Iterator[Occurrence]:
        for occurrence in self._occurrences:
            self.count += 1
            yield occurrence

    def finish(self) -> None:
        """Count what nobody asked for: with a limit of 0 that is everything."""
        for _ in self:
            pass


def _keyed(marked: Iterable[Marked], sort: str, tokens: Tokens) -> Iterator[Occurrence]:
    for paragraph, spans in marked:
        context = _context_keys(paragraph, spans, sort, tokens)
        for span, nearest in zip(spans, context, strict=True):
            # The position is never the same twice, so paragraphs are never compared.
            yield (*nearest, *_position(paragraph, span)), paragraph, span


def _position(paragraph: Shown, span: Span) -> Key:
    return paragraph.date or date.max, paragraph.article, paragraph.number, span[0]


def _context_keys(
    paragraph: Shown, spans: tuple[Span, ...], sort: str, cut: Tokens
) -> Iterator[Key]:
    if sort == "position":
        yield from (() for _ in spans)
        return
    tokens = cut(paragraph.text)
    starts = [token.start_char for token in tokens]
    for start, end in spans:
        if sort == "left":
            before = bisect_left(starts, start)
            nearest = tokens[max(before - SORT_WORDS, 0) : before][::-1]
        else:
            behind = bisect_left(starts, end)
            nearest = tokens[behind : behind + SORT_WORDS]
        yield (tuple(token.text for token in nearest),)


def _line(paragraph: Shown, span: Span, width: int) -> KwicLine:
    start, end = span
    return KwicLine(
        id=paragraph.id,
        article=paragraph.article,
        number=paragraph.number,
        kind=paragraph.kind,
        date=paragraph.date,
        title=paragraph.title,
        section=paragraph.section,
        path=paragraph.path,
        left=paragraph.text[max(start - width, 0) : start],
        keyword=paragraph.text[start:end],
        right=paragraph.text[end : end + width],
        start_char=start,
        end_char=end,
    )
