"""The local engine: answers trees from a Whoosh index on this machine, in Python alone.

Postings are read through Whoosh's readers, or straight from a segment of the
native core; matching is on whole sets (sets.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from searcher.core import core_errors
from searcher.engines.base import METHODS
from searcher.engines.segment import Segment
from searcher.engines.sets import SetEngine
from searcher.engines.told import tells
from searcher.engines.whoosh_segment import WhooshSegment
from searcher.indexing.damage import damaged
from searcher.indexing.manifest import Bases, archive_record
from searcher.indexing.segment_list import EXTENSION
from searcher.indexing.storage import open_index, with_errors


def open_engine(path: str) -> LocalEngine:
    """Open the newest commit of the index in a folder.

    Raises:
        IndexMissing, IndexUnreadable, IndexIncompatible: see storage.open_index.
    """
    reader = open_index(path).reader()
    return with_errors(Path(path), lambda: LocalEngine(reader, path))


def _tell(engine: LocalEngine, error: BaseException) -> Exception:
    return damaged(engine.path, error)


@tells(METHODS, core_errors(), _tell)
class LocalEngine(SetEngine):
    """Answers from the segments of one index, as they were when it was opened.

    Not safe for several threads at once: Whoosh's readers share file positions.

    Args:
        reader: Whoosh's reader of the index.
        path: of its folder.
    """

    def __init__(self, reader: Any, path: str = "") -> None:
        self._reader = reader
        self.path = path
        # A first run that was cut short leaves an index without a segment, whose reader
        # has no generation.
        leaves = (leaf for leaf, _ in reader.leaf_readers() if leaf.segment() is not None)
        segments = [_segment(leaf) for leaf in leaves]
        generation = int(reader.generation() or 0)
        # No method of this engine: in a circle it would keep its files open when it is closed.
        base = partial(_base, Path(path), Bases(reader))
        super().__init__(segments, archive_record(reader), base, generation)

    def close(self) -> None:
        """See Engine.close."""
        self._reader.close()


def _base(path: Path, bases: Bases, stored: Mapping[str, Any]) -> int:
    return with_errors(path, lambda: bases(stored))


def _segment(leaf: Any) -> Segment:
    """Return the segment of one of Whoosh's readers; a native one is read without Whoosh."""
    segment = leaf.segment()
    name = getattr(segment, "file_name", "")
    if not name.endswith(EXTENSION):
        return WhooshSegment(leaf)
    from searcher._native import Segment as Core
    from searcher.engines.native_segment import NativeSegment

    folder = Path(leaf.storage().folder)
    return NativeSegment(Core(str(folder / name)), list(segment.deleted_docs()))
