"""The native core: segments of an index, and queries over them.

Built from rust/ where Rust is there when searcher is installed; without it searcher runs on
Whoosh alone.  Formats: docs/native-format.md.  All classes may be shared by threads; long calls
let other threads run.
"""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, final

from searcher.model import Article, Paragraph
from searcher.results import Marks, Place
from searcher.results.plain import Hit as _Hit

VERSION: str

class NativeError(Exception):
    """A file that is damaged or of another version; the message names file and byte."""

class Panic(BaseException):
    """The core came upon what can't be; a segment that was made up can do that."""

class LimitError(Exception):
    """A limit of a query was reached; args are (name of the limit, message)."""

# Reading a segment.

@final
class Segment:
    """A segment file, mapped."""

    def __init__(self, path: str) -> None: ...
    @property
    def doc_count(self) -> int: ...
    @property
    def path(self) -> str: ...
    @property
    def seal(self) -> int:
        """A number that stands for every byte of the file: the checksum of its footer."""

    @property
    def size_bytes(self) -> int: ...
    def fields(self) -> list[tuple[str, str, bool]]:
        """Return (name, what postings carry, whether there are lengths) of each field."""

    def term_count(self, field: str) -> int: ...
    def frequencies(self, field: str, term: bytes) -> tuple[int, float] | None:
        """Return (df, total weight), which costs less than term_info()."""

    def term_info(
        self, field: str, term: bytes
    ) -> tuple[int, float, float, int, int, int, int] | None:
        """Return (df, total weight, most weight, first and last docnum, least and most length)."""

    def terms(self, field: str, start: bytes = b"", count: int = 1024) -> list[bytes]:
        """Return up to `count` terms from `start` on, in the order of their bytes."""

    def prefixed(self, field: str, prefix: bytes) -> list[bytes]:
        """Return the terms that begin with a prefix, in order."""

    def globbed(self, field: str, pattern: str, possessive: bool, most: int) -> list[str]:
        """Return up to `most` + 1 forms that match a pattern of `*` and `?`, in order.

        With `possessive` also those that match it without their 's.
        """

    def fuzzy(self, field: str, word: str, distance: int, most: int) -> list[str]:
        """Return up to `most` + 1 forms within `distance` edits (searcher.query.expressions.edits),
        with or without their possessive, in order."""

    def docs(self, field: str, term: bytes) -> bytes:
        """Return the documents that hold a term, deleted ones too: native-endian uint32."""

    def tfs(self, field: str, term: bytes) -> bytes:
        """Return how often a term occurs in each of docs(): native-endian uint32."""

    def block(self, field: str, term: bytes, number: int) -> tuple[bytes, bytes] | None:
        """Return (docs, weights as float32) of the block of 128 postings with a number."""

    def block_bounds(
        self, field: str, term: bytes, number: int
    ) -> tuple[int, int, float, int, int] | None:
        """Return (postings, last docnum, most weight, least length, most length) of a block."""

    def find_block(self, field: str, term: bytes, start: int, doc: int) -> int:
        """Return the first block, from `start` on, that doesn't end before a document."""

    def positions(self, field: str, term: bytes, docs: bytes) -> list[list[int]]:
        """Return where a term stands in each of some documents (uint32, ascending)."""

    def values(self, field: str, term: bytes, number: int) -> list[bytes]:
        """Return the values of a block: opaque ones as given, others as Whoosh's own formats
        Frequency and Positions encode what is carried."""

    def length(self, field: str, doc: int) -> int: ...
    def lengths(self, field: str) -> bytes:
        """Return the length of every document in a field: native-endian uint32."""

    def total_length(self, field: str) -> int:
        """Return the sum of the lengths of all documents in a field."""

    def number_columns(self) -> list[str]: ...
    def text_columns(self) -> list[str]: ...
    def numbers(self, column: str) -> bytes | None:
        """Return a column of numbers: native-endian uint32, one a document."""

    def texts(self, column: str) -> list[str] | None:
        """Return a column of texts, one a document; equal ones are one object."""

    def number(self, column: str, doc: int) -> int: ...
    def text(self, column: str, doc: int) -> str: ...
    def distinct(self, column: str) -> list[str] | None:
        """Return the distinct texts of a column, in the order of their bytes."""

    def stored(self, doc: int) -> dict[str, Any]: ...
    def sections(self) -> list[str]: ...
    def section(self, name: str) -> bytes | None: ...
    def check(self) -> None:
        """Verify every byte of the file; raise NativeError at the first damage."""

    def verify(self) -> tuple[int, int, int]:
        """Return (terms, postings, documents) when all of the file is read and nothing in it
        contradicts the rest; else raise NativeError (rust/src/verify.rs)."""

def stored_column(segment: Segment, doc: int, key: str, at: int, column: int) -> dict[Any, Any]:
    """Return {row[0]: row[column]} of the rows that stored(doc)[key][at] is; empty without."""

# Writing a segment.

@final
class Writer:
    """A segment file written term by term, as a codec of Whoosh gets them.

    Fields come one behind the other, their terms in the order of their bytes, the documents of a
    term ascending.
    """

    def __init__(self, path: str) -> None: ...
    @staticmethod
    def can_store(value: object) -> bool:
        """Tell whether add_stored() takes a value: exactly None, bool, int, float, str, bytes,
        date, datetime, or a tuple, list or dict of such."""

    def add_stored(self, fields: dict[str, Any]) -> None:
        """Store the next document.

        Raises:
            TypeError: a value can't be stored; nothing was.
        """

    def start_field(self, name: str, carries: str) -> None:
        """Begin a field; `carries` (as of Builder) is what its postings say at best.

        Where a weight or a value says more, the whole field becomes opaque.
        """

    def set_lengths(self, lengths: bytes) -> None:
        """Give the lengths of the field: native-endian uint32, one a document."""

    def start_term(self, term: bytes) -> None: ...
    def add(self, doc: int, weight: float, value: bytes) -> None:
        """Add a posting of the term; `value` is in Whoosh's format of the field."""

    def add_section(self, name: str, content: bytes) -> None: ...
    def finish(self, doc_count: int) -> None:
        """Write the file and have it on the disk."""

    def discard(self) -> None: ...

def tokenize(text: str) -> list[tuple[str, int, int]] | None:
    """Return what searcher.analysis.tokenize does; None for a text that only it can cut."""

def blocks(text: str, by_line: bool) -> list[tuple[str, str, int]] | None:
    """Return (kind, text, level) of each block of plain text, as searcher.readers.plain does.

    None for a text of other characters than Latin letters, their punctuation and line feeds.
    """

def fingerprint(article: Article) -> str | None:
    """Return searcher.indexing.documents.fingerprint of an article; None to have Python make it.

    Args:
        article: with an int, a text or a tuple wherever a reader gives one.
    """

def is_storable(article: Article) -> bool:
    """Tell whether searcher.indexing.documents.checked would return the article as it is.

    False when only Python can tell.
    """

@final
class Analysis:
    """What Python says of words and values, asked once for each and remembered.

    Share one by the Builders of a run.

    Args:
        stem: exact form to its stem.
        tokenize: searcher.analysis.tokenize, for texts that the core can't cut.
        fold_value: desk to its term.
        day_term: yyyymmdd to the term of that day.
    """

    def __init__(
        self,
        stem: Callable[[str], str],
        tokenize: Callable[[str], Sequence[tuple[str, int, int]]],
        fold_value: Callable[[str], str],
        day_term: Callable[[int], bytes],
    ) -> None: ...

@final
class Builder:
    """Documents on their way to one segment file.

    A second thread that comes while a call is under way gets a RuntimeError.

    Args:
        path: of the file to be; temporary files stand beside it.
        fields: (name, carries, has lengths) in order; carries is one of
            nothing, frequencies, positions, opaque.
        limit_bytes: memory for postings before they go to a temporary file.
    """

    def __init__(
        self, path: str, fields: Sequence[tuple[str, str, bool]], limit_bytes: int
    ) -> None: ...
    @property
    def doc_count(self) -> int: ...
    def add_article(
        self,
        paragraphs: tuple[Paragraph, ...],
        number: int,
        base: int,
        source: str,
        analysis: Analysis,
    ) -> tuple[int, int, int]:
        """Add the paragraphs of one article, a document each.

        What they say of their article is what the first one says.

        Args:
            paragraphs: in order.
            number: the article's serial number.
            base: its first character in its source.
            source: name of the source.
            analysis: of the index's language.

        Returns:
            How many words of text, title and section_words they have, summed over them.
        """

    def add(
        self, article: Article, number: int, source: str, analysis: Analysis
    ) -> tuple[int, int, int]:
        """Add the paragraphs of an article, as its `paragraphs` makes them, without making them.

        Args:
            article: as it was read.
            number: its serial number.
            source: name of the source.
            analysis: of the index's language.

        Returns:
            What `add_article` does.
        """

    def add_document(
        self, terms: Sequence[tuple[str, Sequence[bytes]]], stored: dict[str, Any]
    ) -> int:
        """Add a document of whole values; return its docnum.

        Args:
            terms: (field, its terms).
            stored: its stored fields, of plain Python values.
        """

    def add_segment(self, segment: Segment, deleted: bytes) -> None:
        """Copy the live documents of a segment behind those that are there.

        Args:
            segment: with fields that carry what the Builder's carry.
            deleted: docnums to leave out: native-endian uint32, ascending.
        """

    def finish(self) -> None:
        """Write the file and have it on the disk; temporary files are gone."""

    def discard(self) -> None:
        """Drop all that was added, and every file of it."""

@final
class Paragraphs:
    """Reads stored paragraphs.

    Args:
        segments: in the order of the index.
        make: searcher.model.Paragraph.
        quote: searcher.model.Quote.
        day: gives the day of a yyyymmdd.
        bases: gives {article: first character in its source} of a source; None where that is in
            parts, and then for the number of an article as well those of its part.
    """

    def __init__(
        self,
        segments: Sequence[Segment],
        make: Callable[..., Any],
        quote: Callable[..., Any],
        day: Callable[[int], Any],
        bases: Callable[..., dict[str, int] | None],
    ) -> None: ...
    def hits(self, hits: Sequence[Hit]) -> list[StoredHit]:
        """Return the paragraphs of some hits in their order, unpacked in one go."""

    def bases_of(self, source: str) -> dict[str, int] | None:
        """Return what `bases` gives for a source."""

# Marking.

@final
class Stems:
    """The stems of exact forms, asked for once each.

    Args:
        stem: gives the stem of an exact form.
    """

    def __init__(self, stem: Callable[[str], str]) -> None: ...

@final
class Marker:
    """Finds what a tree marks in texts.

    Args:
        tree: see searcher.marks.
        stems: of the index's language.
    """

    def __init__(self, tree: tuple[Any, ...], stems: Stems) -> None: ...
    def mark(self, text: str, max_chars: int) -> tuple[Any, ...] | None:
        """Return (spans, (text of the excerpt, its spans, its start, cut before, cut after)).

        The same as searcher.query.evaluate.spans and searcher.highlight.snippet.snippet give;
        () when the tree doesn't match, None when the text has characters that only Python knows.
        """

def html(text: str, spans: Sequence[tuple[int, int]]) -> str | None:
    """Return what searcher.highlight.formats.html does; None of what isn't printable ASCII."""

def written(
    segment: Segment, docs: bytes, folded: Sequence[str], typed: Sequence[str]
) -> tuple[bytes, bytes, bytes]:
    """Count words, side by side, as searcher.query.written wants them written.

    Args:
        docs: paragraphs, native-endian uint32, ascending.
        folded: the words, ASCII; the last may be a possessive in the text.
        typed: the words as they are to be written; none for capitals.

    Returns:
        The documents that hold them so, how often each does, and the documents whose letters
        Python has to compare: native-endian uint32 each.

    Raises:
        ValueError: words that aren't of ASCII.
        NativeError: a document is damaged.
    """

# Queries.

Hit = tuple[float, int, int]
"""(score, ordinal of the segment, docnum)"""

PageHit = _Hit
"""searcher.results.Hit: a hit of a page, in one object."""

Late = Callable[[str, int, float, int], tuple[Place, Marks]]
"""(query, longest excerpt, seconds that are left, hits of the page) to what Hit.late is given."""

@final
class StoredHit:
    """A hit: its score, and its paragraph, of which a value becomes an object when it is read.

    It outlives the index's being closed, and what it shows is that of the Paragraph.
    """

    @property
    def score(self) -> float: ...
    @property
    def paragraph(self) -> Paragraph:
        """The whole paragraph, with its place in its source; made once."""

    @property
    def facts(self) -> StoredHit:
        """The hit itself; see searcher.results.Scored."""

    @property
    def id(self) -> str: ...
    @property
    def article(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def section(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def date(self) -> date | None: ...

# Queries.

@final
class Index:
    """The live paragraphs of some segments, to search.

    Args:
        segments: in the order of the index.
        deleted: for each segment the deleted docnums: native-endian uint32, ascending.
        documents, words: live paragraphs and their tokens, what scores are made from.
    """

    def __init__(
        self, segments: Sequence[Segment], deleted: Sequence[bytes], documents: int, words: int
    ) -> None: ...
    def uncut(self) -> None:
        """Raise NativeError when a segment's file was shortened since it was opened."""

    def df(self, field: str, term: bytes) -> int:
        """Return how many live documents hold a term."""

    def match(self, plan: Any, seconds: float) -> Matches:
        """Return what a plan matches (rust/src/exec/plan.rs; searcher/engines/plan.py makes it)."""

    def page(
        self, plan: Any, seconds: float, offset: int, limit: int
    ) -> tuple[int, int, list[Hit]]:
        """Return (paragraphs, articles, the hits of a page by score), exact, in one call."""

@final
class QuickSearch:
    """Answers the queries that searcher.query.quick reads, without their trees.

    Args:
        index: what is searched.
        paragraphs: of its segments.
        stems: of its language.
        captions: the terms of `kind` that say caption, encoded.
    """

    def __init__(
        self, index: Index, paragraphs: Paragraphs, stems: Stems, captions: Sequence[bytes]
    ) -> None: ...
    def page(
        self,
        text: str,
        bounds: tuple[int, int, int, int],
        dated: bool,
        seconds: float,
        page: tuple[int, int],
        late: tuple[Late, int] | None = None,
    ) -> tuple[str, int, int, tuple[PageHit, ...]] | None:
        """Return (how the query was read, paragraphs, articles, the hits of a page by score).

        Args:
            text: the query.
            bounds: characters, depth, edits and expansions that it may have.
            dated: whether it may ask for dates.
            seconds: time that it may take.
            page: hits to pass over, and hits on the page.
            late: what places its hits and marks them in Python, and the longest excerpt; without
                it they have no marks.

        Returns:
            None where searcher.query.parser has to look.

        Raises:
            LimitError, NativeError: see Index.page; that a segment's file was shortened too.
        """

    def reads(
        self, text: str, bounds: tuple[int, int, int, int], plan: tuple[Any, ...]
    ) -> tuple[str, bool] | None:
        """Return how a query is read, and whether that is a plan; None where it isn't read."""

@final
class Ranked:
    """Hits in order, of which some are taken at a time."""

    def __len__(self) -> int:
        """Return how many hits, or articles, there are."""

    def part(self, at: int, count: int) -> list[list[Hit]]:
        """Return some of them from a place on: a list for each, of one hit or an article's."""

class Matches:
    """The documents that a plan matches, in all segments."""

    @property
    def total(self) -> int: ...
    @property
    def articles(self) -> int: ...
    def docs(self, segment: int) -> bytes:
        """Return the docnums in a segment: native-endian uint32, ascending."""

    def hits(
        self, sort: str, offset: int, limit: int, fading: tuple[float, int] | None = None
    ) -> list[Hit]:
        """Return hits in order.

        Args:
            sort: score, newest or oldest (searcher.engines.base.order_key).
            offset, limit: hits to pass over, and to return.
            fading: (days in which half of what age can take is gone, proleptic ordinal of
                today); see searcher/engines/recency.py.
        """

    def groups(
        self, sort: str, offset: int, limit: int, each: int, fading: tuple[float, int] | None = None
    ) -> list[tuple[int, list[Hit]]]:
        """Return articles in the order of their best hits: how many hits each has, its first."""

    def ranked(
        self, sort: str, by_article: bool, fading: tuple[float, int] | None = None
    ) -> Ranked:
        """Return all hits in order; by_article puts those of each article behind its best."""

    def days(self) -> list[tuple[int, int, int]]:
        """Return (yyyymmdd or 0, paragraphs, articles) of each day with hits, ascending."""

    def counts(self, column: str) -> list[tuple[str, int, int]]:
        """Return (value, paragraphs, articles) of each distinct value of a text column, by rank."""

    def weights(self) -> list[tuple[int, float, float, float]]:
        """Return (df, idf in text, in title, in section) of each Word or scoring Given node, in
        the plan's order."""

# Writing to the disk.

def watch_files(watcher: Callable[[str, Path], None] | None) -> None:
    """Have the core tell of each operation on a file it writes, before it is done.

    For tests.  The watcher gets (create, write, sync, rename or remove; the path, of a
    rename the new one); what it raises is what the operation ends with.
    """

# Whoosh's own queries.

@final
class StockSegment:
    """A segment to ask in Whoosh's way.

    Args:
        segment: the segment.
        deleted: docnums, native-endian uint32, ascending.
        lengths: the 256 lengths that Whoosh's bytes stand for.
    """

    def __init__(self, segment: Segment, deleted: bytes, lengths: Sequence[int]) -> None: ...
    def find(self, plan: tuple[Any, ...], scored: bool) -> StockFound:
        """Return the live documents that a plan finds (rust/src/stock/plan.rs)."""

@final
class StockFound:
    """Documents of a segment, ascending, and a score each.

    Args:
        docs: native-endian uint32.
        scores: float64.
    """

    def __init__(self, docs: bytes, scores: bytes) -> None: ...
    def __len__(self) -> int: ...
    @property
    def docs(self) -> bytes: ...
    @property
    def scores(self) -> bytes:
        """One score a document; empty where none were asked for."""

    def among(self, docs: bytes, wanted: bool) -> StockFound:
        """Return those that are, or aren't, among some documents."""

def best_found(
    parts: Sequence[tuple[StockFound, int]], limit: int | None
) -> list[tuple[float, int]]:
    """Return the first (score, document), the best first, of equal ones the first in the index.

    Args:
        parts: what each segment found, and what to add to its documents to have the index's.
        limit: None for all.
    """
