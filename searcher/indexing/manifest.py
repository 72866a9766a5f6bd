"""What an index knows of the files it was made from.

The manifest is kept in the index itself, as documents that have none of a
paragraph's fields: one record a source, and one of the archive.  They are
replaced in the commit that replaces their paragraphs, so neither can be right
without the other.

    record    "archive"           "source" and "source:<name>"   "part" and "part:<span>:<name>"
    payload   (of ArchiveRecord)  (of SourceRecord)              (name, span, entries)

The record of a source of more than PART_ARTICLES articles is in parts: its own
document holds none of their entries, and the part of a span those with the
numbers span * PART_ARTICLES to (span + 1) * PART_ARTICLES - 1.  So a commit in
the midst of a long file writes what is new, and who looks for one article
reads one part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from searcher.errors import IndexIncompatible
from searcher.indexing.format import FORMAT_VERSION
from searcher.values import frozen, replace

PART_ARTICLES = 1_000
"""Articles of a source that one record holds at most."""

STDIN = "-"
"""Name of the source that standard input is."""

NO_SPAN = -1
"""Stands for the record itself where a span stands for a part of it."""

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
        spans: (span, articles, paragraphs) of each part, where the entries are in parts.
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
    spans: tuple[tuple[int, int, int], ...] = ()

    def payload(self) -> tuple[Any, ...]:
        """Return the record as plain tuples, numbers and strings."""
        whole = (
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
        return (*whole, self.spans) if self.spans else whole

    @classmethod
    def of(cls, payload: tuple[Any, ...]) -> SourceRecord:
        """Return the record of a payload."""
        record = cls(*payload)
        return replace(record, entries=entries_of(record.entries))

    def same_content(self, other: SourceRecord | None) -> bool:
        """Tell whether both say the same of the index; when they were checked doesn't count."""
        return other is not None and self == replace(
            other, size=self.size, mtime_ns=self.mtime_ns, checked_ns=self.checked_ns
        )

    @property
    def size_of(self) -> tuple[int, int]:
        """How many articles the source has, and how many paragraphs."""
        counts = self.spans or ((0, 1, entry.paragraphs) for entry in self.entries)
        sums = [sum(column) for column in zip(*counts, strict=True)]
        return (sums[1], sums[2]) if sums else (0, 0)


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
        sums = Sums()
        for entry in entries:
            sums.count(entry, sign)
        return sums.added(self)


class Sums:
    """What articles come to in the totals of an archive."""

    def __init__(self) -> None:
        self._values = dict.fromkeys(_SUMMED, 0)

    def count(self, entry: Entry, sign: int = 1) -> None:
        """Count an article; with sign -1 one that went."""
        values = self._values
        values["documents"] += sign * entry.paragraphs
        values["words"] += sign * entry.words
        values["title_words"] += sign * entry.title_words
        values["section_words"] += sign * entry.section_words
        values["articles"] += sign
        values["undated"] += sign * (1 - entry.dated)

    def added(self, archive: ArchiveRecord) -> ArchiveRecord:
        """Return a record with them added."""
        sums = {name: getattr(archive, name) + more for name, more in self._values.items()}
        return replace(archive, **sums)


_SUMMED = ("documents", "words", "title_words", "section_words", "articles", "undated")


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
    """Return the record of one source, whole; None when the index has none of that name."""
    for docnum in record_docnums(reader, f"source:{name}"):
        return whole(reader, SourceRecord.of(reader.stored_fields(docnum)["payload"]))
    return None


def source_records(reader: Any) -> Iterator[SourceRecord]:
    """Yield the record of every source, whole."""
    for record in source_heads(reader):
        yield whole(reader, record)


def source_heads(reader: Any) -> Iterator[SourceRecord]:
    """Yield the record of every source, without the entries that are in parts."""
    for docnum in record_docnums(reader, "source"):
        yield SourceRecord.of(reader.stored_fields(docnum)["payload"])


def part(reader: Any, name: str, span: int) -> tuple[Entry, ...]:
    """Return the entries in one part of a source's record; none when there is no such part."""
    for docnum in record_docnums(reader, part_name(name, span)):
        return entries_of(reader.stored_fields(docnum)["payload"][2])
    return ()


def whole(reader: Any, record: SourceRecord) -> SourceRecord:
    """Return a record with the entries that are in parts, as far as these are there."""
    if not record.spans:
        return record
    entries = [entry for span, *_ in record.spans for entry in part(reader, record.name, span)]
    entries.sort(key=lambda entry: (entry.base, entry.number))
    return replace(record, entries=tuple(entries), spans=())


def entries_of(rows: Iterable[Iterable[Any]]) -> tuple[Entry, ...]:
    """Return entries as they were before they were stored."""
    return tuple([Entry(*row) for row in rows])


def record_names(source: str | None = None) -> tuple[str, ...]:
    """Return the terms of the record of a source; of that of the archive without one."""
    return ("archive",) if source is None else ("source", f"source:{source}")


def part_name(source: str, span: int) -> str:
    """Return the term by which a part of a source's record is found."""
    return f"part:{span}:{source}"


def part_names(source: str, span: int) -> tuple[str, ...]:
    """Return the terms of a part of a source's record."""
    return "part", part_name(source, span)


def names_of(payload: Any) -> tuple[str, ...]:
    """Return the terms of the record that has a payload."""
    if isinstance(payload, dict):
        return record_names()
    return part_names(*payload[:2]) if len(payload) == 3 else record_names(payload[0])


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


BASES_KEPT = 256
"""Records and parts whose bases are kept, so that many hits take no more memory than few."""


class Bases:
    """Where each article begins in its source: what to add to stored offsets.

    Reads the record of an article, or the part that its entry is in, when its
    first hit comes, and keeps some of them.

    Args:
        reader: a Whoosh reader of the whole index; use one Bases for each.
    """

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self._kept: dict[tuple[str, int], dict[str, int]] = {}
        self._in_parts: dict[str, bool] = {}

    def __call__(self, stored: Mapping[str, Any]) -> int:
        """Return the base of the article that a document's stored fields belong to."""
        name = stored.get("origin") or stored.get("path", "")
        article = stored["article"]
        return self._of(name, NO_SPAN).get(article) or self._in_part(name, article)

    def _in_part(self, name: str, article: str) -> int:
        if not self._in_parts.get(name):
            return 0
        for docnum in docnums(self._reader, "article", article)[:1]:
            number = self._number(docnum)
            return self._of(name, number // PART_ARTICLES).get(article, 0)
        return 0

    def _of(self, name: str, span: int) -> dict[str, int]:
        """Return the bases that the record of a source holds itself, or one of its parts."""
        if (name, span) not in self._kept:
            if len(self._kept) >= BASES_KEPT:
                self._kept.clear()
            self._kept[name, span] = self._read(name, span)
        return self._kept[name, span]

    def _read(self, name: str, span: int) -> dict[str, int]:
        if span == NO_SPAN:
            entries: tuple[Entry, ...] = ()
            for docnum in record_docnums(self._reader, f"source:{name}"):
                record = SourceRecord.of(self._reader.stored_fields(docnum)["payload"])
                self._in_parts[name] = bool(record.spans)
                entries = record.entries
        else:
            entries = part(self._reader, name, span)
        return {entry.id: entry.base for entry in entries}

    def _number(self, docnum: int) -> int:
        for leaf, first in self._reader.leaf_readers():
            if 0 <= docnum - first < leaf.doc_count_all():
                return int(leaf.column_reader("article_no")[docnum - first])
        return 0
