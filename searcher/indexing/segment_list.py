r"""Which native segments a commit has, told in a file that is read without Whoosh.

Whoosh's table of contents is a pickle, and reading it loads most of Whoosh.
Beside it, a commit whose segments are all native leaves the file
`_MAIN_<generation>.segments`, which says the same in plain numbers:

    file     = "SRCHSEG1" body crc32(all before):u32
    body     = generation:u32 toc_bytes:u64 toc_crc32:u32 format:u32 language:text
               segments:u32 segment{segments}
    segment  = file:text documents:u32 deleted:u32 docnum:u32{deleted}
    text     = bytes:u16 utf-8

Numbers are little-endian, docnums ascend.  The file holds for that one table
of contents alone: where it is missing, damaged or of another table, because a
stock writer committed, the table itself is read.
"""

from __future__ import annotations

import os
import re
import sys
import zlib
from array import array
from collections.abc import Iterable
from struct import Struct, error
from typing import Any, NamedTuple

from searcher.indexing.format import FORMAT_VERSION

MAGIC = b"SRCHSEG1"
EXTENSION = ".nat"
"""Of a native segment's file."""

_TOC = re.compile(r"_MAIN_([0-9]+)\.toc")
_HEAD = Struct("<IQII")
_U16, _U32, _U32X2 = Struct("<H"), Struct("<I"), Struct("<II")


class Part(NamedTuple):
    """One segment of a commit.

    Attributes:
        file: its name in the folder.
        documents: in it, deleted ones too.
        deleted: docnums of deleted ones, native-endian uint32, ascending.
    """

    file: str
    documents: int
    deleted: bytes


class SegmentList(NamedTuple):
    """The segments of one commit.

    Attributes:
        generation: number of the commit.
        format_version: of the index.
        language: of its stems.
        parts: its segments in order.
    """

    generation: int
    format_version: int
    language: str
    parts: tuple[Part, ...]


def generation_of(folder: str | os.PathLike[str]) -> int:
    """Return the number of the newest commit in a folder; -1 where there is none.

    Raises:
        OSError: it can't be listed.
    """
    found = map(_TOC.fullmatch, os.listdir(folder))  # noqa: PTH208
    return max((int(match[1]) for match in found if match), default=-1)


def commit_mark(folder: str | os.PathLike[str]) -> tuple[int, int, int]:
    """Return what is another one after each commit, and after the index was made anew.

    Raises:
        OSError: there is no index, or a commit came in between.
    """
    generation = generation_of(folder)
    table = os.stat(os.path.join(folder, f"_MAIN_{generation}.toc"))  # noqa: PTH116, PTH118
    return generation, table.st_ino, table.st_mtime_ns


def read_segment_list(folder: str | os.PathLike[str], generation: int) -> SegmentList | None:
    """Return the segments of a commit; None where only its table of contents tells them."""
    try:
        content = _read(folder, f"_MAIN_{generation}.segments")
        toc = _read(folder, f"_MAIN_{generation}.toc")
    except OSError:
        return None
    is_whole = content[:8] == MAGIC and _U32.pack(zlib.crc32(content[:-4])) == content[-4:]
    if not is_whole:
        return None
    try:
        found, seal = _decoded(content)
    except (error, ValueError):
        return None
    return found if seal == (generation, len(toc), zlib.crc32(toc)) else None


def _read(folder: str | os.PathLike[str], name: str) -> bytes:
    with open(os.path.join(folder, name), "rb") as file:  # noqa: PTH118, PTH123
        return file.read()


def _decoded(content: bytes) -> tuple[SegmentList, tuple[int, int, int]]:
    generation, size, crc, version = _HEAD.unpack_from(content, len(MAGIC))
    language, at = _text(content, len(MAGIC) + _HEAD.size)
    count = _U32.unpack_from(content, at)[0]
    at += 4
    parts = []
    for _ in range(count):
        name, at = _text(content, at)
        documents, deleted = _U32X2.unpack_from(content, at)
        at += 8
        parts.append(Part(name, documents, _native(content[at : at + 4 * deleted])))
        at += 4 * deleted
    if at != len(content) - 4:
        raise ValueError("bytes behind the last segment")
    return SegmentList(generation, version, language, tuple(parts)), (generation, size, crc)


def _text(content: bytes, at: int) -> tuple[str, int]:
    end = at + 2 + _U16.unpack_from(content, at)[0]
    return content[at + 2 : end].decode(), end


def _native(packed: bytes) -> bytes:
    """Return little-endian numbers in the order of this machine, or the other way round."""
    if sys.byteorder == "little":
        return packed
    numbers = array("I", packed)
    numbers.byteswap()
    return numbers.tobytes()


def write_segment_list(
    folder: str | os.PathLike[str], generation: int, language: str, segments: Iterable[Any]
) -> None:
    """Leave the list of a commit beside its table of contents, and remove older lists.

    Call it right after the commit, under the write lock.  Where a segment
    isn't native there is no list.

    Args:
        folder: of the index.
        generation: number of the commit.
        language: of its stems.
        segments: Whoosh's, in the order of the table of contents.
    """
    from pathlib import Path

    from searcher.indexing import disk

    home, several = Path(folder), list(segments)
    for old in home.glob("_MAIN_*.segments*"):
        old.unlink(missing_ok=True)
    names = [f"{segment.segment_id()}{EXTENSION}" for segment in several]
    if not all((home / name).is_file() for name in names):
        return
    toc = (home / f"_MAIN_{generation}.toc").read_bytes()
    pieces = [MAGIC, _HEAD.pack(generation, len(toc), zlib.crc32(toc), FORMAT_VERSION)]
    pieces += [_packed_text(language), _U32.pack(len(several))]
    for name, segment in zip(names, several, strict=True):
        deleted = array("I", sorted(segment.deleted_docs()))
        pieces += [_packed_text(name), _U32X2.pack(segment.doc_count_all(), len(deleted))]
        pieces += [_native(deleted.tobytes())]
    body = b"".join(pieces)
    disk.put_file(home / f"_MAIN_{generation}.segments", body + _U32.pack(zlib.crc32(body)))


def _packed_text(text: str) -> bytes:
    packed = text.encode()
    return _U16.pack(len(packed)) + packed
