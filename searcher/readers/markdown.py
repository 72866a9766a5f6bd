"""Markdown, with front matter in YAML (`---`) or TOML (`+++`).

Headings are sections; `>` quotes, list items and images become quote, list
and caption.  Offsets point to the paragraph as it stands, markers inside it
included; its text is shown without emphasis marks and link targets.

    >>> from pathlib import Path
    >>> data = b"---\\ntitle: Rain\\ndate: 2026-02-18\\n---\\n## Later\\n\\nIt **stopped**.\\n"
    >>> article = next(read(Source(Path("rain.md"), "rain.md", data)))
    >>> article.title, str(article.date), [(b.kind, b.text) for b in article.blocks]
    ('Rain', '2026-02-18', [('heading', 'Later'), ('text', 'It stopped.')])
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from ..errors import ArticleError
from ..model import Article, Block
from .assemble import MAX_BLOCKS, Facts, assemble
from .base import DEFAULTS, ReadOptions
from .characters import fold
from .fields import checked
from .front_matter import split
from .markup import unescape
from .records import facts_of
from .source import Source
from .spans import Span, chunks, cut, lines, trim
from .text import kind_of

_ATX = re.compile(r" {0,3}(#{1,6})[ \t]+([^\n\r]*)")
_SETEXT = re.compile(r" {0,3}(=+|-{2,})[ \t]*$")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+(?=\S)")
_QUOTE = re.compile(r" {0,3}>[ \t]?")
_FENCE = re.compile(r"[ \t]*(```|~~~)")
_DEFINITION = re.compile(r" {0,3}\[[^\[\]\n]{1,200}\]:[ \t]*\S")
_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-{2,}[-:| \t]*$")
_INLINE = (
    (">", re.compile(r"(?:^|(?<=[\n\r]))[ \t]{0,3}(?:>[ \t]?)+"), ""),
    ("[", re.compile(r"!\[([^\[\]]*)\]\([^()\n]*\)"), r"\1"),
    ("[", re.compile(r"\[([^\[\]]*)\]\([^()\n]*(?:\([^()\n]{0,200}\)[^()\n]{0,200})?\)"), r"\1"),
    ("[", re.compile(r"\[([^\[\]]+)\]\[[^\[\]\n]{0,200}\]"), r"\1"),
    ("<", re.compile(r"<(https?://[^<>\s]{1,2000})>"), r"\1"),
    ("<", re.compile(r"</?[a-zA-Z][^<>]{0,500}>"), ""),
    ("*", re.compile(r"(?<!\\)\*\*(?=\S)([^*]+)\*\*"), r"\1"),
    ("_", re.compile(r"(?<![\w\\])__(?=\S)([^_]+)__(?!\w)"), r"\1"),
    ("*", re.compile(r"(?<![\\*])\*(?=[^\s*])([^*\n]*[^\s*])\*(?!\*)"), r"\1"),
    ("_", re.compile(r"(?<![\w\\])_(?=[^\s_])([^_\n]*[^\s_])_(?!\w)"), r"\1"),
    ("`", re.compile(r"`+([^`]+)`+"), r"\1"),
    ("\\", re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
)
"""What is hidden of a paragraph: (a sign that is in every match, what matches, what is shown)."""

_IMAGE_ALONE = re.compile(r"!\[[^\[\]]*\]\([^()\n]*\)$")


class _Piece(NamedTuple):
    kind: str
    start: int
    end: int
    level: int = 0


def read(source: Source, options: ReadOptions = DEFAULTS) -> Iterator[Article]:
    """Yield the one article of a Markdown file.

    Raises:
        ArticleError: reason "front matter" (the detail says which line), "not
            text" or "no text".
    """
    values, start = split(source.text)
    facts = facts_of(values, checked(options.mapping))
    limit = options.max_paragraph_chars
    blocks = list(islice(_blocks(source.text, start, limit), MAX_BLOCKS + 10))
    facts, blocks = _with_title(facts, blocks)
    if not facts.title and not blocks:
        raise ArticleError("no text", "expected a title or paragraphs, found neither")
    yield assemble(source, options, facts, blocks)


def _with_title(facts: Facts, blocks: list[Block]) -> tuple[Facts, list[Block]]:
    """Take a first heading of level 1 as the title, or drop it if it repeats the title."""
    first = blocks[0] if blocks else None
    if not first or first.level != 1 or fold(facts.title) not in ("", first.text):
        return facts, blocks
    span = (first.start_char, first.end_char)
    return replace(facts, title=first.text, title_span=span), blocks[1:]


def _blocks(text: str, start: int, limit: int) -> Iterator[Block]:
    for piece in _pieces(text, start):
        for first, last in cut(text, piece.start, piece.end, limit):
            shown = text[first:last] if piece.kind == "code" else _shown(text[first:last])
            if folded := fold(shown):
                yield Block(_kind(piece, folded, text, first), folded, first, last, piece.level)


def _kind(piece: _Piece, shown: str, text: str, start: int) -> str:
    if piece.kind == "code":
        return "text"
    if piece.kind == "text":
        return "caption" if _IMAGE_ALONE.match(text[start : piece.end]) else kind_of(shown)
    return piece.kind


def _pieces(text: str, start: int) -> Iterator[_Piece]:
    fence = ""
    for chunk in chunks(text, start, len(text)):
        fence = yield from _Chunk(text, fence).pieces(chunk)


class _Chunk:
    """Reads the lines between two blank ones; `fence` is open if code began before."""

    def __init__(self, text: str, fence: str) -> None:
        self._text = text
        self._fence = fence
        self._piece: _Piece | None = None

    def pieces(self, chunk: Span) -> Generator[_Piece, None, str]:
        """Yield the pieces; return the fence that is still open."""
        for start, end in lines(self._text, *chunk):
            yield from self._line(start, end)
        yield from self._done()
        return self._fence

    def _line(self, start: int, end: int) -> Iterator[_Piece]:
        fence = _FENCE.match(self._text, start, end)
        if fence and self._fence in ("", fence[1]):
            self._fence = "" if self._fence else fence[1]
            yield from self._done()
        elif self._fence:
            yield from self._continue("code", start, end)
        else:
            yield from self._plain(start, end)

    def _plain(self, start: int, end: int) -> Iterator[_Piece]:
        line = self._text[start : min(end, start + 1000)]
        if heading := _ATX.match(line):
            yield from self._done()
            yield self._heading(start, end, heading)
        elif self._piece and self._piece.kind == "text" and _SETEXT.match(line):
            level = 1 if "=" in line else 2
            self._piece = self._piece._replace(kind="heading", level=level)
            yield from self._done()
        elif _RULE.match(line) or _DEFINITION.match(line) or _TABLE_RULE.match(line):
            yield from self._done()
        else:
            yield from self._marked(line, start, end)

    def _heading(self, start: int, end: int, found: re.Match[str]) -> _Piece:
        first, last = trim(self._text, start + found.start(2), end)
        bare = self._text[first:last].rstrip("#")
        last = first + len(bare.rstrip()) if not bare or bare[-1:].isspace() else last
        return _Piece("heading", first, last, len(found[1]))

    def _marked(self, line: str, start: int, end: int) -> Iterator[_Piece]:
        if item := _ITEM.match(line):
            yield from self._done()
            self._piece = _Piece("list", start + item.end(), end)
        elif quote := _QUOTE.match(line):
            inside = self._piece is not None and self._piece.kind == "quote"
            bare = not line[quote.end() :].strip("> \t")
            if bare or not inside:
                yield from self._done()
            if not bare:
                yield from self._continue("quote", start if inside else start + quote.end(), end)
        else:
            yield from self._continue(self._piece.kind if self._piece else "text", start, end)

    def _continue(self, kind: str, start: int, end: int) -> Iterator[_Piece]:
        if self._piece and self._piece.kind == kind:
            self._piece = self._piece._replace(end=end)
        else:
            yield from self._done()
            self._piece = _Piece(kind, start, end)

    def _done(self) -> Iterator[_Piece]:
        if self._piece:
            yield self._piece
        self._piece = None


def _shown(text: str) -> str:
    if "<!--" in text:
        text = _without_comments(text)
    for sign, pattern, shown in _INLINE:
        if sign in text:
            text = pattern.sub(shown, text)
    return unescape(text)


def _without_comments(text: str) -> str:
    first, *rest = text.split("<!--")
    return first + "".join(part.partition("-->")[2] for part in rest)
