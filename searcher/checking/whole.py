"""Check an index: its files, what stands in them, its records, its sources."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from searcher.checking.files import ANYTHING, DAMAGE, attempted, check_files, finding, size_of
from searcher.checking.records import held, problems
from searcher.checking.report import Checked, Finding, Progress
from searcher.checking.sources import changed_sources
from searcher.checking.words import compare
from searcher.errors import (
    IndexIncompatible,
    IndexMissing,
    IndexUnreadable,
    WhooshMismatch,
)
from searcher.indexing.records import Manifest
from searcher.indexing.segment_list import Part, SegmentList, list_name, stated, told_generation
from searcher.indexing.storage import file_of, listed, open_index, with_errors
from searcher.saved.store import Store
from searcher.values import replace

NO_LIST = (
    "no checksums of this commit: another program made it, or {} is gone. "
    "`searcher repair` writes them anew"
)


def _silent(what: str, done: int, total: int) -> None:
    """Tell nobody."""


def check(
    path: str | os.PathLike[str] = "index",
    *,
    quick: bool = False,
    sources: bool = False,
    progress: Progress = _silent,
) -> Checked:
    """Check an index, and change nothing.

    Every byte is verified, and what the index says of itself is compared with
    what it holds.  Unless it is to be quick, each segment is made anew from
    what is stored in it, and compared term by term.

    Args:
        path: its folder.
        quick: leave out what takes longer than reading every byte.
        sources: read the sources too, and tell which aren't as they were indexed.
        progress: told how far it is, often.

    Raises:
        IndexMissing: no index there.
        IndexUnreadable: it can't be looked at for want of permission.
        IndexIncompatible: it is of another format or program.
        WhooshMismatch: another Whoosh is installed.
    """
    started = time.perf_counter()
    checked = _Check(Path(path), progress).run(quick=quick, sources=sources)
    return replace(checked, took_s=time.perf_counter() - started)


class _Check:
    """One check.

    Args:
        folder: of the index.
        progress: told how far it is.
    """

    def __init__(self, folder: Path, progress: Progress) -> None:
        self._folder = folder
        self._progress = progress
        self._findings: list[Finding] = []
        self._notes: list[str] = []
        self._terms = self._postings = 0
        self._index: Any = None

    def run(self, *, quick: bool, sources: bool) -> Checked:
        """Do it."""
        parts = self._parts()
        self._findings += check_files(self._folder, parts, self._progress)
        self._findings += attempted(Store(self._folder).read)
        manifest = self._manifest() if self._index and not self._findings else None
        if manifest is not None and not quick:
            self._compare_words()
        changed = None
        if manifest is not None and sources:
            changed = tuple(changed_sources(self._folder, manifest, self._progress))
        return self._checked(parts, manifest, changed)

    def _checked(
        self, parts: tuple[Part, ...], manifest: Manifest | None, changed: tuple[str, ...] | None
    ) -> Checked:
        return Checked(
            path=os.fspath(self._folder),
            findings=tuple(self._findings),
            notes=tuple(self._notes),
            changed=changed,
            segments=len(parts),
            articles=manifest.archive.articles if manifest else 0,
            paragraphs=manifest.archive.documents if manifest else 0,
            terms=self._terms,
            postings=self._postings,
            size_bytes=sum(size_of(self._folder, part) for part in parts),
        )

    def _parts(self) -> tuple[Part, ...]:
        """Return the segments of the newest commit, as far as anything tells of them."""
        try:
            self._index = open_index(self._folder)
            self._toc = self._index._read_toc()
        except (IndexMissing, IndexIncompatible, WhooshMismatch):
            raise
        except IndexUnreadable as error:
            if isinstance(error.__cause__, PermissionError):
                raise
            self._findings.append(finding(error))
            self._index = None
            return self._stated()
        known = self._index.storage.parts
        if self._toc.segments and not known:
            self._notes.append(NO_LIST.format(list_name(self._toc.generation)))
        return tuple(known.get(part.file, part) for part in listed(self._toc).parts)

    def _stated(self) -> tuple[Part, ...]:
        with suppress(OSError, IndexUnreadable):
            found: SegmentList = stated(self._folder, told_generation(self._folder))
            return found.parts
        return ()

    def _manifest(self) -> Manifest | None:
        """Return the records of the index, once they agree with what it holds."""
        try:
            with self._index.reader() as reader:
                manifest = with_errors(self._folder, lambda: Manifest.read(reader))
                articles = with_errors(self._folder, lambda: held(reader))
                found = with_errors(self._folder, lambda: list(problems(manifest, articles)))
        except DAMAGE as error:
            self._findings.append(finding(error))
            return None
        self._findings += [Finding("", problem) for problem in found]
        return manifest

    def _compare_words(self) -> None:
        storage, fields, segments = self._index.storage, self._toc.schema, self._toc.segments
        total = sum(segment.doc_count() for segment in segments)
        done = 0
        for segment in segments:
            self._compare(storage, fields, segment)
            done += segment.doc_count()
            self._progress("paragraphs", done, total)

    def _compare(self, storage: Any, fields: Any, segment: Any) -> None:
        name = file_of(segment)
        try:
            if hasattr(segment, "file_name"):
                from searcher.codec.files import opened

                opened(storage, segment).verify()
            compared = compare(storage, fields, segment)
        except IndexIncompatible:
            self._notes.append(f"{name} holds documents of another program: words not compared")
        # What has no checksums of its own can lead to anything.
        except ANYTHING as error:
            self._findings.append(Finding(name, str(error) or type(error).__name__))
        else:
            self._terms += compared.terms
            self._postings += compared.postings
