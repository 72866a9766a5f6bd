"""A codec and a searcher of Whoosh over the native core.

`ix.writer(codec=NativeCodec())` writes native segments;
`NativeSearcher(ix.reader(), fromindex=ix)` has the core answer Whoosh's queries.

Any schema works.  Segments of it and of Whoosh's own codec can stand in one
index, and merges go both ways.  An index that holds a native segment is read
wherever searcher is installed with its core.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from searcher.codec.codec import NativeCodec
    from searcher.codec.searching import NativeSearcher
    from searcher.codec.segment import NativeSegment
    from searcher.codec.stored import allow

__all__ = ["NativeCodec", "NativeSearcher", "NativeSegment", "allow"]

_HOMES = {
    "NativeCodec": "codec",
    "NativeSearcher": "searching",
    "NativeSegment": "segment",
    "allow": "stored",
}


def __getattr__(name: str) -> Any:
    # Unpickling a table of contents imports this package; only writing and stock queries
    # need all of it.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
