"""Answers trees from segments that are sets of docnums: the engine for any kind of segment.

Matching, scoring and ordering are searcher's own (matching.py, ranking.py),
because stock Whoosh's top ten are not exact, count deleted documents into
scores, and step through a wildcard's words in a tree of unions.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from searcher.analysis import Analyzer
from searcher.duplicates.keys import SHARED
from searcher.engines.base import (
    GROUP_HITS,
    Answer,
    Whole,
    ordered_facets,
    scoring_leaves,
    text_weight,
)
from searcher.engines.expansions import Expansions
from searcher.engines.histogram import Histogram, day_counts
from searcher.engines.matching import STEMS, Found, SegmentMatcher, SlotForms
from searcher.engines.ranking import Candidate, SegmentScorer, candidates, foremost
from searcher.engines.recency import Recency, faded
from searcher.engines.scoring import Totals, Weights, idf
from searcher.engines.segment import Docs, Segment
from searcher.indexing.documents import paragraph
from searcher.indexing.manifest import ArchiveRecord
from searcher.model import KINDS, Paragraph
from searcher.query.limits import Limits
from searcher.query.tree import Operand, Phrase, Query, Term, Word, WordLeaf
from searcher.results import Facet, Scored

Hits = list[dict[int, float]]
"""Scores by docnum, one dictionary a segment."""


class SetEngine:
    """Answers from the segments of one index, as they were when it was opened.

    Args:
        segments: in the order of the index.
        record: what the index says of itself.
        base: gives the base of the article that stored fields belong to.
        generation: number of the commit.
        analyzer: of the index's language; made when none is given.

    Attributes:
        record: what the index says of itself.
        language: of its stems.
        generation: number of the commit that the engine sees.
    """

    def __init__(
        self,
        segments: Sequence[Segment],
        record: ArchiveRecord,
        base: Callable[[Mapping[str, Any]], int],
        generation: int,
        analyzer: Analyzer | None = None,
    ) -> None:
        self.record = record
        self.language = record.language
        self.generation = generation
        self._totals = Totals(record.documents, record.words)
        self.analyzer = analyzer or Analyzer(self.language)
        self._segments = segments
        self._base = base

    @property
    def segment_count(self) -> int:
        """Segments of the index."""
        return len(self._segments)

    def totals(self) -> Totals:
        """See Engine.totals."""
        return self._totals

    def quick(self, *_: object, **options: object) -> None:
        """See Engine.quick: every query takes its tree."""

    # Searching.

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
        limits = limits.started()
        matchers, found = self._match(tree, limits)
        total = sum(len(part.docs) for part in found)
        articles = len(set().union(*map(self._articles, self._segments, found)))
        if not total or not limit:
            return Answer(total, articles, ())
        scores = self._scores(tree, matchers, found)
        hits = self._candidates(sort, scores, total if by_article else offset + limit, recency)
        page = self._groups(hits, offset, limit) if by_article else self._page(hits, offset, limit)
        sizes = tuple(map(len, page)) if by_article else ()
        shown = [self._ordered(foremost(GROUP_HITS, group))[:GROUP_HITS] for group in page]
        groups = []
        for group in shown:
            limits.check_time()
            groups.append(tuple(map(self._scored, group)))
        return Answer(total, articles, tuple(groups), sizes)

    def _candidates(
        self, sort: str, scores: Hits, count: int, recency: Recency | None
    ) -> list[Candidate]:
        return [
            hit
            for at, segment in enumerate(self._segments)
            if scores[at]
            for days in (segment.column("date"),)
            for hit in candidates(sort, at, faded(scores[at], days, recency), days, count)
        ]

    def each(
        self, tree: Query, *, sort: str, limits: Limits, recency: Recency | None = None
    ) -> Iterator[Scored]:
        """See Engine.each."""
        return map(self._scored, self._ordered(self._all(tree, sort, limits, recency)))

    def each_article(
        self, tree: Query, *, sort: str, limits: Limits, recency: Recency | None = None
    ) -> Iterator[Sequence[Scored]]:
        """See Engine.each_article."""
        hits = self._all(tree, sort, limits, recency)
        for group in self._groups(hits, 0, len(hits)):
            yield tuple(map(self._scored, self._ordered(group)))

    def _all(
        self, tree: Query, sort: str, limits: Limits, recency: Recency | None
    ) -> list[Candidate]:
        matchers, found = self._match(tree, limits)
        scores = self._scores(tree, matchers, found)
        return self._candidates(sort, scores, sum(map(len, scores)), recency)

    def histogram(self, tree: Query, limits: Limits) -> Histogram:
        """See Engine.histogram."""
        _, found = self._match(tree, limits)
        parts = zip(self._segments, found, strict=True)
        return day_counts((p.docs, s.column("date"), s.column("article_no")) for s, p in parts)

    def _match(self, tree: Query, limits: Limits) -> tuple[list[SegmentMatcher], list[Found]]:
        matchers = self._matchers(limits)
        return matchers, [matcher.find(tree) for matcher in matchers]

    def _matchers(self, limits: Limits) -> list[SegmentMatcher]:
        running = limits.started()
        expansions = Expansions(running)
        return [SegmentMatcher(s, self.analyzer, running, expansions) for s in self._segments]

    def _articles(self, segment: Segment, found: Found) -> set[int]:
        numbers = segment.column("article_no")
        return {numbers[docnum] for docnum in found.docs}

    def _scores(self, tree: Query, matchers: list[SegmentMatcher], found: list[Found]) -> Hits:
        weights = {leaf: self._weights(leaf, matchers) for leaf in scoring_leaves(tree)}
        return [
            SegmentScorer(matcher, weights, self._totals.mean_length).scores(tree, part)
            for matcher, part in zip(matchers, found, strict=True)
        ]

    def _page(self, hits: list[Candidate], offset: int, limit: int) -> list[list[Candidate]]:
        ordered = self._ordered(foremost(offset + limit, hits))
        return [[hit] for hit in ordered[offset : offset + limit]]

    def _groups(self, hits: list[Candidate], offset: int, limit: int) -> list[list[Candidate]]:
        by_article: dict[int, list[Candidate]] = defaultdict(list)
        for hit in hits:
            by_article[self._segments[hit.segment].column("article_no")[hit.docnum]].append(hit)
        best = {number: foremost(1, group)[0] for number, group in by_article.items()}
        number_of = {hit: number for number, hit in best.items()}
        chosen = self._ordered(foremost(offset + limit, best.values()))[offset : offset + limit]
        return [by_article[number_of[hit]] for hit in chosen]

    def _ordered(self, hits: list[Candidate]) -> list[Candidate]:
        names: dict[tuple[int, int], tuple[str, int]] = {}
        for at, segment in enumerate(self._segments):
            docs = [hit.docnum for hit in hits if hit.segment == at]
            numbers = segment.column("number")
            articles = segment.text_values("article", docs)
            names.update({(at, d): (a, numbers[d]) for d, a in zip(docs, articles, strict=True)})
        return sorted(hits, key=lambda h: (-h.major, -h.minor, *names[h.segment, h.docnum]))

    def _scored(self, hit: Candidate) -> Scored:
        return Whole(self._paragraph(self._segments[hit.segment], hit.docnum), hit.score)

    def _paragraph(self, segment: Segment, docnum: int) -> Paragraph:
        stored = segment.stored(docnum)
        return paragraph(stored, self._base(stored))

    # Weights.

    def _weights(self, leaf: WordLeaf, matchers: list[SegmentMatcher]) -> Weights:
        if not isinstance(leaf, Term):
            return Weights(
                text_weight(
                    leaf,
                    lambda word: self._word_weight(word, matchers),
                    lambda either: self._any_weight(either, matchers),
                )
            )
        stem = self.analyzer.stem(leaf.text)
        return Weights(*(self._idf(self._df(STEMS[f], stem)) for f in ("text", "title", "section")))

    def _word_weight(self, leaf: Word, matchers: list[SegmentMatcher]) -> float:
        if isinstance(leaf, Term):
            return self._idf(self._df("text", self.analyzer.stem(leaf.text)))
        if isinstance(leaf, Phrase):
            return sum(self._idf(df) for df in self._slot_counts(leaf, matchers))
        return self._any_weight(leaf, matchers)

    def _any_weight(self, operand: Operand, matchers: list[SegmentMatcher]) -> float:
        return self._idf(sum(len(matcher.holders(operand)) for matcher in matchers))

    def _idf(self, df: int) -> float:
        return idf(self._totals.documents, df)

    def _df(self, name: str, term: str) -> int:
        return sum(segment.df(name, term) for segment in self._segments)

    def _slot_counts(self, leaf: Phrase, matchers: list[SegmentMatcher]) -> list[int]:
        name = "exact" if leaf.verbatim else "text"
        counts = [0] * len(leaf.slots)
        for matcher in matchers:
            for at, forms in enumerate(matcher.slot_forms(leaf)):
                counts[at] += _held(matcher, name, forms)
        return counts

    def weights(self, tree: Query, limits: Limits) -> dict[WordLeaf, tuple[int, Weights]]:
        """See Engine.weights."""
        matchers, _ = self._match(tree, limits)
        rows = {}
        for leaf in scoring_leaves(tree):
            df = sum(len(matcher.tf_of(leaf)) for matcher in matchers)
            rows[leaf] = df, self._weights(leaf, matchers)
        return rows

    def given(
        self, leaf: WordLeaf, limits: Limits, within: Sequence[Docs | None], *, scores: bool
    ) -> tuple[list[dict[int, float]], float]:
        """Return the occurrences of a leaf by document, a dictionary a segment, and its idf.

        Args:
            leaf: what is looked for.
            limits: bounds on what it may cost.
            within: for each segment the documents that matter; None is all of them.
            scores: whether the idf is wanted; it is 0 otherwise.
        """
        matchers = self._matchers(limits)
        pairs = zip(matchers, within, strict=True)
        found = [matcher.tf_of(leaf, docs) for matcher, docs in pairs]
        return found, self._weights(leaf, matchers).text if scores else 0.0

    def filtered(self, leaf: Query, limits: Limits, within: Sequence[Docs | None]) -> list[Docs]:
        """Return the documents that a filter matches, a set a segment."""
        pairs = zip(self._matchers(limits), within, strict=True)
        return [matcher.find(leaf, docs).docs for matcher, docs in pairs]

    # Facets.

    def speakers(self, tree: Query, limits: Limits) -> Iterator[tuple[Hashable, str]]:
        """See Engine.speakers."""
        _, found = self._match(tree, limits)
        return self.speakers_of([part.docs for part in found])

    def speakers_of(self, found: Sequence[Iterable[int]]) -> Iterator[tuple[Hashable, str]]:
        """Yield the article number and the speaker of each quotation of some documents."""
        for segment, docs in zip(self._segments, found, strict=True):
            names, articles = segment.column("speaker"), segment.column("article_no")
            for docnum in docs:
                if names[docnum]:
                    yield from ((articles[docnum], one) for one in names[docnum].split("\x1f"))

    def facet(self, tree: Query, name: str, limits: Limits) -> tuple[Facet, ...]:
        """See Engine.facet."""
        _, found = self._match(tree, limits)
        return self.facet_of(name, [part.docs for part in found])

    def facet_of(self, name: str, found: Sequence[Iterable[int]]) -> tuple[Facet, ...]:
        """Count documents, those of each segment, by one of FACETS."""
        paragraphs: dict[str, int] = defaultdict(int)
        articles: dict[str, set[int]] = defaultdict(set)
        for segment, part in zip(self._segments, found, strict=True):
            docs = list(part)
            numbers = segment.column("article_no")
            for docnum, values in zip(docs, self._facet_values(segment, name, docs), strict=True):
                for value in values:
                    paragraphs[value] += 1
                    articles[value].add(numbers[docnum])
        return ordered_facets(name, ((v, n, len(articles[v])) for v, n in paragraphs.items()))

    def _facet_values(
        self, segment: Segment, name: str, docs: list[int]
    ) -> Iterable[tuple[str, ...]]:
        if name in ("year", "month"):
            return _periods(segment.column("date"), 4 if name == "year" else 6, docs)
        if name == "desk":
            desks = segment.text_values("desk", docs)
            return [tuple(dict.fromkeys(joined.split("\x1f"))) for joined in desks]
        if name in ("section", "article"):
            return [(value,) for value in segment.text_values(name, docs)]
        if name == "kind":
            kinds = {docnum: kind for kind in KINDS for docnum in segment.kind(kind)}
            return [(kinds[docnum],) for docnum in docs]
        return self._article_facts(segment, name, docs)

    def _article_facts(
        self, segment: Segment, name: str, docs: list[int]
    ) -> Iterator[tuple[str, ...]]:
        """Read a fact that all paragraphs of an article share once for each article."""
        numbers = segment.column("article_no")
        known: dict[int, str] = {}
        for docnum in docs:
            number = numbers[docnum]
            if number not in known:
                known[number] = segment.stored(docnum).get(name, "")
            yield (known[number],)

    # Articles and words.

    def article(self, article_id: str) -> tuple[Paragraph, ...]:
        """See Engine.article."""
        found = [
            self._paragraph(segment, docnum)
            for segment in self._segments
            for docnum in segment.docs("article", article_id)
        ]
        return tuple(sorted(found, key=lambda paragraph: paragraph.number))

    def article_keys(self, article_id: str) -> list[int]:
        """See Engine.article_keys."""
        for segment in self._segments:
            if docs := segment.docs("article", article_id):
                return segment.article_keys(docs)
        return []

    def filed_under(self, keys: Iterable[int]) -> tuple[Paragraph, ...]:
        """See Engine.filed_under."""
        wanted = list(keys)
        found = [
            self._paragraph(segment, docnum)
            for segment in self._segments
            for docnum, count in Counter(
                docnum for key in wanted for docnum in segment.holders(key)
            ).items()
            if count >= SHARED
        ]
        return tuple(sorted(found, key=lambda paragraph: (paragraph.article, paragraph.number)))

    def hits_in(
        self, tree: Query, articles: Iterable[str], limits: Limits
    ) -> tuple[Paragraph, ...]:
        """See Engine.hits_in."""
        _, found = self._match(tree, limits)
        return self.those_in(articles, [part.docs for part in found])

    def those_in(self, articles: Iterable[str], found: Sequence[Docs]) -> tuple[Paragraph, ...]:
        """Return those of some documents, given for each segment, that stand in some articles."""
        wanted = list(articles)
        return tuple(
            self._paragraph(segment, docnum)
            for segment, docs in zip(self._segments, found, strict=True)
            for article in wanted
            for docnum in segment.docs("article", article) & docs
        )

    def article_ids(self) -> Iterable[str]:
        """See Engine.article_ids."""
        for segment in self._segments:
            for article_id in segment.forms("article"):
                if not segment.deleted or segment.docs("article", article_id):
                    yield article_id

    def paragraphs(self) -> Iterator[Paragraph]:
        """See Engine.paragraphs."""
        for segment in self._segments:
            for docnum in sorted(segment.live):
                yield self._paragraph(segment, docnum)

    def forms(self) -> Iterable[str]:
        """See Engine.forms."""
        return sorted(set().union(*(segment.forms("exact") for segment in self._segments)))

    def df(self, form: str) -> int:
        """See Engine.df."""
        return self._df("exact", form)

    def values(self, field: str) -> Iterable[str]:
        """See Engine.values."""
        found = {value for s in self._segments for value in s.text_values(field, s.live)}
        return sorted({one for value in found for one in value.split("\x1f") if one})

    def close(self) -> None:
        """See Engine.close."""


def _held(matcher: SegmentMatcher, name: str, forms: SlotForms) -> int:
    if forms is None:
        return len(matcher.word_counts())
    if len(forms) == 1:
        return matcher.segment.df(name, forms[0])
    return len(matcher.holding(name, forms))


def _periods(days: Any, digits: int, docs: Iterable[int]) -> Iterator[tuple[str, ...]]:
    names = {number: _period(f"{number:08}", digits) if number else "" for number in set(days)}
    return ((names[days[docnum]],) for docnum in docs)


def _period(day: str, digits: int) -> str:
    return day[:4] if digits == 4 else f"{day[:4]}-{day[4:6]}"
