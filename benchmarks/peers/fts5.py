"""SQLite FTS5, from Python's own sqlite3: two external-content tables over one of paragraphs.

stems   tokenize='porter unicode61'     Porter's first stemmer: FTS5 has no other
words   tokenize='unicode61'
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import ClassVar

from benchmarks.passages import Corpus
from benchmarks.peers.base import BOTH, PAGE, Answer, Stored, Unsupported
from benchmarks.spec import Spec

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE passage (n INTEGER PRIMARY KEY, id TEXT, date INTEGER, section TEXT, text TEXT);
CREATE TABLE filed (desk TEXT, n INTEGER, PRIMARY KEY (desk, n)) WITHOUT ROWID;
"""
_INDEX = """
CREATE VIRTUAL TABLE {0} USING fts5(text, content='passage', content_rowid='n', tokenize='{1}');
"""
_TOKENIZERS = {"stems": "porter unicode61", "words": "unicode61"}
_BATCH = 10_000


class Fts5Peer:
    """SQLite FTS5."""

    name = "fts5"
    cuts = True
    differs: ClassVar[dict[str, str]] = {}
    warm_rounds = 1

    def __init__(self, _: str = "") -> None: ...

    def missing(self) -> str:
        """Return why it can't be used."""
        found = sqlite3.connect(":memory:").execute("PRAGMA compile_options").fetchall()
        return "" if ("ENABLE_FTS5",) in found else "this Python's sqlite3 has no FTS5"

    def version(self) -> str:
        """Return the version."""
        return f"SQLite FTS5 {sqlite3.sqlite_version}"

    def build(self, corpus: Corpus, folder: Path, fields: str) -> None:
        """Insert all passages, then merge the tree into one segment."""
        tables = ("stems", "words") if fields == BOTH else ("stems",)
        base = sqlite3.connect(folder / "passages.db", isolation_level=None)
        base.executescript(_TABLES + "".join(_INDEX.format(t, _TOKENIZERS[t]) for t in tables))
        base.execute("BEGIN")
        for n, passage in enumerate(corpus.passages(), start=1):
            row = (n, passage.id, passage.date, passage.section, passage.text)
            base.execute("INSERT INTO passage VALUES (?, ?, ?, ?, ?)", row)
            for desk in set(passage.desk):
                base.execute("INSERT INTO filed VALUES (?, ?)", (desk, n))
            for table in tables:
                base.execute(f"INSERT INTO {table}(rowid, text) VALUES (?, ?)", (n, passage.text))  # noqa: S608
        for table in tables:
            base.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")  # noqa: S608
        base.execute("COMMIT")
        base.close()

    def open(self, folder: Path, fields: str) -> Fts5Session:
        """Open the database for reading."""
        return Fts5Session(folder / "passages.db", fields)


peer = Fts5Peer


class Fts5Session:
    """An open database."""

    def __init__(self, path: Path, fields: str) -> None:
        self._base = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self._base.execute("PRAGMA mmap_size = 4000000000")
        self._fields = fields

    def ask(self, spec: Spec) -> Answer:
        """Answer by two statements: the page, and the count."""
        if spec.newsroom or spec.fuzzy:
            raise Unsupported
        exact = (spec.phrase or spec.prefix) and self._fields == BOTH
        table = "words" if exact else "stems"
        where, values = _where(spec, table)
        snippet = f", snippet({table}, 0, '<b>', '</b>', '…', 40)" if spec.snippets else ""
        found = f"FROM {table} JOIN passage p ON p.n = {table}.rowid WHERE {where}"
        page = f"SELECT id, date, section, p.text{snippet} {found} ORDER BY rank LIMIT {PAGE}"
        counted = found if spec.since or spec.desk else f"FROM {table} WHERE {where}"
        total = self._base.execute(f"SELECT count(*) {counted}", values).fetchone()[0]
        return Answer(total, [Stored(*row) for row in self._base.execute(page, values)])

    def stem(self, word: str) -> str:
        """Return Porter's stem, by the stemmer of that name in Snowball."""
        import Stemmer

        return str(Stemmer.Stemmer("porter").stemWord(word))

    def pids(self) -> list[int]:
        """None but this."""
        return []

    def close(self) -> None:
        """Let go of it."""
        self._base.close()


def _where(spec: Spec, table: str) -> tuple[str, list[object]]:
    conditions, values = [f"{table} MATCH ?"], [_match(spec)]
    filters: list[object] = []
    if spec.since:
        conditions.append("p.date BETWEEN ? AND ?")
        filters += [spec.since, spec.until]
    if spec.desk:
        conditions.append("EXISTS (SELECT 1 FROM filed WHERE desk = ? AND filed.n = p.n)")
        filters.append(spec.desk)
    return " AND ".join(conditions), [*values, *filters]


def _match(spec: Spec) -> str:
    """Return the spec as FTS5 writes it."""
    parts = [f'"{word}"' for word in spec.all]
    if spec.any:
        parts.append("(" + " OR ".join(f'"{word}"' for word in spec.any) + ")")
    if spec.phrase:
        parts.append(f'"{" ".join(spec.phrase)}"')
    if spec.prefix:
        parts.append(f'"{spec.prefix}"*')
    return " AND ".join(parts) + "".join(f' NOT "{word}"' for word in spec.none)
