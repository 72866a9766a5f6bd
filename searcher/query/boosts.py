"""Boosts: a factor on the score of the words below it."""

from __future__ import annotations

from searcher.query.tree import WORD_LEAVES, Leaf, Query, map_units, positive_leaves
from searcher.values import replace


def scale(tree: Query, boost: float) -> Query | None:
    """Return the tree with the scores of its words times `boost`; None if it scores nothing."""

    def scaled(leaf: Leaf) -> Query:
        if isinstance(leaf, WORD_LEAVES) and leaf.field == "text":
            return replace(leaf, boost=leaf.boost * boost)
        return leaf

    if not any(scaled(leaf) is not leaf for leaf in positive_leaves(tree)):
        return None
    return map_units(tree, scaled)
