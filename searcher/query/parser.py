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

    query   = parts ("OR" parts)*
    parts   = and ("AND/article" and)*
    and     = not ("AND"? not)*
    not     = ("NOT" | "-") not | near
    near    = boosted ("NOT"? ("NEAR" | "ADJ" | "w" | "pre") ("/" number)? boosted)*
    boosted = primary ("^" number)?
    primary = "(" query ")" | field ":" primary | "query:" name | phrase | "/" regex "/" | word
            | name ("/" number)? "(" query ")" | "said:" name boosted? | "words" [<>] number
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
from searcher.query.operators import (
    FUNCTION,
    MAX_DIGITS,
    NearOperator,
    Unfit,
    fit,
    in_article_operator,
    in_quotation,
    misspelt,
    near_operator,
)
from searcher.query.references import ReferenceProblem, Resolve
from searcher.query.tree import (
    And,
    AtLeast,
    Everything,
    Fuzzy,
    InArticle,
    Lead,
    Near,
    Not,
    Numbers,
    Operand,
    Or,
    Pattern,
    Phrase,
    Query,
    Quotation,
    Regex,
    Slot,
    Term,
    Value,
    Word,
    map_leaves,
    operand_field,
)
from searcher.query.written import exactly, in_capitals, pattern_slots

MAX_FUZZY_DISTANCE = 2
MAX_BOOST = 1000.0
_SHOWN_CHARS = 40

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
_REFERENCE = re.compile(rf"query:(?!//)([^\s(){_QUOTES}^]*)", re.IGNORECASE)
_REGEX = re.compile(r"/((?:[^/\\\s]|\\\S)+)/(?=\^|\s|\)|$)")
_BOOST = re.compile(r"\^(\d+(?:\.\d+)?)(?=\s|\)|$)")
_FUZZY = re.compile(r"(.+?)~([\d.]*)")
_SLOP = re.compile(r"~(\d+)")
_COMPARED = re.compile(r"(words|number)(?=[<>])", re.IGNORECASE)
_NUMBERS = re.compile(r"(\d*)(\.\.)?(\d*)|([<>]=?)(\d+)")
_ELSEWHERE = {"||": "OR", "|": "OR", "&&": "AND"}
_MINUS = "-\u2010\u2011\u2013\u2212\ufe63\uff0d"
_EXCLAIMED = re.compile(r"!+\w")
_BOOSTED_VALUE = re.compile(r".+\^\d+(\.\d+)?")

_FUNCTIONS = {
    "headline": "headline(oil)",
    "lead": "lead(oil)",
    "exact": "exact(Tomahawk)",
    "caps": "caps(US)",
    "quoted": "quoted(oil)",
    "atleast": "atleast/3(oil)",
}

_PLAIN = "To search for it as plain words, use --plain."
_AS_WORDS = "To search for it as plain words, put it in double quotes or use --plain."


def parse(
    text: str,
    today: date | None,
    *,
    plain: bool = False,
    limits: Limits | None = None,
    saved: Resolve | None = None,
    depth: int = 0,
) -> Query:
    """Return the tree of a query.

    Args:
        text: the query string.
        today: what `today` and the other relative dates count from; None refuses them.
        plain: take everything as words; no operator, field or wildcard is read.
        limits: bounds on length, terms and depth.
        saved: gives the tree that `query:NAME` stands for; None refuses it.
        depth: how deep in brackets the query stands itself.

    Raises:
        QuerySyntaxError: it can't be read, or holds nothing to search for.
        QueryLimitError: it is over a limit.
    """
    limits = (limits or Limits()).started()
    limits.check("query_chars", len(text), f"the query has {len(text)} characters")
    tree = _plain(text) if plain else _read(_Parser(text, today, limits, saved, depth))
    count = sum(1 for _ in _counted(tree))
    limits.check("terms", count, f"the query has {count} terms")
    return tree


def _read(parser: _Parser) -> Query:
    try:
        return parser.whole()
    except RecursionError:
        message = f"brackets or NOTs nest {parser.depth} deep, which is too deep for Python"
        raise parser.limits.over("depth", message) from None


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


def _words(field: str, text: str, *, verbatim: bool, slop: int = 0) -> Term | Phrase | None:
    """Return the leaf for a run of words; None when it holds none."""
    tokens = [token.text for token in tokenize(text)]
    if not tokens:
        return None
    if len(tokens) == 1 and not verbatim and FIELDS[field].reads == "stems":
        return Term(field, tokens[0])
    stems = not verbatim and FIELDS[field].reads == "stems"
    return Phrase(field, tuple(map(Slot, tokens)), slop, verbatim=not stems)


class _Chunk(NamedTuple):
    """A run of characters with the column where it starts."""

    text: str
    column: int


class _Parser:
    """Reads one query from left to right; `at` is the next character."""

    def __init__(
        self,
        text: str,
        today: date | None,
        limits: Limits,
        saved: Resolve | None = None,
        depth: int = 0,
    ) -> None:
        self.text = text
        self.today = today
        self.limits = limits
        self.saved = saved
        self.at = 0
        self.depth = depth
        self.saved_terms = 0
        self.form = ""

    def whole(self) -> Query:
        tree = self._or("text")
        if self._peek() == ")":
            self._fail(self.at, "there is a ) without its (", "Take it out, or add a ( before.")
        if tree is None:
            raise _nothing(self.text)
        return tree

    # Operators.  Each level returns None when it found only punctuation.

    def _or(self, field: str) -> Query | None:
        parts = [self._in_article(field)]
        while self._operator("OR"):
            column = self.at - 2
            parts.append(self._in_article(field))
            if parts[-1] is None or parts[-2] is None:
                self._operand_missing("OR", column)
        found = [part for part in parts if part is not None]
        return found[0] if len(found) == 1 else Or(tuple(found)) if found else None

    def _in_article(self, field: str) -> Query | None:
        parts = [self._and(field)]
        while operator := self._in_article_ahead():
            column = self.at
            self.at += len(operator)
            parts.append(self._and(field))
            if parts[-1] is None or parts[-2] is None:
                self._operand_missing(operator, column)
        found = [part for part in parts if part is not None]
        return found[0] if len(found) == 1 else InArticle(tuple(found)) if found else None

    def _in_article_ahead(self) -> str:
        self._skip_space()
        return in_article_operator(self.text, self.at)

    def _and(self, field: str) -> Query | None:
        parts: list[Query] = []
        pending: int | None = None
        while True:
            if self._operator("AND"):
                if pending is not None or not parts:
                    self._operand_missing("AND", self.at - 3)
                pending = self.at - 3
            elif self._at_end() or self._operator("OR", take=False) or self._in_article_ahead():
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
            if self._at_end() or self._is_operator_ahead():
                self._operand_missing("NOT", column)
            return self._negated(field, column)
        if self._is_minus():
            self.at += 1
            return self._negated(field, column)
        return self._near(field)

    def _negated(self, field: str, column: int) -> Query | None:
        self._nested(column)
        child = self._not(field)
        self.depth -= 1
        return None if child is None else Not(child)

    def _is_operator_ahead(self) -> bool:
        words = any(self._operator(word, take=False) for word in ("AND", "OR"))
        return words or bool(self._in_article_ahead())

    def _near(self, field: str) -> Query | None:
        self._skip_space()
        column = self.at
        self._refuse_near()
        tree = self._primary(field)
        depth = self.depth
        while operator := self._near_ahead():
            at = self.at
            if tree is None:
                self._operand_missing(operator.text, at)
            self._nested(at)
            self.at += len(operator.text)
            distance = operator.distance
            self.limits.check("slop", distance, f"{operator.text} allows {distance} other words")
            tree = self._nearness(operator, (tree, column), self._right(field, operator, at))
        self.depth = depth
        return tree

    def _near_ahead(self) -> NearOperator | None:
        self._skip_space()
        operator = near_operator(self.text, self.at)
        if not operator and (wrong := misspelt(self.text, self.at)):
            shown = wrong[0] if len(wrong[0]) <= _SHOWN_CHARS else wrong[0][:_SHOWN_CHARS] + "…"
            self._fail(self.at, f"{shown} is no operator here", f"{wrong[1]} {_AS_WORDS}")
        return operator

    def _refuse_near(self) -> None:
        """Fail when an operator of nearness stands where a word should."""
        if operator := self._near_ahead():
            self._operand_missing(operator.text, self.at)

    def _right(self, field: str, operator: NearOperator, at: int) -> tuple[Query, int]:
        while not (
            self._at_end()
            or self._is_operator_ahead()
            or self._operator("NOT", take=False)
            or self._is_minus()
        ):
            self._refuse_near()
            column = self.at
            if (tree := self._primary(field)) is not None:
                return tree, column
        self._operand_missing(operator.text, at)

    def _nearness(
        self, operator: NearOperator, left: tuple[Query, int], right: tuple[Query, int]
    ) -> Near:
        one, other = (self._fit(operator.text, *side) for side in (left, right))
        if operand_field(one) != operand_field(other):
            hint = "Put the field before a bracket around both: title:(oil NEAR/5 price)."
            self._fail(right[1], f"{operator.text} needs both sides in one field", hint)
        return Near(one, other, operator.distance, operator.ordered, operator.absent)

    def _fit(self, what: str, tree: Query, column: int) -> Operand:
        try:
            return fit(tree)
        except Unfit as unfit:
            self._unfit(what, str(unfit), column)

    def _unfit(self, what: str, why: str, column: int) -> NoReturn:
        hint = "It takes words, phrases, wildcards and ORs of these in brackets"
        boost = "; put the ^ behind a bracket around it all" if "boost" in why else ""
        self._fail(column, f"this can't stand with {what}: {why}", f"{hint}{boost}.")

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
        if function := FUNCTION.match(self.text, self.at):
            return self._boosted(self._function(field, function), column)
        if field == "text" and (compared := _COMPARED.match(self.text, self.at)):
            self.at = compared.end()
            return self._numbers(compared.group(1).lower(), self._take_chunk(field))
        if reference := _REFERENCE.match(self.text, self.at):
            return self._boosted(self._saved(field, reference), column)
        if FIELDS[field].reads in ("stems", "words") and (named := self._field()):
            return self._in_field(named, column)
        return self._chunk(field)

    # Functions: a name right before a bracket.

    def _function(self, field: str, match: re.Match[str]) -> Query:
        name, number, column = match.group(1).lower(), match.group(2), self.at
        if (name == "atleast") != bool(number):
            problem = f"{match.group()} is not how {name} is written"
            self._fail(column, problem, f"Write {_FUNCTIONS[name]}. {_AS_WORDS}")
        self.at = match.end() - 1
        if name in ("exact", "caps"):
            return self._as_written(name, field, column)
        if field != "text":
            self._fail(column, f"{name}() can't stand inside {field}:", "Take it out of there.")
        if name == "headline":
            return self._group("title")
        tree = self._group(field)
        if name == "lead":
            return Lead() if tree == Everything() else And((tree, Lead()))
        if name == "quoted":
            return self._in_quotation("quoted()", tree, (), column)
        return self._at_least(self._whole(number, column), tree, column)

    def _as_written(self, form: str, field: str, column: int) -> Query:
        if self.form:
            self._fail(column, f"{form}() stands inside {self.form}()", "Take one of them.")
        self.form = form
        tree = self._group(field)
        self.form = ""
        return tree

    def _formed(self, leaf: Query | None, typed: str, column: int) -> Query | None:
        """Return a leaf in the form that the brackets around it ask for."""
        if not self.form or leaf is None:
            return leaf
        written = None
        if isinstance(leaf, Word):
            written = in_capitals(leaf) if self.form == "caps" else exactly(leaf, typed)
        if written is None:
            hint = "It takes words, phrases and wildcards."
            self._fail(column, f"{leaf} can't stand in {self.form}()", hint)
        return written

    def _in_quotation(
        self, what: str, tree: Query, speaker: tuple[Slot, ...], column: int
    ) -> Query:
        try:
            return in_quotation(tree, speaker)
        except Unfit as unfit:
            self._unfit(what, str(unfit), column)

    def _at_least(self, count: int, tree: Query, column: int) -> Query:
        what = f"atleast/{count}"
        operand = self._fit(what, tree, column)
        if operand_field(operand) != "text":
            self._unfit(what, f"it holds the field {operand_field(operand)}:", column)
        if count < 1:
            self._fail(column, f"{what} is in every article", "Write atleast/1 or more.")
        return AtLeast(count, operand)

    def _said(self) -> Query:
        """Read a speaker, and what follows it if that can have been said."""
        column = self.at
        speaker = self._speaker()
        tree: Query | None = None
        while tree is None and self._may_be_said():
            tree = self._primary("text")
        if tree is None:
            return Quotation(speaker)
        return self._in_quotation("said:", tree, speaker, column)

    def _speaker(self) -> tuple[Slot, ...]:
        column, first = self.at, self._peek()
        if first in "(/":
            self._fail(column, "said: takes a name", "Say it for each: (said:a x) OR (said:b x).")
        quoted = first in _QUOTES
        text = self._until_quote() if quoted else self._take_chunk("said").text
        if not quoted and (marks := re.search(r"[~^]", text)):
            hint = "Only words and the wildcards * and ? make a name."
            self._fail(column + marks.start(), f"said: takes no {marks.group()}", hint)
        slots = pattern_slots(text)
        if not slots:
            self._fail(column, "said: has no word in its value", self._example("said"))
        return slots

    def _may_be_said(self) -> bool:
        if self._at_end() or self._is_operator_ahead() or self._is_minus():
            return False
        if self._operator("NOT", take=False) or self._near_ahead():
            return False
        field = _FIELD.match(self.text, self.at)
        return not (field and field.group(1).lower() in {*FIELDS, "query"})

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
        slots = pattern_slots(inner)
        self.limits.check("phrase_words", len(slots), f"a phrase has {len(slots)} words")
        if not slots:
            return None
        is_pattern = len(slots) == 1 and slots[0].is_pattern
        leaf = self._pattern(field, slots[0].text) if is_pattern else Phrase(field, slots, slop)
        return self._formed(leaf, inner, column)

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
        slop = self._whole(match.group(1), match.start(1))
        self.limits.check("slop", slop, f"a phrase allows {slop} other words")
        return slop

    def _regex(self, field: str, match: re.Match[str]) -> Query:
        pattern, column = match.group(1), match.start(1)
        self.at = match.end()
        if FIELDS[field].reads not in ("stems", "words"):
            self._fail(column, f"{field}: takes no regular expression", self._example(field))
        length = len(pattern)
        self.limits.check("regex_chars", length, f"the regular expression has {length} characters")
        self._check_states(pattern)
        leaf = self._checked_regex(Regex(field, pattern), column)
        return self._formed(leaf, pattern, column) or leaf

    def _check_states(self, pattern: str) -> None:
        # Imported here as the next is.
        from searcher.query.regex_states import states

        count = states(pattern)
        self.limits.check("regex_states", count, f"the regular expression has {count} states")

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
        if self.form and FIELDS[field].reads not in ("stems", "words"):
            self._fail(column, f"{field}: can't stand in {self.form}()", "Put it before.")
        self._refuse_operator(field)
        self._nested(column)
        tree = self._said() if field == "said" else self._primary(field)
        self.depth -= 1
        if tree is None:
            self._fail(start, f"{field}: has no word in its value", self._example(field))
        return tree

    def _saved(self, field: str, match: re.Match[str]) -> Query:
        """Return the tree of a saved search, as if it stood here in brackets."""
        column = self.at
        self.at = match.end()
        if field != "text" or self.form:
            hint = "Take it out of the brackets or the field."
            inside = f"{self.form}()" if self.form else f"{field}:"
            self._fail(column, f"query: can't stand inside {inside}", hint)
        if self.saved is None:
            self._fail(column, "there are no saved searches here to name", _AS_WORDS)
        if not match.group(1):
            hint = "For example query:tomahawk. List the saved searches with: searcher saved"
            self._fail(column, "query: needs the name of a saved search right behind it", hint)
        self._nested(column)
        tree = self._resolved(self.saved, match.group(1), match.start(1))
        self.depth -= 1
        self.saved_terms += len(_counted(tree))
        self.limits.check("terms", self.saved_terms, f"the query has {self.saved_terms} terms")
        return tree

    def _resolved(self, saved: Resolve, name: str, column: int) -> Query:
        try:
            return saved(name, self.depth)
        except ReferenceProblem as problem:
            self._fail(column, str(problem), problem.hint)

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
        self.limits.check_time()
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
        leaf = self._formed(leaf, text, chunk.column)
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
        edits, at = match.group(2), column + match.start(2)
        distance = 0 if "." in edits else self._whole(edits or "1", at)
        if distance > MAX_FUZZY_DISTANCE or distance < 1:
            word = match.group(1)
            hint = f"Try {word}~1 or {word}~2."
            self._fail(at, "a fuzzy word takes 1 or 2 edits", hint)
        self.limits.check("fuzzy_edits", distance, f"{text} allows {distance} edits")
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
            is_all = field == "text" and not self.form
            return Everything() if is_all else self._pattern(field, "*")
        slots = pattern_slots(text)
        if len(slots) == 1:
            return (
                self._pattern(field, slots[0].text)
                if slots[0].is_pattern
                else _words(field, slots[0].text, verbatim=False)
            )
        return Phrase(field, slots) if slots else None

    def _pattern(self, field: str, pattern: str) -> Pattern:
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
        lower, dots, upper, comparison, bound = match.groups()
        if comparison:
            return _compared(field, comparison, self._whole(bound, chunk.column))
        low, high = (self._whole(n, chunk.column) if n else None for n in (lower, upper))
        if not dots:
            return Numbers(field, low, low)
        if low is not None and high is not None and low > high:
            hint = f"Try {field}:{high}..{low}."
            self._fail(chunk.column, "the range ends before it starts", hint)
        return Numbers(field, low, high)

    def _whole(self, digits: str, column: int) -> int:
        if len(digits) > MAX_DIGITS:
            problem = f"a number of {len(digits)} digits is too long"
            self._fail(column, problem, f"Write at most {MAX_DIGITS} digits.")
        return int(digits)

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
