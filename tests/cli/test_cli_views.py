"""The commands over a query: what they take, where they write, and what they never print."""

import csv
import io
import json
import re

import pytest

import searcher
from searcher.cli.render_kwic import tail
from searcher.cli.wrap import width
from searcher.engines.base import FACETS
from searcher.views.trend import COLUMNS
from tests.cli.conftest import ROOT

HOSTILE = "rise\x1b[2J\x9b31m \u202eoil\u202c \x07price 政治 é\u0301 end"
UNSAFE = {chr(code) for code in (*range(9), *range(11, 13), *range(14, 32), *range(127, 160))} | {
    "\u202e",
    "\u202c",
}


@pytest.fixture
def in_hostile(tmp_path, monkeypatch):
    """An archive whose every fact holds what a terminal would act on."""
    record = {
        "id": "a\x1b]0;x",
        "title": f"{HOSTILE} title",
        "author": HOSTILE,
        "source": HOSTILE,
        "section": HOSTILE,
        "date": "2026-02-25",
        "text": f"{HOSTILE}\n\n{HOSTILE} oil",
    }
    (tmp_path / "news.jsonl").write_text(json.dumps(record), encoding="utf-8")
    searcher.index([tmp_path / "news.jsonl"], tmp_path / "index")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "words",
    [
        ("kwic", "oil"),
        ("kwic", "oil", "--format", "csv"),
        ("kwic", "oil", "--format", "json"),
        ("kwic", "oil", "--format", "jsonl"),
        ("trend", "oil OR \x1b[2J"),
        ("trend", "oil OR \x1b[2J", "--format", "csv"),
        ("trend", "oil OR \x1b[2J", "--format", "json"),
        ("facet", "desk"),
        ("facet", "author", "--format", "csv"),
        ("facet", "article", "--format", "json"),
        ("suggest", "ri"),
        ("suggest", "\x1b[2J"),
        ("export", "oil", "--to", "out\x1b.csv"),
    ],
    ids=" ".join,
)
def test_nothing_printed_can_drive_a_terminal(run, in_hostile, words):
    result = run(*words)

    assert result.exit_code in (0, 1)
    assert not UNSAFE & set(result.stdout + result.stderr)


@pytest.mark.parametrize("name", ["o.csv", "o.md", "o.json", "o.jsonl"])
def test_nothing_exported_can_drive_a_terminal(run, in_hostile, name):
    assert run("export", "oil", "--to", name).exit_code == 0
    assert not UNSAFE & set((in_hostile / name).read_text(encoding="utf-8"))


def test_the_keyword_starts_in_one_column(run, in_hostile):
    """Measured as a terminal draws it: 政 takes two columns, an accent none."""
    result = run("kwic", "price OR end", "--width", "12")
    starts = {
        width(line[: min(at for at in (line.find("price"), line.find("end")) if at >= 0)])
        for line in result.stdout.splitlines()
    }

    assert len(result.stdout.splitlines()) == 6
    assert starts == {12}


def test_the_end_of_a_text_keeps_letters_whole():
    assert tail("abc", 3) == "abc"
    assert tail("xye\u0301z", 2) == "…z"
    assert tail("政治政治", 4) == "…治"
    assert all(width(tail("aé\u0301政b治c", columns)) <= columns for columns in range(1, 9))


def test_a_word_with_a_dash_is_left_out(run, in_seeds):
    assert run("kwic", "Tomahawk", "-cruise").stderr.startswith("4 of 4 lines")
    assert "4 paragraphs in 2 articles" in run("facet", "desk", "Tomahawk", "-cruise").stderr
    assert "4 paragraphs in 2 articles" in run("trend", "Tomahawk -cruise").stderr


def test_each_argument_of_a_trend_is_a_query_of_its_own(run, in_seeds):
    table = run("trend", "Tomahawk", '"political will"', "--by", "year", "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(table)))

    assert tuple(rows[0]) == COLUMNS
    assert [row["query"] for row in rows[:2]] == ["Tomahawk", '"political will"']


def test_a_trend_says_what_has_no_date(run, in_seeds):
    undated = run("query", "date:none", "-c").stdout.strip()

    assert f"; {undated} undated left out" in run("trend", "*", "--by", "year").stderr


def test_the_help_of_facet_names_every_facet(run):
    told = set(run("facet", "--help").stdout.replace(".", " ").split())

    assert set(FACETS) <= told


def test_a_facet_without_a_query_counts_everything(run, in_seeds):
    everything = run("query", "*", "-c").stdout.strip()

    assert f"{everything} paragraphs" in run("facet", "kind").stderr
    assert f"{everything} paragraphs" in run("facet", "kind", "--plain").stderr


def test_suggest_takes_a_prefix_or_a_word_to_be_like(run, in_seeds):
    for words in ((), ("to", "--like", "tomahwak")):
        result = run("suggest", *words)
        assert result.exit_code == 2
        assert "either a PREFIX or --like WORD" in result.stderr


def test_exit_codes_tell_hits_from_none(run, in_seeds):
    for words in (("kwic", "zzz"), ("trend", "zzz"), ("facet", "desk", "zzz"), ("suggest", "zzz")):
        assert run(*words).exit_code == 1
    for words in (("kwic", "a("), ("trend", "a("), ("facet", "desk", "a("), ("kwic",), ("trend",)):
        assert run(*words).exit_code == 2
    for name in ("kwic", "trend", "suggest"):
        assert run(name, "oil", "-i", "nowhere").exit_code == 3


def test_an_export_says_what_it_wrote_and_writes_over_nothing(run, in_seeds, tmp_path):
    target = str(tmp_path / "o.csv")
    first, again = (run("export", "Tomahawk", "--to", target) for _ in range(2))

    assert (first.exit_code, first.stdout) == (0, "")
    assert "5 paragraphs of 2 articles as csv" in first.stderr
    assert again.exit_code == 2
    assert "--force" in again.stderr
    assert run("export", "Tomahawk", "--to", target, "--force").exit_code == 0
    assert run("export", "zzz", "--to", target, "--force").exit_code == 1


def test_an_export_to_a_dash_is_on_standard_output(run, in_seeds, tmp_path):
    target = tmp_path / "o.jsonl"
    run("export", "Tomahawk", "--to", str(target))
    piped = run("export", "Tomahawk", "--to", "-", "--format", "jsonl")

    assert piped.stdout_bytes == target.read_bytes()
    assert piped.stderr == "5 paragraphs of 2 articles as jsonl\n"
    assert not (in_seeds / "-").exists()
    assert run("export", "Tomahawk", "--to", "-").exit_code == 2


def test_a_name_of_two_lines_is_told_on_one(run, in_seeds):
    told = run("export", "Tomahawk", "--to", "two\nlines.csv")

    assert told.stderr.count("\n") == 1


@pytest.mark.parametrize("columns", [80, 100])
def test_a_concordance_fits_the_terminal_with_ids_that_show_takes(
    run, in_seeds, monkeypatch, columns
):
    """A line that wraps puts the keyword out of its column."""
    monkeypatch.setenv("COLUMNS", str(columns))
    piped = run("kwic", "tomahawk").stdout.splitlines()
    monkeypatch.setattr("searcher.cli.output.to_terminal", lambda: True)
    shown = run("kwic", "tomahawk", "--no-pager", "--color", "never").stdout.splitlines()

    assert max(map(len, shown)) <= columns
    for line, whole in zip(shown, piped, strict=True):
        name, full = line.split()[-1], whole.split()[-1]
        assert full.endswith(name)
        assert run("show", name, "--no-pager").stdout == run("show", full, "--no-pager").stdout


@pytest.mark.parametrize("columns", [40, 46, 80])
@pytest.mark.parametrize("by", ["day", "month"])
def test_the_bars_of_a_trend_never_wrap(run, in_seeds, monkeypatch, columns, by):
    monkeypatch.setenv("COLUMNS", str(columns))
    shown = run("trend", "Tomahawk", "--by", by, "--on", "2026-02").stdout.splitlines()
    widest_figures = len("2026-02-25") + 32

    assert max(map(len, shown)) <= max(columns, widest_figures)


def test_a_trend_goes_to_a_file(run, in_seeds, tmp_path):
    target = tmp_path / "t.csv"
    words = ("trend", "Tomahawk", "--by", "year", "--format", "csv")
    result = run(*words, "--out", str(target))

    assert result.stdout == ""
    assert target.read_bytes().decode() == run(*words).stdout_bytes.decode()
    assert run(*words, "--out", str(target)).exit_code == 2


def test_a_chart_goes_to_a_pipe_or_a_file(run, in_seeds, tmp_path):
    words = ("trend", "Tomahawk", "--format", "png")
    result = run(*words, "--out", str(tmp_path / "t.png"))

    assert result.exit_code == 0
    assert (tmp_path / "t.png").read_bytes() == run(*words).stdout_bytes


def test_a_chart_is_not_printed_on_a_terminal(run, in_seeds, monkeypatch):
    monkeypatch.setattr("searcher.cli.output.to_terminal", lambda: True)
    result = run("trend", "Tomahawk", "--format", "svg")

    assert result.exit_code == 2
    assert "--out" in result.stderr


def test_the_page_on_views_names_every_key_and_column(run, in_seeds):
    page = (ROOT / "docs" / "views.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`(\w+)`", page))

    def keys(value):
        if isinstance(value, dict):
            return set(value) | {key for part in value.values() for key in keys(part)}
        return {key for part in value for key in keys(part)} if isinstance(value, list) else set()

    for words in (
        ("kwic", "Tomahawk"),
        ("trend", "Tomahawk"),
        ("facet", "desk"),
        ("suggest", "toma"),
        ("suggest", "--like", "tomahwak"),
    ):
        assert keys(json.loads(run(*words, "--format", "json").stdout)) <= told


def test_the_scope_of_an_article_reaches_every_view(run, in_seeds):
    words = ("Tomahawk", "Graham", "market")
    for name in ("kwic", "facet"):
        field = ("desk",) if name == "facet" else ()
        assert run(name, *field, *words).exit_code == 1
        assert (
            run(name, *field, "Tomahawk", "Moran", "provision", "--scope", "article").exit_code == 0
        )
    found = run("trend", "Tomahawk Moran provision", "--scope", "article", "--by", "year")
    assert found.exit_code == 0


def test_recency_lets_the_newer_of_two_come_first(run, in_seeds):
    before = run("query", "Tomahawk", "-n", "1", "--fields", "date").stdout
    after = run("query", "Tomahawk", "-n", "1", "--fields", "date", "--recency", "30").stdout

    assert (before, after) == ("2025-11-03\n", "2026-02-25\n")
    assert "for its age" in run("query", "Tomahawk", "--recency", "30", "--explain").stderr
    assert run("query", "Tomahawk", "--recency", "0").exit_code == 2


def test_synonyms_are_set_in_the_index_and_switched_off(run, tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text("Kyiv slept.", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    run("index", "a.txt")
    (tmp_path / "index" / "synonyms.txt").write_text("Kyiv, Kiev", encoding="utf-8")

    assert run("query", "Kiev", "-c").stdout == "1\n"
    assert run("query", "Kiev", "-c", "--no-synonyms").stdout == "0\n"
    assert run("kwic", "Kiev", "--no-synonyms").exit_code == 1
    assert run("facet", "kind", "Kiev").exit_code == 0
