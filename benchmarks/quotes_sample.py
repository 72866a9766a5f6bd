"""A sample of quotations to be checked by hand: is the speaker right, is one missed?

    python -m benchmarks.quotes_sample --reuters FOLDER --of attributed
    python -m benchmarks.quotes_sample --reuters FOLDER --of any

Prints each with its paragraph around it, the quotation between ⟦ and ⟧ and the
speaker in front.  The same files and seed give the same sample; docs/quotes.md
has the figures.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import click

from searcher.model import Paragraph, Quote
from searcher.readers import Skip, load, read

SEED_DOCUMENT = Path(__file__).parents[1] / "seeds" / "000_0be0ed610cf6a59c.txt"
SIZE = 100
BEFORE, AFTER = 400, 250

Found = tuple[Paragraph, Quote]


def quotations(path: Path) -> Iterator[Found]:
    """Yield every quotation of a file with its paragraph."""
    for article in read(load(path, path.name)):
        if not isinstance(article, Skip):
            for paragraph in article.paragraphs():
                yield from ((paragraph, quote) for quote in paragraph.quotes)


def sample(reuters: Path, of: str, seed: int) -> list[Found]:
    """Return SIZE quotations.

    Args:
        reuters: folder of Reuters-21578.
        of: `attributed`: those with a speaker, all of the seed document's
            among them; `any`: drawn from Reuters, with a speaker or without.
        seed: of the draw.
    """
    drawn = [one for path in sorted(reuters.glob("*.sgm")) for one in quotations(path)]
    own: list[Found] = []
    if of == "attributed":
        drawn = [one for one in drawn if one[1].speaker]
        own = [one for one in quotations(SEED_DOCUMENT) if one[1].speaker]
    return own + random.Random(seed).sample(drawn, SIZE - len(own))  # noqa: S311 (no secret)


def shown(number: int, paragraph: Paragraph, quote: Quote) -> str:
    """Return one quotation in its context."""
    text, (start, end, speaker) = paragraph.text, quote
    before = text[max(0, start - BEFORE) : start]
    said = (
        text[start:end] if end - start <= 300 else f"{text[start:][:140]} … {text[end - 140 : end]}"
    )
    behind = text[end : end + AFTER]
    return f"{number}. [{speaker}] {paragraph.id}\n   {before}⟦{said}⟧{behind}\n"


@click.command()
@click.option("--reuters", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--of", type=click.Choice(["attributed", "any"]), required=True)
@click.option("--seed", default=1988, show_default=True)
def main(reuters: Path, of: str, seed: int) -> None:
    """Print the sample."""
    for number, (paragraph, quote) in enumerate(sample(reuters, of, seed), start=1):
        click.echo(shown(number, paragraph, quote))


if __name__ == "__main__":
    main()
