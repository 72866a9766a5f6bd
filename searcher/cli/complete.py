"""What the shell offers behind Tab: field names, sections, desks, ids.

A completion must never print an error or open a prompt; without an index
there is just less to offer.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from searcher.cli.session import open_archive

if TYPE_CHECKING:
    import click

    from searcher.archive import Archive

Completer = Callable[["click.Context", "click.Parameter", str], list[str]]

MOST = 50
"""So many values are offered at most."""


def values_of(field: str) -> Completer:
    """Return a completer of the values that a field has in the index."""

    def complete(ctx: click.Context, _parameter: click.Parameter, start: str) -> list[str]:
        with _quietly():
            return _starting(start, _values(ctx, field))
        return []

    return complete


def kinds(_ctx: click.Context, _parameter: click.Parameter, start: str) -> list[str]:
    """Offer the kinds of a paragraph."""
    from searcher.model import KINDS

    return _starting(start, (*KINDS, "all"))


def words(ctx: click.Context, _parameter: click.Parameter, start: str) -> list[str]:
    """Offer `field:` names, and behind the colon the field's values."""
    with _quietly():
        sign = "-" if start.startswith("-") else ""
        field, colon, value = start.removeprefix(sign).partition(":")
        if not colon:
            return _starting(start, (f"{sign}{name}:" for name in _field_names()))
        found = _starting(value.lstrip('"'), _values(ctx, field))
        return [f"{sign}{field}:{value}" for value in found]
    return []


def ids(ctx: click.Context, _parameter: click.Parameter, start: str) -> list[str]:
    """Offer article ids."""
    with _quietly():
        return _starting(start, _values(ctx, "article"))
    return []


def saved(ctx: click.Context, _parameter: click.Parameter, start: str) -> list[str]:
    """Offer the names of saved searches."""
    with _quietly(), open_archive(ctx.params.get("index")) as archive:
        return _starting(start, [search.name for search in archive.saved.list()])
    return []


def _field_names() -> Iterable[str]:
    from searcher.query.fields import FIELDS

    return FIELDS


def _values(ctx: click.Context, field: str) -> Iterable[str]:
    if field == "kind":
        from searcher.model import KINDS

        return KINDS
    with open_archive(ctx.params.get("index")) as archive:
        return _stored_values(archive, field)


def _stored_values(archive: Archive, field: str) -> list[str]:
    if (values := archive.values(field)) is not None:
        return list(values)
    return [facet.value for facet in archive.facet(field)]


def _starting(start: str, values: Iterable[str]) -> list[str]:
    folded = start.casefold()
    fitting = (value for value in values if value and value.casefold().startswith(folded))
    return [value for value, _ in zip(fitting, range(MOST), strict=False)]


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    with contextlib.suppress(Exception):
        yield
