"""`searcher new`: what saved searches find that they hadn't found before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from searcher.cli import complete, failures, options, output, pager
from searcher.cli.answer import text_width
from searcher.cli.labels import counted
from searcher.cli.rendering import Style
from searcher.cli.session import open_archive, today_or_fail

if TYPE_CHECKING:
    from searcher.saved.searches import Look, News

HELP = """Print what came in since the last time, for saved searches.

Without a NAME all saved searches are looked at. What is printed counts as
seen, and is not printed again; the first time, that is what came in since the
search was saved.

\b
Examples:
  searcher new
  searcher new hormuz --format jsonl | jq -r .id
  searcher new --format atom > feed.xml
  searcher new hormuz --peek

Exits 0 when there is something new, 1 when there is nothing, 2 on a name or a
saved query that won't do, 3 without an index.
"""


@click.command(name="new", help=HELP)
@click.argument("names", metavar="[NAME]...", nargs=-1, shell_complete=complete.saved)
@options.index_option
@options.allow_option()
@click.option("--peek", is_flag=True, help="Print it, and leave it new.")
@click.option("--mark-seen", is_flag=True, help="Count it as seen, and print nothing.")
@options.format_option("text", "json", "jsonl", "atom")
@options.color_option
@options.pager_option
@options.traceback_option
def command(
    names: tuple[str, ...],
    index: str | None,
    peek: bool,
    mark_seen: bool,
    format_: str,
    color: str,
    no_pager: bool,
) -> int:
    """Look, print, and note what was printed once it is out."""
    if peek and mark_seen:
        raise click.UsageError("--peek leaves it new and --mark-seen doesn't; take one of them.")
    with open_archive(index) as archive:
        text = ""
        with archive.saved.looking(names, mark=not peek) as look:
            if not mark_seen:
                text = _rendered(look, names, format_, color)
            # A reader at a pager may take an hour, and mustn't keep others from looking.
            if not output.to_terminal():
                output.write(text)
                output.flush()
        if output.to_terminal():
            pager.write(text, not no_pager)
    return _comment(look, mark_seen, format_)


def _rendered(look: Look, names: Sequence[str], format_: str, color: str) -> str:
    style = Style(
        colour=output.wants_colour(color),
        width=text_width(),
        several=len(names) != 1,
        letters=output.prints_letters(),
        dashes=output.prints_dashes(),
    )
    if format_ == "atom":
        from searcher.cli.render_atom import feed

        return feed(look.news, names, today_or_fail(), style)
    from searcher.cli.render_news import RENDERERS

    return RENDERERS[format_](look.news, style)


def _comment(look: Look, mark_seen: bool, format_: str) -> int:
    for name, error in look.failures.items():
        failures.describe(error)
        output.say(f"{name} was left out")
    for news in look.news:
        if news.undated:
            left = counted(news.undated, "undated paragraph")
            output.say(f"{news.search.name}: {left} left out by the date filter")
        if news.found and format_ != "json":
            output.say(_summary(news) + (", marked as seen" if mark_seen else ""))
    if not look.news and not look.failures:
        output.say("no saved searches. Save one with: searcher save NAME QUERY")
    elif look.news and not any(news.found for news in look.news):
        output.say("nothing new")
    return _exit_code(look)


def _summary(news: News) -> str:
    paragraphs = f"{len(news.found):,} new paragraph{'' if len(news.found) == 1 else 's'}"
    since = f" since {news.search.looked}" if news.search.looked else ""
    return f"{news.search.name}: {paragraphs} in {counted(news.articles, 'article')}{since}"


def _exit_code(look: Look) -> int:
    if look.failures:
        return failures.USAGE
    return failures.OK if any(news.found for news in look.news) else failures.NO_HITS
