"""AND over a whole article, instead of over one paragraph.

>>> from searcher.query.parser import parse
>>> print(article_wide(parse("dam flood -rain desk:world", None)))
((dam AND/article flood AND/article NOT rain) AND desk:world)
>>> print(admitted(article_wide(parse("dam flood desk:world", None))))
((dam AND desk:world) AND/article (flood AND desk:world))
"""

from __future__ import annotations

from searcher.query.tree import (
    And,
    DateLeaf,
    Everything,
    InArticle,
    Leaf,
    Not,
    Or,
    Query,
    Quotation,
    WordLeaf,
    conjunction,
    map_units,
)
from searcher.values import replace

SCOPES = ("paragraph", "article")
"""What AND looks in."""


def article_wide(tree: Query) -> Query:
    """Return a tree whose AND and NOT mean the whole article.

    Each side of an OR is a query of its own.  What stands in brackets inside
    an AND stays what it is: `(dam flood) rain` wants the first two in one
    paragraph.  Filters stay filters of paragraphs.
    """
    if isinstance(tree, Or):
        return Or(tuple(map(article_wide, tree.children)))
    if isinstance(tree, And):
        parts = tuple(child for child in tree.children if not _is_filter(child))
        filters = [child for child in tree.children if _is_filter(child)]
        return conjunction([_together(parts), *filters]) if _is_apart(parts) else tree
    return _together((tree,)) if isinstance(tree, Not) and not _is_filter(tree) else tree


def _is_apart(parts: tuple[Query, ...]) -> bool:
    """Tell whether it makes a difference that the parts are looked for in an article."""
    return len(parts) > 1 or any(isinstance(part, Not) for part in parts)


def _together(parts: tuple[Query, ...]) -> InArticle:
    is_wanted = any(not isinstance(part, Not) for part in parts)
    return InArticle(parts if is_wanted else (Everything(), *parts))


def _is_filter(tree: Query) -> bool:
    return not any(
        isinstance(leaf, Quotation) or (isinstance(leaf, WordLeaf) and leaf.field == "text")
        for leaf in _units(tree)
    )


def _units(tree: Query) -> list[Leaf]:
    found: list[Leaf] = []
    map_units(tree, lambda leaf: found.append(leaf) or leaf)  # type: ignore[func-returns-value]
    return found


def admitted(tree: Query, filters: tuple[Query, ...] = ()) -> Query:
    """Return the tree in which what filters an AND/article filters each of its parts.

    So no part is looked for in a paragraph that the filters leave out.

    Args:
        filters: what already stands beside the tree.
    """
    if isinstance(tree, And):
        return _admitted_and(tree, filters)
    if isinstance(tree, Or):
        return Or(tuple(admitted(child, filters) for child in tree.children))
    if isinstance(tree, Not):
        return Not(admitted(tree.child, filters))
    return _admitted_parts(tree, filters) if isinstance(tree, InArticle) else tree


def _admitted_and(tree: And, filters: tuple[Query, ...]) -> Query:
    others = [child for child in tree.children if not _is_filter(child)]
    inner = (*filters, *(child for child in tree.children if _is_filter(child)))
    if len(others) == 1 and isinstance(others[0], InArticle):
        return admitted(others[0], inner)
    children = (child if _is_filter(child) else admitted(child, inner) for child in tree.children)
    return replace(tree, children=tuple(children))


def _admitted_parts(tree: InArticle, filters: tuple[Query, ...]) -> InArticle:
    if not filters:
        return InArticle(tuple(map(admitted, tree.parts)))
    # All of an article has one date: that filter leaves out no part of it, only all.
    undated = [one for one in filters if not all(isinstance(x, DateLeaf) for x in _units(one))]
    parts: list[Query] = [] if tree.wanted else [conjunction(list(filters))]
    for part in tree.parts:
        if isinstance(part, Not):
            parts.append(Not(conjunction([admitted(part.child), *undated])))
        else:
            parts.append(conjunction([admitted(part), *filters]))
    return InArticle(tuple(parts))
