"""Made-up news with the statistics of Reuters-21578, in any amount and in bounded memory.

No model of the whole corpus is kept.  A token is a draw of a *rank* from a
fixed, endless Zipf curve, and a word is a function of its rank, so the
vocabulary grows by Heaps' law by itself and nothing has to be remembered:

    ranks below HEAD     probabilities read off Reuters at CURVE, straight between on log axes
    ranks from HEAD      a Pareto tail, p(r) ~ r^-(1 + TAIL), which grows V as n^(1 / (1 + TAIL))

Words of an article repeat in it (BURST), now and then with the next word too
(CONTINUED), and a word has favourite successors (FOLLOWED), so that phrases
occur more than once.  Lengths, paragraphs an
article and desks are drawn from Reuters' own quantiles.  Dates run from 1987 to
2026 in the order of the files, a few days apart within one.

The same seed and the same number give the same bytes, whatever the machine.
`python -m benchmarks measure` prints these statistics of any corpus.
"""

from __future__ import annotations

import json
import math
import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

ARTICLES_A_FILE = 5_000

CURVE = (
    (1, 0.05202), (2, 0.026541), (3, 0.026356), (5, 0.019672), (10, 0.008091), (20, 0.005347),
    (50, 0.002147), (100, 0.001043), (200, 0.000615), (500, 0.000285), (1_000, 0.000128),
    (2_000, 0.000054), (5_000, 0.000015), (10_000, 0.000005),
)  # fmt: skip
"""(rank, share of all tokens) in Reuters-21578, exact forms."""

HEAD = 10_000
TAIL = 0.735
BURST = 0.11
CONTINUED = 0.68
FOLLOWED = 0.3
BURSTING_FROM = 60
"""Ranks below are function words, which no article favours."""

LENGTHS = (1, 4, 6, 8, 10, 14, 17, 19, 22, 24, 25, 27, 28, 30, 31, 33, 35, 37, 41, 46, 80)
PARAGRAPHS = (1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 5, 6, 6, 7, 9, 10, 14, 28)
"""Twentieths of words a paragraph, and of paragraphs an article, headlines left out."""

DESKS = (0.47, 0.91, 0.97, 1.0)
"""Share of articles with at most 0, 1, 2, 3 desks."""

FIRST_DAY, LAST_DAY = date(1987, 1, 1), date(2026, 12, 31)

_COMMON = """
the of to in and said a for mln it dlrs on pct is that from by its vs will be at with year was
billion he has as an cts would company not inc net bank which new but are this corp have were up
last one market stock had loss or shares also two about they share trade co may been oil sales
april debt first more after march government exchange over than prices other profit three per
group price banks no rate international their interest foreign ltd some told agreement if
"""
COMMON = tuple(_COMMON.split())

_SYLLABLES = [c + v for c in "bcdfghjklmnprstvwxyz" for v in "aeiou"]
_SUFFIXES = ("s", "ed", "ing")
_DESK_NAMES = (
    "earn",
    "acq",
    "money",
    "grain",
    "crude",
    "trade",
    "interest",
    "ship",
    "wheat",
    "corn",
)


def write_articles(folder: Path, paragraphs: int, seed: int) -> list[Path]:
    """Write JSON Lines that `searcher index` reads; returns the files, in order.

    Args:
        folder: existing, for the files `part-00001.jsonl`…
        paragraphs: at least so many, headlines included.
        seed: of all draws.
    """
    files: list[Path] = []
    stream = articles(paragraphs, seed)
    while several := list(islice(stream, ARTICLES_A_FILE)):
        files.append(folder / f"part-{len(files) + 1:05}.jsonl")
        with files[-1].open("w", encoding="utf-8") as out:
            out.writelines(json.dumps(one) + "\n" for one in several)
    return files


def articles(paragraphs: int, seed: int) -> Iterator[dict[str, Any]]:
    """Yield articles until they have that many paragraphs."""
    dice = random.Random(f"{seed}")  # noqa: S311
    written, number = 0, 0
    while written < paragraphs:
        number += 1
        day = FIRST_DAY + timedelta((LAST_DAY - FIRST_DAY).days * written // paragraphs)
        article = _article(dice, number, day)
        written += 2 + article["text"].count("\n\n")
        yield article


def _article(dice: random.Random, number: int, day: date) -> dict[str, Any]:
    blocks = _quantile(dice, PARAGRAPHS)
    lengths = [max(3, _quantile(dice, LENGTHS)) for _ in range(blocks)]
    words = _words(dice, 7 + sum(lengths))
    title = " ".join(next(words) for _ in range(7))
    texts = []
    for at, length in enumerate(lengths):
        if at and at % 6 == 0:
            texts.append(" ".join(dice.choice(_HEADINGS).split()))
        text = _sentence([next(words) for _ in range(length)])
        texts.append(f"- {text}" if dice.random() < 0.02 else text)
    jittered = min(LAST_DAY, max(FIRST_DAY, day + timedelta(dice.randrange(-3, 4))))
    return {
        "id": str(number),
        "title": title.capitalize(),
        "date": jittered.isoformat(),
        "desk": _desks(dice),
        "text": "\n\n".join(texts),
    }


def _desks(dice: random.Random) -> list[str]:
    count = bisect(DESKS, dice.random())
    names = (min(int(dice.paretovariate(0.9)) - 1, 119) for _ in range(count))
    return sorted({_DESK_NAMES[at] if at < 10 else f"desk-{word(at + 500)}" for at in names})


def _quantile(dice: random.Random, twentieths: Sequence[int]) -> int:
    at = dice.random() * 20
    low, high = twentieths[int(at)], twentieths[int(at) + 1]
    return int(low + (high - low) * (at % 1) + 0.5)


def _sentence(words: list[str]) -> str:
    # "By Xy Zu." would be read as a byline, which is a caption.
    words[0] = "the" if words[0] == "by" else words[0]
    for at in range(9, len(words) - 1, 11):
        words[at] += ","
    return " ".join(words).capitalize() + "."


def _words(dice: random.Random, count: int) -> Iterator[str]:
    """Yield the words of one article."""
    spoken: list[int] = []
    favoured: list[int] = []
    copied = 0
    for drawn in dice.choices(range(HEAD), cum_weights=_HEAD_SUMS, k=count):
        chance = dice.random()
        if copied and chance < CONTINUED:
            rank, copied = spoken[copied], copied + 1
        elif chance < BURST and favoured:
            at = favoured[int(chance / BURST * len(favoured))]
            rank, copied = spoken[at], at + 1
        else:
            copied = 0
            # A favourite successor is a draw whose chance is the word before.
            follows = chance > 1 - FOLLOWED and spoken
            rank = _successor(spoken[-1], int(chance * 1_000) % 3) if follows else drawn
            rank = rank or _tail(dice.random())
        if rank >= BURSTING_FROM:
            favoured.append(len(spoken))
        spoken.append(rank)
        yield word(rank)


def _tail(chance: float) -> int:
    return int(HEAD * (1 - chance) ** (-1 / TAIL))


@lru_cache(maxsize=1 << 17)
def _successor(rank: int, which: int) -> int:
    """Return a rank below HEAD; 0 for one of the tail."""
    # A multiplicative hash: Python's own differs between versions.
    mixed = ((rank * 4 + which + 1) * 0x9E3779B97F4A7C15) & (2**64 - 1)
    mixed = ((mixed ^ (mixed >> 29)) * 0xBF58476D1CE4E5B9) & (2**64 - 1)
    chance = (mixed >> 11) / 2**53
    return bisect(_HEAD_SUMS, chance * _HEAD_SUMS[-1])


@lru_cache(maxsize=1 << 17)
def word(rank: int) -> str:
    """Return the word of a rank, from 1; two in five are other forms of the word before them.

    >>> [word(rank) for rank in (1, 2, 202, 203, 204, 123456)]
    ['the', 'of', 'juli', 'julied', 'juliing', '48064']
    """
    if rank <= len(COMMON):
        return COMMON[rank - 1]
    if rank % 16 == 7 if rank < HEAD else rank % 5 < 2:
        return str(rank * 7919 % 100_000) if rank < 1_000_000 else str(rank)
    if rank % 5 > 2:
        return _base(rank - rank % 5 + 2) + _SUFFIXES[(rank // 5 + rank % 5) % 3]
    return _base(rank)


def _base(rank: int) -> str:
    """Spell a rank in syllables, neighbours far apart."""
    size = 2 if rank < 10_000 else 3 if rank < 1_000_000 else 5
    left = rank * 6_700_417 % 100**size
    spelt = ""
    for _ in range(size):
        left, at = divmod(left, 100)
        spelt += _SYLLABLES[at]
    return spelt + "n" if spelt in COMMON else spelt


def _head_weights() -> list[float]:
    """Return the probability of each rank below HEAD; at 0, that of the tail."""
    weights = [HEAD * CURVE[-1][1] / TAIL]
    for rank in range(1, HEAD):
        at = bisect(CURVE, (rank, 1.0)) - 1
        (low, p_low), (high, p_high) = CURVE[at], CURVE[at + 1]
        share = math.log(rank / low) / math.log(high / low)
        weights.append(p_low * (p_high / p_low) ** share)
    return weights


_HEAD_SUMS = list(accumulate(_head_weights()))
_HEADINGS = ("Market Reaction", "Outlook", "Earlier Talks", "Government Response", "Background")
