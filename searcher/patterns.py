"""Regular expressions that are compiled when they are first used.

A command is over in the time that a few dozen patterns take to compile, so a
module that most commands import compiles none that most of them don't need.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache


def late(source: str, flags: int = 0) -> Callable[[], re.Pattern[str]]:
    """Return what compiles a pattern when it is first called, and returns it from then on.

    >>> year = late("[0-9]{4}")
    >>> bool(year().fullmatch("1987")), year() is year()
    (True, True)
    """
    return lru_cache(maxsize=1)(lambda: re.compile(source, flags))
