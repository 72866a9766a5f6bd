"""Whoosh's postings in bulk: whole blocks at a time instead of one call a posting.

This is the only module that knows how Whoosh's own codec lays out a posting
list in memory.  Its leaf matcher decodes blocks of 128; stepping through them
with `next()` costs four Python calls a posting, taking the decoded block as it
is costs one.  Matchers of other codecs are stepped through.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import Any

from whoosh.codec.whoosh3 import W3LeafMatcher

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


def positions(matcher: Any, wanted: Container[int]) -> Iterator[tuple[int, list[int]]]:
    """Yield (docnum, positions) for the postings of the wanted documents."""
    matcher = leaf_matcher(matcher)
    decode = matcher.format.decode_positions
    if not isinstance(matcher, W3LeafMatcher):
        yield from _stepped_positions(matcher, wanted, decode)
        return
    while matcher.is_active():
        matcher.id()
        picked = [at for at, docnum in enumerate(matcher._ids) if docnum in wanted]
        if picked:
            matcher.value()
            ids, values = matcher._ids, matcher._values
            for at in picked:
                yield ids[at], decode(values[at])
        matcher._next_block()


def _stepped_positions(
    matcher: Any, wanted: Container[int], decode: Any
) -> Iterator[tuple[int, list[int]]]:
    while matcher.is_active():
        if matcher.id() in wanted:
            yield matcher.id(), decode(matcher.value())
        matcher.next()
