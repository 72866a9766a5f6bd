"""`searcher check`: is the index whole?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from searcher.cli import failures, options, output
from searcher.cli.labels import took
from searcher.cli.progress import ProgressLine
from searcher.cli.render_json import pretty
from searcher.cli.session import index_path
from searcher.cli.stats import size
from searcher.highlight.display import display_path

if TYPE_CHECKING:
    from searcher.checking import Checked

HELP = """Check that the index is whole, and change nothing.

Every byte is verified, and each paragraph looked up by its own words; with
`--quick` the bytes and the index's own records alone.  `--sources` reads the
sources too, and names those that changed since they were indexed.

\b
Examples:
  searcher check
  searcher check --quick -i ~/archive/index
  searcher check --sources --format json | jq -r '.findings[].file'

Exits 0, 3 when the index is damaged or there is none, 4 when only sources changed.
"""


@click.command(name="check", help=HELP)
@options.index_option
@click.option("--quick", is_flag=True, help="Leave out what takes longer than reading every byte.")
@click.option("--sources", is_flag=True, help="Read the sources too, and name those that changed.")
@options.format_option("text", "json")
@options.traceback_option
def command(index: str | None, quick: bool, sources: bool, format_: str) -> int:
    """Check the index, and print what is wrong with it."""
    import searcher

    with ProgressLine() as line:
        checked = searcher.check(
            index_path(index), quick=quick, sources=sources, progress=line.show_share
        )
    if format_ == "json":
        output.write(pretty(checked.as_dict(), output.prints_letters()))
    else:
        output.write("".join(f"{display_path(text)}\n" for text in lines(checked)))
    return exit_code(checked)


def exit_code(checked: Checked) -> int:
    """Return the exit code that tells what was found."""
    if not checked.is_whole:
        return failures.NO_INDEX
    return failures.SKIPPED if checked.changed else failures.OK


def lines(checked: Checked) -> Iterator[str]:
    """Yield what a reader is told, line by line."""
    for finding in checked.findings:
        at = f"{finding.file}: " if finding.file and finding.file not in finding.problem else ""
        yield f"{at}{finding.problem}"
    yield from checked.notes
    for source in checked.changed or ():
        yield f"changed: {source}"
    yield _verdict(checked)


def _verdict(checked: Checked) -> str:
    if not checked.is_whole:
        return f"{checked.path} is damaged. Keep what is whole: searcher repair -i {checked.path}"
    proved = f", {checked.postings:,} postings compared" if checked.postings else ""
    return (
        f"{checked.path} is whole: {checked.paragraphs:,} paragraphs in {checked.articles:,} "
        f"articles, {size(checked.size_bytes)}{proved} ({took(checked.took_s)})"
    )
