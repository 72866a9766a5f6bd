"""A segment of the native core, read without Whoosh."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from searcher._native import written
from searcher.engines.segment import Check, Docs, Segment, term_bytes
from searcher.query.tree import Written
from searcher.query.written import plain_words

_ALIKE, KEY_BYTES = ".alike", 6
"""The field whose terms the keys of near-duplicates are, and their length: those of
searcher.codec.columns, which loads Whoosh."""

if TYPE_CHECKING:
    from searcher._native import Segment as Core

STEP = 2000
"""Paragraphs that are read between two looks at the clock: some milliseconds."""

NUMBERS = frozenset(("date", "words", "article_no", "number"))
"""Columns of numbers; the others are of text."""


class NativeSegment(Segment):
    """The live documents of one segment of the native core.

    Args:
        core: the segment.
        deleted: docnums of deleted documents, the index's own records among them.
    """

    def __init__(self, core: Core, deleted: Collection[int] = ()) -> None:
        self.core = core
        super().__init__(deleted)

    def docs(self, field: str, term: str | bytes) -> Docs:
        """Return the documents that hold a term."""
        found = set(self._docs(field, term))
        return found - self.deleted if self.deleted else found

    def _docs(self, field: str, term: str | bytes) -> array[int]:
        key = term_bytes(term) if isinstance(term, str) else term
        return numbers(self.core.docs(field, key))

    def tf(self, field: str, term: str) -> dict[int, float]:
        """Return how often a term occurs in each document that holds it."""
        times = map(float, numbers(self.core.tfs(field, term_bytes(term))))
        counts = dict(zip(self._docs(field, term), times, strict=True))
        for docnum in self.deleted & counts.keys():
            del counts[docnum]
        return counts

    def _stored_df(self, field: str, term: str) -> int:
        info = self.core.term_info(field, term_bytes(term))
        return info[0] if info else 0

    def docs_among(self, field: str, term: str, wanted: Docs) -> Docs:
        """Return those of some live documents that hold a term."""
        return wanted.intersection(self._docs(field, term))

    def positions(
        self, field: str, term: str, wanted: Collection[int], span: range
    ) -> Mapping[int, list[int]]:
        """Return where a term stands in each of the wanted documents that hold it."""
        all_docs = self._docs(field, term)
        near = all_docs[bisect_left(all_docs, span.start) : bisect_left(all_docs, span.stop)]
        docs = array("I", [docnum for docnum in near if docnum in wanted])
        if not docs:
            return {}
        places = self.core.positions(field, term_bytes(term), docs.tobytes())
        return dict(zip(docs, places, strict=True))

    def _terms(self, field: str, prefix: str) -> Iterable[str]:
        return (term.decode() for term in self.core.prefixed(field, term_bytes(prefix)))

    def _stored_column(self, name: str) -> Any:
        if name not in NUMBERS:
            return self.core.texts(name) or [""] * self.core.doc_count
        stored = self.core.numbers(name)
        return array("I", [0]) * self.core.doc_count if stored is None else numbers(stored)

    def text_values(self, name: str, docs: Collection[int]) -> list[str]:
        """Return the section, article or joined desks of some documents."""
        text = self.core.text
        return [text(name, docnum) for docnum in docs]

    def article_keys(self, docs: Docs) -> list[int]:
        """Return the keys of the article that has some documents; they are made anew."""
        from searcher.duplicates.keys import article_keys

        return article_keys(map(self.paragraph, sorted(docs)))

    def holders(self, key: int) -> Docs:
        """Return the documents that have a key of near-duplicates."""
        return self.docs(_ALIKE, key.to_bytes(KEY_BYTES, "big"))

    def written(
        self, leaf: Written, docs: Docs, check_time: Check
    ) -> tuple[dict[int, float], Docs]:
        """See Segment.written; the core reads texts whose letters it can compare."""
        words = plain_words(leaf)
        if words is None:
            return {}, docs
        counts: dict[int, float] = {}
        unread: Docs = set()
        ordered = sorted(docs)
        for at in range(0, len(ordered), STEP):
            check_time()
            some = array("I", ordered[at : at + STEP]).tobytes()
            found, tfs, rest = map(numbers, written(self.core, some, *words))
            counts.update(zip(found, map(float, tfs), strict=True))
            unread.update(rest)
        return counts, unread

    def stored(self, docnum: int) -> dict[str, Any]:
        """Return the stored fields of a document."""
        return self.core.stored(docnum)


def numbers(packed: bytes) -> array[int]:
    """Return the numbers in native-endian uint32."""
    return array("I", packed)
