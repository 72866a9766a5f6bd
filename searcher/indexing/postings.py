"""Tokens to postings: each word of a text once, with all its places.

A posting's value is what Whoosh's Positions and Characters formats read: the
number of places, big-endian, and a pickled list of the steps between them.
The pickles are put together from ready pieces, which is several times faster
than the stock way through a Token object a word.

    >>> from whoosh.formats import Characters, Positions
    >>> Positions().decode_positions(positions_value([3, 10]))
    [3, 10]
    >>> Characters().decode_characters(characters_value([(3, 15, 19), (10, 60, 64)]))
    [(3, 15, 19), (10, 60, 64)]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from struct import pack
from typing import TypeAlias

from searcher.analysis import Token, tokenize

Posting: TypeAlias = tuple[bytes, float, bytes]
"""(term, weight, value): the weight is how often the term occurs."""

_OPEN, _CLOSE_ONE, _CLOSE_MANY = b"\x80\x02]", b"a.", b"e."
_TRIPLE = b"\x87"


def _pickled_int(number: int) -> bytes:
    if number < 1 << 8:
        return b"K" + pack("B", number)
    return b"M" + pack("<H", number) if number < 1 << 16 else b"J" + pack("<i", number)


_INTS = [_pickled_int(number) for number in range(1 << 14)]
_ONE = pack(">I", 1) + _OPEN
_LONE_POSITIONS = [_ONE + piece + _CLOSE_ONE for piece in _INTS[: 1 << 11]]


def _int(number: int) -> bytes:
    return _INTS[number] if number < len(_INTS) else _pickled_int(number)


def positions_value(positions: Sequence[int]) -> bytes:
    """Return the value of a posting in a field with positions; they rise."""
    if len(positions) == 1:
        only = positions[0]
        if only < len(_LONE_POSITIONS):
            return _LONE_POSITIONS[only]
        return _ONE + _int(only) + _CLOSE_ONE
    steps = [_int(b - a) for a, b in zip([0, *positions], positions, strict=False)]
    return b"".join((pack(">I", len(positions)), _OPEN, b"(", *steps, _CLOSE_MANY))


def characters_value(places: Sequence[tuple[int, int, int]]) -> bytes:
    """Return the value of a posting in a field with (position, start, end); they rise."""
    if len(places) == 1:
        position, start, end = places[0]
        return _ONE + _int(position) + _int(start) + _int(end - start) + _TRIPLE + _CLOSE_ONE
    pieces = [pack(">I", len(places)), _OPEN, b"("]
    last_position = last_end = 0
    for position, start, end in places:
        pieces += (_int(position - last_position), _int(start - last_end), _int(end - start))
        pieces.append(_TRIPLE)
        last_position, last_end = position, end
    pieces.append(_CLOSE_MANY)
    return b"".join(pieces)


class Forms(dict[str, tuple[bytes, bytes]]):
    """Exact form to the terms it is found by: (exact, stem), both in UTF-8."""

    def __init__(self, stem: Callable[[str], str]) -> None:
        super().__init__()
        self._stem = stem

    def __missing__(self, word: str) -> tuple[bytes, bytes]:
        if len(self) >= 1 << 18:
            self.clear()
        terms = self[word] = (word.encode(), self._stem(word).encode())
        return terms


def text_postings(
    tokens: Iterable[Token], forms: Forms, *, characters: bool = False
) -> tuple[list[Posting], list[Posting]]:
    """Return the postings of `exact` and of `text` for the tokens of one paragraph.

    Args:
        tokens: in order.
        forms: their terms.
        characters: keep where in the text each stem stands, as older indexes do.
    """
    return _placed(tokens, forms) if characters else _counted(tokens, forms)


def _counted(tokens: Iterable[Token], forms: Forms) -> tuple[list[Posting], list[Posting]]:
    exact: dict[bytes, list[int]] = {}
    stems: dict[bytes, list[int]] = {}
    for position, token in enumerate(tokens):
        word, stem = forms[token.text]
        if word in exact:
            exact[word].append(position)
        else:
            exact[word] = [position]
        if stem in stems:
            stems[stem].append(position)
        else:
            stems[stem] = [position]
    return _positions(exact), _positions(stems)


def _placed(tokens: Iterable[Token], forms: Forms) -> tuple[list[Posting], list[Posting]]:
    exact: dict[bytes, list[int]] = {}
    stems: dict[bytes, list[tuple[int, int, int]]] = {}
    for position, (text, start, end) in enumerate(tokens):
        word, stem = forms[text]
        if word in exact:
            exact[word].append(position)
        else:
            exact[word] = [position]
        if stem in stems:
            stems[stem].append((position, start, end))
        else:
            stems[stem] = [(position, start, end)]
    return _positions(exact), _characters(stems)


def _positions(words: dict[bytes, list[int]]) -> list[Posting]:
    # Most words of a paragraph stand in it once; a call for each would double the time.
    lone, limit = _LONE_POSITIONS, len(_LONE_POSITIONS)
    return [
        (term, 1.0, lone[at[0]])
        if len(at) == 1 and at[0] < limit
        else (term, float(len(at)), positions_value(at))
        for term, at in words.items()
    ]


def _characters(stems: dict[bytes, list[tuple[int, int, int]]]) -> list[Posting]:
    ints, limit, found = _INTS, len(_INTS), []
    for term, at in stems.items():
        position, start, end = at[0]
        if len(at) == 1 and end < limit:
            value = b"%b%b%b%b\x87a." % (_ONE, ints[position], ints[start], ints[end - start])
            found.append((term, 1.0, value))
        else:
            found.append((term, float(len(at)), characters_value(at)))
    return found


def word_postings(text: str, forms: Forms, *, stemmed: bool) -> tuple[list[Posting], int]:
    """Return the postings of a short field and its number of words."""
    places: dict[bytes, list[int]] = {}
    tokens = tokenize(text)
    for position, token in enumerate(tokens):
        places.setdefault(forms[token.text][stemmed], []).append(position)
    return [(term, float(len(at)), positions_value(at)) for term, at in places.items()], len(tokens)


def lone_posting(value: str) -> list[Posting]:
    """Return the posting of a field whose one term is the value as it stands."""
    return [(value.encode(), 1.0, b"")] if value else []
