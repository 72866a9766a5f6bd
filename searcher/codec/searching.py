"""A Searcher of Whoosh that has the core answer, over segments of any codec.

    from searcher.codec import NativeSearcher
    with NativeSearcher(ix.reader(), fromindex=ix) as searcher:
        results = searcher.search(parser.parse("oil prices"), limit=10)

It takes every query, filter, facet and collector that Whoosh's own takes and
gives its results.  What it finds is what Whoosh finds when it steps through
every match: where Whoosh's own search skips blocks and loses better hits or
brings deleted documents back, this one doesn't.  `len(results)` is exact and
costs nothing more.

The one seam is `found()`: what a query finds in one segment.  The core says
so for a native segment (plans.py), Whoosh's matchers for any other
(stepping.py).
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from whoosh.collectors import Collector, ScoredCollector
from whoosh.searching import Results, Searcher
from whoosh.util.numeric import byte_to_length

from searcher._native import StockFound, StockSegment, best_found
from searcher.codec.files import opened
from searcher.codec.plans import SCORINGS, NativeQuery, Planner
from searcher.codec.segment import NativeSegment
from searcher.codec.stepping import found_in, packed

if TYPE_CHECKING:
    from whoosh.query import Query

    from searcher._native import Segment

_PLAIN = {"limit", "filter", "mask", "optimize"}
"""Options of `search` that need no collector of Whoosh's."""

_LENGTHS = [byte_to_length(byte) for byte in range(256)]


class NativeSearcher(Searcher):  # type: ignore[misc]
    """Searches an index of Whoosh natively; arguments as of whoosh.searching.Searcher.

    It may be used by several threads at once, for searches.  Results differ
    from Whoosh's own where those are wrong (docs/python.md#whooshs-own-queries).
    """

    def search(self, q: Query, **options: Any) -> Results:
        """Return what a query finds; options as of Whoosh's own `search`.

        Raises:
            ValueError: `limit` is below 1.
        """
        if not self._is_known():
            return super().search(q, **options)
        if options.keys() <= _PLAIN:
            return self._page(q, **options)
        if options.get("terms"):
            # Which terms matched is known by the matchers of each term alone.
            return super().search(q, **options)
        results = super().search(NativeQuery(q), **options)
        results.q = q
        return results

    def collector(self, **options: Any) -> Collector:
        """Return a collector that passes over no match; options as of `search`."""
        made = inner = super().collector(**{**options, "optimize": False})
        while hasattr(inner, "child"):
            inner = inner.child
        if isinstance(inner, ScoredCollector):
            # Matchers that were exchanged on the way lose scores.
            inner.replace = 0
        return made

    def docs_for_query(self, q: Query, for_deletion: bool = False) -> Iterator[int]:
        """Yield the documents that a query finds, ascending."""
        if for_deletion:
            yield from super().docs_for_query(q, for_deletion=True)
            return
        for part, offset in self.leaf_searchers():
            yield from _numbered(part.found(q, scored=False), offset)

    def found(self, q: Query, *, scored: bool = True) -> StockFound:
        """Return what a query finds in the only segment of this searcher."""
        if self._segment is None or not self._is_known():
            return StockFound(*packed(found_in(q, self)))
        core, segment = self._segment
        return segment.find(Planner(self, core).plan(q), scored)

    def _is_known(self) -> bool:
        return type(self.weighting) in SCORINGS and not self.weighting.use_final

    @cached_property
    def _segment(self) -> tuple[Segment, StockSegment] | None:
        reader = self.reader()
        segment = getattr(reader, "segment", lambda: None)()
        if not isinstance(segment, NativeSegment):
            return None
        core = opened(reader.storage(), segment)
        deleted = array("I", segment.deleted_docs())
        return core, StockSegment(core, deleted.tobytes(), _LENGTHS)

    def _page(
        self,
        q: Query,
        limit: int | None = 10,
        filter: Any = None,
        mask: Any = None,
        optimize: bool = True,
    ) -> Results:
        if limit is not None and limit < 1:
            raise ValueError("limit must be >= 1")
        collector = FoundCollector()
        collector.prepare(self, q, self.context())
        parts = [(part.found(q), offset) for part, offset in self.leaf_searchers()]
        all_found = sum(len(found) for found, _ in parts)
        for documents, wanted in ((filter, True), (mask, False)):
            # Whoosh takes an empty filter for none; here nothing passes it.
            if documents is not None:
                parts = self._kept(parts, self._filter_to_comb(documents), wanted)
        collector.take(parts, limit)
        results = collector.results()
        # As Whoosh's own collector of filters says them.
        results.allowed, results.restricted = filter, mask
        results.filtered_count = all_found - collector.count()
        return results

    def _kept(
        self, parts: list[tuple[StockFound, int]], documents: Iterable[int], wanted: bool
    ) -> list[tuple[StockFound, int]]:
        ordered = array("I", sorted(documents))
        kept = []
        for (found, offset), (part, _) in zip(parts, self.leaf_searchers(), strict=True):
            start = bisect_left(ordered, offset)
            end = bisect_left(ordered, offset + part.doc_count_all())
            here = array("I", (doc - offset for doc in ordered[start:end]))
            kept.append((found.among(here.tobytes(), wanted), offset))
        return kept


class FoundCollector(Collector):  # type: ignore[misc]
    """Holds what was found, for the results of a search.

    Attributes:
        parts: what each segment found, and what to add to its documents.
    """

    parts: list[tuple[StockFound, int]]

    def take(self, parts: list[tuple[StockFound, int]], limit: int | None) -> None:
        """Take what was found, and the best of it."""
        self.parts = parts
        self.items = best_found(parts, limit)
        self.finish()

    def count(self) -> int:
        """Return how many documents were found."""
        return sum(len(found) for found, _ in self.parts)

    def all_ids(self) -> Iterator[int]:
        """Yield the documents that were found, ascending."""
        for found, offset in self.parts:
            yield from _numbered(found, offset)

    def results(self) -> Results:
        """Return the results."""
        return self._results(self.items)

    def collect(self, sub_docnum: int) -> Any:
        """Say that nothing is collected one by one."""
        raise NotImplementedError(type(self).__name__)

    sort_key = collect


def _numbered(found: StockFound, offset: int) -> Iterator[int]:
    return (doc + offset for doc in array("I", found.docs))
