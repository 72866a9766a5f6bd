"""`searcher index`: read files into the index, and say what came of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from searcher.cli import index_summary, options, output
from searcher.cli.progress import ProgressLine
from searcher.cli.render_json import pretty
from searcher.cli.session import index_path
from searcher.cli.termination import ended_by_sigterm

if TYPE_CHECKING:
    from searcher.indexing import Report
    from searcher.readers.base import ReadOptions

DEFAULT_PATH = "seeds"
STDIN = "-"
INTERRUPTED = "interrupted; what was committed stays, and the next run goes on"

HELP = f"""Read the articles under PATH into the index; PATH is `{DEFAULT_PATH}` unless given.

A PATH is a file or a folder; `-` reads JSON Lines from standard input.  What
the index holds already and hasn't changed isn't read again, and what is gone
is removed from it.  The index can be searched all the while.

\b
Examples:
  searcher index
  searcher index ~/archive/2025 ~/archive/2026 -i ~/archive/index
  searcher index articles.csv --map title=headline,date=published,text=body
  zcat wire.jsonl.gz | searcher index -
  searcher index --format json | jq -r '.skips[].name'

Exits 0, 2 on a wrong option, 3 when the index can't be used, 4 when some input was skipped.
"""


def _mapping(ctx: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]) -> Any:
    pairs = [pair.partition("=") for text in texts for pair in text.split(",") if pair.strip()]
    for field, equals, column in pairs:
        if not (field.strip() and equals and column.strip()):
            expected = "expected FIELD=COLUMN,... such as title=headline,text=body"
            raise click.BadParameter(f"{''.join((field, equals, column))!r}: {expected}.", ctx)
    return {field.strip(): column.strip() for field, _, column in pairs}


@click.command(name="index", help=HELP)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path())
@options.index_option
@click.option("--rebuild", is_flag=True, help="Read everything again, into a new index.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
@click.option("--keep-missing", is_flag=True, help="Keep articles whose files are gone.")
@click.option(
    "--check-content",
    is_flag=True,
    help="Look into every file for changes, not just at its size and time.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="Read with N processes; worth it from some thousand files on.",
)
@click.option("--language", metavar="CODE", help="Language of the stems: en, de, …, or none.")
@click.option(
    "--map",
    "mapping",
    multiple=True,
    callback=_mapping,
    metavar="FIELD=COLUMN,...",
    help="Which column or key holds title, date, text and so on.",
)
@click.option(
    "--input-format",
    "--format-in",
    "input_format",
    metavar="SUFFIX",
    help="Read every file as this format, such as jsonl or csv; for odd names and `-`.",
)
@click.option(
    "--codec",
    type=click.Choice(["native", "stock"]),
    help="Write segments of the native core, or Whoosh's own.  [default: native if it is there]",
)
@click.option(
    "--memory",
    type=click.IntRange(min=64),
    default=1024,
    show_default=True,
    metavar="MB",
    help="Take no more memory than about this.",
)
@options.allow_option("a limit of what is read, such as max_bytes=1000000000")
@click.option("--date-from-mtime", is_flag=True, help="Date the undated by the file's time.")
@options.wait_option
@click.option(
    "-v", "--verbose", is_flag=True, help="Name every file that was skipped, up to 1,000."
)
@options.format_option("text", "json")
@options.traceback_option
def command(
    paths: tuple[str, ...], index: str | None, verbose: bool, format_: str, **given: Any
) -> int:
    """Index the paths, and print the summary on stderr, or the report on stdout."""
    with ended_by_sigterm(), ProgressLine() as line:
        report = _run(paths or (DEFAULT_PATH,), index_path(index), given, line)
    if format_ == "json":
        output.write(pretty(report.as_dict(), output.prints_letters()))
    else:
        _say_summary(report, verbose)
    return report.exit_code


def _say_summary(report: Report, verbose: bool) -> None:
    most_named = len(report.skips) if verbose else index_summary.MOST_NAMED
    for text in index_summary.lines(report, most_named):
        output.say(text)


def _run(paths: Sequence[str], into: str, given: dict[str, Any], line: ProgressLine) -> Report:
    import searcher
    from searcher.errors import ArticleError

    try:
        return searcher.index(
            paths,
            into,
            rebuild=given["rebuild"],
            dry_run=given["dry_run"],
            keep_missing=given["keep_missing"],
            check_content=given["check_content"],
            jobs=given["jobs"],
            language=given["language"],
            options=_read_options(given),
            wait_s=given["wait"],
            progress=line.show,
            codec=given["codec"],
            memory_mb=given["memory"],
            stdin=sys.stdin.buffer if STDIN in paths and sys.stdin else None,
        )
    except ArticleError as error:  # a path that is not there, and never was
        raise click.UsageError(str(error)) from error
    except KeyboardInterrupt as stop:
        raise type(stop)("" if given["dry_run"] else INTERRUPTED) from stop


def _read_options(given: dict[str, Any]) -> ReadOptions:
    from searcher.query.limits import changed
    from searcher.readers.base import BOUNDS, ReadOptions

    options = ReadOptions(
        mapping=given["mapping"],
        date_from_mtime=given["date_from_mtime"],
        format=given["input_format"] or "",
    )
    return changed(options, BOUNDS, click.get_current_context().obj.limits)
