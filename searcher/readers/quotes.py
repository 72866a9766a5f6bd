"""Direct quotations: what stands in quotation marks, with the name that said it.

    Quotation = Open Text Close                           in one paragraph
              | Open Text ¶ (Open Text ¶)* Open Text Close    over several

Marks are straight (") and curly (“ ” „ ‟ « »).  A mark that can be either
opens one where something could begin (after white space, a bracket or a
dash, before a letter), so neither inches (5") nor an apostrophe does.  Single
quotes are never a quotation of their own.  A mark that nothing closes opens
none, unless the next paragraph begins with a mark: then the quotation runs
on, as a headline breaks it off at the latest.

    >>> found = quotations(['The “ironclad” pledge holds, said Ann Lee. "It', '"stays," she said.'])
    >>> [[(q.start_char, q.end_char, q.speaker) for q in one] for one in found]
    [[(4, 14, 'Ann Lee'), (43, 46, '')], [(0, 8, '')]]
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..model import Article, Block, Quote
from ..values import replace
from .speakers import speakers

QUOTED_KINDS = ("text", "quote", "list")
"""Kinds of blocks whose quotations are found."""

RUNS_OVER = 10
"""Paragraphs that one quotation can go on through, at most."""

_MARK = re.compile('["“”„‟«»]')
_OPENING = "“„‟«"
_ENDS = {"“": '”"', "„": '“”"', "‟": '”"', "«": "»", "»": "«", "”": "”", '"': '"”'}
_BEFORE = "([{<-–—/'‘‛*_…"
_SAYS_SOMETHING = re.compile(r"[^\W_]")


class _Marks:
    """The marks of one paragraph, paired.

    Args:
        text: of the paragraph.
        begin: where to begin.
        nested: a mark that can only open, inside a quotation, begins one
            inside it; else it closes, as in `"We are, "he said`.

    Attributes:
        spans: quotations that are closed, the outer ones.
        start: of the one that is open at the end, or -1.
    """

    def __init__(self, text: str, begin: int = 0, *, nested: bool = True) -> None:
        self.text = text
        self.spans: list[tuple[int, int]] = []
        self.start = -1
        self._inner = 0
        for found in _MARK.finditer(text, begin):
            self._take(found.start(), nested)

    def _take(self, at: int, nested: bool) -> None:
        if self.start < 0:
            if can_open(self.text, at):
                self.start = at
        elif nested and self._opens_inside(at):
            self._inner += 1
        elif self._can_close(at):
            if self._inner:
                self._inner -= 1
                return
            self.spans.append((self.start, at + 1))
            self.start = -1

    def _opens_inside(self, at: int) -> bool:
        if self.text[at] != self.text[self.start]:
            return False
        before, after = _around(self.text, at)
        follows = before.isspace() and self.text[at - 2] not in ",.?!"
        if self.text[at] == '"':
            return follows and after.isalnum()
        return self.text[at] in _OPENING and bool(after)

    def _can_close(self, at: int) -> bool:
        if self.text[at] not in _ENDS[self.text[self.start]]:
            return False
        before, after = _around(self.text, at)
        # In old wire copy "s is an apostrophe: last September"s figures.
        return not (self.text[at] == '"' and before.isalpha() and after == "s")


def _around(text: str, at: int) -> tuple[str, str]:
    return text[at - 1 : at] if at else "", text[at + 1 : at + 2]


def can_open(text: str, at: int) -> bool:
    """Tell whether a mark can begin a quotation where it stands."""
    before, after = _around(text, at)
    if text[at] in _OPENING:
        return bool(after)
    follows = not before or before.isspace() or before in _BEFORE
    return follows and bool(after) and not after.isspace()


def with_quotes(article: Article) -> Article:
    """Return the article with the quotations of its blocks filled in."""
    # A reader of a third party may give anything; what is wrong with it is found later.
    texts = (block.text for block in article.blocks)
    if not any(isinstance(text, str) and _has_mark(text) for text in texts):
        return article
    blocks = list(article.blocks)
    for run in _runs(blocks):
        for at, found in zip(run, quotations([blocks[i].text for i in run]), strict=True):
            if found:
                blocks[at] = _quoting(blocks[at], found)
    return replace(article, blocks=tuple(blocks))


def _quoting(block: Block, found: tuple[Quote, ...]) -> Block:
    # By position: `replace` looks at every attribute by its name.
    return Block(block.kind, block.text, block.start_char, block.end_char, block.level, found)


def _runs(blocks: Sequence[Block]) -> list[list[int]]:
    """Return the places of the blocks that a quotation can run on through, cut at headings."""
    runs: list[list[int]] = [[]]
    for at, block in enumerate(blocks):
        if block.kind == "heading":
            runs.append([])
        elif block.kind in QUOTED_KINDS and isinstance(block.text, str):
            runs[-1].append(at)
    return runs


def quotations(texts: Sequence[str]) -> list[tuple[Quote, ...]]:
    """Return the quotations of each of some paragraphs that follow each other."""
    found: list[tuple[Quote, ...]] = []
    carried, length = "", 0
    for text, following in zip(texts, [*texts[1:], ""], strict=False):
        spans, runs_on = _spans(text, length < RUNS_OVER and _begins_quoted(following))
        names = speakers(text, spans) if spans else []
        if length and spans and spans[0][0] == 0:
            names[0] = names[0] or carried
        found.append(tuple(Quote(*span, name) for span, name in zip(spans, names, strict=True)))
        carried, length = (names[-1], length + 1) if runs_on and names else ("", 0)
    return found


def _spans(text: str, can_run_on: bool) -> tuple[list[tuple[int, int]], bool]:
    """Return the spans of a paragraph, and whether the last runs on into the next."""
    if not _has_mark(text):
        return [], False
    marks = _Marks(text)
    spans = marks.spans
    if marks.start >= 0 and (text[marks.start] in _OPENING or not can_run_on):
        marks = _Marks(text, marks.start, nested=False)
        spans += marks.spans
    runs_on = marks.start >= 0 and can_run_on
    if runs_on:
        spans.append((marks.start, len(text)))
    return [span for span in spans if _SAYS_SOMETHING.search(text, *span)], runs_on


def _has_mark(text: str) -> bool:
    # Most texts are ASCII, and have the one mark or none.
    return '"' in text or not (text.isascii() or _MARK.search(text) is None)


def _begins_quoted(text: str) -> bool:
    return bool(_MARK.match(text)) and can_open(text, 0)
