"""Filters given beside a query (`--since`, `--desk`, …), as parts of its tree."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from searcher.analysis import fold_value, tokenize
from searcher.errors import QueryError, QuerySyntaxError
from searcher.model import KINDS
from searcher.query.dates import DateProblem, read_dates
from searcher.query.scope import SCOPES, admitted, article_wide
from searcher.query.tree import (
    And,
    AnyYear,
    Days,
    Everything,
    InArticle,
    Not,
    Or,
    Phrase,
    Query,
    Slot,
    Undated,
    Value,
    conjunction,
    has_part,
    positive_leaves,
)
from searcher.values import frozen, replace

Day = str | date | None
Values = str | tuple[str, ...]

_NO_CAPTION = Not(Value("kind", "caption"))


@frozen
class Filters:
    """What a search is narrowed to, beside its query.

    Attributes:
        since: first day, as a date or a date expression.
        until: last day, inside.
        on: a date expression.
        section, desk, kind: values, any of which will do; kind `all` is every kind.
        scope: what AND looks in, `paragraph` or `article`.
    """

    since: Day = None
    until: Day = None
    on: Day = None
    section: Values = ()
    desk: Values = ()
    kind: Values = ()
    scope: str = "paragraph"

    def narrow(self, tree: Query, today: date | None) -> Query:
        """Return the tree with the filters ANDed to it.

        Raises:
            QuerySyntaxError: a date or a kind can't be read.
            QueryError: there is no such scope.
        """
        parts = [self._scoped(tree)]
        self._check_order(today)
        if self.since is not None:
            parts.append(Days(_days("since", self.since, today).start, None))
        if self.until is not None:
            parts.append(Days(None, _days("until", self.until, today).end))
        if self.on is not None:
            parts.append(_dates("on", self.on, today))
        parts += [_any(map(_section, _tuple(self.section)))] if self.section else []
        parts += [_any(map(_desk, _tuple(self.desk)))] if self.desk else []
        parts += [_any(map(_kind, _tuple(self.kind)))] if self.kind else []
        return conjunction(parts)

    def _scoped(self, tree: Query) -> Query:
        if self.scope not in SCOPES:
            raise QueryError(f"no scope {self.scope!r}. Choose one of: {', '.join(SCOPES)}")
        return article_wide(tree) if self.scope == "article" else tree

    def _check_order(self, today: date | None) -> None:
        if self.since is None or self.until is None:
            return
        start = _days("since", self.since, today).start
        end = _days("until", self.until, today).end
        if start and end and start > end:
            problem = f"since {self.since} is after until {self.until}"
            raise QuerySyntaxError(str(self.since), 0, problem, "Swap them.")


def _tuple(values: Values) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values)


def _any(parts: Iterable[Query]) -> Query:
    found = tuple(parts)
    return found[0] if len(found) == 1 else Or(found)


def _dates(name: str, day: str | date, today: date | None) -> Days | AnyYear | Undated:
    if isinstance(day, date):
        return Days(day, day)
    try:
        return read_dates(day, today)
    except DateProblem as problem:
        said = f"{name}: {problem}"
        raise QuerySyntaxError(day, problem.offset, said, problem.hint) from None


def _days(name: str, day: str | date, today: date | None) -> Days:
    days = _dates(name, day, today)
    if isinstance(days, Days):
        return days
    problem = f"{name}: {day!r} is no end of a range"
    raise QuerySyntaxError(str(day), 0, problem, "Try 2026-02-25.")


def _section(value: str) -> Query:
    slots = tuple(Slot(token.text) for token in tokenize(value))
    if not slots:
        raise QuerySyntaxError(value, 0, "the section has no word", 'Try section:"Later That Day".')
    return Phrase("section", slots)


def _desk(value: str) -> Query:
    return Value("desk", fold_value(value), is_pattern=bool(set(value) & {"*", "?"}))


def _kind(value: str) -> Query:
    if value == "all":
        return Value("kind", "*", is_pattern=True)
    if value not in KINDS:
        hint = f"Kinds: {', '.join(KINDS)}, all."
        raise QuerySyntaxError(value, 0, f"there is no kind {value!r}", hint)
    return Value("kind", value)


def without_captions(tree: Query) -> Query:
    """Return the tree with captions left out, unless it asks for kinds itself.

    What filters an AND/article then filters every paragraph that it looks at.
    """
    whole = tree if _asks_kinds(tree) else conjunction([tree, _NO_CAPTION])
    return admitted(whole) if has_part(tree, InArticle) else whole


def _asks_kinds(tree: Query) -> bool:
    # Every search asks this, which a generator of leaves answers three times slower.
    if isinstance(tree, (And, Or)):
        return any(map(_asks_kinds, tree.children))
    if isinstance(tree, InArticle):
        return any(map(_asks_kinds, tree.parts))
    return isinstance(tree, Value) and tree.field == "kind"


def undated_twin(tree: Query) -> Query | None:
    """Return the tree that finds what date filters left out only for want of a date.

    That is: undated paragraphs which would match if every date that is asked
    for were theirs, and which don't match as it is.  None when no date is
    asked for.
    """
    if not any(isinstance(leaf, (Days, AnyYear)) for leaf in positive_leaves(tree)):
        return None
    return And((Undated(), _forgiven(tree), Not(tree)))


def _forgiven(tree: Query) -> Query:
    """Return the tree in which every date that is asked for holds."""
    if isinstance(tree, (And, Or)):
        return replace(tree, children=tuple(map(_forgiven, tree.children)))
    if isinstance(tree, InArticle):
        return InArticle(tuple(map(_forgiven, tree.parts)))
    return Everything() if isinstance(tree, (Days, AnyYear)) else tree
