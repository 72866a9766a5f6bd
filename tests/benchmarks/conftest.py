"""A corpus so small that a test can count by hand, with every engine's index of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.corpus import write_corpus
from benchmarks.passages import Corpus
from benchmarks.peers import HOMES, peer
from benchmarks.peers.base import Session

ARTICLES = (
    {
        "id": "one",
        "title": "Oil and gas",
        "date": "1987-03-01",
        "desk": ["crude", "trade"],
        "text": "Oil prices rose as the market opened.\n\nThe oil company sold gas to the bank.\n\n"
        "Later Talks\n\nGas prices rose, and oil prices fell again.",
    },
    {
        "id": "two",
        "title": "Banks and trade",
        "date": "1987-04-15",
        "desk": ["trade"],
        "text": "The bank opened a market for gold.\n\nTrade in gold, oil and grain rose.\n\n"
        "No one sold grain: the price of grain fell.",
    },
    {
        "id": "three",
        "title": "Grain ships",
        "date": "1987-06-30",
        "desk": ["grain", "ship"],
        "text": "Ships with grain left the port.\n\nThe ship sank with its grain and its oil.\n\n"
        "A market without grain opened, said the company.",
    },
)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The paragraphs of ARTICLES."""
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "articles").mkdir()
    path = folder / "articles" / "news.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in ARTICLES), encoding="utf-8")
    return write_corpus(folder, "tiny", [path])


class Sessions:
    """Sessions of engines, built and opened when they are first asked for."""

    def __init__(self, corpus: Corpus, work: Path) -> None:
        self._corpus, self._work = corpus, work
        self._open: dict[tuple[str, str], Session] = {}

    def of(self, engine: str, fields: str) -> Session:
        """Return the session of an engine, with those fields."""
        if (engine, fields) not in self._open:
            self._open[engine, fields] = self._opened(engine, fields)
        return self._open[engine, fields]

    def close(self) -> None:
        """Close them all."""
        for session in self._open.values():
            session.close()

    def _opened(self, engine: str, fields: str) -> Session:
        made, folder = peer(engine), self._work / f"{engine}-{fields}"
        folder.mkdir()
        made.build(self._corpus, folder, fields)
        return made.open(folder, fields)


@pytest.fixture(scope="session")
def sessions(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sessions]:
    """Every engine, on the corpus."""
    made = Sessions(corpus, tmp_path_factory.mktemp("indexes"))
    yield made
    made.close()


@pytest.fixture(params=list(HOMES))
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """The name of each engine that can run here."""
    why = peer(request.param).missing()
    if why:
        pytest.skip(why)
    yield request.param
