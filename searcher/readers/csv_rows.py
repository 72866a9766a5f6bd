"""CSV and TSV: a header row, then one article a row.

The delimiter is a tab in `.tsv`; else the one of `, ; tab |` that the header
row has most of.  Fields in quotes may span lines.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from ..errors import ArticleError
from ..model import Article
from .base import DEFAULTS, Keys, ReadOptions, Skip
from .characters import fold
from .fields import Record, checked, require
from .records import article
from .registry import suffix_of
from .source import Source
from .spans import Span

_DELIMITERS = ",;\t|"
_MAX_FIELD_CHARS = 2**31 - 1


def read(source: Source, options: ReadOptions = DEFAULTS) -> Iterator[Article | Skip]:
    """Yield an article a row, named by its own id or by the ordinal of the row.

    Raises:
        ArticleError: reason "no header row", "not CSV", "no such column" or
            "no such field".
    """
    rows = _rows(source.text, suffix_of(source.path, options))
    header = [fold(name) for name in next(rows, ([], (0, 0)))[0]]
    mapping = _mapping(options, header)
    keys = Keys()
    for ordinal, (row, extent) in enumerate(rows, start=1):
        try:
            record = _record(header, row, mapping)
            key = keys.take(record.first("id"), ordinal)
            yield article(source, options, record, extent, key)
        except ArticleError as error:
            yield Skip(f"{source.name}:{ordinal}", error.reason, error.detail)


def _mapping(options: ReadOptions, header: list[str]) -> dict[str, str]:
    mapping = checked(options.mapping)
    columns = dict.fromkeys(header, "-")
    require(mapping, [columns])
    record = Record(columns, mapping)
    if not any(record.values(field) for field in ("title", "text", "html")):
        named = ", ".join(header[:20])[:200]
        raise ArticleError("no header row", f"expected a title or text column, found: {named}")
    return mapping


def _record(header: list[str], row: list[str], mapping: Mapping[str, str]) -> Record:
    if len(row) > len(header):
        expected = f"expected {len(header)} columns, found {len(row)}"
        raise ArticleError("too many columns", expected)
    return Record(dict(zip(header, row, strict=False)), mapping)


def _rows(text: str, suffix: str) -> Iterator[tuple[list[str], Span]]:
    """Yield every row that is not blank, and its extent."""
    csv.field_size_limit(_MAX_FIELD_CHARS)
    lines = _Lines(text)
    rows = csv.reader(lines, delimiter="\t" if suffix == ".tsv" else _delimiter(text))
    start = 0
    try:
        for row in rows:
            if any(map(str.strip, row)):
                yield row, (start, lines.at)
            start = lines.at
    except csv.Error as error:
        raise ArticleError("not CSV", f"{error} (row {rows.line_num})") from error


class _Lines:
    """The lines of a text, and how many characters of it have been handed out."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self.at = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.at += len(line)
        # The csv module of Python 3.10 refuses a line with a NUL in it.
        return line.replace("\0", "")


def _delimiter(text: str) -> str:
    """Return the delimiter that the first line has most of; a comma if it has none."""
    first = text.lstrip("\r\n")[:100_000].splitlines()[:1]
    bare = "".join(first[0].split('"')[::2]) if first else ""
    return max(_DELIMITERS, key=bare.count)
