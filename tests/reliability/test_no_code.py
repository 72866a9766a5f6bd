"""R9: opening an index runs no code that it names."""

from __future__ import annotations

import os
import pickle
import re
import shutil
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from whoosh.codec.whoosh3 import W3Segment
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC, open_dir

import searcher
from searcher.codec.unpickle import Refused, load, loads
from searcher.core import core
from searcher.indexing.codecs import STOCK
from searcher.indexing.schema import StemAnalyzer, schema
from searcher.indexing.toc import segment_names
from tests.conftest import TODAY

pytestmark = pytest.mark.damages

needs_core = pytest.mark.skipif(core() == "python", reason="the native core is not built")


class Attack:
    """What unpickles by making a file: the harm that a pickle could do."""

    def __init__(self, mark: Path) -> None:
        # A short name: an attack has to fit into a posting list.
        self.name = mark.name

    def __reduce__(self):
        return os.mkdir, (self.name,)


def write_toc(folder: Path, schema_pickle: bytes, segments_pickle: bytes, generation: int) -> None:
    """Write a table of contents of two pickles, with the list of the commit gone."""
    file = StructFile(BytesIO())
    for size in (4, 8, 4):
        file.write_varint(size)
    file.write_int(-12345)
    file.write_int(-111)
    for number in (3, 54, 0):
        file.write_varint(number)
    file.write_string(schema_pickle)
    file.write_int(generation)
    file.write_int(0)
    file.write(segments_pickle)
    (folder / f"_MAIN_{generation}.toc").write_bytes(file.file.getvalue())
    for list_ in folder.glob("*.segments"):
        list_.unlink()


def stock_index(folder: Path) -> tuple[Path, TOC]:
    """Make an index of Whoosh's codec; return it with its table of contents."""
    news = folder / "news"
    news.mkdir()
    paragraphs = [f"{'It rained. ' * n} Oil prices rose {n * n}. Oil fell." for n in range(60)]
    (news / "a.md").write_text("---\ntitle: A dam\n---\n" + "\n\n".join(paragraphs))
    searcher.index([news], folder / "index", codec=STOCK)
    return folder / "index", open_dir(str(folder / "index"))._read_toc()


def in_schema(folder: Path, mark: Path) -> None:
    index, toc = stock_index(folder)
    toc.schema["text"].attack = Attack(mark)
    write_toc(index, pickle.dumps(toc.schema, 2), pickle.dumps(toc.segments), toc.generation)


def for_schema(folder: Path, mark: Path) -> None:
    index, toc = stock_index(folder)
    write_toc(index, pickle.dumps(Attack(mark)), pickle.dumps(toc.segments), toc.generation)


def in_analyzer(folder: Path, mark: Path) -> None:
    index, toc = stock_index(folder)
    toc.schema["text"].analyzer.__class__ = Spying
    toc.schema["text"].analyzer.language = Attack(mark)
    data = pickle.dumps(toc.schema, 2).replace(
        b"ctests.reliability.test_no_code\nSpying\n", b"csearcher.indexing.schema\nStemAnalyzer\n"
    )
    write_toc(index, data, pickle.dumps(toc.segments), toc.generation)


class Spying(StemAnalyzer):
    """An analyzer whose language may be anything."""


def in_segments(folder: Path, mark: Path) -> None:
    index, toc = stock_index(folder)
    data = pickle.dumps([*toc.segments, Attack(mark)])
    write_toc(index, pickle.dumps(toc.schema, 2), data, toc.generation)


def in_codec(folder: Path, mark: Path) -> None:
    index, toc = stock_index(folder)
    toc.segments[0]._codec = Attack(mark)
    write_toc(index, pickle.dumps(toc.schema, 2), pickle.dumps(toc.segments), toc.generation)


def segment_file(index: Path) -> Path:
    (found,) = index.glob("*.seg")
    return found


def in_directory(folder: Path, mark: Path) -> None:
    index, _ = stock_index(folder)
    path = segment_file(index)
    data = path.read_bytes()
    start, length = struct.unpack("!qi", data[:12])
    put(path, data[:start] + pickle.dumps({"x": Attack(mark)}) + data[start + length :])
    unseal(index)


def put(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def unseal(index: Path) -> None:
    """Take the checksums away, as one who makes an index up would make them right."""
    for list_ in index.glob("*.segments"):
        list_.unlink()


def repacked(index: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """Change one of the files inside the segment."""
    path = segment_file(index)
    data = path.read_bytes()
    start, _ = struct.unpack("!qi", data[:12])
    rest = BytesIO(data[start:])
    directory, options = pickle.load(rest), pickle.load(rest)  # noqa: S301
    files = {
        one: data[facts["offset"] : facts["offset"] + facts["length"]]
        for one, facts in directory.items()
    }
    (wanted,) = (one for one in files if one.endswith(name))
    files[wanted] = change(files[wanted])
    body = bytearray(12)
    for one, content in files.items():
        directory[one] = {**directory[one], "offset": len(body), "length": len(content)}
        body += content
    tail = pickle.dumps(directory) + pickle.dumps(options)
    body[:12] = struct.pack("!qi", len(body), len(tail))
    put(path, bytes(body) + tail)
    unseal(index)


def in_block_data(folder: Path, mark: Path) -> None:
    index, _ = stock_index(folder)
    repacked(index, ".pst", lambda data: with_attacks(data, mark, in_head=False))


def in_block_head(folder: Path, mark: Path) -> None:
    index, _ = stock_index(folder)
    repacked(index, ".pst", lambda data: with_attacks(data, mark, in_head=True))


def with_attacks(data: bytes, mark: Path, *, in_head: bool) -> bytes:
    """Put an attack over every posting list that has room for one, and where it ends."""
    attack = pickle.dumps(Attack(mark), 2)
    out = bytearray(data)
    for found in re.finditer(rb"W3Bl", data):
        at = found.end()
        (length,) = struct.unpack("!i", data[at : at + 4])
        head = pickle.dumps((1, 0, 1.0, 0, 0, 0), 2)
        content = attack if in_head else head + attack
        if len(content) <= abs(length):
            out[at + 4 : at + 4 + len(content)] = content
    assert out != data
    return bytes(out)


def in_stored(folder: Path, mark: Path) -> None:
    index, _ = stock_index(folder)
    packed = zlib.compress(pickle.dumps({"payload": Attack(mark)}, 2))
    repacked(index, "_stored.col", lambda data: one_value(packed, data))


def one_value(packed: bytes, data: bytes) -> bytes:
    """Return a column of values that is one value for every document."""
    from whoosh.columns import VarBytesColumn

    file = StructFile(BytesIO())
    writer = VarBytesColumn().writer(file)
    count = 200
    for docnum in range(count):
        writer.add(docnum, packed)
    writer.finish(count)
    return file.file.getvalue()


def in_term_extras(folder: Path, mark: Path) -> None:
    index, _ = stock_index(folder)

    def change(data: bytes) -> bytes:
        (length,) = struct.unpack("!i", data[-4:])
        extras = pickle.dumps({"fieldmap": Attack(mark)}, 2)
        return data[: -4 - length] + extras + struct.pack("!i", len(extras))

    repacked(index, ".trm", change)


def by_setting_a_method(folder: Path, mark: Path) -> None:
    index, toc = stock_index(folder)
    # GLOBAL of a class, then BUILD with (None, {name: value}) sets its attributes.
    data = (
        b"(lcwhoosh.codec.whoosh3\nW3Segment\n(N(dS'codec'\ncwhoosh.codec.whoosh3\nW3Codec\nstba."
    )
    write_toc(index, pickle.dumps(toc.schema, 2), data, toc.generation)


CRAFTED = (
    *(in_schema, for_schema, in_analyzer, in_segments, in_codec, by_setting_a_method),
    *(in_directory, in_block_data, in_block_head, in_stored, in_term_extras),
)


@pytest.mark.parametrize("craft", CRAFTED, ids=lambda craft: craft.__name__)
def test_a_made_up_index_is_refused_and_nothing_of_it_is_run(tmp_path, monkeypatch, craft):
    monkeypatch.chdir(tmp_path)
    mark = tmp_path / "ran"
    codec = W3Segment.codec
    craft(tmp_path, mark)

    for use in (search, write, searcher.check, searcher.repair):
        with pytest.raises(searcher.SearcherError) if use in (search, write) else looking():
            use(tmp_path / "index")
        assert not mark.exists(), f"{use.__name__} ran it"
    assert W3Segment.codec is codec


def search(index: Path) -> None:
    with searcher.open(index, today=TODAY) as archive:
        for hit in archive.search('"oil prices" -rain'):
            archive.get(hit.article)
        archive.search("oil", facets=("section", "desk"))


def write(index: Path) -> None:
    (index.parent / "news" / "b.md").write_text("---\ntitle: Rain\n---\nIt rained.\n")
    searcher.index([index.parent / "news"], index, codec=STOCK, rebuild=True)
    search(index)
    raise searcher.SearcherError("a rebuild took nothing over")


class looking:  # noqa: N801 (it reads as what it does)
    """A look that may find or refuse."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind, error, trace) -> bool:
        return error is None or isinstance(error, searcher.SearcherError)


def test_the_attack_is_one(tmp_path, monkeypatch):
    """Whoosh itself runs it."""
    monkeypatch.chdir(tmp_path)
    in_schema(tmp_path, tmp_path / "ran")
    open_dir(str(tmp_path / "index"))
    assert (tmp_path / "ran").exists()


def test_honest_pickles_name_no_more_than_is_allowed():
    for value in (["a", (1, 2.5, None)], {b"bytes": b"", "x": True}, {1, 2}):
        for protocol in range(2, 6):
            assert loads(pickle.dumps(value, protocol)) == value
    assert schema("en") is not None


@pytest.mark.parametrize(
    "data",
    [
        b"cos\nsystem\n.",
        b"\x80\x04\x8c\x02os\x8c\x06system\x93.",
        b"(S'x'\nios\nsystem\n.",
        b"\x82\x01.",
        b"cbuiltins\neval\n(S'1'\ntR.",
        b"cwhoosh.codec.whoosh3\nW3Segment.codec\n.",
    ],
)
def test_every_way_of_naming_is_refused(data):
    for read in (loads, lambda data: load(BytesIO(data), segment_names())):
        with pytest.raises((Refused, ValueError, pickle.UnpicklingError)):
            read(data)


@needs_core
def test_a_pickle_in_a_native_segment_is_never_read(tmp_path, monkeypatch):
    from searcher.codec import NativeCodec

    monkeypatch.chdir(tmp_path)
    mark = tmp_path / "ran"
    index, _ = stock_index(tmp_path)
    shutil.rmtree(index)
    news = tmp_path / "news"
    searcher.index([news], index, codec="native")
    with open_dir(str(index)).writer(codec=NativeCodec()) as writer:
        writer.add_document(record="source", payload=Attack(mark))

    for use in (search, searcher.check, searcher.repair):
        with looking():
            use(index)
        assert not mark.exists()
