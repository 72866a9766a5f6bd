"""Does what the index says of itself agree with the documents that it holds?

Every paragraph belongs to an article of a source's record, every article has
the paragraphs and words that the record says, and the totals are their sums.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from searcher.indexing.columns import column_array
from searcher.indexing.manifest import ArchiveRecord, Entry
from searcher.indexing.records import Manifest
from searcher.values import replace


class Held(NamedTuple):
    """What an index holds of an article.

    Attributes:
        paragraphs: live documents.
        words: tokens of their text.
    """

    paragraphs: int
    words: int


def held(reader: Any) -> dict[int, Held]:
    """Return what an index holds of each article, by the article's number.

    Args:
        reader: Whoosh's, of the whole index.
    """
    paragraphs: Counter[int] = Counter()
    words: Counter[int] = Counter()
    for leaf, _ in leaves(reader):
        numbers, counts = column_array(leaf, "article_no"), column_array(leaf, "words")
        gone = set(leaf.segment().deleted_docs())
        for docnum, number in enumerate(numbers):
            if number and docnum not in gone:
                paragraphs[number] += 1
                words[number] += counts[docnum]
    return {number: Held(paragraphs[number], words[number]) for number in paragraphs}


def leaves(reader: Any) -> list[tuple[Any, int]]:
    """Return the reader of each segment with its first docnum; an empty index has none."""
    return [(leaf, base) for leaf, base in reader.leaf_readers() if leaf.segment() is not None]


def problems(manifest: Manifest, articles: Mapping[int, Held]) -> Iterator[str]:
    """Yield where records and documents contradict each other.

    Args:
        manifest: the records of an index.
        articles: what it holds of each, by number.
    """
    entries = [entry for record in manifest.sources.values() for entry in record.entries]
    yield from _of_entries(entries, articles)
    unknown = articles.keys() - {entry.number for entry in entries}
    if unknown:
        yield f"{len(unknown)} articles that no record of a source knows"
    yield from _of_totals(manifest.archive, _summed(manifest, entries), entries)


def _of_entries(entries: list[Entry], articles: Mapping[int, Held]) -> Iterator[str]:
    for number, count in Counter(entry.number for entry in entries).items():
        if count > 1:
            yield f"article number {number} is given {count} times"
    for entry in entries:
        holds = articles.get(entry.number, Held(0, 0))
        if holds != (entry.paragraphs, entry.words):
            yield (
                f"article {entry.id}: {holds.paragraphs} paragraphs of {holds.words} words, "
                f"expected {entry.paragraphs} of {entry.words}"
            )


def _summed(manifest: Manifest, entries: list[Entry]) -> ArchiveRecord:
    was = manifest.archive
    empty = ArchiveRecord(was.format_version, was.language, was.next_article_no)
    return replace(empty.plus(entries), sources=len(manifest.sources))


def _of_totals(
    archive: ArchiveRecord, summed: ArchiveRecord, entries: list[Entry]
) -> Iterator[str]:
    for name in archive.__match_args__:
        found, expected = getattr(archive, name), getattr(summed, name)
        if found != expected:
            yield f"the record of the archive: {found} {name}, expected {expected}"
    greatest = max((entry.number for entry in entries), default=0)
    if greatest >= archive.next_article_no:
        yield f"the next article number is {archive.next_article_no}; {greatest} is given already"
