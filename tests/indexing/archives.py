"""Small archives on disk, and everything that an index of them holds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from whoosh.index import open_dir

from searcher.indexing import Bases, archive_record, column_array, paragraph, source_records
from searcher.indexing.codecs import CODECS, NATIVE, STOCK, chosen
from searcher.indexing.manifest import record_docnums
from searcher.model import Paragraph

WORDS = ("rain", "stem", "dam", "ukrain", "two", "one")

Stories = Mapping[str, str]
"""Key of an article to its text; paragraphs are parted by blank lines."""


def write_lines(path: Path, stories: Stories) -> None:
    """Write stories as JSON Lines; an offset is that of the line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps({"id": k, "title": k, "text": v}) + "\n" for k, v in stories.items())
    path.write_text("".join(lines), encoding="utf-8")


def write_reuters(path: Path, stories: Stories) -> None:
    """Write stories in the form of Reuters-21578; offsets are those of the text itself."""
    path.parent.mkdir(parents=True, exist_ok=True)
    parts = ['<!DOCTYPE lewis SYSTEM "lewis.dtd">\n']
    for key, text in stories.items():
        body = text.replace("\n\n", "\n    ")
        parts.append(
            f'<REUTERS NEWID="{key}"><DATE>26-FEB-1987 15:01:01.79</DATE><TOPICS></TOPICS>\n'
            f"<TEXT><TITLE>STORY {key}</TITLE><BODY>{body}\n</BODY></TEXT></REUTERS>\n"
        )
    path.write_text("".join(parts), encoding="utf-8")


def paragraphs(index: Path) -> dict[str, Paragraph]:
    """Return every paragraph of an index by id, read back from what is stored."""
    with open_dir(str(index)).reader() as reader:
        base = Bases(reader)
        stored = [s for s in reader.all_stored_fields() if "article" in s]
        found = [paragraph(fields, base(fields)) for fields in stored]
    assert len({one.id for one in found}) == len(found), "a paragraph stands twice in the index"
    return {one.id: one for one in found}


def find(index: Path, word: str, field: str = "exact") -> set[str]:
    """Return the ids of the live paragraphs that hold a term."""
    with open_dir(str(index)).reader() as reader:
        if (field, word.encode()) not in reader:
            return set()
        docs = reader.postings(field, word.encode()).all_ids()
        return {reader.stored_fields(doc)["id"] for doc in docs}


def codecs() -> list[str]:
    """Return the codecs that segments can be written with here."""
    return list(CODECS) if chosen(None) == NATIVE else [STOCK]


def postings(index: Path, words: Iterable[str] = WORDS) -> dict[Any, Any]:
    """Return the live postings of some stems: where each stands."""
    found: dict[Any, Any] = {}
    with open_dir(str(index)).reader() as reader:
        for word in words:
            if ("text", word.encode()) not in reader:
                continue
            matcher = reader.postings("text", word.encode())
            while matcher.is_active():
                doc = reader.stored_fields(matcher.id())["id"]
                found[word, doc] = (matcher.weight(), matcher.value_as("positions"))
                matcher.next()
    return found


def recount(index: Path) -> dict[str, int]:
    """Return the totals of an index, counted from its documents."""
    with open_dir(str(index)).reader() as reader:
        live = [(d, s) for d, s in reader.iter_docs() if "article" in s]
        words = column_array(reader, "words")
        articles = {s["article"]: s.get("date") for _, s in live}
        return {
            "documents": len(live),
            "words": sum(words[d] for d, _ in live),
            "articles": len(articles),
            "undated": sum(not day for day in articles.values()),
            "sources": len(list(source_records(reader))),
        }


def totals(index: Path) -> dict[str, int]:
    """Return the totals that the index says it has."""
    with open_dir(str(index)).reader() as reader:
        archive = archive_record(reader)
    return {name: getattr(archive, name) for name in recount(index)}


def files_of(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Return name, size, time and bytes of all there is in a folder, itself too."""
    state = {
        p.name: (p.stat().st_size, p.stat().st_mtime_ns, p.read_bytes())
        for p in folder.iterdir()
        if p.is_file()
    }
    return {**state, ".": (0, folder.stat().st_mtime_ns, b"")}


def part_modules() -> list[ModuleType]:
    """Return the modules that know how many articles a part of a record is of."""
    names = ["indexing.manifest", "indexing.records", "indexing.book"]
    names += ["engines.native"] if NATIVE in codecs() else []
    return [import_module(f"searcher.{name}") for name in names]


def parts_of(folder: Path) -> int:
    """Return how many parts of records an index holds."""
    with open_dir(str(folder)).reader() as reader:
        return len(record_docnums(reader, "part"))
