"""`searcher backup`: a copy of the index, while others search and write."""

from __future__ import annotations

from pathlib import Path

import click

from searcher.cli import options, output
from searcher.cli.labels import counted
from searcher.cli.render_json import pretty
from searcher.cli.session import index_path
from searcher.cli.stats import size
from searcher.cli.termination import ended_by_sigterm
from searcher.highlight.display import display_path

HELP = """Copy the index to DEST, as the newest commit has it.

Searches and runs of `searcher index` go on meanwhile. The copy is checked, and
is an index like any other: search it with -i DEST. To restore it, move the
damaged index away and back the copy up to its place.

\b
Examples:
  searcher backup /media/backup/index-2026-02
  mv index index.damaged; searcher backup index -i /media/backup/index-2026-02

Exits 0, 2 when there is something at DEST, 3 when the index can't be used, 70 when DEST can't be
written.
"""


@click.command(name="backup", help=HELP)
@click.argument("dest", metavar="DEST", type=click.Path(path_type=Path))
@options.index_option
@options.format_option("text", "json")
@options.traceback_option
def command(dest: Path, index: str | None, format_: str) -> int:
    """Copy, and print what was copied on stderr, or as JSON on stdout."""
    from searcher import backup

    with ended_by_sigterm():
        made = backup(index_path(index), dest)
    if format_ == "json":
        output.write(pretty(made._asdict(), output.prints_letters()))
    else:
        files = f"{counted(made.files, 'file')}, {size(made.size_bytes)}"
        output.say(f"{display_path(made.path)} holds commit {made.generation}: {files}")
    return 0
