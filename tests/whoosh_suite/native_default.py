"""A plugin of pytest: whoever asks Whoosh for its default codec gets the native one.

So does whoever asks an index for a searcher, unless SEARCHER is `stock` in the
environment.
"""

from __future__ import annotations

import os
from typing import Any

import whoosh.codec
import whoosh.searching

from searcher.codec import NativeCodec, NativeSearcher


def native_codec(*_: Any, **__: Any) -> NativeCodec:
    """Return the native codec; Whoosh's own options (blocks, compression) mean nothing to it."""
    return NativeCodec()


whoosh.codec.default_codec = native_codec
if os.environ.get("SEARCHER") != "stock":
    whoosh.searching.Searcher = NativeSearcher  # type: ignore[misc]
