"""A file of many records, in parts of a few megabytes that each hold whole records.

A file that fits in one part is one; a larger one is read from its start to its
end, so that it never stands in memory as a whole.

    >>> from pathlib import Path
    >>> one = Source(Path("a.jsonl"), "a.jsonl", b"{}\\n{}\\n")
    >>> list(windows(one, b"\\n"))
    [Window(text='{}\\n{}\\n', start_char=0)]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from ..errors import ArticleError
from ..model import Article
from .decode import decode
from .source import WINDOW_BYTES, Source, Stream

MAX_RECORD_BYTES = 64 * 1024 * 1024
"""A longer record of a file that is read in parts ends the reading."""


class Window(NamedTuple):
    """A part of a file: its text, and how many characters of the file stand before it."""

    text: str
    start_char: int


def windows(source: Source, end: bytes) -> Iterator[Window]:
    """Yield the parts of a file in order, each but the last up to the end of a record.

    Args:
        source: read whole, or a Stream.
        end: what a record ends with.

    Raises:
        ArticleError: reason "not text", "too large" (a record, or a large file
            that isn't in an encoding of single bytes), and those of
            Stream.blocks.
    """
    if not isinstance(source, Stream):
        yield Window(source.text, 0)
        return
    start = 0
    for piece in _pieces(source, end):
        text, encoding = decode(piece)
        if encoding.startswith(("utf-16", "utf-32")):
            raise ArticleError("too large", f"for a file in {encoding}; save it in UTF-8")
        yield Window(text, start)
        start += len(text)


def _pieces(source: Stream, end: bytes) -> Iterator[bytes]:
    held = bytearray()
    for block in source.blocks():
        held += block
        if len(held) < WINDOW_BYTES:
            continue
        cut = held.rfind(end) + len(end)
        if cut >= len(end):
            yield bytes(held[:cut])
            del held[:cut]
        elif len(held) > MAX_RECORD_BYTES:
            raise ArticleError("too large", f"a record of it has over {MAX_RECORD_BYTES:,} bytes")
    if held:
        yield bytes(held)


def moved(article: Article, by: int) -> Article:
    """Return the article with all its places in the file moved by some characters."""
    if not by:
        return article
    first, last = article.title_span
    blocks = (
        replace(one, start_char=one.start_char + by, end_char=one.end_char + by)
        for one in article.blocks
    )
    return replace(
        article,
        title_span=(first + by, last + by),
        start_char=article.start_char + by,
        end_char=article.end_char + by,
        blocks=tuple(blocks),
    )
