"""What killed and failed runs leave in the folder of an index, and removing it.

A run that ends well leaves nothing.  A killed one leaves half-made segments
and tables of contents, or, if it was killed right after a commit, what that
commit replaced.  No reader opens any of it; it only takes space.
"""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from searcher.errors import IndexLocked
from searcher.indexing.lock import NOTE_NAME, write_lock
from searcher.indexing.segment_list import EXTENSION, generation_of, read_segment_list
from searcher.indexing.storage import open_index, retried

_TABLE = re.compile(r"_MAIN_([0-9]+)\.(?:toc|segments)(.*)")
_SEGMENT = re.compile(r"(MAIN_[0-9a-z]+)\.(.+)")
_RUNS = "MAIN.tmp"
_ASIDE = (f".{NOTE_NAME}.", "._MAIN_")


class Commit(NamedTuple):
    """What of a folder the newest commit needs.

    Attributes:
        generation: its number.
        segments: the ids of its segments.
    """

    generation: int
    segments: frozenset[str]

    @classmethod
    def of(cls, folder: Path) -> Commit:
        """Return the newest commit of an index; of a folder without one, that needs nothing."""
        if (generation := generation_of(folder)) < 0:
            return cls(generation, frozenset())
        listed = read_segment_list(folder, generation)
        if listed is not None:
            ids = (part.file.removesuffix(EXTENSION) for part in listed.parts)
            return cls(listed.generation, frozenset(ids))
        toc = retried(lambda: open_index(folder, any_format=True)._read_toc())
        return cls(toc.generation, frozenset(one.segment_id() for one in toc.segments))

    def needs(self, name: str) -> bool:
        """Tell whether a file is none that a killed or failed run left."""
        if table := _TABLE.fullmatch(name):
            return int(table[1]) == self.generation and not table[2]
        if segment := _SEGMENT.fullmatch(name):
            # Beside a segment `<id>.nat` stand, while it is made, `<id>.nat.tmp` and its like.
            return segment[1] in self.segments and "." not in segment[2]
        return name != _RUNS and not name.startswith(_ASIDE)

    def names(self, name: str) -> bool:
        """Tell whether a file is part of the commit."""
        return bool(_TABLE.match(name) or _SEGMENT.match(name)) and self.needs(name)


def leftovers(folder: Path, commit: Commit) -> Iterator[Path]:
    """Yield the files and folders that no commit needs and no writer will take up."""
    return (path for path in folder.iterdir() if not commit.needs(path.name))


def sweep(folder: Path) -> None:
    """Remove what killed and failed runs left; the caller holds the write lock.

    What can't be removed stays for the next time.
    """
    for path in list(leftovers(folder, Commit.of(folder))):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                path.unlink()


def tidy(folder: Path) -> None:
    """Remove what killed and failed runs left, unless there is nothing or somebody writes."""
    # Taking the lock replaces the note of a killed run, and giving it back removes it.
    if (folder / NOTE_NAME).exists() or any(leftovers(folder, Commit.of(folder))):
        with contextlib.suppress(IndexLocked), write_lock(folder, 0):
            sweep(folder)
