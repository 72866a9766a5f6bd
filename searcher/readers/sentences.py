"""A paragraph to sentences of tokens, in which a quotation is one token.

>>> text = '"It fell," said Sen. Lee. "No."'
>>> [[token.text for token in one] for one in sentences(text, [(0, 10), (26, 31)])]
[['"', 'said', 'Sen.', 'Lee', '.'], ['"'], []]
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .names import key
from .speech_words import ABBREVIATIONS

TOKEN = re.compile(r"[^\W_]+(?:[-'’&.‐‑][^\W_]+)*|[^\w\s]")
_INITIALS = re.compile(r"[^\W\d_](?:\.[^\W\d_])*")


class Token(NamedTuple):
    """A word, a mark, or a quotation (then `quote` is its ordinal, else -1)."""

    text: str
    quote: int = -1

    @property
    def key(self) -> str:
        """The word as the lists have it; empty for a quotation."""
        return "" if self.quote >= 0 else key(self.text) or self.text


Sentence = list[Token]
"""Its tokens, the mark that ends it among them."""


def sentences(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Sentence]:
    """Yield the sentences of a paragraph.

    Args:
        text: the paragraph.
        spans: its quotations, in order.
    """
    sentence: Sentence = []
    at = 0
    for quote, (start, end) in enumerate([*spans, (len(text), len(text))]):
        for token, is_end in _outside(text, at, start):
            sentence.append(token)
            if is_end:
                yield sentence
                sentence = []
        at = end
        if quote < len(spans):
            sentence.append(Token('"', quote))
            if _ends_sentence(text, start, end):
                yield sentence
                sentence = []
    yield sentence


def _outside(text: str, start: int, end: int) -> Iterator[tuple[Token, bool]]:
    """Yield the tokens between two quotations, each with whether it ends a sentence."""
    skipped = -1
    for found in TOKEN.finditer(text, start, end):
        word, behind = found[0], found.end()
        # Before a quotation, or at the end, the full stop of an abbreviation ends the sentence too.
        if text.startswith(".", behind) and behind + 1 < end - 1 and _takes_stop(word):
            yield Token(word + "."), False
            skipped = behind
        elif found.start() != skipped:
            yield Token(word), word in ".?!" and text[behind : behind + 1].isspace()


def _takes_stop(word: str) -> bool:
    return (word[0].isupper() and bool(_INITIALS.fullmatch(word))) or word.lower() in ABBREVIATIONS


def _ends_sentence(text: str, start: int, end: int) -> bool:
    """Tell whether a quotation ends its sentence: `.` inside, and no verb goes on with it."""
    inner = text[max(start, end - 6) : end].rstrip("\"“”„‟«»'’‘ ")
    if not inner.endswith(".") or inner.endswith(".."):
        return False
    following = text[end : end + 3].lstrip()
    return not following or following[0].isupper() or not following[0].isalpha()
