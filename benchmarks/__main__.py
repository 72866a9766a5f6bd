"""`python -m benchmarks`: one command a measurement."""

from __future__ import annotations

from pathlib import Path

import click

from benchmarks import cold


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


if __name__ == "__main__":
    main()
