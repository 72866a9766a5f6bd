"""Hits as CSV: a header, a line a hit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from searcher.cli.columns import CSV_KEYS, row
from searcher.cli.rendering import Style
from searcher.highlight.cells import record

if TYPE_CHECKING:
    from searcher.results import Page


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
