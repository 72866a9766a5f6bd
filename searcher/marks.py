"""What a query marks in the paragraphs that it found, and the excerpt of each that is shown.

A hit matches, so the parts of the tree that must match and mark nothing (dates,
desks, headlines, what is excluded) needn't be looked at again.  What is left is
given to the native core as nested tuples, where it knows all of its kinds:

    mark = ("and", [mark]) | ("or", [mark]) | ("not", mark) | word
    word = ("either", [word])                      an Or as an operand
         | ("near", left, right, distance, ordered, absent)
         | ("phrase", [one], slop)
         | one
    one  = ("stem", stem)                          what stands at one position
         | ("form", form, possessive)              possessive: whether its 's will do too
         | ("glob", pattern, possessive)
         | ("within", form, possessive, edits)

Regular expressions, words as they are written and what is quoted are found in
Python (query/evaluate.py), and so is all in a text with characters that the
core leaves to Python; what comes out is the same.

    >>> stem = {"oil": "oil", "prices": "price"}.__getitem__
    >>> either = Or((Term("text", "oil"), Term("text", "prices")))
    >>> mark_tree(And((either, Not(Term("text", "gold")))), stem)
    ('and', [('or', [('stem', 'oil'), ('stem', 'price')])])
    >>> from searcher.query.tree import Regex
    >>> mark_tree(Regex("text", "o.l"), stem) is None
    True
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from searcher.highlight.snippet import Snippet, snippet
from searcher.model import Paragraph
from searcher.query.tree import (
    And,
    AtLeast,
    Fuzzy,
    InArticle,
    Near,
    Not,
    Operand,
    Or,
    Pattern,
    Phrase,
    Query,
    Slot,
    Term,
    WordLeaf,
)

if TYPE_CHECKING:
    from searcher._native import Marker, Stems

Span = tuple[int, int]
MarkTree: TypeAlias = "tuple[Any, ...]"
Stem = Callable[[str], str]
Marked: TypeAlias = "tuple[Any, ...] | None"
Mark = Callable[[str, int], Marked]

MOST_CHARS = 1 << 30
"""No text has as many characters; a longer excerpt is no other."""


class Marking:
    """Marks the hits of one search; the tree is read when the first is asked for.

    Args:
        tree: gives what was searched for.
        max_chars: longest excerpt.
        spans: finds the spans of a paragraph in Python.
        make: makes the core's marker; None, or one that returns None, to do all in Python.
    """

    __slots__ = ("_make", "_mark", "_max_chars", "_spans", "_tree")

    def __init__(
        self,
        tree: Callable[[], Query],
        max_chars: int,
        spans: Callable[[Query, Paragraph], tuple[Span, ...]],
        make: Callable[[], Marker | None] | None,
    ) -> None:
        self._tree = tree
        self._max_chars = max_chars
        self._spans = spans
        self._make = make
        # Not a method of this very object: it would keep itself, and the engine, alive.
        self._mark: Mark | None = None if make else _in_python

    def __call__(
        self, text: str, paragraph: Callable[[], Paragraph]
    ) -> tuple[tuple[Span, ...], Snippet]:
        """Return the spans of a hit, and its excerpt.

        Args:
            text: of its paragraph.
            paragraph: gives the paragraph where the text alone won't do.
        """
        mark = self._mark or self._made()
        found = mark(text, self._max_chars)
        if found:
            return found[0], Snippet(*found[1])
        # Python also says what is wrong with a hit in which nothing matches.
        spans = self._spans(self._tree(), paragraph())
        return spans, snippet(text, spans, self._max_chars)

    def _made(self) -> Mark:
        """Make the core's marker, when the first hit is marked."""
        made = self._make() if self._make else None
        self._max_chars = min(max(self._max_chars, 0), MOST_CHARS)
        self._mark = made.mark if made else _in_python
        return self._mark


def _in_python(_text: str, _max_chars: int) -> Marked:
    return None


def marker(tree: Query, stems: Stems, stem: Stem) -> Marker | None:
    """Return what marks the hits of a tree in the core; None where that can't."""
    read = mark_tree(tree, stem)
    if read is None:
        return None
    from searcher._native import Marker

    try:
        return Marker(read, stems)
    except UnicodeEncodeError:  # half of a surrogate pair, which no text of the core has
        return None


class _Unknown(Exception):
    """The tree has a part that the core can't find."""


def mark_tree(tree: Query, stem: Stem) -> MarkTree | None:
    """Return what a tree marks in its hits; None where the core can't find it."""
    try:
        return _certain(tree, stem) or ("and", [])
    except _Unknown:
        return None


def _certain(tree: Query, stem: Stem) -> MarkTree | None:
    """Return what a part marks that is known to match; None for nothing."""
    if isinstance(tree, And):
        parts = [_certain(child, stem) for child in tree.children]
        return "and", [part for part in parts if part]
    if isinstance(tree, InArticle) and tree.wanted:
        # One of its parts is here, and the article has the others.
        return "or", [_possible(part, stem) for part in tree.wanted]
    if isinstance(tree, AtLeast):
        return _word(tree.child, stem)
    return _possible(tree, stem) if _marks(tree) else None


def _marks(tree: Query) -> bool:
    """Tell whether a part that is known to match has to be looked for."""
    return isinstance(tree, Or) or (isinstance(tree, WordLeaf) and tree.field == "text")


def _possible(tree: Query, stem: Stem) -> MarkTree:
    """Return a part that may match or not."""
    if isinstance(tree, (And, Or)):
        name = "and" if isinstance(tree, And) else "or"
        return name, [_possible(child, stem) for child in tree.children]
    if isinstance(tree, Not):
        return "not", _possible(tree.child, stem)
    return _word(tree, stem)


def _word(tree: Query | Operand, stem: Stem) -> MarkTree:
    if isinstance(tree, Or):
        return "either", [_word(child, stem) for child in tree.children]
    if not isinstance(tree, WordLeaf) or tree.field != "text":
        raise _Unknown
    if isinstance(tree, Term):
        return "stem", stem(tree.text)
    if isinstance(tree, Phrase):
        return "phrase", [_place(tree, at, stem) for at in range(len(tree.slots))], tree.slop
    if isinstance(tree, Near):
        sides = _word(tree.left, stem), _word(tree.right, stem)
        return "near", *sides, tree.distance, tree.ordered, tree.absent
    if isinstance(tree, Pattern):
        return "glob", tree.pattern, True
    if isinstance(tree, Fuzzy):
        return "within", tree.text, True, tree.distance
    raise _Unknown


def _place(phrase: Phrase, at: int, stem: Stem) -> MarkTree:
    slot: Slot = phrase.slots[at]
    if not phrase.verbatim:
        return "stem", stem(slot.text)
    return "glob" if slot.is_pattern else "form", slot.text, at == len(phrase.slots) - 1
