"""Wildcards, fuzzy words and regular expressions: does an exact form match?

Each returns a test of one exact form.  A word also stands for its possessive,
so `*ism` finds terrorism's.

    >>> matches = expression(Pattern("text", "tom?hawk*"))
    >>> matches("tomahawks"), matches("tomahawk's"), matches("hawk")
    (True, True, False)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from searcher.analysis import without_possessive
from searcher.errors import QueryLimitError
from searcher.query.tree import Fuzzy, Pattern, Regex, Slot

if TYPE_CHECKING:
    import regex

Test = Callable[[str], bool]

REGEX_SECONDS = 0.25
"""Time that one word may take against a regular expression."""


def expression(leaf: Pattern | Fuzzy | Regex) -> Test:
    """Return the test of a leaf that stands for many words."""
    if isinstance(leaf, Pattern):
        return _or_possessive(glob(leaf.pattern))
    if isinstance(leaf, Fuzzy):
        return _or_possessive(within(leaf.text, leaf.distance))
    return _or_possessive(_regex_test(leaf.pattern))


def slot_test(slot: Slot, *, last: bool) -> Test:
    """Return the test of one place of a verbatim phrase; the last takes a possessive too."""
    test = glob(slot.text) if slot.is_pattern else slot.text.__eq__
    return _or_possessive(test) if last else test


def _or_possessive(test: Test) -> Test:
    return lambda form: test(form) or test(without_possessive(form))


def glob(pattern: str) -> Test:
    """Return the test of a pattern in which `*` is any characters and `?` is one."""
    inner = "".join({"*": ".*", "?": "."}.get(char) or re.escape(char) for char in pattern)
    # Runs of stars are one star, or matching would take exponential time.
    match = re.compile(re.sub(r"(\.\*)+", ".*", inner), re.DOTALL).fullmatch
    return lambda form: match(form) is not None


def literal_prefix(pattern: str) -> str:
    """Return the characters before the first wildcard of a pattern."""
    return re.split(r"[*?]", pattern, maxsplit=1)[0]


def compile_regex(pattern: str) -> regex.Pattern[str]:
    """Compile a regular expression; letters match in either case.

    Raises:
        ValueError: it isn't one; the message says why and where.
    """
    import regex

    from searcher.query.regex_states import calls_itself

    if calls_itself(pattern):
        raise ValueError("it calls itself")
    try:
        return regex.compile(pattern, regex.IGNORECASE | regex.V1)
    except (regex.error, RecursionError, OverflowError, MemoryError) as error:
        raise ValueError(str(error) or "it is too complex") from None


def regex_prefix(pattern: str) -> str:
    """Return what every word that a regular expression matches begins with, as far as is plain.

    Only letters and digits of ASCII are told, which folded words hold in one case.

        >>> regex_prefix("harbou?r"), regex_prefix("(har|bo)r"), regex_prefix("a|b")
        ('harbo', '', '')
    """
    if "|" in pattern or "(?" in pattern:
        return ""
    plain = re.match("[a-z0-9]*", pattern)
    prefix = plain.group() if plain else ""
    # What may be repeated no times at all, or be another character, is the last one.
    return prefix[:-1] if pattern[len(prefix) :].startswith(("?", "*", "{")) else prefix


def _regex_test(pattern: str) -> Test:
    match = compile_regex(pattern).fullmatch

    def test(form: str) -> bool:
        try:
            return match(form, timeout=REGEX_SECONDS) is not None
        except TimeoutError:
            took = f"took over {REGEX_SECONDS:g} of the limit `seconds` on one word"
            hint = "Write it without nested repeats."
            raise QueryLimitError(f"/{pattern}/ {took}. {hint}", "seconds") from None

    return test


def within(word: str, distance: int) -> Test:
    """Return the test of words within `distance` edits, swaps of neighbours among them."""
    letters = frozenset(word)

    def test(form: str) -> bool:
        if abs(len(form) - len(word)) > distance or len(letters.difference(form)) > distance:
            return False
        return edits(word, form, distance) <= distance

    return test


def edits(left: str, right: str, most: int) -> int:
    """Return the optimal string alignment distance, or `most` + 1 beyond it.

    An edit inserts, deletes or replaces a character or swaps two neighbours,
    without edits inside a swap (Boytsov 2011, "Indexing methods for
    approximate dictionary searching", section 2).  What both words begin with
    costs nothing; at the first difference every edit is tried, which for one
    or two edits is far less work than the usual table.

        >>> edits("englnad", "england", 2), edits("oil", "soil", 2), edits("oil", "cash", 2)
        (1, 1, 3)
    """
    at = _first_difference(left, right)
    if at == len(left) == len(right):
        return 0
    if most == 0 or abs(len(left) - len(right)) > most:
        return most + 1
    return 1 + min(edits(a, b, most - 1) for a, b in _after_one_edit(left[at:], right[at:]))


def _first_difference(left: str, right: str) -> int:
    for at, (char, other) in enumerate(zip(left, right, strict=False)):
        if char != other:
            return at
    return min(len(left), len(right))


def _after_one_edit(left: str, right: str) -> list[tuple[str, str]]:
    """Return what is left of two words, different from the start, after each edit there."""
    rests = [(left[1:], right), (left, right[1:]), (left[1:], right[1:])]
    if left[:2] == right[1::-1] and len(left) > 1:
        rests.append((left[2:], right[2:]))
    return rests
