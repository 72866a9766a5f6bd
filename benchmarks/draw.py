"""Queries that no engine's syntax is part of, drawn from a corpus by class with a fixed seed.

Only words of ASCII letters, three or more, are drawn: there all tokenizers
agree what a word is.  A band of document frequency is a share of the
paragraphs, so that a class means the same at any size.

The newsroom's classes, which only searcher has, ask for a pair of words
through benchmarks/queries.py.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from pathlib import Path

from benchmarks.passages import Corpus, Passage
from benchmarks.queries import CLASSES as ASKED
from benchmarks.spec import NEWSROOM, Spec, spec_of
from searcher.analysis import tokenize

RARE = (1 / 20_000, 1 / 2_000)
MIDDLING = (1 / 2_000, 1 / 50)
FREQUENT = (1 / 50, 1.0)
"""Bands of document frequency, as shares of all paragraphs; both ends inside."""

SAMPLE = 3_000
"""Paragraphs kept to draw from."""


_TRIES = 10_000


class TooSmall(Exception):
    """The corpus has nothing to draw a class from."""


class Draw:
    """What specs are drawn from: document frequencies, and a sample of paragraphs."""

    def __init__(self, df: Counter[str], sample: Sequence[Passage], paragraphs: int, seed: int):
        self.df, self.sample, self.paragraphs = df, sample, paragraphs
        self.seed = seed
        self.dice = random.Random(f"{seed}")  # noqa: S311
        self._bands = {band: self._in_band(band) for band in (RARE, MIDDLING, FREQUENT)}

    def _in_band(self, band: tuple[float, float]) -> list[str]:
        # In a small corpus the rare words are those of one paragraph.
        low, high = (max(1.0, share * self.paragraphs) for share in band)
        return sorted(w for w, count in self.df.items() if low <= count <= high and _is_word(w))

    def word(self, band: tuple[float, float], least: int = 3) -> str:
        """Return a word of a band, with that many letters or more."""
        words = [word for word in self._bands[band] if len(word) >= least]
        if not words:
            raise TooSmall(f"no word is in {band[0]:.3%} to {band[1]:.3%} of the paragraphs")
        return self.dice.choice(words)

    def together(self, count: int) -> tuple[Passage, tuple[str, ...]]:
        """Return words that are not rare from one paragraph, and it."""
        least = RARE[1] * self.paragraphs
        for _ in range(_TRIES):
            passage = self.dice.choice(self.sample)
            words = sorted({w for w in _forms(passage) if _is_word(w) and self.df[w] >= least})
            if len(words) >= count:
                return passage, tuple(self.dice.sample(words, count))
        raise TooSmall(f"no paragraph has {count} words that are not rare")

    def phrase(self, count: int) -> tuple[str, ...]:
        """Return words that stand side by side in a paragraph."""
        for _ in range(_TRIES):
            forms = _forms(self.dice.choice(self.sample))
            at = self.dice.randrange(max(1, len(forms) - count + 1))
            words = tuple(forms[at : at + count])
            if len(words) == count and all(map(_is_word, words)):
                return words
        raise TooSmall(f"no paragraph has {count} plain words in a row")

    def misspelt(self) -> str:
        """Return a word with one letter replaced, dropped or swapped with the next."""
        word = self.word(MIDDLING, 5)
        at = self.dice.randrange(1, len(word) - 1)
        return self.dice.choice(
            (
                word[:at] + self.dice.choice("abcdefghijklmnopqrstuvwxyz") + word[at + 1 :],
                word[:at] + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            )
        )

    def days(self, around: Passage) -> tuple[int, int]:
        """Return a range of a tenth to a third of all days with a paragraph's day inside."""
        days = sorted(passage.date for passage in self.sample if passage.date)
        if not days:
            raise TooSmall("no paragraph has a date")
        first, last = _day(days[0]), _day(days[-1])
        length = max(1, int((last - first).days * self.dice.uniform(0.1, 0.33)))
        middle = _day(around.date) if around.date else first
        since = middle - timedelta(self.dice.randrange(length + 1))
        return _number(since), _number(since + timedelta(length))


def _rare(draw: Draw) -> Spec:
    return Spec("", all=(draw.word(RARE),))


def _common(draw: Draw) -> Spec:
    return Spec("", all=(draw.word(FREQUENT),))


def _and(count: int) -> Callable[[Draw], Spec]:
    return lambda draw: Spec("", all=draw.together(count)[1])


def _or_two(draw: Draw) -> Spec:
    return Spec("", any=(draw.word(MIDDLING), draw.word(draw.dice.choice((MIDDLING, FREQUENT)))))


def _or_many(draw: Draw) -> Spec:
    frequent = {draw.word(FREQUENT) for _ in range(draw.dice.randint(1, 3))}
    words = frequent | {draw.word(MIDDLING) for _ in range(draw.dice.randint(2, 3))}
    return Spec("", any=tuple(sorted(words)))


def _phrase(count: int) -> Callable[[Draw], Spec]:
    return lambda draw: Spec("", phrase=draw.phrase(count))


def _prefix(draw: Draw) -> Spec:
    return Spec("", prefix=draw.word(MIDDLING, 5)[:4])


def _fuzzy(draw: Draw) -> Spec:
    return Spec("", fuzzy=draw.misspelt())


def _and_dated(draw: Draw) -> Spec:
    passage, words = draw.together(2)
    since, until = draw.days(passage)
    return Spec("", all=words, since=since, until=until)


def _or_dated_desk(draw: Draw) -> Spec:
    filed = [passage for passage in draw.sample if passage.desk]
    if not filed:
        raise TooSmall("no paragraph has a desk")
    passage = draw.dice.choice(filed)
    since, until = draw.days(passage)
    desk = draw.dice.choice(passage.desk)
    return replace(_or_many(draw), since=since, until=until, desk=desk)


def _not(draw: Draw) -> Spec:
    _, (one, other) = draw.together(2)
    return Spec("", all=(one,), none=(other,))


def _snippets(draw: Draw) -> Spec:
    forms = (_and(2), _or_two, _common)
    return replace(draw.dice.choice(forms)(draw), snippets=True)


def _newsroom(draw: Draw) -> Spec:
    passage, words = draw.together(2)
    return Spec("", all=words, paragraph=passage.id)


CLASSES: dict[str, Callable[[Draw], Spec]] = {
    "rare term": _rare,
    "common term": _common,
    "2 words AND": _and(2),
    "3 words AND": _and(3),
    "2 words OR": _or_two,
    "3–6 words OR": _or_many,
    "phrase of 2": _phrase(2),
    "phrase of 3": _phrase(3),
    "prefix": _prefix,
    "fuzzy 1 edit": _fuzzy,
    "AND in a date range": _and_dated,
    "OR in a date range and desk": _or_dated_desk,
    "NOT": _not,
    "snippets": _snippets,
}
"""The table's classes; how one query of each is drawn."""

NEWSROOM_CLASSES = tuple(NEWSROOM + name for name in ASKED if name != "AND")
"""The classes of benchmarks/queries.py."""

ALL_CLASSES = (*CLASSES, *NEWSROOM_CLASSES)


def draw_from(corpus: Corpus, seed: int) -> Draw:
    """Read a corpus once; keeps the document frequencies and a sample."""
    dice = random.Random(f"sample {seed}")  # noqa: S311
    df: Counter[str] = Counter()
    sample: list[Passage] = []
    for seen, passage in enumerate(corpus.passages(), start=1):
        df.update(set(_forms(passage)))
        at = len(sample) if seen <= SAMPLE else dice.randrange(seen)
        if at < SAMPLE:
            sample[at : at + 1] = [passage]
    return Draw(df, sample, corpus.paragraphs, seed)


def draw_specs(draw: Draw, classes: Sequence[str], queries: int) -> dict[str, list[Spec]]:
    """Return that many different specs of each class, fewer where a small corpus has no more."""
    return {name: list(_different(draw, name, queries)) for name in classes}


def kept_specs(
    corpus: Corpus, classes: Sequence[str], queries: int, seed: int
) -> dict[str, list[Spec]]:
    """Return the specs of a corpus, drawn once and then read from its folder."""
    path = corpus.folder / f"specs-{queries}-{seed}.json"
    if not path.exists():
        draw = draw_from(corpus, seed)
        _write(path, draw_specs(draw, ALL_CLASSES, queries))
        _write_forms(corpus.folder / "forms.json", draw.df)
    found = json.loads(path.read_text(encoding="utf-8"))
    return {name: [spec_of(one) for one in found[name]] for name in classes}


def _different(draw: Draw, name: str, queries: int) -> Iterator[Spec]:
    # Each class has dice of its own, so that leaving one out changes no other.
    draw.dice = random.Random(f"{draw.seed} {name}")  # noqa: S311
    form = CLASSES.get(name, _newsroom)
    seen: set[Spec] = set()
    for _ in range(queries * 20):
        if len(seen) == queries:
            return
        spec = replace(form(draw), kind=name)
        if spec not in seen:
            seen.add(spec)
            yield spec


def _write(path: Path, specs: dict[str, list[Spec]]) -> None:
    rows = {
        name: [{k: v for k, v in asdict(one).items() if v} for one in few]
        for name, few in specs.items()
    }
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False), encoding="utf-8")


def _write_forms(path: Path, df: Counter[str]) -> None:
    path.write_text(json.dumps(sorted(df)), encoding="utf-8")


def _forms(passage: Passage) -> list[str]:
    return [token.text for token in tokenize(passage.text)]


OPERATORS = frozenset(("and", "not", "near", "adj", "pre"))
"""Words that stand beside NEAR/10 for an operator in the wrong case."""


def _is_word(form: str) -> bool:
    return len(form) >= 3 and form.isascii() and form.isalpha() and form not in OPERATORS


def _day(number: int) -> date:
    return date(number // 10_000, number // 100 % 100, number % 100)


def _number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day
