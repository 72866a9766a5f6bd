"""Hits without their near-duplicates: the best stands, and says where else it is.

Hits are walked in their order.  One that is a near-duplicate of a hit that
stands is folded away under it, under the first where there are several; any
other stands.  So a page holds what a reader has not seen yet, and the next
page goes on where it ended.  No more hits are walked than the page needs.

    >>> copies = {"a": {"c": "C", "x": "X"}, "b": {}, "c": {"a": "A"}, "d": {"x": "X"}}
    >>> standing("abcd", str, copies.__getitem__, 9)
    [('a', {'c': 'C', 'x': 'X'}), ('b', {}), ('d', {})]
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from searcher.engines.base import GROUP_HITS, Answer, Engine, ordered_facets
from searcher.engines.recency import Recency
from searcher.engines.scan import facet_values
from searcher.model import Paragraph
from searcher.query.limits import Limits
from searcher.query.tree import Query
from searcher.results import COLLAPSE, ONLY, Facet, Scored
from searcher.values import frozen
from searcher.views.copies import Copies

T = TypeVar("T")
C = TypeVar("C")

Group = tuple[Scored, ...]
_FIRST_STEP = 50


def standing(
    hits: Iterable[T], name: Callable[[T], str], copies: Callable[[T], Mapping[str, C]], count: int
) -> list[tuple[T, dict[str, C]]]:
    """Return the first `count` hits that stand, each with what is folded away under it.

    Args:
        hits: in their order; no further than needed is looked at.
        name: of a hit.
        copies: all near-duplicates of a hit by name, hits or not.
        count: how many are wanted.
    """
    found: list[tuple[T, dict[str, C]]] = []
    taken: set[str] = set()
    for hit in hits if count else ():
        if name(hit) not in taken:
            folded = {other: what for other, what in copies(hit).items() if other not in taken}
            taken.update(folded, (name(hit),))
            found.append((hit, folded))
        if len(found) >= count:
            break
    return found


@frozen
class Folded:
    """A page after its near-duplicates were dealt with.

    Attributes:
        total, articles: what is counted: all hits, or with `only` those that
            have a near-duplicate.
        groups: the page.
        duplicates: of each group its near-duplicates: a paragraph each, or the
            first paragraph of each article when hits are grouped.
        kept: with `only` the hits that are counted, else None: all.
        sizes: of grouped hits, how many each article has, those not shown too.
    """

    total: int
    articles: int
    groups: tuple[Group, ...]
    duplicates: tuple[tuple[Paragraph, ...], ...] = ()
    kept: tuple[Paragraph, ...] | None = None
    sizes: tuple[int, ...] = ()


class Unit:
    """What near-duplicates are of: paragraphs, or with grouped hits articles.

    Args:
        engine: what is asked for near-duplicates.
        by_article: whether they are articles.
    """

    def __init__(self, engine: Engine, by_article: bool) -> None:
        self._by_article = by_article
        self._copies = Copies(engine)

    def name(self, group: Group) -> str:
        """Return the id of the paragraph or article that a group stands for."""
        return self.name_of(group[0].paragraph)

    def name_of(self, paragraph: Paragraph) -> str:
        """Return the id of a paragraph, or of its article."""
        return paragraph.article if self._by_article else paragraph.id

    def copies(self, group: Group) -> dict[str, Paragraph]:
        """Return the near-duplicates of a group by name, whether they are hits or not."""
        first = group[0].paragraph
        if not self._by_article:
            return {other.id: other for other in self._copies.of_paragraph(first)}
        others = self._copies.of_article(first.article)
        return {other: self._copies.paragraphs(other)[0] for other in others}


@frozen
class Folder:
    """Deals with the near-duplicates among the hits of one tree.

    Attributes:
        engine: what answers.
        tree: the query.
        sort, recency: the order of the hits.
        by_article: whether hits are grouped by article.
        limits: bounds on what it may cost.
    """

    engine: Engine
    tree: Query
    sort: str
    by_article: bool
    limits: Limits
    recency: Recency | None = None

    def page(self, dups: str, offset: int, limit: int) -> Folded:
        """Return one page.

        Args:
            dups: one of DUPS.
            offset: hits (articles, when grouped) to pass over, of those that are left.
            limit: hits (articles) on the page; 0 only counts.
        """
        if dups == ONLY:
            return self._duplicated(offset, limit)
        if dups == COLLAPSE:
            return self._collapsed(offset, limit)
        answer = self._search(offset, limit, self.by_article)
        return Folded(answer.total, answer.articles, answer.groups, sizes=answer.sizes)

    def _search(self, offset: int, limit: int, by_article: bool) -> Answer:
        return self.engine.search(
            self.tree,
            offset=offset,
            limit=limit,
            sort=self.sort,
            by_article=by_article,
            limits=self.limits,
            recency=self.recency,
        )

    def _collapsed(self, offset: int, limit: int) -> Folded:
        whole = self._search(0, 0, self.by_article)
        unit = Unit(self.engine, self.by_article)
        sizes: dict[str, int] = {}
        groups = self._walked(self.by_article, sizes) if limit else ()
        found = standing(groups, unit.name, unit.copies, offset + limit)[offset:]
        articles = {other.article for _, folded in found for other in folded.values()}
        hits = self.engine.hits_in(self.tree, articles, self.limits) if articles else ()
        names = set(map(unit.name_of, hits))
        return Folded(
            whole.total,
            whole.articles,
            tuple(group for group, _ in found),
            tuple(tuple(o for n, o in folded.items() if n in names) for _, folded in found),
            sizes=tuple(sizes[group[0].paragraph.article] for group, _ in found) if sizes else (),
        )

    def _duplicated(self, offset: int, limit: int) -> Folded:
        unit = Unit(self.engine, self.by_article)
        kept = [hit for (hit,) in self._walked(by_article=False) if unit.copies((hit,))]
        groups: dict[str, list[Scored]] = {}
        for hit in kept:
            groups.setdefault(unit.name_of(hit.paragraph), []).append(hit)
        whole = list(groups.values())[offset : offset + limit]
        page = [tuple(group[:GROUP_HITS]) for group in whole]
        return Folded(
            len(kept),
            len({hit.paragraph.article for hit in kept}),
            tuple(page),
            tuple(tuple(unit.copies(group).values()) for group in page),
            tuple(hit.paragraph for hit in kept),
            sizes=tuple(map(len, whole)) if self.by_article else (),
        )

    def _walked(self, by_article: bool, sizes: dict[str, int] | None = None) -> Iterator[Group]:
        """Yield all groups in order, asked for in ever larger steps; note their sizes."""
        check_time = self.limits.stopwatch()
        offset, step = 0, _FIRST_STEP
        while True:
            answer = self._search(offset, step, by_article)
            groups = answer.groups
            if sizes is not None and answer.sizes:
                articles = (group[0].paragraph.article for group in groups)
                sizes.update(zip(articles, answer.sizes, strict=True))
            for group in groups:
                check_time()
                yield group
            if len(groups) < step:
                return
            offset, step = offset + step, 2 * step


def facet_of(paragraphs: Iterable[Paragraph], name: str) -> tuple[Facet, ...]:
    """Count paragraphs by one of FACETS, as Engine.facet counts hits."""
    counts: Counter[str] = Counter()
    articles: dict[str, set[str]] = defaultdict(set)
    for paragraph in paragraphs:
        for value in facet_values(paragraph, name):
            counts[value] += 1
            articles[value].add(paragraph.article)
    return ordered_facets(name, ((v, n, len(articles[v])) for v, n in counts.items()))
