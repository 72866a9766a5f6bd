"""Which reader reads which suffix."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ..errors import ArticleError
from .base import Reader, ReadOptions

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

READERS: dict[str, str] = {
    ".txt": "searcher.readers.text:read",
    ".text": "searcher.readers.text:read",
    ".md": "searcher.readers.markdown:read",
    ".markdown": "searcher.readers.markdown:read",
    ".html": "searcher.readers.html:read",
    ".htm": "searcher.readers.html:read",
    ".xhtml": "searcher.readers.html:read",
    ".json": "searcher.readers.json_records:read",
    ".jsonl": "searcher.readers.json_records:read_lines",
    ".ndjson": "searcher.readers.json_records:read_lines",
    ".csv": "searcher.readers.csv_rows:read",
    ".tsv": "searcher.readers.csv_rows:read",
    ".sgm": "searcher.readers.reuters:read",
    ".sgml": "searcher.readers.reuters:read",
}
"""Suffix in lower case → `module:function` of its Reader."""

STREAMED = frozenset((".jsonl", ".ndjson", ".csv", ".tsv", ".sgm", ".sgml"))
"""Suffixes whose readers take large files in parts, so that their size doesn't matter."""

_GROUP = "searcher.readers"


def suffix_of(path: Path, options: ReadOptions) -> str:
    """Return the suffix that chooses the reader: the format asked for, or the file's."""
    asked = options.format.lower()
    return f".{asked.lstrip('.')}" if asked else path.suffix.lower()


def has_reader(suffix: str) -> bool:
    """Tell whether files of that suffix can be read, without loading the reader."""
    return suffix in READERS or suffix in _entry_points()


def find_reader(suffix: str) -> Reader | None:
    """Return the reader of a suffix such as `.txt`, or None if there is none.

    Raises:
        ArticleError: reason "reader failed": a third party's can't be loaded.
    """
    if suffix in READERS:
        module, _, name = READERS[suffix].partition(":")
        return cast(Reader, getattr(import_module(module), name))
    entry = _entry_points().get(suffix)
    return _loaded(entry) if entry else None


def _loaded(entry: EntryPoint) -> Reader:
    try:
        return cast(Reader, entry.load())
    except Exception as error:
        raise ArticleError("reader failed", f"{entry.value}: {error}") from error


@lru_cache(maxsize=1)
def _entry_points() -> dict[str, EntryPoint]:
    # Half as dear to import as all readers; most runs never need it.
    from importlib.metadata import entry_points

    return {entry.name.lower(): entry for entry in entry_points(group=_GROUP)}
