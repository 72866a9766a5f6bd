"""`searcher quotes`: what someone is quoted saying, or who is quoted most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from searcher.cli import answer, complete, failures, labels, options, output, pager, words
from searcher.cli.query import QueryCommand
from searcher.cli.rendering import Style
from searcher.cli.session import open_archive

if TYPE_CHECKING:
    from searcher.archive import Archive
    from searcher.views.quotes import Quotes, Speakers

HELP = """Print what NAME is quoted saying, or who is quoted most.

The newest come first.  NAME finds every speaker whose name holds its words.  With a QUERY only
quotations in paragraphs that match it are printed.  A speaker is the name that
a speech verb ties to a quotation in its sentence; `he said` names nobody.

\b
Examples:
  searcher quotes
  searcher quotes zelenskyy
  searcher quotes "James Baker" dollar --since 1987-03 --sort oldest
  searcher quotes baker --format csv > baker.csv

Exits 0 on a quotation, 1 on none, 2 on a query it can't read, 3 without an index.
"""
DEFAULT_LIMIT = 20


@click.command(cls=QueryCommand, name="quotes", help=HELP)
@click.argument(
    "arguments",
    metavar="[NAME [QUERY...]]",
    nargs=-1,
    type=click.UNPROCESSED,
    shell_complete=complete.words,
)
@options.index_option
@options.allow_option()
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(min=0),
    default=DEFAULT_LIMIT,
    show_default=True,
    metavar="N",
    help="Print so many quotations, or speakers, at most.",
)
@click.option(
    "--sort",
    type=click.Choice(["newest", "oldest"]),
    default="newest",
    show_default=True,
    help="Which quotations come first.",
)
@options.filter_options
@options.plain_option
@options.synonym_options
@options.format_option("text", "csv", "json", "jsonl")
@options.color_option
@options.pager_option
@options.traceback_option
def command(arguments: tuple[str, ...], **given: Any) -> int:
    """Print the quotations, or the speakers."""
    typed = words.without_marks(arguments)
    with open_archive(given["index"], given["synonyms"], given["no_synonyms"]) as archive:
        if typed:
            return _print_quotes(_quotes(archive, typed, given), given)
        shown = {"limit": given["limit"], **options.filters_of(given)}
        return _print_speakers(archive.speakers(**shown), given)


def _quotes(archive: Archive, typed: Sequence[str], given: dict[str, Any]) -> Quotes:
    name, *rest = typed
    plain = given["plain"] and bool(rest)
    query = answer.query_of(archive, rest or ["*"], plain=plain)
    shown = {"limit": given["limit"], "sort": given["sort"], "plain": plain}
    return archive.quotes(name, query, **shown, **options.filters_of(given))


def _print_quotes(found: Quotes, given: dict[str, Any]) -> int:
    from searcher.cli import render_quotes

    renderer = render_quotes.DATA.get(given["format_"], render_quotes.quotes_text)
    pager.write(renderer(found, _style(given)), not given["no_pager"])
    answer.say_undated(found.undated)
    if not found.total:
        behind = "" if found.query == "*" else f" in paragraphs that match: {found.query}"
        output.say(f"nobody named {found.name} is quoted{behind}")
        return failures.NO_HITS
    if given["format_"] != "json":
        if len(found.speakers) > 1:
            output.say(render_quotes.speaker_line(found))
        articles = labels.counted(found.articles, "article")
        shown = f"{len(found.quotes):,} of {labels.counted(found.total, 'quotation')}"
        output.say(f"{shown} in {articles}")
    return failures.OK


def _print_speakers(found: Speakers, given: dict[str, Any]) -> int:
    from searcher.cli import render_quotes

    renderer = render_quotes.DATA.get(given["format_"], render_quotes.speakers_text)
    pager.write(renderer(found, _style(given)), not given["no_pager"])
    answer.say_undated(found.undated)
    if not found.total:
        output.say("nobody is quoted by name")
        return failures.NO_HITS
    if given["format_"] != "json":
        quotes = labels.counted(found.quotes, "quotation")
        shown = f"{len(found.speakers):,} of {labels.counted(found.total, 'speaker')}"
        output.say(f"{shown}, {quotes} in {labels.counted(found.articles, 'article')}")
    return failures.OK


def _style(given: dict[str, Any]) -> Style:
    return Style(
        colour=output.wants_colour(given["color"]),
        width=answer.text_width(),
        letters=output.prints_letters(),
        dashes=output.prints_dashes(),
    )
