"""The terms of an index whose segments are native: what a wildcard or a value stands for.

An index that is open never changes, so what was looked up once is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from searcher.engines.expansions import check_expansions
from searcher.query.tree import AnyYear, Leaf, Phrase, Regex, Slot, Value, WordLeaf

if TYPE_CHECKING:
    from searcher._native import Segment as Core
    from searcher.analysis import Analyzer
    from searcher.query.limits import Limits

LEAVES_KEPT, TERMS_KEPT = 512, 100_000
"""Leaves whose terms are remembered, and their terms in all: what `article:*1*` stands for may be
half of the articles."""

T = TypeVar("T", str, bytes)


class Lexicon:
    """The terms of all segments together, deleted documents' among them.

    Args:
        segments: the core's.
        analyzer: the index's.
    """

    def __init__(self, segments: Sequence[Core], analyzer: Analyzer) -> None:
        self._segments = segments
        self._analyzer = analyzer
        self._terms: dict[str, list[str]] = {}
        self._sections: Remembered[str] = Remembered()
        self._values: Remembered[bytes] = Remembered()

    @property
    def segment_count(self) -> int:
        """Segments of the index."""
        return len(self._segments)

    def forms(self, field: str) -> list[str]:
        """Return every term of a field in order."""
        if field not in self._terms:
            found = (segment.prefixed(field, b"") for segment in self._segments)
            self._terms[field] = [term.decode() for term in _united(found)]
        return self._terms[field]

    def expand(self, field: str, leaf: Regex | Slot, limits: Limits) -> list[str]:
        """Return the terms of a field that a leaf, or a place of a phrase, stands for, in order.

        A place takes a possessive, as the last of a phrase does.  Other leaves are expanded by
        the core where it searches.

        Raises:
            QueryLimitError: there are more than `limits.expansions`.
        """
        limits.check_time()
        found = self._expanded(field, leaf, limits.expansions, limits)
        check_expansions(limits, leaf, len(found))
        return found

    def _expanded(self, field: str, leaf: Regex | Slot, most: int, limits: Limits) -> list[str]:
        if isinstance(leaf, Regex):
            return self._matching(field, leaf, limits)
        return _united(s.globbed(field, leaf.text, True, most) for s in self._segments)

    def _matching(self, field: str, leaf: Regex, limits: Limits) -> list[str]:
        from searcher.query.evaluate import cached_expression
        from searcher.query.expressions import regex_prefix

        test, check_time = cached_expression(leaf), limits.stopwatch()
        forms = self._beginning(field, regex_prefix(leaf.pattern))
        return [form for form in forms if _tested(form, test, check_time)]

    def _beginning(self, field: str, prefix: str) -> list[str]:
        if not prefix:
            return self.forms(field)
        found = (segment.prefixed(field, prefix.encode()) for segment in self._segments)
        return [term.decode() for term in _united(found)]

    # Values.

    def values(self, leaf: Value) -> list[bytes]:
        """Return the terms of a value field that a leaf matches."""
        return self._values.of(leaf, lambda: [one.encode() for one in self._matching_values(leaf)])

    def _matching_values(self, leaf: Value) -> Iterable[str]:
        from searcher.query.evaluate import value_test

        if leaf.field == "desk" and not leaf.is_pattern:
            return [leaf.value] if _is_text(leaf.value) else []
        return filter(value_test(leaf), self.forms(leaf.field))

    # Headings.

    def sections(self, leaf: WordLeaf) -> list[str]:
        """Return the in-article headings that a leaf matches."""
        return self._sections.of(leaf, lambda: self._headings.matching(leaf))

    @cached_property
    def _headings(self) -> Headings:
        return Headings(self.forms("section"), self._analyzer)

    # Days.

    def days_of(self, leaf: AnyYear) -> list[tuple[int, int]]:
        """Return ranges of yyyymmdd that hold the days of the index that a leaf means."""
        low, high = (leaf.day, leaf.day) if leaf.day else (1, 31)
        months = (year * 10_000 + leaf.month * 100 for year in self._years)
        return [(month + low, month + high) for month in months]

    @cached_property
    def _years(self) -> list[int]:
        from searcher.engines.native_segment import numbers

        columns = (segment.numbers("date") for segment in self._segments)
        days = set().union(*(numbers(column) for column in columns if column))
        return sorted({day // 10_000 for day in days} - {0})


class Remembered(Generic[T]):
    """The terms of leaves that were looked up; all are forgotten when they become too many."""

    def __init__(self) -> None:
        self._terms: dict[Leaf, list[T]] = {}
        self.count = 0

    def of(self, leaf: Leaf, look_up: Callable[[], list[T]]) -> list[T]:
        """Return the terms of a leaf, looked up unless they are remembered."""
        known = self._terms.get(leaf)
        if known is not None:
            return known
        found = look_up()
        if len(self._terms) >= LEAVES_KEPT or self.count + len(found) > TERMS_KEPT:
            self._terms.clear()
            self.count = 0
        if len(found) <= TERMS_KEPT:
            self._terms[leaf] = found
            self.count += len(found)
        return found


class Headings:
    """Distinct in-article headings, by their words.

    Args:
        headings: in order.
        analyzer: the index's.
    """

    def __init__(self, headings: Sequence[str], analyzer: Analyzer) -> None:
        from searcher.model import Paragraph
        from searcher.query.evaluate import View

        shown = (Paragraph("", "", 0, "text", heading, "", 0, 0) for heading in headings)
        self._views = [View(paragraph, analyzer) for paragraph in shown]

    @cached_property
    def _by_form(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for at, view in enumerate(self._views):
            for token in view.tokens("section"):
                found.setdefault(token.text, set()).add(at)
        return found

    def matching(self, leaf: WordLeaf) -> list[str]:
        """Return the headings that a leaf matches, in order."""
        from searcher.query.evaluate import matches_leaf

        views = [self._views[at] for at in self._candidates(leaf)]
        return [view.paragraph.section for view in views if matches_leaf(leaf, view)]

    def _candidates(self, leaf: WordLeaf) -> Iterable[int]:
        """Return those that hold the words of a phrase, for which the others needn't be read."""
        places = leaf.slots[:-1] if isinstance(leaf, Phrase) and leaf.verbatim else ()
        words = [slot.text for slot in places if not slot.is_pattern]
        if not words:
            return range(len(self._views))
        return sorted(set.intersection(*(self._by_form.get(word, set()) for word in words)))


def _tested(form: str, test: Callable[[str], bool], check_time: Callable[[], None]) -> bool:
    # One word can keep a regular expression busy for a while.
    check_time()
    return test(form)


def _united(parts: Iterable[list[Any]]) -> list[Any]:
    """Return what is in any of some ordered lists, in order."""
    several = [part for part in parts if part]
    return several[0] if len(several) == 1 else sorted(set().union(*several))


def _is_text(value: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in value)
