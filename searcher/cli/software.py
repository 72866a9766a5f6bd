"""What runs: this package, Whoosh, Python; the first thing to know about a fault.

The versions come from what is installed, so that Whoosh needn't be loaded.
"""

from __future__ import annotations

import platform

_WHOOSH = "whoosh3"


def software() -> str:
    """Return the line: `0.1.0 (whoosh3 3.54.0, Python 3.11.7)`."""
    import searcher

    return f"{searcher.__version__} ({_whoosh()}, Python {platform.python_version()})"


def _whoosh() -> str:
    # Imported here: it takes longer to load than everything else of --version.
    from importlib import metadata

    try:
        return f"{_WHOOSH} {metadata.version(_WHOOSH)}"
    except metadata.PackageNotFoundError:
        return f"no {_WHOOSH}"
