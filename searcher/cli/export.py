"""`searcher export`: all hits of a query into a file, or a folder with a file an article."""

from __future__ import annotations

from typing import Any

import click

from searcher.cli import answer, complete, failures, labels, options, output, words
from searcher.cli.query import QueryCommand
from searcher.cli.session import open_archive
from searcher.highlight.display import display_path

HELP = """Write all paragraphs that match QUERY to a file or a folder.

jsonl and csv hold a hit a line, md quotations with their citations, csl an
item of CSL-JSON for each article, as Zotero and Pandoc read it.  A folder (one
that is there, or a name that ends in /) gets one Markdown file an article.
What is there already is left alone, unless --force says otherwise.  With -
it goes to standard output, and needs a --format.

\b
Examples:
  searcher export tomahawk --to tomahawk.csv --bom
  searcher export '"political will"' --since 2026 --to notes/
  searcher export oil --desk cocoa --to sources.json --format csl
  searcher export oil --to - --format jsonl | gzip > oil.jsonl.gz

Exits 0 on a hit, 1 on none (an empty file is written), 2 on a query it can't
read or a file it may not write over, 3 without an index.
"""


@click.command(cls=QueryCommand, name="export", help=HELP)
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
@click.option("--to", metavar="FILE|FOLDER|-", required=True, help="Where to.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["jsonl", "csv", "md", "csl"]),
    help="What to write.  [default: what FILE ends in; .json is csl]",
)
@click.option("--force", is_flag=True, help="Replace what is there.")
@click.option("--bom", is_flag=True, help="Begin with a byte order mark, for Excel.")
@click.option(
    "--sort",
    type=click.Choice(["score", "newest", "oldest"]),
    default="score",
    show_default=True,
    help="What comes first.",
)
@options.recency_option
@options.filter_options
@options.scope_option
@options.plain_option
@options.synonym_options
@options.traceback_option
def command(arguments: tuple[str, ...], **given: Any) -> int:
    """Write the export."""
    with open_archive(given["index"], given["synonyms"], given["no_synonyms"]) as archive:
        typed = words.without_marks(arguments)
        query = answer.query_of(archive, typed, plain=given["plain"])
        chosen = {name: given[name] for name in ("force", "bom", "sort", "recency", "plain")}
        narrowed = options.filters_of(given)
        to = output.stream() if given["to"] == "-" else given["to"]
        done = archive.export(query, to, format=given["format_"] or "", **chosen, **narrowed)
    output.flush()
    answer.say_undated(done.undated)
    paragraphs = labels.counted(done.paragraphs, "paragraph")
    files = f", {labels.counted(done.files, 'file')}" if done.files != 1 else ""
    where = "" if given["to"] == "-" else f"{display_path(done.path)}: "
    output.say(
        f"{where}{paragraphs} of {labels.counted(done.articles, 'article')} as {done.format}{files}"
    )
    return failures.OK if done.paragraphs else failures.NO_HITS
