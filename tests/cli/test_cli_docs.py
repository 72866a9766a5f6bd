"""docs/json.md and docs/cli.md say what is so."""

import importlib.util
import json
import re
import shlex

import pytest

from searcher.cli import columns
from tests.cli.conftest import ROOT

JSON_PAGE = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")


def documented(title: str) -> set[str]:
    """Return the keys in the table under a title of docs/json.md."""
    part = re.split(rf"(?m)^#+ {title}$", JSON_PAGE)[1]
    part = re.split(r"(?m)^#+ ", part)[0]
    return set(re.findall(r"(?m)^\| `(\w+)` \|", part))


@pytest.fixture
def answer(run, in_seeds):
    """Return the JSON that a command line prints."""

    def ask(*arguments: str):
        return json.loads(run(*arguments, "--format", "json").stdout)

    return ask


def test_every_key_is_documented_and_no_other(answer):
    page = answer("query", "Zelenskyy", "-C", "1", "--facet", "desk", "--group", "article")
    none = answer("query", "nosuchword")
    (hit, *_) = page["hits"]
    dups = answer("query", "Zelenskyy", "--dups", "collapse")

    assert documented("Envelope") == page.keys() | none.keys() | dups.keys()
    assert documented("Hit") == hit.keys() | {"duplicates"} == set(columns.HIT_KEYS)
    assert documented("Snippet") == hit["snippet"].keys()
    assert documented("Facet") == page["facets"]["desk"][0].keys()
    assert documented("searcher stats") == answer("stats").keys()
    assert documented("searcher index") == answer("index", "--dry-run").keys()
    assert documented("searcher check") == answer("check").keys()
    assert documented("searcher repair") == answer("repair", "--dry-run").keys()
    assert documented("searcher fields") == answer("fields")[0].keys()


def test_an_article_has_the_keys_that_are_documented(answer):
    article = answer("show", "tomahawk-river-flood.html", "--query", "Tomahawk")
    neighbours = {"score", "snippet", "before", "after", "more", "duplicates", "in_article"}

    assert documented("searcher show") == article.keys()
    assert documented("Hit") - neighbours == article["paragraphs"][0].keys()


def test_the_example_is_what_the_command_prints(run, in_seeds):
    command, example = re.search(
        r"(?s)```console\n\$ SEARCHER_TODAY=2026-02-26 searcher (.*?)\n```\n\n```json\n(.*?)```",
        JSON_PAGE,
    ).groups()
    printed = run(*shlex.split(command), env={"SEARCHER_TODAY": "2026-02-26"}).stdout

    assert re.sub(r'("took_s": )[\d.e-]+', r"\g<1>0.001", printed) == example


def test_the_page_of_the_command_line_is_its_help():
    """After a change: python docs/generate_cli.py."""
    spec = importlib.util.spec_from_file_location("generate_cli", ROOT / "docs" / "generate_cli.py")
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    if f"with click {generator.CLICK};" not in generator.TARGET.read_text(encoding="utf-8"):
        pytest.skip(f"the page was written with another click than {generator.CLICK}")

    assert generator.document() == generator.TARGET.read_text(encoding="utf-8")
