"""`python -m benchmarks`: one command a measurement."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from itertools import islice
from pathlib import Path

import click

from benchmarks import cold, queries
from benchmarks.passages import Corpus
from benchmarks.peers import HOMES
from benchmarks.peers.base import BOTH, FIELDS

_SOME = click.IntRange(min=1)


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


@main.command("peers")
@click.option(
    "--corpus",
    "source",
    type=click.Tuple([click.Choice(["reuters", "generated"]), str]),
    required=True,
    metavar="reuters DIR | generated N",
    help="A folder of Reuters-21578, or so many made-up paragraphs.",
)
@click.option("--engines", default=",".join(HOMES), help="Parted by commas; by default all.")
@click.option("--classes", default="", help="Parted by commas; by default all.")
@click.option(
    "--queries", "count", type=_SOME, default=100, show_default=True, help="In each class."
)
@click.option("--repeat", type=_SOME, default=5, show_default=True, help="Rounds.")
@click.option("--fields", type=click.Choice(FIELDS), default=BOTH, show_default=True)
@click.option("--seed", default=1, show_default=True, help="Of the draw and the generator.")
@click.option("--cold", "cold_runs", default=10, show_default=True, help="Cold starts; 0 for none.")
@click.option("--rebuild", is_flag=True, help="Build indexes again that are there.")
@click.option(
    "--work",
    type=click.Path(path_type=Path),
    default=Path("benchmarks/work"),
    show_default=True,
    help="Where corpora and indexes are kept between runs.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Also write FILE.md and FILE.json.")
def peers_command(
    source: tuple[str, str],
    engines: str,
    classes: str,
    count: int,
    repeat: int,
    fields: str,
    seed: int,
    cold_runs: int,
    rebuild: bool,
    work: Path,
    out: Path | None,
) -> None:
    """Compare engines on one corpus, query by query in one run."""
    from benchmarks.draw import ALL_CLASSES, TooSmall, kept_specs
    from benchmarks.engines import Failed
    from benchmarks.first_hits import first_hits
    from benchmarks.race import race
    from benchmarks.report import markdown

    named = _chosen("--engines", engines, HOMES)
    kinds = _chosen("--classes", classes or ",".join(ALL_CLASSES), ALL_CLASSES)
    read = _corpus(source, work, seed)
    try:
        specs = kept_specs(read, kinds, count, seed)
        run = race(read, named, specs, rounds=repeat, fields=fields, rebuild=rebuild, tell=_tell)
        if cold_runs:
            _tell("cold starts")
            rare = kept_specs(read, ["rare term"], count, seed)["rare term"][0]
            run.cold = first_hits(read, list(run.built), rare, fields, cold_runs)
    except (Failed, TooSmall) as error:
        raise click.ClickException(str(error)) from error
    click.echo(markdown(run))
    if out:
        out.with_name(f"{out.name}.md").write_text(markdown(run), encoding="utf-8")
        out.with_name(f"{out.name}.json").write_text(run.as_json(), encoding="utf-8")


@main.command("charts")
@click.argument(
    "runs", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The SVG to write.")
@click.option("--base", default="tantivy", show_default=True, help="Whose smallest figure is 1.")
def charts_command(runs: tuple[Path, ...], out: Path, base: str) -> None:
    """Draw one run's engines side by side, or how latency grows over several RUNS.json."""
    from benchmarks.charts import beside, growth, read_run

    read = [read_run(path) for path in runs]
    try:
        drawn = beside(read[0]) if len(read) == 1 else growth(read, base)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    out.write_bytes(drawn)


@main.command("measure")
@click.option(
    "--corpus",
    "source",
    type=click.Tuple([click.Choice(["reuters", "generated"]), str]),
    required=True,
    metavar="reuters DIR | generated N",
)
@click.option("--first", type=int, help="Look at so many paragraphs only.")
@click.option("--seed", default=1, show_default=True)
@click.option("--work", type=click.Path(path_type=Path), default=Path("benchmarks/work"))
def measure_command(source: tuple[str, str], first: int | None, seed: int, work: Path) -> None:
    """Print the statistics of a corpus that the generator imitates."""
    from benchmarks.measure import measure

    found = measure(islice(_corpus(source, work, seed).passages(), first))
    click.echo("\n".join(f"{name:11} {value}" for name, value in asdict(found).items()))


def _corpus(source: tuple[str, str], work: Path, seed: int) -> Corpus:
    from benchmarks.corpus import generated, reuters

    kind, what = source
    if kind == "reuters":
        if not Path(what).is_dir():
            raise click.BadParameter(f"there is no folder {what}", param_hint="--corpus")
        return reuters(Path(what), work)
    if not what.replace("_", "").isdecimal() or not int(what):
        raise click.BadParameter(f"{what!r} is no number of paragraphs", param_hint="--corpus")
    return generated(int(what), work, seed)


def _chosen(option: str, given: str, known: Collection[str]) -> list[str]:
    named = [name.strip() for name in given.split(",")]
    for name in named:
        if name not in known:
            raise click.BadParameter(
                f"there is no {name!r}. Known: {'; '.join(known)}", param_hint=option
            )
    return named


def _tell(what: str) -> None:
    click.echo(what, err=True)


if __name__ == "__main__":
    main()
