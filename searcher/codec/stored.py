"""Stored fields of any kind.

The core stores None, bool, int, float, str, bytes, tuple, list, dict, date and
datetime.  Whoosh lets a program store whatever pickles; such a value is kept as
its pickle beside the others, under a name that no field of Whoosh has.

Reading a pickle calls what it names, so it may name nothing but values of the
standard library that do nothing (VALUES) and the classes that the program said
it stores:

    from searcher.codec import allow
    allow(Place)

searcher's own indexes hold no pickle, and searcher reads none.
"""

from __future__ import annotations

import pickle
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from pathlib import PurePath, PurePosixPath, PureWindowsPath
from typing import Any
from uuid import UUID, SafeUUID

from searcher.codec.unpickle import PLAIN, Refused, load

PICKLED = "\0pickled"
"""Name that the pickle of all other values stands under."""


def add_stored(writer: Any, fields: Mapping[str, Any]) -> None:
    """Store the fields of the next document."""
    try:
        writer.add_stored(dict(fields))
    except (TypeError, UnicodeEncodeError):
        writer.add_stored(_with_pickle(writer, fields))


def _with_pickle(writer: Any, fields: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: value for name, value in fields.items() if writer.can_store(value)}
    others = {name: value for name, value in fields.items() if name not in plain}
    return {**plain, PICKLED: pickle.dumps(others, 4)}


VALUES = (
    *(set, frozenset, complex, bytearray, range, slice, int, float, str, bytes, list, tuple, dict),
    *(OrderedDict, Counter, defaultdict, deque, Decimal, Fraction, UUID, SafeUUID),
    *(date, datetime, time, timedelta, timezone, PurePath, PurePosixPath, PureWindowsPath),
)
"""Classes of the standard library that a stored value may be of."""

_allowed: dict[tuple[str, str], Any] = {
    **PLAIN,
    **{(one.__module__, one.__qualname__): one for one in VALUES},
}


def allow(*classes: type) -> None:
    """Have stored values be of some more classes, in the whole process.

    Give only classes that may be made of any bytes: who can write to an index
    decides what they are made of.
    """
    _allowed.update({(one.__module__, one.__qualname__): one for one in classes})


def stored_fields(segment: Any, docnum: int, *, refuse: bool = False) -> dict[str, Any]:
    """Return the fields that a document was stored with.

    Args:
        segment: of the core.
        docnum: of the document.
        refuse: take no pickle, whatever it is of.

    Raises:
        searcher.codec.unpickle.Refused: a pickle names what it may not; `allow` it first.
    """
    fields: dict[str, Any] = segment.stored(docnum)
    pickled = fields.pop(PICKLED, None)
    if pickled is not None:
        fields.update(_unpickled(segment, docnum, pickled, refuse))
    return fields


def _unpickled(segment: Any, docnum: int, pickled: bytes, refuse: bool) -> Any:
    where = f"{segment.path}: what is stored of document {docnum}"
    if refuse:
        raise Refused(f"{where} is a pickle")
    try:
        return load(BytesIO(pickled), _allowed)
    except Refused as error:
        hint = "If the index is yours, allow that class: searcher.codec.allow(CLASS)"
        raise Refused(f"{where}: {error}. {hint}") from None
