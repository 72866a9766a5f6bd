"""Datelines: the place, day and agency that a report begins with.

>>> line = find("KYIV, Feb 25 (Reuters) - The grain left port.")
>>> line.city, line.agency, line.month, line.day, line.year
('KYIV', 'Reuters', 2, 25, None)
>>> find("WASHINGTON (AP) -- It rained.").text
'WASHINGTON (AP) --'
>>> find("NATO -- the alliance -- agreed.") is None
True
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from .dates import MONTHS, day_of, year_in_path

_WITHIN_CHARS = 160
_DASH = re.compile(r"\s*(?P<dash>--+|[-–—])(?=\s|$)")
_AGENCY = re.compile(r"\s*\(([^()]{2,40})\)$")
_DAY = re.compile(r"([A-Za-z]{3,9})\.? ([0-9]{1,2})")
_YEAR = re.compile(r"[12][0-9]{3}")
_MAX_PLACE_WORDS = 5
_PARTICLES = frozenset(str.split("al and da de del di do la le of on the"))


@dataclass(frozen=True)
class Dateline:
    """A dateline, taken apart.

    Attributes:
        text: as it stands, up to and with the dash.
        city: the place before the first comma, as written.
        agency: what stands in brackets; empty when nothing does.
        month, day, year: None where it doesn't say.
    """

    text: str
    city: str
    agency: str = ""
    month: int | None = None
    day: int | None = None
    year: int | None = None

    def date(self, *paths: str) -> date | None:
        """Return its day if its year is known, from itself or from one of the paths."""
        if self.month is None or self.day is None:
            return None
        years = [self.year, *(year_in_path(path, self.month) for path in paths)]
        year = next((year for year in years if year), None)
        return day_of(year, self.month, self.day) if year else None


def find(text: str) -> Dateline | None:
    """Return the dateline that a paragraph begins with, or None.

    A place in capitals counts with an agency or a day; alone it needs a long
    dash and a capital after it; a place in mixed case needs a day.
    """
    head = text[:_WITHIN_CHARS]
    dash = _DASH.search(head) if any(char in head for char in "-–—") else None
    line = parse(head[: dash.start()], head[: dash.end()]) if dash else None
    if not dash or not line:
        return None
    place = head[: dash.start()].split(",")[0].split("(")[0]
    return line if line.day or _is_sure(line, place, dash["dash"], head[dash.end() :]) else None


def parse(head: str, whole: str = "") -> Dateline | None:
    """Return the dateline in `PLACE, Region, Mon D, YYYY (Agency)`, or None if it is not one."""
    agency = _AGENCY.search(head)
    parts = [part.strip() for part in (head[: agency.start()] if agency else head).split(",")]
    year = int(parts.pop()) if len(parts) > 2 and _YEAR.fullmatch(parts[-1]) else None
    month, day = _month_and_day(parts[-1]) if len(parts) > 1 else (None, None)
    places = parts[:-1] if month else parts
    if (year and not month) or len(places) > 3 or not all(map(_is_place, places)):
        return None
    text = (whole or head).strip()
    return Dateline(text, places[0], agency[1].strip() if agency else "", month, day, year)


def _month_and_day(part: str) -> tuple[int, int] | tuple[None, None]:
    found = _DAY.fullmatch(part)
    month = MONTHS.get(found[1].lower()) if found else None
    return (month, int(found[2])) if found and month else (None, None)


def _is_place(part: str) -> bool:
    words = part.split()
    return 0 < len(words) <= _MAX_PLACE_WORDS and all(map(_is_name, words)) and len(part) <= 60


def _is_name(word: str) -> bool:
    plain = not any(char.isdigit() or char in '!?"“”' for char in word)
    return plain and (word[0].isupper() or word in _PARTICLES)


def _is_sure(line: Dateline, place: str, dash: str, after: str) -> bool:
    if place != place.upper() or len(line.city) < 2:
        return False
    return bool(line.agency) or (dash != "-" and after.lstrip(" \"'“‘")[:1].isupper())
