"""What the shell ate is given back: dashes of words, quotes of values."""

import pytest

from searcher.cli import words
from searcher.cli.query import command

OPTIONS = command.params


@pytest.mark.parametrize(
    "argument",
    [
        *("-Geneva", "-climate", "-iran", "-nuclear", "-China", "-list", "-EU", "-2026", "-007"),
        *("-section:Breakthrough", "-political will", "-ça", "-imf's", "-Cuba", "-inc.", "-été"),
    ],
)
def test_a_dash_before_a_word_leaves_the_word_out(argument):
    marked = words.with_marks(["x", argument], OPTIONS)

    assert marked[1] != argument
    assert words.without_marks(marked) == ["x", argument]


@pytest.mark.parametrize(
    "argument", ["-c", "-cq", "-lq", "-0", "-n5", "-C2", "-i./index", "-i/x", "-i~/x", "-cn3", "-x"]
)
def test_an_option_stays_an_option(argument):
    assert words.with_marks([argument, "x"], OPTIONS) == [argument, "x"]


@pytest.mark.parametrize(
    "arguments",
    [["-n", "-5"], ["--section", "-Geneva"], ["-ci", "-odd"], ["--limit", "-1"], ["--", "-Geneva"]],
)
def test_the_value_of_an_option_and_what_follows_two_dashes_is_left_alone(arguments):
    assert words.with_marks(arguments, OPTIONS) == arguments


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        (["climate", "date:last-week"], "climate date:last-week"),
        (["x", "section:Breakthrough Elusive"], 'x section:"Breakthrough Elusive"'),
        (["x", "-section:Breakthrough Elusive"], 'x -section:"Breakthrough Elusive"'),
        (["x", "-political will"], 'x -"political will"'),
        (["x", "title:Xi's visit"], 'x title:"Xi\'s visit"'),
        (["x", 'section:"A B" y'], 'x section:"A B" y'),
        (["x", "section:(a b)"], "x section:(a b)"),
        (["x", "title:peace OR title:war"], "x title:peace OR title:war"),
        (["x", "title:peace -war"], "x title:peace -war"),
        (["x", "political will"], "x political will"),
        (["desk:cocoa price"], "desk:cocoa price"),
        (['desk:cocoa "price"'], 'desk:cocoa "price"'),
    ],
)
def test_the_arguments_make_one_query(arguments, query):
    assert words.as_query(arguments) == query


@pytest.mark.parametrize(
    ("argument", "found"),
    [
        ("section:Breakthrough Elusive", ("section", "Breakthrough Elusive")),
        ("desk:cocoa price", ("desk", "cocoa price")),
        ('section:"Breakthrough Elusive"', None),
        ("section:Breakthrough", None),
        ("cocoa price", None),
        ("section:a desk:b", None),
        ("-section:a b", None),
    ],
)
def test_only_a_field_with_spaces_may_be_a_lone_value(argument, found):
    assert words.lone_value([argument]) == found


def test_a_lone_value_that_the_index_knows_gets_its_quotes(run, in_seeds):
    """The acceptance line of the README, as a shell hands it over."""
    result = run("query", "--on", "2026-02-25", "section:Breakthrough Elusive", "-c")

    assert result.stdout == "5\n"
    assert result.stderr.startswith('read as section:"Breakthrough Elusive"')


def test_a_lone_value_that_it_does_not_know_is_a_word_and_a_word(run, in_seeds):
    result = run("query", "desk:weather market", "--format", "json")

    assert '"query": "desk:weather market"' in result.stdout
    assert result.exit_code == 0


def test_without_hits_the_reader_learns_how_to_quote(run, in_seeds):
    result = run("query", "desk:cocoa price")

    assert result.exit_code == 1
    assert "'desk:\"cocoa price\"'" in result.stderr


def test_a_word_with_a_dash_is_left_out(run, in_seeds):
    everything = int(run("query", "Ukraine", "-c").stdout)
    without = int(run("query", "Ukraine", "-Geneva", "-c").stdout)
    behind = int(run("query", "-c", "--", "Ukraine", "-Geneva").stdout)

    assert 0 < without == behind < everything


def test_an_unknown_option_says_how_to_leave_out_a_letter(run):
    result = run("query", "x", "-x")

    assert result.exit_code == 2
    assert "searcher query -- -x" in result.stderr
