"""`searcher fields`: what a query can name, with an example of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from searcher.cli import options, output
from searcher.cli.answer import text_width
from searcher.cli.render_json import pretty
from searcher.cli.session import open_archive
from searcher.cli.wrap import cut
from searcher.highlight.display import display_text

if TYPE_CHECKING:
    from searcher.archive import FieldInfo

HELP = """List the fields that a query can name, with what each holds in this index.

\b
Examples:
  searcher fields
  searcher fields --format json | jq -r '.[].name'

Exits 0, or 3 without an index.
"""


@click.command(name="fields", help=HELP)
@options.index_option
@options.allow_option()
@options.format_option("text", "json")
@options.traceback_option
def command(index: str | None, format_: str) -> int:
    """Print the fields."""
    with open_archive(index) as archive:
        fields = archive.fields()
    if format_ == "json":
        rows = [field.as_dict() for field in fields]
        output.write(pretty(rows, output.prints_letters()))
    else:
        output.write("".join(f"{line}\n" for line in _lines(fields, text_width())))
    return 0


def _lines(fields: Sequence[FieldInfo], columns: int) -> Iterator[str]:
    wide = max(len(field.name) for field in fields) + 2
    for field in fields:
        yield cut(f"{field.name:<{wide}}{field.holds}", columns)
        yield cut(f"{'':<{wide}}{field.example}", columns)
        if field.values:
            yield cut(f"{'':<{wide}}{display_text(_values(field))}", columns)


def _values(field: FieldInfo) -> str:
    return ", ".join(map(str, field.values or ()))
