"""An archive to search: what scripts embed, and what the command line stands on.

>>> import searcher
>>> with searcher.open("index") as archive:                    # doctest: +SKIP
...     page = archive.search("tomahawk", since="2026-02", limit=5)
...     for hit in page:
...         print(hit.score, hit.date, hit.section, hit.id, hit.snippet.plain())
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Any

from searcher.analysis import Analyzer
from searcher.engines.base import FACETS, SORTS, Engine, Scored
from searcher.errors import ArchiveError, IndexUnreadable, QueryError, UnknownId
from searcher.filters import Day, Filters, Values, undated_twin, without_captions
from searcher.highlight.snippet import snippet
from searcher.model import KINDS, Paragraph
from searcher.query.evaluate import Span, View, spans
from searcher.query.fields import FIELDS
from searcher.query.limits import Limits
from searcher.query.parser import parse
from searcher.query.tree import Everything, Query
from searcher.results import Facet, Hit, Page, StoredArticle

ENGINES = ("local", "scan")


@dataclass(frozen=True, slots=True)
class Stats:
    """What an index holds, in numbers.

    Attributes:
        path: its folder.
        format_version: of the index.
        language: of its stems.
        sources: source files.
        articles: articles.
        paragraphs: paragraphs of every kind.
        by_kind: paragraphs by kind.
        words: tokens of all paragraphs.
        undated: articles without a date.
        first_date, last_date: of the dated articles; None when there are none.
        segments: of the index.
        size_bytes: of its files.
    """

    path: str
    format_version: int
    language: str
    sources: int
    articles: int
    paragraphs: int
    by_kind: dict[str, int]
    words: int
    undated: int
    first_date: date | None
    last_date: date | None
    segments: int
    size_bytes: int

    def as_dict(self) -> dict[str, Any]:
        """Return the numbers under the keys of docs/json.md."""
        row: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__}
        for name in ("first_date", "last_date"):
            row[name] = row[name].isoformat() if row[name] else None
        return row


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """A field that queries can name.

    Attributes:
        name: as typed before the colon.
        holds: what it is, in words.
        example: a query that uses it.
        values: its distinct values, where they are few enough to list; else None.
    """

    name: str
    holds: str
    example: str
    values: tuple[str, ...] | None = field(default=None)

    def as_dict(self) -> dict[str, Any]:
        """Return the field under the keys of docs/json.md."""
        values = None if self.values is None else list(self.values)
        return {
            "name": self.name,
            "holds": self.holds,
            "example": self.example,
            "values": values,
        }


def open(
    path: str | os.PathLike[str] = "index",
    *,
    today: date | None = None,
    limits: Limits | None = None,
    engine: str = "local",
) -> Archive:
    """Open an index for searching; use it in a `with`, or close it.

    What is committed later is seen after `archive.refresh()`.

    Args:
        path: its folder.
        today: what `today`, `last-week` and the like count from; None refuses them.
        limits: bounds on what a query may cost.
        engine: `local`, or `scan` to look at every paragraph by brute force.

    Raises:
        IndexMissing: no index there.
        IndexUnreadable: it can't be opened.
        IndexIncompatible: it is of another format or program.
    """
    if engine not in ENGINES:
        raise QueryError(f"there is no engine {engine!r}. Engines: {', '.join(ENGINES)}")
    return Archive(path, today=today, limits=limits or Limits(), engine=engine)


class Archive:
    """An open index.  Safe to share by threads: one search runs at a time.

    Attributes:
        path: folder of the index, as given.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, today: date | None, limits: Limits, engine: str
    ) -> None:
        self.path = os.fspath(path)
        self._today = today
        self._limits = limits
        self._engine_name = engine
        self._lock = RLock()
        self._open()

    def _open(self) -> None:
        from searcher.engines.local import open_engine

        opened = open_engine(self.path)
        self._record, self._segments = opened.record, opened.segment_count
        self._generation = opened.generation
        self._engine: Engine | _Closed = opened
        if self._engine_name == "scan":
            from searcher.engines.scan import ScanEngine

            self._engine = ScanEngine(opened.paragraphs(), opened.language)
            opened.close()
        self._analyzer = Analyzer(self._engine.language)

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the index's files; the archive can't be used any more."""
        with self._lock:
            if not isinstance(self._engine, _Closed):
                self._engine.close()
            self._engine = _Closed(self.path)

    def refresh(self) -> bool:
        """See what was committed since the archive was opened; True when there was something."""
        from searcher.indexing.storage import open_index

        with self._lock:
            if open_index(self.path).latest_generation() == self._generation:
                return False
            stale = self._engine
            self._open()
            stale.close()
            return True

    # Searching.

    def search(
        self,
        query: str | Query,
        *,
        limit: int = 10,
        offset: int = 0,
        sort: str = "score",
        since: Day = None,
        until: Day = None,
        on: Day = None,
        section: Values = (),
        desk: Values = (),
        kind: Values = (),
        facets: Sequence[str] = (),
        group: str = "",
        context: int = 0,
        plain: bool = False,
        snippet_chars: int = 300,
    ) -> Page:
        """Return the paragraphs that match, best first.

        Equal scores go to the newer paragraph, then to the smaller article id
        and number, so pages never overlap.  Captions are left out unless the
        query or `kind` asks for them.

        Args:
            query: a query string (docs/query-language.md) or a parsed tree.
            limit: hits on the page; with `group`, articles.
            offset: hits (articles) to pass over; past the last the page is empty.
            sort: `score`, `newest` or `oldest`.
            since, until, on: days, as date or date expression, both ends inside.
            section, desk, kind: a value or several, any of which will do.
            facets: fields to count the hits by, of `section desk year month
                article kind city author source language`.
            group: `article` to list each article once, with its best hits.
            context: neighbouring paragraphs to give with each hit.
            plain: take the query as plain words.
            snippet_chars: longest excerpt.

        Raises:
            QuerySyntaxError: the query can't be read; `column` counts from 0.
            QueryLimitError: it would cost too much.
        """
        started = time.perf_counter()
        _check_choices(sort, facets, group)
        self._limits.check("page_hits", limit + offset, f"page of {limit} behind {offset} hits")
        filters = Filters(since, until, on, section, desk, kind)
        with self._lock:
            tree = self._tree(query, filters, plain)
            answer = self._engine.search(
                tree,
                offset=max(offset, 0),
                limit=max(limit, 0),
                sort=sort,
                by_article=group == "article",
                limits=self._limits,
            )
            sizes = answer.sizes or (0,) * len(answer.groups)
            hits = tuple(
                self._hit(tree, scored, size, context, snippet_chars)
                for scored, size in zip(answer.groups, sizes, strict=True)
            )
            return Page(
                query=str(query),
                parsed=str(tree),
                total=answer.total,
                articles=answer.articles,
                undated=self._undated(tree),
                hits=hits,
                facets={name: self._engine.facet(tree, name, self._limits) for name in facets},
                suggestions=() if answer.total else self._suggestions(tree),
                offset=offset,
                limit=limit,
                group=group,
                took_s=time.perf_counter() - started,
            )

    def count(
        self,
        query: str | Query,
        *,
        since: Day = None,
        until: Day = None,
        on: Day = None,
        section: Values = (),
        desk: Values = (),
        kind: Values = (),
        plain: bool = False,
    ) -> int:
        """Return how many paragraphs match, exactly; arguments as for `search`."""
        filters = Filters(since, until, on, section, desk, kind)
        with self._lock:
            return self._count(self._tree(query, filters, plain))

    def facet(self, name: str, query: str | Query = "*", **filters: Any) -> tuple[Facet, ...]:
        """Count the matching paragraphs by a field, the most frequent value first.

        Args:
            name: one of the facets that `search` lists.
            query: what to count; everything by default.
            filters: since, until, on, section, desk, kind, as for `search`.
        """
        _check_choices("score", (name,), "")
        with self._lock:
            tree = self._tree(query, Filters(**filters), plain=False)
            return self._engine.facet(tree, name, self._limits)

    def _tree(self, query: str | Query, filters: Filters, plain: bool) -> Query:
        return without_captions(filters.narrow(self._parsed(query, plain), self._today))

    def _count(self, tree: Query) -> int:
        answer = self._engine.search(
            tree, offset=0, limit=0, sort="score", by_article=False, limits=self._limits
        )
        return answer.total

    def _undated(self, tree: Query) -> int:
        twin = undated_twin(tree)
        return 0 if twin is None else self._count(twin)

    def _suggestions(self, tree: Query) -> tuple[str, ...]:
        from searcher.suggest import suggestions

        return suggestions(tree, self._engine, self._limits)

    def _hit(
        self, tree: Query, scored: Sequence[Scored], size: int, context: int, snippet_chars: int
    ) -> Hit:
        first, *others = [self._single(tree, one, context, snippet_chars) for one in scored]
        return replace(first, more=tuple(others), in_article=size) if size else first

    def _single(self, tree: Query, scored: Scored, context: int, snippet_chars: int) -> Hit:
        paragraph = self._placed(scored.paragraph)
        found = self._spans(tree, paragraph)
        if found is None:
            raise IndexUnreadable(
                f"{self.path}: the words indexed for {paragraph.id} are not those of its text. "
                "Index again with: searcher index PATH --rebuild",
                self.path,
            )
        before, after = self._neighbours(paragraph, context)
        excerpt = snippet(paragraph.text, found, snippet_chars)
        return Hit(paragraph, scored.score, found, excerpt, before, after)

    def _spans(self, tree: Query, paragraph: Paragraph) -> tuple[Span, ...] | None:
        return spans(tree, View(paragraph, self._analyzer))

    def _neighbours(
        self, paragraph: Paragraph, context: int
    ) -> tuple[tuple[Paragraph, ...], tuple[Paragraph, ...]]:
        if context <= 0:
            return (), ()
        whole = tuple(map(self._placed, self._engine.article(paragraph.article)))
        at = next(n for n, other in enumerate(whole) if other.number == paragraph.number)
        return whole[max(at - context, 0) : at], whole[at + 1 : at + 1 + context]

    def _placed(self, paragraph: Paragraph) -> Paragraph:
        """Give a paragraph the path by which its source opens from here."""
        if paragraph.path == "-":
            return paragraph
        folder = os.path.dirname(os.path.normpath(self.path))  # noqa: PTH120
        path = os.path.normpath(os.path.join(folder, paragraph.path))  # noqa: PTH118
        return replace(paragraph, path=Path(path).as_posix())

    def spans(
        self, query: str | Query, paragraph: Paragraph, plain: bool = False
    ) -> tuple[Span, ...]:
        """Return what a query matches in a paragraph; empty when it doesn't match it."""
        tree = self._parsed(query, plain)
        return self._spans(tree, paragraph) or ()

    def _parsed(self, query: str | Query, plain: bool) -> Query:
        if not isinstance(query, str):
            return query
        return parse(query, self._today, plain=plain, limits=self._limits)

    # Articles.

    def get(self, id: str) -> StoredArticle:
        """Return an article, by its id or that of one of its paragraphs.

        Args:
            id: `article` or `article#pN`; the part behind some slash or colon
                will do where only one article ends so.

        Raises:
            UnknownId: there is none, or more than one; the message names them.
        """
        name, hash_mark, number = id.rpartition("#p")
        if not hash_mark or not number.isdecimal():
            name, number = id, ""
        with self._lock:
            paragraphs = tuple(map(self._placed, self._article(name)))
        wanted = [p for p in paragraphs if number and p.number == int(number)]
        if number and not wanted:
            held = f"{paragraphs[0].number} to {paragraphs[-1].number}"
            raise UnknownId(f"{name} has no paragraph {number}; its paragraphs are {held}")
        return StoredArticle(paragraphs[0].article, paragraphs, wanted[0] if wanted else None)

    def _article(self, name: str) -> tuple[Paragraph, ...]:
        if found := self._engine.article(name):
            return found
        ends = (f"/{name}", f":{name}")
        tail = [one for one in self._engine.article_ids() if one.endswith(ends)]
        if len(tail) == 1:
            return self._engine.article(tail[0])
        if tail:
            some = ", ".join(sorted(tail)[:5])
            raise UnknownId(f"{len(tail)} articles end in {name!r}: {some}. Give more of the id")
        raise UnknownId(f"no article {name!r}. List ids with: searcher query '*' --facet article")

    def paragraphs(self) -> Iterator[Paragraph]:
        """Yield every paragraph of the index, captions too; articles stay together."""
        with self._lock:
            yield from map(self._placed, self._engine.paragraphs())

    # What the archive says of itself.

    def stats(self) -> Stats:
        """Return what the index holds, in numbers."""
        with self._lock:
            kinds = {facet.value: facet.paragraphs for facet in self._all("kind")}
            is_dated = any(facet.value for facet in self._all("year"))
            return Stats(
                path=self.path,
                format_version=self._record.format_version,
                language=self._record.language,
                sources=self._record.sources,
                articles=self._record.articles,
                paragraphs=self._record.documents,
                by_kind={kind: kinds[kind] for kind in KINDS if kind in kinds},
                words=self._record.words,
                undated=self._record.undated,
                first_date=self._edge("oldest") if is_dated else None,
                last_date=self._edge("newest") if is_dated else None,
                segments=self._segments,
                size_bytes=sum(e.stat().st_size for e in os.scandir(self.path) if e.is_file()),
            )

    def _all(self, name: str) -> tuple[Facet, ...]:
        return self._engine.facet(Everything(), name, self._limits)

    def _edge(self, sort: str) -> date | None:
        answer = self._engine.search(
            Everything(), offset=0, limit=1, sort=sort, by_article=False, limits=self._limits
        )
        return answer.groups[0][0].paragraph.date

    def fields(self) -> tuple[FieldInfo, ...]:
        """Return the fields that a query can name, with the values of section, desk and kind."""
        with self._lock:
            return tuple(
                FieldInfo(one.name, one.holds, one.example, self.values(one.name))
                for one in FIELDS.values()
            )

    def values(self, field: str) -> tuple[str, ...] | None:
        """Return the distinct values of section, desk or kind, in order; None for other fields."""
        if field == "kind":
            return KINDS
        if field not in ("section", "desk"):
            return None
        with self._lock:
            return tuple(self._engine.values(field))

    # Explaining.

    def explain(
        self,
        query: str | Query,
        *,
        since: Day = None,
        until: Day = None,
        on: Day = None,
        section: Values = (),
        desk: Values = (),
        kind: Values = (),
        plain: bool = False,
    ) -> str:
        """Return how a query is read: its tree, and each scoring word with its weight."""
        from searcher.explain import query_lines

        filters = Filters(since, until, on, section, desk, kind)
        with self._lock:
            tree = self._tree(query, filters, plain)
            return "\n".join(query_lines(tree, self._engine, self._limits))

    def explain_hit(self, query: str | Query, id: str, *, plain: bool = False) -> str:
        """Return how a paragraph gets its score for a query, a line a word."""
        from searcher.explain import hit_lines

        article = self.get(id)
        if article.paragraph is None:
            raise UnknownId(f"{id} names an article; a score belongs to a paragraph, as {id}#p1")
        with self._lock:
            tree = self._tree(query, Filters(), plain)
            view = View(article.paragraph, self._analyzer)
            return "\n".join(hit_lines(tree, view, self._engine, self._limits))


class _Closed:
    """Stands where the engine of a closed archive was."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __getattr__(self, name: str) -> Any:
        raise ArchiveError(f"{self._path}: the archive is closed. Open it again", self._path)


def _check_choices(sort: str, facets: Sequence[str], group: str) -> None:
    if sort not in SORTS:
        raise QueryError(f"can't sort by {sort!r}. Choose one of: {', '.join(SORTS)}")
    if group not in ("", "article"):
        raise QueryError(f"can't group by {group!r}. Hits are grouped by: article")
    for name in facets:
        if name not in FACETS:
            raise QueryError(f"no facet {name!r}. Choose one of: {', '.join(FACETS)}")
