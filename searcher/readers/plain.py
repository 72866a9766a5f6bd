"""Plain text inside of a record or a page: its paragraphs, which stand nowhere as they are shown.

>>> list(blocks("Wheat Falls\\n\\nIt fell\\nby two per cent."))
[('heading', 'Wheat Falls', 2), ('text', 'It fell by two per cent.', 0)]
>>> list(blocks("One.\\nTwo.", by_line=True))
[('text', 'One.', 0), ('text', 'Two.', 0)]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import islice
from typing import TypeAlias

from .spans import NEWLINE, chunks
from .text import body_blocks

Shown: TypeAlias = "tuple[str, str, int]"
"""The kind of a block, its text as shown, and its level, as a Block has them."""


def blocks(text: str, *, by_line: bool = False) -> Iterable[Shown]:
    """Return the blocks of plain text that has neither a title nor a header.

    Args:
        text: whole.
        by_line: every line is a paragraph if there are no blank lines.
    """
    found = _in_core()(text, by_line)
    return by_python(text, by_line) if found is None else found


def by_python(text: str, by_line: bool) -> Iterable[Shown]:
    """Return the blocks as the rules of text.py say, of whatever characters."""
    if by_line and _is_one_of_lines(text):
        text = NEWLINE.sub("\n\n", text)
    return ((found.kind, found.text, found.level) for found in body_blocks(text, 0, len(text)))


def _is_one_of_lines(text: str) -> bool:
    spans = list(islice(chunks(text, 0, len(text)), 2))
    return len(spans) == 1 and bool(NEWLINE.search(text, *spans[0]))


@lru_cache(maxsize=1)
def _in_core() -> Callable[[str, bool], list[Shown] | None]:
    try:
        from searcher._native import blocks
    except ImportError:
        return lambda *_: None
    return blocks
