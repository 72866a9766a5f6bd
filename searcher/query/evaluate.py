"""A tree against one paragraph: does it match, how often, and where?

This is the query language's meaning in its plainest form: no index, no
shortcut.  The scan engine answers whole searches with it, every engine's hits
get their spans from it, and it is what the fast engines are tested against.

    >>> from searcher.model import Paragraph
    >>> from searcher.query.tree import Slot
    >>> view = View(Paragraph("a#p1", "a", 1, "text", "", "Peace talks, then peace.", 0, 24),
    ...             Analyzer("en"))
    >>> spans(Term("text", "peace"), view)
    ((0, 5), (18, 23))
    >>> spans(Phrase("text", (Slot("talks"), Slot("peace")), slop=1), view)
    ((6, 11), (18, 23))
    >>> spans(Term("text", "war"), view) is None
    True
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache

from searcher.analysis import Analyzer, Token, fold_value, tokenize
from searcher.model import Paragraph
from searcher.query.expressions import expression, glob, slot_test
from searcher.query.fields import FIELDS
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
    Term,
    Undated,
    Value,
    WordLeaf,
)

Span = tuple[int, int]
Occurrence = tuple[int, ...]
"""The token positions of one occurrence: one of a word, several of a phrase."""


class View:
    """A paragraph with its tokens, made when they are first needed."""

    def __init__(self, paragraph: Paragraph, analyzer: Analyzer) -> None:
        self.paragraph = paragraph
        self.analyzer = analyzer
        self._tokens: dict[str, list[Token]] = {}

    def tokens(self, field: str) -> list[Token]:
        """Return the tokens of a word field, in order."""
        if field not in self._tokens:
            self._tokens[field] = tokenize(getattr(self.paragraph, field))
        return self._tokens[field]

    def values(self, field: str) -> tuple[str, ...]:
        """Return the values of a value field: several desks, one or no value else."""
        value = getattr(self.paragraph, field)
        return value if isinstance(value, tuple) else (value,) if value else ()


def spans(tree: Query, view: View) -> tuple[Span, ...] | None:
    """Return where in the paragraph's text a tree matches; None when it doesn't.

    Only what took part is marked: of `(a AND b) OR c` an `a` without its `b`
    isn't.  A phrase is one span, its words parted by slop are several.
    """
    found = _spans(tree, view)
    return None if found is None else merged(found)


def _spans(tree: Query, view: View) -> list[Span] | None:
    if isinstance(tree, (And, Or)):
        parts = [_spans(child, view) for child in tree.children]
        found = [part for part in parts if part is not None]
        enough = len(found) == len(parts) if isinstance(tree, And) else found
        return [span for part in found for span in part] if enough else None
    if isinstance(tree, Not):
        return [] if _spans(tree.child, view) is None else None
    if not matches_leaf(tree, view):
        return None
    if isinstance(tree, WordLeaf) and tree.field == "text":
        return _leaf_spans(tree, view)
    return []


def _leaf_spans(leaf: WordLeaf, view: View) -> list[Span]:
    tokens = view.tokens("text")
    found: list[Span] = []
    for positions in occurrences(leaf, tokens, view.analyzer):
        for first, last in _runs(positions):
            found.append((tokens[first].start_char, tokens[last].end_char))
    return found


def _runs(positions: Occurrence) -> Iterable[tuple[int, int]]:
    """Yield the first and last of each run of neighbouring positions."""
    first = last = positions[0]
    for position in positions[1:]:
        if position != last + 1:
            yield first, last
            first = position
        last = position
    yield first, last


def merged(found: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans in order, with overlapping ones made one.

    >>> merged([(4, 9), (0, 3), (8, 12)])
    ((0, 3), (4, 12))
    """
    ordered: list[Span] = []
    for start, end in sorted(found):
        if ordered and start < ordered[-1][1]:
            ordered[-1] = (ordered[-1][0], max(end, ordered[-1][1]))
        else:
            ordered.append((start, end))
    return tuple(ordered)


def matches(tree: Query, view: View) -> bool:
    """Tell whether a tree matches a paragraph."""
    if isinstance(tree, And):
        return all(matches(child, view) for child in tree.children)
    if isinstance(tree, Or):
        return any(matches(child, view) for child in tree.children)
    if isinstance(tree, Not):
        return not matches(tree.child, view)
    return matches_leaf(tree, view)


def matches_leaf(leaf: Leaf, view: View) -> bool:
    """Tell whether a leaf matches a paragraph."""
    if isinstance(leaf, WordLeaf):
        return bool(occurrences(leaf, view.tokens(leaf.field), view.analyzer))
    if isinstance(leaf, Value):
        return any(map(value_test(leaf), view.values(leaf.field)))
    if isinstance(leaf, Numbers):
        return in_bounds(leaf, view.paragraph.number)
    if isinstance(leaf, (Days, AnyYear, Undated)):
        return date_matches(leaf, view.paragraph.date)
    return True


def date_matches(leaf: Days | AnyYear | Undated, day: date | None) -> bool:
    """Tell whether a day, or no day, is one of the leaf's."""
    if isinstance(leaf, Undated) or day is None:
        return isinstance(leaf, Undated) and day is None
    if isinstance(leaf, AnyYear):
        return day.month == leaf.month and leaf.day in (None, day.day)
    return (leaf.start is None or leaf.start <= day) and (leaf.end is None or day <= leaf.end)


def in_bounds(leaf: Numbers, number: int) -> bool:
    """Tell whether a number is within the leaf's bounds."""
    return (leaf.low is None or leaf.low <= number) and (leaf.high is None or number <= leaf.high)


def value_test(leaf: Value) -> Callable[[str], bool]:
    """Return the test of one stored value against a Value leaf."""
    if FIELDS[leaf.field].reads == "tail":
        return _tail_test(leaf)
    wanted = leaf.value
    test = glob(wanted) if leaf.is_pattern else wanted.__eq__
    return lambda value: test(fold_value(value))


def _tail_test(leaf: Value) -> Callable[[str], bool]:
    """A path, or its end behind a slash; of an article's id also its end behind a colon."""
    wanted = leaf.value.casefold()
    marks = "/:" if leaf.field == "article" else "/"
    if leaf.is_pattern:
        tests = [glob(wanted), *(glob(f"*{mark}{wanted}") for mark in marks)]
        return lambda value: any(test(value.casefold()) for test in tests)
    tails = tuple(mark + wanted for mark in marks)
    return lambda value: value.casefold() == wanted or value.casefold().endswith(tails)


def occurrences(leaf: WordLeaf, tokens: Sequence[Token], analyzer: Analyzer) -> list[Occurrence]:
    """Return the positions at which a leaf's word or phrase stands in a list of tokens."""
    if isinstance(leaf, Term):
        wanted = analyzer.stem(leaf.text)
        return [(at,) for at, token in enumerate(tokens) if analyzer.stem(token.text) == wanted]
    if isinstance(leaf, (Pattern, Fuzzy, Regex)):
        test = cached_expression(leaf)
        return [(at,) for at, token in enumerate(tokens) if test(token.text)]
    return phrase_occurrences(slot_positions(leaf, tokens, analyzer), leaf.slop)


@lru_cache(maxsize=256)
def cached_expression(leaf: Pattern | Fuzzy | Regex) -> Callable[[str], bool]:
    """Return expression(leaf), compiled once."""
    return expression(leaf)


def slot_positions(leaf: Phrase, tokens: Sequence[Token], analyzer: Analyzer) -> list[list[int]]:
    """Return, for each place of a phrase, the positions of the tokens that may stand there."""
    if leaf.verbatim:
        tests = [
            slot_test(slot, last=at == len(leaf.slots) - 1) for at, slot in enumerate(leaf.slots)
        ]
        return [[at for at, token in enumerate(tokens) if test(token.text)] for test in tests]
    stems = [analyzer.stem(token.text) for token in tokens]
    wanted = [analyzer.stem(slot.text) for slot in leaf.slots]
    return [[at for at, stem in enumerate(stems) if stem == word] for word in wanted]


def phrase_occurrences(places: Sequence[Sequence[int]], slop: int) -> list[Occurrence]:
    """Return each occurrence of a phrase, at most one from each position of its first word.

    From a first word on, each next word is taken where it comes soonest: that
    is the shortest stretch from there, and counts when at most `slop` other
    words lie in it.

        >>> phrase_occurrences([[0, 4], [2, 5]], slop=0)
        [(4, 5)]
        >>> phrase_occurrences([[0, 4], [2, 5]], slop=1)
        [(0, 2), (4, 5)]
    """
    found = []
    widest = len(places) - 1 + slop
    for first in places[0]:
        positions = [first]
        for place in places[1:]:
            soonest = bisect_right(place, positions[-1])
            if soonest == len(place) or place[soonest] - first > widest:
                break
            positions.append(place[soonest])
        else:
            found.append(tuple(positions))
    return found
