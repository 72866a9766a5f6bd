"""Reuters-21578: SGML files of a thousand stories each.

    File     = DOCTYPE Story*
    Story    = <REUTERS … NEWID="n"> DATE TOPICS PLACES … TEXT </REUTERS>
    TEXT     = TITLE? AUTHOR? DATELINE? BODY          ordinary
             | "******" TITLE "Blah blah blah."       TYPE="BRIEF", a headline alone
             | characters                             TYPE="UNPROC"

A paragraph begins after a blank line or at a line indented by four spaces.
The control codes of the wire stand as references (`&#3;`), and ` Reuter` signs
a story off; neither is shown.  Offsets hold once references are resolved.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..errors import ArticleError
from ..model import Article, Block
from .assemble import Facts, assemble
from .base import DEFAULTS, Keys, ReadOptions
from .characters import fold
from .dateline import Dateline
from .dates import parse_day
from .source import Source
from .spans import Span, cut, trim
from .windows import moved, windows

_STORY = re.compile(r"<REUTERS[ >\n\r\t]")
_END = "</REUTERS>"
_NEWID = re.compile(r'<REUTERS\b[^<>]{0,500}?\bNEWID="([0-9]{1,9})"')
_TYPE = re.compile(r'<TEXT(?: TYPE="([A-Z]+)")?>')
_TOPIC = re.compile(r"<D>([^<]*)</D>")
# What stands before a break is trimmed, so a CR there is passed over.
_BREAK = re.compile(r"\n(?:(?=    )|[ \t]*\r?\n)")
_REFERENCE = re.compile(r"&(?:#([0-9]{1,7})|(lt|gt|amp|quot|apos));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
# After a single space only behind the end of a sentence or a figure.
_SIGN_OFF = re.compile(
    r"(?:\n[ \t]*|[ \t]{2,}|(?<=[.\")0-9])[ \t])"
    r"(?:REUTERS?|Reuter|reuter)(?:\.{3})?(?:\s|&#[0-9]+;)*$"
)
_SIGNERS = ("REUTER", "Reuter", "reuter")
_SIGN_OFF_WITHIN = 120
_CODES_AT_END = re.compile(r"(?:\s|&#[0-9]+;)+$")
_DAY_AFTER_CITY = re.compile(r"\s(?:[A-Z][a-z]{2,8}\.?\s[0-9]{1,2})?\s?-*$")
_FIGURE = re.compile("[0-9]")
_TAGS = {
    name: (f"<{name}>", f"</{name}>")
    for name in ("TITLE", "DATE", "DATELINE", "TOPICS", "AUTHOR", "BODY")
}
_AUTHOR = re.compile(r"^by\s+|,?\s+Reuters?$", re.IGNORECASE)


class _Story(NamedTuple):
    """One story: where it stands, and where in it the text begins."""

    text: str
    start: int
    end: int

    def field(self, name: str) -> Span:
        """Return the span of an element's content; empty when there is no such element."""
        opening, closing = _TAGS[name]
        start = self.text.find(opening, self.start, self.end)
        if start < 0:
            return self.start, self.start
        start += len(opening)
        end = self.text.find(closing, start, self.end)
        return start, end if end >= 0 else self.end

    def shown(self, name: str) -> str:
        """Return an element's content as shown."""
        return _shown(self.text[slice(*self.field(name))])


def read(source: Source, options: ReadOptions = DEFAULTS) -> Iterator[Article]:
    """Yield the stories of one file, named by their NEWID.

    Raises:
        ArticleError: reason "not Reuters-21578": there is no <REUTERS> element.
    """
    keys = Keys()
    ordinal = 0
    for ordinal, (story, start_char) in enumerate(_all_stories(source), start=1):
        found = _NEWID.match(story.text, story.start, story.end)
        key = keys.take(found[1] if found else "", ordinal)
        yield moved(_article(source, options, story, key), start_char)
    if not ordinal:
        raise ArticleError("not Reuters-21578", "expected <REUTERS ...>, found none")


def _all_stories(source: Source) -> Iterator[tuple[_Story, int]]:
    for text, start_char in windows(source, _END.encode()):
        for story in _stories(text):
            yield story, start_char


def _stories(text: str) -> Iterator[_Story]:
    starts = [found.start() for found in _STORY.finditer(text)]
    for start, following in zip(starts, [*starts[1:], len(text)], strict=False):
        end = text.rfind(_END, start, following)
        yield _Story(text, start, end + len(_END) if end >= 0 else following)


def _article(source: Source, options: ReadOptions, story: _Story, key: str) -> Article:
    title = story.field("TITLE")
    facts = Facts(
        title=_shown(story.text[slice(*title)]),
        title_span=trim(story.text, *title),
        published=parse_day(story.shown("DATE")),
        dateline=_dateline(story.shown("DATELINE")),
        source="Reuters",
        desk=tuple(map(_shown, _TOPIC.findall(story.text[slice(*story.field("TOPICS"))]))),
        authors=_authors(story.shown("AUTHOR")),
        language="en",
    )
    blocks = _blocks(story, options.max_paragraph_chars)
    return assemble(source, options, facts, blocks, key=key, extent=(story.start, story.end))


def _authors(shown: str) -> tuple[str, ...]:
    return (_AUTHOR.sub("", shown),) if shown else ()


def _dateline(shown: str) -> Dateline | None:
    """Return the dateline; the city is what stands before its comma or its dash."""
    city = _DAY_AFTER_CITY.sub("", shown.split(",", maxsplit=1)[0].lstrip("0123456789* ")).rstrip(
        " -"
    )
    # In a few stories the element holds a table of rates.
    return Dateline(shown, "" if _FIGURE.search(city) else city) if shown else None


def _blocks(story: _Story, limit: int) -> Iterator[Block]:
    start, end = _body(story)
    at = start
    for found in _BREAK.finditer(story.text, start, end):
        yield from _paragraph(story.text, at, found.start(), limit)
        at = found.end()
    yield from _paragraph(story.text, at, end, limit)


def _paragraph(text: str, start: int, end: int, limit: int) -> Iterator[Block]:
    start, end = trim(text, start, end)
    spans = ((start, end),) if end - start <= limit else cut(text, start, end, limit)
    for first, last in spans:
        if shown := _shown(text[first:last]):
            yield Block("text", shown, first, last)


def _body(story: _Story) -> Span:
    """Return the span of the paragraphs, without the sign-off; empty in a brief."""
    found = _TYPE.search(story.text, story.start, story.end)
    kind = found[1] if found else None
    if found and kind == "UNPROC":
        end = story.text.find("</TEXT>", found.end(), story.end)
        return _signed_off(story.text, found.end(), end if end >= 0 else story.end)
    return (
        (story.end, story.end) if kind == "BRIEF" else _signed_off(story.text, *story.field("BODY"))
    )


def _signed_off(text: str, start: int, end: int) -> Span:
    if found := _sign_off(text, max(start, end - _SIGN_OFF_WITHIN), end):
        end = found.start()
    if end > start and text[end - 1].strip() in ("", ";"):
        found = _CODES_AT_END.search(text, max(start, end - _SIGN_OFF_WITHIN), end)
        end = found.start() if found else end
    return start, end


def _sign_off(text: str, start: int, end: int) -> re.Match[str] | None:
    """Find what signs a story off, looking no further back than the last such word."""
    word = max(text.rfind(name, start, end) for name in _SIGNERS)
    if word < 0:
        return None
    before = text[start:word].rstrip(" \t\n")
    return _SIGN_OFF.search(text, start + len(before), end)


def _shown(text: str) -> str:
    return fold(_REFERENCE.sub(_resolve, text) if "&" in text else text) if text else text


def _resolve(found: re.Match[str]) -> str:
    number = int(found[1]) if found[1] else 0
    return _NAMED[found[2]] if found[2] else chr(number) if number < 0x110000 else ""
