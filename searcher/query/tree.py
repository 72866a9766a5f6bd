"""The query as a tree: what to find, without a word on how.

The parser makes trees, engines evaluate them, and a tree prints itself in the
query language, fully bracketed, so that `parse(str(tree))` is the same tree.

A leaf looks at one field.  Leaves on `text` find paragraphs and score them;
leaves on any other field only filter and score 0.

    >>> tree = And((Term("text", "oil"), Not(Phrase("text", (Slot("crude"),)))))
    >>> print(tree)
    (oil AND NOT "crude")
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date


def _prefix(field: str) -> str:
    return "" if field == "text" else f"{field}:"


def _boosted(boost: float) -> str:
    return "" if boost == 1 else f"^{boost:g}"


@dataclass(frozen=True, slots=True)
class Term:
    """A word, by its stem: `missile` finds missiles.

    Attributes:
        field: text, title or section.
        text: the exact form as typed; engines stem it.
        boost: factor on its score.
    """

    field: str
    text: str
    boost: float = 1.0

    def __str__(self) -> str:
        return f"{_prefix(self.field)}{self.text}{_boosted(self.boost)}"


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of a phrase: an exact form, or a pattern with `*` and `?`."""

    text: str
    is_pattern: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in order, side by side or with at most `slop` other words among them.

    The last word also stands for its possessive: "white house" finds White House's.

    Attributes:
        slots: the words, one or more.
        slop: other words allowed among them, in all.
        verbatim: compare exact forms (a quoted phrase); else stems (F-16, cease-fire).
    """

    field: str
    slots: tuple[Slot, ...]
    slop: int = 0
    verbatim: bool = True
    boost: float = 1.0

    def __str__(self) -> str:
        words = (" " if self.verbatim else "-").join(slot.text for slot in self.slots)
        quoted = f'"{words}"' if self.verbatim else words
        slop = f"~{self.slop}" if self.slop else ""
        return f"{_prefix(self.field)}{quoted}{slop}{_boosted(self.boost)}"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A word with `*` (any characters) and `?` (one character), on exact forms."""

    field: str
    pattern: str
    boost: float = 1.0

    def __str__(self) -> str:
        # Bare, a lone final ? is read as the question mark of a sentence.
        is_question = self.pattern.find("?") == len(self.pattern) - 1 and "*" not in self.pattern
        pattern = f'"{self.pattern}"' if is_question else self.pattern
        return f"{_prefix(self.field)}{pattern}{_boosted(self.boost)}"


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """A word and those within `distance` edits of it, on exact forms.

    An edit inserts, deletes or replaces a character, or swaps two neighbours
    (optimal string alignment distance).
    """

    field: str
    text: str
    distance: int = 1
    boost: float = 1.0

    def __str__(self) -> str:
        distance = "" if self.distance == 1 else self.distance
        return f"{_prefix(self.field)}{self.text}~{distance}{_boosted(self.boost)}"


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression that a whole exact form must match."""

    field: str
    pattern: str
    boost: float = 1.0

    def __str__(self) -> str:
        return f"{_prefix(self.field)}/{self.pattern}/{_boosted(self.boost)}"


@dataclass(frozen=True, slots=True)
class Value:
    """A field's whole value, folded; `*` and `?` are wildcards when `is_pattern`."""

    field: str
    value: str
    is_pattern: bool = False

    def __str__(self) -> str:
        quoted = self.value if self.value and not set(self.value) & _QUOTED else f'"{self.value}"'
        return f"{self.field}:{quoted}"


_QUOTED = set(' ()[]"\t^~')


@dataclass(frozen=True, slots=True)
class Days:
    """A date within days, both inside; None leaves that side open."""

    start: date | None
    end: date | None

    def __str__(self) -> str:
        if self.start and self.start == self.end:
            return f"date:{self.start.isoformat()}"
        start = self.start.isoformat() if self.start else ""
        return f"date:{start}..{self.end.isoformat() if self.end else ''}"


@dataclass(frozen=True, slots=True)
class AnyYear:
    """A month, or a day of it, in any year."""

    month: int
    day: int | None

    def __str__(self) -> str:
        return f"date:*-{self.month:02}" + (f"-{self.day:02}" if self.day else "")


@dataclass(frozen=True, slots=True)
class Undated:
    """No date."""

    def __str__(self) -> str:
        return "date:none"


@dataclass(frozen=True, slots=True)
class Numbers:
    """A paragraph number within bounds, both inside; None leaves that side open."""

    field: str
    low: int | None
    high: int | None

    def __str__(self) -> str:
        if self.low == self.high:
            return f"{self.field}:{self.low}"
        low, high = ("" if n is None else n for n in (self.low, self.high))
        return f"{self.field}:{low}..{high}"


@dataclass(frozen=True, slots=True)
class Everything:
    """Every paragraph."""

    def __str__(self) -> str:
        return "*"


@dataclass(frozen=True, slots=True)
class And:
    """All of them, in one paragraph; the scores add up."""

    children: tuple[Query, ...]

    def __str__(self) -> str:
        return f"({' AND '.join(map(str, self.children))})"


@dataclass(frozen=True, slots=True)
class Or:
    """Any of them; the scores of those that match add up."""

    children: tuple[Query, ...]

    def __str__(self) -> str:
        return f"({' OR '.join(map(str, self.children))})"


@dataclass(frozen=True, slots=True)
class Not:
    """Every paragraph that the child doesn't match; scores 0."""

    child: Query

    def __str__(self) -> str:
        return f"NOT {self.child}"


DateLeaf = (Days, AnyYear, Undated)
WordLeaf = Term | Phrase | Pattern | Fuzzy | Regex
WORD_LEAVES = (Term, Phrase, Pattern, Fuzzy, Regex)
Leaf = WordLeaf | Value | Days | AnyYear | Undated | Numbers | Everything
Query = Leaf | And | Or | Not


def leaves(query: Query) -> Iterator[Leaf]:
    """Yield every leaf, from left to right, negated ones too."""
    if isinstance(query, (And, Or)):
        for child in query.children:
            yield from leaves(child)
    elif isinstance(query, Not):
        yield from leaves(query.child)
    else:
        yield query


def positive_leaves(query: Query) -> Iterator[Leaf]:
    """Yield the leaves that can make a hit: those under no NOT."""
    if isinstance(query, (And, Or)):
        for child in query.children:
            yield from positive_leaves(child)
    elif not isinstance(query, Not):
        yield query


def conjuncts(query: Query) -> tuple[Query, ...]:
    """Return the parts that must all match: the children of an And, or the query itself."""
    return query.children if isinstance(query, And) else (query,)


def conjunction(parts: list[Query]) -> Query:
    """Return the And of the parts, flat; one part stays itself, none is Everything."""
    flat = [piece for part in parts for piece in conjuncts(part)]
    return flat[0] if len(flat) == 1 else And(tuple(flat)) if flat else Everything()


def map_leaves(query: Query, change: Callable[[Leaf], Query]) -> Query:
    """Return the tree with every leaf changed."""
    if isinstance(query, (And, Or)):
        return replace(query, children=tuple(map_leaves(c, change) for c in query.children))
    if isinstance(query, Not):
        return Not(map_leaves(query.child, change))
    return change(query)
