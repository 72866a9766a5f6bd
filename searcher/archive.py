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
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from operator import attrgetter
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias, TypeVar

from searcher import views
from searcher.core import core
from searcher.engines.base import FACETS, SORTS, Answer, Engine
from searcher.engines.recency import Recency
from searcher.errors import ArchiveError, IndexIncompatible, IndexUnreadable, QueryError, UnknownId
from searcher.filters import Day, Filters, Values, undated_twin, without_captions
from searcher.marks import MOST_CHARS, Marking, marker
from searcher.model import KINDS, Paragraph
from searcher.query.fields import FIELDS
from searcher.query.limits import Limits
from searcher.query.quick import read
from searcher.query.tree import (
    AtLeast,
    Everything,
    InArticle,
    Lead,
    Query,
    conjunction,
    has_part,
    leaves,
)
from searcher.results import (
    DUPS,
    MOST_WORDS,
    ONLY,
    SHOW,
    Duplicate,
    Facet,
    Hit,
    Marks,
    Page,
    Place,
    Scored,
    Similar,
    StoredArticle,
)
from searcher.turns import LateCalls, Turns
from searcher.values import frozen, replace

if TYPE_CHECKING:
    from searcher.checking import Checked
    from searcher.engines.histogram import Histogram
    from searcher.engines.local import LocalEngine
    from searcher.engines.native import NativeEngine
    from searcher.query.evaluate import Span, View
    from searcher.saved.searches import SavedSearches
    from searcher.synonyms import Synonyms
    from searcher.views.collapse import Folded, Folder
    from searcher.views.export import Exported
    from searcher.views.kwic import Concordance
    from searcher.views.quotes import Quotes, Speakers
    from searcher.views.trend import Counted, Trend
    from searcher.views.words import WordCount

T = TypeVar("T")

_facts = attrgetter(*Paragraph.__match_args__)
_PATH = Paragraph.__match_args__.index("path")

ENGINES = ("auto", "native", "local", "scan")
"""`auto` is native where every segment of the index is, else local."""

SYNONYMS_FILE = "synonyms.txt"
"""Name of an index's own synonyms, in its folder."""

SNIPPET_CHARS = 300
_NO_FILTERS = Filters()
_NONE_GIVEN = tuple(getattr(_NO_FILTERS, name) for name in Filters.__match_args__)
_NOTHING_ELSE = (*_NONE_GIVEN, "score", (), "", SHOW, 0, False, None, None)
TOTALS_KEPT = 100
"""Sets of filters whose totals by day are remembered."""

SynonymsFrom: TypeAlias = "Synonyms | str | os.PathLike[str] | None"
"""Synonyms, or the path of their file; None for those of the index, if it has any."""


@frozen
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
        core: `native` with its version, or `python` (searcher.core).
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
    core: str

    def as_dict(self) -> dict[str, Any]:
        """Return the numbers under the keys of docs/json.md."""
        row: dict[str, Any] = {name: getattr(self, name) for name in self.__match_args__}
        for name in ("first_date", "last_date"):
            row[name] = row[name].isoformat() if row[name] else None
        return row


@frozen
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
    values: tuple[str, ...] | None = None

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
    engine: str = "auto",
    synonyms: SynonymsFrom = None,
) -> Archive:
    """Open an index for searching; use it in a `with`, or close it.

    What is committed later is seen after `archive.refresh()`.

    Args:
        path: its folder.
        today: what `today`, `last-week` and the like count from; None refuses them.
        limits: bounds on what a query may cost.
        engine: `auto` is `native` where every segment of the index is of the
            native core, else `local`; `scan` looks at every paragraph by brute force.
        synonyms: those of every search, or their file; by default the file
            `synonyms.txt` in the index's folder; `Synonyms()` for none.

    Raises:
        IndexMissing: no index there.
        IndexUnreadable: it can't be opened.
        IndexIncompatible: it is of another format or program, or the native
            engine is asked for and can't open it.
    """
    if engine not in ENGINES:
        raise QueryError(f"there is no engine {engine!r}. Engines: {', '.join(ENGINES)}")
    return Archive(path, today=today, limits=limits or Limits(), engine=engine, synonyms=synonyms)


class Archive:
    """An open index.  Safe to share by threads: one search runs at a time.

    Attributes:
        path: folder of the index, as given.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        today: date | None,
        limits: Limits,
        engine: str,
        synonyms: SynonymsFrom = None,
    ) -> None:
        self.path = os.fspath(path)
        self._today = today
        self._engine_name = engine
        self._synonyms_from = synonyms
        self._lock = Turns(limits)
        self._open()

    @property
    def _limits(self) -> Limits:
        """The bounds of the request whose turn it is: one clock runs for all that it needs."""
        return self._lock.limits

    def _open(self) -> None:
        mark = _mark(self.path)
        opened = _opened(self.path, self._engine_name)
        self._record, self._segments = opened.record, opened.segment_count
        self._mark = mark
        self._engine: Engine | _Closed = opened
        self._places: dict[str, str] = {}
        if self._engine_name == "scan":
            from searcher.engines.scan import ScanEngine

            self._engine = ScanEngine(opened.paragraphs(), opened.language)
            opened.close()
        self._analyzer = self._engine.analyzer
        self._totals: dict[Query, Histogram] = {}
        # Read when a query first needs them: a mistake in the file is no reason not to open.
        self._synonyms: Synonyms | None = None
        self._knows_synonyms = False

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
        with self._lock:
            if self._mark is not None and self._mark == _mark(self.path):
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
        scope: str = "paragraph",
        facets: Sequence[str] = (),
        group: str = "",
        dups: str = SHOW,
        context: int = 0,
        plain: bool = False,
        snippet_chars: int = 300,
        recency: float | None = None,
        synonyms: SynonymsFrom = None,
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
            scope: `article` to look for the parts of an AND anywhere in one
                article, and give the paragraphs that have one of them.
            facets: fields to count the hits by, of `section desk year month
                article kind city author source language`.
            group: `article` to list each article once, with its best hits.
            dups: what to do with near-duplicates (docs/duplicates.md): `show` them,
                `collapse` those of one hit into it, or find `only` hits that have one.
            context: neighbouring paragraphs to give with each hit.
            plain: take the query as plain words.
            snippet_chars: longest excerpt.
            recency: days in which half of what age can take from a score is
                gone (searcher/engines/recency.py); None lets no score fade.
            synonyms: instead of the archive's.

        Raises:
            QuerySyntaxError: the query can't be read; `column` counts from 0.
            QueryLimitError: it would cost too much.
        """
        started = time.perf_counter()
        self._check_page(limit, offset)
        given = (since, until, on, section, desk, kind, scope)
        asked = (*given, sort, facets, group, dups, context, plain, recency, synonyms)
        filters, fading, is_plain = _NO_FILTERS, None, asked == _NOTHING_ELSE
        if not is_plain:
            _check_choices(sort, facets, group, dups)
            filters, fading = _filters(*given), self._recency(recency)
        with self._lock:
            if is_plain and isinstance(query, str):
                page = self._quick_page(query, offset, limit, snippet_chars, started)
                if page is not None:
                    return page
            tree = self._tree(query, filters, plain, synonyms)
            folder: Folder | None = None
            found: Answer | Folded
            if dups == SHOW:
                found = self._engine.search(
                    tree,
                    offset=max(offset, 0),
                    limit=max(limit, 0),
                    sort=sort,
                    by_article=group == "article",
                    limits=self._limits,
                    recency=fading,
                )
            else:
                by_article = group == "article"
                folder = views.collapse.Folder(
                    self._engine, tree, sort, by_article, self._limits, fading
                )
                found = folder.page(dups, max(offset, 0), max(limit, 0))
            hits = self._hits(tree, found, context, snippet_chars)
            return Page(
                query=str(query),
                parsed=str(tree),
                total=found.total,
                articles=found.articles,
                undated=self._undated(tree, folder if dups == ONLY else None),
                hits=hits if folder is None else self._with_duplicates(hits, found, group),
                facets={name: self._facet(tree, name, found) for name in facets},
                suggestions=() if found.total else self._suggestions(tree),
                offset=offset,
                limit=limit,
                group=group,
                dups=dups,
                took_s=time.perf_counter() - started,
            )

    def _quick_page(
        self, query: str, offset: int, limit: int, snippet_chars: int, started: float
    ) -> Page | None:
        """Return the page of a query that doesn't take its tree; None if it does."""
        known = self._synonyms if self._knows_synonyms else self._synonymous(None)
        if known is not None or offset < 0 or limit < 0:
            return None
        found = self._engine.quick(
            query,
            (offset, limit),
            self._lock,
            dated=not self._record.undated,
            late=(self._quick_late, min(max(snippet_chars, 0), MOST_CHARS)),
        )
        # A search that finds nothing has suggestions, which are made from the tree.
        if found is None or not found[1]:
            return None
        parsed, total, articles, hits = found
        # By position, as that is quicker: nothing is undated here.
        took_s = time.perf_counter() - started
        return Page(query, parsed, total, articles, 0, took_s, hits, offset=offset, limit=limit)

    def _quick_late(
        self, query: str, max_chars: int, left: float, hits: int
    ) -> tuple[Place, Marks]:
        """Return what Hit.late is given, for the hits of a query that took no tree."""
        limits, spans = self._lock.given, LateCalls(self._spans_of, self._lock, hits, left)
        # The core has marked what it can, and not this one.
        return self._placed, Marking(lambda: _quick_tree(query, limits), max_chars, spans, None)

    def _check_page(self, limit: int, offset: int) -> None:
        if limit + offset > self._lock.given.page_hits:
            message = f"page of {limit} behind {offset} hits; `searcher export` writes them all"
            self._limits.check("page_hits", limit + offset, message)

    def _with_duplicates(
        self, hits: tuple[Hit, ...], found: Answer | Folded, group: str
    ) -> tuple[Hit, ...]:
        if isinstance(found, Answer) or not found.duplicates:
            return hits
        several = (map(self._placed, one) for one in found.duplicates)
        for hit, others in zip(hits, several, strict=True):
            hit.duplicates = tuple(_duplicate(other, group) for other in others)
        return hits

    def _facet(self, tree: Query, name: str, found: Answer | Folded) -> tuple[Facet, ...]:
        if not isinstance(found, Answer) and found.kept is not None:
            return views.collapse.facet_of(found.kept, name)
        return self._engine.facet(tree, name, self._limits)

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
        scope: str = "paragraph",
        plain: bool = False,
    ) -> int:
        """Return how many paragraphs match, exactly; arguments as for `search`."""
        filters = _filters(since, until, on, section, desk, kind, scope)
        with self._lock:
            return self._count(self._tree(query, filters, plain))

    def facet(
        self, name: str, query: str | Query = "*", *, plain: bool = False, **filters: Any
    ) -> tuple[Facet, ...]:
        """Count the matching paragraphs by a field, the most frequent value first.

        Args:
            name: one of the facets that `search` lists.
            query: what to count; everything by default.
            plain: take the query as plain words.
            filters: since, until, on, section, desk, kind, as for `search`.
        """
        _check_choices("score", (name,), "")
        with self._lock:
            tree = self._tree(query, Filters(**filters), plain)
            return self._engine.facet(tree, name, self._limits)

    def _tree(
        self, query: str | Query, filters: Filters, plain: bool, synonyms: SynonymsFrom = None
    ) -> Query:
        query = self._parsed(query, plain, synonyms)
        self._limits.check_time()
        return without_captions(
            query if filters is _NO_FILTERS else filters.narrow(query, self._today)
        )

    def _synonymous(self, synonyms: SynonymsFrom) -> Synonyms | None:
        if synonyms is not None:
            from searcher.synonyms import Synonyms, load_synonyms

            return synonyms if isinstance(synonyms, Synonyms) else load_synonyms(synonyms)
        if not self._knows_synonyms:
            own = f"{self.path}/{SYNONYMS_FILE}"
            given = self._synonyms_from
            if given is None and os.path.isfile(own):  # noqa: PTH113
                given = own
            self._synonyms = None if given is None else self._synonymous(given)
            self._knows_synonyms = True
        return self._synonyms

    def _recency(self, days: float | None) -> Recency | None:
        if days is None:
            return None
        if not 0 < days < float("inf"):
            raise QueryError(f"recency {days:g}: expected a number of days over 0")
        if self._today is None:
            raise QueryError("recency counts from today; open the archive with today=...")
        return Recency(days, self._today)

    def _count(self, tree: Query) -> int:
        return self._counts(tree).total

    def _undated(self, tree: Query, folder: Folder | None = None) -> int:
        twin = undated_twin(tree) if self._record.undated else None
        if twin is None:
            return 0
        return replace(folder, tree=twin).page(ONLY, 0, 0).total if folder else self._count(twin)

    def _suggestions(self, tree: Query) -> tuple[str, ...]:
        from searcher.suggest import suggestions

        return suggestions(tree, self._engine, self._limits)

    def _hits(
        self, tree: Query, found: Answer | Folded, context: int, snippet_chars: int
    ) -> tuple[Hit, ...]:
        marks = self._marking(tree, snippet_chars, len(found.groups))
        hits = self._late_hits(found, marks)
        if found.sizes:
            self._add_groups(hits, found, marks)
        shown = hits if not found.sizes else [one for hit in hits for one in (hit, *hit.more)]
        for hit in shown if context > 0 else ():
            hit.before, hit.after = self._neighbours(hit.paragraph, context)
        # What looks at the whole article is marked while the archive is sure to be open.
        for hit in shown if has_part(tree, InArticle, AtLeast, Lead) else ():
            hit.spans  # noqa: B018
        return hits

    def _late_hits(self, found: Answer | Folded, marks: Marks) -> tuple[Hit, ...]:
        late, page = Hit.late, (self._placed, marks)
        return tuple([late(group[0], page) for group in found.groups])

    def _add_groups(self, hits: Sequence[Hit], found: Answer | Folded, marks: Marks) -> None:
        for hit, group, size in zip(hits, found.groups, found.sizes, strict=True):
            hit.more = tuple([Hit.late(other, (self._placed, marks)) for other in group[1:]])
            hit.in_article = size

    def _marking(self, tree: Query, snippet_chars: int, hits: int) -> Marking:
        stems, stem = self._analyzer.known_stems, self._analyzer.stem
        make = None if stems is None else lambda: marker(tree, stems, stem)
        return Marking(lambda: tree, snippet_chars, self._late_spans(hits), make)

    def _late_spans(self, hits: int) -> LateCalls[tuple[Span, ...]]:
        return LateCalls(self._spans_of, self._lock, hits)

    def _spans_of(self, tree: Query, paragraph: Paragraph) -> tuple[Span, ...]:
        found = self._spans(tree, paragraph)
        if found is None:
            raise IndexUnreadable(
                f"{self.path}: the words indexed for {paragraph.id} are not those of its text. "
                "Index again with: searcher index PATH --rebuild",
                self.path,
            )
        return found

    def _spans(self, tree: Query, paragraph: Paragraph) -> tuple[Span, ...] | None:
        from searcher.query.evaluate import spans

        with self._lock:
            return spans(tree, self._view(paragraph))

    def _view(self, paragraph: Paragraph) -> View:
        from searcher.query.evaluate import ArticleView, View

        check_time = self._limits.check_time
        article = ArticleView.of(
            lambda: self._engine.article(paragraph.article), self._analyzer, check_time
        )
        return View(paragraph, self._analyzer, article, check_time)

    def _neighbours(
        self, paragraph: Paragraph, context: int
    ) -> tuple[tuple[Paragraph, ...], tuple[Paragraph, ...]]:
        self._limits.check_time()
        whole = tuple(map(self._placed, self._engine.article(paragraph.article)))
        at = next(n for n, other in enumerate(whole) if other.number == paragraph.number)
        return whole[max(at - context, 0) : at], whole[at + 1 : at + 1 + context]

    def _placed(self, paragraph: Paragraph) -> Paragraph:
        """Give a paragraph the path by which its source opens from here."""
        if paragraph.path == "-":
            return paragraph
        path = self._places.get(paragraph.path)
        if path is None:
            folder = os.path.dirname(os.path.normpath(self.path))  # noqa: PTH120
            joined = os.path.normpath(os.path.join(folder, paragraph.path))  # noqa: PTH118
            path = self._places[paragraph.path] = joined.replace(os.sep, "/")
        if path == paragraph.path:
            return paragraph
        values = list(_facts(paragraph))
        values[_PATH] = path
        return Paragraph(*values)

    def spans(
        self, query: str | Query, paragraph: Paragraph, plain: bool = False
    ) -> tuple[Span, ...]:
        """Return what a query matches in a paragraph; empty when it doesn't match it."""
        tree = self._parsed(query, plain)
        return self._spans(tree, paragraph) or ()

    def _parsed(self, query: str | Query, plain: bool, synonyms: SynonymsFrom = None) -> Query:
        if isinstance(query, str):
            query = read(
                query, self._today, plain=plain, limits=self._limits, saved=self._saved_tree
            )
        known = self._synonymous(synonyms)
        if not known:
            return query
        tree = known.expand(query, self._analyzer)
        words = sum(1 for _ in leaves(tree)) if tree is not query else 0
        self._limits.check("terms", words, f"with synonyms the query has {words} words")
        return tree

    # Saved searches.

    @property
    def saved(self) -> SavedSearches:
        """The saved searches of the index: save, list, delete, new (docs/saved-searches.md)."""
        from searcher.saved.searches import Answers, SavedSearches

        answers = Answers(self._read, self._count, self._each, self._undated, self._found)
        return SavedSearches(self.path, answers, self._today, self._limits)

    def _saved_tree(self, name: str, depth: int) -> Query:
        return self.saved.resolve(name, depth)

    def _read(self, tree: Query) -> Query:
        return self._tree(tree, Filters(), plain=False)

    def _each(self, tree: Query) -> Iterator[Scored]:
        with self._lock:
            yield from self._engine.each(tree, sort="newest", limits=self._limits)

    def _found(self, tree: Query, scored: Scored) -> Hit:
        with self._lock.anew():
            marks = self._marking(tree, SNIPPET_CHARS, 1)
            hit = Hit.late(scored, (self._placed, marks))
            hit.spans  # noqa: B018  # as in _hits
            return hit

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

    def check(self, *, quick: bool = False, sources: bool = False) -> Checked:
        """Check the files of the newest commit, and change nothing; see searcher.check."""
        from searcher.checking import check

        return check(self.path, quick=quick, sources=sources)

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
                core=core(),
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

    # More like this.

    def similar(
        self,
        id: str = "",
        *,
        text: str = "",
        limit: int = 10,
        offset: int = 0,
        since: Day = None,
        until: Day = None,
        on: Day = None,
        section: Values = (),
        desk: Values = (),
        kind: Values = (),
        group: str = "article",
        words: int = MOST_WORDS,
        snippet_chars: int = SNIPPET_CHARS,
    ) -> Similar:
        """Return what is like a paragraph, an article or a text, the likest first.

        The article itself is left out, all of it.

        Args:
            id: of the article or paragraph, as for `get`; empty with `text`.
            text: any text, instead of an id.
            limit: articles on the page; paragraphs, when they aren't grouped.
            offset: articles (paragraphs) to pass over.
            since, until, on, section, desk, kind: as for `search`.
            group: `article`, or empty for the paragraphs by themselves.
            words: how many of the most telling words to look for.
            snippet_chars: longest excerpt.

        Raises:
            UnknownId: there is no such article or paragraph.
            QueryError: neither id nor text is given, or both.
        """
        started = time.perf_counter()
        if bool(id) == bool(text):
            raise QueryError("similar: give an id or a text, one of them")
        _check_choices("score", (), group)
        self._check_page(limit, offset)
        source = self.get(id) if id else None
        texts = [text] if source is None else [p.text for p in _shown(source)]
        with self._lock:
            found = views.similar.keywords(
                texts, self._engine, self._limits, own=bool(id), most=words
            )
            tree = views.similar.query_of(found) if found else None
            narrowed = Filters(since, until, on, section, desk, kind).narrow(
                tree or Everything(), self._today
            )
            answer, whole = Answer(0, 0, ()), without_captions(narrowed)
            if tree is not None:
                answer = views.similar.others(
                    self._engine,
                    whole,
                    source.id if source else "",
                    offset=max(offset, 0),
                    limit=max(limit, 0),
                    by_article=group == "article",
                    limits=self._limits,
                )
            return Similar(
                query=id,
                parsed=str(whole) if tree is not None else "",
                total=answer.total,
                articles=answer.articles,
                undated=0 if tree is None else self._undated(whole),
                hits=self._hits(whole, answer, 0, snippet_chars),
                offset=offset,
                limit=limit,
                group=group,
                words=found,
                took_s=time.perf_counter() - started,
            )

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
        scope: str = "paragraph",
        plain: bool = False,
    ) -> str:
        """Return how a query is read: its tree, and each scoring word with its weight."""
        from searcher.explain import query_lines

        filters = _filters(since, until, on, section, desk, kind, scope)
        with self._lock:
            tree = self._tree(query, filters, plain)
            return "\n".join(query_lines(tree, self._engine, self._limits))

    def explain_hit(
        self,
        query: str | Query,
        id: str,
        *,
        scope: str = "paragraph",
        plain: bool = False,
        recency: float | None = None,
    ) -> str:
        """Return how a paragraph gets its score for a query, a line a word."""
        from searcher.explain import hit_lines

        article = self.get(id)
        if article.paragraph is None:
            raise UnknownId(f"{id} names an article; a score belongs to a paragraph, as {id}#p1")
        with self._lock:
            tree = self._tree(query, Filters(scope=scope), plain)
            view = self._view(article.paragraph)
            fading = self._recency(recency)
            return "\n".join(hit_lines(tree, view, self._engine, self._limits, fading))

    # Views.

    def kwic(
        self,
        query: str | Query,
        *,
        width: int = 60,
        sort: str = "position",
        limit: int | None = 50,
        plain: bool = False,
        synonyms: SynonymsFrom = None,
        **filters: Any,
    ) -> Concordance:
        """Return every occurrence of a query in its context.

        Args:
            query: as for `search`.
            width: characters of context on each side.
            sort: `position` (date, article, place), `left` or `right` (the
                words nearest to the keyword on that side, folded).
            limit: lines to return; None for all.
            plain: take the query as plain words.
            synonyms: instead of the archive's.
            filters: since, until, on, section, desk, kind, as for `search`.

        Raises:
            QueryLimitError: besides what `search` raises: there are more lines
                to return than `limits.page_hits`.
        """
        views.kwic.check_kwic(sort, width)
        most = self._lock.given.page_hits
        with self._lock:
            tree = self._tree(query, Filters(**filters), plain, synonyms)
            counts = self._counts(tree)
            found = self._engine.each(tree, sort="oldest", limits=self._limits)
            page = self._placed, self._marking(tree, 0, 1)
            hits = (Hit.late(hit, page) for hit in self._in_time(found))
            total, lines = views.kwic.concordance(
                ((hit, hit.spans) for hit in hits),
                width=width,
                sort=sort,
                limit=most + 1 if limit is None else min(limit, most + 1),
                tokens=self._analyzer.tokens,
            )
            self._limits.check("page_hits", len(lines), f"concordance of {total:,} lines")
            return views.kwic.Concordance(
                query=str(query),
                parsed=str(tree),
                total=total,
                paragraphs=counts.total,
                articles=counts.articles,
                undated=self._undated(tree),
                sort=sort,
                width=width,
                lines=lines,
            )

    def trend(
        self,
        *queries: str | Query,
        by: str = "month",
        plain: bool = False,
        synonyms: SynonymsFrom = None,
        **filters: Any,
    ) -> Trend:
        """Return how many articles and paragraphs match, period by period.

        The totals are what the filters leave without the query; captions are
        among them where they are for the query.

        Args:
            queries: one or several, each as for `search`.
            by: `day`, `week`, `month` or `year`.
            plain: take the queries as plain words.
            synonyms: instead of the archive's.
            filters: since, until, on, section, desk, kind, as for `search`.
        """
        views.trend.check_by(by)
        narrowed = Filters(**filters)
        with self._lock:
            counted = [self._over_time(one, narrowed, plain, synonyms) for one in queries]
        return views.trend.trend(counted, by, narrowed.narrow(Everything(), self._today))

    def _over_time(
        self, query: str | Query, filters: Filters, plain: bool, synonyms: SynonymsFrom
    ) -> Counted:
        parsed = self._parsed(query, plain, synonyms)
        tree = without_captions(filters.narrow(parsed, self._today))
        whole = filters.narrow(Everything(), self._today)
        # A query that asks for kinds by itself may find captions: then they count.
        if tree != filters.narrow(parsed, self._today):
            whole = without_captions(whole)
        hits = self._engine.histogram(tree, self._limits)
        dateless = sum(day.paragraphs for day in hits if day.day is None)
        undated = dateless + self._undated(tree)
        return views.trend.Counted(str(query), str(tree), hits, self._totals_by_day(whole), undated)

    def _totals_by_day(self, tree: Query) -> Histogram:
        """Return what the filters leave; counted once, because it touches the whole archive."""
        if tree not in self._totals:
            if len(self._totals) >= TOTALS_KEPT:
                self._totals.clear()
            self._totals[tree] = self._engine.histogram(tree, self._limits)
        return self._totals[tree]

    def suggest(self, prefix: str, *, limit: int = 10) -> tuple[WordCount, ...]:
        """Return the archive's words that begin with a prefix, the most frequent first."""
        with self._lock:
            return views.words.completions(prefix, self._engine, limit)

    def near_words(self, word: str, *, limit: int = 10) -> tuple[WordCount, ...]:
        """Return the archive's words that are spelt nearly as one is, the nearest first."""
        with self._lock:
            return views.words.near_words(word, self._engine, limit)

    def word_count(self, word: str) -> WordCount:
        """Return a word's exact form, and how many paragraphs of any kind hold it."""
        with self._lock:
            return views.words.word_count(word, self._engine)

    def export(
        self,
        query: str | Query,
        to: str | os.PathLike[str] | BinaryIO,
        *,
        format: str = "",
        force: bool = False,
        bom: bool = False,
        sort: str = "score",
        recency: float | None = None,
        plain: bool = False,
        synonyms: SynonymsFrom = None,
        **filters: Any,
    ) -> Exported:
        """Write all hits of a query to a file, a folder with a file an article, or a stream.

        A file is written whole or not at all, and over nothing unless `force` says so.

        Args:
            query: as for `search`.
            to: the file, or the folder: one that is there, or a name that
                ends in a slash; or something with `write` for bytes.
            format: `jsonl`, `csv`, `md` or `csl`; empty goes by the suffix
                (`.json` is csl), and is `md` in a folder.
            force: replace what is there.
            bom: begin a file with a byte order mark.
            sort, recency, plain, synonyms, filters: as for `search`.

        Raises:
            OutputRefused: it may not be written there.
            OSError: it can't be written.
        """
        _check_choices(sort, (), "")
        target = views.files.Target(to, force=force)
        name = views.export.export_format(format, target.suffix, target.is_folder)
        fading = self._recency(recency)
        with self._lock:
            tree = self._tree(query, Filters(**filters), plain, synonyms)
            counts = self._counts(tree)
            together = name in views.export.BY_ARTICLE
            marks = self._marking(tree, SNIPPET_CHARS, counts.total)
            hits = self._every(tree, marks, sort, fading, together=together)
            if target.is_folder:
                found = views.export.folder_files(hits)
                files = target.write_files(found, views.export.file_names)
            else:
                encoded = map(views.export.encoded, views.export.pieces(hits, name, bom=bom))
                files = target.write(encoded)
            undated = self._undated(tree)
        return views.export.Exported(
            target.name, name, counts.total, counts.articles, undated, files
        )

    def _every(
        self, tree: Query, marks: Marking, sort: str, fading: Recency | None, *, together: bool
    ) -> Iterator[Sequence[Hit]]:
        """Yield every hit by itself, or those of each article together; none is kept."""
        page = self._placed, marks
        order: dict[str, Any] = {"sort": sort, "limits": self._limits, "recency": fading}
        if together:
            articles = self._engine.each_article(tree, **order)
            return ([Hit.late(hit, page) for hit in several] for several in articles)
        return ([Hit.late(hit, page)] for hit in self._engine.each(tree, **order))

    def quotes(
        self,
        name: str,
        query: str | Query = "*",
        *,
        sort: str = "newest",
        limit: int | None = 20,
        plain: bool = False,
        synonyms: SynonymsFrom = None,
        **filters: Any,
    ) -> Quotes:
        """Return what someone is quoted saying, by date.

        Args:
            name: words that the speaker's name holds, folded, in any order.
            query: what the paragraphs match, as for `search`.
            sort: `newest` or `oldest`; undated quotations come last.
            limit: quotations to return; None for all.
            plain: take the query as plain words.
            synonyms: instead of the archive's.
            filters: since, until, on, section, desk, kind, as for `search`.
        """
        views.quotes.check_quotes(sort)
        words = views.quotes.name_words(name)
        with self._lock:
            narrowed = self._tree(query, Filters(**filters), plain, synonyms)
            tree = conjunction([narrowed, *views.quotes.quoting(words)])
            hits = self._engine.each(tree, sort=sort, limits=self._limits)
            found = [
                one
                for hit in self._in_time(hits)
                for one in views.quotes.quoted_in(self._placed(hit.paragraph), words)
            ]
            undated = self._undated(tree)
        return views.quotes.Quotes(
            name=name,
            query=str(query),
            parsed=str(tree),
            total=len(found),
            articles=len({one.article for one in found}),
            undated=undated,
            sort=sort,
            speakers=views.quotes.speaker_counts((one.article, one.speaker) for one in found),
            quotes=views.quotes.first_quotes(found, sort, limit),
        )

    def speakers(
        self,
        query: str | Query = "*",
        *,
        limit: int | None = 20,
        plain: bool = False,
        synonyms: SynonymsFrom = None,
        **filters: Any,
    ) -> Speakers:
        """Return who is quoted in the paragraphs that match, the most quoted first.

        Args:
            query: as for `search`; everything by default.
            limit: speakers to return; None for all.
            plain: take the query as plain words.
            synonyms: instead of the archive's.
            filters: since, until, on, section, desk, kind, as for `search`.
        """
        with self._lock:
            tree = self._tree(query, Filters(**filters), plain, synonyms)
            named = list(self._in_time(self._engine.speakers(tree, self._limits)))
            undated = self._undated(tree)
        counts = views.quotes.speaker_counts(named)
        return views.quotes.Speakers(
            query=str(query),
            parsed=str(tree),
            total=len(counts),
            quotes=len(named),
            articles=len({article for article, _ in named}),
            undated=undated,
            speakers=counts[:limit],
        )

    def _in_time(self, found: Iterable[T]) -> Iterator[T]:
        """Yield what is found while the request has time."""
        for one in found:
            self._limits.check_time()
            yield one

    def _counts(self, tree: Query) -> Answer:
        return self._engine.search(
            tree, offset=0, limit=0, sort="score", by_article=False, limits=self._limits
        )


def _filters(*given: Any) -> Filters:
    """Return filters; none for what narrows nothing, which is told by its identity."""
    return _NO_FILTERS if given == _NONE_GIVEN else Filters(*given)


def _quick_tree(query: str, limits: Limits) -> Query:
    """Return the tree of a query that an engine answered without."""
    return without_captions(read(query, None, limits=limits))


def _shown(article: StoredArticle) -> Sequence[Paragraph]:
    """Return the paragraph that was asked for; of an article all, without captions."""
    if article.paragraph:
        return (article.paragraph,)
    return [paragraph for paragraph in article.paragraphs if paragraph.kind != "caption"]


def _duplicate(paragraph: Paragraph, group: str) -> Duplicate:
    return Duplicate(
        id=paragraph.article if group else paragraph.id,
        article=paragraph.article,
        title=paragraph.title,
        date=paragraph.date,
        path=paragraph.path,
    )


def _opened(path: str, name: str) -> LocalEngine | NativeEngine:
    """Open the engine of a name; `auto` takes the native one where it can."""
    if name in ("auto", "native"):
        found = _native(path, name)
        if found is not None:
            return found
    from searcher.engines.local import open_engine

    return open_engine(path)


def _native(path: str, name: str) -> NativeEngine | None:
    try:
        from searcher.engines import native
    except ImportError:
        if name == "auto":
            return None
        raise IndexIncompatible(
            f"{path}: the native engine isn't installed. "
            "Open it with engine='local', or install searcher where Rust is",
            path,
        ) from None
    if name == "auto" and not native.may_open(path):
        return None
    found = native.open_engine(path)
    if found is None and name == "native":
        raise native.unavailable(path)
    return found


def _mark(path: str) -> tuple[int, int, int] | None:
    """Return what the newest commit is known by; None when that can't be told just now."""
    from searcher.indexing.segment_list import commit_mark

    try:
        return commit_mark(path)
    except OSError:
        return None


class _Closed:
    """Stands where the engine of a closed archive was."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __getattr__(self, name: str) -> Any:
        raise ArchiveError(f"{self._path}: the archive is closed. Open it again", self._path)


def _check_choices(sort: str, facets: Sequence[str], group: str, dups: str = SHOW) -> None:
    if dups not in DUPS:
        raise QueryError(f"can't {dups!r} near-duplicates. Choose one of: {', '.join(DUPS)}")
    if sort not in SORTS:
        raise QueryError(f"can't sort by {sort!r}. Choose one of: {', '.join(SORTS)}")
    if group not in ("", "article"):
        raise QueryError(f"can't group by {group!r}. Hits are grouped by: article")
    for name in facets:
        if name not in FACETS:
            raise QueryError(f"no facet {name!r}. Choose one of: {', '.join(FACETS)}")
