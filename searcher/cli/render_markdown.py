"""Hits as Markdown to paste into notes: facts, the words as a quotation, the id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from searcher.cli import labels
from searcher.cli.rendering import Style
from searcher.highlight.formats import markdown

if TYPE_CHECKING:
    from searcher.model import Paragraph
    from searcher.results import Facet, Hit, Page


class MarkdownRenderer:
    """Answers as Markdown; everything from an article is escaped."""

    def __init__(self, style: Style) -> None:
        self.style = style

    def begin(self) -> str:
        """Return nothing."""
        return ""

    def page(self, page: Page) -> str:
        """Return the hits and the facets of one answer."""
        blocks = [f"## {markdown(page.query)}"] if self.style.several else []
        blocks += [block for hit in page.hits for block in self._blocks(hit)]
        blocks += [table(name, facets) for name, facets in page.facets.items()]
        return "".join(f"{block}\n\n" for block in blocks)

    def end(self) -> str:
        """Return nothing."""
        return ""

    def _blocks(self, first: Hit) -> Iterator[str]:
        yield heading(first.paragraph)
        for hit in (first, *first.more):
            yield "\n>\n".join(f"> {line}" for line in self._lines(hit))
            yield f"— {markdown(hit.id)}"
        if first.duplicates:
            listed, more = labels.listed(first)
            lines = [f"- {labels.day(one.date)} {markdown(one.id)}" for one in listed]
            lines += [f"- and {more:,} more"] if more else []
            yield "\n".join([f"{labels.also_in(first)}:\n", *lines])

    def _lines(self, hit: Hit) -> Iterator[str]:
        yield from (markdown(paragraph.text) for paragraph in hit.before)
        yield markdown(hit.text, hit.spans) if self.style.whole else hit.snippet.markdown()
        yield from (markdown(paragraph.text) for paragraph in hit.after)


def heading(paragraph: Paragraph) -> str:
    """Return the facts of a hit as a heading."""
    return "### " + " · ".join(map(markdown, labels.facts(paragraph)))


def table(name: str, facets: Sequence[Facet]) -> str:
    """Return one facet as a table."""
    rows = [f"| {name} | paragraphs | articles |", "| --- | ---: | ---: |"]
    rows += [
        f"| {markdown(labels.facet_value(name, f.value))} | {f.paragraphs} | {f.articles} |"
        for f in facets
    ]
    return "\n".join(rows)


RENDERERS = {"md": MarkdownRenderer}
