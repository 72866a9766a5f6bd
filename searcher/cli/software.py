"""What runs: this package, its core, Whoosh, Python; the first thing to know about a fault.

The versions come from what is installed, so that Whoosh needn't be loaded.
"""

from __future__ import annotations

import platform

_WHOOSH = "whoosh3"


def software() -> str:
    """Return the line: `0.1.0 (core native 0.1.0, whoosh3 3.54.0, Python 3.11.7)`."""
    import searcher
    from searcher.core import core

    parts = f"core {core()}, {_whoosh()}, Python {platform.python_version()}"
    return f"{searcher.__version__} ({parts})"


def _whoosh() -> str:
    # Imported here: it takes longer to load than everything else of --version.
    from importlib import metadata

    try:
        return f"{_WHOOSH} {metadata.version(_WHOOSH)}"
    except metadata.PackageNotFoundError:
        return f"no {_WHOOSH}"
