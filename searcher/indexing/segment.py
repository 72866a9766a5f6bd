"""A Whoosh segment writer that takes whole paragraphs, tokenised once.

What it writes is a stock W3 segment, and the index names stock classes for it:
any Whoosh reads it.  Only the way there is shorter.  Stock turns each word
into a Token, each posting into a call, and sorts all of them as tuples; here
the postings of a term are one list from the start (`pool`), and a block of 128
is written from slices of it.

Everything goes through Whoosh's own seams: a Codec, its per-document writer
and field writer, and a SegmentWriter.
"""

from __future__ import annotations

import contextlib
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, groupby
from operator import itemgetter, sub
from pickle import dumps
from struct import Struct
from typing import Any

from whoosh.codec.whoosh3 import (
    COMPRESSION_MIN_SIZE,
    WHOOSH3_HEADER_MAGIC,
    W3Codec,
    W3FieldWriter,
    W3PerDocWriter,
    W3Segment,
)
from whoosh.util.numeric import length_to_byte
from whoosh.writing import SegmentWriter

from searcher.indexing.carry import carry_over
from searcher.indexing.columns import NumberColumn, column_array
from searcher.indexing.compose import Composer, Words
from searcher.indexing.key_column import KeyColumn
from searcher.indexing.pool import Flat, TermPool
from searcher.indexing.postings import Posting, lone_posting
from searcher.indexing.stock import StockMatcher, index_reader, segment_reader
from searcher.indexing.storage import DurableStorage, is_committed
from searcher.model import Article, Paragraph

BLOCK = 128
COMPRESSION = 3
# Whoosh reads any pickle; protocol 2, its own choice, has no bytes and spells
# them as text.
PICKLE = 4

_TERM_INFO = Struct("!BfIBBfIIqi")
_BLOCK_LENGTH = Struct("!i")


class ParagraphCodec(W3Codec):  # type: ignore[misc]
    """Writes W3 segments by the short way; the segments say they are plain W3."""

    def per_document_writer(self, storage: Any, segment: Any) -> DocumentWriter:
        """Return the writer of stored fields, lengths and columns."""
        return DocumentWriter(self, storage, segment)

    def field_writer(self, storage: Any, segment: Any) -> TermWriter:
        """Return the writer of terms and postings."""
        return TermWriter(self, storage, segment)

    def new_segment(self, storage: Any, indexname: str) -> W3Segment:
        """Return a segment that every reader opens with the stock codec."""
        return W3Segment(W3Codec(), indexname)


class DocumentWriter(W3PerDocWriter):  # type: ignore[misc]
    """Writes what a segment keeps by document.

    Attributes:
        lengths: field to one byte a document, Whoosh's rounded field length.
    """

    def __init__(self, codec: W3Codec, storage: Any, segment: Any) -> None:
        super().__init__(codec, storage, segment)
        self.lengths: dict[str, array[int]] = {}

    def add_whole(
        self,
        docnum: int,
        stored: Mapping[str, Any],
        lengths: Mapping[str, int],
        columns: Mapping[str, tuple[Any, Any]],
    ) -> None:
        """Add one document at once.

        Args:
            docnum: the next one.
            stored: its stored fields.
            lengths: number of words of each field that is scored by it.
            columns: field to (column, value).
        """
        self.start_doc(docnum)
        if stored:
            self._colwriters["_stored"].add(docnum, stored)
        for name, length in lengths.items():
            self._add_length(name, docnum, length)
        for name, (column, value) in columns.items():
            self.add_column_value(name, column, value)
        self._indoc = False

    def _add_length(self, name: str, docnum: int, length: int) -> None:
        self._set_length_byte(name, docnum, length_to_byte(length))
        self._fieldlengths[name] += length

    def _set_length_byte(self, name: str, docnum: int, byte: int) -> None:
        self.add_column_value(f"_{name}_len", _LENGTHS, byte)
        if name not in self.lengths:
            self.lengths[name] = self._get_column(f"_{name}_len").values

    def add_field(self, fieldname: str, fieldobj: Any, value: Any, length: int) -> None:
        """Add one field of a document, the stock way."""
        if value is not None:
            self._storedfields[fieldname] = value
        if length:
            self._add_length(fieldname, self._docnum, length)


_LENGTHS = NumberColumn("B")


class TermWriter(W3FieldWriter):  # type: ignore[misc]
    """Writes the terms of a segment, each with its postings as one list."""

    def add_field(
        self, name: str, field: Any, terms: Iterator[tuple[bytes, Flat]], lengths: Any
    ) -> None:
        """Write all terms of a field, in order.

        Args:
            name: the field's.
            field: its type in the schema.
            terms: (term, docnum, weight, value, docnum…) in the order of their bytes.
            lengths: Whoosh's length byte of each document; empty when none is kept.
        """
        self.start_field(name, field)
        has_values = field.format.fixed_value_size() != 0
        key = self._fieldid.to_bytes(2, "big")
        for term, flat in terms:
            self._tindex.add(key + term, self._write_term(flat, has_values, lengths))
        self.finish_field()

    def _write_term(self, flat: Flat, has_values: bool, lengths: Any) -> bytes:
        docs, weights = flat[0::3], flat[1::3]
        values = flat[2::3] if has_values else None
        shortest, longest = _extremes(lengths, docs)
        at = self._postfile.tell()
        blocks = _blocks(docs, weights, values, lengths)
        whole = b"".join((WHOOSH3_HEADER_MAGIC, *blocks))
        self._postfile.write(whole)
        return _TERM_INFO.pack(
            0,
            sum(weights),
            len(docs),
            shortest,
            longest,
            max(weights),
            docs[0],
            docs[-1],
            at,
            len(whole),
        )


def _blocks(docs: Flat, weights: Flat, values: Flat | None, lengths: Any) -> Iterator[bytes]:
    for at in range(0, len(docs), BLOCK):
        ids, some = docs[at : at + BLOCK], weights[at : at + BLOCK]
        held = tuple(values[at : at + BLOCK]) if values is not None else None
        steps = tuple(map(sub, ids, [0, *ids]))
        last = at + BLOCK >= len(docs)
        yield from _block(ids, (steps, _short(some), held), max(some), lengths, last)


def _block(
    ids: Flat, content: tuple[Any, ...], heaviest: float, lengths: Any, last: bool
) -> Iterator[bytes]:
    data, level = dumps(content, PICKLE), 0
    if len(data) >= COMPRESSION_MIN_SIZE:
        data, level = zlib.compress(data, COMPRESSION), COMPRESSION
    shortest, longest = _extremes(lengths, ids)
    info = dumps((len(ids), ids[-1], heaviest, level, shortest, longest), 2)
    size = len(info) + len(data)
    yield _BLOCK_LENGTH.pack(-size if last else size)
    yield info
    yield data


def _short(weights: Flat) -> Any:
    first = weights[0]
    if weights.count(first) == len(weights):
        return None if first == 1.0 else first
    return tuple(weights)


def _extremes(lengths: Any, docs: Flat) -> tuple[int, int]:
    if not lengths:
        return 0, 0
    if len(docs) == 1:
        return lengths[docs[0]], lengths[docs[0]]
    found = [lengths[doc] for doc in docs]
    return min(found), max(found)


class BlockMatcher(StockMatcher):
    """Reads a posting list a block at a time."""

    def flat(self) -> Flat:
        """Return the whole list: docnum, weight, value, docnum…"""
        found: Flat = []
        while self.is_active():
            self._read_ids()
            self._read_weights()
            self._read_values()
            values = (value or b"" for value in self._values)
            found.extend(chain.from_iterable(zip(self._ids, self._weights, values, strict=True)))
            self._next_block()
        return found


class ParagraphWriter(SegmentWriter):  # type: ignore[misc]
    """Writes one segment of paragraphs and commits it.

    It takes no lock: the caller holds the index's write lock over all the
    segments of a run.

    Args:
        index: the Whoosh index.
        fields: the schema that the index is to have.
        composer: makes documents of its paragraphs.
        limit_bytes: memory for postings before they go to a temporary file.
    """

    def __init__(self, index: Any, fields: Any, composer: Composer, limit_bytes: int) -> None:
        super().__init__(index, _lk=False, codec=ParagraphCodec())
        self.schema = fields
        self.pool = TermPool(self._tempstorage, limit_bytes)
        self._composer = composer

    def add(self, article: Article, number: int, source: str) -> Words:
        """Add an article as it was read, and return how many words it has."""
        return self.add_article(article.paragraphs(), number, article.start_char, source)

    def add_article(
        self, paragraphs: Iterable[Paragraph], number: int, base: int, source: str
    ) -> Words:
        """Add the paragraphs of one article, and return how many words they have.

        Args:
            paragraphs: in order.
            number: the article's serial number.
            base: its first character in its source.
            source: name of the source.
        """
        words = Words()
        for document in self._composer.documents(paragraphs, number, base, source):
            self.add_whole(*document)
            words.count(document.lengths)
        return words

    def add_record(self, names: Iterable[str], payload: Any) -> None:
        """Add a record of the index itself under some names."""
        postings = [posting for name in names for posting in lone_posting(name)]
        self.add_whole({"record": postings}, {"payload": payload}, {}, {})

    def add_segment(self, segment: Any) -> None:
        """Add the live documents of a segment after those that are there."""
        reader = segment_reader(self.storage, self.schema, segment)
        try:
            if isinstance(segment, W3Segment):
                self.add_reader(reader)
            else:
                carry_over(reader, self)
        finally:
            reader.close()

    def add_whole(
        self,
        postings: Mapping[str, list[Posting]],
        stored: Mapping[str, Any],
        lengths: Mapping[str, int],
        columns: Mapping[str, tuple[Any, Any]],
    ) -> None:
        """Add one document whose every value is ready; see DocumentWriter.add_whole."""
        self.perdocwriter.add_whole(self.docnum, stored, lengths, columns)
        for name, found in postings.items():
            self.pool.add_document(name, self.docnum, found)
        self._added = True
        self.docnum += 1

    def add_reader(self, reader: Any) -> None:
        """Add the live documents of a segment after those that are there."""
        newnums = self._copy_documents(reader)
        for (field, term), info in reader:
            if field in self.schema and (flat := _moved(reader, field, term, info, newnums)):
                self.pool.add_term(field, term, flat)
        self._added = True

    def _copy_documents(self, reader: Any) -> list[int]:
        newnums = [-1] * reader.doc_count_all()
        scored = [name for name, field in self.schema.items() if field.scorable]
        kept = {
            name: (field.column_type, _raw_column(reader, name))
            for name, field in self.schema.items()
            if field.column_type and reader.has_column(name)
        }
        for docnum, stored in reader.iter_docs():
            newnums[docnum] = self.docnum
            lengths = {n: v for n in scored if (v := reader.doc_field_length(docnum, n))}
            columns = {n: (column, values[docnum]) for n, (column, values) in kept.items()}
            self.perdocwriter.add_whole(self.docnum, stored, lengths, columns)
            self.docnum += 1
        return newnums

    def _flush_segment(self) -> None:
        lengths = self.perdocwriter.lengths
        self.perdocwriter.close()
        for name, terms in groupby(self.pool.terms(), key=itemgetter(0)):
            found = ((term, flat) for _, term, flat in terms)
            self.fieldwriter.add_field(name, self.schema[name], found, lengths.get(name, ()))
        self.fieldwriter.close()

    def _commit_toc(self, segments: list[Any]) -> None:
        if self._added and isinstance(self.storage, DurableStorage):
            self.storage.sync(self.newsegment.make_filename(self.newsegment.COMPOUND_EXT))
        super()._commit_toc(segments)

    def reader(self, reuse: Any = None) -> Any:
        """Return a reader of the index as it was, without what was deleted since."""
        return index_reader(self.storage, self.schema, self.segments, self.generation)

    def discard(self) -> None:
        """Drop all that was added and every file of it, unless it is committed already."""
        with contextlib.suppress(Exception):
            self.cancel()
        if is_committed(self.storage, self.generation):
            return
        for name in self.newsegment.list_files(self.storage):
            with contextlib.suppress(OSError):
                self.storage.delete_file(name)


def _raw_column(reader: Any, name: str) -> Any:
    column = reader.schema[name].column_type
    if isinstance(column, NumberColumn | KeyColumn):
        return column_array(reader, name)
    return reader.column_reader(name, column=column, translate=False)


def _moved(reader: Any, field: str, term: bytes, info: Any, newnums: list[int]) -> Flat:
    flat = _postings(reader, field, term, info)
    docs = [newnums[doc] for doc in flat[0::3]]
    if min(docs) < 0:
        live = [i for i, doc in enumerate(docs) if doc >= 0]
        return [x for i in live for x in (docs[i], flat[3 * i + 1], flat[3 * i + 2])]
    flat[0::3] = docs
    return flat


def _postings(reader: Any, field: str, term: bytes, info: Any) -> Flat:
    offset, length = info.extent()
    form = reader.schema[field].format
    return BlockMatcher(reader._terms._postfile, offset, length, form).flat()
