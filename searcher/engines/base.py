"""What an engine is: it answers a tree, exactly.

An engine knows nothing of query strings, snippets or terminals.  All engines
give the same answer to the same tree over the same paragraphs; the contract
suite in tests/contracts holds them to it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

from searcher.analysis import Analyzer
from searcher.engines.recency import Recency
from searcher.engines.scoring import Totals, Weights
from searcher.model import Paragraph
from searcher.query.limits import Limits
from searcher.query.tree import (
    Near,
    Operand,
    Or,
    Query,
    Quoted,
    Word,
    WordLeaf,
    Written,
    is_operand,
    positive_leaves,
)
from searcher.results import Facet, Facts, Hit, Marks, Place, Scored
from searcher.turns import Turns
from searcher.values import frozen, replace

if TYPE_CHECKING:
    from searcher.engines.histogram import Histogram

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


@frozen
class Whole:
    """A paragraph that is whole, and its score."""

    paragraph: Paragraph
    score: float

    @property
    def facts(self) -> Facts:
        """The paragraph."""
        return self.paragraph


Late = Callable[[str, int, float, int], tuple[Place, Marks]]
"""(query, longest excerpt, seconds that are left, hits of the page) to what Hit.late is given."""

Groups = tuple[tuple[Scored, ...], ...]
"""Hits, best first: one by one, or the best ones of each article."""


@frozen
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
    groups: Groups
    sizes: tuple[int, ...] = ()


def sized(groups: Groups, sizes: Sequence[int]) -> Iterable[tuple[tuple[Scored, ...], int]]:
    """Pair the groups of an answer with its sizes; 0 for each where hits aren't grouped."""
    return zip(groups, sizes or (0,) * len(groups), strict=True)


METHODS = (
    *("totals", "quick", "search", "each", "histogram", "speakers", "facet", "article"),
    *(
        "each_article",
        "article_ids",
        "article_keys",
        "filed_under",
        "hits_in",
        "paragraphs",
        "forms",
        "df",
        "values",
        "weights",
    ),
)
"""What an engine is asked."""


class Engine(Protocol):
    """Answers trees over a fixed set of paragraphs.

    Attributes:
        language: of its stems.
        analyzer: of that language.
    """

    language: str
    analyzer: Analyzer

    def totals(self) -> Totals:
        """Return the counts that scores are made from."""

    def quick(
        self,
        text: str,
        page: tuple[int, int],
        turns: Turns,
        *,
        dated: bool,
        late: tuple[Late, int] | None = None,
    ) -> tuple[str, int, int, tuple[Hit, ...]] | None:
        """Read a query string and answer it; None where that takes its tree.

        Captions are left out.

        Args:
            text: what searcher.query.quick reads too.
            page: hits to pass over, and hits on the page.
            turns: the running request's.
            dated: whether a query that asks for dates may be answered.
            late: what places its hits and marks them in Python, when one is first read, and the
                longest excerpt; without it they have no marks.

        Returns:
            tuple: how it was read, as its tree is printed; paragraphs and articles, exact; and
            the hits of the page by score.

        Raises:
            QueryLimitError: see search.
        """

    def search(
        self,
        tree: Query,
        *,
        offset: int,
        limit: int,
        sort: str,
        by_article: bool,
        limits: Limits,
        recency: Recency | None = None,
    ) -> Answer:
        """Return the exact counts and one page.

        Args:
            offset: hits (articles, when grouped) to pass over.
            limit: hits (articles) on the page; 0 only counts.
            sort: one of SORTS.
            by_article: group hits by article, at most GROUP_HITS of each.
            recency: how scores fade with age; None leaves them.

        Raises:
            QueryLimitError: the tree stands for too many words, or takes too long.
        """

    def each(
        self, tree: Query, *, sort: str, limits: Limits, recency: Recency | None = None
    ) -> Iterator[Scored]:
        """Yield every hit in order; its paragraph is read when its turn comes."""

    def each_article(
        self, tree: Query, *, sort: str, limits: Limits, recency: Recency | None = None
    ) -> Iterator[Sequence[Scored]]:
        """Yield the hits of each article, best first, the article with the best hit first.

        Its paragraphs are read when its turn comes.
        """

    def histogram(self, tree: Query, limits: Limits) -> Histogram:
        """Count the hits by day; no paragraph is read."""

    def speakers(self, tree: Query, limits: Limits) -> Iterator[tuple[Hashable, str]]:
        """Yield a key of the article and the speaker, for each quotation of a hit that has one."""

    def facet(self, tree: Query, name: str, limits: Limits) -> tuple[Facet, ...]:
        """Count the hits by one of FACETS, the most frequent value first."""

    def article(self, article_id: str) -> tuple[Paragraph, ...]:
        """Return the paragraphs of an article in order; empty when it isn't there."""

    def article_ids(self) -> Iterable[str]:
        """Return the id of every article."""

    def article_keys(self, article_id: str) -> Sequence[int]:
        """Return the keys (searcher.duplicates.keys) of an article; none if it is too short."""

    def filed_under(self, keys: Iterable[int]) -> tuple[Paragraph, ...]:
        """Return the paragraphs with SHARED of some keys (searcher.duplicates.keys), by id.

        The keys of an article are those of its last paragraph.
        """

    def hits_in(
        self, tree: Query, articles: Iterable[str], limits: Limits
    ) -> tuple[Paragraph, ...]:
        """Return the hits within some articles, in any order."""

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


def text_weight(
    leaf: WordLeaf, word: Callable[[Word], float], either: Callable[[Operand], float]
) -> float:
    """Return the idf of a leaf in the text.

    That of a NEAR is the sum over what has to be there.  Written and quoted
    words weigh what they weigh written and said anyhow: to know how many
    paragraphs hold them so, all that hold them would have to be read.

    Args:
        leaf: what is weighed.
        word: gives the idf of a word or phrase.
        either: gives that of an OR: of one word that stands for all its forms.
    """
    if isinstance(leaf, Word):
        return word(leaf)
    if isinstance(leaf, Near):
        left = _operand_weight(leaf.left, word, either)
        return left if leaf.absent else left + _operand_weight(leaf.right, word, either)
    return _operand_weight(leaf.child, word, either)


def _operand_weight(
    operand: Operand, word: Callable[[Word], float], either: Callable[[Operand], float]
) -> float:
    if isinstance(operand, Or):
        return either(bare(operand))
    return text_weight(operand, word, either)


def bare(operand: Operand) -> Operand:
    """Return an operand without regard to how its words are written and who says them."""
    if isinstance(operand, Or):
        return Or(tuple(bare(child) for child in operand.children if is_operand(child)))
    if isinstance(operand, Near):
        return replace(operand, left=bare(operand.left), right=bare(operand.right))
    return bare(operand.child) if isinstance(operand, (Written, Quoted)) else operand


def ordered_facets(name: str, counts: Iterable[tuple[str, int, int]]) -> tuple[Facet, ...]:
    """Return facets, the most frequent first; years and months in their own order."""
    facets = [Facet(*count) for count in counts]
    if name in ("year", "month"):
        return tuple(sorted(facets, key=lambda facet: facet.value))
    return tuple(sorted(facets, key=lambda facet: (-facet.paragraphs, facet.value)))
