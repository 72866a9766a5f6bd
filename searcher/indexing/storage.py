"""Opening an index: the guards, the clear errors, and what it says of itself.

Whoosh is asked only after the folder was looked at, because its own answers
mislead: an unreadable folder "does not exist", and creating an index empties
one that is there.

    ix = open_index("index")
    reader = ix.reader()
    archive_record(reader).documents
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from array import array
from collections.abc import Callable, Iterator
from io import BufferedIOBase
from pathlib import Path
from typing import Any, TypeVar

import whoosh
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC, EmptyIndexError, FileIndex

from searcher.codec.unpickle import Refused
from searcher.errors import (
    IndexIncompatible,
    IndexMissing,
    IndexUnreadable,
    SearcherError,
    WhooshMismatch,
)
from searcher.indexing import disk
from searcher.indexing.damage import damaged, refused, without_core
from searcher.indexing.format import FORMAT_VERSION
from searcher.indexing.mapped import SegmentFile
from searcher.indexing.schema import format_of, language_of, schema
from searcher.indexing.segment_list import (
    STOCK_EXTENSION,
    Part,
    SegmentList,
    check_seal,
    read_segment_list,
    toc_name,
    told_generation,
)
from searcher.indexing.stock import index_reader, segment_reader
from searcher.indexing.toc import OtherTable, parse_toc

WHOOSH_VERSION = (3, 54, 0)
WHOOSH_PIN = "whoosh3==3.54.0"

TRIES = 100
"""How often opening tries while commits replace the files under it, however long one takes."""

PAUSE_S = 0.01
"""Between two tries."""

_TOLD = re.compile(r"_MAIN_[0-9]+\.(?:toc|segments)")
_OURS = re.compile(r"_?MAIN_.*|MAIN\.tmp|searcher-writer\.json|synonyms\.txt|searches\.json|\..*")

T = TypeVar("T")


class FolderStorage(FileStorage):  # type: ignore[misc]
    """A folder whose segments are read where they lie, and checked.

    Attributes:
        parts: what segments have to be, by the names of their files, where it is known.
        refuses_pickles: whether the native codec may not unpickle what is stored; it may not.
    """

    refuses_pickles = True

    def __init__(self, path: str, **options: Any) -> None:
        super().__init__(path, **options)
        self.parts: dict[str, Part] = {}

    def open_file(self, name: str, *args: Any, **options: Any) -> Any:
        """Return a file of the folder."""
        if name.endswith(STOCK_EXTENSION):
            part = self.parts.get(name)
            return SegmentFile.whole(Path(self._fpath(name)), name, part.crcs if part else ())
        return super().open_file(name, *args, **options)


class DurableStorage(FolderStorage):
    """A folder whose commits are on the disk once they are made.

    Whoosh calls no fsync, and removes the old generation at once: after a
    power cut both could be gone.
    """

    def __init__(self, path: str, **options: Any) -> None:
        super().__init__(path, **options)
        self._open: list[BufferedIOBase] = []

    def create_file(self, name: str, excl: bool = False, mode: str = "wb", **options: Any) -> Any:
        """Return a new file."""
        file = disk.new_file(Path(self._fpath(name)), "w+b" if "+" in mode else "wb")
        return StructFile(self._kept(file), name=name, **options)

    def open_file(self, name: str, *args: Any, **options: Any) -> Any:
        """Return a file of the folder."""
        file = super().open_file(name, *args, **options)
        self._kept(file.file)
        return file

    def _kept(self, file: Any) -> Any:
        self._open[:] = [one for one in self._open if not one.closed]
        if isinstance(file, BufferedIOBase):
            self._open.append(file)
        return file

    def temp_storage(self, name: str | None = None) -> Any:
        """Return a folder in this one for files that no commit holds."""
        storage = DurableStorage(self._fpath(name or "MAIN.tmp"))
        Path(storage.folder).mkdir(mode=disk.PRIVATE, exist_ok=True)
        storage._open = self._open
        return storage

    def abandon(self) -> None:
        """Close the files that a failed commit left open; what they lack is of no use any more."""
        for file in self._open:
            with contextlib.suppress(OSError):
                file.close()
        self._open.clear()

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Give a file a new name once it is on the disk, and all that it tells of.

        A name that can't be made to last is taken back, so that a commit that
        failed is none.
        """
        self.sync(oldname)
        # The new table of contents must not outlive the segments that it names.
        self.sync(".")
        super().rename_file(oldname, newname, safe=safe)
        try:
            self.sync(".")
        except BaseException:
            self._take_back(newname)
            raise

    def _take_back(self, name: str) -> None:
        with contextlib.suppress(OSError):
            self.delete_file(name)
            self.sync(".")

    def sync(self, name: str) -> None:
        """Wait until a file, or the folder itself (`.`), is on the disk."""
        disk.sync(Path(self._fpath(name)))


def is_committed(storage: FileStorage, generation: int) -> bool:
    """Tell whether a folder has a commit of that number."""
    return bool(storage.file_exists(TOC._filename("MAIN", generation)))


class GuardedIndex(FileIndex):  # type: ignore[misc]
    """An index that runs nothing it names, and says what is wrong when it can't be opened.

    Whoosh takes damage for a commit that is under way, or lets out whatever
    the damage made it raise.

    Args:
        storage: its folder.
    """

    _tried = -1

    def __init__(self, storage: FolderStorage) -> None:
        # Whoosh's own would read the table of contents, with whatever it names.
        self.storage = storage
        self.indexname = "MAIN"
        self._schema = None
        self._read_toc()

    def _read_toc(self) -> TOC:
        """Return the table of contents of the newest commit.

        Raises:
            IndexUnreadable: it is damaged.
            IndexIncompatible: it is another program's.
        """
        generation = self.latest_generation()
        if generation < 0:
            lost = toc_name(told_generation(self.storage.folder))
            raise EmptyIndexError(f"{lost} is missing")
        return self.toc_of(generation)

    def toc_of(self, generation: int) -> TOC:
        """Return the table of contents of a commit; what segments have to be is then known."""
        folder, name = Path(self.storage.folder), toc_name(generation)
        found = read_segment_list(folder, generation)
        toc = _parsed(folder, name, (folder / name).read_bytes(), generation)
        if found is not None:
            self.storage.parts.update((part.file, part) for part in found.parts)
        return toc

    def reader(self, reuse: Any = None) -> Any:
        """Return a reader of the newest commit.

        Raises:
            IndexUnreadable: a file is missing or damaged; the message names it.
        """
        folder = Path(self.storage.folder)
        return with_errors(folder, lambda: retried(self._newest, self._is_final))

    def _newest(self) -> Any:
        toc = self._read_toc()
        self._tried = toc.generation
        try:
            self._check_seals(toc)
            return index_reader(self.storage, toc.schema, toc.segments, toc.generation)
        except (OSError, MemoryError, ModuleNotFoundError, SearcherError):
            raise
        except Exception as error:
            raise _Damaged(self._broken(toc), error) from error

    def _check_seals(self, toc: TOC) -> None:
        for name in map(file_of, toc.segments):
            if name in self.storage.parts:
                check_seal(self.storage.folder, self.storage.parts[name])

    def _broken(self, toc: TOC) -> str:
        """Return the file of the first segment that can't be opened."""
        for segment in toc.segments:
            try:
                segment_reader(self.storage, toc.schema, segment).close()
            except Exception:
                return file_of(segment)
        return toc_name(toc.generation)

    def _is_final(self) -> bool:
        """Tell whether no commit came since the last attempt that could have removed a file."""
        return bool(self._tried == self.latest_generation())


def _parsed(folder: Path, name: str, data: bytes, generation: int) -> TOC:
    try:
        return parse_toc(data, generation)
    except Refused as error:
        raise refused(folder, f"{name}: {error}") from error
    except OtherTable as error:
        raise refused(folder, f"{name} is {error}") from error
    # What is damaged is unpickled, which can raise anything, for want of memory too.
    except Exception as error:
        raise damaged(folder, f"{name}: {type(error).__name__}: {error}") from error


def file_of(segment: Any) -> str:
    """Return the name of the one file of a segment."""
    return str(getattr(segment, "file_name", segment.make_filename(STOCK_EXTENSION)))


def listed(toc: TOC) -> SegmentList:
    """Return what a table of contents says of a commit, in the words of its list."""
    parts = tuple(
        Part(file_of(one), one.doc_count_all(), array("I", sorted(one.deleted_docs())).tobytes())
        for one in toc.segments
    )
    return SegmentList(toc.generation, format_of(toc.schema), language_of(toc.schema), parts)


class _Damaged(Exception):
    """A file of the index doesn't hold what it should."""

    def __init__(self, name: str, error: Exception) -> None:
        super().__init__(f"{name}: {type(error).__name__}: {error}")


def guard_whoosh() -> None:
    """Check that the package `whoosh` is the distribution that searcher depends on.

    Raises:
        WhooshMismatch: the message names what is installed and how to mend it.
    """
    found = getattr(whoosh, "__version__", None)
    if found == WHOOSH_VERSION:
        return
    # Imported here: it takes longer to load than the index takes to open.
    from importlib import metadata

    owners = metadata.packages_distributions().get("whoosh", [])
    raise WhooshMismatch(_mismatch(found, sorted(set(owners))))


def _mismatch(found: Any, owners: list[str]) -> str:
    version = ".".join(map(str, found)) if isinstance(found, tuple) else str(found)
    others = [name for name in owners if name != "whoosh3"]
    names = ", ".join(owners) or "none"
    return (
        f"the package 'whoosh' is version {version} (distributions installed: {names}); "
        f"searcher needs {WHOOSH_PIN}. Mend it with: "
        f"pip uninstall -y {' '.join([*others, 'whoosh3'])} && pip install {WHOOSH_PIN}"
    )


def open_index(
    path: str | os.PathLike[str], *, durable: bool = False, any_format: bool = False
) -> FileIndex:
    """Return the index in a folder; it stays right while others commit.

    Args:
        path: the folder.
        durable: open it for writing, with every commit forced to the disk.
        any_format: open one of another format version too, to rebuild it.

    Returns:
        whoosh.index.FileIndex: take `.reader()` of it anew for every look at
        the newest commit; never `refresh()` one.

    Raises:
        IndexMissing: no index there.
        IndexUnreadable: no permission, damaged, or a file instead of a folder.
        IndexIncompatible: not an index of searcher, or of another format.
        WhooshMismatch: another Whoosh is installed.
    """
    guard_whoosh()
    folder = Path(path)
    if not has_index(folder):
        raise IndexMissing(
            f"no index in {folder}. Build one with: searcher index PATH --index {folder}", str(path)
        )
    storage = DurableStorage(str(folder)) if durable else FolderStorage(str(folder))
    index = with_errors(folder, lambda: retried(lambda: GuardedIndex(storage)))
    _check_format(
        folder, with_errors(folder, lambda: retried(lambda: index.schema)), any_format=any_format
    )
    return index


def has_index(folder: Path) -> bool:
    """Tell whether a folder holds a Whoosh index, by its file names alone.

    One whose table of contents is gone is an index too, and damaged.

    Raises:
        IndexUnreadable: it is no folder, or may not be listed.
    """
    try:
        return any(_TOLD.fullmatch(file.name) for file in folder.iterdir())
    except FileNotFoundError:
        return False
    except NotADirectoryError:
        raise IndexUnreadable(
            f"{folder}: expected the folder of an index, found a file", str(folder)
        ) from None
    except OSError as error:
        raise IndexUnreadable(
            f"{folder}: can't be listed ({error.strerror})", str(folder)
        ) from error


def retried(attempt: Callable[[], T], is_final: Callable[[], bool] = lambda: False) -> T:
    """Return what `attempt` returns, trying again while a commit swaps files under it.

    `is_final` tells after a failure that no commit is the cause of it.
    """
    for _ in range(TRIES - 1):
        try:
            return attempt()
        except (FileNotFoundError, EmptyIndexError):
            if is_final():
                raise
            time.sleep(PAUSE_S)
    return attempt()


def with_errors(folder: Path, attempt: Callable[[], T]) -> T:
    """Return what `attempt` returns of an index; whatever damage does comes as one error.

    Raises:
        IndexUnreadable: the message names the file where it is known.
    """
    try:
        return attempt()
    except (SearcherError, MemoryError):
        raise
    except FileNotFoundError as error:
        gone = Path(error.filename or ".").name
        raise damaged(folder, f"{gone} is missing") from error
    except OSError as error:
        raise IndexUnreadable(
            f"{folder}: {error.strerror or error}: {error.filename}", str(folder)
        ) from error
    except (_Damaged, EmptyIndexError) as error:
        raise damaged(folder, str(error)) from error
    except Refused as error:
        raise refused(folder, error) from error
    except ModuleNotFoundError as error:
        if error.name != "searcher._native":
            raise
        raise without_core(folder) from error
    # What is damaged can raise anything.
    except Exception as error:
        raise damaged(folder, f"{type(error).__name__}: {error}") from error


def _check_format(folder: Path, fields: Any, *, any_format: bool) -> None:
    found = format_of(fields)
    if not found:
        raise IndexIncompatible(
            f"{folder}: a Whoosh index of another program. Choose another folder with --index",
            str(folder),
        )
    if found != FORMAT_VERSION and not any_format:
        raise IndexIncompatible(
            f"{folder}: index format {found}, this searcher reads {FORMAT_VERSION}. "
            + _rebuild(folder),
            str(folder),
        )


def _rebuild(folder: Path) -> str:
    return f"Index again with: searcher index PATH --rebuild --index {folder}"


def create_index(folder: Path, language: str) -> FileIndex:
    """Return a new, empty index; the caller holds the write lock and saw that there is none.

    Raises:
        IndexUnreadable: the folder holds files that are no index.
    """
    check_usable(folder)
    storage = DurableStorage(str(folder))
    try:
        return FileIndex.create(storage, schema(language))
    except BaseException:
        storage.abandon()
        raise


def check_usable(folder: Path) -> None:
    """Check that a new index may be made in a folder, which need not exist.

    Raises:
        IndexUnreadable: it is a file, or it holds files that are no index.
    """
    has_index(folder)
    foreign = sorted(_foreign(folder)) if folder.exists() else []
    if foreign:
        raise IndexUnreadable(
            f"{folder}: expected an index or an empty folder, found {foreign[0]!r}. "
            "Choose another folder with --index",
            str(folder),
        )


def _foreign(folder: Path) -> Iterator[str]:
    return (file.name for file in folder.iterdir() if not _OURS.fullmatch(file.name))
