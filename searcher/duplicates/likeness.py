"""When two texts are near-duplicates: most of their shingles and of their numbers are the same.

Shingles alone take the tables and announcements of a wire service for each
other: "entered the market to arrange 1.5 billion dlrs" stands there every
week, with another sum.  A story that is sent again keeps its numbers.

    >>> story = "The dam broke at noon, and {} houses were lost in the great flood of {}."
    >>> sent = profile([story.format(12, 1987)])
    >>> again = profile([story.format(12, "April 1987")])
    >>> other = profile([story.format(40, 1987)])
    >>> alike(sent, again), alike(sent, other)
    (True, False)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from searcher.analysis import forms
from searcher.duplicates.shingles import numbers, shingles
from searcher.model import Paragraph

SAME_SHINGLES = 0.5
"""Least resemblance: the shingles in both texts, by those in either (Jaccard)."""

SHORT_WORDS = 30
SAME_SHINGLES_IF_SHORT = 0.7
"""Least resemblance where a text has fewer words: much of a flash or a dividend is its form."""

SAME_NUMBERS = 0.8
"""Least share of the numbers in both, by those of the text that has fewer."""

LEAST_WORDS = 10
"""Shorter paragraphs are near-duplicates only where their articles are: any story may say
`Pay April 30`."""

BODY = ("text", "quote", "list")
"""Kinds of the paragraphs that are compared by themselves."""

ARTICLE = (*BODY, "headline")
"""Kinds of the paragraphs by which articles are compared."""


class Profile(NamedTuple):
    """What of a text is compared.

    Attributes:
        shingles: hashes of its triples of words.
        numbers: its words that hold a digit.
        words: how many words it has.
    """

    shingles: set[int]
    numbers: set[str]
    words: int


def profile(texts: Iterable[str]) -> Profile:
    """Return the profile of some texts together; no shingle spans two of them."""
    made = Profile(set(), set(), 0)
    for text in texts:
        words = forms(text)
        made.shingles.update(shingles(words))
        made.numbers.update(numbers(words))
        made = made._replace(words=made.words + len(words))
    return made


def article_profile(paragraphs: Iterable[Paragraph]) -> Profile:
    """Return the profile of an article: its headline and what follows, without captions."""
    return profile(paragraph.text for paragraph in paragraphs if paragraph.kind in ARTICLE)


def resemblance(one: Profile, other: Profile) -> float:
    """Return the Jaccard similarity of the shingles, 0 to 1; 0 where one has none."""
    shared = len(one.shingles & other.shingles)
    return shared / (len(one.shingles) + len(other.shingles) - shared) if shared else 0.0


def agreement(one: Profile, other: Profile) -> float:
    """Return the share of the numbers in both, 0 to 1; 1 where one text has none."""
    fewer = min(len(one.numbers), len(other.numbers))
    return len(one.numbers & other.numbers) / fewer if fewer else 1.0


def alike(one: Profile, other: Profile) -> bool:
    """Tell whether two texts are near-duplicates."""
    is_short = min(one.words, other.words) < SHORT_WORDS
    least = SAME_SHINGLES_IF_SHORT if is_short else SAME_SHINGLES
    return resemblance(one, other) >= least and agreement(one, other) >= SAME_NUMBERS


def stands_alone(paragraph: Paragraph, words: int) -> bool:
    """Tell whether a paragraph of so many words is compared by itself."""
    return words >= LEAST_WORDS and paragraph.kind in BODY
