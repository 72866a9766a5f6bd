"""From a run of capitalised words to the name in it.

>>> name_in(["Finance", "Minister", "James", "Baker"]), name_in(["Sen.", "Bob", "Dole"])
('James Baker', 'Bob Dole')
>>> name_in(["Japan's", "Miyazawa", "Tuesday"]), name_in(["He"]), name_in(["President"])
('Miyazawa', '', '')
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .speech_words import (
    COMMON,
    COMPANY_ENDS,
    DAYS,
    HONOURS,
    LEADING_TITLES,
    MONTHS,
    NATIONS,
    NOT_A_TITLE_BEFORE,
    PARTIES,
    PRONOUNS,
    ROLES,
    STARTERS,
    SUFFIXES,
    TITLES,
    UNIONS_OF_STATES,
)

MAX_WORDS = 6
"""A longer run is a headline or a list, and no name is taken from it."""

_AL = re.compile(r"(?:al|el|as|ash|an|ar|ad|az|d|l|o)[-'’][A-Z]")
_POSSESSIVE = ("'s", "’s", "s'", "s’", "'S", "’S")
_MANY = ("ers", "ors", "eurs", "ists", "ians", "men")
"""A lone word at the start of a sentence that ends so means many, as a rule: `Farmers said`."""

_TWO_LETTERS = re.compile(r"[^\W\d_].*[^\W\d_]")


def is_capitalised(word: str) -> bool:
    """Tell whether a word can be part of a name: `Baker`, `U.S.`, `al-Sabah`.

    >>> [is_capitalised(word) for word in ("Baker", "al-Sabah", "O’Neill", "analyst", "1987")]
    [True, True, True, False, False]
    """
    return word[0].isupper() or bool(_AL.match(word))


def key(word: str) -> str:
    """Return a word as the lists of speech_words have it."""
    return word.rstrip(".").lower()


def is_titled(words: Sequence[str]) -> bool:
    """Tell whether a run says what somebody is, so that what follows is who."""
    return any(key(word) in TITLES for word in words)


def name_in(words: Sequence[str], *, first: bool = False) -> str:
    """Return the name without titles, nationality, weekday; empty when none is left.

    Args:
        words: capitalised words and particles, in order.
        first: they begin a sentence, so the first is capitalised whatever it is.
    """
    left = _without_office(list(words))
    if first and not (left and left[0] != words[0]):
        left = _without(left, STARTERS)
        if len(left) == 1 and left[0].endswith(_MANY):
            return ""
    left = _without_days(_without_leading_titles(left))
    while len(left) > 1 and (key(left[0]) in UNIONS_OF_STATES or left[0].endswith("-based")):
        left = left[1:]
    return " ".join(left) if _is_name(left) else ""


def _without_office(words: list[str]) -> list[str]:
    """Cut behind the last title, possessive or company that something follows."""
    cuts = [
        at + 1
        for at, word in enumerate(words)
        if key(word) in TITLES
        or word.endswith(_POSSESSIVE)
        or (key(word) in COMPANY_ENDS and at + 1 < len(words))
        or (key(word) in HONOURS and at + 2 < len(words) and not _names_company(words, at))
    ]
    return words[cuts[-1] :] if cuts else words


def _without(words: list[str], unwanted: frozenset[str]) -> list[str]:
    while words and key(words[0]) in unwanted:
        words = words[1:]
    return words


def _without_leading_titles(words: list[str]) -> list[str]:
    while len(words) > 1 and key(words[0]) in LEADING_TITLES and not _names_company(words, 0):
        words = words[1:]
    return words


def _names_company(words: list[str], at: int) -> bool:
    """Tell whether a title is the first word of a company: General Motors, General Partners."""
    is_lone = key(words[at]) == "general" and len(words) == at + 2
    return is_lone or key(words[at + 1]) in NOT_A_TITLE_BEFORE


def _without_days(words: list[str]) -> list[str]:
    while len(words) > 0 and key(words[-1]) in DAYS:
        words = words[:-1]
    return _without(words, MONTHS)


def _is_name(words: list[str]) -> bool:
    if not 0 < len(words) <= MAX_WORDS or not is_capitalised(words[-1]):
        return False
    if key(words[-1]) in PARTIES or (len(words) == 1 and key(words[0]) in _NO_NAME_ALONE):
        return False
    return key(words[0]) not in PRONOUNS and bool(_TWO_LETTERS.search(" ".join(words)))


_NO_NAME_ALONE = COMMON | ROLES | NATIONS | STARTERS | LEADING_TITLES | SUFFIXES | COMPANY_ENDS
