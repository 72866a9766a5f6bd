"""The keys under which the index files a text, so that near-duplicates meet.

Under a random order of all shingles, two texts have the same least shingle
with a probability that is their resemblance r (Broder 1997).  A key names the
least shingle under one order.  Two texts are compared when they share SHARED
of their n keys; one would make every "he said in a statement" meet.  So near-
duplicates are compared with the probability 1 - (1-r)**n - n * r*(1-r)**(n-1):

    r             0.5    0.6    0.7    0.8    0.9    1
    articles      89 %   96 %   99 %   100 %  100 %  100 %    n = 6
    paragraphs    50 %   65 %   78 %   90 %   97 %   100 %    n = 3

A paragraph also meets those of the articles that are alike its own, so three
keys will do for it.

The least of two sets together is the lesser of theirs.  So an article is taken
paragraph by paragraph, and never more than six numbers of it are held.

    >>> one, other = lowest({5, 9}), merged(lowest({9}), lowest({5}))
    >>> one == other, [hex(key) for key in named(one, OF_PARAGRAPH, 3)]
    (True, ['0x50', '0xfe17dea10f1', '0xd0d80d0c1b2'])
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from searcher.analysis import forms
from searcher.duplicates.likeness import ARTICLE, LEAST_WORDS, stands_alone
from searcher.duplicates.shingles import MASK, shingles
from searcher.model import Paragraph

OF_ARTICLE, ARTICLE_KEYS = 8, 6
OF_PARAGRAPH, PARAGRAPH_KEYS = 0, 3
"""What the last four bits of a first key of an article and of a paragraph are, and how many keys
each has."""

SHARED = 2
"""Keys that two texts have to share to be compared."""

_NAMED = (1 << 40) - 1
_OTHER_HASHES = (0xD1B54A32D192ED03, 0xABC98388FB8FAC03)


def lowest(found: set[int]) -> list[int]:
    """Return the least shingle under each of six orders; nothing for no shingle.

    The orders are by hash, by two others, and each of them backwards.
    """
    if not found:
        return []
    first, second = _OTHER_HASHES
    others = [number * first & MASK for number in found], [n * second & MASK for n in found]
    hashes = (found, *others)
    return [*map(min, hashes), *(MASK - max(one) for one in hashes)]


def merged(one: list[int], other: list[int]) -> list[int]:
    """Return the least shingles of two texts together."""
    return list(map(min, one, other)) if one and other else one or other


def named(numbers: list[int], role: int, count: int) -> list[int]:
    """Return so many keys, each with its role and its order at the end; none of an empty text."""
    # 40 bits: that two shingles share a name costs a comparison, and is rare.
    return [(number & _NAMED) << 4 | role + at for at, number in enumerate(numbers[:count])]


def of_articles(keys: Iterable[int]) -> list[int]:
    """Return those of a document's keys that are its article's."""
    return [key for key in keys if key & OF_ARTICLE]


class Keys:
    """The keys of an article's paragraphs, one after another, and then its own."""

    def __init__(self) -> None:
        self._lowest: list[int] = []
        self._words = 0

    def paragraph(self, paragraph: Paragraph, words: list[str]) -> list[int]:
        """Return the keys of the next paragraph; none where it isn't compared by itself.

        Args:
            paragraph: of the article.
            words: the exact forms of its text.
        """
        if paragraph.kind not in ARTICLE:
            return []
        found = lowest(shingles(words))
        self._lowest = merged(self._lowest, found)
        self._words += len(words)
        alone = stands_alone(paragraph, len(words))
        return named(found, OF_PARAGRAPH, PARAGRAPH_KEYS) if alone else []

    def article(self) -> list[int]:
        """Return the keys of the article so far; none of one that is too short to compare."""
        if self._words < LEAST_WORDS:
            return []
        return named(self._lowest, OF_ARTICLE, ARTICLE_KEYS)


def paragraph_keys(paragraph: Paragraph) -> list[int]:
    """Return the keys of a paragraph by itself."""
    return Keys().paragraph(paragraph, _words(paragraph))


def article_keys(paragraphs: Iterable[Paragraph]) -> list[int]:
    """Return the keys of an article, from all of its paragraphs."""
    keys = Keys()
    for paragraph in paragraphs:
        keys.paragraph(paragraph, _words(paragraph))
    return keys.article()


def keys_of(paragraphs: Sequence[Paragraph]) -> Iterator[tuple[Paragraph, list[int]]]:
    """Yield the paragraphs of one article with their keys; the last has the article's too."""
    keys = Keys()
    for at, paragraph in enumerate(paragraphs, start=1):
        own = keys.paragraph(paragraph, _words(paragraph))
        yield paragraph, own + (keys.article() if at == len(paragraphs) else [])


def _words(paragraph: Paragraph) -> list[str]:
    return forms(paragraph.text)
