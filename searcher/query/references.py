"""`query:NAME` inside a query: the tree of a saved search, in its place.

The parser knows nothing of where searches are kept: it is given a function
from a name to a tree.
"""

from __future__ import annotations

from collections.abc import Callable

from searcher.query.tree import Query

Resolve = Callable[[str, int], Query]
"""Returns the tree of the search of that name, which stands so deep in brackets.

Raises ReferenceProblem where it can't.
"""


class ReferenceProblem(Exception):
    """A saved search can't stand in a query.

    Attributes:
        hint: what to do instead.
    """

    def __init__(self, problem: str, hint: str) -> None:
        super().__init__(problem)
        self.hint = hint
