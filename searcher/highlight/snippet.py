"""Which excerpt of a paragraph to show.

The spans say what matched; the excerpt is the window of `max_chars` in which
most of it stands: first the most different words, then the most matched
characters, then the earliest.  It starts with a sentence where one starts
near, else with a word, and cuts neither a match nor a letter from its accents.

    >>> text = "It rained. It rained on. The dam at Oroville broke at noon. Nobody was hurt."
    >>> excerpt = snippet(text, [(29, 32), (45, 50)], max_chars=40)
    >>> excerpt.plain()
    '… The dam at Oroville broke at noon. …'
    >>> [excerpt.text[start:end] for start, end in excerpt.spans], excerpt.start_char
    (['dam', 'broke'], 25)
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Any

from searcher.highlight import formats
from searcher.patterns import late
from searcher.values import frozen

Span = tuple[int, int]

ELLIPSIS = "…"

_LEAD_SHARE = 3
"""Without a sentence start near, a third of the free room goes before the first match."""

_FULL_ENOUGH = 0.75
"""An excerpt that reaches this share of its length ends with the sentence there."""

_SENTENCE_START = late(
    r"""(?: [.!?…]+ ["'”’»)\]]* \s+ | [。！？]["”’」』）]* )
        (?= ["'“‘«(\[]* (?P<first>[^\W_]) )""",
    re.VERBOSE,
)
_LONGEST_ABBREVIATION = 12
_COMMON = (
    "mr mrs ms dr prof st gen col lt sgt capt maj sen rep gov rev hon jr sr vs etc no "
    "jan feb mar apr jun jul aug sep sept oct nov dec inc ltd co corp"
)
_ABBREVIATIONS = frozenset(_COMMON.split())


@frozen
class Snippet:
    """An excerpt of a paragraph with the matches in it.

    Attributes:
        text: the excerpt, as it stands in the paragraph.
        spans: (start, end) in `text` of what matched, in order, never overlapping.
        start_char: where the excerpt starts in the paragraph's text.
        cut_before: whether the paragraph starts before it.
        cut_after: whether the paragraph goes on after it.
    """

    text: str
    spans: tuple[Span, ...]
    start_char: int = 0
    cut_before: bool = False
    cut_after: bool = False

    def plain(self) -> str:
        """Return it for a terminal or a file, without marks."""
        return self._framed(formats.plain(self.text, self.spans))

    def ansi(self) -> str:
        """Return it for a terminal with colour."""
        return self._framed(formats.ansi(self.text, self.spans))

    def html(self) -> str:
        """Return it as HTML, escaped, with matches in `<mark>`."""
        return self._framed(formats.html(self.text, self.spans))

    def markdown(self) -> str:
        """Return it as one line of Markdown, escaped, with matches in `**`."""
        return self._framed(formats.markdown(self.text, self.spans))

    def as_dict(self) -> dict[str, Any]:
        """Return the excerpt under the keys of docs/json.md."""
        return {
            "text": self.text,
            "spans": [list(span) for span in self.spans],
            "start_char": self.start_char,
        }

    def _framed(self, shown: str) -> str:
        if not (self.cut_before or self.cut_after):
            return shown
        before = f"{ELLIPSIS} " if self.cut_before else ""
        after = f" {ELLIPSIS}" if self.cut_after else ""
        return f"{before}{shown}{after}"


def snippet(text: str, spans: Sequence[Span], max_chars: int = 300) -> Snippet:
    """Return the best excerpt of `text`, about `max_chars` long at most.

    Args:
        text: the paragraph.
        spans: (start, end) of what matched in it; parts outside the text or
            inside an earlier span are dropped.
        max_chars: in code points, at least 1.  A text no longer than that, or
            longer by less than an eighth, is returned whole: a paragraph that
            lost its last word reads worse than one that is a little long.  A
            match longer than that is cut at its end.
    """
    spans = _orderly(spans, len(text))
    if len(text) <= max_chars + max_chars // 8:
        return Snippet(text, tuple(spans))
    start, end = _window(text, spans, max(1, max_chars))
    inside = tuple((a - start, min(b, end) - start) for a, b in spans if start <= a < end)
    return Snippet(text[start:end], inside, start, start > 0, end < len(text))


def _orderly(spans: Sequence[Span], length: int) -> list[Span]:
    orderly: list[Span] = []
    at = 0
    for start, end in sorted(spans):
        start, end = max(start, at), min(end, length)  # noqa: PLW2901
        if start < end:
            orderly.append((start, end))
            at = end
    return orderly


def _window(text: str, spans: list[Span], max_chars: int) -> Span:
    first, last = _richest(text, spans, max_chars) if spans else (0, 0)
    must_start, must_end = (spans[first][0], spans[last][1]) if spans else (0, 0)
    if must_end - must_start >= max_chars:
        return must_start, _letter_end(text, must_start, must_start + max_chars)
    before = spans[first - 1][1] if first else 0
    start = _start(text, must_start, must_end, max_chars, before)
    after = spans[last + 1] if last + 1 < len(spans) else None
    return start, _end(text, start, must_end, max_chars, after)


def _richest(text: str, spans: list[Span], max_chars: int) -> tuple[int, int]:
    """Return the first and last span of the window with the most in it, in one pass."""
    words: Counter[str] = Counter()
    chars, last, best, found = 0, -1, (-1, -1), (0, 0)
    for first, (start, end) in enumerate(spans):
        while last + 1 < len(spans) and (last < first or spans[last + 1][1] - start <= max_chars):
            last += 1
            words[_word(text, spans[last])] += 1
            chars += spans[last][1] - spans[last][0]
        if (len(words), chars) > best:
            best, found = (len(words), chars), (first, last)
        _forget(words, _word(text, (start, end)))
        chars -= end - start
    return found


def _word(text: str, span: Span) -> str:
    return text[span[0] : span[1]].casefold()


def _forget(words: Counter[str], word: str) -> None:
    words[word] -= 1
    if not words[word]:
        del words[word]


def _start(text: str, must_start: int, must_end: int, max_chars: int, before: int) -> int:
    """Return where to start: a sentence, else a word, else a letter, after `before`."""
    earliest = max(before, must_end - max_chars, 0)
    if must_start <= earliest:
        return must_start
    sentences = _sentence_starts(text, earliest, must_start)
    wanted = sentences[-1] if sentences else _lead(must_start, must_end, max_chars, earliest)
    # Near the end of the paragraph there is room to spare: fill it from the front.
    fullest = len(text) - max_chars
    if wanted > fullest >= earliest:
        sentences = [at for at in sentences if at >= fullest]
        wanted = sentences[0] if sentences else fullest
    return wanted if wanted in sentences else _word_start(text, wanted, must_start)


def _lead(must_start: int, must_end: int, max_chars: int, earliest: int) -> int:
    room = max_chars - (must_end - must_start)
    return max(earliest, must_start - room // _LEAD_SHARE)


def _sentence_starts(text: str, low: int, high: int) -> list[int]:
    starts = [0] if low == 0 else []
    for match in _SENTENCE_START().finditer(text, max(0, low - 1), high + 4):
        if low <= match.end() <= high and _ends_sentence(text, match):
            starts.append(match.end())
    return starts


def _ends_sentence(text: str, stop: re.Match[str]) -> bool:
    """Tell the end of a sentence from the dot of `Mr.`, `J.` and `U.S.`."""
    before = text[max(0, stop.start() - _LONGEST_ABBREVIATION) : stop.start()].split()
    word = before[-1].lstrip("\"'“‘«([").casefold() if before else ""
    initial = (len(word) == 1 and word.isalpha()) or "." in word
    return not (stop["first"].islower() or initial or word in _ABBREVIATIONS)


def _word_start(text: str, low: int, high: int) -> int:
    """Return the first word start in low..high, else the first letter start there."""
    for at in range(low, high + 1):
        if (at == 0 or text[at - 1].isspace()) and not text[at].isspace():
            return at
    return next((at for at in range(low, high) if not _splits_letter(text, at)), high)


def _end(text: str, start: int, must_end: int, max_chars: int, after: Span | None) -> int:
    """Return where to end: a sentence, else a word, else a letter; never inside a match."""
    limit = min(len(text), start + max_chars)
    if limit == len(text):
        return limit
    if after and after[0] < limit < after[1]:
        limit = after[0]
    low = max(must_end, start + 1)
    for sentence in reversed(_sentence_starts(text, low, limit)):
        if sentence >= start + max_chars * _FULL_ENOUGH:
            return max(must_end, start + len(text[start:sentence].rstrip()))
    for at in range(limit, low - 1, -1):
        if text[at].isspace() and not text[at - 1].isspace():
            return at
    return _letter_end(text, low, limit)


def _letter_end(text: str, low: int, limit: int) -> int:
    ends = (at for at in range(limit, low, -1) if not _splits_letter(text, at))
    return next(ends, limit)


def _splits_letter(text: str, at: int) -> bool:
    """Say whether a cut at `at` parts a letter from its accents, or halves an emoji."""
    if not 0 < at < len(text):
        return False
    return _joins_back(text[at]) or text[at - 1] == "\u200d"


def _joins_back(char: str) -> bool:
    return (
        unicodedata.category(char)[0] == "M"
        or char == "\u200d"
        or "\U0001f3fb" <= char <= "\U0001f3ff"  # skin tones
        or "\udc00" <= char <= "\udfff"  # second half of a surrogate pair
    )
