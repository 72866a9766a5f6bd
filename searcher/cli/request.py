"""What the options of `searcher query` ask for, sorted by who needs it."""

from __future__ import annotations

from typing import Any

from searcher.values import frozen

DEFAULT_LIMIT = 10
OUTPUTS = ("count", "nothing", "paths0", "paths")
FILTERS = ("since", "until", "on", "section", "desk", "kind", "scope", "plain")


@frozen
class Request:
    """The options of one run.

    Attributes:
        filters: what narrows the query, as Archive.search() takes it.
        search: the further arguments of Archive.search(), without the limit.
        limit: hits to print; None when the reader didn't say.
        output: `hits`, `count`, `paths`, `paths0` or `nothing`.
        format_: of the hits.
        columns: keys chosen with --fields.
        color: `auto`, `always` or `never`.
        paged: whether a pager may be used.
        explain: whether to say how it was read and scored.
    """

    filters: dict[str, Any]
    search: dict[str, Any]
    limit: int | None
    output: str
    format_: str
    columns: tuple[str, ...]
    color: str
    paged: bool
    explain: bool

    @classmethod
    def of(cls, **given: Any) -> Request:
        """Sort the options as click parsed them."""
        filters = {name: given[name] for name in FILTERS if given[name]}
        search = {
            "offset": given["offset"],
            "sort": given["sort"],
            "facets": given["facets"],
            "group": given["group"] or "",
            "context": given["context"],
            "recency": given["recency"],
            "dups": given["dups"],
        }
        return cls(
            filters=filters,
            search=search,
            limit=given["limit"],
            output=next((name for name in OUTPUTS if given[name]), "hits"),
            format_=given["format_"],
            columns=given["fields"],
            color=given["color"],
            paged=not given["no_pager"],
            explain=given["explain"],
        )

    @property
    def narrows(self) -> bool:
        """Whether there is something to answer without any word: filters or facets."""
        return bool(self.filters.keys() - {"plain", "scope"} or self.search["facets"])

    @property
    def plain(self) -> bool:
        """Whether the query is plain words, without operators."""
        return bool(self.filters.get("plain"))

    @property
    def hits_limit(self) -> int:
        """How many hits to print."""
        return DEFAULT_LIMIT if self.limit is None else self.limit
