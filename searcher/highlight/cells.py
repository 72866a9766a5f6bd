r"""Values as the cells of a table, and lines of CSV (RFC 4180): CRLF, quotes doubled.

A spreadsheet runs a cell that starts with = + - or @ as a formula, so such a
text gets an apostrophe in front; the exact text is in the JSON formats.  A
cell with a semicolon is quoted too, because some spreadsheets part cells there.

    >>> record(["=1+2", "price; volume", "plain"])
    '\'=1+2,"price; volume",plain\r\n'
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from searcher.highlight.display import display_text

_FORMULA = tuple("=+-@＝＋－＠")
_SPECIAL = frozenset('",;\r\n')


def record(values: Iterable[Any]) -> str:
    """Return one line of CSV."""
    return ",".join(map(_quoted, values)) + "\r\n"


def _quoted(value: Any) -> str:
    text = display_text(cell(value))
    if not isinstance(value, int | float) and text.lstrip().startswith(_FORMULA):
        text = "'" + text
    quoted = text.replace('"', '""')
    return f'"{quoted}"' if not _SPECIAL.isdisjoint(text) or text != text.strip() else text


def cell(value: Any) -> str:
    """Return one value as the text of a cell."""
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, dict):
        return str(value["text"])
    if isinstance(value, list):
        return "; ".join(map(_part, value))
    return "" if value is None else str(value)


def _part(value: Any) -> str:
    if isinstance(value, dict):
        return str(value["id"])
    return "-".join(map(str, value)) if isinstance(value, list) else str(value)
