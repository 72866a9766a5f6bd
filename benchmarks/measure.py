"""The statistics of a corpus that decide how fast a search engine is on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby, pairwise

from benchmarks.passages import Passage
from searcher.analysis import Analyzer, tokenize

RANKS = (1, 10, 100, 1_000, 5_000)
BANDED = (100, 5_000)
"""Ranks of the words whose repetition in an article is measured."""


@dataclass(frozen=True)
class Measures:
    """Statistics of some paragraphs, of exact forms.

    Attributes:
        paragraphs, words, forms, stems: how many.
        mean_words: of a paragraph.
        frequency: rank -> share of paragraphs that hold the word.
        once: share of the forms that one paragraph alone holds.
        burst: mean number of paragraphs of an article with a word of BANDED, where it has any.
        pairs: share of the different pairs of neighbours that occur more than once.
    """

    paragraphs: int
    words: int
    forms: int
    stems: int
    mean_words: float
    frequency: dict[int, float]
    once: float
    burst: float
    pairs: float


def measure(passages: Iterable[Passage]) -> Measures:
    """Return the statistics of paragraphs, those of an article in a row."""
    df: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    in_article: Counter[str] = Counter()
    paragraphs = words = 0
    for _, article in groupby(passages, key=lambda one: one.id.rpartition("#")[0]):
        seen: set[str] = set()
        for passage in article:
            found = [token.text for token in tokenize(passage.text)]
            paragraphs, words = paragraphs + 1, words + len(found)
            df.update(set(found))
            seen.update(found)
            pairs.update(pairwise(found))
        in_article.update(seen)
    ranked = df.most_common()
    band = [name for name, _ in ranked[slice(*BANDED)]]
    stem = Analyzer("en").stem
    return Measures(
        paragraphs,
        words,
        len(df),
        len({stem(name) for name in df}),
        words / paragraphs,
        {rank: ranked[rank - 1][1] / paragraphs for rank in RANKS if rank <= len(ranked)},
        sum(count == 1 for count in df.values()) / len(df),
        sum(df[name] for name in band) / max(1, sum(in_article[name] for name in band)),
        sum(count > 1 for count in pairs.values()) / len(pairs),
    )
