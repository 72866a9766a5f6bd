r"""A query with a caret under the character that the trouble starts at.

>>> print(pointed_at("climate date:2026-13", 13))
  climate date:2026-13
               ^
"""

from __future__ import annotations

from searcher.cli.wrap import width
from searcher.highlight.display import display_text

_INDENT = "  "
_AROUND = 60


def pointed_at(query: str, column: int, around: int = _AROUND) -> str:
    """Return two lines: the query, or the part of it near the column, and the caret.

    Args:
        query: as typed; escaped here.
        column: in characters of the query, from 0.
        around: how many characters to show on either side at most.
    """
    start = max(0, column - around)
    before, after = query[start:column], query[column : column + around]
    head = "…" if start else ""
    tail = "…" if column + around < len(query) else ""
    shown = head + display_text(before)
    line = f"{_INDENT}{shown}{display_text(after)}{tail}"
    return f"{line}\n{_INDENT}{' ' * width(shown)}^"
