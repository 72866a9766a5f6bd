"""Days are read as they are written, and never guessed."""

from datetime import date

import pytest

from searcher.readers.dateline import find
from searcher.readers.dates import day_in_path, parse_day, year_in_path

DAY = date(2026, 2, 25)


@pytest.mark.parametrize(
    "written",
    [
        "2026-02-25",
        "20260225",
        "2026-02-25T23:30:00-05:00",
        "2026-02-25 00:10:00+14:00",
        "Wed, 25 Feb 2026 23:59:00 -0800",
        "25-FEB-2026 15:01:01.79",
        "February 25, 2026",
        "25 February 2026",
        "Feb. 25, 2026",
        "2026-02-25Z",
        "2026-02-25+13:00",
        "2026-02-25-05:00",
        "20260225101112",
        "February 25th, 2026",
        "25th February 2026",
        "25.02.2026",
        "25.2.2026 10:11",
    ],
)
def test_a_date_is_the_day_as_it_is_written(written):
    assert parse_day(written) == DAY


@pytest.mark.parametrize(
    "written",
    [
        "02/03/2026",
        "25.02.26",
        "02.25.2026",
        "25-02-2026",
        "20260225256199",
        "2026-02-25-slug",
        "2026-02-30",
        "2026-13-01",
        "0001-01-01",
        "9999-12-31",
        "1772000000",
        "yesterday",
        "",
        "2026",
        "٢٠٢٦-٠٢-٢٥",
        "Foo 25, 2026",
    ],
)
def test_what_is_ambiguous_or_impossible_is_no_date(written):
    assert parse_day(written) is None


def test_a_path_carries_a_day_at_the_edges_of_its_segments():
    """Inside a slug a day may be what the article is about."""
    assert day_in_path("https://example.org/2026/02/25/story") == DAY
    assert day_in_path("news/2026-02-25-slug.txt") == DAY
    assert day_in_path("news/slug-2026-02-25.txt") == DAY
    assert day_in_path("a/2026/02/25/looking-back-at-1986-04-26-again.html") == DAY
    assert day_in_path("news/2026-02-31-slug.txt") is None
    assert day_in_path("12026-02-251/x.txt") is None


def test_a_year_in_the_path_is_no_witness_for_another_month():
    assert year_in_path("2026/feb25.txt", 2) == 2026
    assert year_in_path("2026/02/x.txt", 2) == 2026
    assert year_in_path("2026/01/x.txt", 12) is None


@pytest.mark.parametrize(
    ("text", "city", "agency"),
    [
        ("KYIV, Feb 25 (Reuters) - Grain left.", "KYIV", "Reuters"),
        ("WASHINGTON (AP) -- Rain fell.", "WASHINGTON", "AP"),
        ("SÃO PAULO, Brazil, March 3, 2026 — It rained.", "SÃO PAULO", ""),
        ("WOODBRIDGE, N.J., Oct 20 - Sales rose.", "WOODBRIDGE", ""),
        ("Rio de Janeiro, April 8 - Rates fell.", "Rio de Janeiro", ""),
        ("KYIV -- Ukraine's grain left.", "KYIV", ""),
    ],
)
def test_a_dateline_gives_city_and_agency(text, city, agency):
    line = find(text)

    assert line is not None
    assert (line.city, line.agency) == (city, agency)


@pytest.mark.parametrize(
    "text",
    [
        "NATO -- the alliance -- agreed.",
        "John Smith (Labour) - who left - spoke.",
        "Rain - again.",
        "",
        "-",
        "A - b",
        "He said: KYIV, Feb 25 - no.",
    ],
)
def test_what_only_looks_like_a_dateline_is_none(text):
    assert find(text) is None


def test_dates_take_precedence_in_the_documented_order(read_one):
    line = "KYIV, March 1, 2020 (Reuters) - Grain left port."
    body = f" date 2026-02-25 ROME -- It rained.\n\n{line}"

    assert read_one("2024-01-02-x.txt", body).date_source == "header"
    front = read_one("2024-01-02-x.md", f"---\ndate: 2023-05-06\n---\n{line}")
    assert (front.date, front.date_source) == (date(2023, 5, 6), "published")
    assert read_one("2024-01-02-x.txt", line).date_source == "path"
    assert read_one("x.txt", line, mtime=1e9, date_from_mtime=True).date_source == "dateline"
    by_time = read_one("x.txt", "It rained.", mtime=86400 * 2.5, date_from_mtime=True)
    assert (by_time.date, by_time.date_source) == (date(1970, 1, 3), "mtime")


def test_without_any_source_there_is_no_date(read_one):
    """An article without a date stays visible; a guessed one would be wrong."""
    article = read_one("x.txt", "KYIV, Feb 25 (Reuters) - Grain left port.", mtime=1e9)

    assert (article.date, article.date_source) == (None, "")
    assert (article.city, article.source) == ("KYIV", "Reuters")


def test_the_path_gives_a_dateline_its_year(read_one):
    article = read_one("archive/2026/kyiv.txt", "KYIV, Feb 25 (Reuters) - Grain left port.")

    assert (article.date, article.date_source) == (DAY, "dateline")


def test_an_impossible_day_falls_through_to_the_next_source(read_one):
    article = read_one("2026-02-25-x.txt", " date 2026-02-31 ROME -- It rained.")

    assert (article.date, article.date_source, article.city) == (DAY, "path", "ROME")
