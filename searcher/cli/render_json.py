"""Answers as JSON: an envelope an answer, or with jsonl one hit a line (docs/json.md)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from searcher.cli.columns import row
from searcher.cli.rendering import Style
from searcher.highlight.display import json_text

if TYPE_CHECKING:
    from searcher.results import Page

# Inside a JSON string a newline is written \n, so real ones are layout.
_PAIR = re.compile(r"\[\n\s+(\d+),\n\s+(\d+)\n\s+\]")


def pretty(value: Any, letters: bool = True) -> str:
    """Return indented JSON, with each [start, end] on one line."""
    return _PAIR.sub(r"[\1, \2]", json_text(value, ascii_only=not letters, indent=2)) + "\n"


class JsonRenderer:
    """The envelope: indented for one query, one a line for several."""

    def __init__(self, style: Style) -> None:
        self.style = style

    def begin(self) -> str:
        """Return nothing: every envelope is a document of its own."""
        return ""

    def page(self, page: Page) -> str:
        """Return the envelope."""
        envelope = page.as_dict()
        envelope["hits"] = [row(hit, self.style.columns) for hit in page.hits]
        return _line(envelope, self.style) if self.style.several else self._indented(envelope)

    def end(self) -> str:
        """Return nothing."""
        return ""

    def _indented(self, envelope: dict[str, Any]) -> str:
        return pretty(envelope, self.style.letters)


class JsonLinesRenderer(JsonRenderer):
    """One hit a line; for several queries one envelope a line."""

    def page(self, page: Page) -> str:
        """Return the hits, or the envelope."""
        if self.style.several:
            return super().page(page)
        return "".join(_line(row(hit, self.style.columns), self.style) for hit in page.hits)


def _line(value: Any, style: Style) -> str:
    return json_text(value, ascii_only=not style.letters) + "\n"


RENDERERS = {"json": JsonRenderer, "jsonl": JsonLinesRenderer}
