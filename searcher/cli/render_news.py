"""What is new as text and as JSON; docs/saved-searches.md has the keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from searcher.cli.render_json import pretty
from searcher.cli.render_text import TextRenderer
from searcher.cli.rendering import Style
from searcher.cli.saved import typed
from searcher.highlight.display import json_text
from searcher.results import Page

if TYPE_CHECKING:
    from searcher.saved.searches import News


def as_text(several: Sequence[News], style: Style) -> str:
    """Return the new hits as `searcher query` shows hits, under the search's name."""
    renderer = TextRenderer(style)
    return "".join(renderer.page(_page(news)) for news in several if news.found)


def _page(news: News) -> Page:
    title = f"{news.search.name}: {typed(news.search.as_dict())}"
    count = len(news.found)
    return Page(title, news.parsed, count, news.articles, 0, 0.0, news.hits, limit=count)


def as_json(several: Sequence[News], style: Style) -> str:
    """Return an envelope for each search: indented for one that was named, else one a line."""
    if not style.several:
        return "".join(pretty(news.as_dict(), style.letters) for news in several)
    return "".join(f"{_line(news.as_dict(), style)}\n" for news in several)


def as_json_lines(several: Sequence[News], style: Style) -> str:
    """Return one hit a line, each with the name of its search."""
    rows = [{"search": news.search.name, **hit.as_dict()} for news in several for hit in news.hits]
    return "".join(f"{_line(row, style)}\n" for row in rows)


def _line(row: object, style: Style) -> str:
    return json_text(row, ascii_only=not style.letters)


RENDERERS: dict[str, Callable[[Sequence[News], Style], str]] = {
    "text": as_text,
    "json": as_json,
    "jsonl": as_json_lines,
}
