r"""Hits as CSV (RFC 4180): a header line, CRLF, quotes doubled.

A spreadsheet runs a cell that starts with = + - or @ as a formula, so such a
text gets an apostrophe in front; the exact text is in the JSON formats.  A
cell with a semicolon is quoted too, because some spreadsheets part cells there.

    >>> record(["=1+2", "price; volume", "plain"])
    '\'=1+2,"price; volume",plain\r\n'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from searcher.cli.columns import CSV_KEYS, cell, row
from searcher.cli.rendering import Style
from searcher.highlight.display import display_text

if TYPE_CHECKING:
    from searcher.results import Page

_FORMULA = tuple("=+-@＝＋－＠")
_SPECIAL = frozenset('",;\r\n')


def record(values: Iterable[Any]) -> str:
    """Return one line of CSV."""
    return ",".join(map(_cell, values)) + "\r\n"


def _cell(value: Any) -> str:
    text = display_text(cell(value))
    if not isinstance(value, int | float) and text.lstrip().startswith(_FORMULA):
        text = "'" + text
    quoted = text.replace('"', '""')
    return f'"{quoted}"' if not _SPECIAL.isdisjoint(text) or text != text.strip() else text


class CsvRenderer:
    """A table of hits; for several queries the first column names the query."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self.columns = style.columns or CSV_KEYS

    def begin(self) -> str:
        """Return the header."""
        return record((*(["query"] if self.style.several else []), *self.columns))

    def page(self, page: Page) -> str:
        """Return a line a hit, the further hits of a group among them."""
        return "".join(map(record, self._rows(page)))

    def end(self) -> str:
        """Return nothing."""
        return ""

    def _rows(self, page: Page) -> Iterator[list[Any]]:
        for first in page.hits:
            for hit in (first, *first.more):
                cells = list(row(hit, self.columns).values())
                yield [page.query, *cells] if self.style.several else cells


RENDERERS = {"csv": CsvRenderer}
