"""`searcher query --dups`: one wire story, sent three times, in every format."""

from __future__ import annotations

import json

import pytest

from tests.cli.test_cli_safety import ACTIVE, assert_inert

STORY = "the mayor of Veldhaven said that the dam above the old town broke at noon, 12 were hurt"


@pytest.fixture
def query(run, make_index):
    archive = make_index(
        [
            {"id": "a", "title": "Dam broke", "text": STORY, "date": "2026-02-01"},
            {"id": "b", "title": "Dam broke", "text": f"{STORY} badly", "date": "2026-02-02"},
            {"id": "c", "title": "Dam broke", "text": STORY, "date": "2026-02-03"},
            {"id": "d", "title": "Goats", "text": "A dam is no place for goats."},
        ]
    )

    def ask(*args: str):
        return run("query", *args, "-i", archive.path)

    return ask


def test_a_hit_that_stands_says_where_else_it_is(query):
    result = query("mayor", "--dups", "collapse")
    lines = [line.strip() for line in result.stdout.splitlines()]

    assert lines[-3] == "also in 2 articles:"
    assert [line.split(" · ")[0] for line in lines[-2:]] == ["2026-02-01", "2026-02-02"]
    assert "1 of 3 paragraphs in 3 articles, 2 folded away" in result.stderr


def test_by_default_near_duplicates_are_shown(query):
    result = query("mayor")

    assert result.stdout == query("mayor", "--dups", "show").stdout
    assert "also in" not in result.stdout
    assert "3 of 3 paragraphs in 3 articles (" in result.stderr


def test_the_json_lists_them_with_their_facts(query):
    page = json.loads(query("mayor", "--dups", "collapse", "--format", "json").stdout)
    (hit,) = page["hits"]

    assert (page["total"], page["dups"], page["collapsed"]) == (3, "collapse", 2)
    assert [one["date"] for one in hit["duplicates"]] == ["2026-02-01", "2026-02-02"]
    assert hit["duplicates"][0].keys() == {"id", "article", "title", "date", "path"}
    assert "dups" not in json.loads(query("mayor", "--format", "json").stdout)


def test_only_finds_and_counts_what_has_a_near_duplicate(query):
    assert query("dam", "-c").stdout == "7\n"
    assert query("dam", "-c", "--dups", "collapse").stdout == "7\n"
    assert query("dam", "-c", "--dups", "only").stdout == "6\n"
    assert query("goats", "--dups", "only").exit_code == 1
    assert query("dam", "-c", "--dups", "only", "--group", "article").stdout == "3\n"


def test_groups_fold_articles(query):
    result = query("dam", "--dups", "collapse", "--group", "article", "--sort", "newest")
    assert result.stdout.count("also in") == 1
    assert "2 of 4 articles with 7 paragraphs, 2 folded away" in result.stderr


def test_paths_are_those_of_what_stands(query):
    assert len(query("mayor", "-l", "--dups", "collapse").stdout.splitlines()) == 1
    assert query("goats", "-l", "--dups", "only").stdout == ""


def test_a_long_list_is_cut_in_text_and_whole_in_json(run, make_index):
    sent = make_index([{"id": str(n), "text": STORY} for n in range(15)])
    text = run("query", "mayor", "--dups", "collapse", "-i", sent.path).stdout
    page = run("query", "mayor", "--dups", "collapse", "-i", sent.path, "--format", "json").stdout

    assert "also in 14 articles:" in text
    assert text.splitlines()[-1].strip() == "and 4 more"
    assert len(json.loads(page)["hits"][0]["duplicates"]) == 14


@pytest.mark.parametrize("format_", ["text", "md", "html", "csv", "jsonl"])
def test_every_format_names_them_and_is_safe(run, make_index, format_):
    text = f"{STORY} {ACTIVE}"
    sent = make_index([{"id": f"{n}{ACTIVE}", "title": ACTIVE, "text": text} for n in "ab"])
    fields = ["--fields", "id,duplicates"] if format_ == "csv" else []
    options = ["--dups", "collapse", "--format", format_, *fields, "-i", sent.path]
    result = run("query", "mayor", *options)

    assert result.exit_code == 0
    assert_inert(result.stdout)
    assert result.stdout.count("#p1") + result.stdout.count("\\#p1") >= 2


def test_a_choice_that_is_none_is_a_usage_error(query):
    assert query("dam", "--dups", "hide").exit_code == 2
