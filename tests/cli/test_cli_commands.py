"""Each command on the seeds: results on stdout, talk on stderr, the exit code."""

import csv
import io
import json
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

import searcher
from searcher.cli import app, columns
from searcher.core import core
from searcher.results import JSON_VERSION


@pytest.fixture(autouse=True)
def _here(in_seeds):
    """Every test of this file stands in the folder of the seeds."""


def test_without_arguments_it_prints_the_help(run):
    assert run().stdout == run("--help").stdout == run("-h").stdout
    assert run().exit_code == 0


def test_the_summaries_of_the_help_are_the_commands_own():
    for name, summary in app.COMMANDS.items():
        command = app.cli.get_command(None, name)
        assert command.help.partition("\n\n")[0].startswith(summary.rstrip("."))


def test_the_version_is_the_packages(run):
    assert run("--version").stdout.startswith(f"searcher {searcher.__version__} (")


def test_the_version_and_the_figures_name_what_runs(run):
    """A report of a fault starts there."""
    whoosh = f"whoosh3 {version('whoosh3')}"
    running = f"(core {core()}, {whoosh}, Python {platform.python_version()})"

    assert running in run("--version").stdout
    assert running in run("stats").stdout


def test_the_version_is_told_without_whoosh(run, monkeypatch):
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.version", missing)

    assert "no whoosh3, Python " in run("--version").stdout


@pytest.mark.parametrize(
    ("arguments", "instead"),
    [
        (["--facet", "desk", "--format", "csv"], "--format json"),
        (["--facet", "desk", "--format", "jsonl"], "--format json"),
        (["-C", "1", "--format", "csv"], "--format json"),
        (["--fields", "id", "--format", "md"], "json, jsonl or csv"),
        (["--fields", "id", "--format", "html"], "json, jsonl or csv"),
        (["-c", "-l"], "just one"),
        (["-l", "-c"], "just one"),
        (["-c", "-0"], "just one"),
        (["--count", "-q"], "just one"),
        (["-qc"], "just one"),
    ],
)
def test_what_would_be_ignored_is_refused(run, arguments, instead):
    result = run("query", "Tomahawk", *arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert instead in result.stderr
    assert result.stderr.splitlines()[-1].startswith("searcher: ")


@pytest.mark.parametrize(
    "arguments",
    [
        ["Tomahawk", "-C", "1", "--format", "csv", "--fields", "id,before"],
        ["Tomahawk", "-C", "0", "--format", "csv"],
        ["Tomahawk", "-c", "-c"],
        ["Tomahawk", "-l", "-0"],
        ["-", "--facet", "desk", "--format", "jsonl"],
    ],
)
def test_what_is_shown_after_all_is_allowed(run, arguments):
    assert run("query", *arguments, stdin="Tomahawk\n").exit_code == 0


def test_a_command_that_is_none_may_be_a_query(run):
    result = run("Tomahawk")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "searcher query Tomahawk" in result.stderr


def test_results_and_talk_go_their_ways(run):
    result = run("query", "Tomahawk", "-n", "1")

    assert "Tomahawk" in result.stdout
    assert "of 5 paragraphs" not in result.stdout
    assert result.stderr.startswith("1 of 5 paragraphs in 2 articles (")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["Tomahawk"], 0),
        (["nosuchword"], 1),
        (["date:2026-13"], 2),
        (["x", "--sort", "best"], 2),
        (["x", "--limit", "-1"], 2),
        (["x", "--fields", "nothing"], 2),
        ([], 2),
        (["x", "-i", "nowhere"], 3),
        (["x", "-i", "seeds/wire.jsonl"], 3),
    ],
)
def test_the_exit_code_says_how_it_went(run, arguments, code):
    for quiet in ([], ["-q"], ["-c"]):
        result = run("query", *arguments, *quiet)
        assert result.exit_code == code
        assert "Traceback" not in result.stderr
        assert code < 2 or (result.stdout == "" and result.stderr)


def test_count_prints_a_number_and_nothing_else(run):
    assert run("query", "Tomahawk", "-c").stdout == "5\n"
    assert run("query", "nosuchword", "-c").stdout == "0\n"
    assert run("query", "Tomahawk", "-c", "--group", "article").stdout == "2\n"


def test_quiet_prints_nothing_on_either_stream(run):
    for query in ("Tomahawk", "nosuchword"):
        result = run("query", query, "-q")
        assert result.stdout + result.stderr == ""


def test_paths_come_once_each_and_all_of_them(run):
    result = run("query", "*", "-l")
    files = {path.as_posix() for path in Path("seeds").iterdir() if path.name != "README.md"}

    assert set(result.stdout.splitlines()) == files
    assert len(result.stdout.splitlines()) == len(files)
    assert run("query", "*", "-l", "-n", "1").stdout.count("\n") == 1
    assert run("query", "*", "-0").stdout.replace("\0", "\n") == result.stdout


def test_a_bad_query_is_shown_with_a_caret(run):
    result = run("query", "Tomahawk date:2026-13")
    query, caret, problem, hint = result.stderr.splitlines()

    assert query.strip() == "Tomahawk date:2026-13"
    assert query[caret.index("^") :] == "13"
    assert problem.startswith("searcher: ")
    assert "2026-12" in hint


def test_no_hits_come_with_suggestions_on_stderr(run):
    result = run("query", "tomahwak")

    assert result.stdout == ""
    assert "tomahawk" in result.stderr


def test_a_date_filter_says_how_many_undated_it_left_out(run):
    dated = run("query", "*", "--since", "2000", "-c")

    assert "undated" in dated.stderr
    assert int(dated.stdout) < int(run("query", "*", "-c").stdout)


def test_plain_takes_everything_as_words(run):
    assert run("query", '"political will').exit_code == 2
    assert run("query", "--plain", '"political will').exit_code == 0
    assert run("query", "--plain", "date:2026-13", "nosuchword").exit_code == 1


def test_filters_alone_are_a_query(run):
    assert (
        run("query", "--section", "Breakthrough Elusive", "--on", "2026-02", "-c").stdout == "5\n"
    )
    assert (
        run("query", "--kind", "caption", "-c").stdout == run("query", "kind:caption", "-c").stdout
    )
    assert run("query", "--facet", "desk", "-n", "0").stdout.startswith("desk ")


def test_context_shows_the_neighbours(run):
    envelope = json.loads(
        run("query", "Zelenskyy", "-n", "1", "-C", "2", "--format", "json").stdout
    )
    (hit,) = envelope["hits"]

    assert [p["number"] for p in hit["before"]] == [hit["number"] - 2, hit["number"] - 1]
    assert [p["number"] for p in hit["after"]] == [hit["number"] + 1, hit["number"] + 2]
    assert "  | " in run("query", "Zelenskyy", "-n", "1", "-C", "1").stdout


def test_groups_count_articles(run):
    envelope = json.loads(
        run("query", "Tomahawk", "--group", "article", "-n", "1", "--format", "json").stdout
    )

    assert (len(envelope["hits"]), envelope["articles"], envelope["group"]) == (1, 2, "article")
    assert {hit["article"] for hit in envelope["hits"][0]["more"]} == {
        envelope["hits"][0]["article"]
    }


def test_the_json_is_what_the_api_returns(run):
    envelope = json.loads(run("query", "political", "will", "--format", "json").stdout)
    with searcher.open() as archive:
        page = archive.search("political will").as_dict()

    assert envelope["version"] == JSON_VERSION
    assert {**envelope, "took_s": 0} == {**page, "took_s": 0}


def test_spans_slice_the_text_exactly(run):
    for line in run("query", "political will", "--format", "jsonl").stdout.splitlines():
        hit = json.loads(line)
        for start, end in hit["spans"]:
            assert hit["text"][start:end].lower() in {"political", "will", "political will"}
        excerpt = hit["snippet"]
        assert hit["text"][excerpt["start_char"] :].startswith(excerpt["text"])
        for start, end in excerpt["spans"]:
            at = excerpt["start_char"]
            assert excerpt["text"][start:end] == hit["text"][at + start : at + end]


def test_the_keys_that_fields_chooses_from_are_the_hits(run):
    jsonl = run("query", "Zelenskyy", "-C", "1", "-n", "1", "--format", "jsonl").stdout

    assert {*json.loads(jsonl), "more", "duplicates", "in_article"} == set(columns.HIT_KEYS)


@pytest.mark.parametrize("format_", ["text", "json", "jsonl", "csv"])
def test_fields_choose_and_order_the_keys(run, format_):
    out = run("query", "Tomahawk", "-n", "1", "--fields", "date,id", "--format", format_).stdout
    first = {
        "text": lambda: out.rstrip("\n").split("\t"),
        "json": lambda: list(json.loads(out)["hits"][0].values()),
        "jsonl": lambda: list(json.loads(out).values()),
        "csv": lambda: list(csv.reader(io.StringIO(out)))[1],
    }[format_]()

    assert first == ["2025-11-03", "seeds/tomahawk-river-flood.html#p1"]


def test_csv_reads_back(run):
    rows = list(csv.DictReader(io.StringIO(run("query", "Graham", "--format", "csv").stdout)))

    assert tuple(rows[0]) == columns.CSV_KEYS
    assert all("Graham" in row["text"] for row in rows)


def test_standard_input_holds_a_query_a_line(run):
    queries = "Tomahawk\n\nnosuchword\n"

    assert run("query", "-", "-c", stdin=queries).stdout == "5\n0\n"
    assert run("query", "-", "-q", stdin=queries).exit_code == 0
    assert run("query", "-", "-q", stdin="nosuchword\n").exit_code == 1
    for format_ in ("json", "jsonl"):
        lines = run("query", "-", "--format", format_, stdin=queries).stdout.splitlines()
        assert [json.loads(line)["query"] for line in lines] == ["Tomahawk", "nosuchword"]
    table = run("query", "-", "-n", "1", "--format", "csv", stdin=queries).stdout
    assert [row["query"] for row in csv.DictReader(io.StringIO(table))] == ["Tomahawk"]


def test_a_bad_line_of_standard_input_does_not_stop_the_others(run):
    result = run("query", "-", "-c", stdin="date:2026-13\nTomahawk\n")

    assert (result.stdout, result.exit_code) == ("5\n", 2)
    assert "2026-13" in result.stderr


def test_a_query_with_bytes_that_are_no_text_is_only_words(run):
    result = run("query", "-", "-c", stdin=b"caf\xe9\n")

    assert (result.stdout, result.exit_code) == ("0\n", 1)


def test_explain_goes_to_stderr(run):
    plain = run("query", "Tomahawk", "-n", "1", "--on", "2026")
    explained = run("query", "Tomahawk", "-n", "1", "--on", "2026", "--explain")

    assert explained.stdout == plain.stdout
    assert "read as" in explained.stderr


def test_show_prints_an_article_or_a_paragraph_with_its_neighbours(run):
    whole = run("show", "tomahawk-river-flood.html")
    part = run("show", "tomahawk-river-flood.html#p3", "-C", "1", "--query", "Tomahawk")

    assert whole.stdout.startswith("Tomahawk River leaves its bed")
    assert len(part.stdout) < len(whole.stdout)
    assert ">  3  " in part.stdout
    assert run("show", "nothing.txt").exit_code == 1


def test_show_marks_the_hits_of_a_query(run):
    arguments = ["show", "tomahawk-river-flood.html", "--query", "Tomahawk"]

    assert "\x1b[1;31mTomahawk\x1b[0m" in run(*arguments, "--color", "always").stdout
    assert "<mark>Tomahawk</mark>" in run(*arguments, "--format", "html").stdout
    assert "**Tomahawk**" in run(*arguments, "--format", "md").stdout
    document = json.loads(run(*arguments, "--format", "json").stdout)
    marked = [p["text"][a:b] for p in document["paragraphs"] for a, b in p["spans"]]
    assert set(marked) == {"Tomahawk"}


def test_stats_and_fields_are_the_apis(run):
    with searcher.open() as archive:
        stats, fields = archive.stats(), archive.fields()

    assert json.loads(run("stats", "--format", "json").stdout) == stats.as_dict()
    assert json.loads(run("fields", "--format", "json").stdout) == [f.as_dict() for f in fields]
    assert f"{stats.paragraphs}" in run("stats").stdout
    assert all(field.name in run("fields").stdout for field in fields)


@pytest.mark.parametrize("bad", ["yesterday", "2026-13-01", "26 February"])
def test_a_bad_today_is_a_usage_error(run, bad):
    result = run("query", "date:today", env={"SEARCHER_TODAY": bad})

    assert result.exit_code == 2
    assert "YYYY-MM-DD" in result.stderr


def test_today_counts_from_the_environment(run):
    on = {"SEARCHER_TODAY": "2026-02-26"}

    assert run("query", "date:yesterday", "-q", env=on).exit_code == 0
    assert run("query", "date:yesterday", "-q", env={"SEARCHER_TODAY": "1999-01-01"}).exit_code == 1


def test_the_index_comes_from_the_option_or_the_environment(run, tmp_path, monkeypatch, in_seeds):
    monkeypatch.chdir(tmp_path)
    index = str(in_seeds / "index")

    assert run("query", "Tomahawk", "-q").exit_code == 3
    assert run("query", "Tomahawk", "-q", env={"SEARCHER_INDEX": index}).exit_code == 0
    assert run("query", "Tomahawk", "-q", "-i", index).exit_code == 0


def test_an_internal_error_is_one_line_unless_asked(run, monkeypatch):
    def fail(*_args, **_options):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("searcher.open", fail, raising=False)
    short, long = run("stats"), run("stats", "--traceback")

    assert short.exit_code == long.exit_code == 70
    assert short.stderr.count("\n") == 1
    assert "a bug" in short.stderr
    assert "--traceback" in short.stderr
    assert "Traceback" in long.stderr


def test_the_scope_of_a_query_can_be_the_article(run):
    asked = ("query", "tomahawk geneva", "--scope", "article")
    assert run("query", "tomahawk geneva", "-c").stdout == "0\n"
    assert run(*asked, "-c").stdout == "6\n"
    explained = run(*asked, "--explain").stderr
    assert "does not match" not in explained
    assert "AND/article" in explained


def test_an_operator_in_small_letters_is_pointed_at(run):
    result = run("query", "tomahawk near/5 graham")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "Write it in capitals: NEAR/5" in result.stderr
    assert "\n           ^" in result.stderr
