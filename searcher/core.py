"""Which core runs: the native one, built from rust/, or Python alone.

Both give the same answers; docs/decisions/0005-native-core.md says why there are two.
"""

from __future__ import annotations


def core() -> str:
    """Return the core with its version: `native 0.1.0`, or `python` where none was built."""
    try:
        from searcher._native import VERSION
    except ImportError:
        return "python"
    return f"native {VERSION}"


def core_errors() -> tuple[type[BaseException], ...]:
    """Return what the native core raises of a damaged segment; nothing where none was built."""
    try:
        from searcher._native import NativeError, Panic
    except ImportError:
        return ()
    return NativeError, Panic
