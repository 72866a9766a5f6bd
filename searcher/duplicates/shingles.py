"""A text as a set: the triples of words in it, hashed, and its numbers.

A shingle is three words in a row, as exact forms (Broder 1997, "On the
resemblance and containment of documents").  Its hash is the same on every
machine and in every run: words are hashed with blake2b, and a shingle is the
polynomial of its words' hashes, modulo 2**64.

    >>> text_shingles("The dam broke at noon.") == text_shingles("the DAM broke, at noon")
    True
    >>> len(text_shingles("The dam broke at noon.")), len(text_shingles("Noon")), text_shingles("…")
    (3, 1, set())
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

from searcher.analysis import forms

SIZE = 3
"""Words in a shingle.  Fewer make unlike texts meet; more make one changed word cost more."""

SPELT = frozenset(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"])
"""Numbers that news agencies write as words; of other languages only digits count."""

MASK = (1 << 64) - 1
_STEP = 0x9E3779B97F4A7C15
_KEPT = 1 << 18


class WordHashes(dict[str, int]):
    """Exact form to its 64-bit hash; forgets all when it has grown to 2**18 words."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _KEPT:
            self.clear()
        digest = blake2b(word.encode(), digest_size=8).digest()
        number = self[word] = int.from_bytes(digest, "little")
        return number


_HASHES = WordHashes()


def shingles(words: Sequence[str]) -> set[int]:
    """Return the hashes of the shingles of a text's exact forms.

    A text of fewer words than a shingle has is one shingle; without any word
    it has none.
    """
    hashes = list(map(_HASHES.__getitem__, words))
    if len(hashes) >= SIZE:
        triples = zip(hashes, hashes[1:], hashes[2:], strict=False)
        return {((a * _STEP + b) * _STEP + c) & MASK for a, b, c in triples}
    return {(hashes[0] * _STEP + hashes[-1]) & MASK} if hashes else set()


def text_shingles(text: str) -> set[int]:
    """Return the shingles of a text."""
    return shingles(forms(text))


def numbers(words: Sequence[str]) -> set[str]:
    """Return those of a text's exact forms that are numbers: with a digit, or one to ten.

    >>> sorted(numbers(["f", "16s", "cost", "3.14", "three", "eleven"]))
    ['16s', '3.14', 'three']
    """
    return {word for word in words if word in SPELT or (not word.isalpha() and _has_digit(word))}


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))
