"""The bytes of an index: is each file what the commit wrote?"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from searcher.checking.report import Finding, Progress
from searcher.core import core_errors
from searcher.errors import SearcherError
from searcher.indexing.damage import without_core
from searcher.indexing.mapped import Source
from searcher.indexing.segment_list import Part, check_seal

if TYPE_CHECKING:
    from searcher._native import Segment

_FILE = re.compile(r"_?MAIN_[0-9a-z]+\.(?:toc|segments|nat|seg)|[\w.]+\.(?:json|txt)\b")


DAMAGE: tuple[type[BaseException], ...] = (SearcherError, OSError, *core_errors())
"""What reading a damaged file ends in, where it has checksums."""

ANYTHING: tuple[type[BaseException], ...] = (Exception, *core_errors())
"""What it ends in where it has none."""


def finding(error: BaseException) -> Finding:
    """Return an error as a finding; the file is the first that its message names."""
    text = str(error)
    named = _FILE.search(text)
    inner = re.search(r"can't be read \((.*)\)\. It is damaged", text, re.DOTALL)
    return Finding(named[0] if named else "", inner[1] if inner else text)


def attempted(attempt: Callable[[], object]) -> list[Finding]:
    """Return what a step of the check comes upon: nothing, or what it raises."""
    try:
        attempt()
    except DAMAGE as error:
        return [finding(error)]
    return []


def check_files(folder: Path, parts: tuple[Part, ...], progress: Progress) -> list[Finding]:
    """Verify the checksums of all segments, reading every byte of them."""
    found: list[Finding] = []
    total = sum(size_of(folder, part) for part in parts)
    done = 0
    for part in parts:
        found += attempted(lambda part=part: check_bytes(folder, part))  # type: ignore[misc]
        done += size_of(folder, part)
        progress("bytes", done, total)
    return found


def size_of(folder: Path, part: Part) -> int:
    """Return the bytes of a segment's file; 0 when it isn't there."""
    try:
        return (folder / part.file).stat().st_size
    except OSError:
        return 0


def check_bytes(folder: Path, part: Part) -> None:
    """Verify the checksums of one segment.

    Raises:
        IndexUnreadable, NativeError: it is damaged.
        FileNotFoundError: it is missing.
        IndexIncompatible: it is native, and there is no native core.
    """
    if part.seal is not None:
        check_seal(folder, part)
    if part.is_native:
        _segment(folder, part).check()
    else:
        Source(folder / part.file, part.crcs).check()


def _segment(folder: Path, part: Part) -> Segment:
    try:
        from searcher._native import Segment as Core
    except ImportError as error:
        raise without_core(folder) from error
    return Core(str(folder / part.file))
