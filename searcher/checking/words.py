"""Is every paragraph found by its own words, and by nothing else?

A segment is made anew from what is stored in it, and the two are compared:
every term with its documents and positions, every column, every length.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from searcher.errors import IndexIncompatible, SearcherError
from searcher.indexing.carry import carry_over
from searcher.indexing.codecs import NATIVE, STOCK, writers
from searcher.indexing.columns import column_array
from searcher.indexing.merge import drop_all
from searcher.indexing.schema import language_of
from searcher.indexing.stock import places, segment_reader
from searcher.indexing.storage import create_index, open_index


class Compared(NamedTuple):
    """How much was compared."""

    terms: int
    postings: int


def compare(storage: Any, fields: Any, segment: Any) -> Compared:
    """Make a segment anew from what is stored in it, and compare the two.

    Args:
        storage, fields, segment: Whoosh's.

    Raises:
        SearcherError: they differ; the message says where.
        IndexIncompatible: it holds documents that another program wrote.
    """
    reader = segment_reader(storage, fields, segment)
    with ExitStack() as held:
        held.callback(reader.close)
        folder = held.enter_context(TemporaryDirectory(prefix="searcher-check-"))
        anew = held.enter_context(_made_anew(Path(folder), fields, segment, reader))
        return _Comparison(reader, anew).compared()


def _made_anew(folder: Path, fields: Any, segment: Any, reader: Any) -> Any:
    codec = NATIVE if hasattr(segment, "file_name") else STOCK
    writer = writers(codec).new(create_index(folder, language_of(fields)), fields)
    try:
        _carry(reader, writer)
        writer.commit(mergetype=drop_all)
    except BaseException:
        writer.discard()
        raise
    return open_index(folder, any_format=True).reader()


def _carry(reader: Any, writer: Any) -> None:
    try:
        carry_over(reader, writer)
    except KeyError as error:
        raise IndexIncompatible(f"a document without {error}") from error


class _Comparison:
    """Two readers of what should be one segment, the first with deleted documents."""

    def __init__(self, stored: Any, anew: Any) -> None:
        self._stored, self._anew = stored, anew
        gone = set(stored.segment().deleted_docs())
        self._live = [doc for doc in range(stored.doc_count_all()) if doc not in gone]
        self._new_number = {doc: at for at, doc in enumerate(self._live)}
        self._read = _lists(stored), _lists(anew)

    def compared(self) -> Compared:
        """Compare everything, and return how much that was."""
        if len(self._live) != self._anew.doc_count_all():
            raise SearcherError(
                f"{len(self._live)} documents, but {self._anew.doc_count_all()} are stored"
            )
        for name, field in self._stored.schema.items():
            if field.column_type is not None:
                self._compare_column(name)
        terms = postings = 0
        for name in self._read[1].fields():
            counted = self._compare_field(name)
            terms, postings = terms + counted.terms, postings + counted.postings
        return Compared(terms, postings)

    def _compare_column(self, name: str) -> None:
        stored, anew = column_array(self._stored, name), column_array(self._anew, name)
        for doc, expected in zip(self._live, anew, strict=True):
            if stored[doc] != expected:
                raise SearcherError(
                    f"column {name} of document {doc}: {stored[doc]!r}, expected {expected!r}"
                )

    def _compare_field(self, name: str) -> Compared:
        stored, anew = self._read
        waiting, postings, terms = stored.terms(name), 0, 0
        for term in anew.terms(name):
            self._pass_over(name, waiting, term)
            expected = anew.postings(name, term)
            found = [
                (self._new_number[doc], where)
                for doc, where in stored.postings(name, term)
                if doc in self._new_number
            ]
            if found != expected:
                raise SearcherError(f"field {name}, term {term!r}: {_difference(found, expected)}")
            terms, postings = terms + 1, postings + len(expected)
        self._pass_over(name, waiting, None)
        return Compared(terms, postings)

    def _pass_over(self, name: str, waiting: Iterator[bytes], until: bytes | None) -> None:
        """Pass over the terms of deleted documents, which are no longer stored."""
        for term in waiting:
            if term == until:
                return
            docs = [doc for doc, _ in self._read[0].postings(name, term)]
            if any(doc in self._new_number for doc in docs):
                raise SearcherError(f"field {name}, term {term!r}: no stored document has it")
        if until is not None:
            raise SearcherError(f"field {name}, term {until!r}: missing")


Postings = list[tuple[int, Sequence[int]]]
"""(document, positions) of each document that holds a term; how often, without positions."""


def _difference(found: Postings, expected: Postings) -> str:
    differing = [pair for pair in zip(found, expected, strict=False) if pair[0] != pair[1]]
    if differing:
        return f"{differing[0][0]}, expected {differing[0][1]}"
    return f"{len(found)} documents, expected {len(expected)}"


def _lists(reader: Any) -> _CoreLists | _StockLists:
    segment = reader.segment()
    if not hasattr(segment, "file_name"):
        return _StockLists(reader)
    from searcher.codec.files import opened

    return _CoreLists(opened(reader.storage(), segment))


class _CoreLists:
    """The posting lists of a native segment."""

    def __init__(self, core: Any) -> None:
        self._core = core
        self._carries = {name: carries for name, carries, _ in core.fields()}

    def fields(self) -> list[str]:
        return sorted(self._carries)

    def terms(self, name: str) -> Iterator[bytes]:
        start = b""
        while found := self._core.terms(name, start, 4096):
            yield from found
            start = found[-1] + b"\0"

    def postings(self, name: str, term: bytes) -> Postings:
        packed = self._core.docs(name, term)
        docs = memoryview(packed).cast("I")
        if self._carries[name] == "positions":
            return list(zip(docs, self._core.positions(name, term, packed), strict=True))
        return [(doc, ()) for doc in docs]


class _StockLists:
    """The posting lists of a segment of Whoosh's codec."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader

    def fields(self) -> list[str]:
        return sorted(self._reader.indexed_field_names())

    def terms(self, name: str) -> Iterator[bytes]:
        for field, term in self._reader.terms_from(name, b""):
            if field != name:
                return
            yield term

    def postings(self, name: str, term: bytes) -> Postings:
        matcher, found = self._reader._terms.matcher(name, term, self._format(name)), []
        where = _places_of(self._format(name))
        while matcher.is_active():
            found.append((matcher.id(), where(matcher)))
            matcher.next()
        return found

    def _format(self, name: str) -> Any:
        return self._reader.schema[name].format


def _places_of(format_: Any) -> Callable[[Any], Sequence[int]]:
    if format_.supports("positions"):
        return lambda matcher: places(format_, matcher.value())
    return lambda matcher: ()
