"""A Whoosh segment writer whose segment is made by the native core.

The table of contents, the deletions, the generations and the merge policy are
Whoosh's; the segment is one file of the core.  Words are cut, counted and
sorted there; Python is asked for the stem of each distinct word once.
"""

from __future__ import annotations

import contextlib
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from whoosh.codec.base import Codec
from whoosh.formats import Characters, Existence, Positions
from whoosh.writing import SegmentWriter

from searcher._native import Analysis, Builder, Segment
from searcher.analysis import Analyzer, fold_value, tokenize
from searcher.codec.columns import KEYS
from searcher.codec.segment import NativeSegment
from searcher.indexing.carry import carry_over
from searcher.indexing.compose import Words
from searcher.indexing.schema import language_of
from searcher.indexing.stock import index_reader, segment_reader
from searcher.indexing.storage import is_committed
from searcher.model import Article, Paragraph

_CARRIES = {Existence: "nothing", Positions: "positions", Characters: "positions"}
"""What postings of a Whoosh format carry; the places of characters are found in the text."""


def analysis(fields: Any) -> Analysis:
    """Return what an index with these fields asks Python for, to share by its writers."""
    stem, day = Analyzer(language_of(fields)).stem, fields["date"].to_bytes
    return Analysis(stem, tokenize, fold_value, day)


class NativeWriter(SegmentWriter):  # type: ignore[misc]
    """Writes one native segment of paragraphs and commits it.

    It takes no lock: the caller holds the index's write lock over all the
    segments of a run.

    Args:
        index: the Whoosh index.
        fields: the schema that the index is to have.
        analysis: of that schema.
        limit_bytes: memory for postings before they go to a temporary file.
    """

    def __init__(self, index: Any, fields: Any, analysis: Analysis, limit_bytes: int) -> None:
        super().__init__(index, _lk=False, codec=_NoCodec())
        self.schema = fields
        self._analysis = analysis
        self._builder = Builder(self._path(self.newsegment), list(_specs(fields)), limit_bytes)

    def _path(self, segment: Any) -> str:
        return str(Path(self.storage.folder, segment.file_name))

    def add_article(
        self, paragraphs: Sequence[Paragraph], number: int, base: int, source: str
    ) -> Words:
        """Add the paragraphs of one article, and return how many words they have.

        Args:
            paragraphs: in order; what they say of their article is what the first says.
            number: the article's serial number.
            base: its first character in its source.
            source: name of the source.
        """
        sums = self._builder.add_article(tuple(paragraphs), number, base, source, self._analysis)
        self._count()
        return Words(len(paragraphs), *sums)

    def add(self, article: Article, number: int, source: str) -> Words:
        """Add an article as it was read, and return how many words it has."""
        sums = self._builder.add(article, number, source, self._analysis)
        self._count()
        return Words(article.paragraph_count, *sums)

    def add_record(self, names: Sequence[str], payload: Any) -> None:
        """Add a record of the index itself under some names."""
        terms = [("record", [name.encode() for name in names])]
        self._builder.add_document(terms, {"payload": payload})
        self._count()

    def add_segment(self, segment: Any) -> None:
        """Add the live documents of a segment after those that are there."""
        if isinstance(segment, NativeSegment):
            deleted = array("I", sorted(segment.deleted_docs())).tobytes()
            self._builder.add_segment(Segment(self._path(segment)), deleted)
        else:
            self._carry(segment)
        self._count()

    def _carry(self, segment: Any) -> None:
        reader = segment_reader(self.storage, self.schema, segment)
        try:
            carry_over(reader, self)
        finally:
            reader.close()

    def _count(self) -> None:
        self.docnum = self._builder.doc_count
        self._added = True

    def _flush_segment(self) -> None:
        self._builder.finish()

    def _close_segment(self) -> None:
        self._builder.discard()

    def reader(self, reuse: Any = None) -> Any:
        """Return a reader of the index as it was, without what was deleted since."""
        return index_reader(self.storage, self.schema, self.segments, self.generation)

    def discard(self) -> None:
        """Drop all that was added and every file of it, unless it is committed already."""
        with contextlib.suppress(Exception):
            self.cancel()
        self._builder.discard()
        if not is_committed(self.storage, self.generation):
            Path(self._path(self.newsegment)).unlink(missing_ok=True)


def _specs(fields: Any) -> Iterator[tuple[str, str, bool]]:
    """Yield (name, what postings carry, whether documents have lengths) of each indexed field."""
    for name, field in fields.items():
        if field.indexed:
            yield name, _CARRIES[type(field.format)], bool(field.scorable)
    # To Whoosh a column; the core finds documents by key as it finds them by term.
    yield f"{KEYS}alike", "nothing", False


class _NoCodec(Codec):  # type: ignore[misc]
    """Stands where Whoosh's writer wants a codec: it names the segment and writes nothing."""

    def new_segment(self, storage: Any, indexname: str) -> NativeSegment:
        return NativeSegment(indexname)

    def per_document_writer(self, storage: Any, segment: Any) -> None:
        return None

    def field_writer(self, storage: Any, segment: Any) -> None:
        return None
