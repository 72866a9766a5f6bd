"""Terms and their postings.

Whoosh gives postings sorted by field, term and document, each with a weight
and a value in the format of the field.  What the core can say natively it
keeps so (rust/src/waiting.rs decides); all else it keeps as given.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from whoosh.codec.base import FieldCursor, FieldWriter
from whoosh.codec.base import TermsReader as WhooshTermsReader
from whoosh.formats import Existence, Format, Frequency, Positions
from whoosh.reading import TermInfo, TermNotFound

from searcher.codec.columns import KEYS
from searcher.codec.draft import Draft
from searcher.codec.lengths import rounded
from searcher.codec.matcher import PostingMatcher

if TYPE_CHECKING:
    from searcher._native import Segment

_CARRIES = {Existence: "nothing", Frequency: "frequencies", Positions: "positions"}
"""What postings of a format carry at best."""

_FORMATS = {"nothing": Existence, "frequencies": Frequency, "positions": Positions}

BATCH = 512
"""Terms that are read at a time."""


class TermsWriter(FieldWriter):  # type: ignore[misc]
    """Writes the terms of a segment.

    Args:
        draft: the file being written.
    """

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._writer = draft.writer
        self._field = ""
        self._is_measured = False
        self._last: tuple[int, float, bytes] | None = None
        self.is_closed = False

    def start_field(self, fieldname: str, fieldobj: Any) -> None:
        """Begin a field."""
        self._field = fieldname
        self._is_measured = fieldname in self._draft.lengths
        carries = _CARRIES.get(type(fieldobj.format), "opaque")
        self._draft.start_field(fieldname, carries)

    def start_term(self, text: bytes) -> None:
        """Begin a term."""
        self._writer.start_term(text)
        self._last = None

    def add(self, docnum: int, weight: float, vbytes: bytes, length: int | None = None) -> None:
        """Add a posting of the term, with the document's length in the field."""
        if length and not self._is_measured:
            self._draft.set_length(self._field, docnum, length)
        last = self._last
        # Spelling words are all given for document 0: one posting with the sum of them.
        if last is not None and last[0] == docnum:
            self._last = docnum, last[1] + weight, last[2]
            return
        if last is not None:
            self._writer.add(*last)
        self._last = docnum, weight, vbytes

    def finish_term(self) -> None:
        """End the term."""
        if self._last is not None:
            self._writer.add(*self._last)
            self._draft.doc_count = max(self._draft.doc_count, self._last[0] + 1)
            self._last = None

    def finish_field(self) -> None:
        """End the field."""
        self._draft.finish_field(self._field)

    def close(self) -> None:
        """Finish the terms."""
        if not self.is_closed:
            self.is_closed = True
            self._draft.close()


class TermsReader(WhooshTermsReader):  # type: ignore[misc]
    """Reads the terms of a segment.

    Args:
        core: its file.
    """

    def __init__(self, core: Segment) -> None:
        self._core = core
        fields = core.fields()
        self._carries = {name: carries for name, carries, _ in fields if name[:1] != KEYS}

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._core.frequencies(*term) is not None

    def indexed_field_names(self) -> list[str]:
        """Return the names of the fields that have terms, in order."""
        return sorted(name for name in self._carries if self._core.term_count(name))

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Yield all terms with their fields, in order."""
        for name in self.indexed_field_names():
            for term in self._terms_of(name, b""):
                yield name, term

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield the terms from one on, and those of the fields after its own."""
        for name in self.indexed_field_names():
            if name >= fieldname:
                for term in self._terms_of(name, prefix if name == fieldname else b""):
                    yield name, term

    def _terms_of(self, name: str, start: bytes) -> Iterator[bytes]:
        while found := self._core.terms(name, start, BATCH):
            yield from found
            start = found[-1] + b"\0"

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield all terms with what is known of them, in order."""
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(
        self, fieldname: str, prefix: bytes
    ) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield terms from one on, with what is known of them."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Return what is known of a term.

        Raises:
            TermNotFound: no document holds it.
        """
        found = self._core.term_info(fieldname, text)
        if found is None:
            raise TermNotFound(f"No term {fieldname}:{text!r}")
        df, weight, heaviest, first, last, least, most = found
        return TermInfo(weight, df, rounded(least), rounded(most), heaviest, first, last)

    def frequency(self, fieldname: str, text: bytes) -> float:
        """Return the weight of a term in all documents.

        Raises:
            KeyError: no document holds it.
        """
        return self._frequencies(fieldname, text)[1]

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Return how many documents hold a term.

        Raises:
            KeyError: none does.
        """
        return self._frequencies(fieldname, text)[0]

    def _frequencies(self, fieldname: str, text: bytes) -> tuple[int, float]:
        found = self._core.frequencies(fieldname, text)
        if found is None:
            raise KeyError((fieldname, text))
        return found

    def cursor(self, fieldname: str, fieldobj: Any) -> TermCursor:
        """Return a cursor on the terms of a field."""
        return TermCursor(self._core, fieldname, fieldobj, self)

    def matcher(
        self, fieldname: str, text: bytes, format_: Format, scorer: Any = None
    ) -> PostingMatcher:
        """Return the postings of a term.

        Raises:
            TermNotFound: no document holds it.
        """
        if (fieldname, text) not in self:
            raise TermNotFound(f"No term {fieldname}:{text!r}")
        kept = self._kept_format(fieldname, format_)
        return PostingMatcher(self._core, (fieldname, text), kept, format_, scorer)

    def _kept_format(self, fieldname: str, format_: Format) -> Format:
        """Return the format that postings are kept in, which may say less than the field's."""
        kept = _FORMATS.get(self._carries[fieldname])
        if kept is None or type(format_) is kept:
            return format_
        return kept(field_boost=getattr(format_, "field_boost", 1.0))


class TermCursor(FieldCursor):  # type: ignore[misc]
    """Steps through the terms of a field.

    Args:
        core: the segment.
        name, field: of the schema.
        terms: what knows more of a term.
    """

    def __init__(self, core: Segment, name: str, field: Any, terms: TermsReader) -> None:
        self._core = core
        self._name = name
        self._field = field
        self._infos = terms
        self._batch: list[bytes] = []
        self._at = 0
        self.first()

    def first(self) -> Any:
        """Go to the first term and return it; None without any."""
        return self._read(b"", BATCH)

    def find(self, term: str | bytes) -> Any:
        """Go to the first term that isn't before one and return it; None behind the last."""
        # Who looks for one term mostly looks for another one next.
        return self._read(term if isinstance(term, bytes) else self._field.to_bytes(term), 8)

    def next(self) -> Any:
        """Go to the next term and return it; None behind the last."""
        if not self.is_valid():
            return None
        self._at += 1
        if self._at == len(self._batch):
            return self._read(self._batch[-1] + b"\0", BATCH)
        return self.text()

    def _read(self, start: bytes, count: int) -> Any:
        self._batch, self._at = self._core.terms(self._name, start, count), 0
        return self.text()

    def text(self) -> Any:
        """Return the current term as the field shows it; None behind the last."""
        return self._field.from_bytes(self._batch[self._at]) if self.is_valid() else None

    def term_info(self) -> TermInfo | None:
        """Return what is known of the current term."""
        if not self.is_valid():
            return None
        return self._infos.term_info(self._name, self._batch[self._at])

    def is_valid(self) -> bool:
        """Tell whether there is a current term."""
        return self._at < len(self._batch)
