"""`searcher quotes` on the seeds: who said what, and who is quoted most."""

import csv
import io
import json

import pytest

import searcher


@pytest.fixture(autouse=True)
def _here(in_seeds):
    """Every test of this file stands in the folder of the seeds."""


def test_the_quotations_of_a_name_are_listed_by_date(run):
    result = run("quotes", "zelenskyy")

    assert result.exit_code == 0
    assert result.stdout.count("2026-02-25 · Zelenskyy") == 3
    assert "  | “We expect this meeting" in result.stdout
    assert "seeds/000_0be0ed610cf6a59c.txt#p10" in result.stdout
    assert result.stderr == "3 of 3 quotations in 1 article\n"


def test_without_a_name_the_speakers_are_counted(run):
    result = run("quotes", "-n", "2")

    assert result.stdout.splitlines()[0].split() == ["speaker", "quotations", "articles"]
    assert result.stdout.splitlines()[1].split() == ["Zelenskyy", "3", "1"]
    assert len(result.stdout.splitlines()) == 3
    assert result.stderr.startswith("2 of ")


def test_a_query_narrows_to_the_paragraphs_that_match(run):
    assert run("quotes", "zelenskyy", '"political will"').stderr.startswith("1 of 1 quotation")
    assert run("quotes", "zelenskyy", "-political").stderr.startswith("2 of 2 quotations")
    assert run("quotes", "zelenskyy", "political", "nosuchword").exit_code == 1


def test_several_speakers_of_one_name_are_told_apart(run):
    result = run("quotes", "Stefanishyna")

    assert result.stderr.splitlines()[0] == "Olha Stefanishyna 1, Stefanishyna 1"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["zelenskyy"], 0),
        (["trump"], 1),
        (["zelenskyy", "--since", "2026-03"], 1),
        (["--desk", "nosuchdesk"], 1),
        (["?"], 2),
        (["zelenskyy", "date:2026-13"], 2),
        (["zelenskyy", "--sort", "score"], 2),
        (["zelenskyy", "-i", "nowhere"], 3),
    ],
)
def test_the_exit_code_says_how_it_went(run, arguments, code):
    assert run("quotes", *arguments).exit_code == code


def test_nobody_of_that_name_is_said_on_stderr(run):
    result = run("quotes", "trump")

    assert result.stdout == ""
    assert result.stderr == "nobody named trump is quoted\n"


def test_json_holds_the_quotation_marked_by_offsets(run):
    found = json.loads(run("quotes", "graham", "--format", "json").stdout)
    (one,) = found["quotes"]

    assert (found["version"], found["total"], found["articles"]) == (1, 1, 1)
    assert one["text"][one["start_char"] : one["end_char"]] == one["quote"]
    assert one["speaker"] == "Graham"
    assert one["date"] == "2026-02-25"


def test_the_formats_give_the_same_quotations(run):
    lines = run("quotes", "zelenskyy", "--format", "jsonl").stdout.splitlines()
    rows = list(csv.DictReader(io.StringIO(run("quotes", "zelenskyy", "--format", "csv").stdout)))

    assert [json.loads(line)["quote"] for line in lines] == [row["quote"] for row in rows]
    assert {row["speaker"] for row in rows} == {"Zelenskyy"}


def test_the_speakers_come_as_data_too(run):
    found = json.loads(run("quotes", "--format", "json").stdout)
    rows = list(csv.DictReader(io.StringIO(run("quotes", "--format", "csv").stdout)))

    assert found["total"] == len(found["speakers"]) == len(rows)
    assert rows[0] == {"speaker": "Zelenskyy", "quotes": "3", "articles": "1"}


def test_colour_marks_the_quotation_alone(run):
    shown = run("quotes", "graham", "--color", "always").stdout

    assert "\x1b[1;31m" in shown
    marked = "".join(part.split("\x1b[0m")[0] for part in shown.split("\x1b[1;31m")[1:])
    assert marked.startswith('"at this point, Putin')
    assert "Graham argued" not in marked


def test_no_article_can_drive_the_terminal(run, tmp_path):
    text = 'Ann Lee said: "Evil \x1b[2J\u202e \x9bte\u2066xt." And \u202e "=1+1," said Bob Lee.'
    record = {"id": "a", "text": text, "title": "\x1b]0;x\x07Title\u202e"}
    (tmp_path / "a.jsonl").write_text(json.dumps(record), encoding="utf-8")
    searcher.index([tmp_path / "a.jsonl"], tmp_path / "index")

    for format_ in ("text", "csv", "json", "jsonl"):
        for name in ([], ["lee"]):
            shown = run("quotes", *name, "--format", format_, "-i", str(tmp_path / "index")).stdout
            assert shown
            assert not set(shown) & set("\x1b\x9b\x07\u202e\u2066")
