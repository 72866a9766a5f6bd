"""Write the tables of limits in query-language.md: `python docs/generate_limits.py`.

tests/reliability/test_limits.py holds the page to what this returns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from searcher.query import limits
from searcher.readers import base

TARGET = Path(__file__).parent / "query-language.md"
HEADER = "| Limit | Default | Bounds |\n| --- | --- | --- |\n"
_TABLE = re.compile(re.escape(HEADER) + r"(?:\|.*\n)+")


def table(bounds: Mapping[str, str], defaults: object) -> str:
    """Return the table of some limits."""
    rows = (
        f"| `{name}` | {getattr(defaults, name):,.12g} | {what} |\n"
        for name, what in bounds.items()
    )
    return HEADER + "".join(rows)


def page(text: str) -> str:
    """Return the page with its tables as they have to be, in the order in which they stand."""
    tables = iter((table(limits.BOUNDS, limits.Limits()), table(base.BOUNDS, base.ReadOptions())))
    return _TABLE.sub(lambda _: next(tables), text)


if __name__ == "__main__":
    TARGET.write_text(page(TARGET.read_text(encoding="utf-8")), encoding="utf-8")
