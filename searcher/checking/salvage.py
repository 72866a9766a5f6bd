"""What of a damaged index is whole: its table of contents, and which of its segments."""

from __future__ import annotations

from array import array
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.index import TOC

from searcher.checking.files import ANYTHING, check_bytes
from searcher.checking.records import Held
from searcher.checking.words import compare
from searcher.codec.segment import NativeSegment
from searcher.core import core
from searcher.errors import IndexIncompatible, IndexUnreadable
from searcher.indexing.damage import without_core
from searcher.indexing.format import FORMAT_VERSION
from searcher.indexing.manifest import (
    ArchiveRecord,
    SourceRecord,
    record_docnums,
    source_records,
)
from searcher.indexing.schema import language_of, schema
from searcher.indexing.segment_list import (
    Part,
    read_segment_list,
    stated,
    toc_name,
    told_generation,
)
from searcher.indexing.stock import segment_reader
from searcher.indexing.storage import FolderStorage, file_of, listed
from searcher.indexing.toc import parse_toc


class Salvage(NamedTuple):
    """What of an index is whole.

    Attributes:
        storage: its folder.
        toc: a table of contents of the segments that are whole.
        dropped: the files of the others.
        lost_records: records of sources that could still be read in those.
        is_rewritten: whether stock segments have to be written anew, because the table
            of contents was lost that knew the lengths of their fields.
    """

    storage: FolderStorage
    toc: TOC
    dropped: tuple[str, ...]
    lost_records: tuple[SourceRecord, ...]
    is_rewritten: bool

    def archive(self, reader: Any, articles: Held) -> ArchiveRecord:
        """Return the record of the archive, or one that can stand for it."""
        for docnum in record_docnums(reader, "archive"):
            return ArchiveRecord(**reader.stored_fields(docnum)["payload"])
        lost = (entry.number for record in self.lost_records for entry in record.entries)
        following = max(chain(articles.numbers(), lost), default=0) + 1
        return ArchiveRecord(language=language_of(self.toc.schema), next_article_no=following)


def salvage(folder: Path) -> Salvage:
    """Find out what of an index is whole.

    Raises:
        IndexUnreadable: nothing tells any more what the segments are.
        IndexIncompatible: there is no native core to read them with.
    """
    toc, parts, is_rewritten = _table(folder)
    storage = FolderStorage(str(folder))
    storage.parts.update((part.file, part) for part in parts if part.seal is not None)
    if core() == "python" and any(part.is_native for part in parts):
        raise without_core(folder)
    known = {part.file: part for part in parts}
    whole = [one for one in toc.segments if _is_whole(storage, toc, one, known[file_of(one)])]
    broken = [one for one in toc.segments if one not in whole]
    lost = tuple(record for one in broken for record in _records(storage, toc, one))
    return Salvage(
        storage,
        TOC(toc.schema, whole, toc.generation, toc.version, toc.release),
        tuple(map(file_of, broken)),
        lost,
        is_rewritten,
    )


def _table(folder: Path) -> tuple[TOC, tuple[Part, ...], bool]:
    """Return the table of contents, what its segments have to be, and whether it was made up."""
    generation = told_generation(folder)
    with suppress(IndexUnreadable):
        found = read_segment_list(folder, generation)
        toc = _parsed(folder, generation)
        if toc is not None:
            return toc, found.parts if found else listed(toc).parts, False
    with suppress(IndexUnreadable, OSError):
        found = stated(folder, generation)
        if found.format_version == FORMAT_VERSION:
            return _made_up(found.language, found.parts, generation), found.parts, True
    # The list is lost: what the table says is right as far as the segments bear it out.
    toc = _parsed(folder, generation)
    if toc is not None:
        return toc, listed(toc).parts, False
    raise IndexUnreadable(
        f"{folder}: nothing is left that tells what its segments are: {toc_name(generation)} and "
        f"its list are damaged. Delete the folder and index again: searcher index PATH --index "
        f"{folder}",
        str(folder),
    )


def _parsed(folder: Path, generation: int) -> TOC | None:
    with suppress(Exception):
        return parse_toc((folder / toc_name(generation)).read_bytes(), generation)
    return None


def _made_up(language: str, parts: tuple[Part, ...], generation: int) -> TOC:
    return TOC(schema(language), [_segment(part) for part in parts], generation)


def _segment(part: Part) -> Any:
    """Return what a table of contents would say of a segment."""
    segid = part.file.partition(".")[0].removeprefix("MAIN_")
    deleted = set(array("I", part.deleted))
    if part.is_native:
        return NativeSegment("MAIN", part.documents, segid, deleted)
    segment = W3Segment(W3Codec(), "MAIN", part.documents, segid, deleted or None)
    segment.compound, segment._fieldlengths = True, {}
    return segment


def _is_whole(storage: FolderStorage, toc: TOC, segment: Any, part: Part) -> bool:
    """Tell whether a segment can be kept: by its checksums, or by all that it holds."""
    try:
        check_bytes(Path(storage.folder), part)
        if part.seal is None:
            compare(storage, toc.schema, segment)
        else:
            segment_reader(storage, toc.schema, segment).close()
    except IndexIncompatible:
        return True  # of another program: nothing to compare it with
    # Without checksums damage can lead to anything.
    except ANYTHING:
        return False
    return True


def _records(storage: FolderStorage, toc: TOC, segment: Any) -> list[SourceRecord]:
    """Return the records that can still be read in a broken segment."""
    found: list[SourceRecord] = []
    with suppress(*ANYTHING):
        reader = segment_reader(storage, toc.schema, segment)
        found.extend(source_records(reader))
    return found
