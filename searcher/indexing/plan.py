"""Which files have to be read, and which sources are gone.

The plan only looks at names, sizes and times; a file whose size and time are
as the index knows them is not opened.  Times are trusted as git trusts them: a
file that changed less than two seconds before it was last read may have
changed again since without a sign, and is read again.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from operator import attrgetter
from pathlib import Path

from searcher.errors import ArticleError
from searcher.indexing.manifest import STDIN, Manifest, SourceRecord
from searcher.readers import Found, ReadOptions, Skip, real_name, safe_name, walk

READING_VERSION = 2
"""Raised when readers give other articles for the same bytes, so that all are read again."""

RACY_NS = 2_000_000_000


@dataclass(frozen=True)
class Candidate:
    """A file to read.

    Attributes:
        name: of the source.
        path: to open.
        size, mtime_ns: as the walk found them.
        sha256: of the bytes the index knows, or empty: if they are the same, nothing is to do.
    """

    name: str
    path: Path
    size: int
    mtime_ns: int
    sha256: str


@dataclass
class Plan:
    """What a run has to do.

    Attributes:
        candidates: files to read, by name.
        vanished: names of sources whose files are gone.
        stale: names of sources that can't be reached now and stay as they are.
        unchanged: records of sources that are as the index knows them.
        inside: names of all sources at or under the paths.
        skips: what the walk passed over.
    """

    candidates: list[Candidate] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    unchanged: list[SourceRecord] = field(default_factory=list)
    inside: set[str] = field(default_factory=set)
    skips: list[Skip] = field(default_factory=list)

    def reads(self, name: str) -> bool:
        """Tell whether a source is among the candidates."""
        at = bisect_left(self.candidates, name, key=attrgetter("name"))
        return at < len(self.candidates) and self.candidates[at].name == name


class Names:
    """Names of sources: paths relative to the folder that holds the index.

    Args:
        index: the index folder.
    """

    def __init__(self, index: Path) -> None:
        self.index = Path(os.path.abspath(index))  # noqa: PTH100 (links stay as given)
        self._base = self.index.parent

    def name(self, path: Path) -> str:
        """Return the name of the source in a file, printable, with forward slashes."""
        return safe_name(os.path.relpath(path, self._base).replace(os.sep, "/"))

    def path(self, name: str) -> Path:
        """Return the file of a source."""
        return Path(os.path.normpath(self._base / real_name(name)))

    def is_under(self, name: str, root: Path) -> bool:
        """Tell whether a source is the file or in the folder `root`."""
        return name != STDIN and _holds(Path(os.path.abspath(root)), self.path(name))  # noqa: PTH100


def _holds(folder: Path, path: Path) -> bool:
    return path == folder or folder in path.parents


def reading_fingerprint(options: ReadOptions) -> str:
    """Return a hash of all that decides which articles a reader makes of given bytes."""
    said = (
        READING_VERSION,
        sorted(options.mapping.items()),
        options.date_from_mtime,
        options.format,
        options.language,
        options.max_paragraph_chars,
    )
    return blake2b(repr(said).encode("utf-8", "backslashreplace"), digest_size=8).hexdigest()


def make_plan(
    roots: Iterable[Path],
    manifest: Manifest,
    names: Names,
    options: ReadOptions,
    *,
    check_content: bool = False,
    anew: bool = False,
) -> Plan:
    """Return what there is to do to make an index mirror the roots.

    Args:
        roots: files and folders; one that is gone is right if the index knows sources there.
        manifest: what the index knows.
        names: how paths become names.
        options: how files are read; a file read with others is read again.
        check_content: read every file, whatever its size and time say.
        anew: take every file as one that the index doesn't know.

    Raises:
        ArticleError: there is no such file or folder, nor was there one.
    """
    roots = list(roots)
    plan = Plan(inside={n for n in manifest.sources if any(names.is_under(n, r) for r in roots)})
    found = _walk(roots, plan, names, options)
    for name in sorted(found):
        old = manifest.sources.get(name)
        if anew:
            plan.candidates.append(_candidate(name, found[name], None, options))
        elif old and not check_content and _looks_unchanged(old, found[name], options):
            plan.unchanged.append(old)
        else:
            plan.candidates.append(_candidate(name, found[name], old, options))
    plan.vanished = sorted(n for n in plan.inside - found.keys() if _is_gone(n, names, plan.skips))
    plan.stale = sorted(plan.inside - found.keys() - set(plan.vanished))
    plan.inside |= found.keys()
    if plan.candidates or plan.vanished:
        _wake_waiting(plan, manifest, found)
    return plan


def _walk(roots: list[Path], plan: Plan, names: Names, options: ReadOptions) -> dict[str, Found]:
    found: dict[str, Found] = {}
    for item in walk([root for root in roots if _is_there(root, plan, names)], options):
        if isinstance(item, Skip):
            plan.skips.append(item)
        elif not _holds(names.index, Path(os.path.abspath(item.path))):  # noqa: PTH100
            found[names.name(item.path)] = item
    return found


def _is_there(root: Path, plan: Plan, names: Names) -> bool:
    if os.path.lexists(root):
        return True
    if any(names.is_under(name, root) for name in plan.inside):
        return False
    raise ArticleError("no such file or folder", safe_name(str(root)))


def _looks_unchanged(old: SourceRecord, found: Found, options: ReadOptions) -> bool:
    return (
        bool(old.sha256)
        and (old.size, old.mtime_ns) == (found.size, found.mtime_ns)
        and found.mtime_ns < old.checked_ns - RACY_NS
        and old.reading == reading_fingerprint(options)
    )


def _candidate(
    name: str, found: Found, old: SourceRecord | None, options: ReadOptions
) -> Candidate:
    known = old.sha256 if old and old.reading == reading_fingerprint(options) else ""
    # The file's time is then the date of its articles.
    if old and options.date_from_mtime and old.mtime_ns != found.mtime_ns:
        known = ""
    return Candidate(name, found.path, found.size, found.mtime_ns, known)


def _is_gone(name: str, names: Names, skips: list[Skip]) -> bool:
    path = names.path(name)
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    blocked = [Path(os.path.abspath(real_name(s.name))) for s in skips if not s.ignored]  # noqa: PTH100
    return not any(_holds(one, path) for one in blocked)


def _wake_waiting(plan: Plan, manifest: Manifest, found: dict[str, Found]) -> None:
    """Have sources read again whose articles another source held: it may let go of them now."""
    waking = [old for old in plan.unchanged if old.waiting]
    plan.unchanged = [old for old in plan.unchanged if not old.waiting]
    for old in waking:
        file = found[old.name]
        plan.candidates.append(Candidate(old.name, file.path, file.size, file.mtime_ns, ""))
    plan.candidates = [
        Candidate(c.name, c.path, c.size, c.mtime_ns, "") if _waits(c.name, manifest) else c
        for c in sorted(plan.candidates, key=lambda c: c.name)
    ]


def _waits(name: str, manifest: Manifest) -> bool:
    return name in manifest.sources and bool(manifest.sources[name].waiting)
