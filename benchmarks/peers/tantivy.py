"""Tantivy, through its Python package: one writer thread, two text fields."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from benchmarks.passages import Corpus
from benchmarks.peers.base import BOTH, PAGE, Answer, Stored, Unsupported, absent
from benchmarks.spec import Spec

_HEAP_BYTES = 256_000_000


class TantivyPeer:
    """Tantivy."""

    name = "tantivy"
    cuts = True
    differs: ClassVar[dict[str, str]] = {}
    warm_rounds = 1

    def __init__(self, _: str = "") -> None: ...

    def missing(self) -> str:
        """Return why it can't be used."""
        return absent("tantivy", "tantivy")

    def version(self) -> str:
        """Return the version."""
        from importlib.metadata import version

        return f"tantivy {version('tantivy')}"

    def build(self, corpus: Corpus, folder: Path, fields: str) -> None:
        """Index all passages in one thread and wait for its merges."""
        import tantivy

        index = _registered(tantivy.Index(_schema(fields), str(folder)))
        writer = index.writer(_HEAP_BYTES, num_threads=1)
        for passage in corpus.passages():
            document = tantivy.Document()
            document.add_text("id", passage.id)
            document.add_integer("date", passage.date)
            document.add_text("section", passage.section)
            for desk in passage.desk:
                document.add_text("desk", desk)
            document.add_text("stems", passage.text)
            if fields == BOTH:
                document.add_text("words", passage.text)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path, fields: str) -> TantivySession:
        """Open the index."""
        return TantivySession(folder, fields)


peer = TantivyPeer


def _schema(fields: str) -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("date", stored=True, indexed=True, fast=True)
    builder.add_text_field("section", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("desk", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("stems", stored=True, tokenizer_name="stems", index_option="position")
    if fields == BOTH:
        builder.add_text_field("words", tokenizer_name="words", index_option="position")
    return builder.build()


def _analyzers() -> dict[str, Any]:
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    words = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase())
    stems = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase())
    return {"words": words.build(), "stems": stems.filter(Filter.stemmer("english")).build()}


def _registered(index: Any) -> Any:
    for name, analyzer in _analyzers().items():
        index.register_tokenizer(name, analyzer)
    return index


class TantivySession:
    """An open index with one searcher."""

    def __init__(self, folder: Path, fields: str) -> None:
        import tantivy

        self._tantivy = tantivy
        self._index = _registered(tantivy.Index.open(str(folder)))
        self._schema = self._index.schema
        self._searcher = self._index.searcher()
        self._exact = "words" if fields == BOTH else "stems"
        self._stem = _analyzers()["stems"].analyze

    def ask(self, spec: Spec) -> Answer:
        """Answer by a tree of tantivy's own queries."""
        if spec.newsroom:
            raise Unsupported
        query = self._query(spec)
        found = self._searcher.search(query, PAGE, count=True)
        snippets = self._snippets(query) if spec.snippets else None
        hits = [self._stored(address, snippets) for _, address in found.hits]
        return Answer(found.count, hits)

    def _snippets(self, query: Any) -> Any:
        made = self._tantivy.SnippetGenerator
        return made.create(self._searcher, query, self._schema, "stems")

    def _stored(self, address: Any, snippets: Any) -> Stored:
        document = self._searcher.doc(address)
        first = document.get_first
        snippet = snippets.snippet_from_doc(document).to_html() if snippets else ""
        return Stored(first("id"), first("date"), first("section") or "", first("stems"), snippet)

    def _query(self, spec: Spec) -> Any:
        query, occur = self._tantivy.Query, self._tantivy.Occur
        parts = [(occur.Must, self._word(word)) for word in spec.all]
        if spec.any:
            either = query.boolean_query([(occur.Should, self._word(word)) for word in spec.any])
            parts.append((occur.Must, either))
        if spec.phrase:
            words: list[Any] = list(self._exactly(spec.phrase))
            parts.append((occur.Must, query.phrase_query(self._schema, self._exact, words)))
        if spec.prefix:
            parts.append((occur.Must, self._fuzzy(spec.prefix, 0, True)))
        if spec.fuzzy:
            parts.append((occur.Must, self._fuzzy(spec.fuzzy, 1, False)))
        parts += [(occur.MustNot, self._word(word)) for word in spec.none]
        parts += [(occur.Must, query.const_score_query(one, 0.0)) for one in self._filters(spec)]
        return parts[0][1] if len(parts) == 1 else query.boolean_query(parts)

    def _filters(self, spec: Spec) -> list[Any]:
        query, kind = self._tantivy.Query, self._tantivy.FieldType
        filters = []
        if spec.since:
            bounds = (spec.since, spec.until)
            filters.append(query.range_query(self._schema, "date", kind.Integer, *bounds))
        if spec.desk:
            filters.append(query.term_query(self._schema, "desk", spec.desk))
        return filters

    def _fuzzy(self, word: str, distance: int, prefix: bool) -> Any:
        made = self._tantivy.Query.fuzzy_term_query
        return made(self._schema, self._exact, word, distance, True, prefix)

    def _word(self, word: str) -> Any:
        return self._tantivy.Query.term_query(self._schema, "stems", self._stem(word)[0])

    def _exactly(self, words: tuple[str, ...]) -> list[str]:
        return list(words) if self._exact == "words" else [self._stem(word)[0] for word in words]

    def stem(self, word: str) -> str:
        """Return the stem."""
        return str(next(iter(self._stem(word)), ""))

    def pids(self) -> list[int]:
        """None but this."""
        return []

    def close(self) -> None:
        """Nothing is held that Python doesn't let go of."""
