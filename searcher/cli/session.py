"""What one run of the command line knows beside its options: where, when and how loud."""

from __future__ import annotations

import os
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from searcher.archive import Archive
    from searcher.query.limits import Limits

DEFAULT_INDEX = "index"
INDEX_VARIABLE = "SEARCHER_INDEX"
TODAY_VARIABLE = "SEARCHER_TODAY"


class Session:
    """The state of one run.

    Attributes:
        traceback: whether an error shows where in the code it arose.
        limits: those of a query that differ from the defaults, by name, as typed.
    """

    def __init__(self, traceback: bool = False) -> None:
        self.traceback = traceback
        self.limits: dict[str, str] = {}


def open_archive(
    index: str | None, synonyms: str | None = None, no_synonyms: bool = False
) -> Archive:
    """Open the index that the option, the environment or the default names."""
    import searcher

    options: dict[str, Any] = {"today": today_or_fail(), **_limits()}
    if synonyms or no_synonyms:
        from searcher.synonyms import Synonyms

        options["synonyms"] = Synonyms() if no_synonyms else synonyms
    return searcher.open(index_path(index), **options)


def _limits() -> dict[str, Limits]:
    """Return the limits that the options set, if they set any."""
    # What the shell offers behind Tab is found without a context.
    context = click.get_current_context(silent=True)
    session = context.find_object(Session) if context else None
    if not session or not session.limits:
        return {}
    from searcher.query.limits import BOUNDS, Limits, changed

    return {"limits": changed(Limits(), BOUNDS, session.limits)}


def index_path(index: str | None) -> str:
    """Return the index folder: the option, else SEARCHER_INDEX, else `index`."""
    return index or os.environ.get(INDEX_VARIABLE) or DEFAULT_INDEX


def today_or_fail() -> date:
    """Return the day that `today` means; a bad SEARCHER_TODAY is a usage error."""
    text = os.environ.get(TODAY_VARIABLE)
    if not text:
        return date.today()
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        expected = "expected a day as YYYY-MM-DD"
        raise click.UsageError(f"{TODAY_VARIABLE}={text!r}: {expected}.") from None
