"""`searcher show`: an article, or a paragraph in its context."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from searcher.cli import complete, options, output, pager
from searcher.cli.answer import text_width
from searcher.cli.rendering import Style
from searcher.cli.session import open_archive

if TYPE_CHECKING:
    from searcher.archive import Archive
    from searcher.cli.render_article import Marks
    from searcher.results import StoredArticle

CONTEXT = 2

HELP = """Print the article ID, or the paragraph ID in its context.

An ID is what `searcher query` prints below a hit, or an unambiguous end of it.

\b
Examples:
  searcher show seeds/000.txt
  searcher show 000.txt#p7 --query '"political will"' -C 1

Exits 0 when it is there, 1 when it isn't, 2 on a query it can't read, 3 without an index.
"""


@click.command(name="show", help=HELP)
@click.argument("id_", metavar="ID", shell_complete=complete.ids)
@options.index_option
@options.allow_option()
@click.option("--query", metavar="QUERY", help="Mark what this query finds in it.")
@options.plain_option
@click.option(
    "-C",
    "--context",
    type=click.IntRange(min=0),
    metavar="N",
    help=f"Print N neighbours on either side of a paragraph.  [default: {CONTEXT}]",
)
@options.format_option("text", "json", "md", "html")
@options.color_option
@options.pager_option
@options.traceback_option
def command(
    id_: str,
    index: str | None,
    query: str | None,
    plain: bool,
    context: int | None,
    format_: str,
    color: str,
    no_pager: bool,
) -> int:
    """Print the article or the paragraph."""
    from searcher.cli import render_article

    with open_archive(index) as archive:
        article = archive.get(id_)
        marks = _marks(archive, article, query, plain) if query else {}
    part = render_article.part(article, CONTEXT if context is None else context)
    style = Style(
        colour=output.wants_colour(color),
        width=text_width(),
        letters=output.prints_letters(),
        dashes=output.prints_dashes(),
    )
    pager.write(render_article.PRINTERS[format_](part, marks, style), not no_pager)
    return 0


def _marks(archive: Archive, article: StoredArticle, query: str, plain: bool) -> Marks:
    found = ((p.id, archive.spans(query, p, plain=plain)) for p in article.paragraphs)
    return {id_: spans for id_, spans in found if spans}
