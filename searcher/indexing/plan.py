"""Which files have to be read, and which sources are gone.

The plan only looks at names, sizes and times; a file whose size and time are
as the index knows them is not opened.  Times are trusted as git trusts them: a
file that changed less than two seconds before it was last read may have
changed again since without a sign, and is read again.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from searcher.errors import ArticleError
from searcher.indexing.candidates import Candidate, Chosen, Files
from searcher.indexing.manifest import STDIN, SourceRecord
from searcher.indexing.records import Manifest
from searcher.readers import Found, ReadOptions, Skip, real_name, safe_name, walk

READING_VERSION = 2
"""Raised when readers give other articles for the same bytes, so that all are read again."""

RACY_NS = 2_000_000_000


@dataclass
class Plan:
    """What a run has to do.

    Attributes:
        candidates: files to read, by name.
        vanished: names of sources whose files are gone.
        stale: names of sources that can't be reached now and stay as they are.
        unchanged: names of sources that are as the index knows them.
        skips: what the walk passed over that may be an article.
        ignored: reason to how many files that are none.
    """

    candidates: Chosen
    vanished: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)

    def reads(self, name: str) -> bool:
        """Tell whether a source is among the candidates."""
        return self.candidates.has(name)


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
        options.max_article_chars,
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
    roots, files = list(roots), Files()
    plan = Plan(Chosen(files, lambda name: manifest.sources[name].sha256))
    there = [root for root in roots if _is_there(root, manifest, names)]
    _walk(there, files, plan, names, options)
    if anew:
        for at in range(len(files)):
            plan.candidates.add(at)
    waiting = Chosen(files)
    if not anew:
        _sort_out(files, plan, waiting, manifest, options, check_content)
    _part_missing(roots, files, plan, manifest, names)
    if not waiting:
        return plan
    if plan.candidates or plan.vanished:
        # Another source held articles of theirs, and may let go of them now.
        plan.candidates = plan.candidates.merged(waiting)
    else:
        plan.unchanged = sorted(plan.unchanged + [one.name for one in waiting])
    return plan


def _is_there(root: Path, manifest: Manifest, names: Names) -> bool:
    if os.path.lexists(root):
        return True
    if any(names.is_under(name, root) for name in manifest.sources):
        return False
    raise ArticleError("no such file or folder", safe_name(str(root)))


def _walk(roots: list[Path], files: Files, plan: Plan, names: Names, options: ReadOptions) -> None:
    """Find the files, and note what is passed over."""
    folders = _Folders(names)
    for item in walk(roots, options):
        if isinstance(item, Found):
            folder, name = os.path.split(item.path)
            prefix = folders.prefix(folder)
            if prefix is not None:
                files.add(prefix + safe_name(name), folder, item.size, item.mtime_ns)
        elif item.ignored:
            plan.ignored[item.reason] += 1
        else:
            plan.skips.append(item)
    files.sort()


class _Folders:
    """What the names of sources begin with, looked up once a folder."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._last: tuple[str, str | None] | None = None

    def prefix(self, folder: str) -> str | None:
        """Return what the names of a folder's files begin with; None within the index."""
        if self._last is None or self._last[0] != folder:
            self._last = folder, self._looked_up(folder)
        return self._last[1]

    def _looked_up(self, folder: str) -> str | None:
        if _holds(self._names.index, Path(os.path.abspath(folder))):  # noqa: PTH100
            return None
        name = self._names.name(Path(folder))
        return "" if name == "." else f"{name}/"


def _sort_out(
    files: Files,
    plan: Plan,
    waiting: Chosen,
    manifest: Manifest,
    options: ReadOptions,
    check_content: bool,
) -> None:
    """Part the files that have to be read from the others, and from those that wait."""
    reading = reading_fingerprint(options)
    for at, file in enumerate(files):
        old = manifest.sources.get(file.name)
        if old and not check_content and _looks_unchanged(old, file, reading):
            if old.waiting:
                waiting.add(at)
            else:
                plan.unchanged.append(file.name)
        else:
            known = _known(old, file, reading, options) if old else ""
            plan.candidates.add(at, has_known=bool(known))


def _looks_unchanged(old: SourceRecord, file: Candidate, reading: str) -> bool:
    return (
        bool(old.sha256)
        and (old.size, old.mtime_ns) == (file.size, file.mtime_ns)
        and file.mtime_ns < old.checked_ns - RACY_NS
        and old.reading == reading
    )


def _known(old: SourceRecord, file: Candidate, reading: str, options: ReadOptions) -> str:
    """Return the hash of the bytes that need not be read again."""
    # The file's time may be the date of its articles.
    is_dated_anew = options.date_from_mtime and old.mtime_ns != file.mtime_ns
    return "" if old.waiting or old.reading != reading or is_dated_anew else old.sha256


def _part_missing(
    roots: list[Path], files: Files, plan: Plan, manifest: Manifest, names: Names
) -> None:
    """Part the sources under the roots that were not found: gone, or out of reach."""
    blocked = [Path(os.path.abspath(real_name(skip.name))) for skip in plan.skips]  # noqa: PTH100
    for name in sorted(n for n in manifest.sources if files.find(n) is None):
        if any(names.is_under(name, root) for root in roots):
            is_gone = _is_gone(names.path(name), blocked)
            (plan.vanished if is_gone else plan.stale).append(name)


def _is_gone(path: Path, blocked: list[Path]) -> bool:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return not any(_holds(one, path) for one in blocked)
