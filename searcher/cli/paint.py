"""Colours of a terminal, around text that is already safe to print."""

from __future__ import annotations

from collections.abc import Sequence

from searcher.highlight.formats import MARK_OFF, MARK_ON, Span, pieces

MATCH = MARK_ON
BOLD = "\x1b[1m"
DIM = "\x1b[2m"


def paint(text: str, style: str) -> str:
    """Return the text in a style; without a style, as it is."""
    return f"{style}{text}{MARK_OFF}" if style and text else text


def painted(line: str, spans: Sequence[Span], style: str) -> str:
    """Return the line with its spans in a style."""
    return "".join(paint(piece, style if hit else "") for piece, hit in pieces(line, spans))
