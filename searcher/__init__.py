"""searcher: full-text search for archives of news articles.

    >>> import searcher
    >>> with searcher.open("index") as archive:              # doctest: +SKIP
    ...     for hit in archive.search("tomahawk", since="2026-02", limit=5):
    ...         print(hit.score, hit.date, hit.section, hit.id, hit.snippet.ansi())

`index()` builds an index, `open()` opens one, `backup()` copies one.  Names load
when they are first used, so `import searcher` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from searcher.archive import Archive as Archive
    from searcher.archive import open as open
    from searcher.errors import SearcherError as SearcherError
    from searcher.indexing import Report as Report
    from searcher.indexing import index as index
    from searcher.indexing.backup import backup as backup
    from searcher.model import Article as Article
    from searcher.model import Paragraph as Paragraph
    from searcher.query.limits import Limits as Limits
    from searcher.results import Facet as Facet
    from searcher.results import Hit as Hit
    from searcher.results import Page as Page

__version__ = "0.1.0"

_HOMES = {
    "Archive": "searcher.archive",
    "open": "searcher.archive",
    "SearcherError": "searcher.errors",
    "Report": "searcher.indexing",
    "index": "searcher.indexing",
    "backup": "searcher.indexing.backup",
    "Article": "searcher.model",
    "Paragraph": "searcher.model",
    "Limits": "searcher.query.limits",
    "Facet": "searcher.results",
    "Hit": "searcher.results",
    "Page": "searcher.results",
}

__all__ = ["__version__", *_HOMES]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'searcher' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
