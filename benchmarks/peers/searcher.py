"""searcher itself, through `searcher.open(folder).search(string)`.

`searcher-ENGINE` opens the index with that engine: `native` one of the native
core's segments, `local` one of Whoosh's own.  A page always has the number of
articles and that of undated paragraphs: what they cost is in every figure.
Spans and snippets are made when they are asked for, in the class `snippets`.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import ClassVar

from benchmarks.passages import Corpus
from benchmarks.peers.base import PAGE, Answer, Stored
from benchmarks.spec import NEWSROOM, Spec

LONGEST_S = 60.0
"""Seconds after which a query is refused."""


class SearcherPeer:
    """searcher with one of its engines."""

    cuts = False
    differs: ClassVar[dict[str, str]] = {}
    warm_rounds = 1

    def __init__(self, name: str) -> None:
        self.name = name
        self._engine = name.partition("-")[2]

    def missing(self) -> str:
        """Return why this searcher lacks the engine."""
        from searcher.errors import SearcherError
        from searcher.indexing.codecs import chosen

        try:
            chosen(self._codec)
        except SearcherError as error:
            return str(error)
        return ""

    @property
    def _codec(self) -> str:
        return "native" if self._engine == "native" else "stock"

    def version(self) -> str:
        """Return the version."""
        import searcher
        from searcher.indexing import FORMAT_VERSION

        return f"searcher {searcher.__version__} ({self._engine}, format {FORMAT_VERSION})"

    def build(self, corpus: Corpus, folder: Path, fields: str) -> None:
        """Index the articles; it has both fields, whichever are asked for."""
        import searcher

        report = searcher.index([corpus.files], folder / "index", jobs=1, codec=self._codec)
        if report.total.paragraphs != corpus.paragraphs:
            raise ValueError(f"indexed {report.total.paragraphs}, expected {corpus.paragraphs}")

    def open(self, folder: Path, fields: str) -> SearcherSession:
        """Open the index."""
        return SearcherSession(folder / "index", self._engine)


peer = SearcherPeer


class SearcherSession:
    """An open archive."""

    def __init__(self, folder: Path, engine: str) -> None:
        import searcher
        from searcher.query.limits import Limits

        # What takes long is measured too, not refused.
        limits = Limits(seconds=LONGEST_S)
        self._archive = searcher.open(folder, engine=engine, limits=limits)
        self._ids: dict[str, str] = {}

    def ask(self, spec: Spec) -> Answer:
        """Answer by the query's string; a newsroom class by its own call."""
        if spec.newsroom:
            return self._newsroom(spec)
        page = self._archive.search(query_string(spec), limit=PAGE)
        return Answer(
            page.total,
            [
                Stored(
                    hit.id.rpartition("/")[2],
                    _number(hit.date),
                    hit.section,
                    hit.text,
                    hit.snippet.html() if spec.snippets else "",
                )
                for hit in page
            ],
        )

    def _newsroom(self, spec: Spec) -> Answer:
        # It imports much, and a cold start of a plain query is measured through this module too.
        from benchmarks.queries import CLASSES, Pair

        first, second = spec.all
        ask = CLASSES[spec.kind.removeprefix(NEWSROOM)]
        return Answer(ask(self._archive, Pair(first, second, self._id(spec.paragraph))), [])

    def _id(self, end: str) -> str:
        if end not in self._ids:
            found = self._archive.get(end)
            assert found.paragraph is not None
            self._ids[end] = found.paragraph.id
        return self._ids[end]

    def stem(self, word: str) -> str:
        """Return the stem."""
        from searcher.analysis import Analyzer

        return Analyzer("en").stem(word)

    def pids(self) -> list[int]:
        """None but this."""
        return []

    def close(self) -> None:
        """Let go of it."""
        self._archive.close()


def _number(day: date | None) -> int:
    return day.year * 10_000 + day.month * 100 + day.day if day else 0


def query_string(spec: Spec) -> str:
    """Return a spec in searcher's query language.

    >>> query_string(Spec("", all=("oil",), none=("gas",), since=19870101, until=19870131))
    'oil -gas date:1987-01-01..1987-01-31'
    """
    parts = list(spec.all)
    if spec.any:
        parts.append(f"({' OR '.join(spec.any)})")
    if spec.phrase:
        parts.append(f'"{" ".join(spec.phrase)}"')
    if spec.prefix:
        parts.append(f"{spec.prefix}*")
    if spec.fuzzy:
        parts.append(f"{spec.fuzzy}~")
    parts += [f"-{word}" for word in spec.none]
    if spec.since:
        parts.append(f"date:{_iso(spec.since)}..{_iso(spec.until)}")
    if spec.desk:
        parts.append(f'desk:"{spec.desk}"')
    return " ".join(parts)


def _iso(day: int) -> str:
    return f"{day // 10_000:04}-{day // 100 % 100:02}-{day % 100:02}"
