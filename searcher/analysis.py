"""Text to tokens, the same for the index, the query and the highlighter.

Two forms of a word are kept.  The *exact* form is the word as it stands, with
case, accents and the shape of quotes folded away; phrases, wildcards and fuzzy
words look at it.  The *stem* is the exact form without its possessive, cut by
a Snowball stemmer; plain words look at that.

    >>> [t.text for t in tokenize("São Paulo’s F-16s cost $3.14 in the U.S.")]
    ['sao', "paulo's", 'f', '16s', 'cost', '3.14', 'in', 'the', 'u.s']
    >>> Analyzer("en").stem("paulo's"), Analyzer("en").stem("missiles")
    ('paulo', 'missil')

A token is a run of letters and digits, and besides:

    letters with dots     U.S.  a.m.            -> u.s  a.m   (the last dot is optional)
    letters joined by &   R&D  AT&T             -> r&d  at&t
    names ending + or #   C++  C#  F#           -> c++  c#  f#
    numbers               3.14  1,234.5  1.2.3  -> 3.14  1234.5  1.2.3
    an inner apostrophe   don't  O’Brien        -> don't  o'brien
    one CJK character, one emoji

Everything else parts words, hyphens and dashes too: F-16 is the two tokens
f and 16, side by side, and a query for F-16 looks for just that.  Nothing is
a stop word.  Invisible characters (soft hyphen, zero-width space) inside a
word are passed over.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from searcher.errors import SearcherError

if TYPE_CHECKING:
    from searcher._native import Stems

MAX_TOKEN_CHARS = 255
"""Longer runs are cut into tokens of this length, so that no word is lost."""

POSSESSIVE = "'s"

LANGUAGES = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
"""Languages with a Snowball stemmer, by code; `none` leaves words unstemmed."""


class Token(NamedTuple):
    """One occurrence of a word; its position is its ordinal in the text.

    Attributes:
        text: the exact form.
        start_char: first character in the text, in code points from 0.
        end_char: one past the last.
    """

    text: str
    start_char: int
    end_char: int


# Marks that `\w` leaves out although they belong to the word before them.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u0610-\u061a"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0900-\u0903\u093a-\u094f"
    "\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a51\u0a70\u0a71\u0abc-\u0acd"
    "\u0b3c-\u0b57\u0bbe-\u0bcd\u0c3e-\u0c56\u0cbc-\u0cd6\u0d3e-\u0d4d\u0e31\u0e34-\u0e3a"
    "\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
)
_INVISIBLE = "\u00ad\u180e\u200b-\u200d\u2060\ufeff"
_APOSTROPHES = "'\u2018\u2019\u201b\u02bc\uff07\u00b4`"
_CJK = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_EMOJI = "\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"


def _pattern(letter: str, digit: str, char: str, apostrophes: str, *others: str) -> re.Pattern[str]:
    """Return the pattern of a token over some classes of characters."""
    no_char = f"(?!{char})"
    return re.compile(
        "|".join(
            (
                f"{letter}(?:\\.{letter})+{no_char}\\.?",  # U.S.
                f"{digit}{{1,3}}(?:,{digit}{{3}})+(?:\\.{digit}+)*{no_char}",  # 1,234.5
                f"{digit}+(?:\\.{digit}+)+{no_char}",  # 3.14
                f"{letter}(?:\\+\\+|\\#){no_char}",  # C++
                f"{char}+(?:[&{apostrophes}]{char}+)*",
                *others,
            )
        )
    )


@lru_cache(maxsize=1)
def _any_token() -> re.Pattern[str]:
    letter, char = f"[^\\W\\d_{_CJK}]", f"(?:[^\\W_{_CJK}][{_MARKS}{_INVISIBLE}]*)"
    return _pattern(letter, r"\d", char, _APOSTROPHES, f"[{_CJK}][{_MARKS}]*", f"[{_EMOJI}]")


# Most text is ASCII, and a pattern for it alone is quicker, to make and to match.
_ASCII_TOKEN = _pattern("[A-Za-z]", "[0-9]", "[A-Za-z0-9]", "'`")
_DROPPED = re.compile(f"[{_INVISIBLE}\ufe00-\ufe0f]")
_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")

# Letters that Unicode doesn't decompose, yet everybody types without their stroke.
_STROKES = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i", "ħ": "h"}
)
# Only these scripts lose their marks: in others a mark makes another letter.
_MARKS_FALL_FROM = ("LATIN", "GREEK", "HEBREW", "ARABIC")


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a text in order; offsets count its code points."""
    return list(_tokens(text))


def forms(text: str) -> list[str]:
    """Return the exact forms of tokenize(text); the native core cuts what it can.

    >>> forms("The F-16s")
    ['the', 'f', '16s']
    """
    found = _cut_in_core()(text)
    tokens = tokenize(text) if found is None else found
    return [token[0] for token in tokens]


@lru_cache(maxsize=1)
def _cut_in_core() -> Callable[[str], list[tuple[str, int, int]] | None]:
    try:
        from searcher._native import tokenize as cut
    except ImportError:
        return lambda _: None
    return cut


def _tokens(text: str) -> Iterator[Token]:
    pattern = _ASCII_TOKEN if text.isascii() else _any_token()
    for match in pattern.finditer(text):
        start, end = match.span()
        if end - start > MAX_TOKEN_CHARS:
            yield from _cut(match.group(), start)
        elif folded := fold(match.group()):
            yield Token(folded, start, end)


def _cut(word: str, start: int) -> Iterator[Token]:
    for at in range(0, len(word), MAX_TOKEN_CHARS):
        piece = word[at : at + MAX_TOKEN_CHARS]
        if folded := fold(piece):
            yield Token(folded, start + at, start + at + len(piece))


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """Return the exact form of a word: one case, no accents, straight apostrophes.

    Wildcards and punctuation pass through, so patterns can be folded too.

        >>> fold("SÃO"), fold("Straße"), fold("Ukraine’s"), fold("U.S."), fold("1,234")
        ('sao', 'strasse', "ukraine's", 'u.s', '1234')
    """
    if word.isascii():
        return _plain(word.lower())
    bare = _APOSTROPHE.sub("'", _DROPPED.sub("", word))
    return _plain(_without_marks(bare.casefold()).translate(_STROKES))


def _plain(word: str) -> str:
    if "`" in word:
        word = word.replace("`", "'")
    if "," in word:
        word = _THOUSANDS.sub("", word)
    return word[:-1] if word.endswith(".") and "." in word[:-1] else word


def _without_marks(word: str) -> str:
    kept: list[str] = []
    base_loses_marks = False
    for char in unicodedata.normalize("NFKD", word).casefold():
        if not unicodedata.combining(char):
            base_loses_marks = unicodedata.name(char, "").startswith(_MARKS_FALL_FROM)
        if not (unicodedata.combining(char) and (base_loses_marks or not kept)):
            kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept)).replace("ё", "е")


def as_written(word: str) -> str:
    """Return a word with its case and accents; what fold() takes from punctuation is gone.

    >>> as_written("São"), as_written("O’Brien"), as_written("U.S.")
    ('São', "O'Brien", 'U.S')
    """
    if not word.isascii():
        word = _APOSTROPHE.sub("'", unicodedata.normalize("NFC", _DROPPED.sub("", word)))
    word = word.replace("`", "'")
    return word[:-1] if word.endswith(".") and "." in word[:-1] else word


def fold_value(value: str) -> str:
    """Return a whole value as it is compared: each word folded, single spaces between.

    >>> fold_value("  São  Paulo DESK ")
    'sao paulo desk'
    """
    return " ".join(map(fold, value.split()))


def without_possessive(text: str) -> str:
    """Return an exact form without its possessive: `ukraine's` is `ukraine`."""
    return text[:-2] if text.endswith(POSSESSIVE) and len(text) > len(POSSESSIVE) else text


class Analyzer:
    """Exact forms and stems of one language.

    Args:
        language: a key of LANGUAGES, or `none` for no stemming.

    Attributes:
        known_stems: where the native core remembers them; None without the core.

    Raises:
        SearcherError: no stemmer for that language.
    """

    def __init__(self, language: str = "en") -> None:
        self.language = language
        self.known_stems: Stems | None = None
        self._snowball = _snowball(language)
        self._stems: dict[str, str] = {}

    def stem(self, text: str) -> str:
        """Return the stem of an exact form; equal for all forms that a plain word finds."""
        stem = self._stems.get(text)
        if stem is None:
            if len(self._stems) >= 1 << 17:
                self._stems.clear()
            stem = self._stems[text] = self._snowball(without_possessive(text))
        return stem

    def tokens(self, text: str) -> list[Token]:
        """Return tokenize(text)."""
        return tokenize(text)

    def stems(self, text: str) -> list[str]:
        """Return the stems of a text, one for each token, in order."""
        return [self.stem(token.text) for token in tokenize(text)]


def _snowball(language: str) -> Callable[[str], str]:
    if language == "none":
        return str
    if language not in LANGUAGES:
        known = ", ".join([*LANGUAGES, "none"])
        raise SearcherError(f"no stemmer for language {language!r}. Choose one of: {known}")
    # Imported here because most of a cold start that needs no stem can do without it.
    import Stemmer

    # Without its own cache: the analyzer has one, and a full one costs it more than the stem.
    stem: Callable[[str], str] = Stemmer.Stemmer(LANGUAGES[language], 0).stemWord
    return stem
