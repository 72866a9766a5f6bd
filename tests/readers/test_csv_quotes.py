"""A quote that doesn't close costs its own row, and no other."""

import time

import pytest

from searcher.model import Article
from searcher.readers import Skip, read

from .conftest import source_of


def shown(items):
    return [
        (item.name, item.reason) if isinstance(item, Skip) else (item.id, item.title)
        for item in items
    ]


def test_an_unclosed_quote_is_a_skip_and_reading_goes_on(read_all):
    """It would swallow all rows to the end of the file, without a word."""
    rows = 'title,date,text\n"A",2026-02-01,"first\nB,2026-02-02,second\nC,2026-02-03,third\n'

    assert shown(read_all("x.csv", rows)) == [
        ("x.csv:2", "unclosed quote"),
        ("x.csv:2", "B"),
        ("x.csv:3", "C"),
    ]


def test_the_next_quote_of_a_later_row_does_not_close_it(read_all):
    rows = 'title,text\nZ,"one\n\ntwo"\nA,"first\n"B","second"\n'

    assert shown(read_all("x.csv", rows)) == [
        ("x.csv:1", "Z"),
        ("x.csv:5", "unclosed quote"),
        ("x.csv:3", "B"),
    ]


def test_malformed_quotes_cost_their_row_alone(read_all):
    rows = 'title,text\n"A"x,first\nB,second\n'

    assert shown(read_all("x.csv", rows)) == [("x.csv:2", "malformed quotes"), ("x.csv:2", "B")]


def test_an_unclosed_quote_in_the_header_is_a_skip_of_the_file(skip_of):
    skip = skip_of("x.csv", 'title,"text\nA,first\n')

    assert (skip.name, skip.reason) == ("x.csv", "unclosed quote")


def test_columns_of_one_name_are_a_list(read_one):
    article = read_one("x.csv", "title,text,author,author\nA,first,Ilse Maren,Rui Costa\n")

    assert article.author == "Ilse Maren; Rui Costa"


@pytest.mark.parametrize("line", ['x","z\n', '"a\n', 'a,"b\n', '"""\n'])
def test_many_open_quotes_take_linear_time(line):
    started = time.perf_counter()
    for _ in read(source_of("x.csv", "title,text\n" + line * 40_000)):
        pass
    assert time.perf_counter() - started < 20


def test_rows_keep_their_extent_after_a_bad_one(read_all):
    text = 'title,text\r\nA,"first\r\nB,second\r\n'
    _, article = read_all("x.csv", text)

    assert isinstance(article, Article)
    assert text[article.start_char : article.end_char] == "B,second\r\n"
