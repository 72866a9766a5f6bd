"""`searcher similar`: more like an article, a paragraph or any text."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from searcher.cli import answer, complete, failures, labels, options, output, pager
from searcher.cli.rendering import Style, renderer
from searcher.cli.session import open_archive
from searcher.cli.wrap import wrap
from searcher.highlight.display import display_text

if TYPE_CHECKING:
    from searcher.archive import Archive
    from searcher.results import Similar

HELP = """Print what is like the article or paragraph ID, the likest first.

An ID is what `searcher query` prints below a hit, or an unambiguous end of it;
`-` reads a text from standard input.  The first lines are the words that tell
it from the rest of the archive, and that the others were found by.

\b
Examples:
  searcher similar seeds/000.txt#p7
  searcher similar wire.jsonl:wire-0001 -n 3 --since 2026 --format json
  pbpaste | searcher similar - --group none

Exits 0 when something is like it, 1 when nothing is or there is no such ID,
2 on wrong usage, 3 without an index.
"""


@click.command(name="similar", help=HELP)
@click.argument("id_", metavar="ID", shell_complete=complete.ids)
@options.index_option
@options.allow_option()
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    metavar="N",
    help="Print so many articles at most; with --group none, paragraphs.",
)
@click.option(
    "--group",
    type=click.Choice(["article", "none"]),
    default="article",
    show_default=True,
    help="Put the paragraphs of an article together, or print each by itself.",
)
@click.option(
    "--words",
    type=click.IntRange(1, 200),
    default=25,
    show_default=True,
    metavar="N",
    help="Look for so many of the most telling words at most.",
)
@options.filter_options
@options.format_option("text", "json", "jsonl", "csv")
@options.color_option
@options.pager_option
@options.traceback_option
@click.pass_context
def command(ctx: click.Context, /, id_: str, **given: Any) -> int:
    """Print what is like it."""
    text = _text_of_stdin(ctx) if id_ == "-" else ""
    with open_archive(given["index"]) as archive:
        page = _similar(archive, "" if text else id_, text, given)
    style = Style(
        colour=output.wants_colour(given["color"]),
        width=answer.text_width(),
        letters=output.prints_letters(),
        dashes=output.prints_dashes(),
    )
    printer = renderer(given["format_"], style)
    found = printer.begin() + printer.page(page) + printer.end()
    if given["format_"] == "text":
        found = "\n".join(filter(None, (_words(page, style.width), found)))
    pager.write(found, not given["no_pager"])
    _comment(page, given["format_"])
    return failures.OK if page.total else failures.NO_HITS


def _text_of_stdin(ctx: click.Context) -> str:
    text = sys.stdin.read() if sys.stdin else ""  # None when the caller closed it
    if not text.strip():
        raise click.UsageError("standard input holds no text to compare with.", ctx)
    return text


def _similar(archive: Archive, id_: str, text: str, given: dict[str, Any]) -> Similar:
    return archive.similar(
        id_,
        text=text,
        limit=given["limit"],
        group="article" if given["group"] == "article" else "",
        words=given["words"],
        **options.filters_of(given),
    )


def _words(page: Similar, columns: int) -> str:
    """Return the words as lines, or nothing where none tells."""
    if not page.words:
        return ""
    text = "words: " + ", ".join(display_text(word.text) for word in page.words)
    return "".join(f"{line}\n" for line, _ in wrap(text, (), columns))


def _comment(page: Similar, format_: str) -> None:
    answer.say_undated(page.undated)
    if not page.words:
        output.say("no word of it tells it from the rest of the archive")
    elif not page.total:
        output.say(f"nothing is like it, by: {', '.join(word.text for word in page.words)}")
    elif format_ != "json":
        if format_ != "text":
            output.say(f"words: {', '.join(word.text for word in page.words)}")
        output.say(labels.summary(page))
