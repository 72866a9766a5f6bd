"""From a record of named fields to an Article; JSON and CSV share it.

All blocks of a record have the record's own extent as their offsets: its text
is escaped or quoted in the file, so it stands nowhere as it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import ArticleError
from ..model import Article, Block
from . import plain
from .assemble import Facts, assemble
from .base import ReadOptions
from .dateline import Dateline
from .fields import Record, has_markup
from .html import fragment_blocks
from .plain import Shown
from .source import Source
from .spans import Span


def article(
    source: Source, options: ReadOptions, record: Record, extent: Span, key: str = ""
) -> Article:
    """Return the article of one record.

    Raises:
        ArticleError: reason "no text": it has neither a text nor a title.
    """
    # By position, for an archive has millions of them.
    blocks = [Block(kind, text, *extent, level) for kind, text, level in _blocks(record)]
    facts = _facts(record, extent)
    if not facts.title.strip() and not any(block.text for block in blocks):
        raise ArticleError("no text", "expected a title or a text, found neither")
    return assemble(source, options, facts, blocks, key=key, extent=extent)


def facts_of(values: Mapping[str, Any], mapping: Mapping[str, str]) -> Facts:
    """Return what a record says besides its text."""
    return _facts(Record(values, mapping), (0, 0))


def _facts(record: Record, extent: Span) -> Facts:
    city = record.first("city")
    return Facts(
        title=record.first("title"),
        title_span=extent,
        published=record.day(),
        dateline=Dateline("", city) if city else None,
        url=record.first("url"),
        source=record.first("source"),
        desk=record.desk(),
        authors=tuple(record.values("author")),
        language=record.first("language"),
    )


def _blocks(record: Record) -> Iterator[Shown]:
    texts = record.values("text")
    if not texts:
        yield from _of_html(record.first("html"))
    for text in texts:
        # A value is not wrapped: its lines are as long as its paragraphs.
        yield from _of_html(text) if has_markup(text) else plain.blocks(text, by_line=True)


def _of_html(text: str) -> Iterator[Shown]:
    return ((found.kind, found.text, found.level) for found in fragment_blocks(text))
