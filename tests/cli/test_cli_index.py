"""`searcher index`: what it takes, what it says, how it ends."""

import json
from pathlib import Path

import pytest

STORY = "date 2026-02-25 GENEVA -- The dam broke at noon.\n\nNobody was hurt.\n"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch) -> Path:
    """Stand in a folder with one article in `seeds`."""
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "dam.txt").write_text(STORY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_a_path_it_reads_the_seeds(run):
    result = run("index")

    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.splitlines()[0].split() == ["added", "1", "article", "2", "paragraphs"]
    assert run("query", "dam", "-c").stdout == "1\n"


def test_the_summary_tells_what_changed(run, here):
    run("index")
    (here / "seeds" / "dam.txt").write_text(STORY + "\nIt rained on.\n")
    (here / "seeds" / "new.txt").write_text("Undated words of the harbour.\n")
    changed = run("index")
    (here / "seeds" / "dam.txt").unlink()
    removed = run("index")

    rows = {line.split()[0]: " ".join(line.split()[1:]) for line in changed.stderr.splitlines()}
    assert rows["added"] == "1 article 1 paragraph"
    assert rows["changed"] == "1 article 3 paragraphs"
    assert rows["undated"].startswith("1 article")
    assert "removed" in removed.stderr
    assert "unchanged" in removed.stderr


def test_input_that_cannot_be_read_is_named_and_exits_4(run, here):
    for number in range(7):
        (here / "seeds" / f"bad{number}.txt").write_bytes(b"\x00\x01\x02" * 50)
    result = run("index")

    assert result.exit_code == 4
    assert "skipped" in result.stderr
    assert "seeds/bad0.txt" in result.stderr
    assert "and 2 more" in result.stderr
    assert run("query", "dam", "-c").stdout == "1\n"


def test_a_name_with_a_control_character_is_shown_not_sent(run, here):
    (here / "seeds" / "a\x1b[2Jb\n.txt").write_bytes(b"\x00\x01" * 50)
    result = run("index")

    assert result.exit_code == 4
    assert "\x1b" not in result.stderr


def test_a_dry_run_writes_nothing(run, here):
    result = run("index", "--dry-run")

    assert result.exit_code == 0
    assert "dry run" in result.stderr
    assert run("query", "dam").exit_code == 3


def test_standard_input_is_json_lines(run):
    record = {"title": "Dam", "date": "2026-02-25", "text": "The dam broke."}
    result = run("index", "-", stdin=json.dumps(record) + "\n")

    assert result.exit_code == 0
    assert run("query", "dam", "-c").stdout == "2\n"


def test_columns_are_mapped(run, here):
    (here / "t.csv").write_text("headline,published,body\nDam,2026-02-25,It broke.\n")
    result = run("index", "t.csv", "--map", "title=headline,date=published", "--map", "text=body")

    assert result.exit_code == 0, result.stderr
    assert run("query", "title:dam", "broke", "date:2026-02-25", "-c").stdout == "1\n"


@pytest.mark.parametrize(
    "arguments",
    [["nowhere"], ["--map", "title"], ["--map", "=x"], ["--jobs", "0"], ["--wait", "-1"]],
)
def test_a_wrong_argument_exits_2(run, arguments):
    result = run("index", *arguments)

    assert result.exit_code == 2
    assert "Traceback" not in result.stderr


def test_a_file_where_the_index_should_be_exits_3(run, here):
    (here / "file").write_text("x")

    assert run("index", "-i", "file").exit_code == 3


def test_the_index_goes_where_it_is_told(run, here):
    assert run("index", "-i", "one").exit_code == 0
    assert run("index", env={"SEARCHER_INDEX": "two"}).exit_code == 0
    assert run("query", "dam", "-q", "-i", "two").exit_code == 0
    assert not (here / "index").exists()


def test_the_progress_line_says_how_far_how_fast_and_how_long():
    from searcher.cli.progress import line
    from searcher.indexing import Progress

    half = Progress(2, 8, 500, 1000, 30, 1200, 4.0)
    start = Progress(0, 8, 0, 1000, 0, 0, 0.0)

    assert line(half) == "[##########          ] 2/8 files  1,200 paragraphs  300/s  4.0 s left"
    assert line(start) == "[                    ] 0/8 files  0 paragraphs  0/s"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "interrupted; what was committed stays, and the next run goes on"),
        (["--dry-run"], "interrupted"),
    ],
)
def test_ctrl_c_says_what_became_of_it(run, monkeypatch, arguments, said):
    def interrupted(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr("searcher.index", interrupted, raising=False)
    result = run("index", *arguments)

    assert (result.exit_code, result.stdout) == (130, "")
    assert result.stderr == f"searcher: {said}\n"


@pytest.mark.parametrize("option", ["-v", "--verbose"])
def test_verbose_names_all_that_was_skipped(run, here, option):
    for number in range(7):
        (here / "seeds" / f"bad{number}.txt").write_bytes(b"\x00\x01\x02" * 50)
    said = run("index", option).stderr

    assert all(f"seeds/bad{number}.txt" in said for number in range(7))
    assert "more" not in said


def test_the_report_comes_as_json(run, here):
    """It goes to stdout and takes the place of the summary, skipped files and all."""
    (here / "seeds" / "bad\x1b.txt").write_bytes(b"\x00\x01\x02" * 50)
    result = run("index", "--format", "json")
    report = json.loads(result.stdout)

    assert (result.exit_code, result.stderr) == (4, "")
    assert report["added"] == {"articles": 1, "paragraphs": 2}
    assert [skip["name"] for skip in report["skips"]] == [r"seeds/bad\x1b.txt"]
    assert "\x1b" not in result.stdout


def test_the_memory_of_a_run_has_a_least(run):
    assert run("index", "--memory", "64").exit_code == 0
    assert run("index", "--memory", "63").exit_code == 2
