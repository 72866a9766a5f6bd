"""A tree over one segment: which documents match, with what their scores need.

Matching works on whole sets: every leaf gives the set of its documents, and
AND, OR, NOT are the set operations.  Nothing is skipped by score, so counts
are exact.  In an AND, cheap parts go first and the dear ones (phrases) look
only at what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from searcher.analysis import POSSESSIVE, Analyzer
from searcher.engines.segment import Docs, Segment
from searcher.indexing.documents import day
from searcher.model import Paragraph
from searcher.query.evaluate import (
    View,
    cached_expression,
    date_matches,
    in_bounds,
    matches_leaf,
    phrase_occurrences,
    value_test,
)
from searcher.query.expressions import glob, literal_prefix, slot_test
from searcher.query.fields import FIELDS
from searcher.query.limits import Limits
from searcher.query.tree import (
    And,
    AnyYear,
    Days,
    Fuzzy,
    Leaf,
    Not,
    Numbers,
    Or,
    Pattern,
    Phrase,
    Query,
    Regex,
    Slot,
    Term,
    Undated,
    Value,
    WordLeaf,
)

STEMS = {"text": "text", "section": "section_words", "title": "title"}
"""Where the stems of a field are indexed."""

EXACT = {"text": "exact", "city": "city", "author": "author", "source": "source"}
"""Where the exact forms of a field are indexed."""

ANY_WORD = Pattern("text", "*")
ANY_SLOT = Slot("*", is_pattern=True)

SlotForms = list[str] | None
"""The terms that may stand in a place of a phrase; None is any word at all."""

_DEAR = {Pattern: 1, Fuzzy: 1, Regex: 1, Or: 2, Phrase: 3, And: 3, Not: 4}


def _cost(tree: Query) -> int:
    return _DEAR.get(type(tree), 0)


@dataclass(slots=True)
class Found:
    """What a subtree matches in one segment.

    Attributes:
        docs: the documents.
        tf: of a word leaf on the text: its occurrences by document.
        children: of an AND or OR: theirs, in the tree's order.
    """

    docs: Docs
    tf: dict[int, float] = field(default_factory=dict)
    children: list[Found] = field(default_factory=list)


class SegmentMatcher:
    """Evaluates trees over one segment.

    Args:
        segment: what to look at.
        analyzer: the index's.
        limits: bounds on expansions.
        check_time: called often; raises when the search took too long.
    """

    def __init__(
        self,
        segment: Segment,
        analyzer: Analyzer,
        limits: Limits,
        check_time: Callable[[], None],
    ) -> None:
        self.segment = segment
        self.analyzer = analyzer
        self.limits = limits
        self.check_time = check_time
        self._tf: dict[tuple[str, str], dict[int, float]] = {}
        self._expanded: dict[tuple[str, WordLeaf | Slot], list[str]] = {}

    def find(self, tree: Query, within: Docs | None = None) -> Found:
        """Return what a tree matches, among the documents `within` or among all."""
        self.check_time()
        if isinstance(tree, And):
            return self._and(tree, within)
        if isinstance(tree, Or):
            children = [self.find(child, within) for child in tree.children]
            return Found(set().union(*(child.docs for child in children)), children=children)
        if isinstance(tree, Not):
            return Found(self._among(within) - self.find(tree.child, within).docs)
        if isinstance(tree, WordLeaf):
            return self._words(tree, within)
        return Found(self._filter(tree, within))

    def _among(self, within: Docs | None) -> Docs:
        return self.segment.live if within is None else within

    def _and(self, tree: And, within: Docs | None) -> Found:
        children = [Found(set())] * len(tree.children)
        docs = within
        for at in sorted(
            range(len(children)), key=lambda at: _DEAR.get(type(tree.children[at]), 0)
        ):
            children[at] = self.find(tree.children[at], docs)
            docs = children[at].docs if docs is None else docs & children[at].docs
            if not docs:
                return Found(set())
        return Found(docs or set(), children=children)

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
        if leaf.field == "text" and leaf == replace(ANY_WORD, boost=leaf.boost):
            return self.word_counts()
        return self._summed(EXACT[leaf.field], self.expand(EXACT[leaf.field], leaf))

    def word_counts(self) -> dict[int, float]:
        """Return the words of each paragraph that has any."""
        words = self.segment.column("words")
        return {docnum: float(words[docnum]) for docnum in self.segment.live if words[docnum]}

    def term_tf(self, name: str, term: str) -> dict[int, float]:
        """Return the occurrences of one term of an indexed field by document."""
        key = name, term
        if key not in self._tf:
            self.check_time()
            self._tf[key] = self.segment.tf(name, term)
        return self._tf[key]

    def _summed(self, name: str, forms: Iterable[str]) -> dict[int, float]:
        total: dict[int, float] = {}
        for form in forms:
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
        what = leaf.text if isinstance(leaf, Slot) else str(leaf)
        count = len(forms)
        self.limits.check("expansions", count, f"{what} stands for {count} words of the archive")
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
        docs = self._among(within)
        for forms in slots:
            if forms is not None:
                docs = docs & self.holding(name, forms)
        if len(slots) == 1 and slots[0] is not None:
            return {d: n for d, n in self._summed(name, slots[0]).items() if d in docs}
        return self._occurring(name, slots, docs, leaf.slop) if docs else {}

    def holding(self, name: str, forms: Iterable[str]) -> Docs:
        """Return the documents that hold any of some terms of an indexed field."""
        return set().union(*(self.term_tf(name, form) for form in forms))

    def _occurring(
        self, name: str, slots: list[SlotForms], docs: Docs, slop: int
    ) -> dict[int, float]:
        where = {}
        for form in {form for forms in slots for form in forms or ()}:
            self.check_time()
            where[form] = self.segment.positions(name, form, docs)
        words = self.segment.column("words")
        found = {}
        for docnum in docs:
            places = [
                range(words[docnum])
                if forms is None
                else _joined([where[form].get(docnum, []) for form in forms])
                for forms in slots
            ]
            if count := len(phrase_occurrences(places, slop)):
                found[docnum] = float(count)
        return found

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
        holding = self.tf_of(replace(leaf, field="text"), headlines).keys() & headlines
        articles = self.segment.column("article_no")
        wanted = {articles[docnum] for docnum in holding}
        return {docnum for docnum in self._among(within) if articles[docnum] in wanted}

    def _sectioned(self, leaf: WordLeaf) -> Docs:
        found: Docs = set()
        for section in self.segment.forms("section"):
            if matches_leaf(leaf, _section_view(section, self.analyzer)):
                found |= self.segment.docs("section", section)
        return found

    def _filter(self, leaf: Leaf, within: Docs | None) -> Docs:
        if isinstance(leaf, Value):
            return self._valued(leaf)
        if isinstance(leaf, (Days, AnyYear, Undated)):
            return self._dated(leaf, within)
        if isinstance(leaf, Numbers):
            numbers = self.segment.column("number")
            return {d for d in self._among(within) if in_bounds(leaf, numbers[d])}
        return self._among(within)

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


def _joined(lists: list[list[int]]) -> list[int]:
    return lists[0] if len(lists) == 1 else sorted(position for one in lists for position in one)


def _section_view(section: str, analyzer: Analyzer) -> View:
    return View(Paragraph("", "", 0, "text", section, "", 0, 0), analyzer)
