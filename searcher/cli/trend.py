"""`searcher trend`: how much is written about something, as bars, a table or a chart."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from searcher.cli import answer, complete, failures, labels, options, output, pager, words
from searcher.cli.query import QueryCommand
from searcher.cli.session import open_archive

if TYPE_CHECKING:
    from searcher.views.trend import Trend

HELP = """Print how much is written about each QUERY, period by period.

Each argument is a query of its own.  The totals are what the filters leave
without the query; periods without a hit are among the rows, from the first to
the last that --since, --until and --on name, else that the archive has.

\b
Examples:
  searcher trend oil gold --by month --normalize
  searcher trend '"political will"' --by week --since 2026-01
  searcher trend oil gold --by day --format csv > trend.csv
  searcher trend oil gold --by week --format png --out trend.png

A chart needs matplotlib: pip install 'searcher[plot]'.  Exits 0 on a hit, 1 on
none, 2 on a query it can't read, 3 without an index.
"""


@click.command(cls=QueryCommand, name="trend", help=HELP)
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
    "--by",
    type=click.Choice(["day", "week", "month", "year"]),
    default="month",
    show_default=True,
    help="The period; weeks are those of ISO 8601.",
)
@click.option("--normalize", is_flag=True, help="Draw the share of all articles, not their number.")
@options.filter_options
@options.scope_option
@options.plain_option
@options.synonym_options
@options.format_option("text", "csv", "json", "svg", "png")
@click.option("--out", metavar="FILE", help="Write it to a file instead.")
@click.option("--force", is_flag=True, help="With --out: replace a file that is there.")
@options.pager_option
@options.traceback_option
@click.pass_context
def command(ctx: click.Context, /, arguments: tuple[str, ...], **given: Any) -> int:
    """Print the trend."""
    if given["format_"] in {"svg", "png"} and not given["out"] and output.to_terminal():
        raise click.UsageError("A chart is no text for a terminal; name a file with --out.", ctx)
    with open_archive(given["index"], given["synonyms"], given["no_synonyms"]) as archive:
        typed = words.without_marks(arguments)
        queries = [answer.query_of(archive, [one], plain=given["plain"]) for one in typed]
        narrowed = options.filters_of(given)
        found = archive.trend(*queries, by=given["by"], plain=given["plain"], **narrowed)
    _put(_rendered(found, given), given)
    _comment(found)
    return failures.OK if any(one.paragraphs for one in found.series) else failures.NO_HITS


def _rendered(found: Trend, given: dict[str, Any]) -> str | bytes:
    format_, normalize = given["format_"], given["normalize"]
    if format_ in {"svg", "png"}:
        from searcher.views.chart import chart

        return chart(found, format_, normalize=normalize)
    from searcher.cli import render_trend

    if format_ == "text":
        return render_trend.text(found, normalize, answer.text_width(), output.prints_letters())
    return render_trend.RENDERERS[format_](found, output.prints_letters())


def _put(made: str | bytes, given: dict[str, Any]) -> None:
    if given["out"]:
        from searcher.views.files import write_file

        data = made.encode("utf-8") if isinstance(made, str) else made
        write_file(Path(given["out"]), [data], force=given["force"])
    elif isinstance(made, bytes):
        output.write_bytes(made)
    else:
        pager.write(made, not given["no_pager"])


def _comment(found: Trend) -> None:
    for series in found.series:
        paragraphs = labels.counted(series.paragraphs, "paragraph")
        articles = labels.counted(series.articles, "article")
        undated = f"; {series.undated:,} undated left out" if series.undated else ""
        output.say(f"{series.query}: {paragraphs} in {articles}{undated}")
