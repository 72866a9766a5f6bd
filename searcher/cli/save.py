"""`searcher save`: keep a query under a name."""

from __future__ import annotations

from typing import Any

import click

from searcher.cli import answer, complete, options, output, words
from searcher.cli.labels import counted
from searcher.cli.query import QueryCommand
from searcher.cli.request import FILTERS
from searcher.cli.session import open_archive

HELP = """Save QUERY as NAME, so that `searcher new` tells what comes in.

The query and its filters are kept as typed, so that a relative date stays
relative. What it finds today counts as seen. Inside another query it is
query:NAME.

\b
Examples:
  searcher save hormuz 'strait of hormuz' --desk world
  searcher save ceasefire '"cease-fire" date:2w'
  searcher query query:hormuz -query:ceasefire

Exits 0, 2 on a name that is taken or a query it can't read, 3 without an index.
"""


@click.command(cls=QueryCommand, name="save", help=HELP)
@click.argument("name", metavar="NAME")
@click.argument(
    "arguments",
    metavar="QUERY...",
    nargs=-1,
    type=click.UNPROCESSED,
    shell_complete=complete.words,
)
@options.index_option
@options.allow_option()
@options.filter_options
@options.scope_option
@options.plain_option
@click.option("--force", is_flag=True, help="Replace a search of that name, and begin anew.")
@options.traceback_option
@click.pass_context
def command(
    ctx: click.Context, /, name: str, arguments: tuple[str, ...], force: bool, **given: Any
) -> int:
    """Save it and say what it finds now."""
    typed = words.without_marks(arguments)
    filters = {one: given[one] for one in FILTERS if given[one]}
    if not typed and not filters.keys() - {"plain", "scope"}:
        raise click.UsageError("Missing the QUERY; `*` is every paragraph.", ctx)
    with open_archive(given["index"]) as archive:
        query = answer.query_of(archive, typed or ["*"], plain=given["plain"])
        search = archive.saved.save(name, query, replace=force, **filters)
    seen = counted(len(search.memory), "paragraph")
    output.say(f"saved {name}; it finds {seen} today. What comes in: searcher new {name}")
    return 0
