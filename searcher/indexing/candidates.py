"""The files that a walk found, packed: there may be a million.

>>> files = Files()
>>> files.add("news/b.txt", "news", 3, 0)
>>> files.add("news/a.txt", "news", 5, 0)
>>> files.sort()
>>> [file.place for file in files], files.find("news/b.txt")
(['news/a.txt', 'news/b.txt'], 1)
"""

from __future__ import annotations

import os
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import overload

from searcher.readers import real_name


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file to read.

    Attributes:
        name: of the source.
        place: where it lies.
        size, mtime_ns: as the walk found them.
        sha256: of the bytes the index knows, or empty: if they are the same, nothing is to do.
    """

    name: str
    place: str
    size: int
    mtime_ns: int
    sha256: str = ""

    @property
    def path(self) -> Path:
        """The file to open."""
        return Path(self.place)


class Files:
    """Files by name, each once."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._folders: list[str] = []
        self._folder = array("I")
        self._sizes = array("Q")
        self._times = array("q")

    def add(self, name: str, folder: str, size: int, mtime_ns: int) -> None:
        """Add a file; its name in its folder is the last part of the source's name.

        Args:
            name: of the source.
            folder: as it is opened; empty for the working directory.
            size, mtime_ns: of the file.
        """
        if not self._folders or self._folders[-1] != folder:
            self._folders.append(folder)
        self._names.append(name)
        self._folder.append(len(self._folders) - 1)
        self._sizes.append(size)
        self._times.append(mtime_ns)

    def sort(self) -> None:
        """Put them in the order of their names; of several of one name the first stays."""
        names = self._names
        order = sorted(range(len(names)), key=names.__getitem__)
        kept = [at for n, at in enumerate(order) if not n or names[order[n - 1]] != names[at]]
        self._names = [names[at] for at in kept]
        for column in ("_folder", "_sizes", "_times"):
            values = getattr(self, column)
            setattr(self, column, array(values.typecode, (values[at] for at in kept)))

    def find(self, name: str) -> int | None:
        """Return where a file stands in the order; None when it isn't there."""
        at = bisect_left(self._names, name)
        return at if at < len(self._names) and self._names[at] == name else None

    def __len__(self) -> int:
        return len(self._names)

    def __getitem__(self, at: int) -> Candidate:
        name = self._names[at]
        place = os.path.join(  # noqa: PTH118 (as the walk put it together)
            self._folders[self._folder[at]], real_name(name.rpartition("/")[2])
        )
        return Candidate(name, place, self._sizes[at], self._times[at])

    def __iter__(self) -> Iterator[Candidate]:
        return map(self.__getitem__, range(len(self)))


class Chosen(Sequence[Candidate]):
    """Some of the files, in their order.

    Args:
        files: all of them, sorted.
        known: gives the SHA-256 that the index has of a source.
    """

    def __init__(self, files: Files, known: Callable[[str], str] = lambda _: "") -> None:
        self._files = files
        self._known = known
        self._at = array("I")
        self._has_known = bytearray()

    def add(self, at: int, *, has_known: bool = False) -> None:
        """Add the file at a place in the order.

        Args:
            at: the place; behind those of all that were added.
            has_known: its bytes needn't be read again if they are those that the index knows.
        """
        self._at.append(at)
        self._has_known.append(has_known)

    def merged(self, other: Chosen) -> Chosen:
        """Return these and others."""
        found = Chosen(self._files, self._known)
        both = sorted([*zip(self._at, self._has_known, strict=True), *other._places()])
        for at, has_known in both:
            found.add(at, has_known=bool(has_known))
        return found

    def _places(self) -> Iterator[tuple[int, int]]:
        return zip(self._at, self._has_known, strict=True)

    def has(self, name: str) -> bool:
        """Tell whether a file is among them."""
        where = self._files.find(name)
        if where is None:
            return False
        at = bisect_left(self._at, where)
        return at < len(self._at) and self._at[at] == where

    def __len__(self) -> int:
        return len(self._at)

    @overload
    def __getitem__(self, at: int) -> Candidate: ...
    @overload
    def __getitem__(self, at: slice) -> list[Candidate]: ...
    def __getitem__(self, at: int | slice) -> Candidate | list[Candidate]:
        """Return a file, or some."""
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        file = self._files[self._at[at]]
        if not self._has_known[at]:
            return file
        return Candidate(file.name, file.place, file.size, file.mtime_ns, self._known(file.name))
