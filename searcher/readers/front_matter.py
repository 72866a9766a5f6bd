"""The front matter of a Markdown file: what stands between `---` or `+++` lines.

All YAML scalars stay strings, so a day is the day that was written and no
time zone ever moves it.
"""

from __future__ import annotations

import re
import sys
from typing import Any

from ..errors import ArticleError

MAX_CHARS = 64 * 1024
"""Longer front matter is refused before it is parsed."""

MAX_DEPTH = 100
"""Brackets within brackets; the parser takes time with the square of them."""

_BRACKET = re.compile(r"[\[\]{}]")
_OPENING = re.compile(r"(---|\+\+\+)[ \t]*\r?\n")
_CLOSING = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$\n?", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*\r?$\n?", re.MULTILINE),
}
_LOOKS_LIKE_A_FIELD = re.compile(r"[A-Za-z_][\w -]{0,60}\s*[:=]")
_NOTHING = ("", "~", "null", "Null", "NULL")


def split(text: str) -> tuple[dict[str, Any], int]:
    """Return the fields, and where the text after them begins.

    Raises:
        ArticleError: reason "front matter": it is broken, not closed, too long
            or not a table of fields.
    """
    opening = _OPENING.match(text)
    if not opening:
        return {}, 0
    closing = _CLOSING[opening[1]].search(text, opening.end(), opening.end() + MAX_CHARS)
    if closing:
        inner = text[opening.end() : closing.start()]
        return _fields(inner, opening[1], is_certain=True) or {}, closing.end()
    if _LOOKS_LIKE_A_FIELD.match(text, opening.end()):
        raise ArticleError(
            "front matter", f"line 1 opens it; no {opening[1]} in {MAX_CHARS:,} characters"
        )
    return {}, 0


def _fields(inner: str, mark: str, is_certain: bool) -> dict[str, Any] | None:
    if _depth(inner) > MAX_DEPTH:
        raise ArticleError("front matter", "nested too deeply")
    try:
        found = _yaml(inner) if mark == "---" else _toml(inner)
    except RecursionError as error:
        raise ArticleError("front matter", "nested too deeply") from error
    if found is None or found in _NOTHING:
        return None
    if not isinstance(found, dict):
        raise ArticleError("front matter", "expected fields such as `title: ...` below line 1")
    return {str(key): _value(value) for key, value in found.items()}


def _depth(text: str) -> int:
    """Return how deep brackets stand in brackets, those in strings too."""
    deep = deepest = 0
    for found in _BRACKET.finditer(text):
        deep = deep + 1 if found.group() in "[{" else max(deep - 1, 0)
        deepest = max(deepest, deep)
    return deepest


def _value(value: Any) -> Any:
    if isinstance(value, list):
        return [_value(item) for item in value if not isinstance(item, list)]
    if isinstance(value, dict):
        return {str(key): item for key, item in value.items() if isinstance(item, str)}
    return "" if str(value) in _NOTHING else str(value)


def _yaml(inner: str) -> Any:
    import yaml

    # BaseLoader makes strings, lists and dicts, and nothing else.
    try:
        return yaml.BaseLoader(inner).get_single_data()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 2
        problem = getattr(error, "problem", None) or "it is not YAML"
        raise ArticleError("front matter", f"line {line}: {problem}") from error


def _toml(inner: str) -> Any:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]
    try:
        return tomllib.loads(inner.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise ArticleError("front matter", f"{error}, counted below line 1") from error
