"""One segment of a Whoosh index, as sets of docnums.

A docnum is a document's place in its segment; it never leaves the engine.
Deleted documents are taken out here, so nothing above ever sees one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import Any

from whoosh.reading import TermNotFound

from searcher.engines.postings import blocks, holders, positions
from searcher.indexing.columns import column_array
from searcher.indexing.documents import paragraph as stored_paragraph
from searcher.model import KINDS, Paragraph

Docs = set[int]

FEW = 200
"""Documents whose stored fields are read sooner than a whole column."""


class Segment:
    """The live documents of one segment.

    Args:
        reader: Whoosh's reader of that segment.
    """

    def __init__(self, reader: Any) -> None:
        self.reader = reader
        self._columns: dict[str, Any] = {}
        self.deleted: Docs = self._deleted_paragraphs(reader.segment().deleted_docs())
        self._kinds: dict[str, Docs] = {}
        self._forms: dict[str, list[str]] = {}

    def _deleted_paragraphs(self, deleted: Collection[int]) -> Docs:
        # Every commit deletes records of the index itself; only paragraphs have postings to
        # take them out of, and without any the counts that Whoosh keeps are right as they are.
        return {d for d in deleted if self.column("article_no")[d]} if deleted else set()

    @cached_property
    def live(self) -> Docs:
        """Every paragraph; the index's own records are no paragraphs."""
        return set().union(*(self.kind(kind) for kind in KINDS))

    def kind(self, kind: str) -> Docs:
        """Return the paragraphs of a kind."""
        if kind not in self._kinds:
            self._kinds[kind] = self.docs("kind", kind)
        return self._kinds[kind]

    def docs(self, field: str, term: str | bytes) -> Docs:
        """Return the documents that hold a term."""
        found: Docs = set()
        for docnums, _ in self._blocks(field, term):
            found.update(docnums)
        return found - self.deleted if self.deleted else found

    def docs_among(self, field: str, term: str, wanted: Docs) -> Docs:
        """Return those of some live documents that hold a term."""
        matcher = self._matcher(field, term)
        return set(holders(matcher, wanted)) if matcher else set()

    def tf(self, field: str, term: str) -> dict[int, float]:
        """Return how often a term occurs in each document that holds it."""
        counts: dict[int, float] = {}
        for docnums, weights in self._blocks(field, term):
            counts.update(zip(docnums, weights, strict=True))
        for docnum in self.deleted & counts.keys():
            del counts[docnum]
        return counts

    def df(self, field: str, term: str) -> int:
        """Return how many documents hold a term."""
        if self.deleted:
            return len(self.docs(field, term))
        return int(self.reader.doc_frequency(field, _bytes(term)))

    def _blocks(self, field: str, term: str | bytes) -> Iterable[Any]:
        matcher = self._matcher(field, term)
        return blocks(matcher) if matcher else ()

    def _matcher(self, field: str, term: str | bytes) -> Any:
        key = _bytes(term) if isinstance(term, str) else term
        try:
            return self.reader.postings(field, key)
        except TermNotFound:
            return None

    def positions(self, field: str, term: str, wanted: Collection[int]) -> Mapping[int, list[int]]:
        """Return where a term stands in each of the wanted documents that hold it."""
        matcher = self._matcher(field, term)
        return dict(positions(matcher, wanted)) if matcher else {}

    def forms(self, field: str) -> list[str]:
        """Return every term of a field in order; terms of deleted documents may be among them."""
        if field not in self._forms:
            self._forms[field] = [term.decode() for term in self.reader.lexicon(field)]
        return self._forms[field]

    def prefixed(self, field: str, prefix: str) -> Iterable[str]:
        """Return the terms of a field that begin with a prefix, in order."""
        if field in self._forms or not prefix:
            return (form for form in self.forms(field) if form.startswith(prefix))
        return (term.decode() for term in self.reader.expand_prefix(field, _bytes(prefix)))

    def column(self, name: str) -> Any:
        """Return a column's values, one for each docnum, deleted ones too."""
        if name not in self._columns:
            self._columns[name] = column_array(self.reader, name)
        return self._columns[name]

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

    def keys(self, docnum: int) -> tuple[int, ...]:
        """Return the keys under which near-duplicates of a document are found."""
        return self._key_column[docnum] if self._key_column else ()

    def holders(self, key: int) -> Docs:
        """Return the documents that have a key."""
        found: Docs = set(self._key_column.holders(key)) if self._key_column else set()
        return found - self.deleted if self.deleted else found

    def article_docs(self, docnum: int) -> range:
        """Return the documents of one's article: they were written one behind the other.

        Deleted documents of an earlier state of the article may be among them.
        """
        articles = self.column("article_no")
        number, first, last = articles[docnum], docnum, docnum + 1
        while first and articles[first - 1] == number:
            first -= 1
        while last < len(articles) and articles[last] == number:
            last += 1
        return range(first, last)

    def whole_articles(self, docs: Collection[int]) -> Docs:
        """Return all documents of the articles that hold some."""
        found: Docs = set()
        for docnum in docs:
            if docnum not in found:
                found.update(self.article_docs(docnum))
        return found - self.deleted if self.deleted else found

    def paragraph(self, docnum: int) -> Paragraph:
        """Return a stored paragraph; its offsets count from the start of its article."""
        return stored_paragraph(self.stored(docnum))

    def stored(self, docnum: int) -> dict[str, Any]:
        """Return the stored fields of a document."""
        fields: dict[str, Any] = self.reader.stored_fields(docnum)
        return fields


def _bytes(term: str) -> bytes:
    # A query may hold a lone surrogate, which no term of an index does.
    return term.encode("utf-8", "surrogatepass")
