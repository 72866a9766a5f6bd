"""Records with named fields: which name means what.

Names match without regard to case, `_`, `-` and spaces.  `updated`,
`modified`, `versioncreated` and `created_at` are not days of publication and
date nothing unless a mapping says so.

    >>> Record({"Headline": "Rain", "published_at": "2026-02-25"}).first("title")
    'Rain'
    >>> Record({"fields": {"body": "It fell."}}, {"text": "fields.body"}).first("text")
    'It fell.'
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from ..errors import ArticleError
from .dates import parse_day

NAMES: dict[str, tuple[str, ...]] = {
    "title": ("headline", "title", "name", "webtitle"),
    "text": ("text", "articlebody", "bodytext", "body", "content", "fulltext", "articletext"),
    "html": ("bodyhtml", "bodyxhtml", "contenthtml", "html"),
    "date": (
        "datepublished",
        "firstpublished",
        "published",
        "publishedat",
        "publishedon",
        "publishdate",
        "publicationdate",
        "publisheddate",
        "pubdate",
        "webpublicationdate",
        "firstcreated",
        "date",
    ),
    "desk": ("desk", "section", "sections", "articlesection", "category", "categories"),
    "author": ("author", "authors", "byline", "creator", "by"),
    "url": ("url", "link", "canonical", "canonicalurl", "weburl"),
    "source": ("source", "publisher", "agency", "sitename"),
    "language": ("language", "lang", "inlanguage"),
    "city": ("city", "locationcreated"),
    "id": ("id", "guid", "slug", "newid", "@id"),
}
"""Field of an article → names that records use for it, the surest first."""

_ALIASES = {"section": "desk", "category": "desk", "body": "text", "headline": "title"}
_INNER = ("name", "value", "@value", "main", "original", "text", "title", "rendered", "$t", "#text")
_SEPARATORS = re.compile(r"[\s_-]+")
_MARKUP = re.compile(
    r"<(?:p|div|br|h[1-6]|ul|ol|blockquote|figure|span|article)\b[^<>]{0,500}>", re.I
)


class Record:
    """One record, read by the fields of an article."""

    def __init__(self, values: Mapping[str, Any], mapping: Mapping[str, str] | None = None) -> None:
        self._values = values
        keys = tuple(values)
        self._keys = (_known_fields if _are_few(keys) else _fields)(keys)
        self._mapping = mapping or {}

    def values(self, field: str) -> list[str]:
        """Return the strings of a field: several where the record holds a list."""
        if field in self._mapping:
            return strings(_at(self._values, self._mapping[field]))
        for key in self._keys[field]:
            if found := strings(self._values[key]):
                return found
        return []

    def first(self, field: str) -> str:
        """Return the first string of a field, or an empty one."""
        values = self.values(field)
        return values[0] if values else ""

    def day(self) -> date | None:
        """Return the first day that any of the date fields names."""
        if "date" in self._mapping:
            return parse_day(self.first("date"))
        for key in self._keys["date"]:
            for written in strings(self._values[key]):
                if day := parse_day(written):
                    return day
        return None

    def desk(self) -> tuple[str, ...]:
        """Return the sections; a string is split at semicolons and bars, never at commas."""
        return tuple(part for value in self.values("desk") for part in re.split("[;|]", value))


def checked(mapping: Mapping[str, str]) -> dict[str, str]:
    """Return a mapping under the names of NAMES.

    Raises:
        ArticleError: reason "no such field".
    """
    known = {_ALIASES.get(field, field): column for field, column in mapping.items()}
    for field in known:
        if field not in NAMES:
            expected = ", ".join(sorted(NAMES))
            raise ArticleError("no such field", f"expected one of {expected}; found {field}")
    return known


def require(mapping: Mapping[str, str], records: Iterable[Mapping[str, Any]]) -> None:
    """Check that every mapped column is in one record at least.

    Raises:
        ArticleError: reason "no such column"; the detail says which there are.
    """
    missing, seen = set(mapping.values()), dict[str, None]()
    for record in records if missing else ():
        missing -= {column for column in missing if _at(record, column) is not None}
        seen.update(dict.fromkeys(list(record)[:50]))
    if missing:
        there = ", ".join(map(str, list(seen)[:50]))
        raise ArticleError("no such column", f"{', '.join(sorted(missing))}; there are: {there}")


def strings(value: object) -> list[str]:
    """Return what a value says in words: of an object its name, of a list each item's."""
    if isinstance(value, str):
        return [value] if value.strip() else []
    if isinstance(value, bool) or value is None:
        return []
    if isinstance(value, list):
        return [word for item in value for word in _item(item)]
    if isinstance(value, Mapping):
        return next((found for key in _INNER if (found := _plain(value.get(key)))), [])
    return [str(value)]


def has_markup(text: str) -> bool:
    """Tell whether a text is HTML and not plain."""
    return bool(_MARKUP.search(text))


def _item(value: object) -> list[str]:
    return [] if isinstance(value, list) else strings(value)


def _plain(value: object) -> list[str]:
    return [] if isinstance(value, Mapping | list) else strings(value)


def _are_few(keys: tuple[Any, ...]) -> bool:
    """Tell whether keys may be remembered: those of data that is no article can be very long."""
    return len(keys) <= 64 and sum(map(len, map(str, keys))) <= 4096


def _fields(keys: tuple[Any, ...]) -> dict[str, list[Any]]:
    """Return the keys of each field among those of a record, the surest first."""
    # Of keys with one name the first counts.
    by_name = {_SEPARATORS.sub("", str(key)).lower(): key for key in reversed(keys)}
    return {
        field: [by_name[name] for name in names if name in by_name]
        for field, names in NAMES.items()
    }


# The records of a file have the same keys, as a rule, so they are looked at once.
_known_fields = lru_cache(maxsize=256)(_fields)


def _at(values: Mapping[str, Any], column: str) -> Any:
    """Return the value under a key, or under a path of keys with dots."""
    if column in values:
        return values[column]
    found: Any = values
    for key in column.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found
