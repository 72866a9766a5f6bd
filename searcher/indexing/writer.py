"""The writing side of a run: the lock, the segment being written, the commits.

Nothing is locked, created or written before the first change.  Each commit
holds whole articles, together with the records that say so.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, Protocol, TypeVar

from searcher.errors import IndexNotWritten, SearcherError
from searcher.indexing import disk
from searcher.indexing.codecs import LIMIT_BYTES, NATIVE, STOCK, SegmentWriter, writers
from searcher.indexing.compose import Words
from searcher.indexing.lock import write_lock
from searcher.indexing.manifest import Entry, docnums, part_name, part_names, record_names
from searcher.indexing.merge import drop_all, tiered
from searcher.indexing.records import Manifest
from searcher.indexing.schema import schema
from searcher.indexing.segment_list import write_segment_list
from searcher.indexing.storage import create_index, has_index, open_index, retried
from searcher.indexing.sweep import sweep, tidy
from searcher.model import Article, Paragraph
from searcher.values import frozen, replace


class Stale(Exception):
    """Another run committed between the look at the index and the lock."""


@frozen
class Story:
    """An article as it is to be written.

    Attributes:
        found: the article as it was read, or its paragraphs as an index stores them.
        number: its serial number.
        fingerprint: of its content.
        base: its first character in the source.
        source: name of the source.
    """

    found: Article | tuple[Paragraph, ...]
    number: int
    fingerprint: str
    base: int
    source: str

    @property
    def paragraph_count(self) -> int:
        """How many paragraphs it has."""
        found = self.found
        return len(found) if isinstance(found, tuple) else found.paragraph_count

    def write(self, writer: SegmentWriter) -> Words:
        """Add it to a segment, and return how many words it has."""
        if isinstance(self.found, tuple):
            return writer.add_article(self.found, self.number, self.base, self.source)
        return writer.add(self.found, self.number, self.source)

    def entry(self, words: Words) -> Entry:
        """Return what the source's record says of it."""
        found = self.found
        first = found[0] if isinstance(found, tuple) else found
        return Entry(
            first.article if isinstance(first, Paragraph) else first.id,
            self.number,
            self.fingerprint,
            self.base,
            self.paragraph_count,
            words.text,
            words.title,
            words.section,
            int(first.date is not None),
        )


class Sink(Protocol):
    """Where a run's changes go."""

    wrote: bool

    def add(self, story: Story) -> Entry:
        """Add an article that the index doesn't hold, or no more."""

    def delete(self, article: str) -> None:
        """Delete all paragraphs of an article."""

    def put(self, name: str) -> None:
        """Have the next commit hold the record that the manifest has of a source, or none."""

    def due(self) -> bool:
        """Tell whether enough was added that a commit is due."""

    def commit(self, *, last: bool = False) -> None:
        """Make all that was done so far the index."""

    def close(self) -> None:
        """Drop what was not committed, and let go of the lock."""


class DrySink:
    """Takes changes and makes none."""

    wrote = False

    def add(self, story: Story) -> Entry:
        """Return the article's entry, without its number of words."""
        return story.entry(Words())

    def delete(self, article: str) -> None:
        """Do nothing."""

    def put(self, name: str) -> None:
        """Do nothing."""

    def due(self) -> bool:
        """Return False: nothing is ever committed."""
        return False

    def commit(self, *, last: bool = False) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


@dataclass(frozen=True)
class Settings:
    """How an index is written.

    Attributes:
        folder: of the index.
        language: whose stems it holds.
        rebuild: everything anew, in one commit.
        wait_s: for the lock.
        commit_every: paragraphs after which a commit is due.
        generation: of the index that was looked at, -1 if there was none.
        locked: the caller holds the write lock.
        codec: what new segments are written with: `native` or `stock`.
        limit_bytes: memory for postings before they go to a temporary file.
    """

    folder: Path
    language: str
    rebuild: bool
    wait_s: float
    commit_every: int
    generation: int
    locked: bool = False
    codec: str = STOCK
    limit_bytes: int = LIMIT_BYTES


Method = TypeVar("Method", bound=Callable[..., Any])


def _told(method: Method) -> Method:
    """Have a method of a sink say of what the system refuses that the index isn't written."""

    @wraps(method)
    def done(self: IndexSink, *args: Any, **options: Any) -> Any:
        try:
            return method(self, *args, **options)
        except OSError as error:
            raise _not_written(self._settings.folder, error) from error

    return done  # type: ignore[return-value]


def _not_written(folder: Path, error: OSError) -> IndexNotWritten:
    where = f"{Path(error.filename).name}: " if error.filename else ""
    return IndexNotWritten(
        f"{folder}: the index can't be written ({where}{error.strerror or error}). It is as the "
        "last commit left it. Make room, or mend what is in the way, and index again",
        str(folder),
    )


class IndexSink:
    """Writes changes to an index.

    Args:
        settings: how.
        manifest: of the run; its records are what commits write.
    """

    def __init__(self, settings: Settings, manifest: Manifest) -> None:
        self.wrote = False
        self._settings = settings
        self._manifest = manifest
        self._held = ExitStack()
        self._is_mine = False
        self._index: Any = None
        self._writers = writers(settings.codec, settings.limit_bytes)
        self._writer: SegmentWriter | None = None
        self._reader: Any = None
        self._records: set[str] = set()
        self._added = 0
        self._written = 0

    @_told
    def lock(self) -> None:
        """Take the write lock, and create the index if there is none.

        Raises:
            IndexLocked: another run holds it.
            Stale: the index is no longer the one that was looked at.
        """
        folder = self._settings.folder
        disk.make_folder(folder)
        if not self._settings.locked:
            self._held.enter_context(write_lock(folder, self._settings.wait_s))
        self._is_mine = True
        if generation(folder) != self._settings.generation:
            raise Stale
        if self._settings.generation < 0:
            create_index(folder, self._settings.language)
        sweep(folder)
        self._index = open_index(folder, durable=True, any_format=self._settings.rebuild)

    @_told
    def add(self, story: Story) -> Entry:
        """Add an article that the index doesn't hold, or no more."""
        entry = story.entry(story.write(self._open()))
        self._added += entry.paragraphs
        self._written += entry.paragraphs
        return entry

    @_told
    def delete(self, article: str) -> None:
        """Delete all paragraphs of an article that the last commit holds."""
        self._delete("article", article)

    @_told
    def put(self, name: str) -> None:
        """Have the next commit hold the record that the manifest has of a source, or none."""
        self._open()
        self._records.add(name)
        self._written += 1

    def due(self) -> bool:
        """Tell whether enough was added that a commit is due; never in a rebuild."""
        return self._added >= self._settings.commit_every and not self._settings.rebuild

    @_told
    def commit(self, *, last: bool = False) -> None:
        """Make all that was done so far the index; nothing, if nothing was."""
        if self._writer is None:
            return
        self._write_records(self._writer)
        # Whoosh's own merging takes as long as indexing does.
        added = self._written if self._settings.codec == NATIVE else 0
        limit = self._settings.limit_bytes
        merge = tiered(last=last, added=added, limit_bytes=limit)
        if self._settings.rebuild:
            merge = drop_all
        self._writer.commit(mergetype=merge)
        # The list only saves a reader time; without it the commit is as good.
        with suppress(OSError):
            self._list_segments()
        self._forget_writer()
        self.wrote = True

    def _list_segments(self) -> None:
        toc = self._index._read_toc()
        language = self._settings.language
        write_segment_list(self._settings.folder, toc.generation, language, toc.segments)

    def close(self) -> None:
        """Drop what was not committed, and let go of the lock."""
        try:
            self._leave_clean()
        finally:
            self._held.close()

    def _leave_clean(self) -> None:
        if self._writer is not None:
            self._writer.discard()
            self._forget_writer()
        if self._index is not None:
            self._index.storage.abandon()
        # What can't be removed now is removed by the next run.
        with suppress(OSError, SearcherError):
            (sweep if self._is_mine else tidy)(self._settings.folder)

    @_told
    def touch(self) -> None:
        """Have a commit even if nothing else changes: a new index without articles."""
        self._open()

    def _open(self) -> SegmentWriter:
        if self._index is None:
            self.lock()
        if self._writer is None:
            fields = self._index.schema
            if self._settings.rebuild:
                fields = schema(self._settings.language)
            self._writer = self._writers.new(self._index, fields)
        return self._writer

    def _forget_writer(self) -> None:
        if self._reader is not None:
            self._reader.close()
        self._writer = self._reader = None
        self._added = 0
        self._records = set()

    def _delete(self, fieldname: str, term: str) -> None:
        writer = self._open()
        if self._settings.rebuild:
            return
        self._reader = self._reader or writer.reader()
        for docnum in docnums(self._reader, fieldname, term):
            writer.delete_document(docnum)

    def _write_records(self, writer: SegmentWriter) -> None:
        for name in sorted(self._records):
            self._delete("record", f"source:{name}")
            if name in self._manifest.sources:
                writer.add_record(record_names(name), self._manifest.sources.payload(name))
        self._write_parts(writer)
        self._delete("record", "archive")
        archive = replace(self._manifest.archive, language=self._settings.language)
        writer.add_record(record_names(), archive.payload())

    def _write_parts(self, writer: SegmentWriter) -> None:
        parts = self._manifest.parts
        for name, span in sorted(parts.changed):
            self._delete("record", part_name(name, span))
            payload = parts.payload(name, span)
            if payload is not None:
                writer.add_record(part_names(name, span), payload)
        parts.changed.clear()


def generation(folder: Path) -> int:
    """Return the number of the newest commit in a folder; -1 if it holds no index."""
    if not has_index(folder):
        return -1
    return int(retried(lambda: open_index(folder, any_format=True)).latest_generation())
