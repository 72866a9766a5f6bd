"""`searcher suggest`: the archive's own words, for who doesn't know how it spells them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from searcher.cli import failures, labels, options, output
from searcher.cli.session import open_archive
from searcher.results import JSON_VERSION

if TYPE_CHECKING:
    from searcher.views.words import WordCount

HELP = """Print the archive's words that begin with PREFIX, the most frequent first.

With --like it is the words spelt nearly as WORD, the nearest first.  Words are
folded (case and accents are gone) and counted in paragraphs of any kind.

\b
Examples:
  searcher suggest toma
  searcher suggest --like Zelensky
  searcher suggest toma -n 3 --format json | jq -r '.words[].word'

Exits 0 when there is one, 1 when there is none, 3 without an index.
"""


@click.command(name="suggest", help=HELP)
@click.argument("prefix", metavar="[PREFIX]", required=False)
@options.index_option
@options.allow_option()
@click.option("--like", metavar="WORD", help="Print words that are spelt nearly so instead.")
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    metavar="N",
    help="Print so many words at most.",
)
@options.format_option("text", "json")
@options.traceback_option
@click.pass_context
def command(ctx: click.Context, /, prefix: str | None, **given: Any) -> int:
    """Print the words."""
    if bool(prefix) == bool(given["like"]):
        raise click.UsageError("Give either a PREFIX or --like WORD.", ctx)
    with open_archive(given["index"]) as archive:
        if prefix:
            found, itself = archive.suggest(prefix, limit=given["limit"]), None
        else:
            found = archive.near_words(given["like"], limit=given["limit"])
            itself = archive.word_count(given["like"])
    if given["format_"] == "json":
        _print_json(prefix, itself, found)
    else:
        _print_text(found)
        _comment(prefix, itself, found)
    return failures.OK if found else failures.NO_HITS


def _print_json(prefix: str | None, itself: WordCount | None, found: Sequence[WordCount]) -> None:
    from searcher.cli.render_json import pretty

    envelope = {
        "version": JSON_VERSION,
        "prefix": prefix,
        "like": itself.as_dict() if itself else None,
        "words": [one.as_dict() for one in found],
    }
    output.write(pretty(envelope, output.prints_letters()))


def _print_text(found: Sequence[WordCount]) -> None:
    from searcher.cli.wrap import width
    from searcher.highlight.display import display_text

    shown = [display_text(one.word) for one in found]
    wide = max(map(width, shown), default=0)
    for word, one in zip(shown, found, strict=True):
        output.write(f"{word}{' ' * (wide - width(word))}  {one.paragraphs:>8,}\n")


def _comment(prefix: str | None, itself: WordCount | None, found: Sequence[WordCount]) -> None:
    if itself:
        held = (
            labels.counted(itself.paragraphs, "paragraph") if itself.paragraphs else "no paragraph"
        )
        output.say(f"{itself.word} is in {held}" + ("" if found else "; no word is near it"))
    elif not found:
        output.say(f"no word begins with: {prefix}")
