"""More like this: the words that tell a text from the rest of the archive, as a query.

A word tells the more the oftener the text has it and the fewer paragraphs of
the archive do: (1 + log tf) * log(N / df), over stems, with tf in the text and
df of N paragraphs.  The most telling are looked for with OR; the engine scores
what it finds as it scores any query, and the text itself is left out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from math import log

from searcher.analysis import Analyzer
from searcher.analysis import forms as forms_of
from searcher.engines.base import Answer, Engine, sized
from searcher.query.limits import Limits
from searcher.query.tree import Or, Query, Term
from searcher.results import MOST_WORDS, Keyword, Scored

COMMON_SHARE, COMMON_COUNT = 0.05, 10
"""A word tells nothing when more paragraphs hold it than this share and this number."""

_SPARE = 2
"""Words whose exact df is looked up, by words wanted."""

Forms = dict[str, Counter[str]]
"""Stem to its exact forms in a text, with how often each occurs."""


def keywords(
    texts: Sequence[str], engine: Engine, limits: Limits, *, own: bool, most: int = MOST_WORDS
) -> tuple[Keyword, ...]:
    """Return the words that tell some paragraphs from the rest, the most telling first.

    Numbers and single letters don't tell, nor does a word that no other
    paragraph has.

    Args:
        texts: of the paragraphs.
        engine: over the archive.
        limits: bounds on what looking the words up may cost.
        own: whether the paragraphs are of the archive.
        most: words to return.
    """
    limits = limits.started()
    forms, held = _forms(texts, Analyzer(engine.language), limits)
    documents = engine.totals().documents
    # The paragraphs of a stem are at least those of any of its forms.
    guessed = {stem: max(map(engine.df, several)) for stem, several in forms.items()}
    likely = [stem for stem in forms if 0 < guessed[stem] <= _most_common(documents)]
    likely.sort(key=lambda stem: (-_telling(forms[stem], guessed[stem], documents), stem))
    leaves = {stem: Term("text", _used_most(forms[stem])) for stem in likely[: _SPARE * most]}
    counts = engine.weights(_any(tuple(leaves.values())), limits) if leaves else {}
    found = [
        Keyword(leaf.text, df, _telling(forms[stem], df, documents))
        for stem, leaf in leaves.items()
        if held[stem] * own < (df := counts[leaf][0]) <= _most_common(documents)
        if df < documents
    ]
    found.sort(key=lambda word: (-word.weight, word.text))
    return tuple(found[:most])


def _forms(texts: Sequence[str], analyzer: Analyzer, limits: Limits) -> tuple[Forms, Counter[str]]:
    """Return the forms of each stem, and how many of the texts hold it."""
    forms: Forms = defaultdict(Counter)
    held: Counter[str] = Counter()
    for text in texts:
        words = [form for form in _words(text, limits) if _tells(form)]
        stems = list(map(analyzer.stem, words))
        held.update(set(stems))
        for stem, word in zip(stems, words, strict=True):
            forms[stem][word] += 1
    return forms, held


def _words(text: str, limits: Limits) -> Iterator[str]:
    # Line by line, for a text may be of any length; no word goes over the end of one.
    for line in text.split("\n"):
        limits.check_time()
        yield from forms_of(line)


def _tells(word: str) -> bool:
    # A single character of Chinese is a word, a single letter is none.
    return not word[0].isdigit() and (len(word) > 1 or not word.isascii())


def _most_common(documents: int) -> float:
    return max(COMMON_SHARE * documents, COMMON_COUNT)


def _telling(forms: Counter[str], df: int, documents: int) -> float:
    return (1 + log(forms.total())) * log(max(documents, df) / df)


def _used_most(forms: Counter[str]) -> str:
    return min(forms, key=lambda form: (-forms[form], form))


def _any(leaves: tuple[Term, ...]) -> Query:
    return leaves[0] if len(leaves) == 1 else Or(leaves)


def query_of(words: Sequence[Keyword]) -> Query:
    """Return the query that finds any of some words; there is one at least."""
    return _any(tuple(Term("text", word.text) for word in words))


def others(
    engine: Engine,
    tree: Query,
    article: str,
    *,
    offset: int,
    limit: int,
    by_article: bool,
    limits: Limits,
) -> Answer:
    """Return a page of what a tree finds outside one article, with the exact counts of that.

    Args:
        engine: what answers.
        tree: the query.
        article: id of the article to leave out; empty for none.
        offset, limit, by_article, limits: see Engine.search.
    """
    own = engine.hits_in(tree, [article], limits) if article else ()
    # Filtered here: a filter of the query language would take an id for the end of another.
    spare = min(len(own), 1) if by_article else len(own)
    answer = engine.search(
        tree,
        offset=0,
        limit=offset + limit + spare,
        sort="score",
        by_article=by_article,
        limits=limits,
    )
    rows = [row for row in sized(answer.groups, answer.sizes) if not _is_of(row[0], article)]
    page = rows[offset : offset + limit]
    return Answer(
        answer.total - len(own),
        answer.articles - bool(own),
        tuple(group for group, _ in page),
        tuple(size for _, size in page) if by_article else (),
    )


def _is_of(group: tuple[Scored, ...], article: str) -> bool:
    return group[0].paragraph.article == article
