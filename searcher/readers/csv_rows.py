"""CSV and TSV: a header row, then one article a row.

The delimiter is a tab in `.tsv`; else the one of `, ; tab |` that the header
header row has most of.  Fields in quotes may span lines.  Columns of one name
are a list, as in JSON.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..errors import ArticleError
from ..model import Article
from .base import DEFAULTS, Keys, ReadOptions, Skip
from .characters import fold
from .fields import Record, checked, require
from .records import article
from .registry import suffix_of
from .source import Source
from .spans import Span
from .windows import windows

_DELIMITERS = ",;\t|"
_MAX_FIELD_CHARS = 16_000_000
_MOST_READINGS = 10


def read(source: Source, options: ReadOptions = DEFAULTS) -> Iterator[Article | Skip]:
    """Yield an article a row, named by its own id or by the ordinal of the row.

    A row whose quotes don't close is a Skip named by its line, and reading
    goes on at the line after.

    Raises:
        ArticleError: reason "no header row", "unclosed quote", "malformed
            quotes", "no such column" or "no such field".
    """
    rows = _Rows(source, suffix_of(source.path, options))
    header = [fold(name) for name in _header(rows)]
    mapping = _mapping(options, header)
    keys = Keys()
    for ordinal, row in enumerate(rows, start=1):
        try:
            record = _record(header, _good(row), mapping)
            key = keys.take(record.first("id"), ordinal)
            yield article(source, options, record, row.extent, key)
        except ArticleError as error:
            number = row.line if row.error else ordinal
            yield Skip(f"{source.name}:{number}", error.reason, error.detail)


@dataclass(frozen=True)
class _Row:
    """A row, where it stands, and what is wrong with its quotes."""

    cells: list[str]
    extent: Span
    line: int
    error: ArticleError | None = None


def _header(rows: Iterator[_Row]) -> list[str]:
    first = next(rows, None)
    return _good(first) if first else []


def _good(row: _Row) -> list[str]:
    if row.error:
        raise row.error
    return row.cells


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
    values: dict[str, list[str]] = {name: [] for name in header}
    for name, value in zip(header, row, strict=False):
        values[name].append(value)
    return Record(values, mapping)


class _Rows:
    """The rows that are not blank; a bad one costs its first line alone."""

    def __init__(self, source: Source, suffix: str) -> None:
        csv.field_size_limit(_MAX_FIELD_CHARS)
        self._lines = _Lines(window.text for window in windows(source, b"\n"))
        self._delimiter = "\t" if suffix == ".tsv" else _delimiter(self._lines.peek())
        self._reader = self._open()
        # Lines after a bad one are read again; without a bound that could take for ever.
        self._patience = _MOST_READINGS * source.size_bytes

    def __iter__(self) -> _Rows:
        return self

    def __next__(self) -> _Row:
        while True:
            start, line = self._lines.at, self._lines.number + 1
            self._lines.mark()
            try:
                cells = next(self._reader)
            except csv.Error as error:
                return self._bad(start, line, error)
            if any(map(str.strip, cells)):
                return _Row(cells, (start, self._lines.at), line)

    def _bad(self, start: int, line: int, error: csv.Error) -> _Row:
        open_ended = self._lines.number > line or "end of data" in str(error)
        reason = "unclosed quote" if open_ended else "malformed quotes"
        self._patience -= self._lines.at - start
        self._lines.go_back()
        next(self._lines)
        self._reader = self._open() if self._patience > 0 else self._alone()
        extent = (start, self._lines.at)
        return _Row([], extent, line, ArticleError(reason, f"{error}; the row begins here"))

    def _open(self) -> Iterator[list[str]]:
        return csv.reader(self._lines, delimiter=self._delimiter, strict=True)

    def _alone(self) -> Iterator[list[str]]:
        for line in self._lines:
            yield from csv.reader([line], delimiter=self._delimiter, strict=True)


class _Lines:
    """The lines of some texts, and how many characters of them have been handed out."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._unread = (line for text in texts for line in io.StringIO(text, newline=""))
        self._again: deque[str] = deque()
        self._since_mark: list[str] = []
        self.at = self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._unread)
        self._since_mark.append(line)
        self.at += len(line)
        self.number += 1
        # The csv module of Python 3.10 refuses a line with a NUL in it.
        return line.replace("\0", "")

    def mark(self) -> None:
        """Remember this place."""
        self._since_mark.clear()

    def go_back(self) -> None:
        """Go back to the place that was marked."""
        self._again.extendleft(reversed(self._since_mark))
        self.at -= sum(map(len, self._since_mark))
        self.number -= len(self._since_mark)
        self.mark()

    def peek(self) -> str:
        """Return the first line that isn't blank, or an empty string; no line is taken."""
        first = next((line for line in self if line.strip("\r\n")), "")
        self.go_back()
        return first


def _delimiter(line: str) -> str:
    """Return the delimiter that the first line has most of; a comma if it has none."""
    bare = "".join(line[:100_000].split('"')[::2])
    return max(_DELIMITERS, key=bare.count)
