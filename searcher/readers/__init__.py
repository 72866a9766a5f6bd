"""Readers: a file in, Articles out.

`walk` finds the files, `opened` opens one, `read` turns it into articles:

    for found in walk([folder], options):
        if isinstance(found, Found):
            for article in read(opened(found.path, name, options), options): ...

A format is one module and one entry in READERS; a third party adds one by an
entry point of the group `searcher.readers`, named as the suffix (`.nitf`).
Reader modules load when the first file of their kind is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..errors import ArticleError
from ..model import Article
from .base import DEFAULTS, Reader, ReadOptions, Skip
from .characters import real_name, safe_name
from .quotes import with_quotes
from .registry import READERS, STREAMED, find_reader, has_reader, suffix_of
from .source import MAX_BYTES, Source, Stream, load, load_or_stream
from .walk import Found, walk

__all__ = [
    "MAX_BYTES",
    "READERS",
    "Found",
    "ReadOptions",
    "Reader",
    "Skip",
    "Source",
    "Stream",
    "find_reader",
    "has_reader",
    "load",
    "opened",
    "read",
    "real_name",
    "safe_name",
    "suffix_of",
    "walk",
]


def opened(path: Path, name: str, options: ReadOptions = DEFAULTS) -> Source:
    """Return a file as its reader takes it: whole, or a Stream of a large one of many records.

    Raises:
        ArticleError: it can't be read; see `load`.
    """
    streams = suffix_of(path, options) in STREAMED
    return (load_or_stream if streams else load)(path, name, options.max_bytes)


def read(source: Source, options: ReadOptions = DEFAULTS) -> Iterator[Article | Skip]:
    """Yield the articles of a file with their quotations, and a Skip for what can't be read.

    A bad file costs only itself: whatever is wrong with it comes as a Skip,
    after the articles that were good.
    """
    is_bare = True
    try:
        for found in _read(source, options):
            is_bare = False
            yield found if isinstance(found, Skip) else with_quotes(found)
        if is_bare:
            yield _bare(source)
    except ArticleError as error:
        yield Skip(source.name, error.reason, error.detail)
    except RecursionError:
        yield Skip(source.name, "nested too deeply", "its brackets or tags go down too far")
    except MemoryError:
        yield Skip(source.name, "too large", "it does not fit in memory")
    except Exception as error:  # A reader of a third party may raise anything.
        yield Skip(source.name, "reader failed", f"{type(error).__name__}: {error}")


def _bare(source: Source) -> Skip:
    """Return what a file without a single record is: an empty list, or only white space."""
    if isinstance(source, Stream) or source.text.strip("\ufeff \t\r\n"):
        return Skip(source.name, "no article in it", ignored=True)
    return Skip(source.name, "no text", "expected articles, found white space")


def _read(source: Source, options: ReadOptions) -> Iterator[Article | Skip]:
    if not source.size_bytes:
        raise ArticleError("empty file", "0 bytes")
    suffix = suffix_of(source.path, options)
    reader = find_reader(suffix)
    if reader is None:
        raise ArticleError("no reader", f"for files that end in {suffix or 'no suffix'}")
    return reader(source, options)
