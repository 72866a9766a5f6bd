r"""A query string to a tree.

Nothing is repaired and nothing is guessed: what can't be read is a
QuerySyntaxError with its column and a hint, and what is read prints itself
back (`str(tree)`).

    >>> from datetime import date
    >>> show = lambda text: print(parse(text, date(2026, 2, 25)))
    >>> show('tomahawk OR (cruise missil* -"Capitol Hill") date:2026-02')
    (tomahawk OR ((cruise AND missil* AND NOT "capitol hill") AND date:2026-02-01..2026-02-28))
    >>> show("F-16 don’t U.S. https://example.org/a?b")
    (f-16 AND don't AND u.s AND https-example-org-a-b)

Grammar (docs/query-language.md explains it by examples):

    query   = and ("OR" and)*
    and     = not ("AND"? not)*
    not     = ("NOT" | "-") not | boosted
    boosted = primary ("^" number)?
    primary = "(" query ")" | field ":" primary | phrase | "/" regex "/" | word
    phrase  = quote words quote ("~" slop)?
    word    = characters up to white space, a bracket or a double quote,
              with "~" or "~2" behind it for a fuzzy word

A word without letters or digits (a lone dash) is passed over.  `*` alone is
every paragraph.  A single `?` at the end of a word is a question mark, and so
is any in a web address.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple, NoReturn

from searcher.analysis import fold_value, tokenize
from searcher.errors import QuerySyntaxError
from searcher.model import KINDS
from searcher.query.dates import DateProblem, read_dates
from searcher.query.fields import FIELDS, nearest_field
from searcher.query.limits import Limits
from searcher.query.tree import (
    And,
    Everything,
    Fuzzy,
    Not,
    Numbers,
    Or,
    Pattern,
    Phrase,
    Query,
    Regex,
    Slot,
    Term,
    Value,
    WordLeaf,
    map_leaves,
)

MAX_FUZZY_DISTANCE = 2
MAX_BOOST = 1000.0

_QUOTES = '"\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02'
# What closes a quote, the likeliest first; a straight one goes on over curly ones inside it.
_CURLY_CLOSING = ('\u201c\u201d\u201f"',)
_CLOSING = {
    "\u201c": _CURLY_CLOSING,
    "\u201d": _CURLY_CLOSING,
    "\u201e": _CURLY_CLOSING,
    "\u201f": _CURLY_CLOSING,
    "\u00ab": ("\u00bb",),
    "\u00bb": ("\u00ab",),
}
_CHUNK = re.compile(rf"[^\s(){_QUOTES}]+")
_FIELD = re.compile(r"([A-Za-z_]+):")
_REGEX = re.compile(r"/((?:[^/\\\s]|\\\S)+)/(?=\^|\s|\)|$)")
_BOOST = re.compile(r"\^(\d+(?:\.\d+)?)(?=\s|\)|$)")
_FUZZY = re.compile(r"(.+?)~([\d.]*)")
_SLOP = re.compile(r"~(\d+)")
_NUMBERS = re.compile(r"(\d*)(\.\.)?(\d*)|([<>]=?)(\d+)")
_ELSEWHERE = {"||": "OR", "|": "OR", "&&": "AND"}
_MINUS = "-\u2010\u2011\u2013\u2212\ufe63\uff0d"
_EXCLAIMED = re.compile(r"!+\w")
_BOOSTED_VALUE = re.compile(r".+\^\d+(\.\d+)?")

# Wildcards go through the tokenizer as two letters that no newspaper prints.
_STAR, _MARK = "\U00010600", "\U00010601"
_TO_LETTERS = str.maketrans({"*": _STAR, "?": _MARK})
_TO_WILDCARDS = str.maketrans({_STAR: "*", _MARK: "?"})

_PLAIN = "To search for it as plain words, use --plain."
_AS_WORDS = "To search for it as plain words, put it in double quotes or use --plain."


def parse(
    text: str, today: date | None, *, plain: bool = False, limits: Limits | None = None
) -> Query:
    """Return the tree of a query.

    Args:
        text: the query string.
        today: what `today` and the other relative dates count from; None refuses them.
        plain: take everything as words; no operator, field or wildcard is read.
        limits: bounds on length, terms and depth.

    Raises:
        QuerySyntaxError: it can't be read, or holds nothing to search for.
        QueryLimitError: it is over a limit.
    """
    limits = limits or Limits()
    limits.check("query_chars", len(text), f"the query has {len(text)} characters")
    tree = _plain(text) if plain else _Parser(text, today, limits).whole()
    count = sum(1 for _ in _counted(tree))
    limits.check("terms", count, f"the query has {count} terms")
    return tree


def _counted(tree: Query) -> list[Query]:
    found: list[Query] = []
    map_leaves(tree, lambda leaf: found.append(leaf) or leaf)  # type: ignore[func-returns-value]
    return found


def _plain(text: str) -> Query:
    words = [_words("text", chunk, verbatim=False) for chunk in text.split()]
    kept = [word for word in words if word is not None]
    if not kept:
        raise _nothing(text)
    return kept[0] if len(kept) == 1 else And(tuple(kept))


def _nothing(text: str) -> QuerySyntaxError:
    return QuerySyntaxError(text, 0, "there is no word to search for", "Try a word, or * for all.")


def _words(field: str, text: str, *, verbatim: bool, slop: int = 0) -> WordLeaf | None:
    """Return the leaf for a run of words; None when it holds none."""
    tokens = [token.text for token in tokenize(text)]
    if not tokens:
        return None
    if len(tokens) == 1 and not verbatim and FIELDS[field].reads == "stems":
        return Term(field, tokens[0])
    stems = not verbatim and FIELDS[field].reads == "stems"
    return Phrase(field, tuple(map(Slot, tokens)), slop, verbatim=not stems)


def _pattern_slots(text: str) -> tuple[Slot, ...]:
    """Return the words of a text in which `*` and `?` are wildcards."""
    forms = [token.text for token in tokenize(text.translate(_TO_LETTERS))]
    return tuple(_slot(form.translate(_TO_WILDCARDS)) for form in forms)


def _slot(form: str) -> Slot:
    return Slot(form, is_pattern=bool(set(form) & {"*", "?"}))


class _Chunk(NamedTuple):
    """A run of characters with the column where it starts."""

    text: str
    column: int


class _Parser:
    """Reads one query from left to right; `at` is the next character."""

    def __init__(self, text: str, today: date | None, limits: Limits) -> None:
        self.text = text
        self.today = today
        self.limits = limits
        self.at = 0
        self.depth = 0

    def whole(self) -> Query:
        tree = self._or("text")
        if self._peek() == ")":
            self._fail(self.at, "there is a ) without its (", "Take it out, or add a ( before.")
        if tree is None:
            raise _nothing(self.text)
        return tree

    # Operators.  Each level returns None when it found only punctuation.

    def _or(self, field: str) -> Query | None:
        parts = [self._and(field)]
        while self._operator("OR"):
            column = self.at - 2
            parts.append(self._and(field))
            if parts[-1] is None or parts[-2] is None:
                self._operand_missing("OR", column)
        found = [part for part in parts if part is not None]
        return found[0] if len(found) == 1 else Or(tuple(found)) if found else None

    def _and(self, field: str) -> Query | None:
        parts: list[Query] = []
        pending: int | None = None
        while True:
            if self._operator("AND"):
                if pending is not None or not parts:
                    self._operand_missing("AND", self.at - 3)
                pending = self.at - 3
            elif self._at_end() or self._operator("OR", take=False):
                break
            elif (part := self._not(field)) is not None:
                parts.append(part)
                pending = None
        if pending is not None:
            self._operand_missing("AND", pending)
        return parts[0] if len(parts) == 1 else And(tuple(parts)) if parts else None

    def _not(self, field: str) -> Query | None:
        column = self.at
        if self._operator("NOT"):
            if self._at_end() or any(self._operator(w, take=False) for w in ("AND", "OR")):
                self._operand_missing("NOT", column)
            return self._negated(field, column)
        if self._is_minus():
            self.at += 1
            return self._negated(field, column)
        return self._primary(field)

    def _negated(self, field: str, column: int) -> Query | None:
        self._nested(column)
        child = self._not(field)
        self.depth -= 1
        return None if child is None else Not(child)

    def _is_minus(self) -> bool:
        following = self.text[self.at + 1 : self.at + 2]
        return self._peek() in _MINUS and bool(following.strip()) and following not in _MINUS + ")"

    def _operator(self, word: str, *, take: bool = True) -> bool:
        self._skip_space()
        end = self.at + len(word)
        following = self.text[end : end + 1]
        if not self.text.startswith(word, self.at) or not (
            not following or following.isspace() or following in "()" or following in _QUOTES
        ):
            return False
        if take:
            self.at = end
        return True

    # Operands.

    def _primary(self, field: str) -> Query | None:
        column = self.at
        first = self._peek()
        if first == "(":
            return self._boosted(self._group(field), column)
        if first in _QUOTES:
            return self._boosted(self._quoted(field), column)
        if first == "/" and (match := _REGEX.match(self.text, self.at)):
            return self._boosted(self._regex(field, match), column)
        self._refuse_field(field)
        if FIELDS[field].reads in ("stems", "words") and (named := self._field()):
            return self._in_field(named, column)
        return self._chunk(field)

    def _group(self, field: str) -> Query:
        column = self.at
        self._nested(column)
        self.at += 1
        tree = self._or(field)
        if self._peek() != ")":
            self._fail(column, "this ( is never closed", "Add a ) or take the ( out.")
        self.at += 1
        if self.text[self.at : self.at + 1] == "~":
            self._fail(self.at, "~ goes behind a word or a phrase", 'Try oil~ or "oil price"~3.')
        self.depth -= 1
        if tree is None:
            self._fail(column, "there is nothing between these brackets", "Take them out.")
        return tree

    def _nested(self, column: int) -> None:
        self.depth += 1
        self.limits.check(
            "depth", self.depth, f"brackets or NOTs nest {self.depth} deep (column {column + 1})"
        )

    def _quoted(self, field: str) -> Query | None:
        column = self.at
        inner = self._until_quote()
        reads = FIELDS[field].reads
        if reads in ("value", "tail"):
            return self._value(field, _Chunk(inner, column + 1), literal=True)
        if reads in ("date", "number"):
            return self._ranged(field, _Chunk(inner, column + 1))
        slop = self._slop()
        slots = _pattern_slots(inner)
        self.limits.check("phrase_words", len(slots), f"a phrase has {len(slots)} words")
        if not slots:
            return None
        if len(slots) == 1 and slots[0].is_pattern:
            return self._pattern(field, slots[0].text)
        return Phrase(field, slots, slop)

    def _until_quote(self) -> str:
        column = self.at
        opening = self.text[column]
        for closing in _CLOSING.get(opening, (opening, _QUOTES)):
            if match := re.compile(f"[{closing}]").search(self.text, column + 1):
                self.at = match.end()
                return self.text[column + 1 : match.start()]
        hint = f"Add a closing {opening}, or take it out. {_PLAIN}"
        self._fail(column, f"this {opening} is never closed", hint)

    def _slop(self) -> int:
        match = _SLOP.match(self.text, self.at)
        if not match:
            return 0
        self.at = match.end()
        slop = int(match.group(1))
        self.limits.check("slop", slop, f"a phrase allows {slop} other words")
        return slop

    def _regex(self, field: str, match: re.Match[str]) -> Query:
        pattern, column = match.group(1), match.start(1)
        self.at = match.end()
        if FIELDS[field].reads not in ("stems", "words"):
            self._fail(column, f"{field}: takes no regular expression", self._example(field))
        length = len(pattern)
        self.limits.check("regex_chars", length, f"the regular expression has {length} characters")
        return self._checked_regex(Regex(field, pattern), column)

    def _checked_regex(self, leaf: Regex, column: int) -> Regex:
        # Imported here: few queries need it, and every query pays for what the top imports.
        from searcher.query.expressions import compile_regex

        try:
            compile_regex(leaf.pattern)
        except ValueError as error:
            self._fail(column, f"the regular expression can't be read: {error}", _AS_WORDS)
        return leaf

    def _field(self) -> str:
        """Take `name:` and return the name; empty when no field starts here."""
        match = _FIELD.match(self.text, self.at)
        if not match or self.text.startswith("//", match.end()):
            return ""
        name, column = match.group(1).lower(), self.at
        following = self.text[match.end() : match.end() + 1]
        if name not in FIELDS:
            return self._unknown_field(name, following, column)
        self.at = match.end()
        if not following or following.isspace() or following == ")":
            self._fail(column, f"{name}: needs a value right behind it", self._example(name))
        return name

    def _unknown_field(self, name: str, following: str, column: int) -> str:
        # "note: oil" is prose; "note:oil" looks like a field that isn't there.
        if not following or following.isspace():
            return ""
        nearest = nearest_field(name)
        meant = f"Did you mean {nearest}:, as in {FIELDS[nearest].example}? " if nearest else ""
        known = ", ".join(FIELDS)
        self._fail(column, f"there is no field {name!r}", f"{meant}Fields: {known}. {_AS_WORDS}")

    def _in_field(self, field: str, column: int) -> Query | None:
        start = self.at
        self._refuse_operator(field)
        self._nested(column)
        tree = self._primary(field)
        self.depth -= 1
        if tree is None:
            self._fail(start, f"{field}: has no word in its value", self._example(field))
        return tree

    def _refuse_operator(self, field: str) -> None:
        """Refuse what stands before a field, not behind its colon: NOT, a minus, a field."""
        column = self.at
        if self._is_minus():
            self._fail(column, f"the minus goes before {field}:", f"Try -{field}:word")
        for word in ("AND", "OR", "NOT"):
            if self._operator(word, take=False):
                self._fail(column, f"{word} goes before {field}:", f"Try {word} {field}:word")

    def _refuse_field(self, field: str) -> None:
        match = _FIELD.match(self.text, self.at)
        if field != "text" and match and match.group(1).lower() in FIELDS:
            hint = "Write one behind the other, each with its own value."
            self._fail(self.at, f"{match.group()} stands inside {field}:", hint)

    # Words and values.

    def _chunk(self, field: str) -> Query | None:
        chunk = self._take_chunk(field)
        reads = FIELDS[field].reads
        if chunk.text in _ELSEWHERE and reads == "stems":
            word = _ELSEWHERE[chunk.text]
            self._fail(chunk.column, f"{chunk.text} is no operator here", f"Write {word}.")
        if _EXCLAIMED.match(chunk.text) and reads in ("stems", "words"):
            hint = f"To leave a word out, write -{chunk.text.lstrip('!')}. {_AS_WORDS}"
            self._fail(chunk.column, "! is no operator here", hint)
        if reads in ("value", "tail"):
            return self._value(field, chunk)
        if reads in ("date", "number"):
            return self._ranged(field, chunk)
        return self._word(field, chunk)

    def _take_chunk(self, field: str) -> _Chunk:
        column = self.at
        if field == "date" and self._peek() == "[":
            return self._take_bracket(column)
        match = _CHUNK.match(self.text, column)
        # A bracket or quote never gets here, so there is always a character.
        self.at = match.end() if match else column + 1
        return _Chunk(self.text[column : self.at], column)

    def _take_bracket(self, column: int) -> _Chunk:
        end = self.text.find("]", column)
        if end < 0:
            self._fail(column, "this [ is never closed", "Try date:[2026-02-01 TO 2026-02-28].")
        self.at = end + 1
        return _Chunk(self.text[column : self.at], column)

    def _word(self, field: str, chunk: _Chunk) -> Query | None:
        text, boost = self._split_boost(chunk)
        leaf = self._fuzzy(field, text, chunk.column) or self._bare_word(field, text)
        if leaf is None or boost == 1:
            return leaf
        return self._with_boost(leaf, boost, chunk.column)

    def _split_boost(self, chunk: _Chunk) -> tuple[str, float]:
        word, caret, number = chunk.text.partition("^")
        if not caret or not word:
            return chunk.text, 1.0
        if not re.fullmatch(r"\d+(\.\d+)?", number):
            hint = f"Try {word}^2. {_AS_WORDS}"
            self._fail(chunk.column + len(word), "a boost is a ^ and a number", hint)
        return word, self._boost(number, chunk.column + len(word))

    def _fuzzy(self, field: str, text: str, column: int) -> Query | None:
        match = _FUZZY.fullmatch(text)
        if not match:
            return None
        tokens = tokenize(match.group(1))
        if not tokens:
            return None
        distance = int(match.group(2) or 1) if "." not in match.group(2) else 0
        if distance > MAX_FUZZY_DISTANCE or distance < 1:
            word = match.group(1)
            hint = f"Try {word}~1 or {word}~2."
            self._fail(column + match.start(2), "a fuzzy word takes 1 or 2 edits", hint)
        if len(tokens) > 1:
            parts = "-".join(token.text for token in tokens)
            hint = f"Mark them one by one: {' '.join(t.text + '~' for t in tokens)}."
            self._fail(column, f"{parts} is {len(tokens)} words, and ~ takes one", hint)
        return Fuzzy(field, tokens[0].text, distance)

    def _bare_word(self, field: str, text: str) -> Query | None:
        if not set(text) & {"*", "?"} or _is_question(text) or "://" in text:
            leaf = _words(field, text, verbatim=False)
            if isinstance(leaf, Phrase):
                size = len(leaf.slots)
                self.limits.check("phrase_words", size, f"a phrase has {size} words")
            return leaf
        if set(text) == {"*"}:
            return Everything() if field == "text" else self._pattern(field, "*")
        slots = _pattern_slots(text)
        if len(slots) == 1:
            return (
                self._pattern(field, slots[0].text)
                if slots[0].is_pattern
                else _words(field, slots[0].text, verbatim=False)
            )
        return Phrase(field, slots) if slots else None

    def _pattern(self, field: str, pattern: str) -> Query:
        return Pattern(field, re.sub(r"\*{2,}", "*", pattern))

    def _value(self, field: str, chunk: _Chunk, *, literal: bool = False) -> Query:
        value = fold_value(chunk.text) if FIELDS[field].reads == "value" else chunk.text
        if not literal and _BOOSTED_VALUE.fullmatch(value):
            self._fail(chunk.column, "a filter has no score to boost", "Take the ^ out.")
        value = "*" if (field, value) == ("kind", "all") else value
        is_pattern = not literal and bool(set(value) & {"*", "?"})
        if field == "kind" and not is_pattern and value not in KINDS:
            self._fail(chunk.column, f"there is no kind {value!r}", f"Kinds: {', '.join(KINDS)}.")
        return Value(field, value, is_pattern)

    def _ranged(self, field: str, chunk: _Chunk) -> Query:
        return self._dates(chunk) if field == "date" else self._numbers(field, chunk)

    def _dates(self, chunk: _Chunk) -> Query:
        try:
            return read_dates(chunk.text, self.today)
        except DateProblem as problem:
            self._fail(chunk.column + problem.offset, str(problem), problem.hint)

    def _numbers(self, field: str, chunk: _Chunk) -> Query:
        match = _NUMBERS.fullmatch(chunk.text)
        if not match or chunk.text in ("", ".."):
            self._fail(chunk.column, f"{chunk.text!r} is not a number", self._example(field))
        low, dots, high, comparison, bound = match.groups()
        if comparison:
            return _compared(field, comparison, int(bound))
        if not dots:
            return Numbers(field, int(low), int(low))
        if low and high and int(low) > int(high):
            hint = f"Try {field}:{high}..{low}."
            self._fail(chunk.column, "the range ends before it starts", hint)
        return Numbers(field, int(low) if low else None, int(high) if high else None)

    # Boosts, space and errors.

    def _boosted(self, tree: Query | None, column: int) -> Query | None:
        match = _BOOST.match(self.text, self.at)
        if not match:
            return tree
        boost = self._boost(match.group(1), self.at)
        self.at = match.end()
        return None if tree is None else self._with_boost(tree, boost, column)

    def _boost(self, number: str, column: int) -> float:
        boost = float(number)
        if not 0 < boost <= MAX_BOOST:
            self._fail(column, f"a boost is over 0 and at most {MAX_BOOST:g}", "Try ^2 or ^0.5.")
        return boost

    def _with_boost(self, tree: Query, boost: float, column: int) -> Query:
        from searcher.query.boosts import scale

        boosted = scale(tree, boost)
        if boosted is None:
            hint = "Only words on the text have a score; take the ^ out."
            self._fail(column, "a filter has no score to boost", hint)
        return boosted

    def _example(self, field: str) -> str:
        return f"For example {FIELDS[field].example}"

    def _operand_missing(self, word: str, column: int) -> NoReturn:
        side = "on both sides" if word != "NOT" else "behind it"
        hint = f'To search for the word itself, put it in quotes: "{word}", or use --plain.'
        self._fail(column, f"{word} needs a word {side}", hint)

    def _fail(self, column: int, problem: str, hint: str) -> NoReturn:
        raise QuerySyntaxError(self.text, column, problem, hint)

    def _skip_space(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def _peek(self) -> str:
        self._skip_space()
        return self.text[self.at] if self.at < len(self.text) else "\0"

    def _at_end(self) -> bool:
        return self._peek() == ")" or self.at >= len(self.text)


def _is_question(text: str) -> bool:
    """Tell whether the only wildcard is a `?` that ends the word, as prose does."""
    bare = text.rstrip("?!.,;:")
    return "*" not in text and "?" not in bare and text.count("?") == 1


def _compared(field: str, comparison: str, bound: int) -> Numbers:
    if comparison[0] == ">":
        return Numbers(field, bound + (comparison == ">"), None)
    return Numbers(field, None, bound - (comparison == "<"))
