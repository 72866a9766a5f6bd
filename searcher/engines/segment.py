"""One segment of an index, as sets of docnums.

A docnum is a document's place in its segment; it never leaves the engine.
Deleted documents are taken out here, so nothing above ever sees one.

Two kinds of segment stand behind it: Whoosh's own (whoosh_segment.py) and the
native core's (native_segment.py).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from typing import Any

from searcher.indexing.documents import paragraph as stored_paragraph
from searcher.model import KINDS, Paragraph
from searcher.query.tree import Written

Docs = set[int]
Check = Callable[[], None]
"""Raises once the time of a search is over."""


class Segment(ABC):
    """The live documents of one segment.

    Args:
        deleted: docnums of deleted documents, the index's own records among them.
    """

    def __init__(self, deleted: Collection[int]) -> None:
        self._columns: dict[str, Any] = {}
        self._kinds: dict[str, Docs] = {}
        self._forms: dict[str, list[str]] = {}
        self.deleted: Docs = self._deleted_paragraphs(deleted)

    def _deleted_paragraphs(self, deleted: Collection[int]) -> Docs:
        # Every commit deletes records of the index itself; only paragraphs have postings to
        # take them out of, and without any the counts that are stored are right as they are.
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

    @abstractmethod
    def docs(self, field: str, term: str | bytes) -> Docs:
        """Return the documents that hold a term."""

    @abstractmethod
    def docs_among(self, field: str, term: str, wanted: Docs) -> Docs:
        """Return those of some live documents that hold a term."""

    @abstractmethod
    def tf(self, field: str, term: str) -> dict[int, float]:
        """Return how often a term occurs in each document that holds it."""

    def df(self, field: str, term: str) -> int:
        """Return how many documents hold a term."""
        return len(self.docs(field, term)) if self.deleted else self._stored_df(field, term)

    @abstractmethod
    def _stored_df(self, field: str, term: str) -> int:
        """Return how many documents hold a term, deleted ones too."""

    @abstractmethod
    def positions(
        self, field: str, term: str, wanted: Collection[int], span: range
    ) -> Mapping[int, list[int]]:
        """Return where a term stands in each of the wanted documents that hold it.

        Args:
            wanted: live documents.
            span: docnums that all of them are among.
        """

    def forms(self, field: str) -> list[str]:
        """Return every term of a field in order; terms of deleted documents may be among them."""
        if field not in self._forms:
            self._forms[field] = list(self._terms(field, ""))
        return self._forms[field]

    def prefixed(self, field: str, prefix: str) -> Iterable[str]:
        """Return the terms of a field that begin with a prefix, in order."""
        if field in self._forms or not prefix:
            return (form for form in self.forms(field) if form.startswith(prefix))
        return self._terms(field, prefix)

    @abstractmethod
    def _terms(self, field: str, prefix: str) -> Iterable[str]:
        """Return the terms of a field that begin with a prefix, in order, as they are stored."""

    def column(self, name: str) -> Any:
        """Return a column's values, one for each docnum, deleted ones too."""
        if name not in self._columns:
            self._columns[name] = self._stored_column(name)
        return self._columns[name]

    @abstractmethod
    def _stored_column(self, name: str) -> Any:
        """Return a column's values as they are stored."""

    @abstractmethod
    def text_values(self, name: str, docs: Collection[int]) -> list[str]:
        """Return the section, article or joined desks of some documents."""

    @abstractmethod
    def article_keys(self, docs: Docs) -> list[int]:
        """Return the keys (searcher.duplicates.keys) of the article that has some documents."""

    @abstractmethod
    def holders(self, key: int) -> Docs:
        """Return the documents that have a key of near-duplicates."""

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

    def written(
        self, leaf: Written, docs: Docs, _check_time: Check
    ) -> tuple[dict[int, float], Docs]:
        """Count what is written as a leaf wants it, without making paragraphs.

        Args:
            leaf: on the text.
            docs: documents that hold its words.

        Returns:
            tuple: the counts by document; and the documents that weren't looked at.
        """
        return {}, docs

    def paragraph(self, docnum: int) -> Paragraph:
        """Return a stored paragraph; its offsets count from the start of its article."""
        return stored_paragraph(self.stored(docnum))

    @abstractmethod
    def stored(self, docnum: int) -> dict[str, Any]:
        """Return the stored fields of a document."""


def term_bytes(term: str) -> bytes:
    """Return the bytes of a term of a query."""
    # A query may hold a lone surrogate, which no term of an index does.
    return term.encode("utf-8", "surrogatepass")
