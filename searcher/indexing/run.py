"""One run of `searcher index`: the index mirrors the paths when it ends.

Sources are taken by name, standard input last.  Nothing is locked or written
before the first change is found; if another run has committed by then, the
look at the index was stale, and the run starts over with the lock held.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from searcher.analysis import Analyzer
from searcher.errors import IndexIncompatible
from searcher.indexing.codecs import LIMIT_BYTES, STOCK
from searcher.indexing.format import FORMAT_VERSION
from searcher.indexing.lock import write_lock
from searcher.indexing.manifest import ArchiveRecord, Entry, SourceRecord
from searcher.indexing.parse import Parsed, parse_all, parse_stream
from searcher.indexing.plan import Names, Plan, make_plan, reading_fingerprint
from searcher.indexing.records import Manifest
from searcher.indexing.report import Count, Progress, Report, Tally
from searcher.indexing.schema import format_of, language_of
from searcher.indexing.source import SourceTaker, rank
from searcher.indexing.storage import check_usable, has_index, open_index, with_errors
from searcher.indexing.writer import DrySink, IndexSink, Settings, Sink, Stale
from searcher.readers import ReadOptions, Skip

PROGRESS_S = 0.1
"""Least time between two reports of progress within a file."""


@dataclass(frozen=True)
class Order:
    """What is asked of a run; the arguments of searcher.indexing.index."""

    roots: tuple[Path, ...]
    folder: Path
    rebuild: bool = False
    dry_run: bool = False
    keep_missing: bool = False
    check_content: bool = False
    jobs: int = 1
    language: str | None = None
    options: ReadOptions = field(default_factory=ReadOptions)
    wait_s: float = 10.0
    commit_every: int = 20_000
    progress: Callable[[Progress], None] | None = None
    stdin: BinaryIO | None = None
    codec: str = STOCK
    limit_bytes: int = LIMIT_BYTES


def run(order: Order) -> Report:
    """Do what is asked; see searcher.indexing.index."""
    started = time.monotonic()
    stream = parse_stream(order.stdin, order.options) if order.stdin else None
    if stream is not None:
        stream = replace(stream, items=list(stream.items or ()))
    try:
        return Run(order, stream, started).go()
    except Stale:
        with write_lock(order.folder, order.wait_s):
            return Run(order, stream, started, locked=True).go()


class Run:
    """One run, or one attempt at it."""

    def __init__(
        self, order: Order, stream: Parsed | None, started: float, *, locked: bool = False
    ) -> None:
        self.order = order
        self.locked = locked
        self.stream = stream
        self.started = started
        self.tally = Tally()
        self.names = Names(order.folder)
        self.reading = reading_fingerprint(order.options)

    def go(self) -> Report:
        """Do it.

        Raises:
            Stale: another run committed meanwhile; do it again with the lock held.
        """
        generation, reader = _look(self.order.folder, rebuild=self.order.rebuild)
        try:
            return self._go(generation, reader)
        finally:
            if reader is not None:
                reader.close()

    def _go(self, generation: int, reader: Any) -> Report:
        self.reader = reader
        self.old = Manifest(ArchiveRecord())
        if reader is not None:
            self.old = with_errors(self.order.folder, lambda: Manifest.read(reader))
        language = self._language(reader)
        self.plan = self._make_plan()
        self.manifest = self.old
        if self.order.rebuild:
            self.manifest = Manifest(ArchiveRecord(language=language))
        self.sink = self._make_sink(generation, language)
        try:
            self._mirror(is_new=generation < 0)
            self.sink.commit(last=True)
        finally:
            self.sink.close()
        return self._report()

    def _language(self, reader: Any) -> str:
        asked = self.order.language
        has = language_of(reader.schema) if reader is not None else None
        if has and asked and asked != has and not self.order.rebuild:
            raise IndexIncompatible(
                f"{self.order.folder}: its words are stemmed in {has!r}, not {asked!r}. "
                f"To change that, index all anew: searcher index PATH --language {asked} --rebuild",
                str(self.order.folder),
            )
        # A language without a stemmer must be refused before a folder is made.
        return Analyzer(asked or has or "en").language

    def _make_plan(self) -> Plan:
        order = self.order
        return make_plan(
            order.roots,
            self.old,
            self.names,
            order.options,
            check_content=order.check_content,
            anew=order.rebuild,
        )

    def _make_sink(self, generation: int, language: str) -> Sink:
        order = self.order
        if order.dry_run:
            return DrySink()
        settings = Settings(
            folder=order.folder,
            language=language,
            rebuild=order.rebuild,
            wait_s=order.wait_s,
            commit_every=order.commit_every,
            generation=generation,
            locked=self.locked,
            codec=order.codec,
            limit_bytes=order.limit_bytes,
        )
        return IndexSink(settings, self.manifest)

    def _mirror(self, *, is_new: bool) -> None:
        self._count_plan()
        self._drop_vanished()
        for work in self._work():
            if isinstance(work, SourceRecord):
                self._carry(work)
            else:
                self._take(work)
        if (is_new or self.order.rebuild) and isinstance(self.sink, IndexSink):
            self.sink.touch()

    def _count_plan(self) -> None:
        plan = self.plan
        for skip in plan.skips:
            self.tally.skip(skip)
        self.tally.ignored.update(plan.ignored)
        self.tally.stale = len(plan.stale)
        self.tally.files = len(plan.candidates) + len(plan.unchanged) + bool(self.stream)
        for name in plan.unchanged:
            self._count_unchanged(self.old.sources[name])
        self.total_bytes = sum(candidate.size for candidate in plan.candidates)
        self.done_files = self.done_bytes = self.done_articles = self.done_paragraphs = 0
        self.told = 0.0

    def _count_unchanged(self, record: SourceRecord) -> None:
        self.tally.files_unchanged += 1
        self.tally.add("unchanged", *reversed(record.size_of))
        for skip in record.skips:
            self.tally.skip(Skip(*skip))

    def _drop_vanished(self) -> None:
        if self.order.keep_missing:
            self.tally.missing = len(self.plan.vanished)
            return
        for name in self.plan.vanished:
            for entry in self.old.entries(name):
                self.remove(entry)
            self.manifest.remove(name)
            self.sink.put(name)

    def remove(self, entry: Entry) -> None:
        """Delete an article from the index and count it."""
        self.sink.delete(entry.id)
        self.tally.add("removed", entry.paragraphs)

    def _work(self) -> Iterator[Parsed | SourceRecord]:
        parsed = parse_all(self.plan.candidates, self.order.options, self.order.jobs)
        carried = deque(sorted(self._carried(), key=rank))
        # Both come by name; the pool of readers must be closed at once when the run is cut short.
        try:
            for one in parsed:
                while carried and rank(carried[0]) < rank(one.candidate.name):
                    yield self.old.sources[carried.popleft()]
                yield one
        finally:
            parsed.close()  # type: ignore[attr-defined]
        yield from map(self.old.sources.__getitem__, carried)
        if self.stream is not None:
            yield self.stream

    def _carried(self) -> Iterator[str]:
        """Yield the names of the sources that are taken over as they are."""
        gone = set() if self.order.keep_missing else set(self.plan.vanished)
        for name in self.old.sources if self.order.rebuild else ():
            if name not in gone and not self.plan.reads(name):
                yield name

    def _carry(self, record: SourceRecord) -> None:
        """Take a source into a rebuilt index from the old index: it is not to be read."""
        source = SourceTaker(self, record.name, replace(record, entries=(), spans=()))
        source.skips = [Skip(*skip) for skip in record.skips]
        source.waiting = list(record.waiting)
        for entry in self.old.entries(record.name):
            source.take_stored(entry)
        source.finish(record.sha256)

    def _take(self, parsed: Parsed) -> None:
        candidate = parsed.candidate
        old = self.manifest.sources.get(candidate.name)
        if parsed.items is None and old is not None:
            self._count_unchanged(old)
        else:
            self._take_source(parsed, old)
        self.done_files += 1
        self.done_bytes += candidate.size
        self._tell(now=True)

    def _take_source(self, parsed: Parsed, old: SourceRecord | None) -> None:
        candidate = parsed.candidate
        source = SourceTaker(self, candidate.name, old)
        source.stamp(candidate, parsed.checked_ns, self.reading)
        for item in parsed.items or ():
            source.take(item)
            self._tell()
        if source.failed and self.order.rebuild and candidate.name in self.old.sources:
            source.rescue()
        # A record of rescued articles isn't one of the bytes that the file has now.
        source.finish("" if source.rescued else parsed.digest())

    def _tell(self, *, now: bool = False) -> None:
        if self.order.progress is None:
            return
        elapsed = time.monotonic() - self.started
        if not (now or elapsed - self.told >= PROGRESS_S):
            return
        self.told = elapsed
        self.order.progress(
            Progress(
                self.done_files,
                len(self.plan.candidates) + bool(self.stream),
                self.done_bytes,
                self.total_bytes,
                self.done_articles,
                self.done_paragraphs,
                elapsed,
            )
        )

    def _report(self) -> Report:
        archive = self.manifest.archive
        return self.tally.report(
            Count(archive.articles, archive.documents),
            wrote=self.sink.wrote,
            dry_run=self.order.dry_run,
            took_s=time.monotonic() - self.started,
        )


def _look(folder: Path, *, rebuild: bool) -> tuple[int, Any]:
    """Return the newest commit's number and a reader of it; (-1, None) without an index.

    A rebuild may replace an index of another format, which nothing is taken over from.
    """
    if not has_index(folder):
        check_usable(folder)
        return -1, None
    index = open_index(folder, any_format=rebuild)
    generation = index.latest_generation()
    if format_of(index.schema) != FORMAT_VERSION:
        return generation, None
    reader = index.reader()
    # An empty index has a reader that knows no generation.
    known = reader.generation()
    return (generation if known is None else known), reader
