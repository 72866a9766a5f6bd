"""What every reader takes and gives.

A reader is a function of a Source and ReadOptions that yields an Article or a
Skip for every article of the file.  It raises ArticleError for a file that it
can't read at all; `searcher.readers.read` turns that into a Skip.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from ..model import Article
from .source import MAX_BYTES, Source

BOUNDS: Mapping[str, str] = {
    "max_bytes": "bytes of a file that is read whole; a larger one is skipped, and named",
    "max_article_chars": "characters of an article; a longer one is skipped, and named",
    "max_paragraph_chars": "characters of a paragraph; a longer one is cut at a space",
}
"""Each limit of what is read with what it bounds, in words for a table."""


@dataclass(frozen=True)
class ReadOptions:
    """How files are read; picklable, so that worker processes can have it.

    Attributes:
        mapping: field of an article → name of the column or key that holds it,
            such as {"title": "headline", "text": "body"}.
        date_from_mtime: let the file's time date an article that has no date.
        format: read every file as this format (`jsonl` or `.jsonl`), whatever
            its suffix.
        language: of articles that don't say theirs (BCP 47).
        max_bytes: larger files are skipped, but for JSON Lines, CSV and SGML,
            which are read in parts.
        max_article_chars: articles with more text are skipped.
        max_paragraph_chars: longer paragraphs are cut at white space.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    date_from_mtime: bool = False
    format: str = ""
    language: str = ""
    max_bytes: int = MAX_BYTES
    max_article_chars: int = 20_000_000
    max_paragraph_chars: int = 100_000


DEFAULTS = ReadOptions()
"""The options of a caller who has none."""


@dataclass(frozen=True)
class Skip:
    """Something that was passed over, with the reason.

    Attributes:
        name: printable name of the file, and `:key` for one record of it.
        reason: a short phrase that summaries count by.
        detail: what exactly was found; may be empty.
        ignored: it is no article at all (a hidden file, a README, an unknown
            suffix), so nothing is amiss; False means that it can't be read.
    """

    name: str
    reason: str
    detail: str = ""
    ignored: bool = False


Reader = Callable[[Source, ReadOptions], Iterator[Article | Skip]]
"""The shape of a reader."""

_KEY = re.compile(r"[A-Za-z0-9._-]{1,64}")


def is_key(name: str) -> bool:
    """Tell whether a record's own id can stand in an article's id."""
    return bool(_KEY.fullmatch(name))


class Keys:
    """Names the articles of one file: each key once, `~2` after the second of a kind.

    >>> keys = Keys()
    >>> [keys.take("a", 1), keys.take("a", 2), keys.take("no key!", 3)]
    ['a', 'a~2', '3']
    """

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def take(self, wanted: str, ordinal: int) -> str:
        """Return `wanted` if it can be a key, else the ordinal; made unique in the file."""
        key = wanted if is_key(wanted) else str(ordinal)
        count = self._taken[key] = self._taken.get(key, 0) + 1
        return key if count == 1 else f"{key}~{count}"
