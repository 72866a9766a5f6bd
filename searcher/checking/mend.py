"""Keep what is whole of a damaged index.

Segments that are broken are dropped; what they held of articles is forgotten,
so that the next `searcher index` reads those again.  It is one commit like any
other: until it is made, the index is as it was.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from searcher.checking.records import held, leaves
from searcher.checking.report import Repaired
from searcher.checking.salvage import Salvage, salvage
from searcher.checking.whole import check
from searcher.indexing.book import Book
from searcher.indexing.codecs import chosen, writers
from searcher.indexing.columns import column_array
from searcher.indexing.lock import write_lock
from searcher.indexing.manifest import (
    ArchiveRecord,
    Entry,
    SourceRecord,
    part_names,
    record_docnums,
    record_names,
    source_heads,
    whole,
)
from searcher.indexing.records import Manifest
from searcher.indexing.schema import language_of
from searcher.indexing.segment_list import generation_of, read_segment_list, write_segment_list
from searcher.indexing.stock import index_reader
from searcher.indexing.storage import DurableStorage, GuardedIndex
from searcher.values import replace


def repair(
    path: str | os.PathLike[str] = "index", *, dry_run: bool = False, wait_s: float = 10.0
) -> Repaired:
    """Keep what is whole of a damaged index, and name what is lost.

    Args:
        path: its folder.
        dry_run: only say what would be done.
        wait_s: how long to wait for another run to finish.

    Raises:
        IndexMissing: no index there.
        IndexUnreadable: nothing tells any more what the segments are.
        IndexIncompatible: it is of another format or program.
        IndexLocked: another run is writing to it.
    """
    folder = Path(path)
    # Before the lock is taken: it makes a file, and there may be no index.
    check(folder, quick=True)
    if dry_run:
        return _Repair(folder).run(write=False)
    with write_lock(folder, wait_s):
        return _Repair(folder).run(write=True)


class _Kept(NamedTuple):
    """What of the records and documents stays.

    Attributes:
        manifest: the records.
        forget: numbers of articles whose documents go.
        lost: (article, source) of all that go.
    """

    manifest: Manifest
    forget: frozenset[int]
    lost: tuple[tuple[str, str], ...]


class _Repair:
    """One repair.

    Args:
        folder: of the index.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def run(self, *, write: bool) -> Repaired:
        """Do it, or say what would be done."""
        findings = check(self._folder, quick=True).findings
        saved = salvage(self._folder)
        reader = index_reader(saved.storage, saved.toc.schema, saved.toc.segments, 0)
        try:
            kept = _kept(reader, saved)
        finally:
            reader.close()
        needed = bool(findings or saved.dropped) or self._has_no_list()
        if write and needed:
            self._commit(saved, kept)
        archive = kept.manifest.archive
        return Repaired(
            path=os.fspath(self._folder),
            wrote=write and needed,
            findings=findings,
            dropped=saved.dropped,
            lost=kept.lost,
            kept_articles=archive.articles,
            kept_paragraphs=archive.documents,
        )

    def _has_no_list(self) -> bool:
        return read_segment_list(self._folder, generation_of(self._folder)) is None

    def _commit(self, saved: Salvage, kept: _Kept) -> None:
        storage = DurableStorage(str(self._folder))
        storage.parts.update(saved.storage.parts)
        index = _KeptIndex(storage, saved.toc)
        writer = writers(chosen(None)).new(index, saved.toc.schema)
        try:
            self._rewrite(writer, kept)
            writer.commit(mergetype=_take_over if saved.is_rewritten else _keep_all)
        except BaseException:
            writer.discard()
            raise
        toc = GuardedIndex(DurableStorage(str(self._folder)))._read_toc()
        language = language_of(toc.schema)
        write_segment_list(self._folder, toc.generation, language, toc.segments)

    def _rewrite(self, writer: Any, kept: _Kept) -> None:
        reader = writer.reader()
        try:
            for docnum in _documents_of(reader, kept.forget):
                writer.delete_document(docnum)
            for name in ("source", "part", "archive"):
                for docnum in record_docnums(reader, name):
                    writer.delete_document(docnum)
        finally:
            reader.close()
        for name in sorted(kept.manifest.sources):
            writer.add_record(record_names(name), kept.manifest.sources.payload(name))
        for key in sorted(kept.manifest.parts.changed):
            writer.add_record(part_names(*key), kept.manifest.parts.payload(*key))
        writer.add_record(record_names(), kept.manifest.archive.payload())


class _KeptIndex(GuardedIndex):
    """An index whose newest table of contents is another than its folder has."""

    def __init__(self, storage: DurableStorage, toc: Any) -> None:
        self._toc = toc
        super().__init__(storage)

    def _read_toc(self) -> Any:
        return self._toc


def _keep_all(writer: Any, segments: list[Any]) -> list[Any]:
    return segments


def _take_over(writer: Any, segments: list[Any]) -> list[Any]:
    """Write segments of Whoosh's codec anew, of which a lost table knew more than is left."""
    for segment in segments:
        if not hasattr(segment, "file_name") and segment.doc_count():
            writer.add_segment(segment)
    return [segment for segment in segments if hasattr(segment, "file_name")]


def _kept(reader: Any, saved: Salvage) -> _Kept:
    """Return the records of what a reader holds whole."""
    articles = held(reader)
    was = saved.archive(reader, articles)
    manifest = Manifest(ArchiveRecord(was.format_version, was.language, was.next_article_no))
    lost: set[tuple[str, str]] = set()
    kept: set[int] = set()
    for head in source_heads(reader):
        record = whole(reader, head)
        entries = tuple(
            one for one in record.entries if articles.of(one.number) == (one.paragraphs, one.words)
        )
        kept.update(entry.number for entry in entries)
        gone = set(record.entries).difference(entries)
        lost.update((entry.id, record.name) for entry in gone)
        # A record without a checksum is one of a part of its source: the next run reads it.
        is_whole = len(entries) == head.size_of[0]
        _put(manifest, entries, record if is_whole else replace(record, sha256=""))
    for record in saved.lost_records:
        if record.name not in manifest.sources:
            lost.update((entry.id, record.name) for entry in record.entries)
    forget = frozenset(articles.numbers()) - kept
    lost.update(_named(reader, docnum) for docnum in _documents_of(reader, forget))
    return _Kept(manifest, forget, tuple(sorted(lost)))


def _put(manifest: Manifest, entries: Iterable[Entry], record: SourceRecord) -> None:
    book = Book(manifest, record.name)
    for entry in entries:
        book.put(entry)
    book.settle(record)


def _named(reader: Any, docnum: int) -> tuple[str, str]:
    """Return the article of a document, and its source."""
    stored = reader.stored_fields(docnum)
    return stored["article"], stored.get("origin") or stored.get("path", "")


def _documents_of(reader: Any, numbers: frozenset[int]) -> list[int]:
    """Return the live documents of some articles."""
    found = []
    for leaf, base in leaves(reader):
        gone = set(leaf.segment().deleted_docs())
        for docnum, number in enumerate(column_array(leaf, "article_no")):
            if number in numbers and docnum not in gone:
                found.append(base + docnum)
    return found
