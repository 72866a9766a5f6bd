"""What each operator and view costs, as ratios to a plain AND of the same words.

Words are drawn with a fixed seed, in bands by the paragraphs that hold them;
the second word of a pair comes from a paragraph that holds the first, so that
there is something to find.  In the band `spoken` the first word is of the name
of somebody quoted, the second of what is said.  All classes take turns on each pair, in one run
on one open archive, and stand beside their hits: the sum over the pairs.  A
figure is the median over pairs and turns of (time of the class / time of the
AND in that turn).

A class whose operator or view this searcher doesn't have is left out, and
named below the table.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import searcher
from searcher.analysis import tokenize
from searcher.engines.local import open_engine
from searcher.errors import QuerySyntaxError

BANDS = {"rare": (20, 200), "middling": (200, 2_000), "common": (2_000, 20_000)}
"""Words by how many paragraphs hold them, both ends inside."""

SPEAKERS = 100
"""The most quoted, of whom the band `spoken` is drawn."""

PAGE = 10


@dataclass(frozen=True)
class Pair:
    """Two words that stand in one paragraph, and the id of such a paragraph."""

    first: str
    second: str
    paragraph: str


Ask = Callable[[searcher.Archive, Pair], int]
"""Asks an archive, and returns how many hits there were."""


def _query(form: str, **options: Any) -> Ask:
    def ask(archive: searcher.Archive, pair: Pair) -> int:
        text = form.format(a=pair.first, b=pair.second)
        return archive.search(text, limit=PAGE, **options).total

    return ask


def _quotes(archive: searcher.Archive, pair: Pair) -> int:
    return int(archive.quotes(pair.first, limit=PAGE).total)


def _trend(archive: searcher.Archive, pair: Pair) -> int:
    (series,) = archive.trend(f"{pair.first} {pair.second}", by="month").series
    return int(series.paragraphs)


def _facet(archive: searcher.Archive, pair: Pair) -> int:
    return sum(one.paragraphs for one in archive.facet("month", f"{pair.first} {pair.second}"))


def _kwic(archive: searcher.Archive, pair: Pair) -> int:
    return int(archive.kwic(f"{pair.first} {pair.second}", limit=PAGE).paragraphs)


def _similar(archive: searcher.Archive, pair: Pair) -> int:
    return archive.similar(pair.paragraph, limit=PAGE).total


CLASSES: dict[str, Ask] = {
    "AND": _query("{a} {b}"),
    "NEAR": _query("{a} NEAR/10 {b}"),
    "ADJ": _query("{a} ADJ/10 {b}"),
    "NOT NEAR": _query("{a} NOT NEAR/10 {b}"),
    "exact": _query("exact({a} {b})"),
    "caps": _query("caps({a} {b})"),
    "lead": _query("lead({a} {b})"),
    "atleast": _query("atleast/2({a}) {b}"),
    "length": _query("{a} {b} words>40"),
    "quoted": _query("quoted({a} {b})"),
    "quotation": _query("{a} {b} quoted(*)"),
    "said": _query("said:{a} {b}"),
    "quotes": _quotes,
    "article scope": _query("{a} AND/article {b}"),
    "trend": _trend,
    "facet": _facet,
    "similar": _similar,
    "kwic": _kwic,
}
"""The first is the base."""


def table(index: Path, pairs: int, runs: int, seed: int) -> str:
    """Return a Markdown table of ratios.

    Args:
        index: folder of an index.
        pairs: of words, in each band.
        runs: turns on each pair; the first one more is not counted.
        seed: of the draw.
    """
    with searcher.open(index) as archive:
        dice = random.Random(seed)  # noqa: S311
        drawn = dict(_drawn(archive, index, pairs, dice))
        if spoken := _spoken(archive, pairs, dice):
            drawn["spoken"] = spoken
        classes, missing = _at_hand(archive, next(pair for few in drawn.values() for pair in few))
        columns = [_column(archive, classes, few, runs) for few in drawn.values()]
    lines = [_setting(archive, drawn, runs, seed), "", *_head(drawn)]
    lines += [_row(name, columns) for name in classes]
    lines += [f"\nLeft out, because this searcher doesn't have it: {name}." for name in missing]
    return "\n".join(lines)


def _drawn(
    archive: searcher.Archive, index: Path, pairs: int, dice: random.Random
) -> Iterator[tuple[str, list[Pair]]]:
    engine = open_engine(str(index))
    forms = [form for form in engine.forms() if form.isalpha() and len(form) > 2]
    dice.shuffle(forms)
    for name, (low, high) in BANDS.items():
        fitting = (form for form in forms if low <= engine.df(form) <= high)
        found = (_pair(archive, form, low, high, engine.df, dice) for form in fitting)
        few = [pair for pair, _ in zip(filter(None, found), range(pairs), strict=False)]
        if few:
            yield name, few
    engine.close()


def _pair(
    archive: searcher.Archive,
    first: str,
    low: int,
    high: int,
    df: Callable[[str], int],
    dice: random.Random,
) -> Pair | None:
    """Pair a word with another of its band from one of the paragraphs that hold it."""
    for hit in archive.search(f'"{first}"', limit=PAGE):
        near = sorted({token.text for token in tokenize(hit.text)} - {first})
        fitting = [form for form in near if form.isalpha() and low <= df(form) <= high]
        if fitting:
            return Pair(first, dice.choice(fitting), hit.id)
    return None


def _spoken(archive: searcher.Archive, pairs: int, dice: random.Random) -> list[Pair]:
    """Pair the last word of some speakers' names with a word that they are quoted saying."""
    named = [one.speaker for one in archive.speakers(limit=SPEAKERS).speakers]
    dice.shuffle(named)
    found = (_said(archive, name, dice) for name in named)
    return [pair for pair, _ in zip(filter(None, found), range(pairs), strict=False)]


def _said(archive: searcher.Archive, name: str, dice: random.Random) -> Pair | None:
    last = tokenize(name)[-1].text
    for quote in archive.quotes(name, limit=PAGE).quotes:
        words = sorted(
            {t.text for t in tokenize(quote.quote) if t.text.isalpha() and len(t.text) > 2}
        )
        if words and last.isalpha():
            return Pair(last, dice.choice(words), quote.id)
    return None


def _at_hand(archive: searcher.Archive, pair: Pair) -> tuple[dict[str, Ask], list[str]]:
    classes, missing = {}, []
    for name, ask in CLASSES.items():
        try:
            ask(archive, pair)
            classes[name] = ask
        except (AttributeError, QuerySyntaxError) as lacking:
            missing.append(f"{name} ({lacking})")
    return classes, missing


Column = dict[str, tuple[float, int]]
"""Class to its ratio and its hits."""


def _column(
    archive: searcher.Archive, classes: dict[str, Ask], pairs: Sequence[Pair], runs: int
) -> Column:
    ratios: dict[str, list[float]] = {name: [] for name in classes}
    hits = dict.fromkeys(classes, 0)
    for pair in pairs:
        for name, ask in classes.items():
            hits[name] += ask(archive, pair)
        for _ in range(runs):
            turn = {name: _seconds(ask, archive, pair) for name, ask in classes.items()}
            for name, took in turn.items():
                ratios[name].append(took / turn["AND"])
    return {name: (median(ratios[name]), hits[name]) for name in classes}


def _seconds(ask: Ask, archive: searcher.Archive, pair: Pair) -> float:
    started = time.perf_counter()
    ask(archive, pair)
    return time.perf_counter() - started


def _setting(archive: searcher.Archive, drawn: dict[str, list[Pair]], runs: int, seed: int) -> str:
    bands = ", ".join(f"{n} {BANDS[n][0]:,} to {BANDS[n][1]:,}" for n in drawn if n in BANDS)
    pairs = ", ".join(str(len(few)) for few in drawn.values())
    return (
        f"× the time of `a b` (a page of {PAGE}), median of {runs} turns on {pairs} pairs of words "
        f"drawn with seed {seed}, by the paragraphs that hold each word: {bands}. "
        f"searcher {searcher.__version__}."
    )


def _head(drawn: dict[str, list[Pair]]) -> list[str]:
    names = " | ".join(f"× {name} | hits" for name in drawn)
    return [f"| class | {names} |", "|" + " --- |" * (1 + 2 * len(drawn))]


def _row(name: str, columns: Sequence[Column]) -> str:
    cells = " | ".join(f"{column[name][0]:.2f} | {column[name][1]:,}" for column in columns)
    return f"| {name} | {cells} |"
