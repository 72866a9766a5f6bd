"""Lengths of fields as Whoosh's scoring knows them.

A native segment holds exact lengths.  Whoosh's own codec keeps a byte a
document and rounds lengths over 10 up, so its scores are those of rounded
lengths.  Stock scoring gets the same here: a query scores alike whichever
codec a paragraph was written with.

    >>> rounded(10), rounded(11), rounded(1000)
    (10, 12, 1032)
"""

from __future__ import annotations

from whoosh.util.numeric import byte_to_length, length_to_byte


def rounded(length: int) -> int:
    """Return a length as Whoosh's own codec gives it back."""
    return int(byte_to_length(length_to_byte(length)))
