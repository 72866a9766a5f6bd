"""Options of `searcher query` that can't be had together, and what to use instead.

An option that the output would silently leave out is a usage error: results
that lack what was asked for look like results.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

_NEIGHBOURS = frozenset({"before", "after"})
_WITHOUT_FACETS = frozenset({"csv", "jsonl"})
_WITHOUT_FIELDS = frozenset({"md", "html"})


def check(ctx: click.Context, given: dict[str, Any], several: bool) -> None:
    """Raise a usage error when one of the options would go unheeded.

    Args:
        ctx: of the command.
        given: the options as click parsed them.
        several: whether more than one query is answered.
    """
    for problem in _problems(given, several):
        raise click.UsageError(problem, ctx)


def _problems(given: dict[str, Any], several: bool) -> Iterator[str]:
    if len(_outputs(given)) > 1:
        yield f"{' and '.join(_outputs(given))} exclude each other: give just one of them."
    format_ = given["format_"]
    if given["facets"] and _drops_facets(format_, several):
        yield f"--format {format_} has no place for --facet: use --format json, text, md or html."
    if given["context"] and format_ == "csv" and _NEIGHBOURS.isdisjoint(given["fields"]):
        yield (
            "--format csv has no place for -C: use --format json, "
            "or name the keys before and after in --fields."
        )
    if given["fields"] and format_ in _WITHOUT_FIELDS:
        instead = "use --format text, json, jsonl or csv"
        yield f"--format {format_} has no place for --fields: {instead}."


def _outputs(given: dict[str, Any]) -> list[str]:
    """Return the options given that say what to print; -0 is a manner of -l."""
    paths = "-0" if given["paths0"] else "-l"
    asked = {
        "-c": given["count"],
        paths: given["paths"] or given["paths0"],
        "-q": given["nothing"],
    }
    return [name for name, wanted in asked.items() if wanted]


def _drops_facets(format_: str, several: bool) -> bool:
    # For several queries jsonl has an envelope a line, and the facets in it.
    return format_ in _WITHOUT_FACETS and not (several and format_ == "jsonl")
