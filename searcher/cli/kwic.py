"""`searcher kwic`: every occurrence on a line of its own, the keyword in one column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from searcher.cli import answer, complete, failures, labels, options, output, pager, words
from searcher.cli.query import QueryCommand
from searcher.cli.session import open_archive

if TYPE_CHECKING:
    from searcher.views.kwic import Concordance

HELP = """Print every occurrence of QUERY with what stands left and right of it.

A paragraph that holds the word twice gives two lines.  The id at the end of a
line is what `searcher show` takes.

\b
Examples:
  searcher kwic '"political will"'
  searcher kwic oil --sort right --since 1987-03 -n 200
  searcher kwic tariff --width 100 --format csv > tariff.csv

Exits 0 on an occurrence, 1 on none, 2 on a query it can't read, 3 without an index.
"""
_DATA_WIDTH = 60


@click.command(cls=QueryCommand, name="kwic", help=HELP)
@click.argument(
    "arguments",
    metavar="QUERY...",
    nargs=-1,
    required=True,
    type=click.UNPROCESSED,
    shell_complete=complete.words,
)
@options.index_option
@options.allow_option()
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(min=0),
    default=50,
    show_default=True,
    metavar="N",
    help="Print so many lines at most.",
)
@click.option(
    "--sort",
    type=click.Choice(["position", "left", "right"]),
    default="position",
    show_default=True,
    help="Order by date and place, or by the words nearest to the keyword on a side.",
)
@click.option(
    "--width",
    type=click.IntRange(1, 10_000),
    metavar="N",
    help=f"Context on each side.  [default: what fits; {_DATA_WIDTH} characters in csv and json]",
)
@options.filter_options
@options.scope_option
@options.plain_option
@options.synonym_options
@options.format_option("text", "csv", "json", "jsonl")
@options.color_option
@options.pager_option
@options.traceback_option
def command(arguments: tuple[str, ...], **given: Any) -> int:
    """Print the concordance."""
    from searcher.cli import render_kwic

    columns = render_kwic.terminal_columns()
    as_text = given["format_"] == "text"
    width = given["width"] or (columns if as_text else _DATA_WIDTH)
    with open_archive(given["index"], given["synonyms"], given["no_synonyms"]) as archive:
        typed = words.without_marks(arguments)
        query = answer.query_of(archive, typed, plain=given["plain"])
        narrowed = options.filters_of(given)
        shown = {"limit": given["limit"], "sort": given["sort"], "width": width}
        found = archive.kwic(query, plain=given["plain"], **shown, **narrowed)
    if as_text:
        colour = output.wants_colour(given["color"])
        fitted = output.to_terminal()
        text = render_kwic.text(found, given["width"], columns, colour, fitted)
    else:
        text = render_kwic.RENDERERS[given["format_"]](found, output.prints_letters())
    pager.write(text, not given["no_pager"])
    _comment(found, given["format_"])
    return failures.OK if found.total else failures.NO_HITS


def _comment(found: Concordance, format_: str) -> None:
    answer.say_undated(found.undated)
    if found.total:
        lines = f"{len(found.lines):,} of {labels.counted(found.total, 'line')}"
        articles = labels.counted(found.articles, "article")
        if format_ != "json":
            output.say(
                f"{lines}, from {labels.counted(found.paragraphs, 'paragraph')} in {articles}"
            )
    elif found.paragraphs:
        matched = labels.counted(found.paragraphs, "paragraph")
        output.say(f"{matched} match, but the query has no word to show in its context")
    else:
        output.say(f"no hits for: {found.query}")
