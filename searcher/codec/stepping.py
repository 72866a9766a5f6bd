"""What a query finds in a segment that isn't native: Whoosh's matchers, stepped through.

Only leaves are asked of matchers.  What And, Or, Not and their like make of
them is said here, because some of Whoosh's own matchers for those are wrong:
AndNot may keep its first document, Require fails, and an And of a SpanOr
can't be made.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from whoosh import query

if TYPE_CHECKING:
    from whoosh.searching import Searcher

Found = dict[int, float]
"""Score by document."""


def stepped(matcher: Any) -> Found:
    """Return the documents and scores of a matcher, all of them stepped through."""
    found = {}
    while matcher.is_active():
        found[matcher.id()] = matcher.score()
        matcher.next()
    return found


def packed(found: Found) -> tuple[bytes, bytes]:
    """Return documents, ascending, as native-endian uint32, and their scores as float64."""
    docs = sorted(found)
    scores = array("d", [found[doc] for doc in docs])
    return array("I", docs).tobytes(), scores.tobytes()


def found_in(asked: query.Query, searcher: Searcher) -> Found:
    """Return what a query finds in the only segment of a searcher."""
    known = _KNOWN.get(type(asked))
    if known is None or getattr(asked, "scale", None):
        return stepped(asked.matcher(searcher, searcher.context()))
    return known(asked, searcher)


def _compound(
    pick: Callable[..., Iterable[int]],
) -> Callable[[query.And | query.Or, Searcher], Found]:
    def found(asked: query.And | query.Or, searcher: Searcher) -> Found:
        parts = [found_in(child, searcher) for child in asked.subqueries]
        # Whoosh leaves the boost of a single one out too.
        boost = asked.boost if len(parts) > 1 else 1.0
        docs = pick(*map(set, parts)) if parts else ()
        return {doc: boost * sum(part.get(doc, 0.0) for part in parts) for doc in docs}

    return found


def _not(asked: query.Not, searcher: Searcher) -> Found:
    live = searcher.reader().all_doc_ids()
    return dict.fromkeys(set(live) - found_in(asked.query, searcher).keys(), 1.0)


def _constant(asked: query.ConstantScoreQuery, searcher: Searcher) -> Found:
    return dict.fromkeys(found_in(asked.child, searcher), asked.score)


def _pair(join: Callable[[Found, Found], Found]) -> Callable[[Any, Searcher], Found]:
    return lambda asked, searcher: join(found_in(asked.a, searcher), found_in(asked.b, searcher))


_KNOWN: dict[type, Callable[[Any, Any], Found]] = {
    query.And: _compound(set.intersection),
    query.Or: _compound(set.union),
    query.Not: _not,
    query.ConstantScoreQuery: _constant,
    query.AndNot: _pair(lambda a, b: {doc: a[doc] for doc in a.keys() - b.keys()}),
    query.AndMaybe: _pair(lambda a, b: {doc: score + b.get(doc, 0.0) for doc, score in a.items()}),
    query.Require: _pair(lambda a, b: {doc: a[doc] for doc in a.keys() & b.keys()}),
    query.Otherwise: _pair(lambda a, b: a or b),
}
