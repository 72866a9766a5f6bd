"""bm25s: scores of every paragraph from sparse matrices of NumPy; words and OR only."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from benchmarks.passages import Corpus
from benchmarks.peers.base import PAGE, WORD_PATTERN, Answer, Stored, Unsupported, absent
from benchmarks.spec import Spec


class Bm25sPeer:
    """bm25s."""

    name = "bm25s"
    cuts = True
    differs: ClassVar[dict[str, str]] = {}
    warm_rounds = 1

    def __init__(self, _: str = "") -> None: ...

    def missing(self) -> str:
        """Return why it can't be used."""
        return absent("bm25s", "bm25s")

    def version(self) -> str:
        """Return the version."""
        from importlib.metadata import version

        return f"bm25s {version('bm25s')}"

    def build(self, corpus: Corpus, folder: Path, fields: str) -> None:
        """Index all passages by stems; it has one field, whichever are asked for."""
        import bm25s
        import Stemmer

        stored = [(p.id, p.date, p.section, p.text) for p in corpus.passages()]
        tokens = bm25s.tokenize(
            [text for *_, text in stored],
            token_pattern=WORD_PATTERN,
            stopwords=None,
            stemmer=Stemmer.Stemmer("english"),
            show_progress=False,
        )
        ranker = bm25s.BM25()
        ranker.index(tokens, show_progress=False)
        ranker.save(folder, corpus=stored, show_progress=False)

    def open(self, folder: Path, fields: str) -> Bm25sSession:
        """Map the matrices and the paragraphs."""
        return Bm25sSession(folder)


peer = Bm25sPeer


class Bm25sSession:
    """A mapped index."""

    def __init__(self, folder: Path) -> None:
        import bm25s
        import numpy
        import Stemmer

        self._numpy = numpy
        self._ranker = bm25s.BM25.load(folder, load_corpus=True, mmap=True)
        self._stemmer = Stemmer.Stemmer("english")

    def ask(self, spec: Spec) -> Answer:
        """Answer one word, or several of which any will do."""
        words = spec.any or spec.all
        if spec.newsroom or spec.none or spec.since or spec.desk or spec.snippets:
            raise Unsupported
        if len(spec.all) > 1 or not words:
            raise Unsupported
        scores = self._ranker.get_scores(self._stemmer.stemWords(list(words)))
        total = int(self._numpy.count_nonzero(scores > 0))
        return Answer(total, [self._stored(at) for at in self._best(scores, min(total, PAGE))])

    def _best(self, scores: Any, count: int) -> list[int]:
        if not count:
            return []
        top = self._numpy.argpartition(-scores, count - 1)[:count]
        return [int(at) for at in top[self._numpy.argsort(-scores[top])]]

    def _stored(self, at: int) -> Stored:
        row = self._ranker.corpus[at]
        return Stored(*(row["text"] if isinstance(row, dict) else row))

    def stem(self, word: str) -> str:
        """Return the stem."""
        return str(self._stemmer.stemWord(word))

    def pids(self) -> list[int]:
        """None but this."""
        return []

    def close(self) -> None:
        """Nothing is held that Python doesn't let go of."""
