"""A file from its name and content, read without touching the disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from searcher.model import Article
from searcher.readers import ReadOptions, Skip, Source, read

Results = list[Article | Skip]


def source_of(name: str, content: str | bytes, mtime: float = 0.0) -> Source:
    data = content.encode() if isinstance(content, str) else content
    return Source(Path(name), name, data, mtime)


@pytest.fixture
def read_all() -> Callable[..., Results]:
    def run(name: str, content: str | bytes, *, mtime: float = 0.0, **options: object) -> Results:
        return list(read(source_of(name, content, mtime), ReadOptions(**options)))

    return run


@pytest.fixture
def read_one(read_all: Callable[..., Results]) -> Callable[..., Article]:
    def run(name: str, content: str | bytes, **more: object) -> Article:
        (article,) = read_all(name, content, **more)
        assert isinstance(article, Article), article
        return article

    return run


@pytest.fixture
def skip_of(read_all: Callable[..., Results]) -> Callable[..., Skip]:
    def run(name: str, content: str | bytes, **more: object) -> Skip:
        (skip,) = read_all(name, content, **more)
        assert isinstance(skip, Skip), skip
        return skip

    return run
