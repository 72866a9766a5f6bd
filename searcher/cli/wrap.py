"""Marked text in lines of a given width, measured as a terminal draws it.

A terminal draws a Chinese character two columns wide and an accent none, and
textwrap counts colour codes as letters; so lines are broken here, on the
text, and the spans go along.

    >>> wrap("The dam broke", [(4, 13)], 8)
    [('The dam', [(4, 7)]), ('broke', [(0, 5)])]
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from searcher.highlight.display import display_text
from searcher.highlight.formats import Span, pieces

Line = tuple[str, list[Span]]

_WORD = re.compile(r"\S+")


def width(text: str) -> int:
    """Return how many columns a terminal draws the text in."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def wrap(text: str, spans: Sequence[Span], columns: int) -> list[Line]:
    """Return the text in lines of at most `columns`, each with its share of the spans.

    The lines are safe to print.  A word wider than the line is cut.
    """
    shown, spans = displayed(text, spans)
    lines = list(_line_bounds(shown, max(columns, 2)))
    return [
        (shown[low:high], found)
        for (low, high), found in zip(lines, _by_line(spans, lines), strict=True)
    ]


def _by_line(spans: Sequence[Span], lines: Sequence[Span]) -> Iterator[list[Span]]:
    """Yield each line's share of the spans; both rise, so one pass does it."""
    at = 0
    for low, high in lines:
        found = []
        while at < len(spans) and spans[at][0] < high:
            start, end = max(spans[at][0], low), min(spans[at][1], high)
            if start < end:
                found.append((start - low, end - low))
            if spans[at][1] > high:  # it goes on in the next line
                break
            at += 1
        yield found


def cut(text: str, columns: int) -> str:
    """Return the text safe to print on one line, ending in … where it was too wide."""
    shown = display_text(text)
    if width(shown) <= columns:
        return shown
    return shown[: _fitting(shown, 0, len(shown), columns - 1)].rstrip() + "…"


def displayed(text: str, spans: Sequence[Span]) -> tuple[str, list[Span]]:
    """Return the text safe to print, and the spans where the escapes moved them."""
    shown, moved, at = [], [], 0
    for piece, matched in pieces(text, spans):
        safe = display_text(piece)
        shown.append(safe)
        if matched:
            moved.append((at, at + len(safe)))
        at += len(safe)
    return "".join(shown), moved


def _line_bounds(text: str, columns: int) -> Iterator[Span]:
    line: Span | None = None
    for start, end in _words(text, columns):
        if line and width(text[line[0] : end]) <= columns:
            line = (line[0], end)
            continue
        if line:
            yield line
        line = (start, end)
    if line:
        yield line


def _words(text: str, columns: int) -> Iterator[Span]:
    for match in _WORD.finditer(text):
        start, end = match.span()
        while start < end:
            middle = _fitting(text, start, end, columns)
            yield start, middle
            start = middle


def _fitting(text: str, start: int, end: int, columns: int) -> int:
    """Return how far one can go from `start` within the columns, at least one character."""
    room = columns
    for at in range(start, end):
        room -= _columns(text[at])
        if room < 0:
            return max(at, start + 1)
    return end
