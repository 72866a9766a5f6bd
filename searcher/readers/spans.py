"""Spans: where paragraphs stand in a text, as (start, end) in code points.

Newlines are LF, CR, CRLF, VT, FF, NEL, LS and PS alike; a line that holds only
spaces or tabs is blank.

    >>> text = "One\\r\\nline.\\r\\n \\t\\r\\nTwo."
    >>> [text[start:end] for start, end in chunks(text, 0, len(text))]
    ['One\\r\\nline.', 'Two.']
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

# A CR before LF must not match alone: backtracking would see a blank line in CRLF.  Each
# alternative begins with a character of its own, for which `re` looks at once.
_NEWLINE = "(?:\n|\r\n|\r(?!\n)|\v|\f|\x85|\u2028|\u2029)"
NEWLINE = re.compile(_NEWLINE)
INDENTED = re.compile(_NEWLINE + r"(?=[ \t]+[^\s])")
DEEP = re.compile(_NEWLINE + r"(?=(?:\t|[ ]{2})[ \t]*[^\s])")
FLUSH = re.compile(_NEWLINE + r"(?=[^\s])")
_BLANK_LINES = re.compile(_NEWLINE + f"(?:[^\\S\n\v\f\r\x85\u2028\u2029]*{_NEWLINE})+")


def chunks(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield what stands between blank lines, first lines with their indentation."""
    return _between(_BLANK_LINES, text, start, end)


def lines(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the lines that are not blank, without their newlines."""
    return _between(NEWLINE, text, start, end)


def at_indents(text: str, start: int, end: int, indent: re.Pattern[str]) -> Iterator[Span]:
    """Yield what begins at each line that `indent` (INDENTED or DEEP) matches."""
    return _between(indent, text, start, end)


def _between(gap: re.Pattern[str], text: str, start: int, end: int) -> Iterator[Span]:
    at = start
    for found in gap.finditer(text, start, end):
        if _has_ink(text[at : found.start()]):
            yield at, found.start()
        at = found.end()
    if _has_ink(text[at:end]):
        yield at, end


def _has_ink(piece: str) -> bool:
    return bool(piece) and not piece.isspace()


def trim(text: str, start: int, end: int) -> Span:
    """Return the span without the white space around it; empty where there is nothing else."""
    ink = text[start:end].rstrip()
    end = start + len(ink)
    return (end - len(ink.lstrip()), end) if ink else (start, start)


def cut(text: str, start: int, end: int, limit: int) -> Iterator[Span]:
    """Yield trimmed pieces of at most `limit` characters, cut at a space where there is one."""
    start, end = trim(text, start, end)
    while end - start > limit:
        space = max(
            text.rfind(" ", start + 1, start + limit), text.rfind("\n", start + 1, start + limit)
        )
        at = space if space > 0 else start + limit
        yield trim(text, start, at)
        start, end = trim(text, at, end)
    if start < end:
        yield start, end
