"""A segment file on its way, shared by the two writers that Whoosh fills it with.

Whoosh closes the writer of documents before it gives the terms, asks for the
lengths in between, and closes the writer of terms last.  The file is finished
when whoever writes to it is done.
"""

from __future__ import annotations

import os
import tempfile
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from whoosh.codec.base import PerDocumentReader

from searcher._native import Writer
from searcher.codec.files import discard, folder_of
from searcher.codec.lengths import rounded
from searcher.codec.segment import NativeSegment


class Draft:
    """The file of one segment before it is finished.

    Args:
        storage: where it will stand.
        segment: which one it is of.

    Attributes:
        writer: of the file.
        lengths: of each field, one a document; documents behind its end have none.
        doc_count: documents so far.
    """

    def __init__(self, storage: Any, segment: NativeSegment) -> None:
        self._storage = storage
        self._segment = segment
        self._is_lent = folder_of(storage) is None
        self._path = self._new_path()
        self._users = 0
        self._fields: set[str] = set()
        self.writer = Writer(self._path)
        self.lengths: dict[str, array[int]] = {}
        self.doc_count = 0
        segment.draft = self

    @classmethod
    def of(cls, storage: Any, segment: NativeSegment) -> Draft:
        """Return the draft that a segment has, or a new one, with one more user."""
        draft = segment.draft or cls(storage, segment)
        draft._users += 1
        return draft

    def _new_path(self) -> str:
        folder = folder_of(self._storage)
        if folder is None:
            folder = tempfile.mkdtemp()
        return os.path.join(folder, self._segment.file_name)  # noqa: PTH118

    def set_length(self, field: str, docnum: int, length: int) -> None:
        """Say how many tokens a document has in a field."""
        lengths = self.lengths.setdefault(field, array("I"))
        lengths.extend([0] * (docnum + 1 - len(lengths)))
        lengths[docnum] = length

    def start_field(self, name: str, carries: str) -> None:
        """Begin the terms of a field."""
        self.writer.start_field(name, carries)
        self._fields.add(name)

    def finish_field(self, name: str) -> None:
        """End the terms of a field; its lengths are known by now."""
        if name in self.lengths:
            self.writer.set_lengths(self.lengths[name].tobytes())

    def close(self) -> None:
        """Have one user less; without any the file is finished."""
        self._users -= 1
        if self._users == 0:
            self._segment.draft = None
            self._finish()

    def _finish(self) -> None:
        for name in self.lengths.keys() - self._fields:
            self.start_field(name, "nothing")
            self.finish_field(name)
        self.writer.finish(self.doc_count)
        if self._is_lent:
            self._give_back()

    def _give_back(self) -> None:
        content = Path(self._path).read_bytes()
        with self._storage.create_file(self._segment.file_name) as file:
            file.write(content)
        discard(self._path)
        Path(self._path).parent.rmdir()


class DraftReader(PerDocumentReader):  # type: ignore[misc]
    """The lengths of a segment that isn't finished, which Whoosh gives with each posting."""

    def __init__(self, draft: Draft, segment: NativeSegment) -> None:
        self._draft = draft
        self._segment = segment

    def doc_count_all(self) -> int:
        """Return how many documents there are."""
        return self._draft.doc_count

    def doc_count(self) -> int:
        """Return how many documents there are; none is deleted yet."""
        return self._draft.doc_count

    def has_deletions(self) -> bool:
        """Tell that nothing is deleted yet."""
        return False

    def is_deleted(self, docnum: int) -> bool:
        """Tell that nothing is deleted yet."""
        return False

    def deleted_docs(self) -> Iterator[int]:
        """Return nothing: no document is deleted yet."""
        return iter(())

    def doc_field_length_reader(self, fieldname: str, default: int = 0) -> Callable[[int], int]:
        """Return what gives the length of a document in a field."""
        lengths = self._draft.lengths.get(fieldname, array("I"))
        count = len(lengths)
        return lambda docnum: (rounded(lengths[docnum]) if docnum < count else 0) or default

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return the length of a document in a field."""
        return self.doc_field_length_reader(fieldname, default)(docnum)
