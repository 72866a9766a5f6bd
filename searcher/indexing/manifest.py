"""What an index knows of the files it was made from.

The manifest is kept in the index itself, as documents that have none of a
paragraph's fields: one record a source, and one of the archive.  They are
replaced in the commit that replaces their paragraphs, so neither can be right
without the other.

    record    "archive"          "source" and "source:<name>"
    payload   (of ArchiveRecord)  (of SourceRecord)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from searcher.errors import IndexIncompatible
from searcher.indexing.format import FORMAT_VERSION
from searcher.values import frozen, replace

STDIN = "-"
"""Name of the source that standard input is."""

FIRST_ARTICLE_NO = 1
"""So that 0 in the `article_no` column is no article."""


class Entry(NamedTuple):
    """One article of a source.

    Attributes:
        id: of the article.
        number: its serial number, `article_no`.
        fingerprint: of its content; see documents.fingerprint.
        base: its first character in the source.
        paragraphs: how many documents it is.
        words: tokens of their `text`, `title_words` and `section_words` of
            those fields, each summed over the paragraphs.
        dated: 1 if it has a date, else 0.
    """

    id: str
    number: int
    fingerprint: str
    base: int
    paragraphs: int
    words: int
    title_words: int
    section_words: int
    dated: int


@frozen
class SourceRecord:
    """One file as it was when it was last read.

    Attributes:
        name: relative to the folder that holds the index, with forward slashes.
        size, mtime_ns: of the file then.
        checked_ns: when that was looked up; a file that changed within the two
            seconds before is read again, since its time may not show a change.
        sha256: of its bytes; empty when the record is of a part of it only.
        reading: fingerprint of the options it was read with.
        entries: its articles.
        skips: (name, reason, detail) of what in it could not be read.
        waiting: ids of articles of it that another source holds.
    """

    name: str
    size: int = 0
    mtime_ns: int = 0
    checked_ns: int = 0
    sha256: str = ""
    reading: str = ""
    entries: tuple[Entry, ...] = ()
    skips: tuple[tuple[str, str, str], ...] = ()
    waiting: tuple[str, ...] = ()

    def payload(self) -> tuple[Any, ...]:
        """Return the record as plain tuples, numbers and strings."""
        return (
            self.name,
            self.size,
            self.mtime_ns,
            self.checked_ns,
            self.sha256,
            self.reading,
            tuple(map(tuple, self.entries)),
            self.skips,
            self.waiting,
        )

    @classmethod
    def of(cls, payload: tuple[Any, ...]) -> SourceRecord:
        """Return the record of a payload."""
        record = cls(*payload)
        return replace(record, entries=tuple(Entry(*entry) for entry in record.entries))

    def same_content(self, other: SourceRecord | None) -> bool:
        """Tell whether both say the same of the index; when they were checked doesn't count."""
        return other is not None and self == replace(
            other, size=self.size, mtime_ns=self.mtime_ns, checked_ns=self.checked_ns
        )

    @property
    def bases(self) -> dict[str, int]:
        """Article id to its first character in the source."""
        return {entry.id: entry.base for entry in self.entries}


@frozen
class ArchiveRecord:
    """The index as a whole; the counts are exact, of live paragraphs only.

    Attributes:
        format_version: FORMAT_VERSION of the writer.
        language: whose stems the index holds.
        next_article_no: serial number of the next new article.
        documents: paragraphs.
        words, title_words, section_words: tokens of those fields, summed over
            the paragraphs, so that `words / documents` is the average length.
        articles, undated: articles, and those of them without a date.
        sources: files with a record, standard input counted as one.
    """

    format_version: int = FORMAT_VERSION
    language: str = "en"
    next_article_no: int = FIRST_ARTICLE_NO
    documents: int = 0
    words: int = 0
    title_words: int = 0
    section_words: int = 0
    articles: int = 0
    undated: int = 0
    sources: int = 0

    def payload(self) -> dict[str, Any]:
        """Return the record as it is stored."""
        return {name: getattr(self, name) for name in self.__match_args__}

    def plus(self, entries: Iterable[Entry], sign: int = 1) -> ArchiveRecord:
        """Return the record with these articles added, or taken away with sign -1."""
        documents = words = titles = sections = articles = dated = 0
        for entry in entries:
            documents += entry.paragraphs
            words += entry.words
            titles += entry.title_words
            sections += entry.section_words
            articles += 1
            dated += entry.dated
        return replace(
            self,
            documents=self.documents + sign * documents,
            words=self.words + sign * words,
            title_words=self.title_words + sign * titles,
            section_words=self.section_words + sign * sections,
            articles=self.articles + sign * articles,
            undated=self.undated + sign * (articles - dated),
        )


def archive_record(reader: Any) -> ArchiveRecord:
    """Return what an index says of itself; of a new one, that it is empty.

    Args:
        reader: a Whoosh reader of the whole index.

    Raises:
        IndexIncompatible: it holds documents, but no such record.
    """
    for docnum in record_docnums(reader, "archive"):
        return ArchiveRecord(**reader.stored_fields(docnum)["payload"])
    if reader.doc_count():
        raise IndexIncompatible("a Whoosh index without an archive record: not one of searcher")
    from searcher.indexing.schema import language_of

    return ArchiveRecord(language=language_of(reader.schema))


def source_record(reader: Any, name: str) -> SourceRecord | None:
    """Return the record of one source; None when the index has none of that name."""
    for docnum in record_docnums(reader, f"source:{name}"):
        return SourceRecord.of(reader.stored_fields(docnum)["payload"])
    return None


def source_records(reader: Any) -> Iterator[SourceRecord]:
    """Yield the record of every source."""
    for docnum in record_docnums(reader, "source"):
        yield SourceRecord.of(reader.stored_fields(docnum)["payload"])


def record_names(source: str | None = None) -> tuple[str, ...]:
    """Return the terms of the record of a source; of that of the archive without one."""
    return ("archive",) if source is None else ("source", f"source:{source}")


def record_docnums(reader: Any, name: str) -> list[int]:
    """Return the docnums of the records of a name."""
    return docnums(reader, "record", name)


def docnums(reader: Any, fieldname: str, term: str) -> list[int]:
    """Return the live documents that hold a term, by looking at its postings."""
    from whoosh.reading import TermNotFound

    try:
        return list(reader.postings(fieldname, term.encode()).all_ids())
    except TermNotFound:
        return []


class Bases:
    """Where each article begins in its source: what to add to stored offsets.

    Reads a source's record when its first hit comes, and keeps it.

    Args:
        reader: a Whoosh reader of the whole index; use one Bases for each.
    """

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self._sources: dict[str, dict[str, int]] = {}

    def __call__(self, stored: Mapping[str, Any]) -> int:
        """Return the base of the article that a document's stored fields belong to."""
        name = stored.get("origin") or stored.get("path", "")
        if name not in self._sources:
            record = source_record(self._reader, name)
            self._sources[name] = record.bases if record else {}
        return self._sources[name].get(stored["article"], 0)
