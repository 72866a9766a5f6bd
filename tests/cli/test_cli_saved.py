"""`searcher save`, `saved` and `new`, as a newsroom uses them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.shell_completion import ShellComplete

import searcher
from searcher.cli.app import cli
from tests.cli.conftest import ROOT, environment
from tests.cli.test_cli_safety import ACTIVE, assert_inert
from tests.highlight.test_formats import PAYLOADS

ATOM = "{http://www.w3.org/2005/Atom}"
PAGE = (ROOT / "docs" / "saved-searches.md").read_text(encoding="utf-8")


@pytest.fixture
def desk(seed_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with articles and an index that may be changed."""
    shutil.copytree(seed_index, tmp_path / "index")
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def publish(**records) -> None:
    """Index one more article, a JSON record."""
    path = Path("seeds") / f"{records.get('id', 'more')}.jsonl"
    path.write_text(json.dumps(records), encoding="utf-8")
    searcher.index(["seeds"], "index")


BRIDGE = {
    "id": "bridge",
    "title": "A bridge",
    "text": "The Tomahawk took it.",
    "date": "2026-02-25",
}


def test_new_prints_what_came_in_once(run, desk):
    saved = run("save", "river", "Tomahawk")
    assert saved.exit_code == 0
    assert "it finds 5 paragraphs today" in saved.stderr
    assert (run("new").exit_code, run("new", "river").stdout) == (1, "")
    publish(**BRIDGE)

    first = run("new", "river")
    assert first.exit_code == 0
    assert "The Tomahawk took it." in first.stdout
    assert first.stdout.count("#p") == 1
    assert first.stderr == "river: 1 new paragraph in 1 article since 2026-02-26\n"
    again = run("new", "river")
    assert (again.exit_code, again.stdout, again.stderr) == (1, "", "nothing new\n")


def test_peek_leaves_it_new_and_mark_seen_prints_nothing(run, desk):
    run("save", "river", "Tomahawk")
    publish(**BRIDGE)

    assert run("new", "--peek").stdout == run("new", "--peek").stdout != ""
    marked = run("new", "--mark-seen")
    assert (marked.exit_code, marked.stdout) == (0, "")
    assert marked.stderr.endswith("marked as seen\n")
    assert run("new", "--mark-seen").exit_code == 1
    both = run("new", "--peek", "--mark-seen")
    assert both.exit_code == 2


def test_only_the_searches_that_are_named_are_looked_at(run, desk):
    run("save", "river", "Tomahawk")
    run("save", "took", "took")
    publish(**BRIDGE)

    assert run("new", "took", "took").stderr.startswith("took: 1 new")
    assert run("new", "nope").exit_code == 2
    assert run("new").stderr.startswith("river: 1 new")


def test_a_search_that_fails_is_named_and_the_others_are_printed(run, desk):
    run("save", "river", "Tomahawk")
    run("save", "both", "query:river")
    run("save", "took", "took")
    run("saved", "--delete", "river")
    publish(**BRIDGE)
    result = run("new")

    assert result.exit_code == 2
    assert "The Tomahawk took it." in result.stdout
    assert "no saved search 'river' (column 7)" in result.stderr
    assert "both was left out" in result.stderr
    assert "nothing new" not in run("new", "both").stderr
    assert "no saved search 'river'" in run("saved").stdout


def test_a_query_is_saved_as_query_reads_it(run, desk):
    """The same words after `query` and after `save` mean the same."""
    run("save", "wet", "-Geneva", "political", "will", "section:Political Will", "--since", "1y")
    (row,) = json.loads(run("saved", "--format", "json").stdout)
    count = run("query", row["query"], "--since", row["since"], "-c").stdout

    assert row["query"] == '-Geneva political will section:"Political Will"'
    assert row["hits"] == int(count) > 0
    assert run("query", "query:wet", "-c").stdout == count


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["river", "Tomahawk"], 2, "already"),
        (["a b", "Tomahawk"], 2, "no name for a search"),
        (["x"], 2, "Missing the QUERY"),
        (["x", "date:2026-13"], 2, "month 13"),
        (["x", "query:x"], 2, "refers to itself"),
        (["x", "y", "-i", "nowhere"], 3, "no index in nowhere"),
    ],
)
def test_what_cant_be_saved_says_why(run, desk, arguments, code, message):
    run("save", "river", "Tomahawk")
    result = run("save", *arguments)

    assert (result.exit_code, result.stdout) == (code, "")
    assert message in result.stderr
    assert json.loads(run("saved", "--format", "json").stdout)[0]["name"] == "river"


def test_force_begins_anew(run, desk):
    run("save", "river", "bridge")
    publish(**BRIDGE)
    run("save", "river", "Tomahawk", "--force")

    assert run("new").exit_code == 1


def test_without_any_search_there_is_a_hint(run, desk):
    for command, code in (("saved", 0), ("new", 1)):
        result = run(command)
        assert (result.exit_code, result.stdout) == (code, "")
        assert "searcher save NAME QUERY" in result.stderr


def test_a_damaged_file_is_named(run, desk):
    (desk / "index" / "searches.json").write_text("{", encoding="utf-8")
    for command in (("saved",), ("new",), ("save", "x", "y"), ("query", "query:x")):
        result = run(*command)
        assert result.exit_code == 3
        assert "index/searches.json: expected JSON" in result.stderr
    assert run("query", "Tomahawk").exit_code == 0


def test_what_a_closed_pipe_cut_short_is_new_again(desk):
    publish(id="x", text="Nothing.")
    searcher_ = [sys.executable, "-m", "searcher"]
    options = {"cwd": desk, "env": environment(), "stderr": subprocess.DEVNULL}
    subprocess.run([*searcher_, "save", "river", "Tomahawk"], check=True, **options)
    publish(**{**BRIDGE, "text": "\n\n".join(f"Tomahawk {n} " + "x" * 900 for n in range(300))})
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        cut = subprocess.run([*searcher_, "new"], stdout=closed, check=False, **options)
    again = subprocess.run(
        [*searcher_, "new", "--format", "jsonl"], stdout=subprocess.PIPE, check=False, **options
    )

    assert cut.returncode == 141
    assert len(again.stdout.splitlines()) == 300


# Formats.


def keys(title: str) -> set[str]:
    """Return the keys in the table under a title of docs/saved-searches.md."""
    part = re.split(rf"(?m)^#+ {title}$", PAGE)[1]
    part = re.split(r"(?m)^#+ ", part)[0]
    return set(re.findall(r"(?m)^\| `(\w+)` \|", part))


def test_every_key_is_documented_and_no_other(run, desk):
    run("save", "river", "Tomahawk")
    publish(**BRIDGE)

    assert keys("searcher saved") == json.loads(run("saved", "--format", "json").stdout)[0].keys()
    assert (
        keys("searcher new") == json.loads(run("new", "--peek", "--format", "json").stdout).keys()
    )
    assert (
        keys("The file")
        == json.loads(Path("index/searches.json").read_text())["searches"]["river"].keys()
    )


def test_json_is_an_envelope_a_search_and_jsonl_a_line_a_hit(run, desk):
    run("save", "river", "Tomahawk")
    run("save", "took", "took")
    publish(**BRIDGE)
    envelopes = [
        json.loads(line) for line in run("new", "--peek", "--format", "json").stdout.splitlines()
    ]
    hits = [
        json.loads(line) for line in run("new", "--peek", "--format", "jsonl").stdout.splitlines()
    ]
    alone = run("new", "river", "--peek", "--format", "json").stdout

    assert [(one["search"], one["total"]) for one in envelopes] == [("river", 1), ("took", 1)]
    assert [one["search"] for one in hits] == ["river", "took"]
    assert json.loads(alone) == envelopes[0]
    assert alone.startswith("{\n")
    assert envelopes[0]["hits"][0] == {k: v for k, v in hits[0].items() if k != "search"}


def feed(run, *names: str) -> ElementTree.Element:
    """Return what `new --peek --format atom` prints, after checking what Atom demands."""
    root = ElementTree.fromstring(run("new", *names, "--peek", "--format", "atom").stdout_bytes)  # noqa: S314  # our own
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(ATOM + name)) == 1, name
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", element.findtext(f"{ATOM}updated"))
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", element.findtext(f"{ATOM}id"))
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    ids = [entry.findtext(f"{ATOM}id") for entry in root.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    return root


def test_a_feed_has_an_entry_a_paragraph_with_the_searches_that_found_it(run, desk):
    run("save", "river", "Tomahawk")
    run("save", "took", "took")
    assert len(feed(run)) == 4
    publish(**BRIDGE, url="https://example.org/a?b=1&c=2")
    (entry,) = feed(run).iter(f"{ATOM}entry")

    assert [one.get("term") for one in entry.iter(f"{ATOM}category")] == ["river", "took"]
    assert entry.find(f"{ATOM}link").get("href") == "https://example.org/a?b=1&c=2"
    assert entry.findtext(f"{ATOM}title") == "A bridge"
    assert entry.findtext(f"{ATOM}summary") == "The Tomahawk took it."
    assert entry.findtext(f"{ATOM}updated") == "2026-02-25T00:00:00Z"


def test_the_feed_is_as_it_was(run, desk):
    """After a change that is meant: UPDATE_GOLDEN=1, then read the difference."""
    run("save", "river", "Tomahawk")
    publish(**{**BRIDGE, "text": "The <Tomahawk> & the bridge.", "author": "Ada Pont"})
    printed = run("new", "--format", "atom").stdout
    golden = ROOT / "tests" / "golden" / "feed.xml"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(printed, encoding="utf-8")

    assert printed == golden.read_text(encoding="utf-8")


def test_an_entry_keeps_its_id_while_its_text_stays(run, desk):
    run("save", "river", "Tomahawk")
    publish(**BRIDGE)
    (before,) = feed(run).iter(f"{ATOM}entry")
    publish(**{**BRIDGE, "text": "Put in above.\n\nThe Tomahawk took it.\n\nTomahawk."})
    searcher.index(["seeds"], "index", rebuild=True)
    ids = [entry.findtext(f"{ATOM}id") for entry in feed(run).iter(f"{ATOM}entry")]

    assert len(ids) == 2
    assert before.findtext(f"{ATOM}id") in ids


def test_the_feed_of_all_searches_keeps_its_id_when_one_is_added(run, desk):
    run("save", "river", "Tomahawk")
    before = feed(run).findtext(f"{ATOM}id")
    run("save", "took", "took")

    assert feed(run).findtext(f"{ATOM}id") == before != feed(run, "took").findtext(f"{ATOM}id")


@pytest.mark.parametrize("hostile", [ACTIVE, *PAYLOADS, "]]>", "&amp;", "javascript:alert(1)"])
def test_a_feed_is_well_formed_and_inert_whatever_the_text_holds(run, desk, hostile):
    run("save", "river", "Tomahawk")
    named = ("title", "author", "url")
    publish(id="x", text=f"Tomahawk {hostile}", **dict.fromkeys(named, hostile))
    (entry,) = feed(run).iter(f"{ATOM}entry")
    printed = run("new", "--peek", "--format", "atom").stdout

    assert {child.tag.removeprefix(ATOM) for child in entry.iter()} <= {
        "entry", "id", "title", "updated", "published", "author", "name", "link", "category",
        "summary", "content",
    }  # fmt: skip
    assert all(link.get("href").startswith("http") for link in entry.iter(f"{ATOM}link"))
    assert_inert(printed)
    for format_ in ("text", "json", "jsonl"):
        assert_inert(run("new", "--peek", "--format", format_).stdout)


def test_a_feed_into_an_output_without_letters_holds_them_as_references(desk):
    publish(id="x", text="Nothing.")
    options = {"cwd": desk, "env": environment(PYTHONIOENCODING="latin-1")}
    command = [sys.executable, "-m", "searcher"]
    subprocess.run([*command, "save", "river", "Tomahawk"], check=True, **options)
    publish(**{**BRIDGE, "text": "Tomahawk in São Paulo 政"})
    done = subprocess.run(
        [*command, "new", "--format", "atom"], stdout=subprocess.PIPE, check=True, **options
    )
    root = ElementTree.fromstring(done.stdout)  # noqa: S314  # our own

    assert root.findtext(f"{ATOM}entry/{ATOM}content") == "Tomahawk in São Paulo 政"


def test_a_hostile_query_is_shown_inert(run, desk):
    run("save", "x", f"Tomahawk OR {ACTIVE}", "--plain")

    for arguments in (("saved",), ("saved", "--format", "json"), ("new",)):
        result = run(*arguments)
        assert_inert(result.stdout)
        assert_inert(result.stderr)


def test_names_are_completed(run, desk):
    run("save", "river", "Tomahawk")
    for command in (["new"], ["saved", "--delete"]):
        offers = ShellComplete(cli, {}, "searcher", "_SEARCHER_COMPLETE").get_completions(
            command, "r"
        )
        assert [offer.value for offer in offers] == ["river"]
