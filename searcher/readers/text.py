"""Plain text: paragraphs between blank lines, or at indented lines.

    Article  = Title? Header? Paragraph*
    Header   = "date" YYYY-MM-DD (Dateline)?      " date 2026-02-25 WASHINGTON -- "

A short line that stands alone in title or upper case is a heading; the first
one before any text is the title.  Photo and player teasers are captions.

    >>> from pathlib import Path
    >>> data = b" date 2026-02-18 PORTO -- Rain fell.\\n\\nA Dry Spring\\n\\nIt stopped."
    >>> article = next(read(Source(Path("rain.txt"), "rain.txt", data)))
    >>> article.city, article.date_source, [block.kind for block in article.blocks]
    ('PORTO', 'header', ['text', 'heading', 'text'])
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from ..errors import ArticleError
from ..model import Article, Block
from . import dateline as datelines
from .assemble import MAX_BLOCKS, Facts, assemble
from .base import DEFAULTS, ReadOptions
from .characters import fold
from .dateline import Dateline
from .dates import parse_day
from .source import Source
from .spans import DEEP, FLUSH, INDENTED, NEWLINE, Span, at_indents, chunks, cut, lines, trim

_HEADER = re.compile(r"date:?[ \t]+([0-9]{4}-[0-9]{2}-[0-9]{2})(?=\s|$)[ \t]*", re.IGNORECASE)
_HEADER_PLACE = re.compile(r"([^\n\r]{1,120}?)[ \t]+(--|[-–—])[ \t]+")
_BULLET = re.compile(r"[ \t]*(?:[-*•·‣◦▪]|[0-9]{1,2}[.)])[ \t]+(?=\S)")
_BYLINE = re.compile(r"by[ \t]+([^\W\d_][^\n\r,;:!?]{1,60})$", re.IGNORECASE)
_TEASER = re.compile(
    r"(?:photo gallery|photos?|picture gallery|gallery|videos?|watch|listen|infographic|image"
    r"|picture|file photo|related)\s?:|\((?:photo|image|picture)\s?:|image caption",
    re.IGNORECASE,
)
_PLAYER = re.compile(
    r"no media source currently available|\b0:00\s{1,3}(?:[0-9]+:)?[0-9]{1,2}:[0-9]{2}\b", re.I
)
_LOOKED_AT = 4000
_SMALL = frozenset(
    str.split(
        "a an and as at but by de del for from in into la le nor of off on onto or over per"
        " the to up van via von vs with without"
    )
)
_LEVEL = 2
_MAX_HEADING_CHARS = 90
_MAX_HEADING_WORDS = 14


class _Piece(NamedTuple):
    """A paragraph before it has a kind; `apart` when blank lines stand around it."""

    start: int
    end: int
    apart: bool
    item: bool = False


def read(source: Source, options: ReadOptions = DEFAULTS) -> Iterator[Article]:
    """Yield the one article of a plain text file.

    Raises:
        ArticleError: reason "not text" or "no text".
    """
    text = source.text
    # One more than `assemble` lets through, so that it can refuse.
    bounded = islice(_bounded(text, options), MAX_BLOCKS + 10)
    facts, pieces = _open(text, list(bounded))
    blocks = list(_blocks(text, pieces))
    if not facts.title and not any(found.text for found in blocks):
        raise ArticleError("no text", "expected paragraphs, found white space")
    yield assemble(source, options, _with_byline(facts, blocks), blocks)


def body_blocks(text: str, start: int, end: int) -> Iterator[Block]:
    """Yield the blocks of plain text that has neither a title nor a header."""
    return _blocks(text, list(_pieces(text, start, end)))


def kind_of(shown: str) -> str:
    """Return `caption` for the text of a photo or player teaser, else `text`."""
    head = shown[:_LOOKED_AT]
    if head.isascii() and ":" not in head and not _speaks_of_media(head.lower()):
        return "text"
    return "caption" if _TEASER.match(shown) or _PLAYER.search(head) else "text"


def _speaks_of_media(head: str) -> bool:
    """Tell whether a text without a colon can be a teaser, by a look that misses none."""
    return "caption" in head or "media source" in head


def is_heading(line: str) -> bool:
    """Tell whether a line that stands alone is a heading: short, title or upper case, no stop."""
    words = line.split() if len(line) <= _MAX_HEADING_CHARS else []
    if not 0 < len(words) <= _MAX_HEADING_WORDS:
        return False
    if line.rstrip("\"'”’»)]")[-1:] in tuple(".,;:…") or not line[-1:].strip():
        return False
    return _is_title_case(words)


def _is_title_case(words: list[str]) -> bool:
    firsts = [next((char for char in word if char.isalnum()), "") for word in words]
    capitals = sum(char.isupper() for char in firsts)
    low = [w for w, char in zip(words, firsts, strict=True) if char.islower() and w not in _SMALL]
    return capitals * 3 >= len(words) and not low and not firsts[0].islower()


def _bounded(text: str, options: ReadOptions) -> Iterator[_Piece]:
    for piece in _pieces(text, 0, len(text)):
        for start, end in cut(text, piece.start, piece.end, options.max_paragraph_chars):
            yield _Piece(start, end, piece.apart, piece.item)


def _pieces(text: str, start: int, end: int) -> Iterator[_Piece]:
    """Yield the paragraphs; a file without blank lines is split at its indented lines."""
    whole = trim(text, start, end)
    for chunk in chunks(text, start, end):
        alone = chunk[0] <= whole[0] and whole[1] <= chunk[1]
        for span, apart, item in _parts(text, chunk, alone):
            yield _Piece(*span, apart, item)


def _parts(text: str, chunk: Span, alone: bool) -> Iterator[tuple[Span, bool, bool]]:
    ink = trim(text, *chunk)
    if _BULLET.match(text, *ink):
        yield from ((trim(text, *span), False, True) for span in _items(text, ink))
    elif indent := _indent(text, chunk, ink, alone):
        yield from ((trim(text, *span), False, False) for span in at_indents(text, *ink, indent))
    else:
        yield ink, True, False


def _indent(text: str, chunk: Span, ink: Span, alone: bool) -> re.Pattern[str] | None:
    """Return what starts a paragraph inside the chunk, or None if it is one paragraph."""
    if not NEWLINE.search(text, *ink):
        return None
    if alone and INDENTED.search(text, *ink):
        return INDENTED
    # Uniform indentation is a margin; a mixed one marks the first lines.
    flush = FLUSH.search(text, *ink) or text[chunk[0]] not in " \t"
    return DEEP if flush and DEEP.search(text, *ink) else None


def _items(text: str, chunk: Span) -> Iterator[Span]:
    """Yield the items of a list without their markers; a line without one continues its item."""
    item: Span | None = None
    for start, end in lines(text, *chunk):
        marker = _BULLET.match(text, start, end)
        if marker and item:
            yield item
        item = (marker.end() if marker else item[0] if item else start, end)
    if item:
        yield item


def _open(text: str, pieces: list[_Piece]) -> tuple[Facts, list[_Piece]]:
    """Take the title and the header line, in either order, off the front."""
    facts, pieces = _take_header(text, Facts(), pieces)
    if facts.header is None and len(pieces) > 1 and _is_title(text, pieces[0]):
        span = (pieces[0].start, pieces[0].end)
        facts = replace(facts, title=text[slice(*span)], title_span=span)
        facts, pieces = _take_header(text, facts, pieces[1:])
    return facts, pieces


def _is_title(text: str, piece: _Piece) -> bool:
    line = text[piece.start : min(piece.end, piece.start + 500)]
    on_one_line = not piece.item and not NEWLINE.search(line)
    return on_one_line and is_heading(line) and not _is_byline(line) and kind_of(line) == "text"


def _take_header(text: str, facts: Facts, pieces: list[_Piece]) -> tuple[Facts, list[_Piece]]:
    first = pieces[0] if pieces else None
    found = _HEADER.match(text, first.start, first.end) if first else None
    if not first or not found:
        return facts, pieces
    line, after = _header_place(text, found.end(), first.end)
    facts = replace(facts, header=parse_day(found[1]), dateline=line)
    rest = first._replace(start=trim(text, after, first.end)[0])
    return facts, [rest, *pieces[1:]] if rest.start < rest.end else pieces[1:]


def _header_place(text: str, start: int, end: int) -> tuple[Dateline | None, int]:
    found = _HEADER_PLACE.match(text, start, end)
    line = datelines.parse(found[1], found.group()) if found else None
    return (line, found.end()) if found and line else (None, start)


def _blocks(text: str, pieces: list[_Piece]) -> Iterator[Block]:
    for index, piece in enumerate(pieces):
        shown = fold(text[piece.start : piece.end])
        kind = _kind(text, piece, shown, last=index + 1 == len(pieces))
        level = _LEVEL if kind == "heading" else 0
        yield Block(kind, shown, piece.start, piece.end, level)


def _kind(text: str, piece: _Piece, shown: str, last: bool) -> str:
    if piece.item:
        return "list"
    if kind_of(shown) == "caption" or _is_byline(shown):
        return "caption"
    alone = piece.apart and not last and is_heading(shown)
    return "heading" if alone and not NEWLINE.search(text, piece.start, piece.end) else "text"


def _is_byline(shown: str) -> bool:
    return shown[:2].lower() == "by" and bool(_BYLINE.match(shown)) and len(shown.split()) < 9


def _with_byline(facts: Facts, blocks: list[Block]) -> Facts:
    """Add the author of a line `By Somebody` that stands before the text."""
    for found in blocks[:3]:
        if byline := _BYLINE.match(found.text) if found.kind == "caption" else None:
            return replace(facts, authors=(byline[1],))
    return facts
