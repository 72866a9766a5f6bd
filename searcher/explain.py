"""How a query was read and how a hit got its score, in lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from searcher.engines.base import Engine
from searcher.engines.recency import Recency
from searcher.engines.scoring import (
    KIND_WEIGHT,
    SECTION_WEIGHT,
    TITLE_WEIGHT,
    Weights,
    bm25,
    saturation,
)
from searcher.query.evaluate import View, matches, occurrences, placed
from searcher.query.limits import Limits
from searcher.query.tree import And, InArticle, Not, Or, Query, Term, WordLeaf


def query_lines(tree: Query, engine: Engine, limits: Limits) -> Iterator[str]:
    """Yield the tree in the query language and a line for each word that scores."""
    yield f"read as: {tree}"
    totals = engine.totals()
    yield f"of {totals.documents} paragraphs, {totals.mean_length:.1f} words on average"
    for leaf, (df, weights) in engine.weights(tree, limits).items():
        stem = f" (stem {_stem(leaf, engine)})" if isinstance(leaf, Term) else ""
        yield f"  {leaf}{stem}: in {df} paragraphs of any kind, weight {weights.text:.4f}"


def _stem(leaf: Term, engine: Engine) -> str:
    from searcher.analysis import Analyzer

    return Analyzer(engine.language).stem(leaf.text)


def hit_lines(
    tree: Query, view: View, engine: Engine, limits: Limits, recency: Recency | None = None
) -> Iterator[str]:
    """Yield the parts of a paragraph's score; the last line is the score."""
    if not matches(tree, view):
        yield f"{view.paragraph.id} does not match {tree}"
        return
    weights = {leaf: weight for leaf, (_, weight) in engine.weights(tree, limits).items()}
    total = 0.0
    for leaf in _matching(tree, view):
        if leaf in weights:
            mean = engine.totals().mean_length
            parts = _parts(leaf, view, weights[leaf], mean)
            total += leaf.boost * sum(score for _, score in parts)
            yield f"  {leaf}: {' + '.join(f'{score:.4f} {name}' for name, score in parts)}" + (
                f", times {leaf.boost:g}" if leaf.boost != 1 else ""
            )
    factor = KIND_WEIGHT.get(view.paragraph.kind, 1.0)
    by_kind = f", times {factor:g} for a {view.paragraph.kind}" if factor != 1 else ""
    age = recency.factor(view.paragraph.date) if recency else 1.0
    by_age = f", times {age:.4f} for its age" if recency else ""
    yield f"{view.paragraph.id}: {total * factor * age:.4f}{by_kind}{by_age}"


def _matching(tree: Query, view: View) -> Iterator[WordLeaf]:
    """Yield the word leaves that took part in the match, as often as they count."""
    if isinstance(tree, (And, Or, InArticle)):
        for child in tree.wanted if isinstance(tree, InArticle) else tree.children:
            if matches(child, view):
                yield from _matching(child, view)
    elif isinstance(tree, WordLeaf) and not isinstance(tree, Not):
        yield tree


def _parts(
    leaf: WordLeaf, view: View, weights: Weights, mean_length: float
) -> list[tuple[str, float]]:
    tf, length = len(placed(leaf, view)), len(view.tokens("text"))
    text = bm25(weights.text, tf, length, mean_length)
    parts = [(f"text ({tf} in {length} words)", text)]
    if isinstance(leaf, Term):
        for name, factor in _BONUS.items():
            if tf := len(occurrences(leaf, view.tokens(name), view.analyzer)):
                parts.append((name, factor * saturation(getattr(weights, name), tf)))
    return parts


_BONUS = {"title": TITLE_WEIGHT, "section": SECTION_WEIGHT}
