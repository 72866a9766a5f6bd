"""Stored fields of any kind.

The core stores None, bool, int, float, str, bytes, tuple, list, dict, date and
datetime.  Whoosh lets a program store whatever pickles; such a value is kept as
its pickle beside the others, under a name that no field of Whoosh has.

A pickle runs code when it is read, as all of a Whoosh index does.  searcher's
own indexes hold none.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from typing import Any

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


def stored_fields(segment: Any, docnum: int) -> dict[str, Any]:
    """Return the fields that a document was stored with."""
    fields: dict[str, Any] = segment.stored(docnum)
    pickled = fields.pop(PICKLED, None)
    if pickled is not None:
        fields.update(pickle.loads(pickled))  # noqa: S301
    return fields
