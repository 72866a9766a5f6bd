"""How the facts of a hit read in a line: the date, where it stood, what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from searcher.model import Paragraph
    from searcher.results import Duplicate, Hit, Page

LEAD = "(lead)"
"""The section of what stands before the first heading."""

UNDATED = "undated"

MOST_LISTED = 10
"""Near-duplicates that are listed below a hit; JSON has all."""

_NOTHING = {"section": LEAD, "year": UNDATED, "month": UNDATED}


def facet_value(name: str, value: str) -> str:
    """Return the value of a facet, or what hits without one are called."""
    return value or _NOTHING.get(name, "(none)")


def day(value: date | None) -> str:
    """Return the day as YYYY-MM-DD, or that there is none."""
    return value.isoformat() if value else UNDATED


def place(paragraph: Paragraph) -> str:
    """Return the desk and the section: `World › Breakthrough Elusive`."""
    return " › ".join(filter(None, (", ".join(paragraph.desk), section(paragraph))))


def section(paragraph: Paragraph) -> str:
    """Return the heading that a paragraph stands under; a heading may stand under none."""
    lead = "" if paragraph.kind in {"headline", "heading"} else LEAD
    return paragraph.section or lead


def kind(paragraph: Paragraph) -> str:
    """Return what the paragraph is, unless it is plain text."""
    return "" if paragraph.kind == "text" else paragraph.kind


def facts(paragraph: Paragraph) -> list[str]:
    """Return what the first line of a hit says, in order; the title comes last.

    A headline's own hit doesn't say it twice.
    """
    title = "" if paragraph.kind == "headline" else paragraph.title
    known = (day(paragraph.date), kind(paragraph), place(paragraph), title)
    return [fact for fact in known if fact]


def article_facts(paragraph: Paragraph) -> list[str]:
    """Return what the first line of an article says; without a headline, its id."""
    name = paragraph.title or paragraph.article
    return [fact for fact in (day(paragraph.date), ", ".join(paragraph.desk), name) if fact]


def counted(number: int, noun: str) -> str:
    """Return a count with its noun: `1 paragraph`, `2,317 paragraphs`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def summary(page: Page) -> str:
    """Return the last line of an answer: `10 of 57 paragraphs in 12 articles (12 ms)`."""
    if page.group:
        shown, of = len(page.hits), counted(page.articles, "article")
        what = f"{of} with {counted(page.total, 'paragraph')}"
    else:
        shown = len(page.hits)
        what = f"{counted(page.total, 'paragraph')} in {counted(page.articles, 'article')}"
    folded = f", {page.collapsed:,} folded away" if page.dups == "collapse" else ""
    return f"{shown:,} of {what}{folded} ({took(page.took_s)})"


def also_in(hit: Hit) -> str:
    """Return what a hit with near-duplicates says of them: `also in 3 articles`."""
    return f"also in {counted(len({d.article for d in hit.duplicates}), 'article')}"


def listed(hit: Hit) -> tuple[Sequence[Duplicate], int]:
    """Return the near-duplicates to list, and how many more there are."""
    return hit.duplicates[:MOST_LISTED], max(len(hit.duplicates) - MOST_LISTED, 0)


def took(seconds: float) -> str:
    """Return a duration as one reads it: `12 ms`, `3.4 s`, `2:05 min`."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d} min"
