r"""What a commit is made of, with checksums, in a file that is read without Whoosh.

Whoosh's table of contents is a pickle: reading it loads most of Whoosh, and
nothing tells whether it, or a segment of Whoosh's codec, is what was written.
So a commit leaves the file `_MAIN_<generation>.segments` beside it:

    file     = "SRCHSEG2" body crc32(all before):u32
    body     = generation:u32 toc_bytes:u64 toc_crc32:u32 format:u32 language:text
               segments:u32 segment{segments}
    segment  = file:text bytes:u64 seal:u32 documents:u32 deleted:u32 docnum:u32{deleted}
               pages:u32 crc32:u32{pages}
    text     = bytes:u16 utf-8

Numbers are little-endian, docnums ascend.  A page is 64 KiB, the last one
shorter.  A native segment has checksums of its own pages, and none here; its
seal is the checksum of its footer.  That of any other is the checksum of its
pages' checksums.

Where there is no such file, because a stock writer committed, the table is
read and nothing is checked.  One that is damaged, or that tells of another
table than the one beside it, is damage.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator
from struct import Struct, error
from typing import Any, NamedTuple

from searcher.errors import IndexUnreadable
from searcher.indexing.damage import damaged
from searcher.indexing.format import FORMAT_VERSION
from searcher.patterns import late

MAGIC = b"SRCHSEG2"
EXTENSION = ".nat"
"""Of a native segment's file."""

STOCK_EXTENSION = ".seg"
"""Of the file of a segment of Whoosh's codec."""

PAGE = 1 << 16
"""Bytes that have a checksum together."""

_TOC = re.compile(r"_MAIN_([0-9]+)\.toc")
_LIST = late(r"_MAIN_([0-9]+)\.segments")
_HEAD = Struct("<IQII")
_FACTS = Struct("<QIII")
_U16, _U32 = Struct("<H"), Struct("<I")
_SEAL_AT, _SEAL_END = -12, -8
"""Where in a native segment its seal stands, from its end (docs/native-format.md)."""


class Part(NamedTuple):
    """One segment of a commit.

    Attributes:
        file: its name in the folder.
        documents: in it, deleted ones too.
        deleted: docnums of deleted ones, native-endian uint32, ascending.
        size_bytes: of the file; None where only the table of contents tells of it.
        seal: a number that stands for every byte of the file; None likewise.
        crcs: checksums of its pages; none of a native segment.
    """

    file: str
    documents: int
    deleted: bytes
    size_bytes: int | None = None
    seal: int | None = None
    crcs: tuple[int, ...] = ()

    @property
    def is_native(self) -> bool:
        """Whether the segment is one of the native core."""
        return self.file.endswith(EXTENSION)


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


def told_generation(folder: str | os.PathLike[str]) -> int:
    """Return generation_of(folder); where the table of contents is gone, that of its list.

    Raises:
        OSError: it can't be listed.
    """
    lists = map(_LIST().fullmatch, os.listdir(folder))  # noqa: PTH208
    told = max((int(match[1]) for match in lists if match), default=-1)
    newest = generation_of(folder)
    return newest if newest >= 0 else told


def list_name(generation: int) -> str:
    """Return the name of the list of a commit."""
    return f"_MAIN_{generation}.segments"


def toc_name(generation: int) -> str:
    """Return the name of the table of contents of a commit."""
    return f"_MAIN_{generation}.toc"


def commit_mark(folder: str | os.PathLike[str]) -> tuple[int, int, int]:
    """Return what is another one after each commit, and after the index was made anew.

    Raises:
        OSError: there is no index, or a commit came in between.
    """
    generation = generation_of(folder)
    table = os.stat(os.path.join(folder, f"_MAIN_{generation}.toc"))  # noqa: PTH116, PTH118
    return generation, table.st_ino, table.st_mtime_ns


def read_segment_list(folder: str | os.PathLike[str], generation: int) -> SegmentList | None:
    """Return what a commit is made of; None where only its table of contents tells.

    Raises:
        IndexUnreadable: the list, or the table of contents, is damaged.
    """
    try:
        content = _read(folder, list_name(generation))
        toc = _read(folder, toc_name(generation))
    except OSError:
        return None
    found, seal = _opened(folder, list_name(generation), content)
    if seal != (generation, len(toc), zlib.crc32(toc)):
        raise damaged(folder, f"{toc_name(generation)}: its checksum is wrong")
    return found


def stated(folder: str | os.PathLike[str], generation: int) -> SegmentList:
    """Return what the list of a commit says, whatever the table of contents is.

    Raises:
        OSError: it can't be read.
        IndexUnreadable: it is damaged.
    """
    name = list_name(generation)
    return _opened(folder, name, _read(folder, name))[0]


def _opened(
    folder: str | os.PathLike[str], name: str, content: bytes
) -> tuple[SegmentList, tuple[int, int, int]]:
    is_whole = content[:8] == MAGIC and _U32.pack(zlib.crc32(content[:-4])) == content[-4:]
    if not is_whole:
        raise damaged(folder, f"{name}: its checksum is wrong")
    try:
        return _decoded(content)
    except (error, ValueError) as cause:
        raise damaged(folder, f"{name}: {cause}") from cause


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
        part, at = _part(content, at)
        parts.append(part)
    if at != len(content) - 4:
        raise ValueError("bytes behind the last segment")
    return SegmentList(generation, version, language, tuple(parts)), (generation, size, crc)


def _part(content: bytes, at: int) -> tuple[Part, int]:
    name, at = _text(content, at)
    size, seal, documents, gone = _FACTS.unpack_from(content, at)
    deleted, at = _numbers(content, at + _FACTS.size, gone)
    (pages,) = _U32.unpack_from(content, at)
    crcs, at = _numbers(content, at + 4, pages)
    return Part(name, documents, deleted, size, seal, tuple(array("I", crcs)) if crcs else ()), at


def _numbers(content: bytes, at: int, count: int) -> tuple[bytes, int]:
    end = at + 4 * count
    return _native(content[at:end]), end


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

    Call it right after the commit, under the write lock.

    Args:
        folder: of the index.
        generation: number of the commit.
        language: of its stems.
        segments: Whoosh's, in the order of the table of contents.

    Raises:
        OSError: it can't be written, or a segment not be read.
    """
    from pathlib import Path

    from searcher.indexing import disk

    home = Path(folder)
    before = _parts_before(home)
    parts = [_part_of(home, segment, before) for segment in segments]
    toc = _read(home, toc_name(generation))
    pieces = [MAGIC, _HEAD.pack(generation, len(toc), zlib.crc32(toc), FORMAT_VERSION)]
    pieces += [_packed_text(language), _U32.pack(len(parts)), *map(_packed_part, parts)]
    body = b"".join(pieces)
    for old in home.glob("_MAIN_*.segments*"):
        old.unlink(missing_ok=True)
    disk.put_file(home / list_name(generation), body + _U32.pack(zlib.crc32(body)))


def _parts_before(home: Any) -> dict[str, Part]:
    """Return what earlier lists say of segments, which never change."""
    found: dict[str, Part] = {}
    for old in home.glob("_MAIN_*.segments"):
        with contextlib.suppress(OSError, IndexUnreadable):
            content = _read(home, old.name)
            found.update((part.file, part) for part in _opened(home, old.name, content)[0].parts)
    return found


def _part_of(home: Any, segment: Any, before: dict[str, Part]) -> Part:
    stem, deleted = segment.segment_id(), array("I", sorted(segment.deleted_docs()))
    name = f"{stem}{EXTENSION}"
    if not (home / name).is_file():
        name = f"{stem}{STOCK_EXTENSION}"
    size = (home / name).stat().st_size
    known = before.get(name)
    if known is None or known.size_bytes != size:
        known = _sealed(home / name, size)
    return known._replace(documents=segment.doc_count_all(), deleted=deleted.tobytes())


def _sealed(path: Any, size: int) -> Part:
    """Return a file with the checksums of its pages, and its seal."""
    if path.suffix == EXTENSION:
        return Part(path.name, 0, b"", size, native_seal(path))
    crcs = tuple(page_crcs(path))
    return Part(path.name, 0, b"", size, seal_of(crcs), crcs)


def native_seal(path: Any) -> int:
    """Return the seal of a native segment, without looking at the rest of it."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size + _SEAL_AT))
        return int.from_bytes(file.read(_SEAL_END - _SEAL_AT), "little")


def check_seal(folder: str | os.PathLike[str], part: Part) -> None:
    """Check that the file of a segment is the one that the commit was made with.

    Its size and, of a native one, its seal are looked at: no more than a few bytes.

    Raises:
        FileNotFoundError: it isn't there.
        IndexUnreadable: it is another, or was cut.
    """
    from pathlib import Path

    path = Path(folder, part.file)
    size = path.stat().st_size
    if size != part.size_bytes:
        raise damaged(folder, f"{part.file}: {size} bytes, expected {part.size_bytes}")
    if part.is_native and native_seal(path) != part.seal:
        raise damaged(folder, f"{part.file}: another segment than the commit was made with")


def page_crcs(path: Any) -> Iterator[int]:
    """Yield the checksum of each page of a file."""
    with path.open("rb") as file:
        while page := file.read(PAGE):
            yield zlib.crc32(page)


def seal_of(crcs: Iterable[int]) -> int:
    """Return the seal of a file whose pages have these checksums."""
    return zlib.crc32(b"".join(map(_U32.pack, crcs)))


def _packed_part(part: Part) -> bytes:
    deleted = _native(part.deleted)
    facts = _FACTS.pack(part.size_bytes, part.seal, part.documents, len(deleted) // 4)
    crcs = _U32.pack(len(part.crcs)) + b"".join(map(_U32.pack, part.crcs))
    return _packed_text(part.file) + facts + deleted + crcs


def _packed_text(text: str) -> bytes:
    packed = text.encode()
    return _U16.pack(len(packed)) + packed
