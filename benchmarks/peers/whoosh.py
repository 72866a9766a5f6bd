"""Stock Whoosh (whoosh3): its own codec, its own matchers, one segment."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from benchmarks.passages import Corpus
from benchmarks.peers.base import BOTH, PAGE, WORD_PATTERN, Answer, Stored, Unsupported, absent
from benchmarks.spec import Spec


class WhooshPeer:
    """Stock Whoosh."""

    name = "whoosh"
    cuts = True
    differs: ClassVar[dict[str, str]] = {"fuzzy": "a swap of two letters is two edits"}
    warm_rounds = 1

    def __init__(self, _: str = "") -> None: ...

    def missing(self) -> str:
        """Return why it can't be used."""
        return absent("whoosh", "whoosh3")

    def version(self) -> str:
        """Return the version."""
        from importlib.metadata import version

        return f"stock Whoosh (whoosh3 {version('whoosh3')})"

    def build(self, corpus: Corpus, folder: Path, fields: str) -> None:
        """Index all passages in one commit."""
        from whoosh import index

        writer = index.create_in(folder, _schema(fields)).writer(limitmb=256)
        for passage in corpus.passages():
            words = {"words": passage.text} if fields == BOTH else {}
            writer.add_document(
                id=passage.id,
                date=passage.date,
                section=passage.section,
                desk=",".join(passage.desk),
                text=passage.text,
                stems=passage.text,
                **words,
            )
        writer.commit(optimize=True)

    def open(self, folder: Path, fields: str) -> WhooshSession:
        """Open the index."""
        return WhooshSession(folder, fields)


peer = WhooshPeer


def _schema(fields: str) -> Any:
    from whoosh.analysis import LowercaseFilter, RegexTokenizer
    from whoosh.fields import ID, KEYWORD, NUMERIC, STORED, TEXT, Schema

    plain = RegexTokenizer(WORD_PATTERN) | LowercaseFilter()
    schema = Schema(
        id=ID(stored=True),
        date=NUMERIC(int, stored=True),
        section=STORED,
        desk=KEYWORD(commas=True),
        text=STORED,
        stems=TEXT(plain | _stemming()),
    )
    if fields == BOTH:
        schema.add("words", TEXT(plain))
    return schema


def _stemming() -> Any:
    from whoosh.analysis import PyStemmerFilter

    return PyStemmerFilter("english")


class WhooshSession:
    """An open index with one searcher."""

    def __init__(self, folder: Path, fields: str) -> None:
        from whoosh import index

        self._searcher = index.open_dir(folder).searcher()
        self._exact = "words" if fields == BOTH else "stems"

    @cached_property
    def _stemmer(self) -> Any:
        import Stemmer

        return Stemmer.Stemmer("english")

    def ask(self, spec: Spec) -> Answer:
        """Answer by a tree of Whoosh's own queries."""
        if spec.newsroom:
            raise Unsupported
        query = self._query(spec)
        # With a limit, Whoosh's total and its ten best are not exact: it counts 1,445 where 1,796
        # paragraphs match, and with optimize=False half of what an OR finds.
        found = self._searcher.search(query, limit=None, terms=spec.snippets)
        hits = [
            Stored(hit["id"], hit["date"], hit.get("section", ""), hit["text"], _snippet(spec, hit))
            for hit in found[:PAGE]
        ]
        return Answer(len(found), hits)

    def _query(self, spec: Spec) -> Any:
        from whoosh import query as q

        parts = [self._word(word) for word in spec.all]
        if spec.any:
            parts.append(q.Or([self._word(word) for word in spec.any]))
        if spec.phrase:
            parts.append(q.Phrase(self._exact, self._exactly(spec.phrase)))
        if spec.prefix:
            parts.append(q.Prefix(self._exact, spec.prefix))
        if spec.fuzzy:
            parts.append(q.FuzzyTerm(self._exact, spec.fuzzy, maxdist=1, prefixlength=0))
        parts += [q.Not(self._word(word)) for word in spec.none]
        if spec.since:
            parts.append(q.ConstantScoreQuery(q.NumericRange("date", spec.since, spec.until)))
        if spec.desk:
            parts.append(q.ConstantScoreQuery(q.Term("desk", spec.desk)))
        return parts[0] if len(parts) == 1 else q.And(parts)

    def _word(self, word: str) -> Any:
        from whoosh import query as q

        return q.Term("stems", self._stemmer.stemWord(word))

    def _exactly(self, words: tuple[str, ...]) -> list[str]:
        return list(words) if self._exact == "words" else self._stemmer.stemWords(list(words))

    def stem(self, word: str) -> str:
        """Return the stem."""
        return str(self._stemmer.stemWord(word))

    def pids(self) -> list[int]:
        """None but this."""
        return []

    def close(self) -> None:
        """Let go of it."""
        self._searcher.close()


def _snippet(spec: Spec, hit: Any) -> str:
    return hit.highlights("stems", text=hit["text"]) if spec.snippets else ""
