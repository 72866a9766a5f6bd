"""R15 and R16: nothing that an article or a query holds can drive a terminal or a page.

The commands, and the formats of each, are those that the command line lists.
One that isn't known here is run with hostile arguments all the same.
"""

from __future__ import annotations

import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import searcher
from searcher.cli.app import COMMANDS, cli
from searcher.errors import QueryError
from searcher.model import Article, Block, Quote
from tests import stories
from tests.cli.conftest import QUIET, TODAY
from tests.cli.test_cli_safety import OUR_TAGS, OURS
from tests.highlight.test_display import BIDI, CONTROLS, OTHERS, is_active
from tests.highlight.test_formats import PAYLOADS, Tags

STORABLE = [char for char in (*CONTROLS, *BIDI, *OTHERS) if not "\ud800" <= char <= "\udfff"]
ACTIVE = " ".join(f"oil{char}b" for char in STORABLE)
SEQUENCES = (
    "\x1b]0;oil\x07 \x1b]52;c;ZXZpbA==\x07 \x1b]8;;http://evil\x1b\\oil\x1b]8;;\x1b\\ \x9b2J"
    " \x1b[2J \x1bP+q544e\x1b\\ \x1b[6n \x1bc \x90evil\x9c \u202eoil \u2066oil oil\r\x1b[K"
)
HOSTILE = (ACTIVE, SEQUENCES)

RECIPES = {
    "index": [["evil", "-v"], ["evil", "-v", "--dry-run"], ["nosuch\x1b[2J"]],
    "query": [
        ["oil", "-n", "9"],
        ["oil", "-n", "9", "-C", "1", "--explain"],
        [
            "oil",
            "--group",
            "article",
            "--facet",
            "desk",
            "--facet",
            "section",
            "--facet",
            "article",
        ],
        ["oil", "-l"],
        ["oil", "--dups", "collapse"],
        ["oil", "--fields", "id,path,title,section,desk,city,author,text"],
        ["zzqx", "desk:zzqx"],
        ["query:nosuch\x1b[2J"],
    ],
    "show": [["ID"], ["ID", "--query", "oil"], ["ID#p1"]],
    "similar": [["ID"], ["ID", "--group", "none"]],
    "save": [["mine", "--plain", ACTIVE], ["evil\x1b[2J", "oil"], ["mine", "oil"]],
    "saved": [[], ["--delete", "no\x1b[2J"]],
    "new": [["--peek"], ["--peek", "evil"], ["no\x1b[2J"]],
    "kwic": [["oil"], ["oil", "--sort", "left"], ["oil", "--sort", "right"]],
    "trend": [["oil", "b"], ["oil", "--by", "year", "--normalize"], [f'"{SEQUENCES}"', "oil"]],
    "quotes": [["oil"], ["oil", "--sort", "oldest"], []],
    "facet": [[name, "oil"] for name in ("desk", "section", "article", "author", "city", "source")],
    "suggest": [["oil"], ["--like", "oill"], ["\x1b"]],
    "export": [["oil", "--to", "-"]],
    "stats": [[]],
    "fields": [[]],
    "completion": [["bash"], ["zsh"], ["fish"]],
}
"""What is asked of each command; the index and the format are added."""


def formats_of(command: click.Command) -> tuple[str | None, ...]:
    """Return what the command's --format offers; None where it has none."""
    found = next((p for p in command.params if p.name == "format_"), None)
    return tuple(found.type.choices) if found else (None,)  # type: ignore[attr-defined]


def cases() -> Iterator[tuple[str, str | None]]:
    """Yield every command with every format."""
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command
        yield from ((name, format_) for format_ in formats_of(command))


def article(name: str, evil: str) -> Article:
    """Return an article with a text in each of its fields, and one in a quotation of its own."""
    said = f"oil {evil} was said"
    blocks = (
        Block("heading", f"oil {evil}", 0, 1, 2),
        Block("text", f"the oil {evil} and oil again", 0, 1),
        Block("quote", said, 0, 1, 0, (Quote(0, len(said), f"Jo Oil {evil}"),)),
        Block("caption", f"oil {evil}", 0, 1),
    )
    return Article(
        id=name,
        path="",
        title=f"oil {evil}",
        date=date(2026, 2, 1),
        city=f"oil {evil}",
        author=f"oil {evil}",
        source=f"oil {evil}",
        language=evil,
        url=evil,
        desk=(f"oil {evil}",),
        blocks=blocks,
    )


def index_of(folder: Path, texts: list[str]) -> Path:
    """Index an article a text, from a file whose own name is hostile, beside one that is broken."""
    articles = [article(f"a{at}", text) for at, text in enumerate(texts)]
    stories.write(folder / "evil" / "first\x1b[2J.story", articles[:1])
    searcher.index([folder / "evil"], folder / "index")
    _save(folder / "index", texts[0])
    # What is indexed now is new to what was saved.
    stories.write(folder / "evil" / "oil\x1b]0;x\x07\n\u202e\x9b.story", articles)
    (folder / "evil" / "broken\x1b[2J\r\u2028.story").write_text("no story", encoding="utf-8")
    searcher.index([folder / "evil"], folder / "index")
    return folder


def _save(index: Path, text: str) -> None:
    with searcher.open(index) as archive:
        archive.saved.save("evil", "oil")
        archive.saved.save("evil-query", f"oil {text}", plain=True)
        for name in ("evil\x1b[2J", "evil\x9b", "evil\u202e"):
            try:
                archive.saved.save(name, "oil")
            except QueryError:
                continue


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive whose every field holds control characters."""
    return index_of(tmp_path_factory.mktemp("hostile"), list(HOSTILE))


@pytest.fixture(scope="module")
def payloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive whose every field holds markup, a payload an article."""
    return index_of(tmp_path_factory.mktemp("payloads"), PAYLOADS)


@pytest.fixture
def copied(tmp_path: Path, hostile: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The hostile archive to work on, and its folder to stand in."""
    shutil.copytree(hostile, tmp_path / "copy")
    monkeypatch.chdir(tmp_path / "copy")
    return tmp_path / "copy"


def run(*arguments: str, stdin: str = "") -> Result:
    """Run a command in this process."""
    environment = {"SEARCHER_TODAY": TODAY, "COLUMNS": "80", **QUIET}
    return CliRunner().invoke(cli, list(arguments), input=stdin, env=environment)


def arguments_of(name: str, folder: Path) -> Iterator[list[str]]:
    """Yield what a command is asked, and what no one should ask."""
    known = RECIPES.get(name, [[]])
    yield from ([_with_id(one, folder) for one in arguments] for arguments in known)
    for evil in HOSTILE:
        yield [evil]
        yield [evil, evil]
        yield [f"--{evil}"]
    if name == "query":
        yield ["-"]


def _with_id(argument: str, folder: Path) -> str:
    if not argument.startswith("ID"):
        return argument
    with searcher.open(folder / "index") as archive:
        return next(archive.paragraphs()).article + argument[2:]


def assert_inert(output: str) -> None:
    """Fail when a character could do something; our own colours, tabs and line ends are ours."""
    left = OURS.sub("", output).replace("\r\n", "\n")
    assert "oil\tb" not in left
    active = {ascii(char) for char in left if char not in "\n\t" and is_active(char)}
    assert not active


TEXTS = [(name, format_) for name, format_ in cases() if format_ != "png"]


@pytest.mark.parametrize(("name", "format_"), TEXTS)
def test_no_command_prints_a_control_in_any_format(copied, name, format_):
    command = cli.get_command(click.Context(cli), name)
    options = {option for parameter in command.params for option in parameter.opts}
    asked = ["--format", format_] if format_ else []
    asked += ["--index", str(copied / "index")] if "--index" in options else []
    codes = set()
    for color in ("always", "never") if "--color" in options else (None,):
        painted = ["--color", color] if color else []
        for arguments in arguments_of(name, copied):
            stdin = "\n".join(HOSTILE) if arguments == ["-"] else ""
            result = run(name, *asked, *painted, *arguments, stdin=stdin)
            codes.add(result.exit_code)

            assert_inert(result.stdout)
            assert_inert(result.stderr)
            assert color != "never" or "\x1b" not in result.stdout + result.stderr
    # A run in which nothing was found or done would prove nothing.
    assert codes & {0, 4}, codes


@pytest.mark.parametrize("evil", HOSTILE, ids=["characters", "sequences"])
def test_no_command_name_or_option_prints_a_control(evil):
    for arguments in ([evil], [f"--{evil}"], ["query", "--format", evil], ["--help", evil]):
        result = run(*arguments)
        assert_inert(result.stdout)
        assert_inert(result.stderr)


ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "class", "href", "rel"}


def assert_only_ours(page: str) -> None:
    """Fail when a parser finds markup that isn't ours."""
    seen = Tags(page)
    assert set(seen.tags) <= OUR_TAGS
    assert seen.others == ["doctype html"]
    assert {name for name, _ in seen.attributes} <= ATTRIBUTES
    links = [value or "" for name, value in seen.attributes if name == "href"]
    assert all(value.startswith(("https://", "http://")) for value in links)


HTML = [name for name, format_ in cases() if format_ == "html"]


def _asked_for_html(name: str, folder: Path) -> Iterator[list[str]]:
    every = ["-n", "200"] if name in ("query", "similar", "kwic", "quotes") else []
    for arguments in RECIPES.get(name, [[]]):
        yield [*(_with_id(one, folder) for one in arguments), *every]
    if name == "query":
        yield from (["--", f"oil OR {payload}"] for payload in PAYLOADS)
        yield from (["--plain", "--", payload] for payload in PAYLOADS)


@pytest.mark.parametrize("name", HTML)
def test_no_payload_of_an_article_or_a_query_becomes_markup(payloads, name):
    shown = 0
    for arguments in _asked_for_html(name, payloads):
        options = ["--format", "html", "--index", str(payloads / "index")]
        result = run(name, *options, *arguments)
        if "<html" in result.stdout:
            shown += 1
            assert_only_ours(result.stdout)
    assert shown


def test_no_payload_becomes_markup_in_a_snippet(payloads):
    with searcher.open(payloads / "index") as archive:
        for hit in archive.search("oil", limit=1000, kind="all"):
            seen = Tags(hit.snippet.html())
            assert (set(seen.tags), seen.attributes, seen.others) == ({"mark"}, [], [])


@pytest.mark.parametrize("name", [name for name, format_ in cases() if format_ == "atom"])
def test_no_payload_becomes_markup_in_a_feed(payloads, name):
    result = run(name, "--format", "atom", "--index", str(payloads / "index"), "--peek")
    tags = {element.tag for element in ET.fromstring(result.stdout).iter()}  # noqa: S314

    assert all(tag.startswith("{http://www.w3.org/2005/Atom}") for tag in tags)


@pytest.mark.parametrize("name", [name for name, format_ in cases() if format_ == "svg"])
def test_no_payload_becomes_markup_in_a_drawing(payloads, name):
    pytest.importorskip("matplotlib")
    options = ["--format", "svg", "--index", str(payloads / "index"), "--plain", "--"]
    for at in range(0, len(PAYLOADS), 10):
        result = run(name, *options, *(f"oil {payload}" for payload in PAYLOADS[at : at + 10]))
        root = ET.fromstring(result.stdout)  # noqa: S314
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        attributes = {key for element in root.iter() for key in element.attrib}

        assert not tags & {"script", "foreignObject", "a", "image", "iframe", "animate", "set"}
        assert not [key for key in attributes if key.lower().startswith("on")]


def test_every_format_of_markup_is_known_here():
    """A new one needs a test above."""
    every = {format_ for _, format_ in cases()}

    assert every - {None} <= {
        *("text", "json", "jsonl", "csv", "md", "html", "atom", "csl", "svg", "png"),
    }
