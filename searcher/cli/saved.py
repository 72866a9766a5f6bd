"""`searcher saved`: what was saved, and what it finds now."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from searcher.cli import complete, options, output
from searcher.cli.answer import NARROWEST, text_width
from searcher.cli.labels import counted
from searcher.cli.render_json import pretty
from searcher.cli.session import open_archive
from searcher.cli.wrap import wrap
from searcher.errors import QueryError

if TYPE_CHECKING:
    from searcher.archive import Archive
    from searcher.saved.store import SavedSearch

HELP = """List the saved searches, with what each finds now, or delete some.

\b
Examples:
  searcher saved
  searcher saved --format json | jq -r '.[].name'
  searcher saved --delete ceasefire

Exits 0, 2 when there is none of that name, 3 without an index.
"""

_OPTIONS = ("since", "until", "on", "section", "desk", "kind")


@click.command(name="saved", help=HELP)
@click.option(
    "--delete",
    "doomed",
    multiple=True,
    metavar="NAME",
    shell_complete=complete.saved,
    help="Delete this one, with what it remembers; repeat for several.",
)
@options.index_option
@options.allow_option()
@options.format_option("text", "json")
@options.traceback_option
def command(doomed: tuple[str, ...], index: str | None, format_: str) -> int:
    """Print or delete saved searches."""
    with open_archive(index) as archive:
        if doomed:
            return _delete(archive, doomed)
        rows = [_row(archive, search) for search in archive.saved.list()]
    if format_ == "json":
        output.write(pretty(rows, output.prints_letters()))
    elif rows:
        output.write("".join(f"{line}\n" for line in _lines(rows, text_width())))
    else:
        output.say("no saved searches. Save one with: searcher save NAME QUERY")
    return 0


def _delete(archive: Archive, names: Sequence[str]) -> int:
    for name in dict.fromkeys(names):
        archive.saved.delete(name)
        output.say(f"deleted {name}")
    return 0


def _row(archive: Archive, search: SavedSearch) -> dict[str, Any]:
    """Return a search with the number of its hits, or why it can't be asked."""
    row = search.as_dict()
    try:
        return {**row, "hits": archive.saved.count(search.name), "error": None}
    except QueryError as error:
        return {**row, "hits": None, "error": str(error)}


def _lines(rows: Sequence[dict[str, Any]], columns: int) -> Iterator[str]:
    wide = max(len(row["name"]) for row in rows) + 2
    for row in rows:
        name = row["name"]
        for text in (typed(row), _state(row)):
            for line, _ in wrap(text, (), max(columns - wide, NARROWEST)):
                yield f"{name:<{wide}}{line}"
                name = ""


def typed(row: dict[str, Any]) -> str:
    """Return the query with its filters, as the command line takes them.

    Args:
        row: a search as `SavedSearch.as_dict` gives it.
    """
    parts = [row["query"], *(["--plain"] if row["plain"] else [])]
    for name in _OPTIONS:
        values = row[name] if isinstance(row[name], list) else [row[name]]
        parts += [f"--{name} {shlex.quote(value)}" for value in values if value]
    if row["scope"] != "paragraph":
        parts.append(f"--scope {row['scope']}")
    return " ".join(parts)


def _state(row: dict[str, Any]) -> str:
    hits = row["error"] or counted(row["hits"], "paragraph")
    return f"{hits}; looked at {row['looked']}" if row["looked"] else hits
