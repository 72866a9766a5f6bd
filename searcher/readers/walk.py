"""Which files of a folder are articles, in an order that never changes.

Links to folders are not followed, so a loop of links has no end to miss; a
link to a file counts if the file lies inside the folder that was asked for.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import ArticleError
from .base import DEFAULTS, ReadOptions, Skip
from .characters import safe_name
from .registry import has_reader, suffix_of

_BACKUPS = ("~", ".bak", ".swp", ".swo", ".tmp", ".orig", ".part", ".crdownload")
_COMPANION_OF_SGM = ("lewis.dtd", "feldman-cia-worldfactbook-data.txt")


@dataclass(frozen=True)
class Found:
    """A file that a reader exists for.

    Attributes:
        path: to open.
        root: the folder that was asked for; the file's own path if that was it.
        size: in bytes.
        mtime_ns: time of the last change, in nanoseconds since 1970.
    """

    path: Path
    root: Path
    size: int
    mtime_ns: int


def walk(roots: Iterable[Path], options: ReadOptions = DEFAULTS) -> Iterator[Found | Skip]:
    """Yield the files below the roots by name, and a Skip for all that is passed over.

    A root that is a file is taken whatever its name, if a reader exists for its
    suffix or `options.format` names one.  A file below two roots comes once.

    Raises:
        ArticleError: reason "no such file or folder".
    """
    roots = list(roots)
    if len(roots) == 1:
        # A folder has no file twice, and a million names take their room.
        yield from _walk_root(roots[0], options)
        return
    seen: set[str] = set()
    for root in roots:
        for item in _walk_root(root, options):
            place = os.path.abspath(item.path) if isinstance(item, Found) else ""  # noqa: PTH100
            if place not in seen:
                yield item
            if place:
                seen.add(place)


def _walk_root(root: Path, options: ReadOptions) -> Iterator[Found | Skip]:
    try:
        status = root.stat()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ArticleError(
            "no such file or folder", f"{safe_name(str(root))} ({reason})"
        ) from error
    if stat.S_ISDIR(status.st_mode):
        yield from _Folder(root, options).walk()
    else:
        yield _root_file(root, status, options)


def _root_file(root: Path, status: os.stat_result, options: ReadOptions) -> Found | Skip:
    if not stat.S_ISREG(status.st_mode):
        return Skip(_display(root), "not a regular file")
    suffix = suffix_of(root, options)
    if not has_reader(suffix):
        return Skip(_display(root), "no reader", f"for files that end in {suffix or 'no suffix'}")
    return Found(root, root, status.st_size, status.st_mtime_ns)


class _Folder:
    """One root that is a folder, walked without recursion: paths may be thousands deep."""

    def __init__(self, root: Path, options: ReadOptions) -> None:
        self._root = root
        self._real_root = os.path.realpath(root)
        self._options = options

    def walk(self) -> Iterator[Found | Skip]:
        waiting: list[os.DirEntry[str] | str] = [str(self._root)]
        while waiting:
            item = waiting.pop()
            if isinstance(item, str):
                yield from self._open(item, waiting)
            elif self._is_open_folder(item):
                waiting.append(item.path)
            else:
                yield self._entry(item)

    def _open(self, folder: str, waiting: list[os.DirEntry[str] | str]) -> Iterator[Skip]:
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            yield Skip(_display(folder), "unreadable folder", error.strerror or str(error))
            return
        beside_sgm = any(entry.name.lower().endswith((".sgm", ".sgml")) for entry in found)
        for entry in reversed(found):
            reason = _no_article(entry.name, beside_sgm)
            if not reason:
                waiting.append(entry)
        for entry in found:
            if reason := _no_article(entry.name, beside_sgm):
                yield Skip(_display(entry.path), reason, ignored=True)

    def _is_open_folder(self, entry: os.DirEntry[str]) -> bool:
        try:
            return entry.is_dir(follow_symlinks=False)
        except OSError:
            return False

    def _entry(self, entry: os.DirEntry[str]) -> Found | Skip:
        try:
            status = entry.stat()
            inside = not entry.is_symlink() or self._is_inside(os.path.realpath(entry.path))
        except OSError as error:
            reason = "broken link" if os.path.islink(entry.path) else "unreadable"  # noqa: PTH114
            return Skip(_display(entry.path), reason, error.strerror or str(error))
        return self._judged(entry, status, inside)

    def _judged(
        self, entry: os.DirEntry[str], status: os.stat_result, inside: bool
    ) -> Found | Skip:
        name = _display(entry.path)
        if stat.S_ISDIR(status.st_mode):
            return Skip(name, "link to a folder", "links to folders are not followed", inside)
        if not stat.S_ISREG(status.st_mode):
            return Skip(name, "not a regular file")
        suffix = suffix_of(Path(entry.name), self._options)
        if not has_reader(suffix):
            return Skip(name, "unknown suffix", suffix, ignored=True)
        if not inside:
            return Skip(name, "link out of the folder", "name its target to read it")
        return Found(Path(entry.path), self._root, status.st_size, status.st_mtime_ns)

    def _is_inside(self, target: str) -> bool:
        return os.path.commonpath([self._real_root, target]) == self._real_root


def _no_article(name: str, beside_sgm: bool) -> str:
    """Return why a name says that it is no article, or an empty string."""
    low = name.lower()
    if low.startswith("."):
        return "hidden"
    if low.startswith("readme"):
        return "readme"
    if low.endswith(_BACKUPS) or (low.startswith("#") and low.endswith("#")):
        return "editor backup"
    return "companion of Reuters-21578" if beside_sgm and _is_companion(low) else ""


def _is_companion(name: str) -> bool:
    strings = name.startswith("all-") and name.endswith("-strings.lc.txt")
    return strings or name.startswith("cat-descriptions_") or name in _COMPANION_OF_SGM


def _display(path: str | Path) -> str:
    return safe_name(str(path).replace(os.sep, "/"))
