"""`python -m benchmarks`: one command a measurement."""

from __future__ import annotations

from pathlib import Path

import click

from benchmarks import cold, queries


@click.group()
def main() -> None:
    """Measure searcher beside others; times are only ever shown as ratios."""


@main.command("cold")
@click.option(
    "--corpus",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="Folder of articles, such as Reuters-21578.",
)
@click.option(
    "--work",
    type=click.Path(path_type=Path),
    default=Path("benchmarks/work"),
    show_default=True,
    help="Where the indexes are kept between runs.",
)
@click.option("--runs", default=15, show_default=True, help="Runs of each command.")
def cold_command(corpus: Path, work: Path, runs: int) -> None:
    """Time a fresh process from start to its printed hits."""
    click.echo(cold.table(corpus, work, runs))


@main.command("queries")
@click.option(
    "--index",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="Folder of an index, such as one of Reuters-21578.",
)
@click.option("--pairs", default=8, show_default=True, help="Pairs of words in each band.")
@click.option("--runs", default=7, show_default=True, help="Turns on each pair.")
@click.option("--seed", default=1, show_default=True, help="Of the draw.")
def queries_command(index: Path, pairs: int, runs: int, seed: int) -> None:
    """Time each operator and view beside a plain AND of the same words."""
    click.echo(queries.table(index, pairs, runs, seed))


if __name__ == "__main__":
    main()
