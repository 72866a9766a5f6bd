"""What a renderer is, and which one prints which format."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Protocol

from searcher.values import frozen

if TYPE_CHECKING:
    from searcher.results import Page

FORMATS = ("text", "json", "jsonl", "csv", "md", "html")


@frozen
class Style:
    """How results are to look.

    Attributes:
        columns: keys chosen with --fields; empty for the format's own choice.
        colour: whether a terminal's colours may be used.
        width: columns of a line of text.
        whole: show whole paragraphs, not excerpts (neighbours stand around them).
        several: more than one query is answered, so each answer says its query.
        letters: whether the output can hold every character.
        dashes: whether it can hold the dots and dashes of the layout.
    """

    columns: tuple[str, ...] = ()
    colour: bool = False
    width: int = 80
    whole: bool = False
    several: bool = False
    letters: bool = True
    dashes: bool = True


class Renderer(Protocol):
    """Turns pages into text: a beginning, each answer, an end."""

    def begin(self) -> str:
        """Return what comes before the first answer."""

    def page(self, page: Page) -> str:
        """Return one answer."""

    def end(self) -> str:
        """Return what comes after the last answer."""


def renderer(name: str, style: Style) -> Renderer:
    """Return the renderer of a format; only its module is imported."""
    module = importlib.import_module(f"searcher.cli.render_{_MODULES.get(name, name)}")
    made: Renderer = module.RENDERERS[name](style)
    return made


_MODULES = {"jsonl": "json", "md": "markdown"}
