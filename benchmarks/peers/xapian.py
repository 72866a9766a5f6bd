"""Xapian (glass backend), through its Python bindings.

Its TermGenerator keeps words with positions and Z-prefixed stems without
(STEM_SOME), which are the two fields; with stems alone, stems with positions.
It cuts words its own way: `company's`, `AT&T` and `1,234` are one term each.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from benchmarks.passages import Corpus
from benchmarks.peers.base import BOTH, PAGE, Answer, Stored, Unsupported, absent
from benchmarks.spec import Spec

_DAY, _ID, _SECTION = 0, 1, 2
_DESK = "XD"


class XapianPeer:
    """Xapian."""

    name = "xapian"
    cuts = False
    differs: ClassVar[dict[str, str]] = {
        "phrase": "AT&T and 1,234 are one word, and company's isn't company",
        "prefix": "AT&T and 1,234 are one word",
    }
    warm_rounds = 1

    def __init__(self, _: str = "") -> None: ...

    def missing(self) -> str:
        """Return why it can't be used."""
        why = absent("xapian", "xapian-bindings-binary")
        return why and f"{why} (or, on Debian: apt-get install python3-xapian)"

    def version(self) -> str:
        """Return the version."""
        import xapian

        return f"Xapian {xapian.version_string()}"

    def build(self, corpus: Corpus, folder: Path, fields: str) -> None:
        """Index all passages in one transaction's worth of flushes."""
        import xapian

        base = xapian.WritableDatabase(str(folder / "glass"), xapian.DB_CREATE)
        generator = xapian.TermGenerator()
        generator.set_stemmer(xapian.Stem("english"))
        some, every = xapian.TermGenerator.STEM_SOME, xapian.TermGenerator.STEM_ALL
        generator.set_stemming_strategy(some if fields == BOTH else every)
        for passage in corpus.passages():
            document = xapian.Document()
            generator.set_document(document)
            generator.set_termpos(0)
            generator.index_text(passage.text)
            for desk in passage.desk:
                document.add_boolean_term(_DESK + desk)
            document.add_value(_DAY, xapian.sortable_serialise(passage.date))
            document.add_value(_ID, passage.id)
            document.add_value(_SECTION, passage.section)
            document.set_data(passage.text)
            base.add_document(document)
        base.commit()
        base.close()

    def open(self, folder: Path, fields: str) -> XapianSession:
        """Open the database."""
        return XapianSession(folder / "glass", fields)


peer = XapianPeer


class XapianSession:
    """An open database."""

    def __init__(self, path: Path, fields: str) -> None:
        import xapian

        self._xapian = xapian
        self._base = xapian.Database(str(path))
        self._stemmer = xapian.Stem("english")
        self._both = fields == BOTH

    @cached_property
    def _documents(self) -> int:
        return int(self._base.get_doccount())

    def ask(self, spec: Spec) -> Answer:
        """Answer; every document is checked, so that the total is exact."""
        if spec.newsroom or spec.fuzzy:
            raise Unsupported
        enquire = self._xapian.Enquire(self._base)
        enquire.set_query(self._query(spec))
        found = enquire.get_mset(0, PAGE, self._documents)
        return Answer(
            found.get_matches_estimated(), [self._stored(hit, found, spec) for hit in found]
        )

    def _stored(self, hit: Any, found: Any, spec: Spec) -> Stored:
        document = hit.document
        text = document.get_data().decode()
        day = int(self._xapian.sortable_unserialise(document.get_value(_DAY)))
        id_, section = (document.get_value(at).decode() for at in (_ID, _SECTION))
        snippet = found.snippet(text, 200, self._stemmer).decode() if spec.snippets else ""
        return Stored(id_, day, section, text, snippet)

    def _query(self, spec: Spec) -> Any:
        query = self._xapian.Query
        parts = [self._word(word) for word in spec.all]
        if spec.any:
            parts.append(query(query.OP_OR, [self._word(word) for word in spec.any]))
        if spec.phrase:
            words = spec.phrase if self._both else [self.stem(word) for word in spec.phrase]
            parts.append(query(query.OP_PHRASE, [query(w) for w in words], len(words)))
        if spec.prefix:
            parts.append(query(query.OP_WILDCARD, spec.prefix))
        made = query(query.OP_AND, parts)
        for word in spec.none:
            made = query(query.OP_AND_NOT, made, self._word(word))
        for one in self._filters(spec):
            made = query(query.OP_FILTER, made, one)
        return made

    def _filters(self, spec: Spec) -> list[Any]:
        query, day = self._xapian.Query, self._xapian.sortable_serialise
        filters = []
        if spec.since:
            filters.append(query(query.OP_VALUE_RANGE, _DAY, day(spec.since), day(spec.until)))
        if spec.desk:
            filters.append(query(_DESK + spec.desk))
        return filters

    def _word(self, word: str) -> Any:
        return self._xapian.Query(("Z" if self._both else "") + self.stem(word))

    def stem(self, word: str) -> str:
        """Return the stem."""
        return str(self._stemmer(word).decode())

    def pids(self) -> list[int]:
        """None but this."""
        return []

    def close(self) -> None:
        """Let go of it."""
        self._base.close()
