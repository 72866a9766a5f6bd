"""What `query:NAME` stands for: the saved query, with its filters, in brackets."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from searcher.errors import QuerySyntaxError
from searcher.query.limits import Limits
from searcher.query.parser import parse
from searcher.query.references import ReferenceProblem
from searcher.query.tree import Query
from searcher.saved.store import SavedSearch
from searcher.values import replace


@dataclass(frozen=True)
class Resolver:
    """Finds the tree of a saved search; see searcher.query.references.Resolve.

    Attributes:
        searches: by name.
        today: what relative dates count from.
        limits: of the whole query.
        within: the searches that are being read, the outermost first.
    """

    searches: Mapping[str, SavedSearch]
    today: date | None
    limits: Limits
    within: tuple[str, ...] = ()

    def __call__(self, name: str, depth: int) -> Query:
        """Return the tree of a search that stands `depth` deep in brackets.

        Raises:
            ReferenceProblem: there is none, it can't be read, or it refers to itself.
        """
        if name in self.within:
            chain = " → ".join((*self.within[self.within.index(name) :], name))
            problem = f"the saved search {name} refers to itself ({chain})"
            raise ReferenceProblem(problem, "Save one of them anew without the other.")
        if name not in self.searches:
            raise ReferenceProblem(f"there is no saved search {name!r}", self._others(name))
        try:
            return self.tree(self.searches[name], depth)
        except QuerySyntaxError as error:
            hint = f"Save it anew: searcher save {name} QUERY --force"
            said = f"{error.problem} (its column {error.column + 1})"
            raise ReferenceProblem(f"in the saved search {name}: {said}", hint) from error

    def tree(self, search: SavedSearch, depth: int = 0) -> Query:
        """Return the tree of a search, its filters included.

        Raises:
            QuerySyntaxError: it can't be read.
        """
        inner = replace(self, within=(*self.within, search.name))
        tree = parse(
            search.query,
            self.today,
            plain=search.plain,
            limits=self.limits,
            saved=inner,
            depth=depth,
        )
        return search.filters.narrow(tree, self.today)

    def _others(self, name: str) -> str:
        # The search that is being saved is among them already.
        others = [other for other in self.searches if other not in self.within]
        if not others:
            return "Save it first: searcher save NAME QUERY"
        nearest = difflib.get_close_matches(name, others, n=1)
        meant = f"Did you mean query:{nearest[0]}? " if nearest else ""
        return f"{meant}Saved searches: {', '.join(others)}."
