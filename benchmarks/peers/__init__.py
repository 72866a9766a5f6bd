"""The engines that searcher is measured beside, a module each.

A module of this package imports its engine only inside functions, so that all
of them can be named where none is installed.
"""

from __future__ import annotations

from importlib import import_module

from benchmarks.peers.base import Peer

HOMES = {
    "searcher-local": "searcher",
    "searcher-native": "searcher",
    "whoosh": "whoosh",
    "tantivy": "tantivy",
    "fts5": "fts5",
    "xapian": "xapian",
    "bm25s": "bm25s",
    "lucene": "lucene",
}
"""Engine -> its module."""


def peer(name: str) -> Peer:
    """Return the engine of that name."""
    made: Peer = import_module(f"benchmarks.peers.{HOMES[name]}").peer(name)
    return made
