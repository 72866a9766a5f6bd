"""`searcher facet`: the values of a field, with how many hits have each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from searcher.cli import answer, complete, failures, labels, options, output, pager, words
from searcher.cli.query import QueryCommand
from searcher.cli.session import open_archive
from searcher.results import JSON_VERSION

if TYPE_CHECKING:
    from searcher.results import Facet, Page

HELP = """Count the paragraphs that match QUERY by FIELD, and the articles that hold them.

FIELD is one of: section desk year month article kind city author source
language.  Without a QUERY everything is counted.

\b
Examples:
  searcher facet desk
  searcher facet section tomahawk --sort value
  searcher facet month '"political will"' --since 2025 --format csv

Exits 0 on a hit, 1 on none, 2 on a query it can't read, 3 without an index.
"""


@click.command(cls=QueryCommand, name="facet", help=HELP)
@click.argument("field", metavar="FIELD")
@click.argument(
    "arguments",
    metavar="[QUERY...]",
    nargs=-1,
    type=click.UNPROCESSED,
    shell_complete=complete.words,
)
@options.index_option
@options.allow_option()
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(min=0),
    metavar="N",
    help="Print so many values at most.  [default: all]",
)
@click.option(
    "--sort",
    type=click.Choice(["count", "value"]),
    help="What comes first.  [default: count; value for year and month]",
)
@options.filter_options
@options.scope_option
@options.plain_option
@options.synonym_options
@options.format_option("text", "csv", "json")
@options.pager_option
@options.traceback_option
def command(field: str, arguments: tuple[str, ...], **given: Any) -> int:
    """Print the facet."""
    with open_archive(given["index"], given["synonyms"], given["no_synonyms"]) as archive:
        typed = words.without_marks(arguments) or ["*"]
        query = answer.query_of(archive, typed, plain=given["plain"] and bool(arguments))
        narrowed = options.filters_of(given)
        plain = given["plain"] and bool(arguments)
        page = archive.search(query, limit=0, facets=(field,), plain=plain, **narrowed)
    facets = _sorted(page.facets[field], given["sort"])
    shown = facets[: given["limit"]]
    pager.write(_rendered(page, field, shown, given["format_"]), not given["no_pager"])
    answer.say_undated(page.undated)
    if not page.total:
        output.say(f"no hits for: {page.query}")
    elif given["format_"] != "json":
        output.say(_summary(page, len(shown), len(facets)))
    return failures.OK if page.total else failures.NO_HITS


def _sorted(facets: Sequence[Facet], sort: str | None) -> Sequence[Facet]:
    if sort == "count":
        return sorted(facets, key=lambda facet: (-facet.paragraphs, facet.value))
    return sorted(facets, key=lambda facet: facet.value) if sort == "value" else facets


def _rendered(page: Page, field: str, shown: Sequence[Facet], format_: str) -> str:
    if format_ == "json":
        from searcher.cli.render_json import pretty

        return pretty(_envelope(page, field, shown), output.prints_letters())
    if format_ == "csv":
        from searcher.highlight.cells import record

        rows = [(facet.value, facet.paragraphs, facet.articles) for facet in shown]
        return "".join(map(record, [("value", "paragraphs", "articles"), *rows]))
    from searcher.cli.render_text import facet_table

    table = facet_table(field, shown, answer.text_width()) if shown else []
    return "".join(f"{line}\n" for line in table)


def _envelope(page: Page, field: str, shown: Sequence[Facet]) -> dict[str, Any]:
    return {
        "version": JSON_VERSION,
        "field": field,
        "query": page.query,
        "parsed": page.parsed,
        "total": page.total,
        "articles": page.articles,
        "undated": page.undated,
        "facets": [facet.as_dict() for facet in shown],
    }


def _summary(page: Page, shown: int, values: int) -> str:
    paragraphs = labels.counted(page.total, "paragraph")
    articles = labels.counted(page.articles, "article")
    return f"{shown:,} of {labels.counted(values, 'value')}, {paragraphs} in {articles}"
