"""The file of saved searches: `searches.json` in the index folder.

    {"version": 1, "searches": {NAME: {"query": "tomahawk", "since": "2w", …, "seen": BASE64}}}

Everything is as typed, so that a relative date is read anew each time.  A
change holds a lock, writes the whole file aside, forces it to the disk and
renames it: a reader sees the old file or the new one, and needs no lock.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from searcher.errors import IndexIncompatible, IndexUnreadable, QueryError
from searcher.filters import Filters
from searcher.saved.memory import Memory

FILE_NAME = "searches.json"
LOCK_NAME = ".searches.lock"
VERSION = 1
NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
WAIT_S = 10.0

_DAYS = ("since", "until", "on")
_VALUES = ("section", "desk", "kind")


@dataclass(frozen=True)
class SavedSearch:
    """A search with a name.

    Attributes:
        name: letters, digits, `_` and `-`, at most 64.
        query: as typed.
        since, until, on: date expressions as typed, or None.
        section, desk, kind: values, any of which will do.
        scope: what AND looks in, `paragraph` or `article`.
        plain: whether the query is plain words.
        saved: the day on which it was saved, as the caller's today said; else None.
        looked: the day on which its hits were last marked as seen, likewise.
        memory: which hits it has shown.
    """

    name: str
    query: str
    since: str | None = None
    until: str | None = None
    on: str | None = None
    section: tuple[str, ...] = ()
    desk: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    scope: str = "paragraph"
    plain: bool = False
    saved: date | None = None
    looked: date | None = None
    memory: Memory = field(default=Memory(), repr=False)

    @property
    def filters(self) -> Filters:
        """What narrows the query."""
        days, values = (self.since, self.until, self.on), (self.section, self.desk, self.kind)
        return Filters(*days, *values, self.scope)

    def as_dict(self) -> dict[str, Any]:
        """Return the search under the keys of docs/json.md."""
        return {"name": self.name, **_typed(self), **_when(self)}


def _typed(search: SavedSearch) -> dict[str, Any]:
    row: dict[str, Any] = {"query": search.query}
    row.update((name, getattr(search, name)) for name in _DAYS)
    row.update((name, list(getattr(search, name))) for name in _VALUES)
    return {**row, "scope": search.scope, "plain": search.plain}


def _when(search: SavedSearch) -> dict[str, str | None]:
    days = {"saved": search.saved, "looked": search.looked}
    return {name: day.isoformat() if day else None for name, day in days.items()}


def checked_name(name: str) -> str:
    """Return a name that a search may have.

    Raises:
        QueryError: it can't have that one.
    """
    if not NAME.fullmatch(name):
        raise QueryError(
            f"{name!r} is no name for a search: it takes 1 to 64 of the letters a to z, "
            "digits, _ and -, as in strait-of-hormuz"
        )
    return name


Searches = dict[str, SavedSearch]


class Store:
    """The saved searches of one index.

    Args:
        folder: of the index.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self._folder = Path(folder)
        self.path = self._folder / FILE_NAME

    def read(self) -> Searches:
        """Return the searches by name, in order; none when there is no file.

        Raises:
            IndexUnreadable: the file is damaged, or may not be read.
            IndexIncompatible: it is of a later version.
        """
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise self._unreadable(error.strerror or str(error)) from error
        return self._parsed(data)

    @contextmanager
    def changing(self, wait_s: float = WAIT_S) -> Iterator[Searches]:
        """Give the searches to be changed, and write them when the block ends well.

        Raises:
            IndexLocked: another run is changing them.
        """
        from searcher.indexing.lock import file_lock

        with file_lock(self._folder, LOCK_NAME, wait_s, f"{self.path}: another run is using it"):
            searches = self.read()
            before = dict(searches)
            yield searches
            if searches != before:
                self._write(searches)

    def _parsed(self, data: bytes) -> Searches:
        try:
            whole = json.loads(data)
        # A file of nothing but brackets nests deeper than Python follows.
        except (ValueError, RecursionError) as error:
            raise self._unreadable(f"expected JSON: {error}") from error
        version = whole.get("version") if isinstance(whole, dict) else None
        if isinstance(version, int) and version > VERSION:
            raise IndexIncompatible(
                f"{self.path}: version {version}, this searcher reads {VERSION}. Update searcher",
                str(self.path),
            )
        try:
            return _searches(whole)
        except (TypeError, ValueError, KeyError) as error:
            raise self._unreadable(f"expected saved searches: {error}") from error

    def _unreadable(self, problem: str) -> IndexUnreadable:
        return IndexUnreadable(
            f"{self.path}: {problem}. Put back a copy, or move the file away to begin without "
            "saved searches",
            str(self.path),
        )

    def _write(self, searches: Searches) -> None:
        from searcher.indexing import disk

        for left in self._folder.glob(f".{FILE_NAME}.*"):  # by a run that was killed
            left.unlink(missing_ok=True)
        disk.put_file(self.path, _bytes(searches))


def _bytes(searches: Searches) -> bytes:
    rows = {name: _row(searches[name]) for name in sorted(searches)}
    return (json.dumps({"version": VERSION, "searches": rows}, indent=1) + "\n").encode("ascii")


def _row(search: SavedSearch) -> dict[str, Any]:
    return {**_typed(search), **_when(search), "seen": search.memory.text()}


def _searches(whole: Any) -> Searches:
    if not isinstance(whole, dict) or whole.get("version") != VERSION:
        raise ValueError(f"no version {VERSION}")
    rows = _expect(dict, "searches", whole.get("searches"))
    return {name: _search(name, _expect(dict, name, rows[name])) for name in sorted(rows)}


def _search(name: str, row: dict[str, Any]) -> SavedSearch:
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name")
    if unknown := row.keys() - _KEYS:
        raise ValueError(f"{name}: an unknown key {sorted(unknown)[0]!r}")
    facts = {one: read(f"{name}: {one}", row.get(one)) for one, read in _READ.items()}
    return SavedSearch(name, **facts, memory=Memory.of(_text(f"{name}: seen", row.get("seen"))))


def _expect(kind: Any, what: str, value: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"{what} is {type(value).__name__}")
    return value


def _text(what: str, value: Any) -> str:
    text: str = _expect(str, what, value)
    return text


def _maybe_text(what: str, value: Any) -> str | None:
    return None if value is None else _text(what, value)


def _texts(what: str, value: Any) -> tuple[str, ...]:
    return tuple(_text(what, one) for one in _expect(list, what, value))


def _flag(what: str, value: Any) -> bool:
    return bool(_expect(bool, what, value))


def _day(what: str, value: Any) -> date | None:
    return None if value is None else date.fromisoformat(_text(what, value))


_READ: dict[str, Callable[[str, Any], Any]] = {
    "query": _text,
    **dict.fromkeys(_DAYS, _maybe_text),
    **dict.fromkeys(_VALUES, _texts),
    "scope": _text,
    "plain": _flag,
    "saved": _day,
    "looked": _day,
}
_KEYS = {*_READ, "seen"}
