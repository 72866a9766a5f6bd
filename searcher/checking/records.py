"""Does what the index says of itself agree with the documents that it holds?

Every paragraph belongs to an article of a source's record, every article has
the paragraphs and words that the record says, and the totals are their sums.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from searcher.indexing.columns import column_array
from searcher.indexing.manifest import ArchiveRecord, Entry
from searcher.indexing.records import Manifest
from searcher.values import replace

_PAGE = 256


class Held:
    """What an index holds of each article, by the article's number.

    In pages, because there may be millions, and a damaged number may be any.
    """

    def __init__(self) -> None:
        self._pages: dict[int, tuple[array[int], array[int]]] = {}

    def add(self, number: int, words: int) -> None:
        """Count a paragraph of an article, with the tokens of its text."""
        page, at = divmod(number, _PAGE)
        found = self._pages.get(page)
        if found is None:
            found = array("I", bytes(4 * _PAGE)), array("Q", bytes(8 * _PAGE))
            self._pages[page] = found
        found[0][at] += 1
        found[1][at] += words

    def of(self, number: int) -> tuple[int, int]:
        """Return how many live paragraphs an article has, and how many words."""
        page, at = divmod(number, _PAGE)
        found = self._pages.get(page)
        return (found[0][at], found[1][at]) if found else (0, 0)

    def numbers(self) -> Iterator[int]:
        """Yield the number of every article."""
        for page, (paragraphs, _) in self._pages.items():
            yield from (page * _PAGE + at for at, count in enumerate(paragraphs) if count)


def held(reader: Any) -> Held:
    """Return what an index holds of each article.

    Args:
        reader: Whoosh's, of the whole index.
    """
    found = Held()
    for leaf, _ in leaves(reader):
        numbers, counts = column_array(leaf, "article_no"), column_array(leaf, "words")
        gone = set(leaf.segment().deleted_docs())
        for docnum, number in enumerate(numbers):
            if number and docnum not in gone:
                found.add(number, counts[docnum])
    return found


def leaves(reader: Any) -> list[tuple[Any, int]]:
    """Return the reader of each segment with its first docnum; an empty index has none."""
    return [(leaf, base) for leaf, base in reader.leaf_readers() if leaf.segment() is not None]


def problems(manifest: Manifest, articles: Held) -> Iterator[str]:
    """Yield where records and documents contradict each other.

    Args:
        manifest: the records of an index, which is still open.
        articles: what it holds.
    """
    was = manifest.archive
    summed = ArchiveRecord(was.format_version, was.language, was.next_article_no)
    given = Held()
    for name, record in manifest.sources.items():
        for (span, *expected), entries in manifest.parts_of(name):
            summed = summed.plus(entries)
            yield from _of_entries(entries, articles, given)
            if record.spans:
                yield from _of_part(f"part {span} of the record of {name}", expected, entries)
    unknown = sum(not given.of(number)[0] for number in articles.numbers())
    if unknown:
        yield f"{unknown} articles that no record of a source knows"
    greatest = max(given.numbers(), default=0)
    yield from _of_totals(was, replace(summed, sources=len(manifest.sources)), greatest)


def _of_entries(entries: Iterable[Entry], articles: Held, given: Held) -> Iterator[str]:
    for entry in entries:
        given.add(entry.number, 0)
        if given.of(entry.number)[0] > 1:
            yield f"article number {entry.number} is given again, to {entry.id}"
        paragraphs, words = articles.of(entry.number)
        if (paragraphs, words) != (entry.paragraphs, entry.words):
            yield (
                f"article {entry.id}: {paragraphs} paragraphs of {words} words, "
                f"expected {entry.paragraphs} of {entry.words}"
            )


def _of_part(what: str, expected: list[int], entries: Sequence[Entry]) -> Iterator[str]:
    found = [len(entries), sum(entry.paragraphs for entry in entries)]
    if found != expected:
        yield (
            f"{what}: {found[0]} articles of {found[1]} paragraphs, "
            f"expected {expected[0]} of {expected[1]}"
        )


def _of_totals(archive: ArchiveRecord, summed: ArchiveRecord, greatest: int) -> Iterator[str]:
    for name in archive.__match_args__:
        found, expected = getattr(archive, name), getattr(summed, name)
        if found != expected:
            yield f"the record of the archive: {found} {name}, expected {expected}"
    if greatest >= archive.next_article_no:
        yield f"the next article number is {archive.next_article_no}; {greatest} is given already"
