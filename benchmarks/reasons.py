"""Why two engines count differently: other stems, other tokens, or what the peer says of itself.

The first two are checked on the corpus, not guessed: all its forms that the
peer gives the stem of a query's word are compared with those that searcher
gives it; and a form such as they're, which is one token of searcher's, must
hold a piece that the query looks for.  A count that nothing explains is
`unexplained`, and its engine can't be the best peer in that class.
"""

from __future__ import annotations

import json
import re
import string
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from benchmarks.passages import Corpus
from benchmarks.peers import peer
from benchmarks.peers.base import WORD_PATTERN
from benchmarks.spec import Spec
from searcher.analysis import Analyzer, without_possessive

UNEXPLAINED = "unexplained"
_SHOWN = 4

Stem = Callable[[str], str]


@dataclass(frozen=True)
class Mismatch:
    """A count that isn't the expected one.

    Attributes:
        kind: class of the query.
        query: the Spec in words.
        engine: whose count it is.
        total, expected: the counts.
        reason: why, or UNEXPLAINED.
    """

    kind: str
    query: str
    engine: str
    total: int
    expected: int
    reason: str


class Families:
    """The forms of a corpus by the stem that an engine gives them.

    Args:
        forms: exact forms; those that aren't ASCII letters are left out.
        stem: of the engine.
    """

    def __init__(self, forms: Iterable[str], stem: Stem) -> None:
        self._stem = stem
        self._of: dict[str, set[str]] = defaultdict(set)
        for form in forms:
            # A possessive is another token or is cut off, whichever the engine does.
            if form.isascii() and form.isalpha():
                self._of[stem(form)].add(form)

    def of(self, word: str) -> set[str]:
        """Return all forms that a word finds."""
        return self._of[self._stem(word)]


class Reasons:
    """Explains the mismatches of one corpus."""

    def __init__(self, corpus: Corpus) -> None:
        path = corpus.folder / "forms.json"
        self._forms: list[str] = json.loads(path.read_text(encoding="utf-8"))
        # A possessive is cut off by all, as a token of its own or as part of the stem.
        self._pieces = {
            form: pieces
            for form in self._forms
            if len(pieces := re.findall(WORD_PATTERN, without_possessive(form))) > 1
        }
        self._own = Families(self._forms, Analyzer("en").stem)
        self._peers: dict[str, Families] = {}

    def why(self, engine: str, spec: Spec, stem: Stem) -> str:
        """Return why an engine counts differently than searcher."""
        if engine not in self._peers:
            self._peers[engine] = Families(self._forms, stem)
        told = [self._stemmed(self._peers[engine], word) for word in spec.words()]
        if peer(engine).cuts:
            told += [self._cut(spec, stem)]
        told += [why for trait, why in peer(engine).differs.items() if getattr(spec, trait)]
        return "; ".join(filter(None, told)) or UNEXPLAINED

    def _cut(self, spec: Spec, stem: Stem) -> str:
        """Name forms that a peer cuts in pieces of which one is looked for."""
        stems = {stem(word) for word in spec.words()}
        near = _one_edit(spec.fuzzy) if spec.fuzzy else set()
        found = [
            form
            for form, pieces in self._pieces.items()
            if any(
                stem(piece) in stems
                or piece in near
                or (spec.prefix and piece.startswith(spec.prefix))
                or (piece in spec.phrase)
                for piece in pieces
            )
        ]
        return f"cuts in pieces: {', '.join(found[:_SHOWN])}" if found else ""

    def _stemmed(self, families: Families, word: str) -> str:
        own, other = self._own.of(word), families.of(word)
        more, less = sorted(other - own)[:_SHOWN], sorted(own - other)[:_SHOWN]
        said = [f"also {', '.join(more)}"] if more else []
        said += [f"not {', '.join(less)}"] if less else []
        return f"stems `{word}` otherwise: {' but '.join(said)}" if said else ""


def _one_edit(word: str) -> set[str]:
    """Return everything one edit away from a word, and the word."""
    letters = string.ascii_lowercase + string.digits
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    edits = {word} | {a + b[1:] for a, b in parts if b}
    edits |= {a + b[1] + b[0] + b[2:] for a, b in parts if len(b) > 1}
    edits |= {a + c + b[1:] for a, b in parts if b for c in letters}
    return edits | {a + c + b for a, b in parts for c in letters}
