"""What an engine is: it answers a tree, exactly.

An engine knows nothing of query strings, snippets or terminals.  All engines
give the same answer to the same tree over the same paragraphs; the contract
suite in tests/contracts holds them to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from searcher.engines.scoring import Totals, Weights
from searcher.model import Paragraph
from searcher.query.limits import Limits
from searcher.query.tree import Query, WordLeaf, positive_leaves
from searcher.results import Facet

SORTS = ("score", "newest", "oldest")
"""How hits are ordered; ties go to the higher score, the newer date, the id."""

FACETS = (
    "section",
    "desk",
    "year",
    "month",
    "article",
    "kind",
    "city",
    "author",
    "source",
    "language",
)
"""What hits can be counted by."""

GROUP_HITS = 3
"""Paragraphs that a group shows of its article, at most."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A paragraph and its score."""

    paragraph: Paragraph
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine found.

    Attributes:
        total: paragraphs that match, exact.
        articles: articles that hold them, exact.
        groups: the page, best first.  A group is one hit, or the best hits of
            one article when hits are grouped.
        sizes: of grouped hits, how many each article has, those not shown too.
    """

    total: int
    articles: int
    groups: tuple[tuple[Scored, ...], ...]
    sizes: tuple[int, ...] = ()


class Engine(Protocol):
    """Answers trees over a fixed set of paragraphs."""

    language: str

    def totals(self) -> Totals:
        """Return the counts that scores are made from."""

    def search(
        self, tree: Query, *, offset: int, limit: int, sort: str, by_article: bool, limits: Limits
    ) -> Answer:
        """Return the exact counts and one page.

        Args:
            offset: hits (articles, when grouped) to pass over.
            limit: hits (articles) on the page; 0 only counts.
            sort: one of SORTS.
            by_article: group hits by article, at most GROUP_HITS of each.

        Raises:
            QueryLimitError: the tree stands for too many words, or takes too long.
        """

    def facet(self, tree: Query, name: str, limits: Limits) -> tuple[Facet, ...]:
        """Count the hits by one of FACETS, the most frequent value first."""

    def article(self, article_id: str) -> tuple[Paragraph, ...]:
        """Return the paragraphs of an article in order; empty when it isn't there."""

    def article_ids(self) -> Iterable[str]:
        """Return the id of every article."""

    def paragraphs(self) -> Iterator[Paragraph]:
        """Yield every paragraph; an article's follow each other in order."""

    def forms(self) -> Iterable[str]:
        """Return every exact form of the paragraphs' texts, in order.

        Forms that only removed paragraphs had may be among them; their df is 0.
        """

    def df(self, form: str) -> int:
        """Return how many paragraphs hold an exact form."""

    def values(self, field: str) -> Iterable[str]:
        """Return the distinct values of section or desk, in order."""

    def weights(self, tree: Query, limits: Limits) -> dict[WordLeaf, tuple[int, Weights]]:
        """Return, for each leaf that scores, the paragraphs that hold it and its idf."""

    def close(self) -> None:
        """Let go of files."""


def order_key(
    sort: str, score: float, day: date | None, article: str, number: int
) -> tuple[float, float, str, int]:
    """Return the sort key of a hit; the smallest comes first.

    Undated paragraphs come last in either order of dates, and count as the
    oldest where scores are equal.

        >>> order_key("score", 2.5, date(2026, 2, 25), "a", 1)
        (-2.5, -739672, 'a', 1)
    """
    newest = -day.toordinal() if day else 0
    if sort == "newest":
        return newest, -score, article, number
    if sort == "oldest":
        return -newest or float("inf"), -score, article, number
    return -score, newest, article, number


def scoring_leaves(tree: Query) -> list[WordLeaf]:
    """Return the leaves that score: words on the text, under no NOT."""
    found = positive_leaves(tree)
    return [leaf for leaf in found if isinstance(leaf, WordLeaf) and leaf.field == "text"]


def ordered_facets(name: str, counts: Iterable[tuple[str, int, int]]) -> tuple[Facet, ...]:
    """Return facets, the most frequent first; years and months in their own order."""
    facets = [Facet(*count) for count in counts]
    if name in ("year", "month"):
        return tuple(sorted(facets, key=lambda facet: facet.value))
    return tuple(sorted(facets, key=lambda facet: (-facet.paragraphs, facet.value)))
