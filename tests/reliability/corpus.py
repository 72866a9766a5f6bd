"""A made-up archive that hurts: many rare words, common ones everywhere, an endless paragraph."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import searcher

ARTICLES = 250
PARAGRAPHS = 6
ENDLESS_CHARS = 90_000

_COMMON = "the of to in a and said for on it is that by from was with as at oil prices"
_SYLLABLES = "ba co de fi gu ha jo ka le mi no pu ra se ti vo xa ze tion ment ing er al us"


def make_corpus(folder: Path, codec: str | None = None, articles: int = ARTICLES) -> Path:
    """Write the articles, index them, and return the index folder."""
    source = folder / "news.jsonl"
    source.write_text("\n".join(map(json.dumps, _articles(articles))), encoding="utf-8")
    searcher.index([source], folder / "index", codec=codec)
    return folder / "index"


def _articles(count: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(7)  # noqa: S311
    for at in range(count):
        text = "\n\n".join(_paragraph(chance) for _ in range(PARAGRAPHS))
        # Every tenth article is told twice.
        for copy in range(2 if at % 10 == 0 else 1):
            yield _article(f"{at}-{copy}", text, at)
    yield _article("endless", " ".join(chance.choices(_COMMON.split(), k=ENDLESS_CHARS // 4)), 0)


def _article(name: str, text: str, at: int) -> dict[str, Any]:
    day = f"1987-{at % 12 + 1:02}-{at % 28 + 1:02}"
    return {"id": name, "title": text[:60], "text": text, "date": day, "section": f"desk {at % 9}"}


def _paragraph(chance: random.Random) -> str:
    words = chance.choices(_COMMON.split(), k=40) + [_rare(chance) for _ in range(20)]
    chance.shuffle(words)
    text = " ".join(words)
    return f'"{text}," said Jo {_rare(chance).title()}.' if chance.random() < 0.2 else text


def _rare(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES.split(), k=chance.randint(2, 5)))
