"""R11: every query ends in time: answered, or refused by a limit that is named."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings

import searcher
from searcher.cli.app import cli
from searcher.turns import EACH_S
from tests.conftest import TODAY
from tests.reliability.corpus import ARTICLES, make_corpus
from tests.reliability.nasty_queries import nasty_queries
from tests.reliability.query_texts import query_texts

ROOT = Path(__file__).parents[2]
SLACK_S = 0.5
MOST_MB = 500
EXPECTED = {
    "answered",
    *("query_chars", "terms", "depth", "phrase_words", "slop", "expansions", "fuzzy_edits"),
    *("regex_chars", "regex_states", "page_hits", "seconds"),
    *("QuerySyntaxError", "QueryError", "UnknownId"),
}


@pytest.fixture(scope="module")
def seconds(full: bool) -> float:
    """What a query may take: less than by default, because many take all of it."""
    return 2.0 if full else 0.2


@pytest.fixture(scope="module", params=["native", "stock"])
def index(request: pytest.FixtureRequest, tmp_path_factory, full: bool) -> Path:
    """The made-up archive, written by either codec."""
    folder = tmp_path_factory.mktemp("nasty")
    return make_corpus(folder, request.param, 20 * ARTICLES if full else ARTICLES)


def _asked(index: Path, seconds: float, every: int) -> list[dict[str, Any]]:
    """Ask nasty queries in a process of their own, whose memory is theirs alone."""
    command = [sys.executable, "-m", "tests.reliability.ask_nasty", str(index)]
    options = ["--seconds", str(seconds), "--every", str(every)]
    run = subprocess.run([*command, *options], capture_output=True, cwd=ROOT, check=True, text=True)
    return list(map(json.loads, run.stdout.splitlines()))


def test_every_nasty_query_is_answered_or_refused_in_time_and_in_little_memory(
    index, seconds, full
):
    """By the processor's time: how busy the machine is says nothing of the query."""
    every = 1 if full else 3
    rows = _asked(index, seconds, every)

    assert [row["name"] for row in rows] == [nasty.name for nasty in nasty_queries()[::every]]
    assert [row for row in rows if row["outcome"] not in EXPECTED] == []
    slow = [row for row in rows if row["cpu_s"] > seconds + SLACK_S + EACH_S * row["hits"]]
    assert slow == []
    assert rows[-1]["peak_mb"] < MOST_MB


def test_there_are_queries_enough():
    names = [nasty.name for nasty in nasty_queries()]

    assert len(names) == len(set(names)) >= 120


def test_workers_of_one_archive_end_as_the_main_thread_does(index, seconds, full):
    """No signal ends a query, so it doesn't matter who asks."""
    limits = searcher.Limits(seconds=seconds)
    with searcher.open(index, today=TODAY, limits=limits) as archive:

        def ask(nasty):
            try:
                nasty.ask(archive)
            except searcher.SearcherError:
                return
            return

        with ThreadPoolExecutor(8) as workers:
            assert set(workers.map(ask, nasty_queries()[:: 1 if full else 11])) == {None}


def test_the_command_line_ends_with_an_answer_or_one_message(index, seconds, full):
    asked = [nasty for nasty in nasty_queries() if nasty.method == "search"]
    allow = ("-i", str(index), "--allow", f"seconds={seconds}")
    for nasty in asked if full else asked[::19]:
        result = CliRunner().invoke(cli, ["query", *allow, "--", nasty.query])

        assert result.exit_code in {0, 1, 2}, (nasty.name, result.stderr[-500:])
        assert "Traceback" not in result.stderr


@pytest.fixture(scope="module")
def small(seed_index):
    """The seeds, open for all examples."""
    with searcher.open(seed_index, today=TODAY) as archive:
        yield archive


@settings(max_examples=150)
@given(query_texts())
def test_whatever_is_typed_is_answered_or_refused(small, query):
    """In full: python -m tests.reliability.fuzz_queries --minutes 60."""
    try:
        page = small.search(query)
    except searcher.SearcherError:
        return
    assert page.total >= len(page.hits)
    page.as_dict()


def test_a_usual_query_is_far_below_every_limit(small):
    """A tenth of each limit is enough for what the docs show."""
    given = {name: getattr(searcher.Limits(), name) for name in searcher.Limits.__match_args__}
    tenth = {name: most // 10 if most > 100 else most for name, most in given.items()}
    with searcher.open(small.path, today=TODAY, limits=searcher.Limits(**tenth)) as archive:
        for query in ("tomah*", "misile~", "/harbou?r/", "tomahawk NEAR/10 (graham OR moran)"):
            assert archive.search(query).total == small.search(query).total > 0
