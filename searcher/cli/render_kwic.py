"""A concordance: lines with the keyword in one column, CSV, JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from searcher.cli import terminal
from searcher.cli.paint import DIM, MATCH, paint, painted
from searcher.cli.render_json import pretty
from searcher.cli.wrap import cut, displayed, width
from searcher.highlight.cells import record
from searcher.highlight.display import display_path, display_text, json_text

if TYPE_CHECKING:
    from searcher.views.kwic import Concordance, KwicLine

NARROWEST_SIDE = 20
"""Below it context says nothing; the line is wider than the terminal then."""

_WIDEST_KEYWORD = 24

CSV_KEYS = (
    "id",
    "date",
    "title",
    "section",
    "kind",
    "left",
    "keyword",
    "right",
    "start_char",
    "end_char",
    "path",
)


def terminal_columns() -> int:
    """Return the columns of the terminal: unlike prose, lines of this may be long."""
    return max(40, terminal.columns())


def text(
    found: Concordance, side: int | None, columns: int, colour: bool, fitted: bool = False
) -> str:
    """Return the lines, aligned by how a terminal draws them.

    Args:
        found: the concordance.
        side: columns of context on each side; None for what fits.
        columns: of the terminal.
        colour: whether the keyword is in colour.
        fitted: whether ids that make a line too wide go without the first of their folders.
    """
    keyword = min(_widest(display_path(line.keyword) for line in found.lines), _WIDEST_KEYWORD)
    room = columns - keyword - 2 - 2 * (side or NARROWEST_SIDE)
    ids = [short_id(display_path(line.id), room if fitted else None) for line in found.lines]
    side = side or max(NARROWEST_SIDE, (columns - keyword - _widest(ids) - 2) // 2)
    return "".join(
        _line(line, name, side, keyword + side, colour)
        for line, name in zip(found.lines, ids, strict=True)
    )


def _widest(texts: Iterable[str]) -> int:
    return max(map(width, texts), default=0)


def short_id(name: str, room: int | None) -> str:
    """Return an id without as many of its first folders as it takes to fit; None keeps all.

    What is left is an id still: `searcher show` knows an article by the end of its own.

    >>> short_id("archive/1987/reut2-014.sgm:14183#p6", 30), short_id("archive/a.txt#p1", 4)
    ('1987/reut2-014.sgm:14183#p6', 'a.txt#p1')
    """
    while room is not None and width(name) > room and name.partition("/")[2]:
        name = name.partition("/")[2]
    return name


def _line(line: KwicLine, name: str, left: int, right: int, colour: bool) -> str:
    before = tail(display_text(line.left), left)
    shown, spans = displayed(line.keyword + line.right, [(0, len(line.keyword))])
    behind = cut(shown, right)
    marks = [(0, min(spans[0][1], len(behind)))]
    marked = painted(behind, marks, MATCH if colour else "")
    padding = " " * (right - width(behind))
    shown_id = paint(name, DIM if colour else "")
    return f"{' ' * (left - width(before))}{before}{marked}{padding}  {shown_id}\n"


def tail(text: str, columns: int) -> str:
    """Return the end of a text that is safe to print, as much as fits in the columns.

    >>> tail("the political ", 11), tail("né 政治", 4)
    ('…political ', '…治')
    """
    if width(text) <= columns:
        return text
    start = len(text)
    while start and width(text[start - 1 :]) < columns:
        start -= 1
    # An accent without its letter would stand on the dots.
    while start < len(text) and not width(text[start]):
        start += 1
    return "…" + text[start:]


def csv(found: Concordance, _letters: bool) -> str:
    """Return the lines as a table."""
    rows = (line.as_dict() for line in found.lines)
    lines = (record(row[name] for name in CSV_KEYS) for row in rows)
    return record(CSV_KEYS) + "".join(lines)


def json(found: Concordance, letters: bool) -> str:
    """Return the envelope."""
    return pretty(found.as_dict(), letters)


def json_lines(found: Concordance, letters: bool) -> str:
    """Return one line of JSON for each occurrence."""
    rows: list[dict[str, Any]] = [line.as_dict() for line in found.lines]
    return "".join(json_text(row, ascii_only=not letters) + "\n" for row in rows)


RENDERERS: dict[str, Callable[[Concordance, bool], str]] = {
    "csv": csv,
    "json": json,
    "jsonl": json_lines,
}
