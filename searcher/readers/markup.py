"""HTML into tags and text, each with its place in the source.

The standard library's parser takes quadratic time on some broken pages
(a megabyte of `<`), in the Python versions that have not had the repair; this
one passes over each character a fixed number of times.  Like browsers it drops
what a tag or comment without an end swallows.

    >>> [(token.kind, token.name or token.text) for token in tokens("<p>Tea &amp; <b>milk</b>")]
    [('open', 'p'), ('text', 'Tea & '), ('open', 'b'), ('text', 'milk'), ('close', 'b')]
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

VOID = frozenset(str.split("area base br col embed hr img input link meta param source track wbr"))
"""Elements that never have content."""

_RAW = frozenset(str.split("script style textarea title xmp"))
_MARK = re.compile(r"<(?:!--|[!?]|/?[a-zA-Z])")
_NAME = re.compile(r"[a-zA-Z][^\s/>]*")
_ATTRIBUTE = re.compile(
    r"[\s/]*([^\s/>=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]*)))?",
)
_SPACE = re.compile(r"[\s/]*")
# int() of a long run of digits takes quadratic time, or raises.
_HUGE_REFERENCE = re.compile(r"&#(?:[0-9]{9,}|[xX][0-9a-fA-F]{9,});?")


class Token(NamedTuple):
    """One piece of markup.

    Attributes:
        kind: `open`, `close`, `text` or `raw` (content of script, style, title).
        name: of the element in lower case; of `raw` the element around it.
        text: with references resolved, of `text`; as it stands, of `raw`.
        attributes: of `open`; names in lower case.
        start, end: place in the source.
    """

    kind: str
    name: str
    text: str
    attributes: dict[str, str]
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """Yield the tags and texts in order; comments and declarations are left out."""
    at = 0
    while at < len(text):
        mark = _MARK.search(text, at)
        end = mark.start() if mark else len(text)
        if end > at:
            yield Token("text", "", unescape(text[at:end]), {}, at, end)
        if not mark:
            return
        at = end
        if mark.group() in ("<!--", "<!", "<?"):
            at = _after_declaration(text, mark)
            continue
        token = _close(text, at) if mark.group()[1] == "/" else _open(text, at)
        if token is None:
            return
        yield token
        at = token.end
        if token.kind == "open" and token.name in _RAW:
            raw = _raw(text, token)
            yield raw
            at = raw.end


def unescape(text: str) -> str:
    """Return a text with its character references resolved."""
    return html.unescape(_HUGE_REFERENCE.sub("\ufffd", text)) if "&" in text else text


def _after_declaration(text: str, mark: re.Match[str]) -> int:
    closing = "-->" if mark.group() == "<!--" else ">"
    if text.startswith("<![CDATA[", mark.start()):
        closing = "]]>"
    end = text.find(closing, mark.end())
    return len(text) if end < 0 else end + len(closing)


def _close(text: str, start: int) -> Token | None:
    end = text.find(">", start)
    name = _NAME.match(text, start + 2)
    if end < 0 or not name:
        return None
    return Token("close", name.group().lower(), "", {}, start, end + 1)


def _open(text: str, start: int) -> Token | None:
    """Return the tag, or None if the source ends inside it."""
    name = _NAME.match(text, start + 1)
    at = name.end() if name else start + 1
    attributes: dict[str, str] = {}
    while found := _ATTRIBUTE.match(text, at):
        value = next((group for group in found.groups()[1:] if group is not None), "")
        attributes.setdefault(found[1].lower(), unescape(value))
        at = found.end()
    return _opened(text, start, at, (name.group().lower() if name else "", attributes))


def _opened(text: str, start: int, at: int, named: tuple[str, dict[str, str]]) -> Token | None:
    space = _SPACE.match(text, at)
    at = space.end() if space else at
    if not text.startswith(">", at):
        # Only a stray `=` stops the attributes elsewhere: pass over the rest of the tag.
        at = text.find(">", at)
    return Token("open", *_with_text(named), start, at + 1) if 0 <= at < len(text) else None


def _with_text(named: tuple[str, dict[str, str]]) -> tuple[str, str, dict[str, str]]:
    name, attributes = named
    return name, "", attributes


def _raw(text: str, opened: Token) -> Token:
    closing = re.compile(rf"</{opened.name}(?=[\s/>])", re.IGNORECASE)
    found = closing.search(text, opened.end)
    end = found.start() if found else len(text)
    return Token("raw", opened.name, text[opened.end : end], {}, opened.end, end)
