"""What is new as an Atom 1.0 feed (RFC 4287).

An entry is a paragraph.  Its id is made of what the search remembers it by:
the article and the text, not the number.  So it is the same in a rebuilt index
and when the article gets a paragraph above, and another when the text changes.
An archive knows days, no hours: `updated` is the article's day, or that of the
look where it has none, at midnight UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from searcher.cli import labels
from searcher.cli.rendering import Style
from searcher.highlight.display import display_text
from searcher.highlight.formats import html_text

if TYPE_CHECKING:
    from searcher.model import Paragraph
    from searcher.saved.searches import NewHit, News

_NAMESPACE = UUID("0d1f6a3e-5f0b-5c53-9d0e-2f9a8f6f1c77")
_ADDRESS = re.compile(r"https?://[^\s\"<>\\^`{|}]+", re.IGNORECASE)


def feed(several: Sequence[News], names: Sequence[str], today: date, style: Style) -> str:
    """Return one feed of what is new to some searches, newest first; a paragraph stands once.

    Args:
        several: what is new; the names of the searches are the entries' categories.
        names: of the searches that were asked for; none for all, whichever there are.
        today: the day of the look.
        style: whether the output holds every character.
    """
    parts = ['<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n']
    parts += _head(", ".join(names), today)
    parts += [_entry(one, finders, today) for one, finders in _entries(several)]
    text = "".join([*parts, "</feed>\n"])
    return text if style.letters else text.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _entries(several: Sequence[News]) -> list[tuple[NewHit, list[str]]]:
    found: dict[bytes, tuple[NewHit, list[str]]] = {}
    for news in several:
        for one in news.found:
            found.setdefault(one.digest, (one, []))[1].append(news.search.name)
    return sorted(found.values(), key=lambda entry: entry[0].hit.date or date.min, reverse=True)


def _head(names: str, today: date) -> Iterator[str]:
    yield f"  <id>{_id('feed', names)}</id>\n"
    yield f"  <title>{html_text(f'New: {names}' if names else 'New')}</title>\n"
    yield f"  <updated>{_instant(today)}</updated>\n"
    yield "  <author><name>searcher</name></author>\n"


def _entry(one: NewHit, finders: Sequence[str], today: date) -> str:
    paragraph = one.hit.paragraph
    lines = [
        f"<id>{_id('paragraph', one.digest.hex())}</id>",
        f"<title>{html_text(_title(paragraph))}</title>",
        f"<updated>{_instant(paragraph.date or today)}</updated>",
        *_facts(paragraph),
        *(f'<category term="{html_text(name)}"/>' for name in finders),
        f'<summary type="text">{html_text(one.hit.snippet.plain())}</summary>',
        f'<content type="text">{html_text(paragraph.text)}</content>',
    ]
    return "".join(["  <entry>\n", *(f"    {line}\n" for line in lines), "  </entry>\n"])


def _title(paragraph: Paragraph) -> str:
    return paragraph.title or paragraph.article


def _facts(paragraph: Paragraph) -> Iterator[str]:
    if paragraph.date:
        yield f"<published>{_instant(paragraph.date)}</published>"
    if paragraph.author:
        yield f"<author><name>{html_text(paragraph.author)}</name></author>"
    # What the display would change is no address that opens.
    if _ADDRESS.fullmatch(paragraph.url) and display_text(paragraph.url) == paragraph.url:
        yield f'<link rel="alternate" href="{html_text(paragraph.url)}"/>'


def _id(kind: str, name: str) -> str:
    return uuid5(_NAMESPACE, f"{kind}:{name}").urn


def _instant(day: date) -> str:
    return f"{labels.day(day)}T00:00:00Z"
