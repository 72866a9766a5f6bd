"""What to try when nothing matched: a word the archive has, a filter to drop."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import chain, islice

from searcher.engines.base import Engine
from searcher.errors import QueryLimitError
from searcher.query.expressions import edits, within
from searcher.query.limits import Limits
from searcher.query.tree import (
    Everything,
    Fuzzy,
    Not,
    Phrase,
    Query,
    Term,
    WordLeaf,
    Written,
    conjunction,
    conjuncts,
    leaves,
    positive_leaves,
)

MAX_SUGGESTIONS = 5

SHORT = 3
"""Words of fewer letters are near to far too many others."""

_CHECKED_EVERY = 1000


def suggestions(tree: Query, engine: Engine, limits: Limits) -> tuple[str, ...]:
    """Return sentences that say what would have found something.

    What isn't found in time is left out: the answer itself stands already.

    Args:
        tree: a tree without a hit.
        engine: what it was asked.
        limits: bounds on all looks together.
    """
    limits = limits.started()
    count = _counter(engine, limits)
    found = chain(_respelled(tree, engine, count, limits), _emptied(tree, count))
    return tuple(islice(_in_time(found), MAX_SUGGESTIONS))


def _in_time(found: Iterable[str]) -> Iterator[str]:
    """Yield what is found, each once, until a limit is met."""
    seen = set()
    with suppress(QueryLimitError):
        for sentence in found:
            if sentence not in seen:
                yield sentence
            seen.add(sentence)


def _counter(engine: Engine, limits: Limits) -> Callable[[Query], int]:
    def count(tree: Query) -> int:
        answer = engine.search(
            tree, offset=0, limit=0, sort="score", by_article=False, limits=limits
        )
        return answer.total

    return count


def _respelled(
    tree: Query, engine: Engine, count: Callable[[Query], int], limits: Limits
) -> Iterator[str]:
    for word in dict.fromkeys(_words(tree)):
        if not count(Term("text", word)):
            near = nearest_forms(word, _timed(engine.forms(), limits), engine.df)
            if near:
                yield f"No paragraph has {word!r}. Did you mean {', '.join(near)}?"
            else:
                yield f"No paragraph has {word!r}."


def _timed(forms: Iterable[str], limits: Limits) -> Iterator[str]:
    for at, form in enumerate(forms):
        if at % _CHECKED_EVERY == 0:
            limits.check_time()
        yield form


def _words(tree: Query) -> Iterator[str]:
    found = (word for unit in positive_leaves(tree) for word in leaves(unit))
    for leaf in (word.child if isinstance(word, Written) else word for word in found):
        if isinstance(leaf, (Term, Fuzzy)) and leaf.field == "text":
            yield leaf.text
        elif isinstance(leaf, Phrase) and leaf.field == "text":
            yield from (slot.text for slot in leaf.slots if not slot.is_pattern)


def nearest_forms(
    word: str, forms: Iterable[str], df: Callable[[str], int], most: int = 3
) -> list[str]:
    """Return the forms nearest to a word: fewest edits first, then the more frequent.

    Args:
        word: an exact form.
        forms: what to choose from.
        df: paragraphs that hold a form; asked only of the nearest.
        most: how many to return.
    """
    if len(word) < SHORT:
        return []
    distance = 1 if len(word) < 5 else 2
    is_near = within(word, distance)
    near = heapq.nsmallest(50, ((edits(word, f, distance), f) for f in forms if is_near(f)))
    ranked = sorted((edit, -df(form), form) for edit, form in near if edit <= distance)
    return [form for _, negative_df, form in ranked if negative_df][:most]


def _emptied(tree: Query, count: Callable[[Query], int]) -> Iterator[str]:
    """Name each filter without which there are hits."""
    parts = conjuncts(tree)
    for at, part in enumerate(parts):
        if (isinstance(part, WordLeaf) and part.field == "text") or len(parts) == 1:
            continue
        rest = conjunction([*parts[:at], *parts[at + 1 :]])
        if not isinstance(rest, Everything) and (hits := count(rest)):
            what = f"the exclusion {part}" if isinstance(part, Not) else f"{part}"
            yield f"Without {what} there are {hits}."
