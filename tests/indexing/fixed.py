"""A reader of articles whose ids don't depend on their file."""

from __future__ import annotations

import json
from collections.abc import Iterator

from searcher.model import Article, Block
from searcher.readers import ReadOptions, Source


def read(source: Source, options: ReadOptions) -> Iterator[Article]:
    """Yield one article for each key of a JSON object."""
    for key, text in json.loads(source.text).items():
        block = Block("text", text, 0, len(text))
        yield Article(id=key, path=source.name, title=key, blocks=(block,), end_char=len(text))
