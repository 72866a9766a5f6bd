"""The scan engine: brute force over paragraphs in memory.

Slow and plain on purpose.  It is the oracle that the other engines are tested
against, and it serves scripts that want to search paragraphs without an index.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import cached_property

from searcher.analysis import Analyzer
from searcher.duplicates.keys import SHARED, article_keys, keys_of
from searcher.engines.base import (
    GROUP_HITS,
    Answer,
    Whole,
    order_key,
    ordered_facets,
    scoring_leaves,
    text_weight,
)
from searcher.engines.histogram import Histogram, day_counts_of
from searcher.engines.recency import Recency
from searcher.engines.scoring import (
    KIND_WEIGHT,
    SECTION_WEIGHT,
    TITLE_WEIGHT,
    Totals,
    Weights,
    bm25,
    idf,
    saturation,
)
from searcher.model import Paragraph
from searcher.query.evaluate import (
    ArticleView,
    View,
    matches,
    occurrences,
    placed,
    slot_positions,
)
from searcher.query.limits import Limits
from searcher.query.tree import (
    And,
    InArticle,
    Not,
    Operand,
    Or,
    Phrase,
    Query,
    Term,
    Word,
    WordLeaf,
)
from searcher.results import Facet, Scored


class ScanEngine:
    """Answers by looking at every paragraph.

    Args:
        paragraphs: all of them, in the order that `paragraphs()` gives back.
        language: of the stemmer.
    """

    def __init__(self, paragraphs: Iterable[Paragraph], language: str = "en") -> None:
        self.language = language
        self.analyzer = Analyzer(language)
        self._articles: dict[str, list[View]] = {}
        self._views = [self._view(paragraph) for paragraph in paragraphs]

    def _view(self, paragraph: Paragraph) -> View:
        several = self._articles.get(paragraph.article)
        if several is None:
            several = self._articles[paragraph.article] = []
            article = ArticleView(lambda: sorted(several or (), key=_number))
        else:
            article = several[0].article
        several.append(View(paragraph, self.analyzer, article))
        return several[-1]

    def totals(self) -> Totals:
        """Return the counts that scores are made from."""
        return Totals(len(self._views), sum(len(view.tokens("text")) for view in self._views))

    def quick(self, *_: object, **options: object) -> None:
        """See Engine.quick: every query takes its tree."""

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
        """See Engine.search."""
        hits = list(self.each(tree, sort=sort, limits=limits, recency=recency))
        groups = _by_article(hits) if by_article else [[hit] for hit in hits]
        page = groups[offset : offset + limit]
        articles = {hit.paragraph.article for hit in hits}
        sizes = tuple(map(len, page)) if by_article else ()
        return Answer(len(hits), len(articles), tuple(tuple(g[:GROUP_HITS]) for g in page), sizes)

    def each(
        self, tree: Query, *, sort: str, limits: Limits, recency: Recency | None = None
    ) -> Iterator[Scored]:
        """See Engine.each."""
        hits = self._hits(tree, limits)
        if recency:
            hits = [Whole(h.paragraph, h.score * recency.factor(h.paragraph.date)) for h in hits]
        return iter(sorted(hits, key=lambda hit: _key(hit, sort)))

    def each_article(
        self, tree: Query, *, sort: str, limits: Limits, recency: Recency | None = None
    ) -> Iterator[Sequence[Scored]]:
        """See Engine.each_article."""
        hits = self.each(tree, sort=sort, limits=limits, recency=recency)
        return iter(_by_article(list(hits)))

    def histogram(self, tree: Query, limits: Limits) -> Histogram:
        """See Engine.histogram."""
        return day_counts_of(hit.paragraph for hit in self._hits(tree, limits))

    def _hits(self, tree: Query, limits: Limits) -> list[Scored]:
        check_time = limits.stopwatch()
        found = []
        for view in self._views:
            check_time()
            if matches(tree, view):
                found.append(view)
        score = self._scorer(tree)
        return [Whole(view.paragraph, score(view)) for view in found]

    def _scorer(self, tree: Query) -> Callable[[View], float]:
        totals = self.totals()
        weights = {leaf: self._weights(leaf) for leaf in scoring_leaves(tree)}

        def score(view: View) -> float:
            kind = KIND_WEIGHT.get(view.paragraph.kind, 1.0)
            return _score(tree, view, weights, totals.mean_length) * kind

        return score

    def _weights(self, leaf: WordLeaf) -> Weights:
        text = text_weight(leaf, self._word_weight, self._any_weight)
        if not isinstance(leaf, Term):
            return Weights(text)
        title, section = (self._idf(self._count(leaf, name)) for name in ("title", "section"))
        return Weights(text, title, section)

    def _word_weight(self, leaf: Word) -> float:
        if isinstance(leaf, Phrase):
            return sum(map(self._idf, self._slot_counts(leaf)))
        return self._any_weight(leaf)

    def _any_weight(self, operand: Operand) -> float:
        return self._idf(sum(bool(placed(operand, view)) for view in self._views))

    def _idf(self, df: int) -> float:
        return idf(len(self._views), df)

    def _count(self, leaf: Term, field: str) -> int:
        return sum(bool(_term_tf(leaf, view, field)) for view in self._views)

    def _slot_counts(self, leaf: Phrase) -> list[int]:
        counts = [0] * len(leaf.slots)
        for view in self._views:
            for at, positions in enumerate(
                slot_positions(leaf, view.tokens("text"), self.analyzer)
            ):
                counts[at] += bool(positions)
        return counts

    def speakers(self, tree: Query, limits: Limits) -> Iterator[tuple[Hashable, str]]:
        """See Engine.speakers."""
        for hit in self._hits(tree, limits):
            for quote in hit.paragraph.quotes:
                if quote.speaker:
                    yield hit.paragraph.article, quote.speaker

    def facet(self, tree: Query, name: str, limits: Limits) -> tuple[Facet, ...]:
        """See Engine.facet."""
        paragraphs: Counter[str] = Counter()
        articles: dict[str, set[str]] = defaultdict(set)
        for hit in self._hits(tree, limits):
            for value in facet_values(hit.paragraph, name):
                paragraphs[value] += 1
                articles[value].add(hit.paragraph.article)
        return ordered_facets(name, ((v, n, len(articles[v])) for v, n in paragraphs.items()))

    def article(self, article_id: str) -> tuple[Paragraph, ...]:
        """See Engine.article."""
        found = [p for p in self.paragraphs() if p.article == article_id]
        return tuple(sorted(found, key=lambda paragraph: paragraph.number))

    def article_keys(self, article_id: str) -> list[int]:
        """See Engine.article_keys."""
        return article_keys(self.article(article_id))

    def filed_under(self, keys: Iterable[int]) -> tuple[Paragraph, ...]:
        """See Engine.filed_under."""
        wanted = set(keys)
        found = [one for one, held in self._keyed if len(wanted.intersection(held)) >= SHARED]
        return tuple(sorted(found, key=lambda paragraph: (paragraph.article, paragraph.number)))

    def hits_in(
        self, tree: Query, articles: Iterable[str], limits: Limits
    ) -> tuple[Paragraph, ...]:
        """See Engine.hits_in."""
        wanted = set(articles)
        hits = (hit.paragraph for hit in self._hits(tree, limits))
        return tuple(paragraph for paragraph in hits if paragraph.article in wanted)

    @cached_property
    def _keyed(self) -> list[tuple[Paragraph, list[int]]]:
        articles: dict[str, list[Paragraph]] = defaultdict(list)
        for paragraph in sorted(self.paragraphs(), key=lambda paragraph: paragraph.number):
            articles[paragraph.article].append(paragraph)
        return [keyed for several in articles.values() for keyed in keys_of(several)]

    def article_ids(self) -> Iterable[str]:
        """See Engine.article_ids."""
        return dict.fromkeys(paragraph.article for paragraph in self.paragraphs())

    def paragraphs(self) -> Iterator[Paragraph]:
        """See Engine.paragraphs."""
        return (view.paragraph for view in self._views)

    def forms(self) -> Iterable[str]:
        """See Engine.forms."""
        return sorted({token.text for view in self._views for token in view.tokens("text")})

    def df(self, form: str) -> int:
        """See Engine.df."""
        return sum(any(t.text == form for t in view.tokens("text")) for view in self._views)

    def values(self, field: str) -> Iterable[str]:
        """See Engine.values."""
        return sorted({value for view in self._views for value in view.values(field)})

    def weights(self, tree: Query, limits: Limits) -> dict[WordLeaf, tuple[int, Weights]]:
        """See Engine.weights."""
        leaves = scoring_leaves(tree)
        counts = {leaf: sum(bool(placed(leaf, view)) for view in self._views) for leaf in leaves}
        return {leaf: (count, self._weights(leaf)) for leaf, count in counts.items()}

    def close(self) -> None:
        """Let go of the paragraphs."""
        self._views = []
        self._articles = {}


def _number(view: View) -> int:
    return view.paragraph.number


def _term_tf(leaf: Term, view: View, field: str) -> int:
    return len(occurrences(leaf, view.tokens(field), view.analyzer))


def _score(tree: Query, view: View, weights: dict[WordLeaf, Weights], mean_length: float) -> float:
    if isinstance(tree, (And, Or, InArticle)):
        # From left to right: floats added in another order differ in the last bit.
        return sum(
            _score(child, view, weights, mean_length)
            for child in (tree.wanted if isinstance(tree, InArticle) else tree.children)
            if matches(child, view)
        )
    if isinstance(tree, Not) or not isinstance(tree, WordLeaf) or tree.field != "text":
        return 0.0
    weight = weights[tree]
    length = len(view.tokens("text"))
    score = bm25(weight.text, len(placed(tree, view)), length, mean_length)
    if isinstance(tree, Term):
        score += TITLE_WEIGHT * saturation(weight.title, _term_tf(tree, view, "title"))
        score += SECTION_WEIGHT * saturation(weight.section, _term_tf(tree, view, "section"))
    return tree.boost * score


def _key(hit: Scored, sort: str) -> tuple[float, float, str, int]:
    paragraph = hit.paragraph
    return order_key(sort, hit.score, paragraph.date, paragraph.article, paragraph.number)


def _by_article(hits: list[Scored]) -> list[list[Scored]]:
    groups: dict[str, list[Scored]] = {}
    for hit in hits:
        groups.setdefault(hit.paragraph.article, []).append(hit)
    return list(groups.values())


def facet_values(paragraph: Paragraph, name: str) -> tuple[str, ...]:
    """Return the values that a paragraph counts under in a facet; ("",) when it has none."""
    if name == "desk":
        return tuple(dict.fromkeys(paragraph.desk)) or ("",)
    if name in ("year", "month"):
        day = paragraph.date.isoformat() if paragraph.date else ""
        return (day[:4] if name == "year" else day[:7],)
    return (str(getattr(paragraph, name)),)
