"""The codec: what Whoosh asks for the readers and writers of a segment.

from whoosh.index import create_in
from searcher.codec import NativeCodec

ix = create_in("index", schema)
with ix.writer(codec=NativeCodec()) as writer:
    writer.add_document(title="Rain", text="It rained at noon.")
"""

from __future__ import annotations

from typing import Any

from whoosh.codec.base import Codec, PerDocumentReader

from searcher.codec.documents import DocumentReader, DocumentWriter, added_column
from searcher.codec.draft import Draft, DraftReader
from searcher.codec.files import opened
from searcher.codec.segment import NativeSegment
from searcher.codec.terms import TermsReader, TermsWriter


class NativeCodec(Codec):  # type: ignore[misc]
    """Segments of the native core for any program of Whoosh."""

    def new_segment(self, storage: Any, indexname: str) -> NativeSegment:
        """Return a segment that nothing was written to."""
        return NativeSegment(indexname)

    def per_document_writer(self, storage: Any, segment: NativeSegment) -> DocumentWriter:
        """Return the writer of stored fields, lengths, columns and vectors."""
        return DocumentWriter(Draft.of(storage, segment))

    def field_writer(self, storage: Any, segment: NativeSegment) -> TermsWriter:
        """Return the writer of terms and their postings."""
        return TermsWriter(Draft.of(storage, segment))

    def per_document_reader(self, storage: Any, segment: NativeSegment) -> PerDocumentReader:
        """Return the reader of what isn't terms; of an unfinished segment, of its lengths."""
        if not isinstance(segment, NativeSegment):
            # Whoosh's parallel writer asks the parent's codec for segments of its children.
            return segment.codec().per_document_reader(storage, segment)
        if segment.draft is not None:
            return DraftReader(segment.draft, segment)
        return DocumentReader(storage, segment)

    def terms_reader(self, storage: Any, segment: NativeSegment) -> TermsReader:
        """Return the reader of terms and their postings."""
        return TermsReader(opened(storage, segment))

    def column_filename(self, segment: NativeSegment, fieldname: str) -> str:
        """Return the file of a column that is added to a finished segment."""
        return added_column(segment, fieldname)

    def supports_columns(self) -> bool:
        """Tell Whoosh that columns are kept."""
        return True
