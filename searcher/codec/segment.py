"""A native segment as an index's table of contents names it.

The table holds what a segment file can't: which of its documents were deleted
since.  Whoosh pickles this class by its import path; move it, and no index
written before can be opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from whoosh.codec.base import Segment

if TYPE_CHECKING:
    from searcher.codec.codec import NativeCodec
    from searcher.codec.draft import Draft

EXTENSION = ".nat"
"""Of a segment file: `MAIN_<id>.nat`."""


class NativeSegment(Segment):  # type: ignore[misc]
    """One segment file with its deletions.

    Args:
        indexname: of the index, `MAIN`.
        doccount: documents, deleted ones too.
        segid: made up when it isn't given.
        deleted: docnums.

    Attributes:
        draft: the file while it is being written; never part of the table of contents.
    """

    draft: Draft | None = None

    def __init__(
        self,
        indexname: str,
        doccount: int = 0,
        segid: str | None = None,
        deleted: Iterable[int] | None = None,
    ) -> None:
        self.indexname = indexname
        self.segid = segid or self._random_id()
        self.compound = False
        self._doccount = doccount
        self._deleted: set[int] = set(deleted or ())

    def __getstate__(self) -> dict[str, Any]:
        state = dict(self.__dict__)
        state.pop("draft", None)
        return state

    def codec(self) -> NativeCodec:
        """Return the codec that reads it."""
        from searcher.codec.codec import NativeCodec

        return NativeCodec()

    @property
    def file_name(self) -> str:
        """Name of its file in the folder of the index."""
        return str(self.make_filename(EXTENSION))

    def should_assemble(self) -> bool:
        """Tell Whoosh that one file is all there is."""
        return False

    def set_doc_count(self, doccount: int) -> None:
        """Set how many documents it holds, deleted ones too."""
        self._doccount = doccount

    def doc_count_all(self) -> int:
        """Return how many documents it holds, deleted ones too."""
        return self._doccount

    def deleted_count(self) -> int:
        """Return how many of its documents are deleted."""
        return len(self._deleted)

    def deleted_docs(self) -> Iterator[int]:
        """Return the docnums of deleted documents, ascending."""
        return iter(sorted(self._deleted))

    def is_deleted(self, docnum: int) -> bool:
        """Tell whether a document is deleted."""
        return docnum in self._deleted

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        """Delete a document, or take its deletion back."""
        if delete:
            self._deleted.add(docnum)
        else:
            self._deleted.discard(docnum)
