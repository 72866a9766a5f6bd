"""How large the terminal is.

As shutil.get_terminal_size, without shutil: it brings the modules of four
compressions with it, which every command would wait for.
"""

from __future__ import annotations

import os
import sys

COLUMNS, LINES = 80, 24
"""The size of a terminal that doesn't tell."""


def columns() -> int:
    """Return its columns: COLUMNS in the environment, or what it says itself."""
    return _told("COLUMNS") or _size()[0] or COLUMNS


def lines() -> int:
    """Return its lines: LINES in the environment, or what it says itself."""
    return _told("LINES") or _size()[1] or LINES


def _told(name: str) -> int:
    try:
        return max(int(os.environ.get(name, "")), 0)
    except ValueError:
        return 0


def _size() -> tuple[int, int]:
    """Return the columns and lines of the standard output; zeros where it is no terminal."""
    if sys.__stdout__ is None:
        return 0, 0
    try:
        return os.get_terminal_size(sys.__stdout__.fileno())
    except (OSError, ValueError):  # ValueError: it is closed.
        return 0, 0
