"""A query of Whoosh as a plan of the core, for one segment.

    Planner(searcher, core).plan(Term("text", "oil"))
    → ("term", "text", b"oil", (1.9, 25.4, 0.75, 1.2))

The nodes of a plan are those of rust/src/stock/plan.rs.  Each says what the
matchers of Whoosh say when all of them are stepped through, quirks included: a
Not adds 1 to the score of what it lets through, a wildcard is scored by how
many words it stands for and how big the segment is.  Where those matchers
contradict themselves (the first document of an AndNot, a Require) the query's
own meaning is taken.

A kind of query that isn't known here is asked of Whoosh's own matcher, and
what that finds goes into the plan as it is.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from whoosh import fields, query
from whoosh.query.qcore import _NullQuery
from whoosh.query.spans import SpanNear2
from whoosh.scoring import BM25F, TF_IDF, Frequency

from searcher.codec.stepping import packed, stepped

if TYPE_CHECKING:
    from whoosh.searching import Searcher

    from searcher._native import Segment

Plan: TypeAlias = "tuple[Any, ...]"

NOTHING: Plan = ("nothing",)

SMALL_SEGMENT = 5000
"""Up to so many documents Whoosh adds up an Or of three and more in an array, which gives every
document the same score where the words of a wildcard needn't be scored."""

MANY_TERMS = query.Or.TOO_MANY_CLAUSES
"""From so many words on it does so in any segment."""

_TEXT = fields.FieldType

SCORINGS = (BM25F, Frequency, TF_IDF)
"""Weightings that plans know."""


class NativeQuery(query.wrappers.WrappingQuery):  # type: ignore[misc]
    """A query whose matches are found by the core, for collectors of Whoosh.

    Args:
        child: the query.
    """

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        """Return a matcher of what the core found in a segment."""
        from whoosh.matching import ListMatcher, NullMatcher

        found = searcher.found(self.child)
        docs, scores = array("I", found.docs), array("d", found.scores)
        return ListMatcher(docs, weights=scores) if docs else NullMatcher()


class Planner:
    """Makes plans for one segment.

    Args:
        searcher: of Whoosh, over the segment alone; its parent knows all of the index.
        core: the segment.
    """

    def __init__(self, searcher: Searcher, core: Segment) -> None:
        self._searcher = searcher
        self._reader = searcher.reader()
        self._schema = searcher.schema
        self._core = core
        self._carries = {name: carries for name, carries, _ in core.fields()}

    def plan(self, asked: query.Query) -> Plan:
        """Return the plan of a query."""
        known = _PLANS.get(type(asked))
        return known(self, asked) if known else self._given(asked)

    def _given(self, asked: query.Query) -> Plan:
        searcher = self._searcher
        return "given", *packed(stepped(asked.matcher(searcher, searcher.context())))

    # Terms.

    def _term(self, asked: query.Term) -> Plan:
        if asked.minquality:
            return self._given(asked)
        found = self._scored(asked.fieldname, asked.text, asked.boost)
        return ("term", *found) if found else NOTHING

    def _scored(self, name: str, text: Any, boost: float) -> Plan | None:
        """Return a term with its scorer; None where the segment hasn't got it."""
        if name not in self._schema:
            return None
        try:
            term = self._schema[name].to_bytes(text)
        except ValueError:
            return None
        if self._core.frequencies(name, term) is None:
            return None
        return name, term, self._scorer(name, term, boost)

    def _scorer(self, name: str, term: bytes, boost: float) -> tuple[float, ...]:
        model, whole = self._searcher.weighting, self._searcher.get_parent()
        if type(model) is TF_IDF:
            return (whole.idf(name, term) * boost,)
        if type(model) is Frequency or not self._schema[name].scorable:
            return (boost,)
        mean = whole.avg_field_length(name) or 1
        return whole.idf(name, term) * boost, mean, model._field_B.get(name, model.B), model.K1

    def _pattern(self, asked: Any) -> Plan:
        """Plan a query that stands for the terms of a field that are like its text."""
        if asked.text == _EVERY_TEXT.get(type(asked)):
            return self._every(query.Every(asked.fieldname, boost=asked.boost))
        return self._several(asked)

    def _several(self, asked: Any) -> Plan:
        name = asked.field()
        terms = [term for term in self._terms(asked) if term]
        if self._is_flat(len(terms)) and asked.constantscore:
            return "any", name, terms, 1.0
        scored = (self._scored(name, term, asked.boost) for term in terms)
        return _either([("term", *one) for one in scored if one])

    def _terms(self, asked: Any) -> Iterable[bytes]:
        """Return the terms that a query stands for, in order; the core knows patterns."""
        name, kind = asked.field(), type(asked)
        if kind is query.Wildcard and "[" not in asked.text and self._is_text(name):
            found = self._core.globbed(name, asked.text, False, sys.maxsize - 1)
            return [form.encode("utf-8") for form in found]
        found_by_whoosh: Iterable[bytes] = asked._btexts(self._reader)
        return found_by_whoosh

    def _is_text(self, name: str) -> bool:
        """Tell whether the terms of a field are texts, as UTF-8."""
        kind = type(self._schema[name])
        return kind.to_bytes is _TEXT.to_bytes and kind.from_bytes is _TEXT.from_bytes

    def _is_flat(self, terms: int) -> bool:
        small = self._searcher.doc_count_all() <= SMALL_SEGMENT
        return terms >= MANY_TERMS or (terms > 2 and small)

    def _every(self, asked: query.Every) -> Plan:
        if asked.fieldname is None:
            return "every", asked.boost
        if asked.fieldname not in self._schema:
            return self._given(asked)
        return "fielded", asked.fieldname, asked.boost

    def _range(self, asked: query.NumericRange) -> Plan:
        return self.plan(asked._compile_query(self._reader))

    # Phrases.

    def _phrase(self, asked: query.Phrase) -> Plan:
        name = asked.fieldname
        if name not in self._schema:
            return NOTHING
        if self._carries.get(name, "positions") != "positions" or not self._has_places(name):
            return self._given(asked)
        words = [self._scored(name, word, 1.0) for word in asked.words]
        return _boosted(_in_order(words, asked.slop), asked.boost)

    def _has_places(self, name: str) -> bool:
        format_ = self._schema[name].format
        return bool(format_ and format_.supports("positions"))

    def _near(self, asked: SpanNear2) -> Plan:
        if not asked.ordered or asked.mindist != 1 or not all(map(self._has_place, asked.qs)):
            return self._given(asked)
        words = [self._scored(one.fieldname, one.text, one.boost) for one in asked.qs]
        return _in_order(words, asked.slop)

    def _has_place(self, asked: query.Query) -> bool:
        return (
            type(asked) is query.Term
            and not asked.minquality
            and self._carries.get(asked.fieldname) == "positions"
        )

    # Several queries.

    def _compound(self, name: str, asked: query.And | query.Or) -> Plan:
        plans = tuple(map(self.plan, asked.subqueries))
        if len(plans) < 2:
            # Whoosh leaves the boost out too.
            return plans[0] if plans else NOTHING
        return _boosted((name, plans), asked.boost)

    def _and(self, asked: query.And) -> Plan:
        return self._compound("and", asked)

    def _or(self, asked: query.Or) -> Plan:
        return self._given(asked) if asked.scale else self._compound("or", asked)

    def _not(self, asked: query.Not) -> Plan:
        return "not", self.plan(asked.query)

    def _constant(self, asked: query.ConstantScoreQuery) -> Plan:
        return "constant", self.plan(asked.child), asked.score

    def _child(self, asked: NativeQuery) -> Plan:
        return self.plan(asked.child)

    def _nothing(self, _: query.Query) -> Plan:
        return NOTHING


def _pair(name: str) -> Callable[[Planner, Any], Plan]:
    return lambda planner, asked: (name, planner.plan(asked.a), planner.plan(asked.b))


def _either(plans: Sequence[Plan]) -> Plan:
    if len(plans) == 1:
        return plans[0]
    return ("or", plans) if plans else NOTHING


def _boosted(plan: Plan, boost: float) -> Plan:
    return plan if boost == 1.0 or plan is NOTHING else ("boost", plan, boost)


def _in_order(words: Sequence[Plan | None], slop: int) -> Plan:
    return ("phrase", words, slop) if words and all(words) else NOTHING


_EVERY_TEXT = {query.Prefix: "", query.Wildcard: "*", query.Regex: ".*"}

_PLANS: dict[type, Callable[[Any, Any], Plan]] = {
    query.Term: Planner._term,
    query.And: Planner._and,
    query.Or: Planner._or,
    query.Not: Planner._not,
    query.AndNot: _pair("andnot"),
    query.AndMaybe: _pair("andmaybe"),
    query.Require: _pair("require"),
    query.Otherwise: _pair("otherwise"),
    query.Every: Planner._every,
    query.ConstantScoreQuery: Planner._constant,
    query.Prefix: Planner._pattern,
    query.Wildcard: Planner._pattern,
    query.Regex: Planner._pattern,
    query.FuzzyTerm: Planner._several,
    query.Variations: Planner._several,
    query.TermRange: Planner._several,
    query.NumericRange: Planner._range,
    query.DateRange: Planner._range,
    query.Phrase: Planner._phrase,
    SpanNear2: Planner._near,
    _NullQuery: Planner._nothing,
    NativeQuery: Planner._child,
}
