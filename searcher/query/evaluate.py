"""A tree against one paragraph: does it match, how often, and where?

This is the query language's meaning in its plainest form: no index, no
shortcut.  The scan engine answers whole searches with it, every engine's hits
get their spans from it, and it is what the fast engines are tested against.

    >>> from searcher.model import Paragraph, Quote
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
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property, lru_cache

from searcher.analysis import Analyzer, Token, fold_value, tokenize
from searcher.model import Paragraph, Quote
from searcher.query.expressions import expression, glob, slot_test
from searcher.query.fields import FIELDS
from searcher.query.nearness import Occurrence, alone, pairs
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
)
from searcher.query.written import is_so_written

Span = tuple[int, int]

LEAD_PARAGRAPHS = 3
"""Paragraphs of kind `text` that open an article: with the headline, its lead."""


def _unhurried() -> None:
    """Take all the time that it takes."""


class ArticleView:
    """The paragraphs of one article, for what a query asks of the article as a whole.

    Args:
        load: gives the views of all of them, in order; called when first needed.
    """

    def __init__(self, load: Callable[[], Iterable[View]]) -> None:
        self._load = load
        self._holds: dict[Query, bool] = {}
        self._counts: dict[Operand, int] = {}

    @classmethod
    def of(
        cls,
        load: Callable[[], Iterable[Paragraph]],
        analyzer: Analyzer,
        check_time: Callable[[], None] = _unhurried,
    ) -> ArticleView:
        """Return the view of an article whose paragraphs `load` gives when they are needed."""
        article = cls(lambda: (View(one, analyzer, article, check_time) for one in load()))
        return article

    @cached_property
    def views(self) -> tuple[View, ...]:
        """The paragraphs, in order."""
        return tuple(self._load())

    @cached_property
    def lead(self) -> frozenset[int]:
        """Numbers of the paragraphs that are the lead."""
        texts = [view.paragraph.number for view in self.views if view.paragraph.kind == "text"]
        kinds = ((view.paragraph.kind, view.paragraph.number) for view in self.views)
        headlines = [number for kind, number in kinds if kind == "headline"]
        return frozenset((*headlines, *texts[:LEAD_PARAGRAPHS]))

    def holds(self, tree: Query) -> bool:
        """Tell whether a tree matches any of the paragraphs."""
        if tree not in self._holds:
            self._holds[tree] = any(matches(tree, view) for view in self.views)
        return self._holds[tree]

    def count(self, operand: Operand) -> int:
        """Return how often an operand stands in the paragraphs, captions not counted."""
        if operand not in self._counts:
            views = (view for view in self.views if view.paragraph.kind != "caption")
            self._counts[operand] = sum(len(placed(operand, view)) for view in views)
        return self._counts[operand]


class View:
    """A paragraph with its tokens, made when they are first needed.

    Args:
        paragraph: what is looked at.
        analyzer: of the archive's language.
        article: all of its article; a paragraph alone is an article of one.
        check_time: called often; raises when looking took too long.
    """

    def __init__(
        self,
        paragraph: Paragraph,
        analyzer: Analyzer,
        article: ArticleView | None = None,
        check_time: Callable[[], None] = _unhurried,
    ) -> None:
        self.paragraph = paragraph
        self.analyzer = analyzer
        self.check_time = check_time
        self._tokens: dict[str, list[Token]] = {}
        self._stems: dict[str, list[str]] = {}
        self._article = article

    @property
    def article(self) -> ArticleView:
        """The article that the paragraph stands in."""
        if self._article is None:
            self._article = ArticleView(lambda: (self,))
        return self._article

    def tokens(self, field: str) -> list[Token]:
        """Return the tokens of a word field, in order."""
        if field not in self._tokens:
            self._tokens[field] = self.analyzer.tokens(getattr(self.paragraph, field))
        return self._tokens[field]

    def stems(self, field: str) -> list[str]:
        """Return the stems of a word field, in order."""
        if field not in self._stems:
            stem = self.analyzer.stem
            self._stems[field] = [stem(token.text) for token in self.tokens(field)]
        return self._stems[field]

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
    if isinstance(tree, InArticle):
        wanted = (_spans(part, view) for part in tree.wanted)
        together = [span for part in wanted for span in part or ()]
        return together if matches(tree, view) else None
    if isinstance(tree, (And, Or)):
        parts = [_spans(child, view) for child in tree.children]
        found = [part for part in parts if part is not None]
        enough = len(found) == len(parts) if isinstance(tree, And) else found
        return [span for part in found for span in part] if enough else None
    if isinstance(tree, Not):
        return [] if _spans(tree.child, view) is None else None
    if isinstance(tree, WordLeaf) and tree.field == "text":
        return _leaf_spans(tree, view) or None
    return [] if matches_leaf(tree, view) else None


def _leaf_spans(leaf: WordLeaf, view: View) -> list[Span]:
    tokens = view.tokens("text")
    found: list[Span] = []
    for positions in placed(leaf, view):
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
    if isinstance(tree, InArticle):
        return _in_article(tree, view)
    return matches_leaf(tree, view)


def _in_article(tree: InArticle, view: View) -> bool:
    here = not tree.wanted or any(matches(part, view) for part in tree.wanted)
    article = view.article
    return (
        here
        and all(article.holds(part) for part in tree.wanted)
        and not any(article.holds(part) for part in tree.unwanted)
    )


def matches_leaf(leaf: Leaf, view: View) -> bool:
    """Tell whether a leaf matches a paragraph."""
    if isinstance(leaf, WordLeaf):
        return bool(placed(leaf, view))
    if isinstance(leaf, Value):
        return any(map(value_test(leaf), view.values(leaf.field)))
    if isinstance(leaf, Numbers):
        in_words = leaf.field == "words"
        number = len(view.tokens("text")) if in_words else view.paragraph.number
        return in_bounds(leaf, number)
    if isinstance(leaf, (Days, AnyYear, Undated)):
        return date_matches(leaf, view.paragraph.date)
    if isinstance(leaf, Lead):
        return view.paragraph.number in view.article.lead
    if isinstance(leaf, Quotation):
        return any(quotations(view.paragraph, leaf.speaker))
    return True


def quotations(paragraph: Paragraph, speaker: tuple[Slot, ...]) -> Iterator[Quote]:
    """Yield a paragraph's direct quotations, of one speaker where one is named.

    A name is compared as words are, in order and side by side: *graham* is
    Lindsey Graham.
    """
    for quote in paragraph.quotes:
        if not speaker or _is_named(quote.speaker, speaker):
            yield quote


@lru_cache(maxsize=4096)
def _is_named(name: str, speaker: tuple[Slot, ...]) -> bool:
    forms = [token.text for token in tokenize(name)]
    tests = [slot_test(slot, last=at == len(speaker) - 1) for at, slot in enumerate(speaker)]
    return any(
        all(test(form) for test, form in zip(tests, forms[at:], strict=False))
        for at in range(len(forms) - len(speaker) + 1)
    )


def placed(operand: Operand, view: View) -> list[Occurrence]:
    """Return the positions at which an operand stands in the paragraph, in order."""
    view.check_time()
    if isinstance(operand, Term):
        wanted = view.analyzer.stem(operand.text)
        return [(at,) for at, stem in enumerate(view.stems(operand.field)) if stem == wanted]
    if isinstance(operand, Word):
        return occurrences(
            operand, view.tokens(operand.field), view.analyzer, check_time=view.check_time
        )
    if isinstance(operand, Or):
        children = (placed(child, view) for child in operand.children)  # type: ignore[arg-type]
        return sorted({one for found in children for one in found})
    if isinstance(operand, Near):
        sides = placed(operand.left, view), placed(operand.right, view)
        return near_places(operand, *sides, check_time=view.check_time)
    if isinstance(operand, AtLeast):
        enough = view.article.count(operand.child) >= operand.count
        return placed(operand.child, view) if enough else []
    return refined(operand, placed(operand.child, view), view)


def near_places(
    near: Near,
    left: Sequence[Occurrence],
    right: Sequence[Occurrence],
    check_time: Callable[[], None] = _unhurried,
) -> list[Occurrence]:
    """Return the positions at which a NEAR stands, from those of its operands."""
    find = alone if near.absent else pairs
    return find(left, right, near.distance, near.ordered, check_time)


def refined(operand: Written | Quoted, found: Iterable[Occurrence], view: View) -> list[Occurrence]:
    """Return those of the child's occurrences that are written, or quoted, as is asked for."""
    tokens = view.tokens(operand.field)
    if isinstance(operand, Quoted):
        quotes = list(quotations(view.paragraph, operand.speaker))
        starts, ends = [q.start_char for q in quotes], [q.end_char for q in quotes]
        return [
            one
            for one in found
            if lies_in(tokens[one[0]].start_char, tokens[one[-1]].end_char, starts, ends)
        ]
    text = getattr(view.paragraph, operand.field)
    return [one for one in found if is_so_written(operand, _pieces(one, tokens, text))]


def lies_in(start: int, end: int, starts: Sequence[int], ends: Sequence[int]) -> bool:
    """Tell whether a stretch lies in one of several, which rise and don't overlap.

    >>> lies_in(4, 6, starts=[0, 4], ends=[3, 8]), lies_in(2, 5, starts=[0, 4], ends=[3, 8])
    (True, False)
    """
    at = bisect_right(starts, start) - 1
    return at >= 0 and end <= ends[at]


def _pieces(one: Occurrence, tokens: Sequence[Token], text: str) -> list[str]:
    return [text[tokens[at].start_char : tokens[at].end_char] for at in one]


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


def occurrences(
    leaf: Word,
    tokens: Sequence[Token],
    analyzer: Analyzer,
    check_time: Callable[[], None] = _unhurried,
) -> list[Occurrence]:
    """Return the positions at which a leaf's word or phrase stands in a list of tokens."""
    if isinstance(leaf, Term):
        wanted = analyzer.stem(leaf.text)
        return [(at,) for at, token in enumerate(tokens) if analyzer.stem(token.text) == wanted]
    if isinstance(leaf, (Pattern, Fuzzy, Regex)):
        test = cached_expression(leaf)
        return [(at,) for at, token in enumerate(tokens) if test(token.text)]
    places = slot_positions(leaf, tokens, analyzer, check_time)
    return phrase_occurrences(places, leaf.slop, check_time)


@lru_cache(maxsize=256)
def cached_expression(leaf: Pattern | Fuzzy | Regex) -> Callable[[str], bool]:
    """Return expression(leaf), compiled once."""
    return expression(leaf)


def slot_positions(
    leaf: Phrase,
    tokens: Sequence[Token],
    analyzer: Analyzer,
    check_time: Callable[[], None] = _unhurried,
) -> list[list[int]]:
    """Return, for each place of a phrase, the positions of the tokens that may stand there."""
    if leaf.verbatim:
        words = [token.text for token in tokens]
        tests = [
            slot_test(slot, last=at == len(leaf.slots) - 1) for at, slot in enumerate(leaf.slots)
        ]
    else:
        words = [analyzer.stem(token.text) for token in tokens]
        tests = [analyzer.stem(slot.text).__eq__ for slot in leaf.slots]
    places = []
    for test in tests:
        check_time()
        places.append([at for at, word in enumerate(words) if test(word)])
    return places


def phrase_occurrences(
    places: Sequence[Sequence[int]], slop: int, check_time: Callable[[], None] = _unhurried
) -> list[Occurrence]:
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
        check_time()
        positions = [first]
        for place in places[1:]:
            soonest = bisect_right(place, positions[-1])
            if soonest == len(place) or place[soonest] - first > widest:
                break
            positions.append(place[soonest])
        else:
            found.append(tuple(positions))
    return found
