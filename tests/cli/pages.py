"""Pages with a given text in a given field, and an archive that answers with one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from searcher.highlight.snippet import snippet
from searcher.model import Paragraph
from searcher.results import Facet, Hit, Page, StoredArticle

FIELDS = ("id", "article", "kind", "section", "text", "title", "date_source", "city", "author")
MORE_FIELDS = ("source", "language", "path", "url", "desk", "query", "facet", "suggestion")


def page_with(field: str, text: str) -> Page:
    """Return a page with one hit whose one field holds the text."""
    paragraph = Paragraph(
        id="seeds/a.txt#p1",
        article="seeds/a.txt",
        number=1,
        kind="text",
        section="Section",
        text="The dam broke at noon.",
        start_char=0,
        end_char=22,
        title="Title",
        date=date(2026, 2, 25),
        desk=("World",),
        path="seeds/a.txt",
    )
    if field in {*FIELDS, *MORE_FIELDS} - {"query", "facet", "suggestion"}:
        paragraph = replace(paragraph, **{field: (text,) if field == "desk" else text})
    spans = ((0, max(1, len(paragraph.text) // 2)),)
    hit = Hit(paragraph, 1.5, spans, snippet(paragraph.text, spans), (paragraph,), (paragraph,))
    facet = Facet(text if field == "facet" else "Section", 1, 1)
    suggested = (text,) if field == "suggestion" else ()
    query = text if field == "query" else "dam"
    total = 0 if field == "suggestion" else 1
    facets = {"section": (facet,)}
    return Page(query, query, total, total, 0, 0.01, (hit,), facets, suggested)


class PageArchive:
    """An archive that answers everything with one page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def search(self, query: str, **_options) -> Page:
        return self.page

    def get(self, id: str) -> StoredArticle:
        paragraph = self.page.hits[0].paragraph
        return StoredArticle(paragraph.article, (paragraph,), paragraph)

    def spans(self, query: str, paragraph: Paragraph, plain: bool = False):
        return self.page.hits[0].spans

    def explain(self, query: str, **_filters) -> str:
        return f"read as: {self.page.parsed}"

    def explain_hit(self, query: str, id: str, plain: bool = False, **_options) -> str:
        return f"{id}: 1.5"
