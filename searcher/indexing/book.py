"""The articles of one source, while a run takes them anew.

What is *taken* is in the source now; what is *left* is in its record from
before, and may be gone.  Few articles are held as they are, many in parts of
the manifest.

    >>> from searcher.indexing.manifest import ArchiveRecord
    >>> book = Book(Manifest(ArchiveRecord()), "a.txt")
    >>> book.put(Entry("a.txt", 1, "", 0, 2, 9, 3, 0, 1))
    >>> book.took("a.txt"), book.settle(SourceRecord("a.txt")), list(book.left())
    (True, True, [])
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from searcher.indexing.manifest import PART_ARTICLES, Entry, SourceRecord, Sums
from searcher.indexing.records import Manifest
from searcher.values import replace


class Book:
    """Keeps the articles of a source, and their sums.

    Args:
        manifest: what is changed.
        name: of the source; its record's articles are left at first.
    """

    def __init__(self, manifest: Manifest, name: str) -> None:
        self._manifest = manifest
        self._name = name
        self._kept: _Articles = (_Many if manifest.is_in_parts(name) else _Few)(manifest, name)
        self._sums = Sums()

    @property
    def has_taken(self) -> bool:
        """Whether anything was taken."""
        return self._kept.has_taken

    @property
    def has_left(self) -> bool:
        """Whether anything is left."""
        return self._kept.has_left

    def get(self, article: str) -> Entry | None:
        """Return an article, taken or left."""
        return self._kept.get(article)

    def took(self, article: str) -> bool:
        """Tell whether an article was taken."""
        return self._kept.took(article)

    def left(self) -> Iterator[Entry]:
        """Yield what is left; that may be dropped meanwhile."""
        return self._kept.left()

    def put(self, entry: Entry) -> None:
        """Take an article, in place of the one that had its id."""
        old = self._kept.get(entry.id)
        if old is not None:
            self._sums.count(old, -1)
        self._sums.count(entry)
        self._kept.put(entry)
        if isinstance(self._kept, _Few) and len(self._kept.taken) > PART_ARTICLES:
            self._kept = _Many.of(self._kept)

    def drop(self, entry: Entry) -> None:
        """Forget an article that is left."""
        self._sums.count(entry, -1)
        self._kept.drop(entry)

    def settle(self, record: SourceRecord, *, last: bool = True) -> bool:
        """Put the record into the manifest with these articles; False if it says the same.

        Args:
            record: whose entries don't count.
            last: no more articles will come.
        """
        if last and isinstance(self._kept, _Many) and self._kept.size <= PART_ARTICLES:
            self._kept = self._kept.as_few()
        if isinstance(self._kept, _Few) and len(self._kept.all()) > PART_ARTICLES:
            self._kept = _Many.of(self._kept)
        full, was = self._kept.record(record), self._manifest.sources.get(self._name)
        if not self._kept.changed and full.same_content(was):
            return False
        self._manifest.put(full, self._sums.added(self._manifest.archive))
        self._kept.settled(full, was)
        self._sums = Sums()
        return True


class _Articles(Protocol):
    changed: bool

    @property
    def has_taken(self) -> bool: ...
    @property
    def has_left(self) -> bool: ...
    def get(self, article: str) -> Entry | None: ...
    def took(self, article: str) -> bool: ...
    def left(self) -> Iterator[Entry]: ...
    def put(self, entry: Entry) -> None: ...
    def drop(self, entry: Entry) -> None: ...
    def record(self, record: SourceRecord) -> SourceRecord: ...
    def settled(self, record: SourceRecord, was: SourceRecord | None) -> None: ...


class _Few:
    """Articles that the record holds itself."""

    def __init__(self, manifest: Manifest, name: str) -> None:
        self.manifest = manifest
        self.name = name
        self.changed = False
        found = manifest.sources.get(name)
        self.old = {entry.id: entry for entry in found.entries} if found else {}
        self.taken: dict[str, Entry] = {}

    @property
    def has_taken(self) -> bool:
        return bool(self.taken)

    @property
    def has_left(self) -> bool:
        return bool(self.old)

    def get(self, article: str) -> Entry | None:
        return self.taken.get(article) or self.old.get(article)

    def took(self, article: str) -> bool:
        return article in self.taken

    def left(self) -> Iterator[Entry]:
        return iter(tuple(self.old.values()))

    def put(self, entry: Entry) -> None:
        self.old.pop(entry.id, None)
        self.taken[entry.id] = entry

    def drop(self, entry: Entry) -> None:
        del self.old[entry.id]

    def all(self) -> tuple[Entry, ...]:
        return (*self.taken.values(), *self.old.values())

    def record(self, record: SourceRecord) -> SourceRecord:
        return replace(record, entries=self.all(), spans=())

    def settled(self, record: SourceRecord, was: SourceRecord | None) -> None:
        """Have the manifest know the articles as the source's."""
        before = set(was.entries) if was else set()
        for entry in before.difference(record.entries):
            self.manifest.disown(self.name, entry)
        for entry in record.entries:
            if entry not in before:
                self.manifest.own(self.name, entry)


class _Many:
    """Articles in parts."""

    def __init__(self, manifest: Manifest, name: str) -> None:
        self._manifest = manifest
        self._name = name
        self.changed = False
        spans = manifest.sources[name].spans
        self._counts = {span: [articles, paragraphs] for span, articles, paragraphs in spans}
        self.size = sum(articles for articles, _ in self._counts.values())
        # A bit for each number of a span.
        self._taken: dict[int, int] = {}
        self._taken_count = 0
        # What was found last: an article is asked for several times while it is taken.
        self._last: tuple[str, Entry | None] = ("", None)

    @classmethod
    def of(cls, few: _Few) -> _Many:
        """Return few articles as the first of many."""
        few.manifest.begin_parts(few.name)
        many = cls(few.manifest, few.name)
        for entry in few.old.values():
            many._set(entry)
        for entry in few.taken.values():
            many.put(entry)
        return many

    def as_few(self) -> _Few:
        """Return the articles out of their parts."""
        entries = [entry for span in self._counts for entry in self._part(span)]
        taken = {entry.id for entry in entries if self.took(entry.id)}
        for entry in entries:
            self._manifest.disown(self._name, entry)
        for span in self._counts:
            self._manifest.parts.change(self._name, span).clear()
        self._manifest.end_parts(self._name)
        few = _Few(self._manifest, self._name)
        few.changed = True
        for entry in sorted(entries, key=lambda one: (one.base, one.number)):
            (few.taken if entry.id in taken else few.old)[entry.id] = entry
        return few

    def _part(self, span: int) -> tuple[Entry, ...]:
        return tuple(self._manifest.parts.get(self._name, span).values())

    @property
    def has_taken(self) -> bool:
        return self._taken_count > 0

    @property
    def has_left(self) -> bool:
        return self._taken_count < self.size

    def get(self, article: str) -> Entry | None:
        if self._last[0] != article:
            self._last = article, self._manifest.entry(self._name, article)
        return self._last[1]

    def took(self, article: str) -> bool:
        entry = self.get(article)
        return entry is not None and self._is_taken(entry)

    def _is_taken(self, entry: Entry) -> bool:
        span, at = divmod(entry.number, PART_ARTICLES)
        return bool(self._taken.get(span, 0) >> at & 1)

    def left(self) -> Iterator[Entry]:
        for span in tuple(self._counts):
            yield from (entry for entry in self._part(span) if not self._is_taken(entry))

    def put(self, entry: Entry) -> None:
        self._set(entry)
        span, at = divmod(entry.number, PART_ARTICLES)
        self._taken[span] = self._taken.get(span, 0) | 1 << at
        self._taken_count += 1

    def _set(self, entry: Entry) -> None:
        self._last = entry.id, entry
        span = entry.number // PART_ARTICLES
        old = self._manifest.parts.get(self._name, span).get(entry.id)
        if old == entry:
            return
        if old is None:
            self._manifest.own(self._name, entry)
        self._manifest.parts.change(self._name, span)[entry.id] = entry
        self._count(span, int(old is None), entry.paragraphs - (old.paragraphs if old else 0))

    def drop(self, entry: Entry) -> None:
        self._last = entry.id, None
        span = entry.number // PART_ARTICLES
        self._manifest.disown(self._name, entry)
        del self._manifest.parts.change(self._name, span)[entry.id]
        self._count(span, -1, -entry.paragraphs)

    def _count(self, span: int, articles: int, paragraphs: int) -> None:
        self.changed = True
        self.size += articles
        count = self._counts.setdefault(span, [0, 0])
        count[0] += articles
        count[1] += paragraphs
        if not count[0]:
            del self._counts[span]

    def record(self, record: SourceRecord) -> SourceRecord:
        spans = tuple((span, *count) for span, count in sorted(self._counts.items()))
        return replace(record, entries=(), spans=spans)

    def settled(self, record: SourceRecord, was: SourceRecord | None) -> None:
        """Go on; the manifest knew the articles one by one."""
        self.changed = False
