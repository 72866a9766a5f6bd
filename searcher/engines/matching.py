"""A tree over one segment: which documents match, with what their scores need.

Matching works on whole sets: every leaf gives the set of its documents, and
AND, OR, NOT are the set operations.  Nothing is skipped by score, so counts
are exact.  In an AND, cheap parts go first and the dear ones (phrases) look
only at what is left.

What stands on places (phrases, NEAR, quoted) reads the positions of its words,
in the documents that hold all of them.  What stands on the letters of a text
(exact, caps), or on who says it, reads what is stored of the documents that
hold its words, and no other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from searcher.analysis import POSSESSIVE, Analyzer
from searcher.engines.expansions import Expansions
from searcher.engines.segment import Docs, Segment
from searcher.indexing.documents import day
from searcher.model import Paragraph
from searcher.query.evaluate import (
    LEAD_PARAGRAPHS,
    View,
    cached_expression,
    date_matches,
    in_bounds,
    lies_in,
    matches_leaf,
    near_places,
    phrase_occurrences,
    refined,
    value_test,
)
from searcher.query.expressions import glob, literal_prefix, slot_test
from searcher.query.fields import FIELDS
from searcher.query.limits import Limits
from searcher.query.nearness import Occurrence
from searcher.query.tree import (
    And,
    AnyYear,
    AtLeast,
    Days,
    Fuzzy,
    InArticle,
    Lead,
    Leaf,
    Near,
    Not,
    Numbers,
    Operand,
    Or,
    Pattern,
    Phrase,
    Query,
    Quotation,
    Quoted,
    Regex,
    Slot,
    Term,
    Undated,
    Value,
    Word,
    WordLeaf,
    Written,
    in_field,
    is_operand,
)
from searcher.query.written import may_hold
from searcher.values import replace

STEMS = {"text": "text", "section": "section_words", "title": "title"}
"""Where the stems of a field are indexed."""

EXACT = {
    "text": "exact",
    "city": "city",
    "author": "author",
    "source": "source",
    "speaker": "speaker",
}
"""Where the exact forms of a field are indexed."""

ANY_WORD = Pattern("text", "*")
ANY_SLOT = Slot("*", is_pattern=True)
ANY_NAME = (ANY_SLOT,)

SlotForms = list[str] | None
"""The terms that may stand in a place of a phrase; None is any word at all."""

Places = dict[int, list[Occurrence]]
"""Where something stands, by document."""

COUNTS_KEPT = 1_000_000
"""Occurrences by document that are kept for the scores, in all terms; more are read again, which
takes longer and no memory."""

FOUND_KEPT = 1_000_000
"""Documents that are kept for the scores, in all parts of a tree; more are found again."""

PLACES_AT_ONCE = 16_384
"""Documents whose places are known at once, where they are only counted: those of every word of a
large archive take more than a hundred times the room of the archive's own lists."""

_DEAR = {
    Pattern: 1,
    Fuzzy: 1,
    Regex: 1,
    Quotation: 1,
    Or: 2,
    Phrase: 3,
    Near: 4,
    AtLeast: 4,
    InArticle: 4,
    # What goes through documents one by one looks only at those that are left.
    Numbers: 5,
    Days: 5,
    AnyYear: 5,
    Undated: 5,
    Lead: 5,
    Not: 5,
    Quoted: 5,
    Written: 6,
}


def _cost(tree: Query) -> int:
    # What is left out is cheap unless its parts are dear, and may spare reading a text.
    if isinstance(tree, Not):
        return max(_DEAR[Not], _cost(tree.child) + 1)
    if isinstance(tree, (And, Or)):
        return max(_DEAR.get(type(tree), 0), *map(_cost, tree.children))
    return _DEAR.get(type(tree), 0)


class Found:
    """What a subtree matches in one segment.

    Attributes:
        docs: the documents.
        tf: of a word leaf on the text: its occurrences by document.
        children: of an AND or OR: theirs, in the tree's order; of an
            AND/article those of its wanted parts.  None stands for one that was
            not kept: who needs it finds it again.
    """

    __slots__ = ("children", "docs", "tf")

    def __init__(
        self,
        docs: Docs,
        tf: dict[int, float] | None = None,
        children: list[Found | None] | None = None,
    ) -> None:
        self.docs = docs
        self.tf = tf or {}
        self.children = children or []


class SegmentMatcher:
    """Evaluates trees over one segment.

    Args:
        segment: what to look at.
        analyzer: the index's.
        limits: bounds on the time, which is running.
        expansions: counts the words that leaves stand for, over all segments.
    """

    def __init__(
        self,
        segment: Segment,
        analyzer: Analyzer,
        limits: Limits,
        expansions: Expansions,
    ) -> None:
        self.segment = segment
        self.analyzer = analyzer
        self.check_time = limits.check_time
        self._expansions = expansions
        self._tf: dict[tuple[str, str], dict[int, float]] = {}
        self._tf_count = 0
        self._found_count = 0
        self._expanded: dict[tuple[str, WordLeaf | Slot], list[str]] = {}

    def find(self, tree: Query, within: Docs | None = None) -> Found:
        """Return what a tree matches among the documents `within`, or among all.

        What is as cheap to have of all documents may be of all.
        """
        self.check_time()
        if isinstance(tree, And):
            return self._and(tree, within)
        if isinstance(tree, Or):
            return self._or(tree, within)
        if isinstance(tree, Not):
            return Found(self._among(within) - self.find(tree.child, within).docs)
        if isinstance(tree, WordLeaf):
            return self._words(tree, within)
        if isinstance(tree, InArticle):
            return self._in_article(tree, within)
        return Found(self._filter(tree, within))

    def _among(self, within: Docs | None) -> Docs:
        return self.segment.live if within is None else within

    def _kept(self, found: Found) -> Found | None:
        """Return what a part matched while there is room for it, or else nothing."""
        self._found_count += len(found.docs)
        return found if self._found_count <= FOUND_KEPT else None

    def _or(self, tree: Or, within: Docs | None) -> Found:
        children: list[Found | None] = []
        docs: Docs = set()
        for child in tree.children:
            found = self.find(child, within)
            docs |= found.docs
            children.append(self._kept(found))
        return Found(docs, children=children)

    def _and(self, tree: And, within: Docs | None) -> Found:
        children: list[Found | None] = [None] * len(tree.children)
        docs = within
        for at in sorted(range(len(children)), key=lambda at: _cost(tree.children[at])):
            found = self.find(tree.children[at], docs)
            docs = found.docs if docs is None else docs & found.docs
            if not docs:
                return Found(set())
            children[at] = self._kept(found)
        return Found(docs or set(), children=children)

    # Articles.

    def _in_article(self, tree: InArticle, within: Docs | None) -> Found:
        wanted = tree.wanted
        children: list[Found | None] = [None] * len(wanted)
        docs: Docs = set()
        whole: Docs | None = None
        for at in sorted(range(len(wanted)), key=lambda at: _cost(wanted[at])):
            part = self.find(wanted[at], whole)
            whole = self._whole_articles(part.docs if whole is None else part.docs & whole)
            if not whole:
                return Found(set())
            docs |= part.docs
            children[at] = self._kept(part)
        for unwanted in tree.unwanted:
            whole = self._among(whole)
            whole = whole - self._whole_articles(self.find(unwanted, whole).docs)
        found = (docs if wanted else self.segment.live) & self._among(whole)
        return Found(found if within is None else found & within, children=children)

    def _whole_articles(self, docs: Docs) -> Docs:
        self.check_time()
        return self.segment.whole_articles(docs)

    # Words.

    def _words(self, leaf: WordLeaf, within: Docs | None) -> Found:
        if leaf.field == "title":
            return Found(self._titled(leaf, within))
        if leaf.field == "section":
            return Found(self._sectioned(leaf))
        tf = self.tf_of(leaf, within)
        return Found(set(tf), tf)

    def tf_of(self, leaf: WordLeaf, within: Docs | None = None) -> dict[int, float]:
        """Return the occurrences of a word leaf by document.

        A phrase looks only at the documents `within`, where they are given.
        """
        if isinstance(leaf, Term):
            return self.term_tf(STEMS[leaf.field], self.analyzer.stem(leaf.text))
        if isinstance(leaf, Phrase):
            return self._phrase_tf(leaf, within)
        if isinstance(leaf, AtLeast):
            return self._enough(leaf, within)
        if isinstance(leaf, Written) and leaf.field == "text":
            return self._written_tf(leaf, self._candidates_of(leaf, within))
        if isinstance(leaf, (Near, Written, Quoted)):
            return self._count_places(leaf, self._candidates_of(leaf, within))
        if _is_any_word(leaf):
            return self.word_counts()
        return self._summed(EXACT[leaf.field], self.expand(EXACT[leaf.field], leaf))

    def _written_tf(self, leaf: Written, docs: Docs) -> dict[int, float]:
        counts, unread = self.segment.written(leaf, docs, self.check_time)
        return counts | self._count_places(leaf, unread)

    def _count_places(self, operand: Operand, docs: Collection[int]) -> dict[int, float]:
        return _counted(lambda some: self.places(operand, some), docs)

    def word_counts(self) -> dict[int, float]:
        """Return the words of each paragraph that has any."""
        words = self.segment.column("words")
        return {docnum: float(words[docnum]) for docnum in self.segment.live if words[docnum]}

    def term_tf(self, name: str, term: str) -> dict[int, float]:
        """Return the occurrences of one term of an indexed field by document."""
        key = name, term
        if key in self._tf:
            return self._tf[key]
        self.check_time()
        counts = self.segment.tf(name, term)
        if self._tf_count < COUNTS_KEPT:
            self._tf[key] = counts
            self._tf_count += len(counts)
        return counts

    def _summed(self, name: str, forms: Iterable[str]) -> dict[int, float]:
        total: dict[int, float] = {}
        for form in forms:
            self.check_time()
            counts = self.term_tf(name, form)
            if total:
                for docnum, count in counts.items():
                    total[docnum] = total.get(docnum, 0.0) + count
            else:
                total = dict(counts)
        return total

    def expand(self, name: str, leaf: Pattern | Fuzzy | Regex | Slot) -> list[str]:
        """Return the terms of an indexed field that a leaf stands for, in order.

        Raises:
            QueryLimitError: there are more than `limits.expansions`.
        """
        key = name, leaf
        if key not in self._expanded:
            self._expanded[key] = self._expansion(name, leaf)
        return self._expanded[key]

    def holders(self, operand: Operand) -> Docs:
        """Return the documents in which an operand stands."""
        if not isinstance(operand, Or):
            return set(self.tf_of(operand))
        children = (self.holders(child) for child in operand.children if is_operand(child))
        return set().union(*children)

    # Nearness, and words as they are written or quoted.

    def _candidates_of(self, operand: Operand, within: Docs | None) -> Docs:
        """Return the documents that hold the words of an operand, wherever they stand."""
        docs = self._holding_words(operand)
        return docs if within is None else docs & within

    def _holding_words(self, operand: Operand) -> Docs:
        if isinstance(operand, Or):
            children = (self._holding_words(c) for c in operand.children if is_operand(c))
            return set().union(*children)
        if isinstance(operand, Near):
            left = self._holding_words(operand.left)
            return left if operand.absent else left & self._holding_words(operand.right)
        if isinstance(operand, Quoted):
            docs = self._holding_words(operand.child)
            return self._quoting(Quotation(operand.speaker), docs) if docs else docs
        if isinstance(operand, (Written, AtLeast)):
            return self._holding_words(operand.child)
        if isinstance(operand, Phrase):
            return self._phrase_candidates(operand, None)
        return set(self.tf_of(operand))

    def places(self, operand: Operand, docs: Docs) -> Places:
        """Return where an operand stands in those documents that hold it."""
        self.check_time()
        if isinstance(operand, Word):
            return self._word_places(operand, docs)
        if isinstance(operand, Or):
            return self._any_places(operand, docs)
        if isinstance(operand, Near):
            return self._near_places(operand, docs)
        if isinstance(operand, AtLeast):
            return self.places(operand.child, set(self._enough(operand, docs)))
        found = self.places(operand.child, docs)
        if isinstance(operand, Quoted) and not operand.speaker:
            return self._in_quotations(found)
        return self._refined(operand, found)

    def _word_places(self, leaf: Word, docs: Docs) -> Places:
        if isinstance(leaf, Phrase):
            name = EXACT[leaf.field] if leaf.verbatim else STEMS[leaf.field]
            return self._phrase_places(name, self.slot_forms(leaf), docs, leaf.slop)
        if isinstance(leaf, Term):
            stems = [self.analyzer.stem(leaf.text)]
            return self._phrase_places(STEMS[leaf.field], [stems], docs, slop=0)
        name = EXACT[leaf.field]
        forms = None if _is_any_word(leaf) else self.expand(name, leaf)
        return self._phrase_places(name, [forms], docs, slop=0)

    def _any_places(self, either: Or, docs: Docs) -> Places:
        found: dict[int, set[Occurrence]] = {}
        for child in either.children:
            if is_operand(child):
                held = self._candidates_of(child, docs)
                for docnum, places in self.places(child, held).items():
                    found.setdefault(docnum, set()).update(places)
        return {docnum: sorted(places) for docnum, places in found.items()}

    def _near_places(self, near: Near, docs: Docs) -> Places:
        left = self.places(near.left, docs)
        beside = self._candidates_of(near.right, left.keys() & docs)
        right = self.places(near.right, beside) if beside else {}
        found = {}
        for docnum, places in left.items():
            self.check_time()
            if together := near_places(near, places, right.get(docnum, ()), self.check_time):
                found[docnum] = together
        return found

    def _in_quotations(self, places: Places) -> Places:
        span = _span(places)
        begins, ends = (self.segment.positions("quoted", t, places, span) for t in ("begin", "end"))
        found = {}
        for docnum in begins:
            self.check_time()
            starts, stops = begins[docnum], ends[docnum]
            here = [p for p in places[docnum] if lies_in(p[0], p[-1] + 1, starts, stops)]
            if here:
                found[docnum] = here
        return found

    def _refined(self, operand: Written | Quoted, places: Places) -> Places:
        found = {}
        written = operand if isinstance(operand, Written) and operand.field == "text" else None
        for docnum, here in places.items():
            self.check_time()
            paragraph = self.segment.paragraph(docnum)
            if written and not may_hold(paragraph.text, written):
                continue
            if kept := refined(operand, here, View(paragraph, self.analyzer)):
                found[docnum] = kept
        return found

    def _enough(self, leaf: AtLeast, within: Docs | None) -> dict[int, float]:
        """Return the occurrences in the articles that have enough of them."""
        docs = self._holding_words(leaf.child)
        if within is not None:
            docs &= self._whole_articles(docs & within)
        counts = self._counts(leaf.child, docs)
        articles, captions = self.segment.column("article_no"), self.segment.kind("caption")
        totals: dict[int, float] = {}
        for docnum, count in counts.items():
            if docnum not in captions:
                totals[articles[docnum]] = totals.get(articles[docnum], 0.0) + count
        enough = {number for number, total in totals.items() if total >= leaf.count}
        return {docnum: count for docnum, count in counts.items() if articles[docnum] in enough}

    def _counts(self, operand: Operand, docs: Docs) -> dict[int, float]:
        if isinstance(operand, Or):
            return self._count_places(operand, docs)
        return {d: count for d, count in self.tf_of(operand, docs).items() if d in docs}

    def _expansion(self, name: str, leaf: Pattern | Fuzzy | Regex | Slot) -> list[str]:
        forms: list[str] = []
        # One word can keep a regular expression busy for a while; any other test is quick.
        step = 1 if isinstance(leaf, Regex) else 1024
        test = slot_test(leaf, last=True) if isinstance(leaf, Slot) else cached_expression(leaf)
        for at, form in enumerate(self._candidates(name, leaf)):
            if at % step == 0:
                self.check_time()
            if test(form):
                forms.append(form)
        self._expansions.add(name, leaf, forms)
        return forms

    def _candidates(self, name: str, leaf: Pattern | Fuzzy | Regex | Slot) -> Iterable[str]:
        if isinstance(leaf, (Pattern, Slot)):
            pattern = leaf.text if isinstance(leaf, Slot) else leaf.pattern
            return self.segment.prefixed(name, literal_prefix(pattern))
        return self.segment.forms(name)

    # Phrases.

    def _phrase_tf(self, leaf: Phrase, within: Docs | None) -> dict[int, float]:
        name = EXACT[leaf.field] if leaf.verbatim else STEMS[leaf.field]
        slots = self.slot_forms(leaf)
        docs = self._phrase_candidates(leaf, within)
        if len(slots) == 1 and slots[0] is not None:
            return {d: n for d, n in self._summed(name, slots[0]).items() if d in docs}
        return _counted(lambda some: self._phrase_places(name, slots, some, leaf.slop), docs)

    def _phrase_candidates(self, leaf: Phrase, within: Docs | None) -> Docs:
        name = EXACT[leaf.field] if leaf.verbatim else STEMS[leaf.field]
        docs = self._among(within)
        for forms in self.slot_forms(leaf):
            if forms is not None:
                docs = docs & self.holding(name, forms)
        return docs

    def holding(self, name: str, forms: Iterable[str]) -> Docs:
        """Return the documents that hold any of some terms of an indexed field."""
        found: Docs = set()
        for form in forms:
            self.check_time()
            found.update(self.term_tf(name, form))
        return found

    def _phrase_places(self, name: str, slots: list[SlotForms], docs: Docs, slop: int) -> Places:
        where = [None if forms is None else self._slot_places(name, forms, docs) for forms in slots]
        words = self.segment.column("words")
        found = {}
        for docnum in docs:
            self.check_time()
            places = [
                range(words[docnum]) if held is None else held.get(docnum, ()) for held in where
            ]
            if here := phrase_occurrences(places, slop, self.check_time):
                found[docnum] = here
        return found

    def _slot_places(self, name: str, forms: Iterable[str], docs: Docs) -> dict[int, list[int]]:
        """Return where any of some terms stands, in order, in those documents that hold one."""
        held: dict[int, list[list[int]]] = {}
        span = _span(docs)
        for form in forms:
            self.check_time()
            for docnum, positions in self.segment.positions(name, form, docs, span).items():
                held.setdefault(docnum, []).append(positions)
        return {docnum: _joined(lists) for docnum, lists in held.items()}

    def slot_forms(self, leaf: Phrase) -> list[SlotForms]:
        """Return, for each place of a phrase, the terms that may stand there."""
        if not leaf.verbatim:
            return [[self.analyzer.stem(slot.text)] for slot in leaf.slots]
        last = len(leaf.slots) - 1
        return [
            self._slot_forms(EXACT.get(leaf.field, "exact"), slot, last=at == last)
            for at, slot in enumerate(leaf.slots)
        ]

    def _slot_forms(self, name: str, slot: Slot, *, last: bool) -> SlotForms:
        if slot == ANY_SLOT and name == "exact":
            return None
        if slot.is_pattern:
            forms = self.expand(name, slot)
            return forms if last else [form for form in forms if glob(slot.text)(form)]
        return [slot.text, slot.text + POSSESSIVE] if last else [slot.text]

    # Filters.

    def _titled(self, leaf: WordLeaf, within: Docs | None) -> Docs:
        """An article has a title if its headline, a document of its own, has the words."""
        headlines = self.segment.kind("headline")
        holding = self.tf_of(in_field(leaf, "text"), headlines).keys() & headlines
        articles = self.segment.column("article_no")
        wanted = {articles[docnum] for docnum in holding}
        return {docnum for docnum in self._among(within) if articles[docnum] in wanted}

    def _sectioned(self, leaf: WordLeaf) -> Docs:
        found: Docs = set()
        for section in self.segment.forms("section"):
            self.check_time()
            if matches_leaf(leaf, _section_view(section, self.analyzer)):
                found |= self.segment.docs("section", section)
        return found

    def _filter(self, leaf: Leaf, within: Docs | None) -> Docs:
        if isinstance(leaf, Value):
            return self._valued(leaf)
        if isinstance(leaf, (Days, AnyYear, Undated)):
            return self._dated(leaf, within)
        if isinstance(leaf, Numbers):
            numbers = self.segment.column(leaf.field)
            return {d for d in self._among(within) if in_bounds(leaf, numbers[d])}
        if isinstance(leaf, Lead):
            return self._leading(within)
        if isinstance(leaf, Quotation):
            return self._quoting(leaf, within)
        return self._among(within)

    def _leading(self, within: Docs | None) -> Docs:
        texts = self.segment.kind("text")
        docs = self._among(within)
        return (docs & self.segment.kind("headline")) | {
            docnum for docnum in docs & texts if self._texts_before(docnum, texts)
        }

    def _texts_before(self, docnum: int, texts: Docs) -> bool:
        """Tell whether few enough paragraphs of text come before one in its article."""
        articles = self.segment.column("article_no")
        before, at = 0, docnum - 1
        while at >= 0 and articles[at] == articles[docnum] and before < LEAD_PARAGRAPHS:
            before += at in texts
            at -= 1
        return before < LEAD_PARAGRAPHS

    def _quoting(self, leaf: Quotation, within: Docs | None) -> Docs:
        if leaf.speaker not in ((), ANY_NAME):
            return set(self._phrase_tf(Phrase("speaker", leaf.speaker), within))
        term = "named" if leaf.speaker else "begin"
        if within is None:
            return self.segment.docs("quoted", term)
        return self.segment.docs_among("quoted", term, within)

    def _valued(self, leaf: Value) -> Docs:
        test = value_test(leaf)
        values = [value for value in self._value_candidates(leaf) if test(value)]
        return set().union(*(self.segment.docs(leaf.field, value) for value in values))

    def _value_candidates(self, leaf: Value) -> Iterable[str]:
        exact = FIELDS[leaf.field].reads == "value" and not leaf.is_pattern
        return [leaf.value] if exact and leaf.field == "desk" else self.segment.forms(leaf.field)

    def _dated(self, leaf: Days | AnyYear | Undated, within: Docs | None) -> Docs:
        days = self.segment.column("date")
        wanted = {number for number in set(days) if date_matches(leaf, day(number))}
        return {docnum for docnum in self._among(within) if days[docnum] in wanted}


def _is_any_word(leaf: Word) -> bool:
    return leaf.field == "text" and leaf == replace(ANY_WORD, boost=leaf.boost)


def _counted(find: Callable[[Docs], Places], docs: Collection[int]) -> dict[int, float]:
    """Return how often something stands in each document, found for some of them at a time."""
    counts: dict[int, float] = {}
    for some in _parts(docs):
        counts.update((docnum, float(len(found))) for docnum, found in find(some).items())
    return counts


def _parts(docs: Collection[int]) -> Iterator[Docs]:
    ordered = sorted(docs)
    for start in range(0, len(ordered), PLACES_AT_ONCE):
        yield set(ordered[start : start + PLACES_AT_ONCE])


def _span(docs: Collection[int]) -> range:
    return range(min(docs), max(docs) + 1) if docs else range(0)


def _joined(lists: list[list[int]]) -> list[int]:
    return lists[0] if len(lists) == 1 else sorted(position for one in lists for position in one)


def _section_view(section: str, analyzer: Analyzer) -> View:
    return View(Paragraph("", "", 0, "text", section, "", 0, 0), analyzer)
