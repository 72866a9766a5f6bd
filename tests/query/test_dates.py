"""Date expressions: the days they stand for, whatever the machine's time zone."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.query.dates import DateProblem, read_dates
from searcher.query.tree import AnyYear, Days, Undated

TODAY = date(2026, 2, 25)  # a Wednesday

DAYS = {
    "2026-02-25": ("2026-02-25", "2026-02-25"),
    "20260225": ("2026-02-25", "2026-02-25"),
    "2026-2-5": ("2026-02-05", "2026-02-05"),
    "2026-02": ("2026-02-01", "2026-02-28"),
    "2024-02": ("2024-02-01", "2024-02-29"),
    "2026": ("2026-01-01", "2026-12-31"),
    "2026-02..2026-03": ("2026-02-01", "2026-03-31"),
    "2026-02..": ("2026-02-01", None),
    "..2026-02": (None, "2026-02-28"),
    ">2026-02-24": ("2026-02-25", None),
    ">2026-02": ("2026-03-01", None),
    ">=2026-02": ("2026-02-01", None),
    "<2026": (None, "2025-12-31"),
    "<=2026": (None, "2026-12-31"),
    "[2026-02-01 TO 2026-02-28]": ("2026-02-01", "2026-02-28"),
    "[* TO 2026]": (None, "2026-12-31"),
    "[2026 TO *]": ("2026-01-01", None),
    "today": ("2026-02-25", "2026-02-25"),
    "Today": ("2026-02-25", "2026-02-25"),
    "yesterday": ("2026-02-24", "2026-02-24"),
    "this-week": ("2026-02-23", "2026-03-01"),
    "last-week": ("2026-02-16", "2026-02-22"),
    "this-month": ("2026-02-01", "2026-02-28"),
    "last-month": ("2026-01-01", "2026-01-31"),
    "this-year": ("2026-01-01", "2026-12-31"),
    "last-year": ("2025-01-01", "2025-12-31"),
    "3d": ("2026-02-22", "2026-02-25"),
    "2w": ("2026-02-11", "2026-02-25"),
    "1m": ("2026-01-25", "2026-02-25"),
    "12m": ("2025-02-25", "2026-02-25"),
    "1y": ("2025-02-25", "2026-02-25"),
    "last-month..yesterday": ("2026-01-01", "2026-02-24"),
}


def _day(text):
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(("text", "ends"), DAYS.items())
def test_an_expression_stands_for_its_days(text, ends):
    assert read_dates(text, TODAY) == Days(*map(_day, ends))


def test_a_month_ago_of_the_31st_is_the_last_day_of_a_shorter_month():
    assert read_dates("1m", date(2026, 3, 31)) == Days(date(2026, 2, 28), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("text", "node"),
    [("*-04-13", AnyYear(4, 13)), ("*-04", AnyYear(4, None)), ("*-02-29", AnyYear(2, 29))],
)
def test_a_star_stands_for_any_year(text, node):
    assert read_dates(text, TODAY) == node


def test_none_stands_for_undated():
    assert read_dates("none", TODAY) == Undated()


@pytest.mark.parametrize(
    "text",
    ["", "banana", "2026-13", "2026-00", "2026-02-29", "0000", "99999", "5x", "*-13", "*-04-31",
     "-5", "9999999d", "99999y", "2026-02-25T10:00", "02/03/2026", ">", "[a TO b]", "..",
     "2026...2027", ">9999-12-31", "<0001", "last-day"],
)  # fmt: skip
def test_what_is_no_date_is_a_problem_with_a_hint(text):
    with pytest.raises(DateProblem) as caught:
        read_dates(text, TODAY)
    assert caught.value.hint
    assert 0 <= caught.value.offset <= len(text)


@pytest.mark.parametrize("text", ["today", "3d", "last-week", "..yesterday"])
def test_a_relative_date_needs_to_be_told_today(text):
    with pytest.raises(DateProblem, match="what day it is"):
        read_dates(text, None)


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_a_problem(text):
    try:
        read_dates(text, TODAY)
    except DateProblem as problem:
        assert 0 <= problem.offset <= max(len(text), 1)


@given(st.dates(), st.sampled_from(["this-week", "this-month", "this-year"]))
def test_this_unit_holds_today_and_follows_the_last_one(today, word):
    if today.year in (1, 9999):
        return
    this, last = read_dates(word, today), read_dates(word.replace("this", "last"), today)
    assert this.start <= today <= this.end
    assert last.end + timedelta(days=1) == this.start


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles", "UTC"])
def test_a_time_zone_moves_no_date(zone):
    """Nothing here looks at a clock, so the machine's zone can't matter."""
    code = (
        "from datetime import date; from searcher.query.dates import read_dates;"
        "print(read_dates('2026-02-25', None), read_dates('3d', date(2026, 2, 25)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "TZ": zone},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "date:2026-02-25 date:2026-02-22..2026-02-25"
