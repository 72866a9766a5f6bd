"""How damage of an index is told: one error that names the file, and what helps."""

from __future__ import annotations

from searcher.errors import IndexIncompatible, IndexUnreadable


def damaged(folder: object, found: object) -> IndexUnreadable:
    """Return the error of an index that can't be read.

    Args:
        folder: of the index.
        found: the file and what is wrong with it.
    """
    return IndexUnreadable(
        f"{folder}: the index can't be read ({found}). It is damaged. "
        f"Keep what is whole with: searcher repair --index {folder}",
        str(folder),
    )


def refused(folder: object, found: object) -> IndexIncompatible:
    """Return the error of an index that names what none of searcher's does."""
    return IndexIncompatible(
        f"{folder}: the index of another program, or one that was tampered with: {found}. "
        "Nothing of it was run, and nothing was changed. Choose another folder with --index",
        str(folder),
    )


def without_core(folder: object) -> IndexIncompatible:
    """Return the error of a native index where the native core is not installed."""
    return IndexIncompatible(
        f"{folder}: its segments are the native core's, which is not installed here. Install "
        "searcher where Rust is (pip install .), or index anew into another folder with: "
        "searcher index PATH --codec stock --index FOLDER",
        str(folder),
    )
