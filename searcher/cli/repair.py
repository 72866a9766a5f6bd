"""`searcher repair`: keep what is whole of a damaged index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from searcher.cli import options, output
from searcher.cli.render_json import pretty
from searcher.cli.session import index_path
from searcher.highlight.display import display_path

if TYPE_CHECKING:
    from searcher.checking import Repaired

MOST_NAMED = 20

HELP = """Keep what is whole of a damaged index, and name what is lost.

A broken segment is dropped, and what it held is read again by the next
`searcher index`.  The damaged index stays as it is until the repaired one is
safe; an index that is whole is left alone.

\b
Examples:
  searcher repair --dry-run
  searcher repair -i ~/archive/index && searcher index ~/archive -i ~/archive/index

Exits 0, 3 when nothing can be kept or there is no index.
"""


@click.command(name="repair", help=HELP)
@options.index_option
@click.option("--dry-run", is_flag=True, help="Say what would be kept, and write nothing.")
@options.wait_option
@options.format_option("text", "json")
@options.traceback_option
def command(index: str | None, dry_run: bool, wait: float, format_: str) -> int:
    """Repair the index, and print what was kept."""
    import searcher

    done = searcher.repair(index_path(index), dry_run=dry_run, wait_s=wait)
    if format_ == "json":
        output.write(pretty(done.as_dict(), output.prints_letters()))
    else:
        output.write("".join(f"{display_path(text)}\n" for text in lines(done, dry_run)))
    return 0


def lines(done: Repaired, dry_run: bool) -> Iterator[str]:
    """Yield what a reader is told, line by line."""
    for finding in done.findings:
        yield f"{finding.file}: {finding.problem}" if finding.file else finding.problem
    for name in done.dropped:
        yield f"dropped {name}"
    for article, source in done.lost[:MOST_NAMED]:
        yield f"lost {article} of {source}"
    if len(done.lost) > MOST_NAMED:
        yield f"lost {len(done.lost) - MOST_NAMED:,} more; --format json names all"
    yield _verdict(done, dry_run)


def _verdict(done: Repaired, dry_run: bool) -> str:
    holds = f"{done.kept_paragraphs:,} paragraphs in {done.kept_articles:,} articles"
    if dry_run and (done.findings or done.dropped):
        return f"{done.path} would keep {holds}; nothing was written"
    if not done.wrote:
        return f"{done.path} is whole: {holds}"
    return f"{done.path} keeps {holds}. Read the rest again with: searcher index PATH"
