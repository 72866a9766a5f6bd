"""A plugin of pytest: whoever asks Whoosh for its default codec gets the native one."""

from __future__ import annotations

from typing import Any

import whoosh.codec

from searcher.codec import NativeCodec


def native_codec(*_: Any, **__: Any) -> NativeCodec:
    """Return the native codec; Whoosh's own options (blocks, compression) mean nothing to it."""
    return NativeCodec()


whoosh.codec.default_codec = native_codec
