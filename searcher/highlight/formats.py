r"""Text with its matches marked, for a terminal, a page or Markdown.

A match arrives as offsets, never as markup: the text is cut at the offsets,
every piece is made safe for the format, and only then the marks are put in.
So nothing that an article holds can pass for a mark, and no mark is escaped.
What is safe as a whole, character by character, isn't made safe piece by piece.

    >>> text, spans = "Tea & <b>cake</b>", [(9, 13)]
    >>> html(text, spans)
    'Tea &amp; &lt;b&gt;<mark>cake</mark>&lt;/b&gt;'
    >>> markdown(text, spans)
    'Tea \\& \\<b\\>**cake**\\</b\\>'
    >>> ansi("plain cake", [(6, 10)])
    'plain \x1b[1;31mcake\x1b[0m'
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from searcher.highlight.display import display_text
from searcher.patterns import late

try:
    from searcher._native import html as _in_core
except ImportError:

    def _in_core(text: str, spans: Sequence[Span]) -> str | None:
        return None


Span = tuple[int, int]
Safe = Callable[[str], str]

# Bold red, as grep has it: readable on a dark and on a light ground, and the
# bold still shows where colours don't.
MARK_ON = "\x1b[1;31m"
MARK_OFF = "\x1b[0m"

_BEGIN, _END = "\x02", "\x03"

# The ampersand first: the others are made with it.
_REFERENCES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#x27;"))

# CommonMark lets any ASCII punctuation be escaped; these are the ones that
# can start something inside a line, in GFM and with maths too.
_MARKDOWN_ACTIVE = late(r"[\\`*_{}\[\]<>#|~&!$^]|:(?=//)|(?<=\bwww)\.")
# These start a list, a rule, a heading or a definition only at the start of a line.
_MARKDOWN_OPENING = late(r"^(\s*)(?:([-+=:])|(\d{1,9})([.)]))")


def plain(text: str, spans: Sequence[Span] = ()) -> str:
    """Return the text without marks, safe to print."""
    return display_text(text)


def ansi(text: str, spans: Sequence[Span] = ()) -> str:
    """Return the text with matches in bold red, safe to print."""
    return _marked(text, spans, _for_pieces(text, display_text), MARK_ON, MARK_OFF)


def html(text: str, spans: Sequence[Span] = ()) -> str:
    """Return the text as HTML with matches in `<mark>`; safe in attributes too without spans."""
    return _in_core(text, spans) or _html(text, spans)


def _html(text: str, spans: Sequence[Span]) -> str:
    if not text.isprintable():
        return _marked(text, spans, html_text, "<mark>", "</mark>")
    # What is printable holds neither of the two that stand for the marks meanwhile.
    marked = _marked(text, spans, str, _BEGIN, _END)
    return _escaped(marked).replace(_BEGIN, "<mark>").replace(_END, "</mark>")


def markdown(text: str, spans: Sequence[Span] = ()) -> str:
    """Return the text as one line of Markdown with matches in `**`."""
    return _opening_escaped(_marked(text, spans, _markdown_inline, "**", "**"))


def html_text(text: str) -> str:
    """Return the text escaped for an HTML element or a quoted attribute."""
    return _escaped(display_text(text))


def _escaped(text: str) -> str:
    # As html.escape does it; importing that costs more than a page of hits.
    for char, reference in _REFERENCES:
        text = text.replace(char, reference)
    return text


def pieces(text: str, spans: Sequence[Span]) -> Iterator[tuple[str, bool]]:
    """Yield the text in order, cut at the spans, each piece with whether it matched."""
    at = 0
    for start, end in spans:
        yield text[at:start], False
        yield text[start:end], True
        at = end
    yield text[at:], False


def _for_pieces(text: str, safe: Safe) -> Safe:
    """Return what makes pieces of a text safe, given what does so character by character."""
    return str if safe(text) == text else safe


def _marked(text: str, spans: Sequence[Span], safe: Safe, on: str, off: str) -> str:
    shown, at = list[str](), 0
    for start, end in spans:
        if start < end:
            shown += (safe(text[at:start]), on, safe(text[start:end]), off)
            at = end
    shown.append(safe(text[at:]))
    return "".join(shown)


def _markdown_inline(text: str) -> str:
    return _MARKDOWN_ACTIVE().sub(lambda match: "\\" + match[0], display_text(text))


def _opening_escaped(line: str) -> str:
    return _MARKDOWN_OPENING().sub(_escaped_opening, line)


def _escaped_opening(match: re.Match[str]) -> str:
    space, sign, number, stop = match.groups()
    return f"{space}\\{sign}" if sign else f"{space}{number}\\{stop}"
