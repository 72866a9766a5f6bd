"""Are the sources of an index as they were when it was made?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from searcher.checking.report import Progress
from searcher.indexing.manifest import STDIN, SourceRecord
from searcher.indexing.plan import Names
from searcher.indexing.records import Manifest

_CHUNK = 1 << 20


def changed_sources(folder: Path, manifest: Manifest, progress: Progress) -> Iterator[str]:
    """Yield `NAME: what is different` of each source that isn't as the index knows it.

    Every byte of every file is read.  Standard input can't be read again.
    """
    names = Names(folder)
    total = sum(record.size for record in manifest.sources.values())
    done = 0
    for name, record in sorted(manifest.sources.items()):
        if name != STDIN and (problem := _difference(names.path(name), record)):
            yield f"{name}: {problem}"
        done += record.size
        progress("sources", done, total)


def _difference(path: Path, record: SourceRecord) -> str:
    try:
        size, digest = path.stat().st_size, _digest(path)
    except OSError as error:
        return error.strerror or str(error)
    if not record.sha256:
        return "indexed in part; the next run reads it again"
    if digest == record.sha256:
        return ""
    return f"its content changed ({size} bytes, {record.size} when it was indexed)"


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()
