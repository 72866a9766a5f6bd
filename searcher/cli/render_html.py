"""Answers as one HTML page that stands alone: no script, no link to anything but articles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from searcher.cli import labels
from searcher.cli.rendering import Style
from searcher.highlight.formats import html, html_text

if TYPE_CHECKING:
    from searcher.model import Paragraph
    from searcher.results import Facet, Hit, Page

# The policy stands behind the escaping: should a character ever slip
# through, the browser still runs no script and loads nothing.
HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 1.05rem/1.5 Georgia, serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem }}
header, footer {{ font: .85rem/1.5 system-ui, sans-serif; opacity: .75 }}
h2 {{ font-size: 1.05rem; margin: 0 }}
article {{ margin: 1.5rem 0 }}
p {{ margin: .3rem 0 }}
.near {{ opacity: .7 }}
mark {{ background: #ffe08a; color: #000 }}
td {{ padding-right: 1.5rem }}
</style>
</head>
<body>
"""
FOOT = "</body>\n</html>\n"


def head(title: str) -> str:
    """Return the start of a page."""
    return HEAD.format(title=html_text(title))


class HtmlRenderer:
    """A page with a section for each query; everything from an article is escaped."""

    def __init__(self, style: Style) -> None:
        self.style = style

    def begin(self) -> str:
        """Return the head of the page."""
        return head("searcher")

    def page(self, page: Page) -> str:
        """Return one answer as a section."""
        parts = [f"<section>\n<h1>{html_text(page.query)}</h1>\n"]
        parts += map(self._article, page.hits)
        parts += [table(name, facets) for name, facets in page.facets.items()]
        return self._encodable("".join([*parts, "</section>\n"]))

    def end(self) -> str:
        """Return the end of the page."""
        return FOOT

    def _encodable(self, text: str) -> str:
        if self.style.letters:
            return text
        return text.encode("ascii", "xmlcharrefreplace").decode("ascii")

    def _article(self, first: Hit) -> str:
        body = "".join(line for hit in (first, *first.more) for line in self._hit(hit))
        also = _duplicates(first) if first.duplicates else ""
        return f"<article>\n{_title(first.paragraph)}{body}{also}</article>\n"

    def _hit(self, hit: Hit) -> Iterator[str]:
        yield from (f'<p class="near">{html(near.text)}</p>\n' for near in hit.before)
        text = html(hit.text, hit.spans) if self.style.whole else hit.snippet.html()
        yield f"<p>{text}</p>\n"
        yield from (f'<p class="near">{html(near.text)}</p>\n' for near in hit.after)
        yield f"<footer>{html_text(hit.id)}</footer>\n"


def _duplicates(hit: Hit) -> str:
    listed, more = labels.listed(hit)
    lines = [f"{labels.day(one.date)} {html_text(one.id)}" for one in listed]
    lines += [f"and {more:,} more"] if more else []
    items = "".join(f"<li>{line}</li>\n" for line in lines)
    return f"<footer>{labels.also_in(hit)}:\n<ul>\n{items}</ul>\n</footer>\n"


def _title(paragraph: Paragraph) -> str:
    *facts, last = labels.facts(paragraph)
    title = linked(last, paragraph.url) if paragraph.title else html_text(last)
    header = html_text(" · ".join(facts))
    return f"<header>{header}</header>\n<h2>{title}</h2>\n"


def linked(text: str, url: str) -> str:
    """Return the text as a link where the address is one of the web, else as text."""
    if not url.lower().startswith(("https://", "http://")):
        return html_text(text)
    return f'<a href="{html_text(url)}" rel="noreferrer">{html_text(text)}</a>'


def table(name: str, facets: Sequence[Facet]) -> str:
    """Return one facet as a table."""
    rows = "".join(map(_row, (labels.facet_value(name, f.value) for f in facets), facets))
    titles = f"<tr><th>{html_text(name)}</th><th>paragraphs</th><th>articles</th></tr>\n"
    return f"<table>\n{titles}{rows}</table>\n"


def _row(value: str, facet: Facet) -> str:
    cells = (html_text(value), str(facet.paragraphs), str(facet.articles))
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>\n"


RENDERERS = {"html": HtmlRenderer}
