"""Postings on their way to disk, kept by field and term.

Documents come in rising order, so each term's list is sorted as it grows, and
only the terms have to be sorted at the end.  Past a limit of memory the pool
writes a *run*, all terms in order, and starts afresh; the runs are merged when
the segment is written.

A term's list is flat: docnum, weight, value, docnum, weight, value…
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeAlias

from searcher.indexing.postings import Posting

Flat: TypeAlias = list[Any]
Term: TypeAlias = tuple[str, bytes, Flat]

_COST_BYTES = 120  # of one posting: list slots, its value, its share of the term


class TermPool:
    """Collects the postings of one segment.

    Args:
        storage: a Whoosh storage for the runs.
        limit_bytes: memory that the postings may take before a run is written.
    """

    def __init__(self, storage: Any, limit_bytes: int) -> None:
        self._storage = storage
        self._limit = limit_bytes // _COST_BYTES
        self._fields: dict[str, dict[bytes, Flat]] = {}
        self._count = 0
        self._runs: list[str] = []

    def add(self, item: tuple[str, bytes, int, float, bytes]) -> None:
        """Add one posting: (field, term, docnum, weight, value), as stock pools take it."""
        field, term, docnum, weight, value = item
        self.add_document(field, docnum, [(term, weight, value or b"")])

    def add_document(self, field: str, docnum: int, postings: Iterable[Posting]) -> None:
        """Add the postings of one field of one document."""
        terms = self._fields.setdefault(field, {})
        for term, weight, value in postings:
            flat = terms.get(term)
            if flat is None:
                terms[term] = [docnum, weight, value]
            else:
                flat += (docnum, weight, value)
            self._count += 1
        if self._count > self._limit:
            self._write_run()

    def add_term(self, field: str, term: bytes, flat: Flat) -> None:
        """Add a list of one term whose documents all come after those it has."""
        self._fields.setdefault(field, {}).setdefault(term, []).extend(flat)
        self._count += len(flat) // 3
        if self._count > self._limit:
            self._write_run()

    def terms(self) -> Iterator[Term]:
        """Yield each (field, term, list) in the order of a segment, and empty the pool."""
        runs = [self._read_run(name) for name in self._runs]
        for (field, term), parts in groupby(merge(*runs, self._sorted(), key=_key), key=_key):
            yield field, term, _joined(parts)
        self._forget()

    def cleanup(self) -> None:
        """Drop what is collected, runs too."""
        for name in self._runs:
            self._storage.delete_file(name)
        self._forget()

    def _forget(self) -> None:
        self._fields, self._count, self._runs = {}, 0, []

    def _sorted(self) -> Iterator[Term]:
        for field in sorted(self._fields):
            terms = self._fields[field]
            for term in sorted(terms):
                yield field, term, terms[term]

    def _write_run(self) -> None:
        name = f"{len(self._runs)}.run"
        file = self._storage.create_file(name)
        for term in self._sorted():
            file.write(marshal.dumps(term))
        file.close()
        self._fields, self._count = {}, 0
        self._runs.append(name)

    def _read_run(self, name: str) -> Iterator[Term]:
        with Path(self._storage.folder, name).open("rb") as file:
            while True:
                try:
                    # Written a moment ago by this very process into its own folder.
                    yield marshal.load(file)  # noqa: S302
                except EOFError:
                    return


_key = itemgetter(0, 1)


def _joined(parts: Iterable[Term]) -> Flat:
    first, *rest = parts
    if not rest:
        return first[2]
    return [item for part in (first, *rest) for item in part[2]]
