"""Words as they are written: `exact(Tomahawk)` letter for letter, `caps(US)` in capitals.

A form is compared as typed, case and accents too.  The shape of apostrophes,
a possessive at the end and invisible characters don't count.

    >>> leaf = exactly(Term("text", "tomahawk"), "Tomahawk")
    >>> print(leaf)
    exact("Tomahawk")
    >>> is_so_written(leaf, ["Tomahawk’s"]), is_so_written(leaf, ["TOMAHAWK"])
    (True, False)
    >>> print(in_capitals(Term("text", "us")))
    caps("us")
    >>> is_so_written(in_capitals(Term("text", "us")), ["US"])
    True
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from searcher.analysis import as_written, tokenize, without_possessive
from searcher.query.expressions import glob
from searcher.query.tree import Fuzzy, Pattern, Phrase, Regex, Slot, Term, Word, Written

# Wildcards go through the tokenizer as two letters that no newspaper prints.
_STAR, _MARK = "\U00010600", "\U00010601"
_TO_LETTERS = str.maketrans({"*": _STAR, "?": _MARK})
_TO_WILDCARDS = str.maketrans({_STAR: "*", _MARK: "?"})


def pattern_slots(text: str) -> tuple[Slot, ...]:
    """Return the words of a text in which `*` and `?` are wildcards."""
    forms = [token.text for token in tokenize(text.translate(_TO_LETTERS))]
    return tuple(_slot(form.translate(_TO_WILDCARDS)) for form in forms)


def _slot(form: str) -> Slot:
    return Slot(form, is_pattern=bool(set(form) & {"*", "?"}))


def exactly(leaf: Word, typed: str) -> Written | None:
    """Return a leaf that wants its words as typed; None for one that stands for any spelling.

    Args:
        leaf: what `typed` reads as.
        typed: the word or phrase, without its quotes.
    """
    if isinstance(leaf, (Fuzzy, Regex)):
        return None
    has_wildcard = isinstance(leaf, Pattern) or any(s.is_pattern for s in _slots(leaf))
    text = typed.translate(_TO_LETTERS) if has_wildcard else typed
    pieces = [text[token.start_char : token.end_char] for token in tokenize(text)]
    forms = [as_written(piece).translate(_TO_WILDCARDS) for piece in pieces]
    if isinstance(leaf, Pattern):
        forms = [re.sub(r"\*{2,}", "*", form) for form in forms]
    return Written(_unstemmed(leaf), tuple(forms))


def in_capitals(leaf: Word) -> Written:
    """Return a leaf that wants its words in capitals."""
    return Written(_unstemmed(leaf))


def _unstemmed(leaf: Word) -> Phrase | Pattern | Fuzzy | Regex:
    if isinstance(leaf, (Term, Phrase)):
        slop = 0 if isinstance(leaf, Term) else leaf.slop
        return Phrase(leaf.field, _slots(leaf), slop)
    return leaf


def _slots(leaf: Word) -> tuple[Slot, ...]:
    if isinstance(leaf, Phrase):
        return leaf.slots
    return (Slot(leaf.text),) if isinstance(leaf, Term) else ()


def is_so_written(leaf: Written, pieces: Sequence[str]) -> bool:
    """Tell whether the words of one occurrence are written as a leaf wants them.

    Args:
        pieces: the words as they stand in the text, one for each place of the leaf.
    """
    written = [as_written(piece) for piece in pieces]
    *before, last = written
    bare = [*before, without_possessive(last)]
    if not leaf.forms:
        return " ".join(bare).isupper() or " ".join(written).isupper()
    tests = _tests(leaf)
    return all(test(word) for test, word in zip(tests, written, strict=True)) or all(
        test(word) for test, word in zip(tests, bare, strict=True)
    )


def plain_words(leaf: Written) -> tuple[list[str], list[str]] | None:
    """Return words side by side, folded and as typed; None of a leaf that wants anything else.

    Words in capitals have none as typed.

    >>> plain_words(exactly(Term("text", "tomahawk"), "Tomahawk"))
    (['tomahawk'], ['Tomahawk'])
    >>> plain_words(exactly(Pattern("text", "toma*"), "Toma*")) is None
    True
    """
    slots, slop = _slots(leaf.child), getattr(leaf.child, "slop", 0)
    words = [slot.text for slot in slots]
    is_plain = words and not slop and not any(slot.is_pattern for slot in slots)
    return (
        (words, list(leaf.forms)) if is_plain and "".join((*words, *leaf.forms)).isascii() else None
    )


def may_hold(text: str, leaf: Written) -> bool:
    """Tell whether a text can hold a leaf's words, by a quick look that never misses one.

    >>> leaf = in_capitals(Term("text", "us"))
    >>> may_hold("The US said", leaf), may_hold("It told us", leaf)
    (True, False)
    """
    return not text.isascii() or all(word in text for word in _letters(leaf))


@lru_cache(maxsize=256)
def _letters(leaf: Written) -> tuple[str, ...]:
    """Return words that an ASCII text has to hold as they are: folding takes no letter of them."""
    slots = _slots(leaf.child)
    words = leaf.forms if leaf.forms and slots else [slot.text.upper() for slot in slots]
    return tuple(
        word
        for slot, word in zip(slots, words, strict=True)
        if not slot.is_pattern and word.isascii() and word.isalpha()
    )


@lru_cache(maxsize=256)
def _tests(leaf: Written) -> tuple[Callable[[str], bool], ...]:
    if isinstance(leaf.child, Pattern):
        return (glob(leaf.forms[0]),)
    slots = leaf.child.slots if isinstance(leaf.child, Phrase) else ()
    return tuple(
        glob(form) if slot.is_pattern else form.__eq__
        for slot, form in zip(slots, leaf.forms, strict=True)
    )
