"""Other looks at the hits of a query: in context, over time, as files, as words.

Each view is a function of what an engine found; searcher.Archive calls them
and hands them what they need, so that none of them reads an index itself.

    views.kwic.concordance(...)

A view loads when it is first named: most searches need none.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from searcher.views import collapse as collapse
    from searcher.views import export as export
    from searcher.views import files as files
    from searcher.views import kwic as kwic
    from searcher.views import quotes as quotes
    from searcher.views import similar as similar
    from searcher.views import trend as trend
    from searcher.views import words as words


def __getattr__(name: str) -> Any:
    try:
        return import_module(f"{__name__}.{name}")
    except ModuleNotFoundError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
