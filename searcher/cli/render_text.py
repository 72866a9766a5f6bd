r"""Hits as a reader of newspapers wants them: when, where, headline, the words, the id.

2026-02-25 · World › Territory And Political Will · Talks In Geneva
    "The problem is with the political will to stop this war and the
    question of territories," Zelenskyy said. …
    seeds/000.txt#p8
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from searcher.cli import labels
from searcher.cli.columns import row
from searcher.cli.paint import BOLD, DIM, MATCH, paint, painted
from searcher.cli.rendering import Style
from searcher.cli.wrap import cut, width, wrap
from searcher.highlight.cells import cell
from searcher.highlight.display import display_path, display_text

if TYPE_CHECKING:
    from searcher.highlight.formats import Span
    from searcher.model import Paragraph
    from searcher.results import Facet, Hit, Page

_MARGIN = "    "
_BAR = "  | "
_FACET_HEAD = "  paragraphs  articles"


class TextRenderer:
    """Answers as text, one block a hit, a blank line between blocks."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self._answers = 0
        self._room = style.width - len(_MARGIN)

    def begin(self) -> str:
        """Return nothing: the text starts with the first hit."""
        return ""

    def page(self, page: Page) -> str:
        """Return the hits and the facets of one answer."""
        if self.style.columns:
            return "".join(f"{line}\n" for line in self._rows(page))
        block = self._group if page.group else self._block
        blocks = [*self._heading(page), *map(block, page.hits)]
        blocks += [
            facet_table(name, facets, self.style.width) for name, facets in page.facets.items()
        ]
        separator = "\n" if self._answers and blocks else ""
        self._answers += 1
        return separator + "\n".join("".join(f"{line}\n" for line in block) for block in blocks)

    def end(self) -> str:
        """Return nothing."""
        return ""

    def _heading(self, page: Page) -> list[list[str]]:
        if not self.style.several:
            return []
        return [[self._paint(f"== {display_text(page.query)} ==", BOLD)]]

    def _rows(self, page: Page) -> Iterator[str]:
        for hit in (one for first in page.hits for one in (first, *first.more)):
            cells = row(hit, self.style.columns).values()
            yield "\t".join(display_text(cell(value)) for value in cells)

    def _block(self, hit: Hit) -> list[str]:
        title = self._title(labels.facts(hit.paragraph), hit.title)
        return [*title, *self._body(hit), _MARGIN + self._id(hit), *self._duplicates(hit)]

    def _group(self, first: Hit) -> list[str]:
        """Return an article's block: its headline once, then its hits with their sections."""
        lines = self._title(labels.article_facts(first.paragraph), first.title)
        for hit in (first, *first.more):
            lines += [*self._body(hit), f"{_MARGIN}{self._id(hit)}{self._standing(hit)}"]
        unseen = first.in_article - 1 - len(first.more)
        if unseen > 0:
            lines.append(_MARGIN + self._paint(f"and {unseen:,} more", DIM))
        return [*lines, *self._duplicates(first)]

    def _duplicates(self, hit: Hit) -> Iterator[str]:
        if not hit.duplicates:
            return
        listed, more = labels.listed(hit)
        yield _MARGIN + self._paint(f"{labels.also_in(hit)}:", DIM)
        for duplicate in listed:
            facts = (labels.day(duplicate.date), display_path(duplicate.id))
            yield 2 * _MARGIN + self._paint(self._joined(facts), DIM)
        if more:
            yield 2 * _MARGIN + self._paint(f"and {more:,} more", DIM)

    def _standing(self, hit: Hit) -> str:
        known = ("", labels.kind(hit.paragraph), labels.section(hit.paragraph))
        return self._paint(self._joined(known[:1] + tuple(filter(None, known))), DIM)

    def _title(self, facts: Sequence[str], title: str) -> list[str]:
        """Return the facts as a line, or as many as a long headline takes, the headline bold."""
        line = self._joined(facts)
        start = len(line) - len(display_text(title)) if title and facts[-1] == title else 0
        style = BOLD if self.style.colour else ""
        lines = wrap(line, [(start, len(line))], self.style.width)
        return [painted(part, marks, style) for part, marks in lines]

    def _body(self, hit: Hit) -> Iterator[str]:
        """Yield the lines of a hit; among neighbours a bar tells it from them."""
        for paragraph in hit.before:
            yield from (*self._neighbour(paragraph), "")
        bar = _BAR if hit.before or hit.after else _MARGIN
        if self.style.whole:
            yield from self._lines(hit.text, hit.spans, bar)
        else:
            yield from self._excerpt(hit, bar)
        for paragraph in hit.after:
            yield from ("", *self._neighbour(paragraph))

    def _neighbour(self, paragraph: Paragraph) -> Iterator[str]:
        for line, _ in wrap(paragraph.text, (), self._room):
            yield _MARGIN + self._paint(line, DIM)

    def _excerpt(self, hit: Hit, bar: str) -> Iterator[str]:
        dots = "…" if self.style.dashes else "..."
        head = f"{dots} " if hit.snippet.cut_before else ""
        tail = f" {dots}" if hit.snippet.cut_after else ""
        spans = [(start + len(head), end + len(head)) for start, end in hit.snippet.spans]
        yield from self._lines(f"{head}{hit.snippet.text}{tail}", spans, bar)

    def _lines(self, text: str, spans: Sequence[Span], bar: str) -> Iterator[str]:
        style = MATCH if self.style.colour else ""
        for line, marks in wrap(text, spans, self._room):
            yield bar + painted(line, marks, style)

    def _id(self, hit: Hit) -> str:
        return self._paint(display_path(hit.id), DIM)

    def _joined(self, facts: Iterable[str]) -> str:
        line = " · ".join(map(display_text, facts))
        return line if self.style.dashes else line.replace(" · ", " | ").replace(" › ", " > ")

    def _paint(self, text: str, style: str) -> str:
        return paint(text, style if self.style.colour else "")


def facet_table(name: str, facets: Sequence[Facet], columns: int) -> list[str]:
    """Return the lines of one facet: its values, with paragraphs and articles counted."""
    room = columns - len(_FACET_HEAD)
    values = [cut(labels.facet_value(name, facet.value), room) for facet in facets]
    wide = max(map(width, [name, *values]))
    lines = [_padded(name, wide) + _FACET_HEAD]
    for value, facet in zip(values, facets, strict=True):
        lines.append(f"{_padded(value, wide)}  {facet.paragraphs:>10,}  {facet.articles:>8,}")
    return lines


def _padded(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


RENDERERS = {"text": TextRenderer}
