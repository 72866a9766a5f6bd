"""`searcher stats`: what the index holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from searcher.cli import options, output
from searcher.cli.render_json import pretty
from searcher.cli.session import open_archive
from searcher.cli.software import software
from searcher.highlight.display import display_path

HELP = """Say what the index holds: articles, paragraphs, dates, size.

\b
Examples:
  searcher stats
  searcher stats -i ~/archive/index --format json | jq .paragraphs

Exits 0, or 3 without an index.
"""


@click.command(name="stats", help=HELP)
@options.index_option
@options.allow_option()
@options.format_option("text", "json")
@options.traceback_option
def command(index: str | None, format_: str) -> int:
    """Print the figures."""
    with open_archive(index) as archive:
        figures = archive.stats().as_dict()
    if format_ == "json":
        output.write(pretty(figures, output.prints_letters()))
    else:
        # The core is named with the rest of what runs.
        figures.pop("core")
        shown = {**figures, "software": f"searcher {software()}"}
        output.write("".join(f"{line}\n" for line in _lines(shown)))
    return 0


def _lines(figures: dict[str, Any]) -> Iterator[str]:
    for name, value in figures.items():
        if isinstance(value, dict):
            yield from (f"  {_label(key):<16}{_shown(key, part)}" for key, part in value.items())
        else:
            yield f"{_label(name):<18}{_shown(name, value)}"


def _label(name: str) -> str:
    return display_path(name.removesuffix("_bytes").replace("_", " "))


def _shown(name: str, value: Any) -> str:
    if name.endswith("_bytes"):
        return size(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, list | tuple):
        return ", ".join(display_path(str(part)) for part in value) or "-"
    return "-" if value in {None, ""} else display_path(str(value))


def size(count: float) -> str:
    """Return a number of bytes as one reads it: `512 bytes`, `1.4 MB`."""
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"
