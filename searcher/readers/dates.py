"""Calendar days: as they are written, never shifted, never guessed.

>>> parse_day("2026-02-25T23:30:00-05:00")
datetime.date(2026, 2, 25)
>>> parse_day("26-FEB-1987 15:01:01.79"), parse_day("Feb. 25, 2026")
(datetime.date(1987, 2, 26), datetime.date(2026, 2, 25))
>>> parse_day("02/03/2026") is None  # March or February?
True
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
"""English month names and abbreviations, lower case without a stop → 1 to 12."""

_MAX_CHARS = 80
_WEEKDAY = r"(?:[A-Za-z]{3,9},?\s+)?"
_ORDINAL = r"(?P<d>[0-9]{1,2})(?:st|nd|rd|th)?"
_REST = r"(?:[T\s,;(].*|Z|[+-][0-9]{2}:[0-9]{2})?$"
_SHAPES = tuple(
    re.compile(shape + _REST, re.DOTALL)
    for shape in (
        r"(?P<y>[0-9]{4})(?P<s>[-/.])(?P<m>[0-9]{1,2})(?P=s)(?P<d>[0-9]{1,2})",
        r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?:(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9])?",
        # Only with dots does the day surely come first.
        r"(?P<d>[0-9]{1,2})\.(?P<m>[0-9]{1,2})\.(?P<y>[0-9]{4})",
        _WEEKDAY + _ORDINAL + r"[\s-]{1,3}(?P<m>[A-Za-z]{3,9})\.?,?[\s-]{1,3}(?P<y>[0-9]{4})",
        _WEEKDAY + r"(?P<m>[A-Za-z]{3,9})\.?\s{1,3}" + _ORDINAL + r",?\s{1,3}(?P<y>[0-9]{4})",
    )
)
# Exports write 0001-01-01 or 9999-12-31 where they know no date.
_FIRST_YEAR, _LAST_YEAR = 1500, 2199

_YEAR = r"(?:1[5-9]|2[01])[0-9]{2}"
_FOLDERS = re.compile(rf"(?:^|/)({_YEAR})/([0-9]{{2}})/([0-9]{{2}})(?![0-9])")
_AT_START = re.compile(rf"({_YEAR})([-_])([0-9]{{2}})\2([0-9]{{2}})(?![0-9])")
_AT_END = re.compile(rf"(?<![0-9])({_YEAR})([-_])([0-9]{{2}})\2([0-9]{{2}})$")
_YEAR_AT_START = re.compile(rf"({_YEAR})(?:[-_]([0-9]{{2}}))?(?![0-9])")
_FILE_SUFFIX = re.compile(r"\.[A-Za-z]\w{0,9}$")


def parse_day(value: str) -> date | None:
    """Return the calendar day that a date string names, or None.

    ISO 8601 with or without a time or a zone, `20260225`, `20260225101112`,
    `25.02.2026`, RFC 2822, and English dates with the month in letters are
    read.  Days of digits alone whose order is open, two-digit years,
    impossible days and timestamps give None.
    """
    return _parsed(value.strip()[:_MAX_CHARS])


@lru_cache(maxsize=4096)
def _parsed(head: str) -> date | None:
    for shape in _SHAPES:
        if found := shape.match(head):
            return day_of(found["y"], found["m"], found["d"])
    return None


def day_of(year: str | int, month: str | int, day: str | int) -> date | None:
    """Return the day, or None where the calendar has none such; a month may be a name."""
    number = MONTHS.get(str(month).lower()) or (int(month) if str(month).isdecimal() else 0)
    if not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        return None
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


def day_in_path(path: str) -> date | None:
    """Return the day that a URL or file name carries: `/2026/02/25/` or `2026-02-25-slug`.

    A day counts at the start or the end of a segment, and the last segment
    first: inside a slug it may be what the article is about.
    """
    candidates = [found.groups() for found in _FOLDERS.finditer(path)][::-1]
    for segment in _segments(path):
        candidates += [(m[1], m[3], m[4]) for m in (_AT_START.match(segment),) if m]
        candidates += [(m[1], m[3], m[4]) for m in (_AT_END.search(segment),) if m]
    return next((day for parts in candidates if (day := day_of(*parts))), None)


def year_in_path(path: str, month: int) -> int | None:
    """Return the year that a URL or file name carries for a day in that month.

    `2026/02/` is no witness for a day in December: the year may be another.
    """
    segments = _segments(path)
    for index, segment in enumerate(segments):
        if found := _YEAR_AT_START.match(segment):
            below = segments[index - 1] if index else ""
            stated = found[2] or (below if re.fullmatch("[0-9]{2}", below) else "")
            return int(found[1]) if not stated or int(stated) == month else None
    return None


def _segments(path: str) -> list[str]:
    """Return the parts of a path from the last to the first, without suffix and query."""
    parts = re.split("[?#]", path[-2000:], maxsplit=1)[0].split("/")[::-1]
    return [_FILE_SUFFIX.sub("", part) for part in parts if part]
