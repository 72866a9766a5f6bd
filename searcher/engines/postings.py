"""Whoosh's postings in bulk: whole blocks at a time instead of one call a posting.

This is the only module that knows how Whoosh's own codec lays out a posting
list in memory.  Its leaf matcher decodes blocks of 128; stepping through them
with `next()` costs four Python calls a posting, taking the decoded block as it
is costs one.  Matchers of other codecs are stepped through.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from whoosh.codec.whoosh3 import W3LeafMatcher

from searcher.indexing.stock import places

FEW = 1_000
"""More documents than these fall into most blocks anyhow, and aren't sorted to pass over some."""

ANY = range(1 << 32)
"""All docnums that there can be."""

Block = tuple[Sequence[int], Sequence[float]]


def leaf_matcher(matcher: Any) -> Any:
    """Return the matcher under the filters and boosts that Whoosh wraps around it.

    Deleted documents are then among its postings; the caller takes them out.
    """
    while hasattr(matcher, "child"):
        matcher = matcher.child
    return matcher


def blocks(matcher: Any) -> Iterator[Block]:
    """Yield (docnums, weights) of a matcher, block by block, deleted documents too."""
    matcher = leaf_matcher(matcher)
    if not isinstance(matcher, W3LeafMatcher):
        yield _stepped(matcher)
        return
    while matcher.is_active():
        matcher.id(), matcher.weight()
        yield matcher._ids, matcher._weights
        matcher._next_block()


def _stepped(matcher: Any) -> Block:
    docnums, weights = [], []
    while matcher.is_active():
        docnums.append(matcher.id())
        weights.append(matcher.weight())
        matcher.next()
    return docnums, weights


def positions(
    matcher: Any, wanted: Collection[int], span: range = ANY
) -> Iterator[tuple[int, list[int]]]:
    """Yield (docnum, positions) for the postings of the wanted documents, all of the span."""
    matcher = leaf_matcher(matcher)
    if not isinstance(matcher, W3LeafMatcher):
        yield from _stepped_positions(matcher, wanted, matcher.format.decode_positions)
        return
    for picked in _picked(matcher, wanted, span):
        matcher.value()
        ids, values = matcher._ids, matcher._values
        for at in picked:
            yield ids[at], places(matcher.format, values[at])


def holders(matcher: Any, wanted: Collection[int]) -> Iterator[int]:
    """Yield those of the wanted documents that a matcher has postings of."""
    matcher = leaf_matcher(matcher)
    if not isinstance(matcher, W3LeafMatcher):
        yield from (docnum for docnum in _stepped(matcher)[0] if docnum in wanted)
        return
    for picked in _picked(matcher, wanted):
        yield from (matcher._ids[at] for at in picked)


def _picked(
    matcher: W3LeafMatcher, wanted: Collection[int], span: range = ANY
) -> Iterator[list[int]]:
    """Yield the places of the wanted documents in each block that has some.

    A block that ends before the next wanted document isn't decoded.
    """
    ordered = sorted(wanted) if len(wanted) <= FEW else None
    passed = 0
    while matcher.is_active() and (ordered is None or passed < len(ordered)):
        before = passed
        if ordered is not None:
            passed = bisect_right(ordered, matcher.block_max_id(), before)
        if (ordered is None or passed > before) and matcher.block_max_id() >= span.start:
            if matcher.id() >= span.stop:
                return
            if picked := [at for at, docnum in enumerate(matcher._ids) if docnum in wanted]:
                yield picked
        matcher._next_block()


def _stepped_positions(
    matcher: Any, wanted: Collection[int], decode: Any
) -> Iterator[tuple[int, list[int]]]:
    while matcher.is_active():
        if matcher.id() in wanted:
            yield matcher.id(), decode(matcher.value())
        matcher.next()
