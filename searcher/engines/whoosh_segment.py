"""A segment that is read through Whoosh, whatever codec wrote it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import Any

from whoosh.reading import TermNotFound

from searcher.duplicates.keys import of_articles
from searcher.engines.postings import blocks, holders, positions
from searcher.engines.segment import Docs, Segment, term_bytes
from searcher.engines.told import tells
from searcher.errors import SearcherError
from searcher.indexing.columns import column_array
from searcher.indexing.damage import damaged
from searcher.indexing.storage import file_of

FEW = 200
"""Documents whose stored fields are read sooner than a whole column."""


def _tell(segment: WhooshSegment, error: BaseException) -> Exception:
    """Return the error of a segment that can't be read: damage can lead Whoosh to raise anything.

    Checksums find it first, where the commit has them (searcher/indexing/mapped.py).
    """
    if isinstance(error, SearcherError):
        return error
    reader = segment.reader
    name = file_of(reader.segment())
    return damaged(reader.storage().b.folder, f"{name}: {type(error).__name__}: {error}")


@tells(
    (
        *("docs", "docs_among", "tf", "positions", "text_values", "article_keys", "holders"),
        *("stored", "_stored_df", "_terms", "_stored_column"),
    ),
    (Exception,),
    _tell,
)
class WhooshSegment(Segment):
    """The live documents of one segment.

    Args:
        reader: Whoosh's reader of that segment.
    """

    def __init__(self, reader: Any) -> None:
        self.reader = reader
        super().__init__(reader.segment().deleted_docs())

    def docs(self, field: str, term: str | bytes) -> Docs:
        """Return the documents that hold a term."""
        found: Docs = set()
        for docnums, _ in self._blocks(field, term):
            found.update(docnums)
        return found - self.deleted if self.deleted else found

    def tf(self, field: str, term: str) -> dict[int, float]:
        """Return how often a term occurs in each document that holds it."""
        counts: dict[int, float] = {}
        for docnums, weights in self._blocks(field, term):
            counts.update(zip(docnums, weights, strict=True))
        for docnum in self.deleted & counts.keys():
            del counts[docnum]
        return counts

    def _stored_df(self, field: str, term: str) -> int:
        return int(self.reader.doc_frequency(field, term_bytes(term)))

    def _blocks(self, field: str, term: str | bytes) -> Iterable[Any]:
        matcher = self._matcher(field, term)
        return blocks(matcher) if matcher else ()

    def _matcher(self, field: str, term: str | bytes) -> Any:
        key = term_bytes(term) if isinstance(term, str) else term
        try:
            return self.reader.postings(field, key)
        except TermNotFound:
            return None

    def docs_among(self, field: str, term: str, wanted: Docs) -> Docs:
        """Return those of some live documents that hold a term."""
        matcher = self._matcher(field, term)
        return set(holders(matcher, wanted)) if matcher else set()

    def positions(
        self, field: str, term: str, wanted: Collection[int], span: range
    ) -> Mapping[int, list[int]]:
        """Return where a term stands in each of the wanted documents that hold it."""
        matcher = self._matcher(field, term)
        return dict(positions(matcher, wanted, span)) if matcher else {}

    def _terms(self, field: str, prefix: str) -> Iterable[str]:
        if not prefix:
            return (term.decode() for term in self.reader.lexicon(field))
        return (term.decode() for term in self.reader.expand_prefix(field, term_bytes(prefix)))

    def _stored_column(self, name: str) -> Any:
        return column_array(self.reader, name)

    def text_values(self, name: str, docs: Collection[int]) -> list[str]:
        """Return the section, article or joined desks of some documents."""
        if name == "article" and len(docs) <= FEW:
            return [self.stored(docnum)["article"] for docnum in docs]
        values = self.column(name)
        return [values[docnum] for docnum in docs]

    @cached_property
    def _key_column(self) -> Any:
        if not self.reader.has_column("alike"):
            return None
        column = self.reader.schema["alike"].column_type
        return self.reader.column_reader("alike", column=column, translate=False)

    def article_keys(self, docs: Docs) -> list[int]:
        """Return the keys (searcher.duplicates.keys) of the article that has some documents."""
        return of_articles(self._key_column[max(docs)]) if self._key_column else []

    def holders(self, key: int) -> Docs:
        """Return the documents that have a key."""
        found: Docs = set(self._key_column.holders(key)) if self._key_column else set()
        return found - self.deleted if self.deleted else found

    def stored(self, docnum: int) -> dict[str, Any]:
        """Return the stored fields of a document."""
        fields: dict[str, Any] = self.reader.stored_fields(docnum)
        return fields
