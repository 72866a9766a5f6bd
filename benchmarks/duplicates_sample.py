"""Pairs of articles to check by hand, and what the checks say of searcher.duplicates.

    python -m benchmarks.duplicates_sample INDEX                 print the pairs
    python -m benchmarks.duplicates_sample INDEX --checked FILE  print precision and recall

Four samples, drawn with a fixed seed from all pairs of articles that share a
key at all or have the same headline:

    called  pairs that are called near-duplicates
    near    others that resemble each other by 0.4 or more
    short   the same, where one of them has fewer than SHORT_WORDS words
    titled  others that have the same headline

FILE is CSV: sample, the two ids, and `y` or `n`: was this story sent twice?
Each sample stands for all pairs of its kind, so recall is estimated from the
rates in the samples, weighted by how many pairs of each kind there are.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path

import searcher
from searcher.duplicates.keys import SHARED, article_keys
from searcher.duplicates.likeness import SHORT_WORDS, Profile, alike, article_profile, resemblance
from searcher.model import Paragraph

SEED = 21578
SIZES = {"called": 60, "near": 30, "short": 10, "titled": 20}
_NEAR = 0.4
_CROWD = 60
"""Articles that share one key or headline; more are a form, such as `SETS QUARTERLY`."""

Pair = tuple[str, str]


def main() -> None:
    """Print the samples, or what was found of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index")
    parser.add_argument("--checked", type=Path)
    given = parser.parse_args()
    with searcher.open(given.index) as archive:
        articles = _articles(archive.paragraphs())
    kinds = _kinds(articles)
    if given.checked:
        _print_rates(kinds, given.checked)
    else:
        _print_pairs(articles, _samples(kinds))


def _articles(paragraphs: Iterable[Paragraph]) -> dict[str, list[Paragraph]]:
    articles: dict[str, list[Paragraph]] = defaultdict(list)
    for paragraph in paragraphs:
        articles[paragraph.article].append(paragraph)
    return articles


def _kinds(articles: dict[str, list[Paragraph]]) -> dict[str, list[Pair]]:
    """Return all pairs of each kind, in order."""
    keys = {name: set(article_keys(several)) for name, several in articles.items()}
    titles = {name: {several[0].title} - {""} for name, several in articles.items()}
    profiles = {name: article_profile(several) for name, several in articles.items()}
    titled = set(_meeting(titles))
    kinds: dict[str, list[Pair]] = {kind: [] for kind in SIZES}
    for one, other in sorted(set(_meeting(keys)) | titled):
        shared = len(keys[one] & keys[other])
        kind = _kind(profiles[one], profiles[other], shared, (one, other) in titled)
        if kind:
            kinds[kind].append((one, other))
    return kinds


def _kind(one: Profile, other: Profile, shared: int, titled: bool) -> str:
    if shared >= SHARED and alike(one, other):
        return "called"
    if resemblance(one, other) >= _NEAR:
        return "short" if min(one.words, other.words) < SHORT_WORDS else "near"
    return "titled" if titled else ""


def _meeting(names: dict[str, set[str]]) -> Iterator[Pair]:
    """Yield the pairs that share a name which no crowd has."""
    held: dict[str, list[str]] = defaultdict(list)
    for article, several in names.items():
        for name in several:
            held[name].append(article)
    for articles in held.values():
        if len(articles) <= _CROWD:
            yield from combinations(sorted(articles), 2)


def _samples(kinds: dict[str, list[Pair]]) -> dict[str, list[Pair]]:
    chance = random.Random(SEED)  # noqa: S311
    return {
        kind: sorted(chance.sample(pairs, min(SIZES[kind], len(pairs))))
        for kind, pairs in kinds.items()
    }


def _short(article: str) -> str:
    """Return an id without its folder, so that the checks hold wherever the files are."""
    return article.rpartition("/")[2]


def _print_pairs(articles: dict[str, list[Paragraph]], samples: dict[str, list[Pair]]) -> None:
    for kind, pairs in samples.items():
        for pair in pairs:
            print("\n===", ",".join((kind, *map(_short, pair))))
            for name in pair:
                print(f"[{articles[name][0].date}] {' / '.join(p.text for p in articles[name])}")


def _print_rates(kinds: dict[str, list[Pair]], checked: Path) -> None:
    with checked.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wanted = {
        (kind, *map(_short, pair)) for kind, pairs in _samples(kinds).items() for pair in pairs
    }
    unchecked = wanted - {(row["sample"], row["one"], row["other"]) for row in rows}
    if unchecked:
        sys.exit(f"{len(unchecked)} pairs of the samples are not in {checked}")
    copies = {}
    for kind, pairs in kinds.items():
        said = [row["copy"] == "y" for row in rows if row["sample"] == kind]
        copies[kind] = len(pairs) * sum(said) / len(said)
        print(f"{kind:8}{len(pairs):7} pairs, {sum(said)} of {len(said)} are copies")
    print(f"precision {copies['called'] / len(kinds['called']):.2f}")
    print(f"recall    {copies['called'] / sum(copies.values()):.2f}")


if __name__ == "__main__":
    main()
