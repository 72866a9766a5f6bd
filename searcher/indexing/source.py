"""Taking one source into the index, article by article.

An article id belongs to the first source that has it, by name and with
standard input last; a later source waits for it, and gets it as soon as the
first lets go.  So the index depends on the files alone, not on the order in
which they came.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from searcher.indexing.book import Book
from searcher.indexing.candidates import Candidate
from searcher.indexing.documents import paragraph
from searcher.indexing.manifest import STDIN, Entry, SourceRecord, docnums
from searcher.indexing.parse import Item
from searcher.indexing.writer import Story
from searcher.model import Article, Paragraph
from searcher.readers import Skip

if TYPE_CHECKING:
    from searcher.indexing.run import Run


MOST_SKIPS = 100
"""Of one source that its record keeps."""


def rank(name: str) -> tuple[bool, str]:
    """Return what sources are ordered by: their names, standard input last."""
    return name == STDIN, name


class SourceTaker:
    """Takes the articles of one source, and settles its record at the end.

    Args:
        run: the run that this is part of.
        name: of the source.
        old: its record in the index that is being written, if it has one.

    Attributes:
        failed: whether the source as a whole could not be read to its end.
        rescued: whether its articles are those of the old index for that.
    """

    def __init__(self, run: Run, name: str, old: SourceRecord | None) -> None:
        self.run = run
        self.name = name
        self.had = old
        self.book = Book(run.manifest, name)
        self.record = replace(old, waiting=(), skips=()) if old else SourceRecord(name)
        self.waiting: list[str] = []
        self.skips: list[Skip] = []
        self.failed = False
        self.rescued = False

    def stamp(self, candidate: Candidate, checked_ns: int, reading: str) -> None:
        """Note the state of the file that the articles come from."""
        self.record = replace(
            self.record,
            size=candidate.size,
            mtime_ns=candidate.mtime_ns,
            checked_ns=checked_ns,
            reading=reading,
        )

    def take(self, item: Item) -> None:
        """Take an article or a skip, as it was read."""
        if isinstance(item, Skip):
            self._skip(item)
            self.failed = self.failed or (item.name == self.name and not item.ignored)
            return
        article, fingerprint = item
        if self._may_have(article.id):
            self._take_article(article, fingerprint)

    def take_stored(self, entry: Entry) -> None:
        """Take an article as the old index stores it."""
        if not self._may_have(entry.id):
            return
        reader = self.run.reader
        stored = [reader.stored_fields(n) for n in docnums(reader, "article", entry.id)]
        stored.sort(key=lambda fields: fields["number"])
        paragraphs = tuple(paragraph(fields, entry.base) for fields in stored)
        self._add(paragraphs, entry.fingerprint, entry.base, "unchanged")

    def rescue(self) -> None:
        """Take the last good articles of a file that can't be read now into a rebuilt index."""
        for entry in self.run.old.entries(self.name):
            self.rescued = True
            if not self.book.took(entry.id):
                self.take_stored(entry)
        self.run.tally.stale += self.rescued

    def _skip(self, skip: Skip) -> None:
        if not skip.ignored and len(self.skips) < MOST_SKIPS:
            self.skips.append(skip)
        self.run.tally.skip(skip)

    def _may_have(self, article: str) -> bool:
        """Tell whether the article is this source's; take it from a later source that has it."""
        owner = self.run.manifest.owner(article) or self.name
        if owner == self.name and self.book.took(article):
            self._skip(Skip(self.name, "duplicate id", f"{article!r} stands twice in it"))
            return False
        if owner == self.name:
            return True
        if rank(owner) < rank(self.name):
            self._skip(self._duplicate(self.name, article, owner))
            self.waiting.append(article)
            return False
        self._take_over(article, owner)
        return True

    def _take_over(self, article: str, owner: str) -> None:
        record, book = self.run.manifest.sources[owner], Book(self.run.manifest, owner)
        lost = book.get(article)
        if lost is None:
            return
        book.drop(lost)
        skips = record.skips
        if owner != STDIN:
            skips = (*skips, self._lost(owner, article))[:MOST_SKIPS]
        book.settle(replace(record, waiting=(*record.waiting, article), skips=skips))
        self.run.sink.put(owner)
        self.run.remove(lost)

    def _lost(self, owner: str, article: str) -> tuple[str, str, str]:
        """Return what a source says of an article that it lost."""
        skip = self._duplicate(owner, article, self.name)
        # What is still to come in this run says it when it comes.
        if not self.run.plan.reads(owner):
            self.run.tally.skip(skip)
        return skip.name, skip.reason, skip.detail

    def _duplicate(self, name: str, article: str, owner: str) -> Skip:
        return Skip(name, "duplicate id", f"{article!r} is also in {owner}")

    def _take_article(self, article: Article, fingerprint: str) -> None:
        known = self.book.get(article.id)
        if known is not None and known.fingerprint == fingerprint:
            self._keep(known._replace(base=article.start_char))
            return
        if not (article.title or article.blocks):
            self._skip(Skip(self.name, "no text", f"{article.id!r}", ignored=True))
            return
        if known is not None:
            self.run.sink.delete(article.id)
        verb = "added" if known is None else "changed"
        self._add(article, fingerprint, article.start_char, verb)

    def _keep(self, entry: Entry) -> None:
        self.book.put(entry)
        self._count("unchanged", entry.paragraphs)

    def _add(
        self,
        found: Article | tuple[Paragraph, ...],
        fingerprint: str,
        base: int,
        verb: str,
    ) -> None:
        known = self.book.get(found[0].article if isinstance(found, tuple) else found.id)
        number = known.number if known else self.run.manifest.take_number()
        entry = self.run.sink.add(Story(found, number, fingerprint, base, self.name))
        self.book.put(entry)
        self._count(verb, entry.paragraphs)
        if verb != "unchanged":
            self.run.tally.undated += not entry.dated
        if self.run.sink.due():
            self._commit_so_far()

    def _count(self, verb: str, paragraphs: int) -> None:
        self.run.tally.add(verb, paragraphs)
        self.run.done_articles += 1
        self.run.done_paragraphs += paragraphs

    def _commit_so_far(self) -> None:
        """Commit, and say in the record that the source is not complete."""
        self.book.settle(self._record(""), last=False)
        self.run.sink.put(self.name)
        self.run.sink.commit()

    def finish(self, sha256: str) -> None:
        """Settle what is gone from the source, and have its record written if it changed."""
        has_left = self.book.has_left
        self.run.tally.stale += bool(has_left and self.failed)
        if has_left and self.failed and not self.book.has_taken:
            return
        if has_left and self._keeps_what_is_left():
            self._put("")
            return
        for entry in self.book.left():
            self.run.remove(entry)
            self.book.drop(entry)
        if self.book.has_taken or self.had or sha256:
            self._put(sha256)

    def _keeps_what_is_left(self) -> bool:
        return self.failed or self.run.order.keep_missing or self.name == STDIN

    def _put(self, sha256: str) -> None:
        if self.book.settle(self._record(sha256)):
            self.run.sink.put(self.name)

    def _record(self, sha256: str) -> SourceRecord:
        skips = tuple((skip.name, skip.reason, skip.detail) for skip in self.skips)
        return replace(
            self.record,
            sha256=sha256,
            skips=() if self.name == STDIN else skips,
            waiting=() if self.name == STDIN else tuple(self.waiting),
        )
