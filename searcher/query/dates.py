"""Date expressions of the query language: a text and today's date to days.

A date is a calendar day; no clock and no time zone is ever looked at.  "Today"
comes from the caller, so an expression means the same wherever it is read.

    >>> today = date(2026, 2, 25)
    >>> read_dates("2026-02", today)
    Days(start=datetime.date(2026, 2, 1), end=datetime.date(2026, 2, 28))
    >>> read_dates("..2025", today)
    Days(start=None, end=datetime.date(2025, 12, 31))
    >>> read_dates("*-04-13", today)
    AnyYear(month=4, day=13)
    >>> read_dates("2026-13", today)
    Traceback (most recent call last):
    searcher.query.dates.DateProblem: month 13 does not exist

Grammar (`docs/query-language.md` has an example a row):

    dates    = "none" | any-year | range | bracket | compare | single
    range    = single? ".." single?            both ends inside; one may be open
    bracket  = "[" end "TO" end "]"            end = single | "*"
    compare  = (">=" | "<=" | ">" | "<") single
    any-year = "*-" month ("-" day)?
    single   = year | year-month | year-month-day | yyyymmdd | word | number unit
    word     = today yesterday this-week last-week this-month last-month this-year last-year
    unit     = "d" | "w" | "m" | "y"           3d: the three days before today, and today
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from searcher.patterns import late
from searcher.query.tree import AnyYear, Days, Undated

DateNode = Days | AnyYear | Undated

WORDS = (
    "today",
    "yesterday",
    "this-week",
    "last-week",
    "this-month",
    "last-month",
    "this-year",
    "last-year",
)
EXAMPLES = "2026-02-25, 2026-02, 2026, 2026-02..2026-03, >2026-02-24, last-week, 3d"

_DAY = late(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{4})(\d{2})(\d{2})")
_MONTH = late(r"(\d{4})-(\d{1,2})")
_YEAR = late(r"\d{4}")
_AGO = late(r"(\d{1,5})([dwmy])")
_ANY_YEAR = late(r"\*-(\d{1,2})(?:-(\d{1,2}))?")
_BRACKET = late(r"\[\s*(\S+)\s+TO\s+(\S+)\s*\]")
_COMPARE = late(r"(>=|<=|>|<)(.*)", re.DOTALL)
_LEAP_YEAR = 2000


class DateProblem(ValueError):
    """A date expression can't be read.

    Attributes:
        offset: where in the expression, in characters from 0.
        hint: what to type instead.
    """

    def __init__(self, problem: str, offset: int = 0, hint: str = "") -> None:
        super().__init__(problem)
        self.offset = offset
        self.hint = hint or f"Try one of: {EXAMPLES}."


def read_dates(text: str, today: date | None) -> DateNode:
    """Return the days that an expression stands for.

    Args:
        text: the expression.
        today: what relative dates count from; None refuses them.

    Raises:
        DateProblem: it can't be read, or names a day that doesn't exist.
    """
    text = text.lower() if not text.startswith("[") else text
    if text == "none":
        return Undated()
    if text.startswith(("*", "[", "<", ">")):
        if match := _ANY_YEAR().fullmatch(text):
            return _any_year(match)
        if match := _BRACKET().fullmatch(text):
            return _bracket(match, today)
        if match := _COMPARE().fullmatch(text):
            return _compare(match, today)
    if ".." in text:
        return _range(text, today)
    return Days(*_single(text, today))


def _any_year(match: re.Match[str]) -> AnyYear:
    month = _month_number(match.group(1), match.start(1))
    if match.group(2) is None:
        return AnyYear(month, None)
    day, last = int(match.group(2)), _last_day(_LEAP_YEAR, month)
    if not 1 <= day <= last:
        hint = f"The last day of {_month_name(month)} is *-{month:02}-{last:02}."
        raise DateProblem(f"day {day} does not exist", match.start(2), hint)
    return AnyYear(month, day)


def _bracket(match: re.Match[str], today: date | None) -> Days:
    start = None if match.group(1) == "*" else _end(match.group(1), match.start(1), today)[0]
    end = None if match.group(2) == "*" else _end(match.group(2), match.start(2), today)[1]
    return _ordered(start, end, match.start(2))


def _compare(match: re.Match[str], today: date | None) -> Days:
    first, last = _end(match.group(2), match.start(2), today)
    if match.group(1) == ">":
        return Days(_shift(last, 1, match.start(2)), None)
    if match.group(1) == "<":
        return Days(None, _shift(first, -1, match.start(2)))
    return Days(first, None) if match.group(1) == ">=" else Days(None, last)


def _shift(day: date, days: int, offset: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise DateProblem(f"there is no day beyond {day.isoformat()}", offset) from None


def _range(text: str, today: date | None) -> Days:
    left, right = text.split("..", 1)
    if not left and not right:
        raise DateProblem("a range needs a date on one side at least")
    start = _end(left, 0, today)[0] if left else None
    end = _end(right, len(left) + 2, today)[1] if right else None
    return _ordered(start, end, len(left) + 2)


def _ordered(start: date | None, end: date | None, offset: int) -> Days:
    if start and end and start > end:
        swapped = f"Try {end.isoformat()}..{start.isoformat()}."
        raise DateProblem("the range ends before it starts", offset, swapped)
    return Days(start, end)


def _end(text: str, offset: int, today: date | None) -> tuple[date, date]:
    """Read one end of a range, with offsets that count from the range's start."""
    try:
        return _single(text.lower(), today)
    except DateProblem as problem:
        raise DateProblem(str(problem), offset + problem.offset, problem.hint) from None


def _single(text: str, today: date | None) -> tuple[date, date]:
    if match := _DAY().fullmatch(text):
        return _day(match)
    if match := _MONTH().fullmatch(text):
        return _month(match)
    if _YEAR().fullmatch(text):
        year = int(text)
        return _date(year, 1, 1, 0), _date(year, 12, 31, 0)
    if text in WORDS:
        return _word(text, _known(text, today))
    if match := _AGO().fullmatch(text):
        last = _known(text, today)
        return _ago(int(match.group(1)), match.group(2), last), last
    raise DateProblem(
        f"{text!r} is not a date" if text else "a date is missing", 0, _respelled(text)
    )


def _respelled(text: str) -> str:
    """Return the hint for a date in another spelling; empty where none is recognised."""
    if match := re.fullmatch(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})", text):
        return f"Try {match[1]}-{match[2]:0>2}-{match[3]:0>2}."
    if match := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text):
        return f"Try {match[3]}-{match[2]:0>2}-{match[1]:0>2}."
    return ""


def _day(match: re.Match[str]) -> tuple[date, date]:
    at = 1 if match.group(1) else 4
    year = int(match.group(at))
    month = _month_number(match.group(at + 1), match.start(at + 1), year)
    day = _date(year, month, int(match.group(at + 2)), match.start(at + 2))
    return day, day


def _month(match: re.Match[str]) -> tuple[date, date]:
    year = int(match.group(1))
    month = _month_number(match.group(2), match.start(2), year)
    first = _date(year, month, 1, 0)
    return first, first.replace(day=_last_day(year, month))


def _month_number(digits: str, offset: int, year: int | None = None) -> int:
    month = int(digits)
    if not 1 <= month <= 12:
        hint = f"Try {year:04}-12 or {year:04}.." if year else "Months go from 01 to 12."
        raise DateProblem(f"month {digits} does not exist", offset, hint)
    return month


# Most dates that are read don't need a calendar, which takes as long to load as this module.
def _last_day(year: int, month: int) -> int:
    from calendar import monthrange

    return monthrange(year, month)[1]


def _month_name(month: int) -> str:
    from calendar import month_name

    return month_name[month]


def _date(year: int, month: int, day: int, offset: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise _no_day(year, month, day, offset) from None


def _no_day(year: int, month: int, day: int, offset: int) -> DateProblem:
    if year < 1:
        return DateProblem("year 0000 does not exist", offset)
    days = _last_day(year, month)
    name = f"{_month_name(month)} {year}"
    hint = f"The last day of {name} is {year:04}-{month:02}-{days:02}."
    return DateProblem(f"day {day} of {name} does not exist", offset, hint)


def _known(text: str, today: date | None) -> date:
    if today is None:
        hint = "Open the archive with today=date.today()."
        raise DateProblem(f"{text!r} needs to know what day it is", 0, hint)
    return today


def _word(word: str, today: date) -> tuple[date, date]:
    if word in ("today", "yesterday"):
        day = today if word == "today" else today - timedelta(days=1)
        return day, day
    which, unit = word.split("-")
    first = {"week": _week, "month": _month_start, "year": _year_start}[unit]
    start = first(today)
    if which == "this":
        return start, first(start + timedelta(days=_LONGEST[unit])) - timedelta(days=1)
    return first(start - timedelta(days=1)), start - timedelta(days=1)


# More days than the unit ever has, and fewer than two of it.
_LONGEST = {"week": 7, "month": 31, "year": 366}


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _month_start(day: date) -> date:
    return day.replace(day=1)


def _year_start(day: date) -> date:
    return day.replace(month=1, day=1)


def _ago(number: int, unit: str, today: date) -> date:
    try:
        if unit in "dw":
            return today - timedelta(days=number * (7 if unit == "w" else 1))
        return _months_ago(number * (12 if unit == "y" else 1), today)
    except (OverflowError, ValueError):
        raise DateProblem(f"{number}{unit} reaches back before year 1") from None


def _months_ago(months: int, today: date) -> date:
    count = today.year * 12 + today.month - 1 - months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(today.day, _last_day(year, month + 1)))
