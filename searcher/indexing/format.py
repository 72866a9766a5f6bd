"""The version of the index format, where it can be known without Whoosh."""

from __future__ import annotations

FORMAT_VERSION = 2
"""Version of the index format; an index of another one has to be rebuilt."""
