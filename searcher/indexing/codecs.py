"""Which codec new segments are written with: the native core's, or Whoosh's own.

Segments of both can stand in one index.  The native one is the default where
the core was built.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from searcher.errors import SearcherError
from searcher.indexing.compose import Composer, Words
from searcher.model import Article, Paragraph

NATIVE, STOCK = "native", "stock"
CODECS = (NATIVE, STOCK)

COMMIT_EVERY = {NATIVE: 200_000, STOCK: 20_000}
"""Paragraphs after which what is done is committed: some seconds' work, which is what a killed
run loses.  Each commit makes a segment, and merging them rewrites every paragraph."""

LIMIT_BYTES = 256 * 1024 * 1024
"""Memory for postings before they go to a temporary file."""


class SegmentWriter(Protocol):
    """Writes one segment of paragraphs, as part of a Whoosh writer."""

    def add(self, article: Article, number: int, source: str) -> Words:
        """Add an article as it was read, and return how many words it has."""

    def add_article(
        self, paragraphs: Sequence[Paragraph], number: int, base: int, source: str
    ) -> Words:
        """Add the paragraphs of one article, and return how many words they have."""

    def add_record(self, names: Sequence[str], payload: Any) -> None:
        """Add a record of the index itself under some names."""

    def delete_document(self, docnum: int) -> None:
        """Delete a document of the index as it was."""

    def reader(self) -> Any:
        """Return a reader of the index as it was, without what was deleted since."""

    def commit(self, *, mergetype: Any) -> None:
        """Make what was done the index."""

    def discard(self) -> None:
        """Drop all that was added and every file of it, unless it is committed already."""


class Writers(Protocol):
    """Makes the writers of a run, which share what they learn."""

    def new(self, index: Any, fields: Any) -> SegmentWriter:
        """Return a writer of the next segment of an index that is to have a schema."""


class _StockWriters:
    def __init__(self, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._composer: Composer | None = None

    def new(self, index: Any, fields: Any) -> SegmentWriter:
        from searcher.indexing.segment import ParagraphWriter

        self._composer = self._composer or Composer(fields)
        return ParagraphWriter(index, fields, self._composer, self._limit)


class _NativeWriters:
    def __init__(self, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._analysis: Any = None

    def new(self, index: Any, fields: Any) -> SegmentWriter:
        from searcher.indexing.native import NativeWriter, analysis

        self._analysis = self._analysis or analysis(fields)
        return NativeWriter(index, fields, self._analysis, self._limit)


def writers(codec: str, limit_bytes: int = LIMIT_BYTES) -> Writers:
    """Return what makes the writers of a codec.

    Args:
        codec: `native` or `stock`.
        limit_bytes: memory for postings before they go to a temporary file.
    """
    return (_NativeWriters if codec == NATIVE else _StockWriters)(limit_bytes)


def chosen(codec: str | None) -> str:
    """Return the codec that is asked for; without one, the best that is there.

    Raises:
        SearcherError: no such codec, or the core wasn't built.
    """
    if codec == STOCK:
        return STOCK
    if codec not in (None, NATIVE):
        raise SearcherError(f"no codec {codec!r}. Choose one of: {', '.join(CODECS)}")
    if _has_core():
        return NATIVE
    if codec is None:
        return STOCK
    raise SearcherError(
        "the native core was not built when searcher was installed. "
        "Install searcher where Rust is, or index with: --codec stock"
    )


def _has_core() -> bool:
    try:
        import searcher._native  # noqa: F401
    except ImportError:
        return False
    return True
