"""JSON and JSON Lines: one article, a list of them, or an object around a list.

    File     = Value*                     one value, or several in a row
    Value    = Article | [Article…] | {"items": [Article…], …}

The list may stand under any name of CONTAINERS, inside the wrappers that
search services put around it.  ninjs and JSON-LD need no mapping.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any

from ..errors import ArticleError
from ..model import Article
from .base import DEFAULTS, Keys, ReadOptions, Skip, is_key
from .fields import Record, checked, require
from .records import article
from .source import Source
from .spans import Span
from .windows import windows

CONTAINERS = ("items", "articles", "results", "hits", "docs", "@graph", "data", "response")
"""Keys that hold the list of articles, or an object that holds it."""

_DECODER = json.JSONDecoder(strict=False)
_SPACE = re.compile(r"[ \t\r\n\ufeff]*")
_MAX_WRAPPERS = 4

_Found = tuple[Any, Span, bool]


def read(source: Source, options: ReadOptions = DEFAULTS) -> Iterator[Article | Skip]:
    """Yield the articles of a JSON file, those of a list named by their own id or ordinal.

    Raises:
        ArticleError: reason "not JSON" (the detail says where), "no such
            column" or "no such field".
    """
    mapping = checked(options.mapping)
    if mapping:
        require(
            mapping, (_unwrapped(v) for v, _, _ in _values(source.text, mapping) if _is_object(v))
        )
    keys = Keys()
    for ordinal, (value, extent, many) in enumerate(_values(source.text, mapping), start=1):
        yield _article(source, options, (value, extent), Keyed(keys, ordinal, many, mapping))


def read_lines(source: Source, options: ReadOptions = DEFAULTS) -> Iterator[Article | Skip]:
    """Yield the articles of JSON Lines; a bad line is a Skip named by its number.

    Raises:
        ArticleError: reason "no such column" or "no such field".
    """
    mapping = checked(options.mapping)
    if mapping:
        require(mapping, (_unwrapped(value) for value in _readable(source)))
    keys, seen = Keys(), set[str]()
    for number, line, extent in _lines(source):
        try:
            value = _line(line)
        except ArticleError as error:
            yield Skip(f"{source.name}:{number}", error.reason, error.detail)
            continue
        place = Keyed(keys, number, True, mapping)
        if source.is_feed:
            place = KeyedByContent(keys, number, value, mapping, seen)
        yield _article(source, options, (value, extent), place)


class Keyed:
    """Where a record stands among those of its file, and how its fields are named."""

    def __init__(self, keys: Keys, ordinal: int, many: bool, mapping: Mapping[str, str]) -> None:
        self.keys, self.ordinal, self.many, self.mapping = keys, ordinal, many, mapping

    def key(self, record: Record) -> str:
        """Return the article's key; empty in a file of one."""
        return self.keys.take(record.first("id"), self.ordinal) if self.many else ""


class KeyedByContent(Keyed):
    """A record of a feed: one without an id is named by what it says."""

    def __init__(
        self, keys: Keys, ordinal: int, value: Any, mapping: Mapping[str, str], seen: set[str]
    ) -> None:
        super().__init__(keys, ordinal, True, mapping)
        self.digest, self.seen = _digest(json.dumps(value, sort_keys=True)), seen

    def key(self, record: Record) -> str:
        """Return the article's key.

        Raises:
            Repeated: the feed had this very record already.
        """
        written = record.first("id")
        if written:
            return self.keys.take(written if is_key(written) else _digest(written), self.ordinal)
        if self.digest in self.seen:
            raise Repeated("same record again", "it stands twice on standard input")
        self.seen.add(self.digest)
        return self.keys.take(self.digest, self.ordinal)


class Repeated(ArticleError):
    """A record stands twice in a feed: nothing is amiss, and nothing is lost."""


def _article(
    source: Source, options: ReadOptions, found: tuple[Any, Span], place: Keyed
) -> Article | Skip:
    value, extent = found
    name = f"{source.name}:{place.ordinal}" if place.many else source.name
    if not _is_object(value):
        return Skip(name, "not a record", f"expected an object, found {type(value).__name__}")
    record = Record(_unwrapped(value), place.mapping)
    try:
        return article(source, options, record, extent, place.key(record))
    except ArticleError as error:
        return Skip(name, error.reason, error.detail, ignored=isinstance(error, Repeated))


def _digest(said: str) -> str:
    return blake2b(said.encode("utf-8", "backslashreplace"), digest_size=6).hexdigest()


def _values(text: str, mapping: Mapping[str, str]) -> Iterator[_Found]:
    """Yield every record, its extent, and whether it is one of several."""
    at = _skip_space(text, 0)
    several = False
    while at < len(text):
        value, end = _decode(text, at)
        several = several or _skip_space(text, end) < len(text)
        yield from _inside(text, value, (at, end), mapping, several)
        at = _skip_space(text, end)


def _inside(
    text: str, value: Any, extent: Span, mapping: Mapping[str, str], several: bool
) -> Iterator[_Found]:
    at = _list_start(text, value, extent[0], mapping)
    if at is None:
        yield value, extent, several
        return
    del value
    for item, span in _items(text, at):
        if _is_news(item):
            yield item, span, True


def _list_start(text: str, value: Any, at: int, mapping: Mapping[str, str]) -> int | None:
    """Return where the list of records opens, or None if the value is itself a record."""
    for _ in range(_MAX_WRAPPERS):
        if isinstance(value, list):
            return at
        name = _container(value, mapping) if _is_object(value) else ""
        if not name:
            return None
        at, value = _member(text, at, name), value[name]
    return None


def _container(value: Mapping[str, Any], mapping: Mapping[str, str]) -> str:
    record = Record(value, mapping)
    if record.values("text") or record.values("html"):
        return ""
    return next((name for name in CONTAINERS if _holds_records(value.get(name))), "")


def _holds_records(value: Any) -> bool:
    if isinstance(value, list):
        return any(map(_is_object, value))
    return _is_object(value) and any(_holds_records(value.get(name)) for name in CONTAINERS)


def _member(text: str, at: int, wanted: str) -> int:
    """Return where the last member of that name has its value, in the object that opens at `at`."""
    found = at
    at = _skip_space(text, at + 1)
    while text[at] != "}":
        name, at = _decode(text, at)
        at = _skip_space(text, _skip_space(text, at) + 1)
        if name == wanted:
            found = at
        at = _skip_space(text, _decode(text, at)[1])
        at = _skip_space(text, at + 1) if text[at] == "," else at
    return found


def _items(text: str, at: int) -> Iterator[tuple[Any, Span]]:
    at = _skip_space(text, at + 1)
    while text[at] != "]":
        value, end = _decode(text, at)
        yield value, (at, end)
        at = _skip_space(text, end)
        at = _skip_space(text, at + 1) if text[at] == "," else at


def _is_news(value: Any) -> bool:
    """Tell whether an item may be an article: JSON-LD also lists pages and publishers."""
    kinds = value.get("@type") if _is_object(value) else None
    names = kinds if isinstance(kinds, list) else [kinds]
    return kinds is None or any(
        str(name).endswith(("Article", "Posting", "Report")) for name in names
    )


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _unwrapped(value: Any) -> Any:
    inner = value.get("_source")
    return inner if _is_object(inner) else value


def _decode(text: str, at: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise ArticleError("not JSON", f"{error.msg} at {where}") from error
    except ValueError as error:
        raise ArticleError("not JSON", str(error)) from error


def _skip_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _lines(source: Source) -> Iterator[tuple[int, str, Span]]:
    """Yield (number, text, extent) of every line that is not blank; only LF ends a line."""
    number = 0
    for text, start_char in windows(source, b"\n"):
        start = 0
        while start < len(text):
            end = text.find("\n", start)
            end = len(text) if end < 0 else end
            number += 1
            if ink := text[start:end].lstrip(" \t\r\ufeff"):
                yield number, ink, (start_char + end - len(ink), start_char + end)
            start = end + 1


def _line(line: str) -> Any:
    value, end = _decode(line, 0)
    rest = line[end:].strip()
    if rest:
        raise ArticleError("not JSON", f"expected the end of the line, found {rest[:20]!r}")
    return value


def _readable(source: Source) -> Iterator[Mapping[str, Any]]:
    for _, line, _ in _lines(source):
        try:
            value = _line(line)
        except ArticleError:
            continue
        if _is_object(value):
            yield value
