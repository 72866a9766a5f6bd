"""`searcher query`: read the words, ask the archive, hand the answer to a renderer."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from searcher.cli import answer, columns, complete, conflicts, options, words
from searcher.cli.request import Request
from searcher.cli.session import open_archive

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

HELP = """Print the paragraphs that match QUERY, best first.

Words of the query need no quotes for the shell.  `-word` leaves a word out,
`--` ends the options, and `-` alone reads a query from each line of standard
input.  Results go to standard output, everything else to standard error.

\b
Examples:
  searcher query Tomahawk
  searcher query climate date:last-week
  searcher query section:"Breakthrough Elusive" -Geneva --on 2026-02
  searcher query 'date:2026-02.. "political will"' --format jsonl | jq -r .id

Exits 0 on a hit, 1 on none, 2 on a query it can't read, 3 without an index.
"""


class QueryCommand(click.Command):
    """A command that takes `-Geneva` for a word, not for options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments after marking the words that start with a dash."""
        try:
            return super().parse_args(ctx, words.with_marks(args, self.get_params(ctx)))
        except click.NoSuchOption as error:
            hint = f"To leave out a word, put -- first: {ctx.command_path} -- {error.option_name}"
            raise click.UsageError(f"{error.format_message()} {hint}", ctx) from None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Offer options, and behind one dash also the fields of a word to leave out."""
        from click.shell_completion import CompletionItem

        offers = super().shell_complete(ctx, incomplete)
        if incomplete.startswith("-") and not incomplete.startswith("--"):
            fields = complete.words(ctx, self.params[0], incomplete)
            offers += [CompletionItem(field) for field in fields]
        return offers


@click.command(cls=QueryCommand, name="query", help=HELP)
@click.argument(
    "arguments",
    metavar="QUERY...",
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
    metavar="N",
    help="Print so many hits at most; with --group, articles.  [default: 10; all with -l]",
)
@click.option(
    "--offset",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Pass over so many first.",
)
@click.option(
    "--sort",
    type=click.Choice(["score", "newest", "oldest"]),
    default="score",
    show_default=True,
    help="What comes first.",
)
@options.recency_option
@options.filter_options
@options.scope_option
@options.plain_option
@options.synonym_options
@click.option(
    "-C",
    "--context",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Show whole paragraphs, with N neighbours of the article on either side.",
)
@click.option(
    "--group", type=click.Choice(["article"]), help="Put the hits of an article together."
)
@click.option(
    "--dups",
    type=click.Choice(["show", "collapse", "only"]),
    default="show",
    show_default=True,
    help="Near-duplicates: fold them into the best of them, or find only what has one.",
)
@click.option(
    "--facet",
    "facets",
    multiple=True,
    type=click.Choice(["section", "desk", "year", "month", "article"]),
    help="Count the hits by a field; repeat for several, -n 0 for the counts alone.",
)
@click.option(
    "-c",
    "--count",
    is_flag=True,
    help="Print the number of hits and nothing else; with --group, of articles.",
)
@click.option("-l", "paths", is_flag=True, help="Print the paths of the files with hits.")
@click.option("-0", "paths0", is_flag=True, help="Like -l, but raw and ended by NUL.")
@click.option("-q", "nothing", is_flag=True, help="Print nothing; only exit 0 or 1.")
@options.format_option("text", "json", "jsonl", "csv", "md", "html")
@click.option(
    "--fields",
    callback=columns.chosen,
    metavar="KEY,...",
    help="Print just these keys of a hit, in text, json, jsonl and csv.",
)
@options.color_option
@options.pager_option
@click.option("--explain", is_flag=True, help="Say how the query was read and the hits scored.")
@options.traceback_option
@click.pass_context
def command(ctx: click.Context, /, arguments: tuple[str, ...], **given: Any) -> int:
    """Answer the query, or each query of standard input."""
    typed = words.without_marks(arguments)
    several = typed == ["-"]
    conflicts.check(ctx, given, several)
    request = Request.of(**given)
    if not typed and not request.narrows:
        raise click.UsageError("Missing the QUERY; `*` is every paragraph.", ctx)
    with open_archive(given["index"], given["synonyms"], given["no_synonyms"]) as archive:
        if several:
            return answer.each(archive, _stdin_queries(), request)
        return answer.one(archive, typed or ["*"], request)


def _stdin_queries() -> Iterator[str]:
    for line in sys.stdin or ():  # None when the caller closed it
        if query := line.strip():
            yield query
