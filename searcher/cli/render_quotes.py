"""Quotations with their speakers, and speakers with their counts: text, CSV, JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from searcher.cli import labels
from searcher.cli.paint import BOLD, DIM, MATCH, paint, painted
from searcher.cli.render_json import pretty
from searcher.cli.wrap import cut, width, wrap
from searcher.highlight.cells import record
from searcher.highlight.display import display_path, display_text, json_text
from searcher.highlight.snippet import snippet

if TYPE_CHECKING:
    from searcher.cli.rendering import Style
    from searcher.views.quotes import Quotes, Speakers, SpokenQuote

    Found = Quotes | Speakers

EXCERPT_CHARS = 600
_MARGIN = "    "
_QUOTED = "  | "

QUOTE_KEYS = (
    "date",
    "speaker",
    "quote",
    "title",
    "section",
    "desk",
    "id",
    "start_char",
    "end_char",
    "path",
)
SPEAKER_KEYS = ("speaker", "quotes", "articles")


def quotes_text(found: Quotes, style: Style) -> str:
    """Return a block a quotation, in its paragraph; a bar marks its lines, colour its letters."""
    return "\n".join("".join(f"{line}\n" for line in _block(one, style)) for one in found.quotes)


def _block(one: SpokenQuote, style: Style) -> Iterator[str]:
    separator = " · " if style.dashes else " | "
    facts = (labels.day(one.date), one.speaker, one.section, one.title)
    heading = cut(separator.join(filter(None, facts)), style.width)
    yield paint(heading, BOLD if style.colour else "")
    yield from _paragraph(one, style)
    yield _MARGIN + paint(display_path(one.id), DIM if style.colour else "")


def _paragraph(one: SpokenQuote, style: Style) -> Iterator[str]:
    part = snippet(one.text, ((one.start_char, one.end_char),), EXCERPT_CHARS)
    dots = "…" if style.dashes else "..."
    head = f"{dots} " if part.cut_before else ""
    shown = f"{head}{part.text}{f' {dots}' if part.cut_after else ''}"
    spans = [(start + len(head), end + len(head)) for start, end in part.spans]
    for line, marks in wrap(shown, spans, style.width - len(_MARGIN)):
        bar = _QUOTED if marks else _MARGIN
        yield bar + painted(line, marks, MATCH if style.colour else "")


def speakers_text(found: Speakers, style: Style) -> str:
    """Return a line a speaker."""
    room = style.width - 22
    names = [cut(one.speaker, room) for one in found.speakers]
    wide = max(map(width, ["speaker", *names]), default=0)
    lines = [f"{'speaker':<{wide}}  quotations  articles"] if names else []
    for name, one in zip(names, found.speakers, strict=True):
        padding = " " * (wide - width(name))
        lines.append(f"{name}{padding}  {one.quotes:>10,}  {one.articles:>8,}")
    return "".join(f"{line}\n" for line in lines)


def _rows(found: Found) -> list[dict[str, Any]]:
    whole = found.as_dict()
    rows: list[dict[str, Any]] = whole["quotes" if "name" in whole else "speakers"]
    return rows


def csv(found: Found, _style: Style) -> str:
    """Return a table of the quotations, or of the speakers."""
    keys = QUOTE_KEYS if hasattr(found, "name") else SPEAKER_KEYS
    return record(keys) + "".join(record(row[key] for key in keys) for row in _rows(found))


def json(found: Found, style: Style) -> str:
    """Return the envelope."""
    return pretty(found.as_dict(), style.letters)


def json_lines(found: Found, style: Style) -> str:
    """Return one line of JSON for each quotation, or each speaker."""
    rows = _rows(found)
    return "".join(json_text(row, ascii_only=not style.letters) + "\n" for row in rows)


DATA: dict[str, Callable[[Found, Style], str]] = {
    "csv": csv,
    "json": json,
    "jsonl": json_lines,
}


def speaker_line(found: Quotes) -> str:
    """Return who was meant, where the name fits several: `Baker 99, James Baker 6`."""
    shown = [f"{display_text(one.speaker)} {one.quotes:,}" for one in found.speakers[:5]]
    more = len(found.speakers) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")
