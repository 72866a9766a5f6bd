"""The columns of a hit that `--fields` chooses from: the keys of docs/json.md."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from searcher.results import Hit

HIT_KEYS = (
    "id",
    "article",
    "number",
    "kind",
    "title",
    "date",
    "date_source",
    "section",
    "desk",
    "city",
    "author",
    "source",
    "language",
    "path",
    "url",
    "start_char",
    "end_char",
    "text",
    "score",
    "spans",
    "snippet",
    "before",
    "after",
    "more",
    "duplicates",
    "in_article",
)
CSV_KEYS = ("id", "date", "title", "section", "desk", "kind", "score", "path", "text")
_NEIGHBOURS = ("before", "after")


def chosen(ctx: click.Context, _parameter: click.Parameter, text: str | None) -> tuple[str, ...]:
    """Read the value of `--fields`; an unknown name is a usage error."""
    names = tuple(name.strip() for name in (text or "").split(",") if name.strip())
    for name in names:
        if name not in HIT_KEYS:
            raise click.BadParameter(f"no key {name!r}. Choose from: {', '.join(HIT_KEYS)}.", ctx)
    return names


def row(hit: Hit, names: Sequence[str]) -> dict[str, Any]:
    """Return the hit under the keys chosen, in that order; all of them when none are."""
    whole = hit.as_dict()
    if not names:
        return whole
    return {name: whole.get(name, 0 if name == "in_article" else []) for name in names}
