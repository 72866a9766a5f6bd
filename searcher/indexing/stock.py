"""Segments of Whoosh's own codec, read without running anything that they name.

The codec unpickles at five places: the directory of a segment, the blocks of a
posting list and the head of each, the positions of a posting, what is stored
of a document.  The directory and the heads are read through the file
(mapped.py); the others have their seams here.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

from whoosh.codec.whoosh3 import (
    W3Codec,
    W3LeafMatcher,
    W3PerDocReader,
    W3Segment,
    W3TermInfo,
    W3TermsReader,
)
from whoosh.columns import CompressedBytesColumn
from whoosh.formats import Characters
from whoosh.reading import EmptyReader, MultiReader, SegmentReader, TermNotFound

from searcher.codec.unpickle import loads

_STORED = CompressedBytesColumn()


class StockCodec(W3Codec):  # type: ignore[misc]
    """Reads what W3Codec wrote."""

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> StockMatcher:
        """Return the postings of a term."""
        offset, length = terminfo.extent()
        return StockMatcher(dbfile, offset, length, format_, term=term, scorer=scorer)

    def terms_reader(self, storage: Any, segment: Any) -> TermsReader:
        """Return the reader of a segment's terms."""
        name = segment.make_filename(self.TERMS_EXT)
        postings = segment.open_file(storage, self.POSTS_EXT)
        return TermsReader(self, storage.open_file(name), storage.file_length(name), postings)

    def per_document_reader(self, storage: Any, segment: Any) -> DocumentReader:
        """Return the reader of what a segment keeps by document."""
        return DocumentReader(storage, segment)


class StockMatcher(W3LeafMatcher):  # type: ignore[misc]
    """A posting list whose blocks may name nothing but plain values."""

    def _read_data(self) -> None:
        data = self._postfile.get(self._dataoffset, self._nextoffset - self._dataoffset)
        self._data = loads(zlib.decompress(data) if self._compression else data)


class TermsReader(W3TermsReader):  # type: ignore[misc]
    """Terms whose postings stand in the file of postings, as Whoosh always writes them."""

    def term_info(self, fieldname: str, tbytes: bytes) -> W3TermInfo:
        """Return what is known of a term.

        Raises:
            TermNotFound: no document holds it.
        """
        found = self._tindex.get(self._keycoder(fieldname, tbytes))
        if found is None:
            raise TermNotFound(f"No term {fieldname}:{tbytes!r}")
        return _term_info(found)

    def items(self) -> Iterator[tuple[tuple[str, bytes], W3TermInfo]]:
        """Yield all terms with what is known of them, in order."""
        return self._with_infos(self._tindex.items())

    def items_from(
        self, fieldname: str, prefix: bytes
    ) -> Iterator[tuple[tuple[str, bytes], W3TermInfo]]:
        """Yield terms from one on, with what is known of them."""
        return self._with_infos(self._tindex.items_from(self._keycoder(fieldname, prefix)))

    def _with_infos(self, items: Any) -> Iterator[tuple[tuple[str, bytes], W3TermInfo]]:
        return ((self._keydecoder(key), _term_info(value)) for key, value in items)


def _term_info(packed: bytes) -> W3TermInfo:
    """Return what is known of a term.

    Raises:
        ValueError: its postings stand beside it, which only a made-up file has.
    """
    if packed[0]:
        raise ValueError("a term with its postings beside it")
    return W3TermInfo.from_bytes(packed)


class DocumentReader(W3PerDocReader):  # type: ignore[misc]
    """Stored fields that may be nothing but plain values."""

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return what is stored of a document."""
        packed = self._cached_reader("_stored", _STORED)[docnum]
        fields: dict[str, Any] = loads(packed) if packed else {}
        return fields


def places(format_: Any, value: bytes) -> list[int]:
    """Return the positions that a posting's value holds.

    Args:
        format_: of the field: Positions, or Characters.
        value: the number of places, and a pickled list of the steps between them.
    """
    steps = loads(value[4:] if value.endswith(b".") else value[4:] + b".")
    if isinstance(format_, Characters):
        steps = [step[0] for step in steps]
    found, position = [], 0
    for step in steps:
        position += step
        found.append(position)
    return found


def segment_reader(storage: Any, fields: Any, segment: Any, generation: int | None = None) -> Any:
    """Return Whoosh's reader of one segment of any codec."""
    codec = StockCodec() if isinstance(segment, W3Segment) else segment.codec()
    return SegmentReader(storage, fields, segment, generation=generation, codec=codec)


def index_reader(storage: Any, fields: Any, segments: list[Any], generation: int) -> Any:
    """Return Whoosh's reader of some segments as one."""
    readers = [segment_reader(storage, fields, segment, generation) for segment in segments]
    if len(readers) > 1:
        return MultiReader(readers, generation=generation)
    return readers[0] if readers else EmptyReader(fields)
