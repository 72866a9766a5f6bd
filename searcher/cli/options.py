"""Options that several commands share, so that they read and act alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from searcher.cli import complete
from searcher.cli.session import DEFAULT_INDEX, INDEX_VARIABLE, Session

Function = TypeVar("Function", bound=Callable[..., Any])
Decorator = Callable[[Function], Function]


def _remember_limits(
    ctx: click.Context, _parameter: click.Parameter, given: tuple[str, ...]
) -> None:
    for one in given:
        name, equals, value = one.partition("=")
        if not equals:
            raise click.BadParameter(f"expected NAME=NUMBER, as seconds=30, not {one!r}", ctx)
        if isinstance(ctx.obj, Session):
            ctx.obj.limits[name.strip()] = value.strip()


def _remember_traceback(ctx: click.Context, _parameter: click.Parameter, asked: bool) -> None:
    if asked and isinstance(ctx.obj, Session):
        ctx.obj.traceback = True


index_option: Decorator[Any] = click.option(
    "-i",
    "--index",
    metavar="FOLDER",
    help=f"The index folder; else {INDEX_VARIABLE}, else `{DEFAULT_INDEX}`.",
)


def allow_option(what: str = "a limit of the query, such as seconds=30") -> Decorator[Any]:
    """Let limits be set; `what` says which ones."""
    return click.option(
        "--allow",
        multiple=True,
        metavar="LIMIT=N",
        expose_value=False,
        callback=_remember_limits,
        help=f"Set {what}; repeat for several.",
    )


color_option: Decorator[Any] = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colour; auto is on a terminal, unless NO_COLOR is set.",
)

pager_option: Decorator[Any] = click.option(
    "--no-pager", is_flag=True, help="Never page; on a terminal long results go through PAGER."
)

traceback_option: Decorator[Any] = click.option(
    "--traceback",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_remember_traceback,
    help="Show where in the code an error arose.",
)

plain_option: Decorator[Any] = click.option(
    "--plain", is_flag=True, help="Read the query as plain words; nothing in it is an operator."
)


scope_option: Decorator[Any] = click.option(
    "--scope",
    type=click.Choice(["paragraph", "article"]),
    default="paragraph",
    show_default=True,
    help="Where AND and NOT look: in one paragraph, or all over an article.",
)

wait_option: Decorator[Any] = click.option(
    "--wait",
    type=click.FloatRange(min=0),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="Wait so long for another run to finish.",
)

recency_option: Decorator[Any] = click.option(
    "--recency",
    type=click.FloatRange(min=0, min_open=True),
    metavar="DAYS",
    help="Let scores fade with age: three quarters are left after DAYS, in the end a half.",
)


def filters_of(given: dict[str, Any]) -> dict[str, Any]:
    """Return the filters that were given, as Archive.search() takes them."""
    names = ("since", "until", "on", "section", "desk", "kind", "scope")
    return {name: given[name] for name in names if given.get(name)}


def synonym_options(function: Function) -> Function:
    """Add what says which words stand for each other."""
    for option in reversed(_SYNONYMS):
        function = option(function)
    return function


_SYNONYMS: tuple[Decorator[Any], ...] = (
    click.option(
        "--synonyms",
        metavar="FILE",
        help="Words that stand for each other, a group a line; else synonyms.txt in the index.",
    ),
    click.option("--no-synonyms", is_flag=True, help="Look for the words of the query alone."),
)


def format_option(*formats: str) -> Decorator[Any]:
    """Offer the output formats; the first is the default."""
    return click.option(
        "--format",
        "format_",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="How to print it.",
    )


def filter_options(function: Function) -> Function:
    """Add the filters that narrow a query: dates, section, desk, kind."""
    for option in reversed(_FILTERS):
        function = option(function)
    return function


_FILTERS: tuple[Decorator[Any], ...] = (
    click.option("--since", metavar="DATE", help="Published on this day or later."),
    click.option("--until", metavar="DATE", help="Published on this day or earlier."),
    click.option("--on", metavar="DATE", help="Published then: a day, month, year or range."),
    click.option(
        "--section",
        multiple=True,
        metavar="TEXT",
        shell_complete=complete.values_of("section"),
        help="Under an in-article heading with these words; repeat for any of several.",
    ),
    click.option(
        "--desk",
        multiple=True,
        metavar="TEXT",
        shell_complete=complete.values_of("desk"),
        help="On this desk of the publication; repeat for any of several.",
    ),
    click.option(
        "--kind",
        multiple=True,
        metavar="KIND",
        shell_complete=complete.kinds,
        help="text, quote, list, headline, heading, caption or all; repeat for several.",
    ),
)
