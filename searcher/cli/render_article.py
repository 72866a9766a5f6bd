r"""An article as text, JSON, Markdown or HTML, with the matches of a query marked.

Talks In Geneva
2026-02-25 · Washington · World
seeds/000.txt

 7  Speaking earlier in the day, Zelenskyy identified "political will" and
    "territorial integrity" as the primary friction points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from searcher.cli import labels, render_html
from searcher.cli.paint import BOLD, DIM, MATCH, paint, painted
from searcher.cli.render_json import pretty
from searcher.cli.rendering import Style
from searcher.cli.wrap import wrap
from searcher.highlight.display import display_path, display_text
from searcher.highlight.formats import Span, html, html_text, markdown

if TYPE_CHECKING:
    from searcher.model import Paragraph
    from searcher.results import StoredArticle

Marks = Mapping[str, Sequence[Span]]
Printer = Callable[["StoredArticle", Marks, Style], str]

_NUMBER_WIDTH = 4
_MARGIN = _NUMBER_WIDTH + 2
_BULLET = "- "


def part(article: StoredArticle, context: int) -> StoredArticle:
    """Return the article with just the neighbourhood of the paragraph asked for, if one was."""
    if article.paragraph is None:
        return article
    at = article.paragraphs.index(article.paragraph)
    near = article.paragraphs[max(0, at - context) : at + context + 1]
    return replace(article, paragraphs=near)


def text(article: StoredArticle, marks: Marks, style: Style) -> str:
    """Return it for a terminal: numbers in the margin, `>` at the paragraph asked for."""
    lines = [*_head(article, style)]
    for paragraph in article.paragraphs:
        if not _is_headline_of_whole(paragraph, article):
            lines += ["", *_paragraph(paragraph, article, marks.get(paragraph.id, ()), style)]
    return "".join(f"{line}\n" for line in lines)


def _is_headline_of_whole(paragraph: Paragraph, article: StoredArticle) -> bool:
    """Say whether it is the headline, which the head has printed already."""
    return paragraph.kind == "headline" and article.paragraph != paragraph


def _head(article: StoredArticle, style: Style) -> Iterator[str]:
    first = article.paragraphs[0]
    for line, _ in wrap(article.title, (), style.width):
        yield paint(line, BOLD if style.colour else "")
    line = " · ".join(map(display_text, _facts(first)))
    yield line if style.dashes else line.replace(" · ", " | ")
    yield paint(display_path(article.id), DIM if style.colour else "")


def _facts(paragraph: Paragraph) -> list[str]:
    desk = ", ".join(paragraph.desk)
    known = (labels.day(paragraph.date), paragraph.city, desk, paragraph.author, paragraph.source)
    return [fact for fact in known if fact]


def _paragraph(
    paragraph: Paragraph, article: StoredArticle, spans: Sequence[Span], style: Style
) -> Iterator[str]:
    margin = f"{_sign(paragraph, article)}{paragraph.number:>{_NUMBER_WIDTH - 1}}  "
    bullet = _BULLET if paragraph.kind == "list" else ""
    margin += bullet
    match = MATCH if style.colour else ""
    for line, marks in wrap(paragraph.text, spans, style.width - len(margin)):
        text = painted(line, marks, match)
        yield margin + (
            _heading(line, style) if paragraph.kind == "heading" and not marks else text
        )
        margin = " " * (_MARGIN + len(bullet))
    if paragraph.kind not in {"text", "heading", "list"}:
        yield margin + paint(f"({display_text(paragraph.kind)})", DIM if style.colour else "")


def _sign(paragraph: Paragraph, article: StoredArticle) -> str:
    return ">" if paragraph == article.paragraph else " "


def _heading(line: str, style: Style) -> str:
    return paint(line, BOLD if style.colour else "")


def as_json(article: StoredArticle, marks: Marks, style: Style) -> str:
    """Return it as JSON; with a query, each paragraph has its spans."""
    document = article.as_dict()
    for row in document["paragraphs"]:
        row["spans"] = [list(span) for span in marks.get(row["id"], ())]
    return pretty(document, style.letters)


def as_markdown(article: StoredArticle, marks: Marks, _style: Style) -> str:
    """Return it as Markdown: the headline, the facts, headings and paragraphs."""
    first = article.paragraphs[0]
    blocks = [
        f"# {markdown(article.title or article.id)}",
        " · ".join(map(markdown, _facts(first))),
    ]
    for paragraph in article.paragraphs:
        if not _is_headline_of_whole(paragraph, article):
            shown = markdown(paragraph.text, marks.get(paragraph.id, ()))
            blocks.append(_MARKDOWN.get(paragraph.kind, "{}").format(shown))
    return "\n\n".join([*blocks, f"— {markdown(article.id)}"]) + "\n"


_MARKDOWN = {"heading": "## {}", "quote": "> {}", "list": "- {}", "caption": "*{}*"}


def as_html(article: StoredArticle, marks: Marks, _style: Style) -> str:
    """Return it as one page."""
    first = article.paragraphs[0]
    title = article.title or article.id
    head = f"<h1>{render_html.linked(title, first.url)}</h1>\n"
    facts = f"<header>{html_text(' · '.join(_facts(first)))}</header>\n"
    body = "".join(
        _HTML.get(p.kind, "<p>{}</p>\n").format(html(p.text, marks.get(p.id, ())))
        for p in article.paragraphs
        if not _is_headline_of_whole(p, article)
    )
    foot = f"<footer>{html_text(article.id)}</footer>\n"
    article_html = f"{head}{facts}<article>\n{body}{foot}</article>\n"
    return f"{render_html.head(title)}{article_html}{render_html.FOOT}"


_HTML = {
    "heading": "<h2>{}</h2>\n",
    "quote": "<blockquote>{}</blockquote>\n",
    "list": "<ul><li>{}</li></ul>\n",
    "caption": '<p class="near">{}</p>\n',
}

PRINTERS: dict[str, Printer] = {
    "text": text,
    "json": as_json,
    "md": as_markdown,
    "html": as_html,
}
