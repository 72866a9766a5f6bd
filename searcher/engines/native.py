"""The native engine: the core answers, over segments of its own; Whoosh isn't asked.

It opens an index whose segments are all native.  What the core doesn't
evaluate is found in Python over the same segments (sets.py), and so is what no
search waits for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, wraps
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeVar

from searcher._native import (
    Index,
    LimitError,
    NativeError,
    Panic,
    Paragraphs,
    QuickSearch,
    Segment,
    Stems,
    stored_column,
)
from searcher._native import tokenize as cut
from searcher.analysis import Analyzer, Token, tokenize
from searcher.engines.base import (
    GROUP_HITS,
    Answer,
    Groups,
    Late,
    ordered_facets,
    scoring_leaves,
)
from searcher.engines.lexicon import Lexicon
from searcher.engines.native_segment import NativeSegment, numbers
from searcher.engines.plan import ALL, Plan, Planner
from searcher.engines.scoring import Totals, Weights
from searcher.engines.told import told
from searcher.errors import IndexIncompatible, IndexUnreadable
from searcher.indexing.damage import damaged
from searcher.indexing.documents import day
from searcher.indexing.format import FORMAT_VERSION
from searcher.indexing.manifest import BASES_KEPT, PART_ARTICLES, ArchiveRecord, part_name
from searcher.indexing.segment_list import (
    EXTENSION,
    Part,
    SegmentList,
    generation_of,
    read_segment_list,
)
from searcher.model import Paragraph, Quote
from searcher.query.limits import Limits
from searcher.turns import Turns

if TYPE_CHECKING:
    from searcher._native import Hit, Matches, PageHit, Ranked
    from searcher.engines.histogram import Histogram
    from searcher.engines.recency import Recency
    from searcher.engines.sets import SetEngine
    from searcher.query.tree import Query, WordLeaf
    from searcher.results import Facet, Scored

TRIES = 100
"""How often opening tries while commits replace the files under it, however long one takes."""

STEP = 100
"""Hits that are asked for at once when all are read."""

T = TypeVar("T")
Method = TypeVar("Method", bound=Callable[..., Any])


def may_open(path: str) -> bool:
    """Tell whether a folder holds a native segment, by its file names alone."""
    try:
        return any(name.endswith(EXTENSION) for name in os.listdir(path))  # noqa: PTH208
    except OSError:
        return False


def open_engine(path: str) -> NativeEngine | None:
    """Open the newest commit of the index in a folder.

    Returns:
        NativeEngine: or None when a segment of the index isn't native.

    Raises:
        IndexMissing, IndexUnreadable, IndexIncompatible: see storage.open_index.
    """
    for tries_left in reversed(range(TRIES)):
        found = _listed(path)
        if found is None:
            return None
        _check_format(path, found)
        try:
            return NativeEngine(path, found)
        except (OSError, NativeError, Panic) as error:
            # A commit may have removed a segment since it was listed.
            if not tries_left or _generation(path) == found.generation:
                raise _unreadable(path, error) from error
    return None


def _listed(path: str) -> SegmentList | None:
    generation = _generation(path)
    found = read_segment_list(path, generation) if generation >= 0 else None
    if found is None:
        found = _from_whoosh(path)
    return found if found and all(part.is_native for part in found.parts) else None


def _generation(path: str) -> int:
    try:
        return generation_of(path)
    except OSError:
        return -1


def _from_whoosh(path: str) -> SegmentList | None:
    """Read the table of contents, or say what is wrong with it."""
    from pathlib import Path

    from searcher.indexing.storage import listed, open_index, retried, with_errors

    index = open_index(path)
    toc = with_errors(Path(path), lambda: retried(index._read_toc))
    return listed(toc)


def _check_format(path: str, found: SegmentList) -> None:
    if found.format_version != FORMAT_VERSION:
        raise IndexIncompatible(
            f"{path}: index format {found.format_version}, this searcher reads {FORMAT_VERSION}. "
            f"Index again with: searcher index PATH --rebuild --index {path}",
            path,
        )


def _core(path: str, part: Part) -> Segment:
    """Return a segment, if it is the one that the commit was made with."""
    core = Segment(f"{path}/{part.file}")
    if core.doc_count != part.documents or (part.seal is not None and core.seal != part.seal):
        raise NativeError(f"{core.path}: another segment than the commit was made with")
    return core


def _unreadable(path: str, error: OSError | NativeError | Panic) -> IndexUnreadable:
    if isinstance(error, FileNotFoundError):
        return damaged(path, f"{os.path.basename(error.filename or path)} is missing")  # noqa: PTH119
    if isinstance(error, OSError):
        return IndexUnreadable(f"{path}: {error.strerror or error}: {error.filename}", path)
    return damaged(path, error)


def _told(method: Method) -> Method:
    """Have a method say of damage that the index is damaged, and of time that it is over.

    What an iterator meets late is said too.
    """

    @wraps(method)
    def asked(self: NativeEngine, *args: Any, **options: Any) -> Any:
        self._index.uncut()
        try:
            return method(self, *args, **options)
        except LimitError as error:
            raise _limits_among(*args, *options.values()).over(*error.args) from None

    return told(asked, (NativeError, Panic), _tell)  # type: ignore[return-value]


def _tell(engine: NativeEngine, error: BaseException) -> IndexUnreadable:
    return damaged(engine._path, error)


def _limits_among(*given: object) -> Limits:
    # What takes no limits, as the values of a field, has the default ones.
    limits = (one.given if isinstance(one, Turns) else one for one in given)
    return next((one for one in limits if isinstance(one, Limits)), Limits())


class NativeAnalyzer(Analyzer):
    """An analyzer that has the core cut the texts it can, and remember stems."""

    def __init__(self, language: str) -> None:
        super().__init__(language)
        # Of an analyzer of its own, or the two would keep each other alive.
        self.known_stems: Stems = Stems(Analyzer(language).stem)

    def tokens(self, text: str) -> list[Token]:
        """Return tokenize(text)."""
        found = cut(text)
        return tokenize(text) if found is None else list(map(Token._make, found))


class _Records:
    """What an index says of itself in its native segments.

    A class of its own, because the core keeps `bases`: the interpreter sees no
    circle that goes through the core, and would never let go of an engine in one.
    """

    def __init__(self, path: str, cores: Sequence[Segment], parts: Sequence[Part]) -> None:
        self._path = path
        self._cores = cores
        self._parts = parts
        self._bases: dict[tuple[str, int], dict[str, int]] = {}

    def named(self, name: str) -> Iterator[tuple[Segment, int]]:
        """Yield the live records of a name: segment and docnum."""
        for core, part in zip(self._cores, self._parts, strict=True):
            docs = core.docs("record", name.encode("utf-8", "surrogatepass"))
            if docs:
                gone = set(numbers(part.deleted))
                yield from ((core, doc) for doc in numbers(docs) if doc not in gone)

    def bases(self, name: str, number: int | None = None) -> dict[str, int] | None:
        """Return where each article of a source begins in it; None where that is in parts.

        Args:
            name: of the source.
            number: of an article, whose part is read.
        """
        # Hits ask when they are read, long after the search that told of damage itself.
        try:
            return self._record_bases(name) if number is None else self._part_bases(name, number)
        except (NativeError, Panic) as error:
            raise damaged(self._path, error) from error

    def _record_bases(self, name: str) -> dict[str, int] | None:
        # The entries of a record: id, number, fingerprint, base… (manifest.SourceRecord).
        for core, doc in self.named(f"source:{name}"):
            found = stored_column(core, doc, "payload", 6, 3)
            return found if found or not core.stored(doc)["payload"][9:] else None
        return {}

    def _part_bases(self, name: str, number: int) -> dict[str, int]:
        key = name, number // PART_ARTICLES
        if key not in self._bases:
            if len(self._bases) >= BASES_KEPT:
                self._bases.clear()
            found: dict[str, int] = {}
            for core, doc in self.named(part_name(*key)):
                found = stored_column(core, doc, "payload", 2, 3)
            self._bases[key] = found
        return self._bases[key]

    def number(self, article: str) -> int:
        """Return the number of an article; 0 when there is none."""
        for core, part in zip(self._cores, self._parts, strict=True):
            gone = numbers(part.deleted)
            for doc in numbers(core.docs("article", article.encode("utf-8", "surrogatepass"))):
                if doc not in gone:
                    return core.number("article_no", doc)
        return 0


class NativeEngine:
    """Answers from the native segments of one index, as they were when it was opened.

    Args:
        path: folder of the index.
        found: its segments.

    Attributes:
        record: what the index says of itself.
        language: of its stems.
        analyzer: of that language.
        generation: number of the commit that the engine sees.
        segment_count: segments of the index.
    """

    def __init__(self, path: str, found: SegmentList) -> None:
        self._path = path
        self._parts = found.parts
        self._cores = [_core(path, part) for part in found.parts]
        self._records = _Records(path, self._cores, found.parts)
        self.generation = found.generation
        self.segment_count = len(self._cores)
        self.record = self._archive_record(found.language)
        self.language = self.record.language
        self._analyzer = NativeAnalyzer(self.language)
        self.analyzer: Analyzer = self._analyzer
        deleted = [part.deleted for part in found.parts]
        self._index = Index(self._cores, deleted, self.record.documents, self.record.words)
        self._lexicon = Lexicon(self._cores, self.analyzer)
        self._planner = Planner(self.analyzer, self._lexicon, lambda: self._sets, self._docs)
        self._paragraphs = Paragraphs(self._cores, Paragraph, Quote, day, self._records.bases)
        self._columns: dict[str, bool] = {}
        self._bounded: tuple[Limits | None, tuple[int, int, int, int]] = None, (0, 0, 0, 0)

    def totals(self) -> Totals:
        """See Engine.totals."""
        return Totals(self.record.documents, self.record.words)

    # What the index says of itself.

    def _archive_record(self, language: str) -> ArchiveRecord:
        for core, doc in self._records.named("archive"):
            return ArchiveRecord(**core.stored(doc)["payload"])
        if any(part.documents for part in self._parts):
            raise IndexIncompatible("an index without an archive record: not one of searcher")
        return ArchiveRecord(language=language)

    def _base(self, stored: Mapping[str, Any]) -> int:
        """Return where the article of a paragraph begins in its source."""
        name = stored.get("origin") or stored.get("path", "")
        article = stored["article"]
        bases = self._paragraphs.bases_of(name)
        if bases is None:
            bases = self._records.bases(name, self._records.number(article)) or {}
        return bases.get(article, 0)

    @cached_property
    def _sets(self) -> SetEngine:
        from searcher.engines.sets import SetEngine

        segments = [
            NativeSegment(core, numbers(part.deleted))
            for core, part in zip(self._cores, self._parts, strict=True)
        ]
        return SetEngine(segments, self.record, self._base, self.generation, self.analyzer)

    # Searching.

    @cached_property
    def _quick(self) -> QuickSearch:
        captions = [kind.encode() for kind in self._lexicon.forms("kind") if kind == "caption"]
        return QuickSearch(self._index, self._paragraphs, self._analyzer.known_stems, captions)

    def quick(
        self,
        text: str,
        page: tuple[int, int],
        turns: Turns,
        *,
        dated: bool,
        late: tuple[Late, int] | None = None,
    ) -> tuple[str, int, int, tuple[PageHit, ...]] | None:
        """See Engine.quick."""
        limits = turns.given
        if limits is not self._bounded[0]:
            self._bounded = limits, _bounds(limits)
        # Most searches come here: what _told does costs as much as all the rest.
        try:
            return self._quick.page(text, self._bounded[1], dated, turns.left(), page, late)
        except LimitError as error:
            raise limits.over(*error.args) from None
        except (NativeError, Panic) as error:
            raise damaged(self._path, error) from error

    @_told
    def search(
        self,
        tree: Query,
        *,
        offset: int,
        limit: int,
        sort: str,
        by_article: bool,
        limits: Limits,
        recency: Recency | None = None,
    ) -> Answer:
        """See Engine.search."""
        if by_article or recency or sort != "score":
            return self._ordered(tree, offset, limit, sort, by_article, limits, recency)
        total, articles, hits = self._asked(self._index.page, tree, limits, offset, limit)
        return Answer(total, articles, self._singly(hits))

    def _ordered(
        self,
        tree: Query,
        offset: int,
        limit: int,
        sort: str,
        by_article: bool,
        limits: Limits,
        recency: Recency | None,
    ) -> Answer:
        found, fading = self._matched(tree, limits), _fading(recency)
        if not limit or not found.total:
            return Answer(found.total, found.articles, ())
        if not by_article:
            hits = found.hits(sort, offset, limit, fading)
            return Answer(found.total, found.articles, self._singly(hits))
        several = found.groups(sort, offset, limit, GROUP_HITS, fading)
        groups = tuple(tuple(self._paragraphs.hits(group)) for _, group in several)
        return Answer(found.total, found.articles, groups, tuple(size for size, _ in several))

    def _singly(self, hits: Sequence[Hit]) -> Groups:
        return tuple(zip(self._paragraphs.hits(hits)))  # one-tuples

    def _matched(self, tree: Query, limits: Limits, *, whole: bool = False) -> Matches:
        return self._asked(self._index.match, tree, limits, whole=whole)

    def _asked(
        self, ask: Callable[..., T], tree: Query, limits: Limits, *page: int, whole: bool = False
    ) -> T:
        """Return what the core answers; to make the plan takes of the query's time too."""
        limits = limits.started()
        plan = self._planner.plan(tree, limits, whole=whole)
        return ask(plan, limits.left(), *page)

    def _docs(self, plan: Plan, limits: Limits) -> list[set[int]]:
        return _all_docs(self._index.match(plan, limits.left()), self.segment_count)

    def _found(self, tree: Query, limits: Limits) -> list[set[int]]:
        return _all_docs(self._matched(tree, limits), self.segment_count)

    @_told
    def each(
        self, tree: Query, *, sort: str, limits: Limits, recency: Recency | None = None
    ) -> Iterator[Scored]:
        """See Engine.each."""
        ranked = self._matched(tree, limits).ranked(sort, False, _fading(recency))
        return chain.from_iterable(chain.from_iterable(self._read(ranked)))

    @_told
    def each_article(
        self, tree: Query, *, sort: str, limits: Limits, recency: Recency | None = None
    ) -> Iterator[Sequence[Scored]]:
        """See Engine.each_article."""
        ranked = self._matched(tree, limits).ranked(sort, True, _fading(recency))
        return chain.from_iterable(self._read(ranked))

    def _read(self, ranked: Ranked) -> Iterator[Iterator[Sequence[Scored]]]:
        """Read the paragraphs of hits step by step, in the lists that they are in."""
        for at in range(0, len(ranked), STEP):
            part = ranked.part(at, STEP)
            hits = iter(self._paragraphs.hits(list(chain.from_iterable(part))))
            yield (tuple(islice(hits, len(one))) for one in part)

    # Counting.

    @_told
    def histogram(self, tree: Query, limits: Limits) -> Histogram:
        """See Engine.histogram."""
        from searcher.engines.histogram import DayCount, day_of_number

        days = self._matched(tree, limits).days()
        # The undated are day 0, and come last.
        ordered = [*(day for day in days if day[0]), *(day for day in days if not day[0])]
        return tuple(DayCount(day_of_number(number), *counts) for number, *counts in ordered)

    @_told
    def speakers(self, tree: Query, limits: Limits) -> Iterator[tuple[Hashable, str]]:
        """See Engine.speakers."""
        return self._sets.speakers_of(self._found(tree, limits))

    @_told
    def facet(self, tree: Query, name: str, limits: Limits) -> tuple[Facet, ...]:
        """See Engine.facet."""
        found = self._matched(tree, limits)
        if name in ("year", "month"):
            return ordered_facets(name, _periods(found.days(), 4 if name == "year" else 6))
        if not self._has_column(name):
            return self._sets.facet_of(name, _all_docs(found, self.segment_count))
        counts = found.counts(name)
        return ordered_facets(name, _each_desk(counts) if name == "desk" else counts)

    def _has_column(self, name: str) -> bool:
        """Tell whether every segment has a column of texts; one without values has none."""
        if name not in self._columns:
            found = (core.distinct(name) is not None for core in self._cores)
            self._columns[name] = all(found)
        return self._columns[name]

    # Articles and words.

    @_told
    def article(self, article_id: str) -> tuple[Paragraph, ...]:
        """See Engine.article."""
        return self._sets.article(article_id)

    @_told
    def article_ids(self) -> Iterable[str]:
        """See Engine.article_ids."""
        return self._sets.article_ids()

    @_told
    def article_keys(self, article_id: str) -> Sequence[int]:
        """See Engine.article_keys."""
        return self._sets.article_keys(article_id)

    @_told
    def filed_under(self, keys: Iterable[int]) -> tuple[Paragraph, ...]:
        """See Engine.filed_under."""
        return self._sets.filed_under(keys)

    @_told
    def hits_in(
        self, tree: Query, articles: Iterable[str], limits: Limits
    ) -> tuple[Paragraph, ...]:
        """See Engine.hits_in."""
        return self._sets.those_in(articles, self._found(tree, limits))

    @_told
    def paragraphs(self) -> Iterator[Paragraph]:
        """See Engine.paragraphs."""
        return self._sets.paragraphs()

    @_told
    def forms(self) -> Iterable[str]:
        """See Engine.forms."""
        return self._lexicon.forms("exact")

    @_told
    def df(self, form: str) -> int:
        """See Engine.df."""
        return self._index.df("exact", form.encode("utf-8", "surrogatepass"))

    @_told
    def values(self, field: str) -> Iterable[str]:
        """See Engine.values."""
        if not self._has_column(field):
            return self._sets.values(field)
        every = self._index.match(ALL, Limits().left())
        found = {value for value, *_ in every.counts(field)}
        return sorted({one for value in found for one in value.split("\x1f") if one})

    @_told
    def weights(self, tree: Query, limits: Limits) -> dict[WordLeaf, tuple[int, Weights]]:
        """See Engine.weights."""
        rows = self._matched(tree, limits, whole=True).weights()
        pairs = zip(scoring_leaves(tree), rows, strict=True)
        return {leaf: (df, Weights(*idf)) for leaf, (df, *idf) in pairs}

    def close(self) -> None:
        """Let go of the segments; pages that were taken from them stay right."""
        # The planner asks this engine: a circle that would keep files open until it is found.
        for holder in ("_sets", "_planner"):
            self.__dict__.pop(holder, None)


def _bounds(limits: Limits) -> tuple[int, int, int, int]:
    # A query has no more words than characters.
    chars = min(limits.query_chars, limits.terms, limits.phrase_words)
    return chars, limits.depth, limits.fuzzy_edits, limits.expansions


def _all_docs(found: Matches, segments: int) -> list[set[int]]:
    return [set(numbers(found.docs(at))) for at in range(segments)]


def _fading(recency: Recency | None) -> tuple[float, int] | None:
    return (recency.days, recency.today.toordinal()) if recency else None


def _periods(days: Sequence[tuple[int, int, int]], digits: int) -> Iterator[tuple[str, int, int]]:
    """Sum days to years or months; an article has one date, so its counts add up too."""
    sums: dict[str, list[int]] = {}
    for number, *counts in days:
        name = f"{number:08}" if number else ""
        period = name if digits == 4 else name and f"{name[:4]}-{name[4:6]}"
        several = sums.setdefault(period[:4] if digits == 4 else period, [0, 0])
        several[0] += counts[0]
        several[1] += counts[1]
    return ((name, paragraphs, articles) for name, (paragraphs, articles) in sums.items())


def _each_desk(counts: Iterable[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
    """Count each desk of those that stand joined; an article's paragraphs share them."""
    sums: dict[str, list[int]] = {}
    for joined, paragraphs, articles in counts:
        for desk in dict.fromkeys(joined.split("\x1f")):
            several = sums.setdefault(desk, [0, 0])
            several[0] += paragraphs
            several[1] += articles
    return ((desk, paragraphs, articles) for desk, (paragraphs, articles) in sums.items())


def unavailable(path: str) -> IndexIncompatible:
    """Return the error that says why the native engine doesn't open an index."""
    return IndexIncompatible(
        f"{path}: the native engine can't open it, because a segment is Whoosh's own. Open it with "
        f"engine='local', or write it anew: searcher index PATH --rebuild --index {path}",
        path,
    )
