"""No field of an article, and no query, can drive a terminal or a page (R15, R16)."""

import csv
import io
import json
import re

import pytest

from searcher.cli.rendering import FORMATS
from tests.cli.pages import FIELDS, MORE_FIELDS, page_with
from tests.highlight.test_display import BIDI, CONTROLS, OTHERS, is_active
from tests.highlight.test_formats import PAYLOADS, Tags

ALL_FIELDS = (*FIELDS, *MORE_FIELDS)
ACTIVE = "".join(f"a{char}b" for char in (*CONTROLS, *BIDI, *OTHERS))
SEQUENCES = "\x1b]0;title\x07 \x1b]52;c;ZXZpbA==\x07 \x1b]8;;http://evil\x1b\\x \x9b2J \x1b[31m"
OURS = re.compile(r"\x1b\[(?:1;31|1|2|0)?m")
OUR_TAGS = {
    *("html", "head", "meta", "title", "style", "body", "section", "article", "header", "footer"),
    *("h1", "h2", "p", "mark", "a", "table", "tr", "th", "td", "blockquote", "ul", "li"),
}


def assert_inert(output: str) -> None:
    left = OURS.sub("", output).replace("\r\n", "\n").replace("\n", "")
    assert not [ascii(char) for char in left if is_active(char)]


@pytest.mark.parametrize("hostile", [ACTIVE, SEQUENCES], ids=["characters", "sequences"])
@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("field", ALL_FIELDS)
def test_no_field_reaches_the_output_as_a_control(run, answer_with, field, format_, hostile):
    answer_with(page_with(field, hostile))
    for color in ("always", "never"):
        context = () if format_ == "csv" else ("-C", "1")
        result = run("query", "x", "--format", format_, "--color", color, "--explain", *context)

        assert result.exit_code == (1 if field == "suggestion" else 0), result.stderr
        assert_inert(result.stdout)
        assert_inert(result.stderr)
        assert color == "always" or "\x1b" not in result.stdout


@pytest.mark.parametrize("format_", ["text", "json", "md", "html"])
@pytest.mark.parametrize("field", [*FIELDS, "source", "path", "url", "desk"])
def test_no_field_of_a_shown_article_is_a_control(run, answer_with, field, format_):
    answer_with(page_with(field, ACTIVE))
    result = run("show", "x", "--query", "x", "--format", format_, "--color", "always")

    assert result.exit_code == 0, result.stderr
    assert_inert(result.stdout)


@pytest.mark.parametrize("option", [("-l",), ("--group", "article"), ("--fields", "path,id,text")])
@pytest.mark.parametrize("field", ["path", "id", "article", "text"])
def test_paths_and_columns_are_as_safe_as_hits(run, answer_with, field, option):
    answer_with(page_with(field, ACTIVE))

    result = run("query", "x", *option)

    assert_inert(result.stdout.replace("\t", " ") if "--fields" in option else result.stdout)


def test_one_path_is_one_line_whatever_it_holds(run, answer_with):
    """A newline in a path would forge a second one."""
    answer_with(page_with("path", "two\nlines.txt"))

    assert run("query", "x", "-l").stdout == "two\\x0alines.txt\n"
    assert run("query", "x", "-0").stdout_bytes == b"two\nlines.txt\0"


def test_the_bytes_of_a_path_that_is_not_utf8_come_out_as_they_are(run, answer_with):
    answer_with(page_with("path", "caf\udce9.txt"))

    assert run("query", "x", "-0").stdout_bytes == b"caf\xe9.txt\0"
    assert run("query", "x", "-l").stdout == "caf\\udce9.txt\n"


@pytest.mark.parametrize("field", ALL_FIELDS)
def test_json_keeps_every_character_as_data(run, answer_with, field):
    answer_with(page := page_with(field, ACTIVE))
    envelope = json.loads(run("query", "x", "--format", "json").stdout)

    assert envelope == json.loads(json.dumps(page.as_dict()))


@pytest.mark.parametrize("field", ALL_FIELDS)
def test_no_payload_in_any_field_adds_markup(run, answer_with, field):
    for payload in PAYLOADS:
        answer_with(page_with(field, payload))
        seen = Tags(run("query", "x", "--format", "html").stdout)

        assert set(seen.tags) <= OUR_TAGS
        assert seen.others == ["doctype html"]
        assert {name for name, _ in seen.attributes} <= {
            *("lang", "charset", "http-equiv", "content", "name", "class", "href", "rel"),
        }
        links = [value for name, value in seen.attributes if name == "href"]
        assert all(value.startswith(("https://", "http://")) for value in links)


@pytest.mark.parametrize("message", [ACTIVE, SEQUENCES], ids=["characters", "sequences"])
def test_an_error_that_quotes_the_query_is_inert(run, monkeypatch, message):
    from searcher.errors import IndexUnreadable, QuerySyntaxError

    for error in (
        QuerySyntaxError(message, 5, message, message),
        IndexUnreadable(message, message),
        ValueError(message),
        OSError(5, message, message),
    ):

        def fail(*_args, error=error, **_options):
            raise error

        monkeypatch.setattr("searcher.open", fail, raising=False)
        for arguments in (["query", "x"], ["query", "x", "--traceback"], ["query", message]):
            result = run(*arguments)
            assert result.exit_code in {2, 3, 70}
            assert result.stdout == ""
            assert_inert(result.stderr)


@pytest.mark.parametrize(
    "arguments",
    [["\x1b[2J"], ["query", "x", "--format", "\x1b[2J"], ["query", "--\x9b2J"], ["query", "-\x1b"]],
)
def test_a_usage_error_that_quotes_the_argument_is_inert(run, arguments):
    result = run(*arguments)

    assert result.exit_code in {1, 2, 3}
    assert_inert(result.stderr)


@pytest.mark.parametrize("text", ["=1+2", "+1", "-1", "@sum", "  =x", "＝1"])
def test_a_spreadsheet_runs_no_cell(run, answer_with, text):
    """The apostrophe is CSV's only; the exact text is in the JSON formats."""
    answer_with(page_with("title", text))
    rows = list(csv.DictReader(io.StringIO(run("query", "x", "--format", "csv").stdout)))

    assert rows[0]["title"] == "'" + text
    assert rows[0]["score"] == "1.5000"
