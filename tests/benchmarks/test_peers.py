"""The contract of every peer: counts and hits equal a count by hand, whatever its syntax.

A peer that isn't installed is skipped with the command that installs it; FTS5,
stock Whoosh and searcher are always there.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import Stemmer

from benchmarks.passages import Corpus, Passage
from benchmarks.peers.base import BOTH, STEMS, Unsupported
from benchmarks.spec import Spec

SPECS = (
    Spec("rare term", all=("gold",)),
    Spec("common term", all=("grain",)),
    Spec("inflected", all=("price",)),
    Spec("no such word", all=("uranium",)),
    Spec("2 words AND", all=("oil", "gas")),
    Spec("3 words AND", all=("oil", "prices", "rose")),
    Spec("2 words OR", any=("gold", "gas")),
    Spec("3–6 words OR", any=("the", "gold", "ships", "uranium")),
    Spec("phrase of 2", phrase=("oil", "prices")),
    Spec("phrase of 3", phrase=("the", "oil", "company")),
    Spec("phrase that is none", phrase=("prices", "oil")),
    Spec("prefix", prefix="gr"),
    Spec("fuzzy 1 edit: a letter replaced", fuzzy="graun"),
    Spec("fuzzy 1 edit: the first letter dropped", fuzzy="rain"),
    Spec("AND in a date range", all=("oil", "the"), since=19870401, until=19870630),
    Spec("AND on one day", all=("oil",), since=19870415, until=19870415),
    Spec("OR, days and desk", any=("oil", "gold"), since=19870301, until=19870415, desk="trade"),
    Spec("OR in a desk", any=("oil", "the"), desk="grain"),
    Spec("NOT", all=("oil",), none=("gas",)),
    Spec("snippets", all=("oil",), snippets=True),
)  # fmt: skip

WORDS_ONLY = ("rare", "common", "inflected", "no such word", "2 words OR", "3–6 words OR")
LACKS: dict[str, Callable[[Spec], bool]] = {
    "fts5": lambda spec: bool(spec.fuzzy),
    "xapian": lambda spec: bool(spec.fuzzy),
    "bm25s": lambda spec: not spec.kind.startswith(WORDS_ONLY),
    "lucene": lambda spec: spec.snippets,
}
"""What an engine can't be asked."""


def within_one_edit(one: str, other: str) -> bool:
    """Tell whether a letter inserted, deleted, replaced or swapped makes them equal."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    parts = [(one[:at], one[at:]) for at in range(len(one) + 1)]
    edits = {one}
    edits |= {a + b[1:] for a, b in parts if b}
    edits |= {a + b[1] + b[0] + b[2:] for a, b in parts if len(b) > 1}
    edits |= {a + c + b[1:] for a, b in parts if b for c in letters}
    edits |= {a + c + b for a, b in parts for c in letters}
    return other in edits


def holds(passage: Passage, spec: Spec, exact_is_stems: bool) -> bool:
    stem = Stemmer.Stemmer("english").stemWord
    forms = re.findall(r"[a-z0-9]+", passage.text.lower())
    stems = list(map(stem, forms))
    looked_at = stems if exact_is_stems else forms
    phrase = [stem(word) for word in spec.phrase] if exact_is_stems else list(spec.phrase)
    return (
        all(stem(word) in stems for word in spec.all)
        and (not spec.any or any(stem(word) in stems for word in spec.any))
        and not any(stem(word) in stems for word in spec.none)
        and f" {' '.join(phrase)}".rstrip() in " " + " ".join(looked_at)
        and any(form.startswith(spec.prefix) for form in looked_at)
        and (not spec.fuzzy or any(within_one_edit(spec.fuzzy, form) for form in looked_at))
        and (not spec.since or spec.since <= passage.date <= spec.until)
        and (not spec.desk or spec.desk in passage.desk)
    )


@pytest.mark.parametrize("fields", [BOTH, STEMS])
@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.kind)
def test_an_engine_finds_what_a_count_by_hand_finds(engine, spec, fields, corpus: Corpus, sessions):
    """Its hits are ten of those, or all of them, and carry what was stored."""
    session = sessions.of(engine, fields)
    if LACKS.get(engine, lambda _: False)(spec):
        with pytest.raises(Unsupported):
            session.ask(spec)
        return
    only_stems = fields == STEMS and not engine.startswith("searcher")
    wanted = {p.id: p for p in corpus.passages() if holds(p, spec, only_stems)}

    answer = session.ask(spec)

    assert answer.total == len(wanted)
    assert len({hit.id for hit in answer.hits}) == len(answer.hits) == min(10, answer.total)
    for hit in answer.hits:
        passage = wanted[hit.id]
        assert (hit.date, hit.section, hit.text) == (passage.date, passage.section, passage.text)
        assert bool(hit.snippet) == spec.snippets


def test_the_best_hit_has_the_rarer_word(engine, sessions):
    """Every engine ranks by BM25 or the like: `gold` is in two paragraphs, `the` in nine."""
    answer = sessions.of(engine, BOTH).ask(Spec("2 words OR", any=("gold", "the")))

    best = answer.hits[0].text.lower()
    assert "gold" in best
    assert "the" in best


def test_an_engine_gives_two_forms_of_a_word_one_stem(engine, sessions):
    session = sessions.of(engine, BOTH)

    assert session.stem("prices") == session.stem("price")
    assert session.stem("prices") != session.stem("ships")
