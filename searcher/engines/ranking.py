"""Scores of what a segment matched, and the first few of all hits in their order."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from searcher.engines.base import scoring_leaves
from searcher.engines.matching import STEMS, Found, SegmentMatcher
from searcher.engines.scoring import (
    KIND_WEIGHT,
    SECTION_WEIGHT,
    TITLE_WEIGHT,
    Weights,
    bm25_each,
    saturation,
)
from searcher.query.tree import And, InArticle, Not, Or, Query, Term, WordLeaf

BONUSES = (("title", TITLE_WEIGHT), ("section", SECTION_WEIGHT))


class SegmentScorer:
    """Scores documents of one segment.

    Args:
        matcher: the one that matched them.
        weights: the idf of every scoring leaf.
        mean_length: tokens of an average paragraph of the whole index.
    """

    def __init__(
        self, matcher: SegmentMatcher, weights: Mapping[WordLeaf, Weights], mean_length: float
    ) -> None:
        self._matcher = matcher
        self._weights = weights
        self._mean_length = mean_length

    def scores(self, tree: Query, found: Found) -> dict[int, float]:
        """Return the score of every document that a tree matched."""
        if not found.docs:
            return {}
        docs = list(found.docs)
        scores = dict(zip(docs, self._scores(tree, found, docs), strict=True))
        for kind, weight in KIND_WEIGHT.items():
            for docnum in self._matcher.segment.kind(kind) & found.docs:
                scores[docnum] *= weight
        return scores

    def _scores(self, tree: Query, found: Found, docs: list[int]) -> list[float]:
        self._matcher.check_time()
        if isinstance(tree, (And, Or, InArticle)):
            return self._sums(tree, found, docs)
        if isinstance(tree, Not) or tree not in self._weights:
            return [0.0] * len(docs)
        return self._leaf_scores(tree, found.tf, docs)  # type: ignore[arg-type]

    def _sums(self, tree: And | Or | InArticle, found: Found, docs: list[int]) -> list[float]:
        # From left to right: floats added in another order differ in the last bit.
        totals = [0.0] * len(docs)
        children = tree.wanted if isinstance(tree, InArticle) else tree.children
        for child, kept in zip(children, found.children, strict=True):
            if kept is None and not scoring_leaves(child):
                continue
            part = kept or self._matcher.find(child, found.docs)
            held = docs if isinstance(tree, And) else [d for d in docs if d in part.docs]
            if not held:
                continue
            scores = self._scores(child, part, held)
            if len(held) < len(docs):
                by_doc = dict(zip(held, scores, strict=True))
                scores = [by_doc.get(docnum, 0.0) for docnum in docs]
            totals = [total + score for total, score in zip(totals, scores, strict=True)]
        return totals

    def _leaf_scores(self, leaf: WordLeaf, tf: Mapping[int, float], docs: list[int]) -> list[float]:
        weights = self._weights[leaf]
        words = self._matcher.segment.column("words")
        lengths = [words[docnum] for docnum in docs]
        scores = bm25_each(weights.text, [tf[d] for d in docs], lengths, self._mean_length)
        if isinstance(leaf, Term):
            for field, factor in BONUSES:
                self._add_bonus(leaf, field, factor, docs, scores)
        return scores if leaf.boost == 1 else [leaf.boost * score for score in scores]

    def _add_bonus(
        self, leaf: Term, field: str, factor: float, docs: list[int], scores: list[float]
    ) -> None:
        tf = self._matcher.term_tf(STEMS[field], self._matcher.analyzer.stem(leaf.text))
        if not tf:
            return
        weight = getattr(self._weights[leaf], field)
        for at, docnum in enumerate(docs):
            if count := tf.get(docnum):
                scores[at] += factor * saturation(weight, count)


class Candidate(NamedTuple):
    """A hit before its paragraph is fetched.

    Attributes:
        major, minor: what it is sorted by, the greater first.
        score: its score.
        segment: ordinal of its segment.
        docnum: its document there.
    """

    major: float
    minor: float
    score: float
    segment: int
    docnum: int


def candidates(
    sort: str, segment: int, scores: Mapping[int, float], days: Sequence[int], count: int
) -> list[Candidate]:
    """Return the hits of a segment that may be among the first `count`, unordered.

    Args:
        sort: one of searcher.engines.base.SORTS.
        segment: its ordinal.
        scores: by docnum.
        days: yyyymmdd by docnum, 0 where undated.
        count: hits that are wanted of the whole index.
    """
    if sort == "score":
        best = _greatest(scores, count)
        return [Candidate(scores[d], days[d], scores[d], segment, d) for d in best]
    by_day = {d: float(days[d]) for d in scores}
    if sort == "oldest":
        by_day = {d: -day or -float("inf") for d, day in by_day.items()}
    return [
        Candidate(by_day[d], scores[d], scores[d], segment, d) for d in _greatest(by_day, count)
    ]


def _greatest(values: Mapping[int, float], count: int) -> Iterable[int]:
    """Return the keys of the `count` greatest values, ties at the end included."""
    if count >= len(values):
        return values
    least = heapq.nlargest(count, values.values())[-1]
    return [key for key, value in values.items() if value >= least]


def foremost(count: int, hits: Iterable[Candidate]) -> list[Candidate]:
    """Return the hits among which the first `count` are, ties at the end included.

    What parts ties (article and number) costs a read for each hit, so only
    those that may make the page are handed on.
    """
    hits = list(hits)
    if count >= len(hits):
        return hits
    if count <= 0:
        return []
    least = heapq.nlargest(count, ((hit.major, hit.minor) for hit in hits))[-1]
    return [hit for hit in hits if (hit.major, hit.minor) >= least]
