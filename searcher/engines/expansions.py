"""How many words of the archive a leaf stands for: each once, in however many segments it stands.

    >>> from searcher.query.tree import Pattern
    >>> counted, leaf = Expansions(Limits(expansions=2)), Pattern("text", "oil*")
    >>> counted.add("exact", leaf, ["oil", "oils"])  # of one segment
    >>> counted.add("exact", leaf, ["oils"])         # of the next
    >>> counted.add("exact", leaf, ["oily"])
    Traceback (most recent call last):
    searcher.errors.QueryLimitError: oil* stands for over 2 words of the archive; \
the limit `expansions` is 2. Allow more with --allow expansions=N, \
in Python with Limits(expansions=N).
"""

from __future__ import annotations

from collections.abc import Iterable

from searcher.query.limits import Limits
from searcher.query.tree import Slot, WordLeaf


class Expansions:
    """The words of one index that the leaves of one query stand for.

    Args:
        limits: of the query.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._forms: dict[tuple[str, WordLeaf | Slot], set[str]] = {}

    def add(self, field: str, leaf: WordLeaf | Slot, forms: Iterable[str]) -> None:
        """Count the terms of an indexed field that a leaf stands for in one segment.

        Raises:
            QueryLimitError: with those of other segments there are more than
                `limits.expansions`.
        """
        known = self._forms.setdefault((field, leaf), set())
        known.update(forms)
        check_expansions(self._limits, leaf, len(known))


def check_expansions(limits: Limits, leaf: WordLeaf | Slot, count: int) -> None:
    """Raise QueryLimitError when a leaf stands for too many words."""
    what = leaf.text if isinstance(leaf, Slot) else str(leaf)
    most = limits.expansions
    limits.check("expansions", count, f"{what} stands for over {most} words of the archive")
