"""`python -m benchmarks peers`: one command from nothing to a report."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from benchmarks.__main__ import main


def test_one_command_makes_a_corpus_and_writes_a_report(tmp_path):
    asked = ["peers", "--corpus", "generated", "300", "--work", str(tmp_path), "--queries", "2"]
    asked += ["--repeat", "1", "--cold", "1", "--engines", "fts5", "--out", str(tmp_path / "run")]

    done = CliRunner().invoke(main, asked)

    assert done.exit_code == 0, done.output
    report = (tmp_path / "run.md").read_text(encoding="utf-8")
    assert "| 3 words AND | **1.00** (" in report
    assert "| newsroom: kwic | – |" in report
    assert "| harness alone | " in report
    run = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert run["figures"]["NOT"]["fts5"]["queries"] == 2
    assert run["corpus"]["paragraphs"] >= 300


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["generated", "many"], "'many' is no number of paragraphs"),
        (["generated", "0"], "'0' is no number of paragraphs"),
        (["reuters", "nowhere"], "there is no folder nowhere"),
        (["generated", "9", "--engines", "solr"], "there is no 'solr'. Known: searcher-local;"),
        (["generated", "9", "--classes", "NOT,XOR"], "there is no 'XOR'. Known: rare term;"),
        (["generated", "9", "--queries", "0"], "0 is not in the range x>=1"),
    ],
)
def test_a_mistake_on_the_command_line_is_named(given, said, tmp_path):
    done = CliRunner().invoke(main, ["peers", "--corpus", *given, "--work", str(tmp_path)])

    assert done.exit_code == 2
    assert said in " ".join(done.output.split())


def test_a_corpus_with_nothing_to_draw_is_an_error_that_says_what_is_missing(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "one.jsonl").write_text('{"text": "Rain."}\n', encoding="utf-8")
    asked = ["peers", "--corpus", "reuters", str(tmp_path / "in"), "--work", str(tmp_path / "w")]

    done = CliRunner().invoke(main, asked)

    assert done.exit_code == 1
    assert done.output.startswith("Error: no paragraph has 2 words that are not rare")
