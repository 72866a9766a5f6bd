"""Articles to an index.

    from searcher.indexing import index, open_index

    report = index(["articles"], into="index")
    reader = open_index("index").reader()

docs/index-format.md says what the index holds.  Names load when first used, so
that importing the package costs nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from searcher.indexing.columns import column_array
    from searcher.indexing.documents import document, paragraph
    from searcher.indexing.format import FORMAT_VERSION
    from searcher.indexing.manifest import (
        ArchiveRecord,
        Bases,
        SourceRecord,
        archive_record,
        source_record,
        source_records,
    )
    from searcher.indexing.report import Count, Progress, Report
    from searcher.indexing.storage import open_index
    from searcher.readers import ReadOptions

MEMORY_MB = 1024
"""What a run may take unless the caller says otherwise."""

_HOMES = {
    "columns": ("column_array",),
    "documents": ("document", "paragraph"),
    "manifest": (
        "ArchiveRecord",
        "Bases",
        "SourceRecord",
        "archive_record",
        "source_record",
        "source_records",
    ),
    "report": ("Count", "Progress", "Report"),
    "format": ("FORMAT_VERSION",),
    "storage": ("open_index",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "FORMAT_VERSION",
    "ArchiveRecord",
    "Bases",
    "Count",
    "Progress",
    "Report",
    "SourceRecord",
    "archive_record",
    "column_array",
    "document",
    "index",
    "open_index",
    "paragraph",
    "source_record",
    "source_records",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def index(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    into: str | os.PathLike[str] = "index",
    *,
    rebuild: bool = False,
    dry_run: bool = False,
    keep_missing: bool = False,
    check_content: bool = False,
    jobs: int = 1,
    language: str | None = None,
    options: ReadOptions | None = None,
    wait_s: float = 10.0,
    commit_every: int | None = None,
    progress: Callable[[Progress], None] | None = None,
    stdin: BinaryIO | None = None,
    codec: str | None = None,
    memory_mb: int = MEMORY_MB,
) -> Report:
    """Make an index mirror files and folders; what it holds from elsewhere stays.

    New and changed articles are added, those of files that are gone are
    removed; unchanged ones are left alone, and if there is nothing to do,
    nothing is written.  What is committed stays when a run is cut short, and
    the next run goes on from there.

    Args:
        paths: files and folders, or one of them; `-` takes JSON Lines from `stdin`, whose
            articles are added or replaced by id and never removed.
        into: the index folder; it is made if it isn't there.
        rebuild: index everything anew, in one commit; the old index answers
            until then.  Articles from elsewhere are taken over from it.
        dry_run: report what would be done, and write nothing.
        keep_missing: keep the articles of files that are gone.
        check_content: read every file, even if its size and time are unchanged.
        jobs: processes that read files side by side.
        language: whose stems the index holds; None is the one it has, and
            English for a new one.
        options: how files are read.
        wait_s: for another writer to end.
        commit_every: paragraphs after which what is done is committed; None for as many as
            are some seconds' work (searcher.indexing.codecs.COMMIT_EVERY).
        progress: called about ten times a second and after each file.  What it
            raises ends the run as Ctrl-C does.
        stdin: the stream that `-` stands for.
        codec: what new segments are written with: `native`, `stock` (Whoosh's
            own), or None for native where the core was built.
        memory_mb: what the run may take, in megabytes.  A quarter of it is for
            postings, which go to a temporary file beyond that; a file that has
            to be read whole may have a sixteenth.  What the index knows of its
            files is held packed (docs/reliability.md).

    Returns:
        Report: counts, and what was skipped.

    Raises:
        ArticleError: one of the paths is not there, and never was.
        IndexLocked: another run is still writing; the message says which.
        IndexIncompatible: another language or format; rebuild to change it.
        IndexUnreadable: the folder holds something else, or is damaged.
        SearcherError: no stemmer for the language; `-` without `stdin`; a
            mapping of a field that articles don't have; the native codec
            without the core.
        WhooshMismatch: another Whoosh is installed.
    """
    from dataclasses import replace
    from pathlib import Path

    from searcher.errors import SearcherError
    from searcher.indexing.codecs import COMMIT_EVERY, chosen
    from searcher.indexing.run import Order, run
    from searcher.readers import ReadOptions

    options = options or ReadOptions()
    _check_mapping(options)
    memory = memory_mb * 1024 * 1024
    options = replace(options, max_bytes=min(options.max_bytes, memory // 16))
    codec = chosen(codec)
    # A string is one path; its characters would be paths too.
    several = [paths] if isinstance(paths, (str, os.PathLike)) else paths
    given = [os.fspath(path) for path in several]
    if "-" in given and stdin is None:
        raise SearcherError("'-' stands for standard input, and none was given")
    return run(
        Order(
            roots=tuple(Path(path) for path in given if path != "-"),
            folder=Path(into),
            rebuild=rebuild,
            dry_run=dry_run,
            keep_missing=keep_missing,
            check_content=check_content,
            jobs=jobs,
            language=language,
            options=options,
            wait_s=wait_s,
            commit_every=COMMIT_EVERY[codec] if commit_every is None else commit_every,
            progress=progress,
            stdin=stdin if "-" in given else None,
            codec=codec,
            limit_bytes=memory // 4,
        )
    )


def _check_mapping(options: ReadOptions) -> None:
    """Refuse a mapping of unknown fields before anything is read or made."""
    from searcher.errors import ArticleError, SearcherError
    from searcher.readers.fields import checked

    try:
        checked(options.mapping)
    except ArticleError as error:
        raise SearcherError(f"can't map: {error}") from error
