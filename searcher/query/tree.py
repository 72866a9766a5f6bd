"""The query as a tree: what to find, without a word on how.

The parser makes trees, engines evaluate them, and a tree prints itself in the
query language, fully bracketed, so that `parse(str(tree))` is the same tree.

A leaf looks at one field.  Leaves on `text` find paragraphs and score them;
leaves on any other field only filter and score 0.  Some leaves are made of
words themselves (`Near`, `Written`, `Quoted`, `AtLeast`): each is found, scored
and marked as one.

    >>> tree = And((Term("text", "oil"), Not(Phrase("text", (Slot("crude"),)))))
    >>> print(tree)
    (oil AND NOT "crude")
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TypeGuard

from searcher.values import frozen, replace


def _prefix(field: str) -> str:
    return "" if field == "text" else f"{field}:"


def _boosted(boost: float) -> str:
    return "" if boost == 1 else f"^{boost:g}"


@frozen
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
        if self.field == "text" and self.boost == 1:
            return self.text
        return f"{_prefix(self.field)}{self.text}{_boosted(self.boost)}"


@frozen
class Slot:
    """One place of a phrase: an exact form, or a pattern with `*` and `?`."""

    text: str
    is_pattern: bool = False


@frozen
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


@frozen
class Pattern:
    """A word with `*` (any characters) and `?` (one character), on exact forms."""

    field: str
    pattern: str
    boost: float = 1.0

    def __str__(self) -> str:
        # Bare, a lone final ? is read as the question mark of a sentence.
        is_question = self.pattern.find("?") == len(self.pattern) - 1 and "*" not in self.pattern
        # And a bare * is every paragraph, words or none.
        is_quoted = is_question or (self.pattern == "*" and self.field == "text")
        pattern = f'"{self.pattern}"' if is_quoted else self.pattern
        return f"{_prefix(self.field)}{pattern}{_boosted(self.boost)}"


@frozen
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


@frozen
class Regex:
    """A regular expression that a whole exact form must match."""

    field: str
    pattern: str
    boost: float = 1.0

    def __str__(self) -> str:
        return f"{_prefix(self.field)}/{self.pattern}/{_boosted(self.boost)}"


@frozen
class Near:
    """Two operands that stand near each other, as one word that is found where both are.

    Attributes:
        left, right: of one field; see Operand.
        distance: other words allowed between their nearest ends.
        ordered: whether the right one has to come behind the left (ADJ).
        absent: the left one *without* the right one near (NOT NEAR).
    """

    left: Operand
    right: Operand
    distance: int
    ordered: bool = False
    absent: bool = False
    boost: float = 1.0

    @property
    def field(self) -> str:
        """Where both operands look."""
        return operand_field(self.left)

    @property
    def operator(self) -> str:
        """What stands between the operands."""
        word = "ADJ" if self.ordered else "NEAR"
        return f"{'NOT ' if self.absent else ''}{word}/{self.distance}"

    def __str__(self) -> str:
        return f"({self.left} {self.operator} {self.right}){_boosted(self.boost)}"


@frozen
class Written:
    """A word or phrase as it is written: letter for letter, or in capitals.

    Attributes:
        child: the words, folded as any other.
        forms: the words of `child` as typed, for `exact(...)`; empty for `caps(...)`.
    """

    child: Phrase | Pattern | Fuzzy | Regex
    forms: tuple[str, ...] = ()
    boost: float = 1.0

    @property
    def field(self) -> str:
        """Where the child looks."""
        return self.child.field

    def __str__(self) -> str:
        prefix, inner = _prefix(self.field), replace(self.child, field="text")
        if not self.forms:
            return f"{prefix}caps({inner}){_boosted(self.boost)}"
        if isinstance(inner, Phrase):
            inner = replace(inner, slots=tuple(map(Slot, self.forms)))
        elif isinstance(inner, Pattern):
            inner = replace(inner, pattern=self.forms[0])
        return f"{prefix}exact({inner}){_boosted(self.boost)}"


@frozen
class Quoted:
    """Words that stand in one direct quotation.

    Attributes:
        child: what stands there.
        speaker: words of the speaker's name, in order; empty for any speaker or none.
    """

    child: Operand
    speaker: tuple[Slot, ...] = ()
    boost: float = 1.0

    @property
    def field(self) -> str:
        """The paragraph's text: nothing else holds quotations."""
        return "text"

    def __str__(self) -> str:
        if self.speaker:
            return f"{_said(self.speaker)} {self.child}{_boosted(self.boost)}"
        bracketed = isinstance(self.child, (Near, Or))
        inner = str(self.child) if bracketed else f"({self.child})"
        return f"quoted{inner}{_boosted(self.boost)}"


@frozen
class AtLeast:
    """Words of which the article holds so many; found in the paragraphs that hold one.

    Attributes:
        count: occurrences that the article needs, captions not counted; 1 or more.
        child: what is counted.
    """

    count: int
    child: Operand
    boost: float = 1.0

    @property
    def field(self) -> str:
        """The paragraph's text: titles and authors aren't counted."""
        return "text"

    def __str__(self) -> str:
        bracketed = isinstance(self.child, (Near, Or))
        inner = str(self.child) if bracketed else f"({self.child})"
        return f"atleast/{self.count}{inner}{_boosted(self.boost)}"


@frozen
class Quotation:
    """A paragraph with a direct quotation.

    Attributes:
        speaker: words of the speaker's name, in order; empty for any speaker or none.
    """

    speaker: tuple[Slot, ...] = ()

    def __str__(self) -> str:
        return _said(self.speaker) if self.speaker else "quoted(*)"


def _said(speaker: tuple[Slot, ...]) -> str:
    words = " ".join(slot.text for slot in speaker)
    return f"said:{words}" if words.isalnum() else f'said:"{words}"'


@frozen
class Lead:
    """A headline, or one of the first paragraphs of an article."""

    def __str__(self) -> str:
        return "lead(*)"


@frozen
class Value:
    """A field's whole value, folded; `*` and `?` are wildcards when `is_pattern`."""

    field: str
    value: str
    is_pattern: bool = False

    def __str__(self) -> str:
        quoted = self.value if self.value and not set(self.value) & _QUOTED else f'"{self.value}"'
        return f"{self.field}:{quoted}"


_QUOTED = set(' ()[]"\t^~')


@frozen
class Days:
    """A date within days, both inside; None leaves that side open."""

    start: date | None
    end: date | None

    def __str__(self) -> str:
        if self.start and self.start == self.end:
            return f"date:{self.start.isoformat()}"
        start = self.start.isoformat() if self.start else ""
        return f"date:{start}..{self.end.isoformat() if self.end else ''}"


@frozen
class AnyYear:
    """A month, or a day of it, in any year."""

    month: int
    day: int | None

    def __str__(self) -> str:
        return f"date:*-{self.month:02}" + (f"-{self.day:02}" if self.day else "")


@frozen
class Undated:
    """No date."""

    def __str__(self) -> str:
        return "date:none"


@frozen
class Numbers:
    """A number of a paragraph within bounds, both inside; None leaves that side open.

    Attributes:
        field: `number`, its place in the article, or `words`, its length.
    """

    field: str
    low: int | None
    high: int | None

    def __str__(self) -> str:
        if self.low == self.high:
            return f"{self.field}:{self.low}"
        if self.high is not None and self.high < 0:
            return f"{self.field}:<0"
        low, high = ("" if n is None else n for n in (self.low, self.high))
        return f"{self.field}:{low}..{high}"


@frozen
class Everything:
    """Every paragraph."""

    def __str__(self) -> str:
        return "*"


@frozen
class And:
    """All of them, in one paragraph; the scores add up."""

    children: tuple[Query, ...]

    def __str__(self) -> str:
        return f"({' AND '.join(map(str, self.children))})"


@frozen
class Or:
    """Any of them; the scores of those that match add up."""

    children: tuple[Query, ...]

    def __str__(self) -> str:
        return f"({' OR '.join(map(str, self.children))})"


@frozen
class Not:
    """Every paragraph that the child doesn't match; scores 0."""

    child: Query

    def __str__(self) -> str:
        return f"NOT {self.child}"


@frozen
class InArticle:
    """The paragraphs that match a part, of articles that hold every part somewhere.

    A part that is a Not must match in no paragraph of the article; where every
    part is one, all paragraphs of the article are found.  The scores of the
    parts that a paragraph matches add up.
    """

    parts: tuple[Query, ...]

    @property
    def wanted(self) -> tuple[Query, ...]:
        """The parts that the article must hold."""
        return tuple(part for part in self.parts if not isinstance(part, Not))

    @property
    def unwanted(self) -> tuple[Query, ...]:
        """What no paragraph of the article may match."""
        return tuple(part.child for part in self.parts if isinstance(part, Not))

    def __str__(self) -> str:
        return f"({' AND/article '.join(map(str, self.parts))})"


DateLeaf = (Days, AnyYear, Undated)
Word = Term | Phrase | Pattern | Fuzzy | Regex
WordLeaf = Word | Near | Written | Quoted | AtLeast
WORD_LEAVES = (Term, Phrase, Pattern, Fuzzy, Regex, Near, Written, Quoted, AtLeast)
Leaf = WordLeaf | Value | Days | AnyYear | Undated | Numbers | Lead | Quotation | Everything
Query = Leaf | And | Or | Not | InArticle
Operand = WordLeaf | Or
"""What stands near something: a word leaf but AtLeast, or an Or of such, all of one field."""


def operand_field(operand: Operand) -> str:
    """Return the field that an operand looks at; empty when its parts look at several."""
    if not isinstance(operand, Or):
        return operand.field
    fields = {operand_field(child) for child in operand.children if is_operand(child)}
    return fields.pop() if len(fields) == 1 else ""


def is_operand(tree: Query) -> TypeGuard[Operand]:
    """Tell whether a tree can stand near something: a word, a phrase or an Or of such."""
    if isinstance(tree, Or):
        return all(map(is_operand, tree.children)) and bool(operand_field(tree))
    return isinstance(tree, WORD_LEAVES) and not isinstance(tree, AtLeast)


def leaves(query: Query) -> Iterator[Leaf]:
    """Yield every leaf, from left to right, negated ones and the words of NEAR too."""
    found: list[Leaf] = []
    map_leaves(query, lambda leaf: found.append(leaf) or leaf)  # type: ignore[func-returns-value]
    yield from found


def has_part(query: Query, *kinds: type) -> bool:
    """Tell whether a query is, or holds under And, Or and Not, a part of one of some kinds."""
    if isinstance(query, kinds):
        return True
    if isinstance(query, (And, Or)):
        return any(has_part(child, *kinds) for child in query.children)
    return isinstance(query, Not) and has_part(query.child, *kinds)


def positive_leaves(query: Query) -> Iterator[Leaf]:
    """Yield the leaves that can make a hit: those under no NOT; a NEAR is one of them."""
    if isinstance(query, (And, Or, InArticle)):
        for child in query.parts if isinstance(query, InArticle) else query.children:
            yield from positive_leaves(child)
    elif not isinstance(query, Not):
        yield query


def conjuncts(query: Query) -> tuple[Query, ...]:
    """Return the parts that must all match: the children of an And, or the query itself."""
    return query.children if isinstance(query, And) else (query,)


def conjunction(parts: list[Query]) -> Query:
    """Return the And of the parts, flat; one part stays itself, none is Everything."""
    flat: list[Query] = []
    for part in parts:
        if isinstance(part, And):
            flat += part.children
        else:
            flat.append(part)
    return flat[0] if len(flat) == 1 else And(tuple(flat)) if flat else Everything()


def map_leaves(query: Query, change: Callable[[Leaf], Query]) -> Query:
    """Return the tree with every leaf changed, the words that a NEAR is made of too.

    Words that are to be found as written are left alone as a whole; what
    stands near or in a quotation has to stay a word or an Or of words.
    """
    if isinstance(query, Near):
        left, right = map_leaves(query.left, change), map_leaves(query.right, change)
        return replace(query, left=left, right=right)
    if isinstance(query, (Quoted, AtLeast)):
        return replace(query, child=map_leaves(query.child, change))
    return map_units(query, lambda leaf: _mapped_inside(leaf, change))


def _mapped_inside(leaf: Leaf, change: Callable[[Leaf], Query]) -> Query:
    inside = isinstance(leaf, (Near, Quoted, AtLeast))
    return map_leaves(leaf, change) if inside else change(leaf)


def map_units(query: Query, change: Callable[[Leaf], Query]) -> Query:
    """Return the tree with every leaf changed; a NEAR is one leaf."""
    if isinstance(query, (And, Or)):
        return replace(query, children=tuple(map_units(c, change) for c in query.children))
    if isinstance(query, InArticle):
        return InArticle(tuple(map_units(part, change) for part in query.parts))
    if isinstance(query, Not):
        return Not(map_units(query.child, change))
    return change(query)


def in_field(leaf: WordLeaf, field: str) -> WordLeaf:
    """Return a leaf that looks at another field; what only texts have stays there."""
    if isinstance(leaf, Near):
        left, right = _operand_in_field(leaf.left, field), _operand_in_field(leaf.right, field)
        return replace(leaf, left=left, right=right)
    if isinstance(leaf, Written):
        return replace(leaf, child=replace(leaf.child, field=field))
    return leaf if isinstance(leaf, (Quoted, AtLeast)) else replace(leaf, field=field)


def _operand_in_field(operand: Operand, field: str) -> Operand:
    if not isinstance(operand, Or):
        return in_field(operand, field)
    return Or(tuple(_operand_in_field(c, field) for c in operand.children if is_operand(c)))
