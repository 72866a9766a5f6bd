"""A query tree as a plan for the native core.

The core knows terms, not words: stems are taken here, regular expressions
become the forms that they match, dates become ranges of yyyymmdd, and values
become the terms that they match.  Which forms a wildcard or a fuzzy word
stands for the core finds out itself.  rust/src/exec/plan.rs describes the
tuples.  What the core can't evaluate (a word as it is written, what somebody
is quoted saying) is found by matching.py and goes in as documents.

    oil* -kind:caption   →   ("and", [("word", 1.0, ("globbed", "exact", "oil*", 20000, "oil*")),
                                      ("not", ("terms", "kind", [b"caption"]))])
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from searcher.analysis import POSSESSIVE, Analyzer
from searcher.query.limits import Limits
from searcher.query.tree import (
    And,
    AnyYear,
    AtLeast,
    Days,
    Everything,
    Fuzzy,
    InArticle,
    Lead,
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
    WordLeaf,
    Written,
    in_field,
)

if TYPE_CHECKING:
    from searcher.engines.lexicon import Lexicon
    from searcher.engines.segment import Docs

Plan = tuple[Any, ...]
"""A node of rust/src/exec/plan.rs, its name first."""

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

MOST_NUMBER = 0xFFFFFFFF
"""The greatest number that a column holds."""

ALL: Plan = ("all",)

ANY_NAME = (Slot("*", is_pattern=True),)

_INDEXED = (Term, Phrase, Value, Days)
_FIRST_DAY, _LAST_DAY = 1, 99991231


class Fallback(Protocol):
    """Finds what the core can't, in each segment; SetEngine is one."""

    def given(
        self, leaf: WordLeaf, limits: Limits, within: Sequence[Docs | None], *, scores: bool
    ) -> tuple[list[dict[int, float]], float]:
        """Return the occurrences of a leaf by document, a dictionary a segment, and its idf."""

    def filtered(self, leaf: Query, limits: Limits, within: Sequence[Docs | None]) -> list[Docs]:
        """Return the documents that a filter matches, a set a segment."""


class Planner:
    """Makes plans for one index.

    Args:
        analyzer: the index's.
        lexicon: its terms.
        fallback: gives what finds what the core can't; called when first needed.
        match: gives the documents of a plan in each segment.
    """

    def __init__(
        self,
        analyzer: Analyzer,
        lexicon: Lexicon,
        fallback: Callable[[], Fallback],
        match: Callable[[Plan, Limits], list[Docs]],
    ) -> None:
        self._stem = analyzer.stem
        self._lexicon = lexicon
        self._fallback = fallback
        self._match = match

    def plan(self, tree: Query, limits: Limits, *, whole: bool = False) -> Plan:
        """Return the plan of a tree.

        Args:
            tree: what is looked for.
            limits: bounds on expansions, and on the time that is spent.
            whole: every leaf is to be found in all documents, not only in
                those that the rest of its AND leaves.

        Raises:
            QueryLimitError: a word stands for too many, or it takes too long.
        """
        return _Planning(self, limits, whole=whole).node(tree)


class _Planning:
    """One tree on its way to a plan; `within` is what the ANDs around a node leave."""

    def __init__(self, planner: Planner, limits: Limits, *, whole: bool) -> None:
        self._stem = planner._stem
        self._lexicon = planner._lexicon
        self._planner = planner
        self._limits = limits
        self._whole = whole
        self._within: list[Docs] | None = None

    def node(self, tree: Query) -> Plan:
        return _NODES[type(tree)](self, tree)

    def _and(self, tree: And) -> Plan:
        read = [] if self._whole else [child for child in tree.children if _is_read(child)]
        if not read:
            return "and", [self.node(child) for child in tree.children]
        nodes = {id(child): self.node(child) for child in tree.children if child not in read}
        # Reading texts is dear: only those are read that the rest of the AND leaves.
        outer = self._within
        narrow = [nodes[id(c)] for c in tree.children if id(c) in nodes and not _is_not(c)]
        if narrow:
            found = self._planner._match(("and", list(nodes.values())), self._limits)
            self._within = found if outer is None else _both(outer, found)
        nodes.update((id(child), self.node(child)) for child in read)
        self._within = outer
        return "and", [nodes[id(child)] for child in tree.children]

    def _or(self, tree: Or) -> Plan:
        return "or", [self.node(child) for child in tree.children]

    def _not(self, tree: Not) -> Plan:
        return "not", self.node(tree.child)

    def _article(self, tree: InArticle) -> Plan:
        # What makes the rest of an article a hit may stand outside.
        outer, self._within = self._within, None
        node = "article", [self.node(part) for part in tree.parts]
        self._within = outer
        return node

    # Words.

    def _leaf(self, leaf: WordLeaf) -> Plan:
        field = leaf.field
        if field == "section":
            return self._section(leaf)
        if _is_read(leaf):
            return self._given(leaf)
        if field == "text":
            return "word", leaf.boost, self._word(leaf)
        if field == "title":
            return "titled", self._word(in_field(leaf, "text"))
        return "held", self._word(leaf)

    def _term(self, leaf: Term) -> Plan:
        # The commonest leaf by far, so it takes the shortest way.
        word = "stem", self._stem(leaf.text).encode("utf-8", "surrogatepass")
        if leaf.field == "text":
            return "word", leaf.boost, word
        if leaf.field == "title":
            return "titled", word
        return "held", ("forms", STEMS[leaf.field], [word[1]])

    def _section(self, leaf: WordLeaf) -> Plan:
        if isinstance(leaf, Phrase) and not leaf.verbatim:
            return "held", self._word(leaf)
        return "terms", "section", _encoded(self._lexicon.sections(leaf))

    def _word(self, leaf: Operand) -> Plan:
        if isinstance(leaf, Term):
            return "stem", self._stem(leaf.text).encode("utf-8", "surrogatepass")
        if isinstance(leaf, Phrase):
            return self._phrase(leaf)
        if isinstance(leaf, Or):
            return "either", [self._word(child) for child in leaf.children]  # type: ignore[arg-type]
        if isinstance(leaf, Near):
            sides = self._word(leaf.left), self._word(leaf.right)
            return "near", *sides, leaf.distance, leaf.ordered, leaf.absent
        if isinstance(leaf, AtLeast):
            return "atleast", leaf.count, self._word(leaf.child)
        if isinstance(leaf, Quoted):
            return "quoted", self._word(leaf.child)
        assert isinstance(leaf, (Pattern, Fuzzy, Regex))  # noqa: S101
        name = EXACT[leaf.field]
        if name == "exact" and isinstance(leaf, Pattern) and leaf.pattern == "*":
            return "phrase", name, [None], 0
        return self._expanded(name, leaf)

    def _expanded(self, name: str, leaf: Pattern | Fuzzy | Regex) -> Plan:
        most = self._limits.expansions
        if isinstance(leaf, Pattern):
            return "globbed", name, leaf.pattern, most, str(leaf)
        if isinstance(leaf, Fuzzy):
            return "fuzzy", name, leaf.text, leaf.distance, most, str(leaf)
        return "forms", name, _encoded(self._lexicon.expand(name, leaf, self._limits))

    def _phrase(self, leaf: Phrase) -> Plan:
        name = EXACT[leaf.field] if leaf.verbatim else STEMS[leaf.field]
        places = self._places(name, leaf)
        if len(places) == 1 and places[0] is not None:
            return "forms", name, places[0]
        return "phrase", name, places, leaf.slop

    def _places(self, name: str, leaf: Phrase) -> list[list[bytes] | None]:
        """Return the terms of each place; equal places share theirs, for a wildcard has many."""
        if not leaf.verbatim:
            return [_encoded([self._stem(slot.text)]) for slot in leaf.slots]
        *others, last = leaf.slots
        known = {slot: self._place(name, slot, last=False) for slot in others}
        return [*(known[slot] for slot in others), self._place(name, last, last=True)]

    def _place(self, name: str, slot: Slot, *, last: bool) -> list[bytes] | None:
        if not slot.is_pattern:
            return _encoded([slot.text, slot.text + POSSESSIVE] if last else [slot.text])
        if slot.text == "*" and name == "exact":
            return None
        return _encoded(self._slot_forms(name, slot, last=last))

    def _slot_forms(self, name: str, slot: Slot, *, last: bool) -> list[str]:
        from searcher.query.expressions import glob

        forms = self._lexicon.expand(name, slot, self._limits)
        return forms if last else list(filter(glob(slot.text), forms))

    # Filters.

    def _value(self, leaf: Value) -> Plan:
        return "terms", leaf.field, self._lexicon.values(leaf)

    def _days(self, leaf: Days) -> Plan:
        first = day_number(leaf.start) if leaf.start else _FIRST_DAY
        last = day_number(leaf.end) if leaf.end else _LAST_DAY
        return "numbers", "date", [(first, last)] if first <= last else []

    def _any_year(self, leaf: AnyYear) -> Plan:
        return "numbers", "date", self._lexicon.days_of(leaf)

    def _undated(self, _leaf: Undated) -> Plan:
        return "numbers", "date", [(0, 0)]

    def _numbers(self, leaf: Numbers) -> Plan:
        low = min(max(leaf.low or 0, 0), MOST_NUMBER)
        high = MOST_NUMBER if leaf.high is None else min(leaf.high, MOST_NUMBER)
        is_empty = high < low or (leaf.low or 0) > MOST_NUMBER
        return "numbers", leaf.field, [] if is_empty else [(low, high)]

    def _lead(self, _leaf: Lead) -> Plan:
        return ("lead",)

    def _quotation(self, leaf: Quotation) -> Plan:
        if leaf.speaker in ((), ANY_NAME):
            return "terms", "quoted", [b"named" if leaf.speaker else b"begin"]
        return "held", self._word(Phrase("speaker", leaf.speaker))

    def _all(self, _leaf: Everything) -> Plan:
        return ALL

    # What is found in Python.

    def _given(self, leaf: WordLeaf) -> Plan:
        if leaf.field != "text":
            return self._given_filter(leaf)
        within = self._within_each()
        found, weight = self._planner._fallback().given(leaf, self._limits, within, scores=True)
        docs = [sorted(part) for part in found]
        tfs = [
            array("d", [part[docnum] for docnum in several]).tobytes()
            for part, several in zip(found, docs, strict=True)
        ]
        return "given", list(map(packed, docs)), tfs, weight, leaf.boost, True

    def _given_filter(self, leaf: Query) -> Plan:
        found = self._planner._fallback().filtered(leaf, self._limits, self._within_each())
        docs = [packed(sorted(part)) for part in found]
        return "given", docs, [b""] * len(docs), 0.0, 1.0, False

    def _within_each(self) -> Sequence[Docs | None]:
        return self._within or [None] * self._lexicon.segment_count


_NODES: dict[type, Callable[[_Planning, Any], Plan]] = {
    And: _Planning._and,
    Or: _Planning._or,
    Not: _Planning._not,
    InArticle: _Planning._article,
    Term: _Planning._term,
    Phrase: _Planning._leaf,
    Pattern: _Planning._leaf,
    Fuzzy: _Planning._leaf,
    Regex: _Planning._leaf,
    Near: _Planning._leaf,
    Written: _Planning._leaf,
    Quoted: _Planning._leaf,
    AtLeast: _Planning._leaf,
    Value: _Planning._value,
    Days: _Planning._days,
    AnyYear: _Planning._any_year,
    Undated: _Planning._undated,
    Numbers: _Planning._numbers,
    Lead: _Planning._lead,
    Quotation: _Planning._quotation,
    Everything: _Planning._all,
}


def _is_read(tree: Query) -> bool:
    """Tell whether texts have to be read to find a tree; an AND/article sees to its own."""
    if isinstance(tree, _INDEXED):
        return False
    if isinstance(tree, Written) or (isinstance(tree, Quoted) and tree.speaker):
        return True
    if isinstance(tree, (And, Or)):
        return any(map(_is_read, tree.children))
    if isinstance(tree, Near):
        return _is_read(tree.left) or _is_read(tree.right)
    return isinstance(tree, (Not, AtLeast, Quoted)) and _is_read(tree.child)


def _is_not(tree: Query) -> bool:
    return isinstance(tree, Not)


def _both(left: list[Docs], right: list[Docs]) -> list[Docs]:
    return [one & other for one, other in zip(left, right, strict=True)]


def _encoded(terms: Iterable[str]) -> list[bytes]:
    return [term.encode("utf-8", "surrogatepass") for term in terms]


def packed(docs: Iterable[int]) -> bytes:
    """Return docnums as native-endian uint32."""
    return array("I", docs).tobytes()


def day_number(when: date) -> int:
    """Return a day as yyyymmdd."""
    return when.year * 10_000 + when.month * 100 + when.day
