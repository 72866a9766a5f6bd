"""Fixtures that many tests share: small archives, made the way users make them."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

import searcher
from searcher.errors import IndexIncompatible
from searcher.indexing.run import Order, run
from searcher.indexing.storage import has_index

TODAY = date(2026, 2, 25)
SEEDS = Path(__file__).parent.parent / "seeds"

# A first example pays for imports and a cold disk, which says nothing of the code.
settings.register_profile(
    "searcher",
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("searcher")


# What a script starts in the background ignores Ctrl-C, and so would all processes of the tests.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--full`, which runs the tests of reliability with the figures of docs/reliability.md."""
    parser.addoption(
        "--full",
        action="store_true",
        help="run tests/reliability with the figures of docs/reliability.md, which takes hours",
    )


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    """Whether the tests of reliability run with their whole figures."""
    return bool(request.config.getoption("--full"))


@pytest.fixture(autouse=True)
def every_written_index_is_whole(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Check every index that the test wrote, when it ends; a test marked `damages` breaks them."""
    written: set[Path] = set()

    def noting(order: Order) -> searcher.Report:
        written.add(order.folder)
        return run(order)

    monkeypatch.setattr("searcher.indexing.run.run", noting)
    yield
    if "damages" in request.keywords:
        return
    for folder in filter(has_index, filter(Path.is_dir, sorted(written))):
        # One of another program is refused and stays as it is.
        with suppress(IndexIncompatible):
            assert not searcher.check(folder, quick=True).findings, folder


@pytest.fixture(scope="session")
def seed_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the project's own seeds; read it only."""
    folder = tmp_path_factory.mktemp("archive")
    (folder / "seeds").symlink_to(SEEDS, target_is_directory=True)
    searcher.index([folder / "seeds"], folder / "index")
    return folder / "index"


@pytest.fixture
def seed_archive(seed_index: Path) -> Iterable[searcher.Archive]:
    """The seeds, open for searching."""
    with searcher.open(seed_index, today=TODAY) as archive:
        yield archive


Articles = str | Mapping[str, Any] | Iterable[Mapping[str, Any]]


@pytest.fixture
def make_index(tmp_path: Path) -> Iterable[Callable[..., searcher.Archive]]:
    """Index articles and open the index.

    A string is one article's text; a mapping is one JSON record, and an
    iterable is several.
    """
    opened: list[searcher.Archive] = []

    def make(articles: Articles, **options: Any) -> searcher.Archive:
        records = [{"text": articles}] if isinstance(articles, str) else articles
        records = [records] if isinstance(records, Mapping) else records
        source = tmp_path / f"news{len(opened)}" / "news.jsonl"
        source.parent.mkdir()
        source.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
        index = tmp_path / f"index{len(opened)}"
        searcher.index([source], index, **options)
        opened.append(searcher.open(index, today=TODAY))
        return opened[-1]

    yield make
    for archive in opened:
        archive.close()
