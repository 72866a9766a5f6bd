"""BM25F as searcher computes it, in one place for all engines.

The score of a word in a paragraph is

    boost * (bm25(text) + TITLE_WEIGHT * saturation(title) + SECTION_WEIGHT * saturation(section))

and a query's score is the sum over its words that match, times KIND_WEIGHT.
Fields are scored apart and added, as Whoosh's BM25F does it, and not with one
common saturation as in Robertson and Zaragoza 2009 ("The Probabilistic
Relevance Framework", section 3.6), because headline and heading only raise a
paragraph that its own text made a hit.

    idf        = ln(documents / (df + 1)) + 1
    bm25       = idf * tf * (K1 + 1) / (tf + K1 * (1 - B + B * length / mean_length))
    saturation = idf * tf * (K1 + 1) / (tf + K1)

`documents`, `df` and `mean_length` count live paragraphs only: an archive that
grew by many runs scores like one that was built in a single run.  A phrase
scores like a word whose idf is the sum of its words' and whose tf counts the
phrase; a wildcard, fuzzy word or regular expression like one word that stands
for all its forms.

    >>> round(bm25(idf(1000, 9), tf=2, length=30, mean_length=40), 4)
    8.29
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import log

from searcher.values import frozen

K1 = 1.2
B = 0.75
TITLE_WEIGHT = 0.5
SECTION_WEIGHT = 0.5
KIND_WEIGHT: Mapping[str, float] = {"headline": 0.5, "heading": 0.5}
"""Headlines and headings name the answer, paragraphs give it: those rank first."""


def idf(documents: int, df: int) -> float:
    """Return the weight of a word that `df` of `documents` paragraphs hold; over 0.

    Of no paragraphs it is 1, which nothing is ever multiplied with.
    """
    return log(documents / (df + 1)) + 1 if documents else 1.0


def bm25(weight: float, tf: float, length: float, mean_length: float) -> float:
    """Return the score of a word in the text.

    Args:
        weight: its idf.
        tf: occurrences in the paragraph.
        length: tokens of the paragraph.
        mean_length: tokens of an average paragraph, over 0.
    """
    return weight * tf * (K1 + 1) / (tf + K1 * (1 - B + B * length / mean_length))


def saturation(weight: float, tf: float) -> float:
    """Return the score of a word in a headline or heading, whatever its length."""
    return weight * tf * (K1 + 1) / (tf + K1)


@frozen
class Totals:
    """What scoring has to know of all live paragraphs.

    Attributes:
        documents: how many there are, of every kind.
        words: tokens of all their texts.
    """

    documents: int
    words: int

    @property
    def mean_length(self) -> float:
        """Tokens of an average paragraph; 1 in an empty archive."""
        return self.words / self.documents if self.words else 1.0


@frozen
class Weights:
    """The idf of one leaf, in the text and, for a plain word, in headline and heading."""

    text: float
    title: float = 0.0
    section: float = 0.0


def bm25_each(
    weight: float, tfs: Iterable[float], lengths: Iterable[float], mean_length: float
) -> list[float]:
    """Return bm25() of many paragraphs, the same to the last bit, without a call for each."""
    flat, slope = 1 - B, B
    return [
        weight * tf * (K1 + 1) / (tf + K1 * (flat + slope * length / mean_length))
        for tf, length in zip(tfs, lengths, strict=True)
    ]
