"""All records of an index, as a run reads and changes them.

They are packed: a million files, or the articles of a file of a gigabyte, must
fit in memory beside the rest of a run.  Parts of records that the run doesn't
change stay in the index.

    >>> records = Records()
    >>> records["a.txt"] = SourceRecord("a.txt", size=3)
    >>> records["a.txt"].size, len(records), "b.txt" in records
    (3, 1, False)
"""

from __future__ import annotations

import marshal
import zlib
from collections.abc import Iterable, Iterator, MutableMapping
from typing import Any, TypeAlias

from searcher.indexing.manifest import (
    NO_SPAN,
    PART_ARTICLES,
    ArchiveRecord,
    Entry,
    SourceRecord,
    Sums,
    archive_record,
    part,
    source_heads,
)
from searcher.indexing.packed import Packed, Slots
from searcher.values import replace

PARTS_OPEN = 8
"""Parts that are held unpacked."""

_NUMBER_BITS = 36


class Records(MutableMapping[str, SourceRecord]):
    """Name of a source to its record, without entries that are in parts; what is got is a copy."""

    def __init__(self) -> None:
        self._packed = Packed()
        # The source whose row was asked for last: each of its articles asks for it.
        self._last = ("", -1)

    def __getitem__(self, name: str) -> SourceRecord:
        return SourceRecord.of(self.payload(name))

    def payload(self, name: str) -> tuple[Any, ...]:
        """Return a record as SourceRecord.payload does, without making the record."""
        # Packed by this very process.
        size, mtime, checked, sha, reading, rows, *rest = marshal.loads(self._packed[name])  # noqa: S302
        entries = tuple([_unpacked(name, row) for row in rows])
        return name, size, mtime, checked, _long(sha), _long(reading), entries, *rest

    def __setitem__(self, name: str, record: SourceRecord) -> None:
        _, size, mtime, checked, sha, reading, entries, *rest = record.payload()
        rows = tuple([_packed(name, entry) for entry in entries])
        whole = (size, mtime, checked, _short(sha), _short(reading), rows, *rest)
        self._packed[name] = marshal.dumps(whole)

    def __delitem__(self, name: str) -> None:
        self._last = ("", -1)
        del self._packed[name]

    def __contains__(self, name: object) -> bool:
        return name in self._packed

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)

    def row(self, name: str) -> int:
        """Return a number for a source, which stays while the source does."""
        if self._last[0] != name or self._last[1] < 0:
            row = self._packed.row(name)
            if row is None:
                raise KeyError(name)
            self._last = name, row
        return self._last[1]

    def name(self, row: int) -> str:
        """Return the source that has a number."""
        return self._packed.key(row)


def _packed(name: str, entry: Iterable[Any]) -> tuple[Any, ...]:
    article, number, print_, *rest = entry
    return None if article == name else article, number, _short(print_), *rest


def _unpacked(name: str, row: Iterable[Any]) -> tuple[Any, ...]:
    article, number, print_, *rest = row
    return name if article is None else article, number, _long(print_), *rest


def _short(digest: str) -> str | bytes:
    """Return a hexadecimal number as its bytes; what is none, as it is."""
    try:
        found = bytes.fromhex(digest)
    except ValueError:
        return digest
    return found if found and found.hex() == digest else digest


def _long(digest: str | bytes) -> str:
    return digest if isinstance(digest, str) else digest.hex()


Part: TypeAlias = "dict[str, Entry]"


class Parts:
    """Entries of sources whose records are in parts.

    Args:
        reader: a Whoosh reader of the index that holds what wasn't changed; None
            where there is nothing yet.

    Attributes:
        changed: (source, span) of each part that the next commit has to write.
    """

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self._packed: dict[tuple[str, int], bytes] = {}
        self._open: dict[tuple[str, int], Part] = {}
        self._unpacked: set[tuple[str, int]] = set()
        self.changed: set[tuple[str, int]] = set()

    def get(self, name: str, span: int) -> Part:
        """Return the entries of a part by their ids; to change it, `change` it."""
        key = name, span
        found = self._open.pop(key, None)
        if found is None:
            found = self._read(key)
            if len(self._open) >= PARTS_OPEN:
                self._close(next(iter(self._open)))
        # The last is the one that was used last.
        self._open[key] = found
        return found

    def change(self, name: str, span: int) -> Part:
        """Return the entries of a part, to be changed at once."""
        found = self.get(name, span)
        self._unpacked.add((name, span))
        self.changed.add((name, span))
        return found

    def _read(self, key: tuple[str, int]) -> Part:
        if key in self._packed:
            return {row[0]: Entry(*row) for row in self._rows(key)}
        if self._reader is None:
            return {}
        return {entry.id: entry for entry in part(self._reader, *key)}

    def _rows(self, key: tuple[str, int]) -> tuple[Any, ...]:
        return marshal.loads(zlib.decompress(self._packed[key]))  # type: ignore[no-any-return]  # noqa: S302

    def _close(self, key: tuple[str, int]) -> None:
        entries = self._open.pop(key)
        if key in self._unpacked:
            self._unpacked.discard(key)
            rows: Any = tuple(map(tuple, entries.values()))
            self._packed[key] = zlib.compress(marshal.dumps(rows), 1)

    def payload(self, name: str, span: int) -> tuple[Any, ...] | None:
        """Return a part as it is stored; None when nothing is left in it."""
        key = name, span
        if key not in self._open and key in self._packed:
            rows = self._rows(key)
        else:
            rows = tuple(map(tuple, self.get(name, span).values()))
        return (name, span, rows) if rows else None


class Manifest:
    """The records, and which source holds an article.

    Attributes:
        sources: name to record, without entries that are in parts.
        parts: these.
    """

    def __init__(self, archive: ArchiveRecord, reader: Any = None) -> None:
        self._archive = archive
        # Apart from the record, which is not made anew for each article.
        self._next = archive.next_article_no
        self.sources = Records()
        self.parts = Parts(reader)
        self._in_parts: set[str] = set()
        # Of articles that aren't named as their source: few are, where files are small.
        self._owners: Slots | None = None

    @property
    def archive(self) -> ArchiveRecord:
        """The totals."""
        if self._archive.next_article_no != self._next:
            self._archive = replace(self._archive, next_article_no=self._next)
        return self._archive

    @classmethod
    def read(cls, reader: Any) -> Manifest:
        """Return the manifest that an index holds; it goes on reading parts of it."""
        manifest = cls(archive_record(reader), reader)
        for record in source_heads(reader):
            manifest.put(record, manifest.archive)
        return manifest

    def entries(self, name: str) -> Iterator[Entry]:
        """Yield the articles of a source, which may change meanwhile."""
        for _, entries in self.parts_of(name):
            yield from entries

    def parts_of(self, name: str) -> Iterator[tuple[tuple[int, int, int], tuple[Entry, ...]]]:
        """Yield (span, articles, paragraphs) as the record says, and the articles, of each part.

        A record that holds its articles itself is one part, with a span of NO_SPAN.
        """
        record = self.sources[name]
        if not record.spans:
            yield (NO_SPAN, 0, 0), record.entries
        for counts in record.spans:
            yield counts, tuple(self.parts.get(name, counts[0]).values())

    def is_in_parts(self, name: str) -> bool:
        """Tell whether the entries of a source are in parts of its record."""
        return name in self._in_parts

    def put(self, record: SourceRecord, total: ArchiveRecord) -> None:
        """Put the record of a source in place of the one it had, whose articles it takes over.

        Args:
            record: without entries that are in parts.
            total: the totals with it, but for the number of sources.
        """
        self.sources[record.name] = record
        (self._in_parts.add if record.spans else self._in_parts.discard)(record.name)
        self._archive = replace(total, sources=len(self.sources))

    def begin_parts(self, name: str) -> None:
        """Have the entries of a source in parts from now on, which are empty yet."""
        record = self.sources.get(name) or SourceRecord(name)
        self._slots()
        for entry in record.entries:
            self.disown(name, entry)
        self.sources[name] = replace(record, sha256="", entries=())
        self._in_parts.add(name)

    def end_parts(self, name: str) -> None:
        """Have the record of a source hold its entries from now on; it has none yet."""
        self.sources[name] = replace(self.sources[name], sha256="", spans=())
        self._in_parts.discard(name)

    def remove(self, name: str) -> None:
        """Forget a source and its articles."""
        if name not in self.sources:
            return
        went = Sums()
        for entry in self.entries(name):
            self.disown(name, entry)
            went.count(entry, -1)
        for span, *_ in self.sources[name].spans:
            self.parts.change(name, span).clear()
        del self.sources[name]
        self._in_parts.discard(name)
        self._archive = replace(went.added(self.archive), sources=len(self.sources))

    def take_number(self) -> int:
        """Return a serial number that no article had before."""
        self._next += 1
        return self._next - 1

    # Which source holds an article.

    def owner(self, article: str) -> str | None:
        """Return the name of the source that holds an article; None if none does."""
        for row, number in self._found(article):
            name = self.sources.name(row)
            if self._numbered(name, number, article) is not None:
                return name
        if article in self.sources and any(one.id == article for one in self.entries(article)):
            return article
        return None

    def entry(self, name: str, article: str) -> Entry | None:
        """Return the entry of an article in a source whose entries are in parts."""
        mine = self.sources.row(name)
        for row, number in self._found(article):
            if row == mine and (found := self._numbered(name, number, article)):
                return found
        return None

    def _found(self, article: str) -> Iterator[tuple[int, int]]:
        for found in self._slots().find(hash(article)):
            yield divmod(found, 1 << _NUMBER_BITS)

    def _numbered(self, name: str, number: int, article: str) -> Entry | None:
        if name in self._in_parts:
            return self.parts.get(name, number // PART_ARTICLES).get(article)
        entries = self.sources[name].entries
        return next((one for one in entries if one.id == article), None)

    def own(self, name: str, entry: Entry) -> None:
        """Note that a source, which has a record, holds an article."""
        if self._owners is not None and self._is_noted(name, entry):
            self._owners.add(hash(entry.id), self._place(name, entry))

    def disown(self, name: str, entry: Entry) -> None:
        """Note that a source doesn't hold an article any more."""
        if self._owners is not None and self._is_noted(name, entry):
            self._owners.remove(hash(entry.id), self._place(name, entry))

    def _is_noted(self, name: str, entry: Entry) -> bool:
        # Of a source of many any may be asked for at any time.
        return entry.id != name or name in self._in_parts

    def _place(self, name: str, entry: Entry) -> int:
        return self.sources.row(name) << _NUMBER_BITS | entry.number

    def _slots(self) -> Slots:
        """Return which source holds which article; it is looked up when it is first asked for."""
        if self._owners is None:
            self._owners = Slots()
            for name in self.sources:
                for entry in self.entries(name):
                    self.own(name, entry)
        return self._owners
