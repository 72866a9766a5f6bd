"""From what a reader found to an Article: the rules that all formats share.

The date is the first of: an explicit header, the published date of the
format, the URL or the path, a dateline whose year is known, and, only if
asked for, the file's time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timezone

from ..errors import ArticleError
from ..model import Article, Block
from ..values import frozen, replace
from . import dateline as datelines
from .base import ReadOptions
from .characters import fold
from .dateline import Dateline
from .dates import day_in_path
from .source import Source
from .spans import Span, cut

MAX_BLOCKS = 100_000
"""An article with more paragraphs is refused: it is data, not an article."""


@frozen
class Facts:
    """What a reader found besides the blocks; strings as they stand in the source.

    Attributes:
        title, url, source, language: empty when the source has none.
        title_span: of the headline in the decoded source.
        header: day of an explicit header line.
        published: day that the format's own field names.
        dateline: where the format or the header marks one; else it is looked
            for at the start of the first text paragraph.
        desk: the publication's own sections.
        authors: one name each.
    """

    title: str = ""
    title_span: Span = (0, 0)
    header: date | None = None
    published: date | None = None
    dateline: Dateline | None = None
    url: str = ""
    source: str = ""
    desk: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    language: str = ""


def assemble(
    source: Source,
    options: ReadOptions,
    facts: Facts,
    blocks: Iterable[Block],
    *,
    key: str = "",
    extent: Span | None = None,
) -> Article:
    """Return the Article.

    Args:
        key: names the article within a file of many; empty in a file of one.
        extent: of the article in the decoded source; the whole file if None.

    Raises:
        ArticleError: reason "too many paragraphs".
    """
    kept = _limited(blocks, options.max_paragraph_chars)
    line = facts.dateline or _first_dateline(kept)
    day, day_source = settle(source, options, facts, line)
    start, end = extent or (0, len(source.text))
    return Article(
        id=f"{source.name}:{key}" if key else source.name,
        path=source.name,
        title=fold(facts.title),
        title_span=facts.title_span,
        date=day,
        date_source=day_source,
        dateline=fold(line.text) if line else "",
        city=fold(line.city) if line else "",
        source=fold(facts.source or (line.agency if line else "")),
        url=fold(facts.url),
        desk=_distinct(facts.desk),
        author="; ".join(_distinct(facts.authors)),
        language=fold(facts.language or options.language).replace("_", "-"),
        blocks=kept,
        start_char=start,
        end_char=end,
    )


def settle(
    source: Source, options: ReadOptions, facts: Facts, line: Dateline | None
) -> tuple[date | None, str]:
    """Return the date and where it was found, by the order of precedence."""
    if facts.header:
        return facts.header, "header"
    if facts.published:
        return facts.published, "published"
    if day := day_in_path(facts.url) or day_in_path(source.name):
        return day, "path"
    if line and (day := line.date(facts.url, source.name)):
        return day, "dateline"
    if options.date_from_mtime and source.mtime:
        # The file's time has no day of its own; UTC makes it the same everywhere.
        return datetime.fromtimestamp(source.mtime, timezone.utc).date(), "mtime"
    return None, ""


def _limited(blocks: Iterable[Block], limit: int) -> tuple[Block, ...]:
    kept: list[Block] = []
    for whole in blocks:
        if len(whole.text) > limit:
            kept += _pieces(whole, limit)
        elif whole.text:
            kept.append(whole)
        if len(kept) > MAX_BLOCKS:
            raise ArticleError("too many paragraphs", f"more than {MAX_BLOCKS:,}")
    return tuple(kept)


def _pieces(whole: Block, limit: int) -> Iterator[Block]:
    for start, end in cut(whole.text, 0, len(whole.text), limit):
        yield replace(whole, text=whole.text[start:end])


def _first_dateline(blocks: tuple[Block, ...]) -> Dateline | None:
    first = next((block.text for block in blocks if block.kind == "text"), "")
    return datelines.find(first)


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in map(fold, names) if name))
