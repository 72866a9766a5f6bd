"""All records of an index, as a run reads and changes them.

They are packed: a million files must fit in memory beside the rest of a run.

A record as it is takes about a kilobyte, packed a quarter of that.

    >>> records = Records()
    >>> records["a.txt"] = SourceRecord("a.txt", size=3)
    >>> records["a.txt"].size, len(records), "b.txt" in records
    (3, 1, False)
"""

from __future__ import annotations

import marshal
from collections.abc import Iterator, MutableMapping
from typing import Any

from searcher.indexing.manifest import ArchiveRecord, SourceRecord, archive_record, source_records
from searcher.values import replace


class Records(MutableMapping[str, SourceRecord]):
    """Name of a source to its record; what is got is a copy."""

    def __init__(self) -> None:
        self._packed: dict[str, bytes] = {}

    def __getitem__(self, name: str) -> SourceRecord:
        return SourceRecord.of(self.payload(name))

    def payload(self, name: str) -> tuple[Any, ...]:
        """Return a record as SourceRecord.payload does, without making the record."""
        # Packed a moment ago by this very process.
        payload: tuple[Any, ...] = marshal.loads(self._packed[name])  # noqa: S302
        return payload

    def __setitem__(self, name: str, record: SourceRecord) -> None:
        self._packed[name] = marshal.dumps(record.payload())

    def __delitem__(self, name: str) -> None:
        del self._packed[name]

    def __contains__(self, name: object) -> bool:
        return name in self._packed

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


class Manifest:
    """The records, and which source holds an article.

    Attributes:
        sources: name to record.
    """

    def __init__(self, archive: ArchiveRecord) -> None:
        self._archive = archive
        # Apart from the record, which is not made anew for each article.
        self._next = archive.next_article_no
        self.sources = Records()
        # Without the articles that are named as their source: most, where files are small.
        self._owners: dict[str, str] = {}

    @property
    def archive(self) -> ArchiveRecord:
        """The totals."""
        if self._archive.next_article_no != self._next:
            self._archive = replace(self._archive, next_article_no=self._next)
        return self._archive

    @classmethod
    def read(cls, reader: Any) -> Manifest:
        """Return the manifest that an index holds."""
        manifest = cls(archive_record(reader))
        for record in source_records(reader):
            manifest._put(record)
        return manifest

    def owner(self, article: str) -> str | None:
        """Return the name of the source that holds an article; None if none does."""
        owner = self._owners.get(article)
        if owner is None and article in self.sources:
            entries = self.sources[article].entries
            return article if any(entry.id == article for entry in entries) else None
        return owner

    def replace(self, record: SourceRecord) -> None:
        """Put a source's record in place of the one it had."""
        self.remove(record.name)
        self._put(record)
        archive = self.archive.plus(record.entries)
        self._settle(archive)

    def _put(self, record: SourceRecord) -> None:
        self.sources[record.name] = record
        ids = (entry.id for entry in record.entries if entry.id != record.name)
        self._owners.update(dict.fromkeys(ids, record.name))

    def remove(self, name: str) -> None:
        """Forget a source and its articles."""
        old = self.sources.pop(name, None)
        if old is None:
            return
        for entry in old.entries:
            if self._owners.get(entry.id) == name:
                del self._owners[entry.id]
        self._settle(self.archive.plus(old.entries, -1))

    def _settle(self, archive: ArchiveRecord) -> None:
        self._archive = replace(archive, sources=len(self.sources))

    def take_number(self) -> int:
        """Return a serial number that no article had before."""
        self._next += 1
        return self._next - 1
