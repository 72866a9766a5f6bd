"""Operators of professional databases: how they are spelt, and what they can stand on.

>>> near_operator("a NOT w/5 b", 2)
NearOperator(text='NOT w/5', distance=5, ordered=False, absent=True)
>>> near_operator("NEAR b", 0)
NearOperator(text='NEAR', distance=10, ordered=False, absent=False)
>>> from searcher.query.tree import Term
>>> fit(And((Term("text", "oil"), Term("text", "gas"))))
Traceback (most recent call last):
searcher.query.operators.Unfit: it holds an AND
"""

from __future__ import annotations

import re
from typing import NamedTuple

from searcher.query.tree import (
    And,
    AtLeast,
    Everything,
    InArticle,
    Not,
    Operand,
    Or,
    Query,
    Quotation,
    Quoted,
    Slot,
    WordLeaf,
    is_operand,
)
from searcher.values import replace

NEAR_DISTANCE = 10
"""The N of a bare NEAR or ADJ."""

MAX_DIGITS = 18
"""Digits of a number in a query; Python reads thousands of them only on request."""

_END = r'(?=[\s()"\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02]|$)'
_NUMBER = rf"(\d{{1,{MAX_DIGITS}}})"
_NEAR = re.compile(
    rf"(NOT\s+)?(?:(NEAR|ADJ)(?:/{_NUMBER}|(?!\s+/\d))|(w|W|pre|PRE)/{_NUMBER}){_END}"
)
_IN_ARTICLE = re.compile(rf"AND/(?:article|ARTICLE){_END}")
FUNCTION = re.compile(r"(headline|lead|exact|caps|quoted|atleast)(?:/(\d+))?\(", re.IGNORECASE)
"""A name right before a bracket; atleast has a number too."""

# Looked at where none of the above stands, so what is written rightly is not among them.
_MISSPELT = tuple(
    (re.compile(spelling + _END), hint)
    for spelling, hint in (
        (r"(?i:not)\s+(?:(?:NEAR|ADJ)(?:/\d+)?|(?i:w|pre)/\d+)", "Write NOT in capitals."),
        (r"(?:NOT\s+)?(?:NEAR|ADJ)(?:/\S*|\s+/\d+|\d+)", "Write a small number behind it: NEAR/5."),
        (r"(?:NOT\s+)?(?i:near|adj)/\d+", "Write it in capitals: NEAR/5, ADJ/5."),
        (r"(?:NOT\s+)?(?i:w|pre)/\d+", "Write w/5 or pre/5."),
        (r"(?i:w/(?:p|para|s|sent|seg))", "AND looks in one paragraph; w/5 within five words."),
        (r"(?!AND/(?:article|ARTICLE))(?i:and/(?:article|doc|document))", "Write AND/article."),
        (r"(?i:and/(?:paragraph|para))", "Write AND: it looks in one paragraph."),
        (r"(?i:atleast)(?:/\d+(?!\()|\d+|/[^\s(]*[^\s(\d][^\s(]*)", "Write atleast/3(oil)."),
        (r"(?i:words)(?:\s+[<>]=?\s*|[<>]=?\s+|\s*=\s*)\d+", "Write words>5, words<5 or words:5."),
    )
)


class NearOperator(NamedTuple):
    """A NEAR or ADJ as it was typed; see searcher.query.tree.Near."""

    text: str
    distance: int
    ordered: bool
    absent: bool


def near_operator(text: str, at: int) -> NearOperator | None:
    """Return the operator of nearness that stands at a place in a query, if one does."""
    match = _NEAR.match(text, at)
    if not match:
        return None
    negation, capital, number, small, small_number = match.groups()
    distance = int(number or small_number or NEAR_DISTANCE)
    ordered = capital == "ADJ" or (small or "").lower() == "pre"
    return NearOperator(match.group(), distance, ordered, bool(negation))


def in_article_operator(text: str, at: int) -> str:
    """Return the AND/article that stands at a place in a query, or nothing."""
    match = _IN_ARTICLE.match(text, at)
    return match.group() if match else ""


def misspelt(text: str, at: int) -> tuple[str, str] | None:
    """Return what looks like an operator but is none, and what to write."""
    for spelling, hint in _MISSPELT:
        if match := spelling.match(text, at):
            return match.group(), hint
    return None


class Unfit(ValueError):
    """Something can't stand where it does; the message says what it is."""


def fit(tree: Query) -> Operand:
    """Return a tree as an operand.

    Raises:
        Unfit: it can't be one, or a part of it has a boost of its own.
    """
    if not is_operand(tree):
        raise Unfit(f"it holds {_unfit_part(tree)}")
    if _has_boost(tree):
        raise Unfit("it has a boost inside")
    return tree


def _unfit_part(tree: Query) -> str:
    """Name the first part for which a tree is no operand."""
    if isinstance(tree, (And, InArticle)):
        return "an AND"
    if isinstance(tree, Not):
        return "a NOT"
    if isinstance(tree, Or):
        unfit = next((child for child in tree.children if not is_operand(child)), None)
        return "words of several fields" if unfit is None else _unfit_part(unfit)
    return "atleast(...)" if isinstance(tree, AtLeast) else f"the filter {tree}"


def _has_boost(operand: Operand) -> bool:
    return any(part.boost != 1 for part in _units(operand))


def _units(tree: Operand) -> list[WordLeaf]:
    if not isinstance(tree, Or):
        return [tree]
    return [unit for child in tree.children if is_operand(child) for unit in _units(child)]


def in_quotation(tree: Query, speaker: tuple[Slot, ...]) -> Query:
    """Return a tree with every word in a direct quotation.

    An AND of words may have them in different quotations; one word, phrase,
    NEAR or OR of these stands in one.

    Raises:
        Unfit: the tree holds what no quotation can.
    """
    if isinstance(tree, Everything):
        return Quotation(speaker)
    if is_operand(tree):
        return _quoted(tree, speaker)
    if isinstance(tree, (And, Or)):
        return replace(tree, children=tuple(in_quotation(c, speaker) for c in tree.children))
    if isinstance(tree, Not):
        return Not(in_quotation(tree.child, speaker))
    raise Unfit(f"it holds {_unfit_part(tree)}")


def _quoted(operand: Operand, speaker: tuple[Slot, ...]) -> Quoted:
    boost = 1.0
    if not isinstance(operand, Or):
        boost = operand.boost
        operand = replace(operand, boost=1.0)
    fields = {unit.field for unit in _units(operand)}
    if fields != {"text"} or isinstance(operand, Quoted):
        found = "a quotation" if fields == {"text"} else f"the field {fields.pop()}:"
        raise Unfit(f"it holds {found}")
    if _has_boost(operand):
        raise Unfit("it has a boost inside")
    return Quoted(operand, speaker, boost)
