"""The queries that most people type, read at a glance.

Words, phrases, wildcards at the end of a word, fuzzy words, AND, OR, NOT, minus
signs, brackets, and the fields date, desk, title and section: with these alone,
a query needs none of what the parser looks for at every character.  Whatever
else is in it, and whatever could be wrong with it, is left to the parser, which
says what the language is; the two give the same tree.

    >>> print(quick('oil (crude OR brent*) -"spot price" date:2026', None, Limits()))
    (oil AND (crude OR brent*) AND NOT "spot price" AND date:2026-01-01..2026-12-31)
    >>> quick("oil NEAR/5 price", None, Limits()) is None
    True
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from searcher.analysis import MAX_TOKEN_CHARS, fold_value, tokenize
from searcher.query.dates import DateProblem, read_dates
from searcher.query.limits import Limits
from searcher.query.tree import And, Fuzzy, Not, Or, Pattern, Phrase, Query, Slot, Term, Value

if TYPE_CHECKING:
    from searcher.query.references import Resolve

MOST_CHARS = 1000
"""A longer query is left to the parser, which counts what it holds."""

_MOST_EDITS = 2
"""Those of a fuzzy word that is read here."""

_WORD = "[A-Za-z0-9]+"
_PIECE = re.compile(
    rf"""
    (?:
        (-?) (?:                        # a minus, and
            ({_WORD})                   # a word
          | ({_WORD}(?:[-'.,]{_WORD})+) # words that are joined
          | "({_WORD}(?:[ ]{_WORD})*)"  # a phrase
          | ({_WORD}\*)                 # how words begin
          | ({_WORD})~([12]?)           # a fuzzy word, and its edits
          | (date|desk|title|section):([A-Za-z0-9.-]+)  # a field and its value
          | desk:"([A-Za-z0-9][A-Za-z0-9 .-]*)"         # a desk of several words
        ) (?=[\s)]|$)
      | ([()])                          # a bracket
      | (\S)                            # anything else
    )
    """,
    re.VERBOSE,
)
_OPERATORS = frozenset(("AND", "OR", "NOT"))
# What the parser takes for operators, some of them misspelt, and what is none.
_SUSPECT = re.compile(r"NEAR|ADJ|(?i:atleast)|-(?:AND|OR|NOT)")

_Piece = tuple[str, ...]
"""The groups of _PIECE; those that nobody unpacks have a name for their place."""

_SIGN, _PLAIN, _BRACKET = 0, 1, 10


class _Unsure(Exception):
    """The parser has to read it."""


def read(
    text: str,
    today: date | None,
    *,
    plain: bool = False,
    limits: Limits,
    saved: Resolve | None = None,
) -> Query:
    """Return the tree of a query: parser.parse, which is loaded when it is needed."""
    tree = None if plain else quick(text, today, limits)
    if tree is None:
        from searcher.query.parser import parse

        tree = parse(text, today, plain=plain, limits=limits, saved=saved)
    return tree


def quick(text: str, today: date | None, limits: Limits) -> Query | None:
    """Return what parser.parse returns, or None where the parser has to look.

    Args:
        text: the query string.
        today: what relative dates count from.
        limits: bounds on length, terms and depth.
    """
    most = min(MOST_CHARS, limits.query_chars, limits.terms, limits.phrase_words)
    if len(text) > most or text.count("(") + 2 > limits.depth or _SUSPECT.search(text):
        return None
    if limits.fuzzy_edits < _MOST_EDITS and "~" in text:
        return None
    try:
        return _Reader(_PIECE.findall(text), today).whole()
    except _Unsure:
        return None


class _Reader:
    """Reads pieces from the last to the first of a reversed list."""

    def __init__(self, pieces: list[_Piece], today: date | None) -> None:
        pieces.reverse()
        self._pieces = pieces
        self._today = today

    def whole(self) -> Query:
        tree = self._either()
        if self._pieces:
            raise _Unsure
        return tree

    def _either(self) -> Query:
        parts = [self._all()]
        while self._pieces and self._pieces[-1][_PLAIN] == "OR":
            self._pieces.pop()
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self) -> Query:
        """Read up to an OR, a closing bracket or the end; an AND parts only two operands."""
        pieces, parts = self._pieces, [self._operand()]
        while pieces and pieces[-1][_BRACKET] != ")" and pieces[-1][_PLAIN] != "OR":
            if pieces[-1][_PLAIN] == "AND":
                pieces.pop()
            parts.append(self._operand())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _operand(self) -> Query:
        if not self._pieces:
            raise _Unsure
        piece = self._pieces.pop()
        if piece[_BRACKET] == "(":
            return self._group()
        if piece[_PLAIN] == "NOT":
            return Not(self._leaf(self._negated()))
        return Not(self._leaf(piece)) if piece[_SIGN] else self._leaf(piece)

    def _negated(self) -> _Piece:
        if not self._pieces or self._pieces[-1][_SIGN]:
            raise _Unsure
        return self._pieces.pop()

    def _group(self) -> Query:
        tree = self._either()
        if not self._pieces or self._pieces.pop()[_BRACKET] != ")":
            raise _Unsure
        return tree

    def _leaf(self, piece: _Piece) -> Query:
        _, word, joined, phrase, start, fuzzy, edits, field, value, desk, *_ = piece
        if word and word not in _OPERATORS:
            return _term("text", word)
        if field and value not in _OPERATORS:
            return self._in_field(field, value)
        if phrase:
            return _phrase(phrase)
        if joined:
            return _joined(joined)
        if start:
            return Pattern("text", _short(start.lower()))
        if desk:
            return Value("desk", fold_value(desk))
        if fuzzy:
            return Fuzzy("text", _short(fuzzy.lower()), int(edits or 1))
        raise _Unsure

    def _in_field(self, field: str, value: str) -> Query:
        if field == "date":
            return self._date(value)
        if field == "desk" and not value.startswith("-"):
            return Value("desk", fold_value(value))
        if not value.isalnum():
            raise _Unsure
        return _term(field, value)

    def _date(self, value: str) -> Query:
        try:
            return read_dates(value, self._today)
        except DateProblem:
            raise _Unsure from None


def _term(field: str, word: str) -> Query:
    return Term(field, _short(word.lower()))


def _joined(words: str) -> Query:
    tokens = tokenize(words)
    if len(tokens) == 1:
        return Term("text", tokens[0].text)
    return Phrase("text", tuple([Slot(token.text) for token in tokens]), verbatim=False)


def _phrase(words: str) -> Query:
    return Phrase("text", tuple([Slot(_short(word)) for word in words.lower().split(" ")]))


def _short(word: str) -> str:
    if len(word) > MAX_TOKEN_CHARS - 1:
        raise _Unsure
    return word
