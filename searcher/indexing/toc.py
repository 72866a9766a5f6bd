"""The table of contents of an index, read without running anything that it names.

Whoosh's is two pickles: the schema, and the list of segments.  Whoosh reads
them with whatever they name; here they may name the classes of an index of
searcher (unpickle.py), and what they say of a segment is looked at before any
file is opened by it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from io import BytesIO
from typing import Any

from whoosh.analysis.tokenizers import IDTokenizer
from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.fields import ID, NUMERIC, STORED, FieldType, Schema
from whoosh.filedb.structfile import StructFile
from whoosh.formats import Characters, Existence, Frequency, Positions
from whoosh.index import TOC

from searcher.codec.segment import NativeSegment
from searcher.codec.unpickle import PLAIN, Names, load
from searcher.indexing import columns, key_column, schema

VERSION = -111
"""Of the tables that Whoosh 2.7, Whoosh-Reloaded 2.7 and whoosh3 write."""

_BYTE_ORDER = -12345
_SIZES = (4, 8, 4)
"""Bytes of an int, a long and a float where the table was written."""

_SEGMENT_ID = re.compile(r"[0-9a-z]+")


class OtherTable(Exception):
    """A table of contents of a version that isn't read."""


def _named(*classes: Any) -> dict[tuple[str, str], Any]:
    return {(one.__module__, one.__qualname__): one for one in classes}


@cache
def schema_names() -> Names:
    """Return what the schema of an index of searcher may name."""
    own = (
        schema.StemAnalyzer,
        schema.ExactAnalyzer,
        schema.WholeValueAnalyzer,
        schema.DeskField,
        schema.SpeakerField,
        schema.QuotedField,
        schema.NumberField,
        schema.KeysField,
        schema.RecordField,
        columns.NumberColumn,
        columns.TextColumn,
        key_column.KeyColumn,
    )
    whooshs = (Schema, FieldType, ID, NUMERIC, STORED, IDTokenizer)
    formats = (Existence, Frequency, Positions, Characters)
    # Protocol 2 spells int so.
    return {**PLAIN, **_named(*own, *whooshs, *formats), ("__builtin__", "long"): int}


@cache
def segment_names() -> Names:
    """Return what the list of segments may name."""
    counts = {("collections", "defaultdict"): defaultdict, ("builtins", "int"): int}
    return {**PLAIN, **_named(NativeSegment, W3Segment, W3Codec), **counts}


def parse_toc(data: bytes, generation: int) -> TOC:
    """Return a table of contents.

    Args:
        data: the bytes of its file.
        generation: the number in the name of its file.

    Raises:
        unpickle.Refused: it names what no index of searcher does.
        OtherTable: it is of another version.
        Exception: it is damaged; whatever the damage leads to.
    """
    file = StructFile(BytesIO(data))
    version = _read_head(file)
    if version != VERSION:
        raise OtherTable(f"a table of contents of version {version}")
    release = tuple(file.read_varint() for _ in range(3))
    fields = load(BytesIO(file.read_string()), schema_names())
    if (file.read_int(), file.read_int()) != (generation, 0):
        raise ValueError("a table of contents of another commit")
    segments = load(file.file, segment_names())
    if file.read(1):
        raise ValueError("bytes behind the last segment")
    return TOC(_checked_schema(fields), _checked_segments(segments), generation, version, release)


def _read_head(file: StructFile) -> int:
    if tuple(file.read_varint() for _ in range(3)) != _SIZES or file.read_int() != _BYTE_ORDER:
        raise ValueError("not a table of contents of Whoosh")
    return int(file.read_int())


def _checked_schema(fields: Any) -> Schema:
    if not isinstance(fields, Schema) or not isinstance(dict(fields.items()), dict):
        raise TypeError("a schema that is none")
    return fields


def _checked_segments(segments: Any) -> list[Any]:
    if not isinstance(segments, list):
        raise TypeError("a list of segments that is none")
    for segment in segments:
        _check_segment(segment)
    return segments


def _check_segment(segment: Any) -> None:
    """Refuse a segment whose name leads elsewhere, or whose numbers can't be."""
    if not isinstance(segment, W3Segment | NativeSegment):
        raise TypeError("a segment that is none")
    is_named = segment.indexname == "MAIN" and bool(_SEGMENT_ID.fullmatch(segment.segid))
    count, deleted = segment._doccount, segment._deleted or ()
    holds = all(type(docnum) is int and 0 <= docnum < count for docnum in deleted)
    if not (is_named and type(count) is int and count >= 0 and holds):
        raise ValueError("a segment that can't be")
    if isinstance(segment, W3Segment) and not segment.compound:
        raise ValueError("a segment of several files")
