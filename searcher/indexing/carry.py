"""What a segment of another codec holds, as articles and records to be written anew.

Postings of one codec aren't those of another, and everything they were made
from is stored.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import Any, Protocol

from searcher.errors import IndexIncompatible
from searcher.indexing.columns import column_array
from searcher.indexing.documents import paragraph
from searcher.indexing.manifest import names_of
from searcher.model import Paragraph


class Taker(Protocol):
    """Takes what a segment holds; both writers do."""

    def add_article(
        self, paragraphs: tuple[Paragraph, ...], number: int, base: int, source: str
    ) -> Any:
        """Add the paragraphs of one article."""

    def add_record(self, names: tuple[str, ...], payload: Any) -> None:
        """Add a record of the index itself."""


def carry_over(reader: Any, into: Taker) -> None:
    """Add the live documents of a segment to a writer of another codec.

    Args:
        reader: Whoosh's reader of the segment.
        into: the writer.

    Raises:
        IndexIncompatible: it holds documents of another program.
    """
    numbers = column_array(reader, "article_no")
    live = ((numbers[docnum], stored) for docnum, stored in reader.iter_docs())
    # The documents of an article stand one behind the other; records have the number 0.
    for number, documents in groupby(live, key=itemgetter(0)):
        several = [stored for _, stored in documents]
        if number:
            _carry_article(number, several, into)
        else:
            _carry_records(several, into)


def _carry_article(number: int, stored: list[dict[str, Any]], into: Taker) -> None:
    source = stored[0].get("origin") or stored[0].get("path", "")
    into.add_article(tuple(map(paragraph, stored)), number, 0, source)


def _carry_records(stored: list[dict[str, Any]], into: Taker) -> None:
    for fields in stored:
        if "payload" not in fields:
            raise IndexIncompatible(
                "the index holds documents that searcher did not write, and the native codec "
                "can't take them over. Index with: --codec stock"
            )
        into.add_record(names_of(fields["payload"]), fields["payload"])
