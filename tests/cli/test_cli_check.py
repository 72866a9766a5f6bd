"""`searcher check` and `searcher repair`: what they print, and their exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import searcher
from searcher.cli.progress import ProgressLine
from tests.indexing.archives import write_lines
from tests.reliability.mutations import put

pytestmark = pytest.mark.damages


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch) -> Path:
    """Stand in a folder with an index of two segments, the second the smaller."""
    monkeypatch.chdir(tmp_path)
    for number, rain in enumerate((9, 1)):
        text = "\n\n".join(["Oil rose.", *["Rain."] * rain])
        write_lines(Path("news", f"{number}.jsonl"), {f"s{number}": text})
        searcher.index(["news"], "index")
    return tmp_path


def break_one() -> str:
    """Damage the first segment and return its name."""
    (_, victim) = sorted(Path("index").glob("MAIN_*.*"), key=lambda path: path.stat().st_size)
    put(victim, victim.read_bytes()[:-9])
    return victim.name


def test_a_whole_index_is_said_to_be_whole(run):
    result = run("check")

    assert result.exit_code == 0
    assert result.stdout.startswith("index is whole: 14 paragraphs in 2 articles, ")
    assert "postings compared" in result.stdout
    assert "compared" not in run("check", "--quick").stdout


def test_damage_is_named_with_what_helps(run):
    name = break_one()
    result = run("check", "--quick")

    assert result.exit_code == 3
    first, last = result.stdout.splitlines()
    assert first.startswith(f"{name}: ")
    assert last == "index is damaged. Keep what is whole: searcher repair -i index"
    found = json.loads(run("check", "--format", "json").stdout)
    assert found["findings"][0]["file"] == name


def test_changed_sources_have_an_exit_code_of_their_own(run):
    assert run("check", "--sources").exit_code == 0
    Path("news/1.jsonl").unlink()
    result = run("check", "--sources")

    assert result.exit_code == 4
    assert "changed: news/1.jsonl: No such file or directory" in result.stdout


def test_a_repair_says_what_it_kept_and_the_next_run_brings_the_rest_back(run):
    name = break_one()
    dry = run("repair", "--dry-run")
    assert "index would keep 3 paragraphs in 1 articles; nothing was written" in dry.stdout
    done = run("repair")

    assert done.exit_code == 0
    assert f"dropped {name}" in done.stdout
    assert "Read the rest again with: searcher index PATH" in done.stdout
    assert run("index", "news").exit_code == 0
    assert run("query", "oil", "--format", "json").exit_code == 0
    assert run("check", "--sources").exit_code == 0
    assert json.loads(run("repair", "--format", "json").stdout)["wrote"] is False


def test_without_an_index_both_say_so(run):
    for command in ("check", "repair"):
        result = run(command, "-i", "nowhere")
        assert result.exit_code == 3
        assert "no index in nowhere" in result.stderr


def test_a_name_in_a_finding_cannot_drive_the_terminal(run):
    Path("news", "a\x1b[31m.jsonl").write_text('{"id": "x", "text": "Rain."}')
    run("index", "news")
    Path("news", "a\x1b[31m.jsonl").unlink()

    assert "\x1b" not in run("check", "--sources").stdout


def test_a_check_of_much_shows_how_far_it_is(monkeypatch):
    written: list[str] = []
    monkeypatch.setattr("searcher.cli.output.talks_to_terminal", lambda: True)
    monkeypatch.setattr(ProgressLine, "_write", lambda self, text: written.append(text))
    with ProgressLine() as line:
        line.show_share("bytes", 50, 100)

    assert "[##########          ] 50/100 bytes" in written[0]
