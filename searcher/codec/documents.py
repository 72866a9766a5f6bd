"""What isn't terms: stored fields, lengths, columns and vectors.

A column of a schema is kept as the bytes that Whoosh's own column class
writes, in a section of its own, and read back by that class.  The columns that
searcher's own segments have are the core's; `columns.py` shows those to Whoosh.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

from whoosh.codec.base import PerDocumentReader, PerDocumentWriter
from whoosh.filedb.structfile import BufferFile, StructFile

from searcher.codec.columns import CoreColumns
from searcher.codec.draft import Draft
from searcher.codec.files import opened
from searcher.codec.lengths import rounded
from searcher.codec.stored import add_stored, stored_fields
from searcher.codec.vectors import Item, VectorMatcher, VectorsReader, VectorsWriter

if TYPE_CHECKING:
    from searcher.codec.segment import NativeSegment

COLUMN, VECTOR = "column/", "vector/"
"""What the names of their sections begin with."""


def added_column(segment: NativeSegment, name: str) -> str:
    """Return the file of a column that was added to a finished segment (add_sortable())."""
    return str(segment.make_filename(f".{name}.col"))


class DocumentWriter(PerDocumentWriter):  # type: ignore[misc]
    """Gathers what isn't terms of the documents of a segment.

    Args:
        draft: the file being written.
    """

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._columns: dict[str, tuple[Any, BytesIO]] = {}
        self._vectors: dict[str, VectorsWriter] = {}
        self._docnum: int | None = None
        self._stored: dict[str, Any] = {}
        self._given: list[Callable[[], None]] = []
        self.is_closed = False

    def start_doc(self, docnum: int) -> None:
        """Begin a document.

        Raises:
            ValueError: one is begun already, or documents were left out.
        """
        if self._docnum is not None or docnum != self._draft.doc_count:
            expected = "the end of the one before" if self._docnum is not None else "document"
            raise ValueError(f"start_doc({docnum}): expected {expected} {self._draft.doc_count}")
        self._docnum = docnum
        self._stored, self._given = {}, []

    def add_field(self, fieldname: str, fieldobj: Any, value: Any, length: int | None) -> None:
        """Give what is stored of a field, and how many tokens it has."""
        docnum = self._current()
        if value is not None:
            self._stored[fieldname] = value
        if length:
            tokens = length
            self._given.append(lambda: self._draft.set_length(fieldname, docnum, tokens))

    def add_column_value(self, fieldname: str, columnobj: Any, value: Any) -> None:
        """Give the value of a column."""
        docnum = self._current()
        self._given.append(lambda: self._column(fieldname, columnobj).add(docnum, value))

    def add_vector_items(self, fieldname: str, fieldobj: Any, items: Iterable[Item]) -> None:
        """Give the vector of a field: (term, weight, value) of each term, in order."""
        docnum, found = self._current(), list(items)
        if found:
            self._given.append(lambda: self._vector(fieldname).add(docnum, found))

    def _current(self) -> int:
        if self._docnum is None:
            raise ValueError("a field without a document; call start_doc() first")
        return self._docnum

    def _column(self, name: str, column: Any) -> Any:
        if name not in self._columns:
            content = BytesIO()
            self._columns[name] = column.writer(StructFile(content, name)), content
        return self._columns[name][0]

    def _vector(self, name: str) -> VectorsWriter:
        return self._vectors.setdefault(name, VectorsWriter())

    def finish_doc(self) -> None:
        """Take the document in; nothing of it was before."""
        add_stored(self._draft.writer, self._stored)
        for give in self._given:
            give()
        self._draft.doc_count += 1
        self._docnum = None

    def cancel_doc(self) -> None:
        """Forget the document."""
        self._docnum = None

    def close(self) -> None:
        """Finish the columns and vectors."""
        if self.is_closed:
            return
        if self._docnum is not None:
            self.finish_doc()
        for name, (writer, content) in self._columns.items():
            writer.finish(self._draft.doc_count)
            self._draft.writer.add_section(COLUMN + name, content.getvalue())
        for name, vectors in self._vectors.items():
            self._draft.writer.add_section(VECTOR + name, vectors.content())
        self.is_closed = True
        self._draft.close()


class DocumentReader(PerDocumentReader):  # type: ignore[misc]
    """Reads what isn't terms of the documents of a segment.

    Args:
        storage: where its file is.
        segment: with its deletions.
    """

    def __init__(self, storage: Any, segment: NativeSegment) -> None:
        core = opened(storage, segment)
        self._core = core
        self._storage = storage
        self._segment = segment
        self._own = CoreColumns(core)
        self._sections = frozenset(core.sections())
        self._with_lengths = {name for name, _, has_lengths in core.fields() if has_lengths}
        self._files: dict[str, bytes] = {}
        self._vectors: dict[str, VectorsReader] = {}
        self._extremes: dict[str, tuple[int, int]] = {}

    def doc_count(self) -> int:
        """Return how many documents aren't deleted."""
        return self._core.doc_count - self._segment.deleted_count()

    def doc_count_all(self) -> int:
        """Return how many documents there are, deleted ones too."""
        return self._core.doc_count

    def has_deletions(self) -> bool:
        """Tell whether any document is deleted."""
        return bool(self._segment.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        """Tell whether a document is deleted."""
        return self._segment.is_deleted(docnum)

    def deleted_docs(self) -> Iterator[int]:
        """Return the deleted documents, ascending."""
        return self._segment.deleted_docs()

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return what is stored of a document."""
        refuse = getattr(self._storage, "refuses_pickles", False)
        return stored_fields(self._core, docnum, refuse=refuse)

    # Columns.

    def supports_columns(self) -> bool:
        """Tell Whoosh that columns are kept."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """Tell whether the segment has a column of a field."""
        return (
            COLUMN + fieldname in self._sections
            or fieldname in self._own
            or self._is_added(fieldname)
        )

    def _is_added(self, name: str) -> bool:
        return bool(self._storage.file_exists(added_column(self._segment, name)))

    def list_columns(self) -> list[str]:
        """Return the names of the columns."""
        return sorted({name.removeprefix(COLUMN) for name in self._sections if COLUMN in name})

    def column_reader(self, fieldname: str, column: Any) -> Any:
        """Return a reader of a column."""
        if fieldname in self._own:
            return self._own.reader(fieldname, column)
        content = self._column(fieldname)
        return column.reader(BufferFile(content), 0, len(content), self._core.doc_count)

    def _column(self, name: str) -> bytes:
        if COLUMN + name in self._sections:
            return self._section(COLUMN + name)
        with self._storage.open_file(added_column(self._segment, name)) as file:
            content: bytes = file.read()
        return content

    def _section(self, name: str) -> bytes:
        if name not in self._files:
            content = self._core.section(name)
            if content is None:
                raise KeyError(name)
            self._files[name] = content
        return self._files[name]

    # Lengths.

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return the length of a document in a field, rounded as Whoosh does."""
        if fieldname not in self._with_lengths:
            return default
        return rounded(self._core.length(fieldname, docnum)) or default

    def field_length(self, fieldname: str) -> int:
        """Return how many tokens all documents have in a field."""
        return self._core.total_length(fieldname)

    def min_field_length(self, fieldname: str) -> int:
        """Return the least length of a field, 0 where a document has none of it."""
        return self._least_and_most(fieldname)[0]

    def max_field_length(self, fieldname: str) -> int:
        """Return the most length of a field."""
        return self._least_and_most(fieldname)[1]

    def _least_and_most(self, name: str) -> tuple[int, int]:
        if name not in self._extremes:
            lengths = memoryview(self._core.lengths(name)).cast("I")
            least, most = min(lengths, default=0), max(lengths, default=0)
            self._extremes[name] = rounded(least), rounded(most)
        return self._extremes[name]

    # Vectors.

    def has_vector(self, docnum: int, fieldname: str) -> bool:
        """Tell whether a document has a vector of a field."""
        return VECTOR + fieldname in self._sections and docnum in self._vectors_of(fieldname)

    def vector(self, docnum: int, fieldname: str, format_: Any) -> VectorMatcher:
        """Return the vector of a document.

        Raises:
            KeyError: it has none; ask has_vector() first.
        """
        return VectorMatcher(self._vectors_of(fieldname).items(docnum), format_)

    def _vectors_of(self, name: str) -> VectorsReader:
        if name not in self._vectors:
            self._vectors[name] = VectorsReader(self._section(VECTOR + name))
        return self._vectors[name]
