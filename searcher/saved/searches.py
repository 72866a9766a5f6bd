"""The saved searches of an open archive: `archive.saved`.

    archive.saved.save("tomahawk", "tomahawk OR cruise missile", desk="world")
    for hit in archive.saved.new("tomahawk").hits: ...

A hit is new to a search once.  What is printed is marked as seen only when the
printing went well (`looking`), so nothing is lost to a broken pipe.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from searcher.errors import QueryError
from searcher.filters import Day, Values
from searcher.query.limits import Limits
from searcher.query.tree import Query
from searcher.results import JSON_VERSION, Hit, Scored
from searcher.saved.memory import MOST, Digests, Memory
from searcher.saved.references import Resolver
from searcher.saved.store import SavedSearch, Searches, Store, checked_name
from searcher.values import replace


@dataclass(frozen=True)
class Answers:
    """What a look needs of an archive.

    Attributes:
        read: a tree as parsed to the tree that is answered.
        count: how many paragraphs match a tree.
        each: what matches, the newest first, as the engine found it.
        undated: how many match but for a date filter, and have no date.
        whole: one of those that match as a hit, with spans and snippet.
    """

    read: Callable[[Query], Query]
    count: Callable[[Query], int]
    each: Callable[[Query], Iterator[Scored]]
    undated: Callable[[Query], int]
    whole: Callable[[Query, Scored], Hit]


@dataclass(frozen=True)
class NewHit:
    """A hit that a search finds for the first time.

    Attributes:
        hit: the hit.
        digest: what the search remembers it by; the same in every index of the same text.
    """

    hit: Hit
    digest: bytes


@dataclass(frozen=True)
class News:
    """What is new to one saved search.

    Attributes:
        search: as it was before the look.
        parsed: how its query was read today.
        found: the new hits, the newest first, with their digests.
        undated: paragraphs, new or not, that a date filter leaves out for want of a date.
        memory: what the search remembers once they are marked as seen.
    """

    search: SavedSearch
    parsed: str
    found: tuple[NewHit, ...]
    undated: int
    memory: Memory = field(repr=False)

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The new hits, the newest first."""
        return tuple(one.hit for one in self.found)

    @property
    def articles(self) -> int:
        """In how many articles they are."""
        return len({hit.article for hit in self.hits})

    def as_dict(self) -> dict[str, Any]:
        """Return the envelope of docs/saved-searches.md."""
        return {
            "version": JSON_VERSION,
            "search": self.search.name,
            "query": self.search.query,
            "parsed": self.parsed,
            "looked": self.search.looked.isoformat() if self.search.looked else None,
            "total": len(self.found),
            "articles": self.articles,
            "undated": self.undated,
            "hits": [hit.as_dict() for hit in self.hits],
        }


@dataclass(frozen=True)
class Look:
    """What is new to several searches.

    Attributes:
        news: of each that could be asked, in the order asked for.
        failures: by name, why the others couldn't.
    """

    news: tuple[News, ...]
    failures: dict[str, QueryError]


class SavedSearches:
    """The saved searches of an index, asked on one archive.

    Args:
        folder: of the index.
        answers: what the archive answers.
        today: what relative dates count from, and the day that a look is noted with.
        limits: bounds of one query.
    """

    def __init__(self, folder: str, answers: Answers, today: date | None, limits: Limits) -> None:
        self._store = Store(folder)
        self._answers = answers
        self._today = today
        self._limits = limits

    def resolve(self, name: str, depth: int = 0) -> Query:
        """Return the tree that `query:NAME` stands for; see searcher.query.references."""
        return self._resolver(self._store.read())(name, depth)

    def _resolver(self, searches: Searches) -> Resolver:
        return Resolver(searches, self._today, self._limits)

    def list(self) -> tuple[SavedSearch, ...]:
        """Return the saved searches by name."""
        return tuple(self._store.read().values())

    def count(self, name: str) -> int:
        """Return how many paragraphs a saved search finds now, seen or not."""
        searches = self._store.read()
        return self._answers.count(self._tree(searches, _named(searches, name)))

    def save(
        self,
        name: str,
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
        replace: bool = False,
    ) -> SavedSearch:
        """Save a search under a name; what it finds now counts as seen.

        Args:
            name: letters, digits, `_` and `-`, at most 64.
            query: a query string, kept as typed: a relative date stays relative.
            since, until, on, section, desk, kind, scope, plain: as for `Archive.search`.
            replace: put it in place of one of the same name, and begin anew.

        Raises:
            QueryError: the name won't do or is taken, or the query can't be answered.
            IndexLocked: another run is changing the saved searches.
        """
        search = SavedSearch(
            checked_name(name),
            str(query),
            _typed_day(since),
            _typed_day(until),
            _typed_day(on),
            _typed_values(section),
            _typed_values(desk),
            _typed_values(kind),
            scope,
            plain,
            saved=self._today,
            looked=self._today,
        )
        with self._store.changing() as searches:
            if name in searches and not replace:
                raise QueryError(
                    f"there is a saved search {name} already: {searches[name].query}. "
                    "Choose another name, or replace it with --force"
                )
            searches[name] = search
            found = self._digested(search, self._tree(searches, search))
            searches[name] = _with_memory(search, [digest for _, digest in found])
            return searches[name]

    def delete(self, name: str) -> SavedSearch:
        """Delete a saved search and what it remembers, and return it.

        Raises:
            QueryError: there is none of that name.
        """
        with self._store.changing() as searches:
            found = _named(searches, name)
            del searches[name]
            return found

    def new(self, name: str, *, mark: bool = True) -> News:
        """Return what a saved search finds that it hadn't found before.

        Args:
            name: of the search.
            mark: take it as seen from now on.

        Raises:
            QueryError: there is no such search, or it can't be answered.
            IndexLocked: another run is using the saved searches.
        """
        with self.looking([name], mark=mark) as look:
            for error in look.failures.values():
                raise error
            return look.news[0]

    @contextmanager
    def looking(self, names: Sequence[str] = (), *, mark: bool = True) -> Iterator[Look]:
        """Give what is new, and take it as seen when the block ends well.

        Two runs never give the same: the second waits until the first has ended.

        Args:
            names: of the searches; all of them when empty.
            mark: False leaves everything as it is, and waits for nobody.

        Raises:
            QueryError: there is no search of a name.
            IndexLocked: another run is using the saved searches.
        """
        if not mark:
            yield self._look_at(self._store.read(), names)
            return
        with self._store.changing() as searches:
            look = self._look_at(searches, names)
            yield look
            searches.update((news.search.name, self._marked(news)) for news in look.news)

    def _look_at(self, searches: Searches, names: Sequence[str]) -> Look:
        chosen = [_named(searches, name) for name in dict.fromkeys(names or searches)]
        news, failures = [], {}
        for search in chosen:
            try:
                news.append(self._look(searches, search))
            except QueryError as error:
                failures[search.name] = error
        return Look(tuple(news), failures)

    def _look(self, searches: Searches, search: SavedSearch) -> News:
        tree = self._tree(searches, search)
        fresh, found = [], []
        for scored, digest in self._digested(search, tree):
            found.append(digest)
            if not search.memory.has(digest):
                fresh.append((scored, digest))
        hits = tuple(NewHit(self._answers.whole(tree, one), digest) for one, digest in fresh)
        undated = self._answers.undated(tree)
        return News(search, str(tree), hits, undated, search.memory.after(found))

    def _digested(self, search: SavedSearch, tree: Query) -> Iterator[tuple[Scored, bytes]]:
        total = self._answers.count(tree)
        if total > MOST:
            raise QueryError(
                f"{search.name}: {total:,} hits; a saved search remembers at most {MOST:,}. "
                "Narrow it with a word or a filter"
            )
        digests = Digests()
        for scored in self._answers.each(tree):
            yield scored, digests.of(scored.paragraph)

    def _tree(self, searches: Searches, search: SavedSearch) -> Query:
        return self._answers.read(self._resolver(searches).tree(search))

    def _marked(self, news: News) -> SavedSearch:
        return replace(news.search, looked=self._today, memory=news.memory)


def _named(searches: Searches, name: str) -> SavedSearch:
    if name in searches:
        return searches[name]
    known = f"There are: {', '.join(searches)}" if searches else "There are none"
    raise QueryError(f"there is no saved search {name!r}. {known}")


def _with_memory(search: SavedSearch, digests: list[bytes]) -> SavedSearch:
    return replace(search, memory=Memory().after(digests))


def _typed_day(day: Day) -> str | None:
    return day.isoformat() if isinstance(day, date) else day


def _typed_values(values: Values) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values)
