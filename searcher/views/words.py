"""Words of the archive: those that begin as typed, and those that are spelt nearly so.

Words are exact forms: with case and accents folded, unstemmed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from searcher.analysis import fold
from searcher.engines.base import Engine
from searcher.errors import QueryError
from searcher.query.expressions import edits, within
from searcher.values import frozen


@frozen
class WordCount:
    """A word of the archive.

    Attributes:
        word: its exact form.
        paragraphs: of any kind that hold it, exact.
    """

    word: str
    paragraphs: int

    def as_dict(self) -> dict[str, Any]:
        """Return the word under the keys of docs/views.md."""
        return {"word": self.word, "paragraphs": self.paragraphs}


def completions(prefix: str, engine: Engine, limit: int) -> tuple[WordCount, ...]:
    """Return the words that begin with a prefix, the most frequent first.

    Raises:
        QueryError: the prefix has a wildcard or white space.
    """
    start = _folded(prefix)
    found = _counted(engine, (form for form in engine.forms() if form.startswith(start)))
    return tuple(sorted(found, key=lambda w: (-w.paragraphs, w.word))[:limit])


def near_words(word: str, engine: Engine, limit: int) -> tuple[WordCount, ...]:
    """Return the other words within one edit (two from five letters on), the nearest first.

    Among equally near ones the most frequent comes first.

    Raises:
        QueryError: the word has a wildcard or white space.
    """
    wanted = _folded(word)
    most = 1 if len(wanted) < 5 else 2
    is_near = within(wanted, most)
    forms = (form for form in engine.forms() if form != wanted and is_near(form))
    found = [(edits(wanted, one.word, most), one) for one in _counted(engine, forms)]
    ranked = sorted(found, key=lambda near: (near[0], -near[1].paragraphs, near[1].word))
    return tuple(one for _, one in ranked[:limit])


def word_count(word: str, engine: Engine) -> WordCount:
    """Return a word with how many paragraphs hold it, 0 when the archive hasn't got it."""
    form = _folded(word)
    return WordCount(form, engine.df(form))


def _folded(word: str) -> str:
    if not word or len(word.split()) != 1 or set(word) & {"*", "?", '"'}:
        raise QueryError(f"expected one word, or how it begins, found {word!r}")
    return fold(word)


def _counted(engine: Engine, forms: Iterable[str]) -> Iterator[WordCount]:
    counted = (WordCount(form, engine.df(form)) for form in forms)
    return (one for one in counted if one.paragraphs)
