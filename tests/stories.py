"""A reader of one more format, for tests that need any article at all.

A `.story` file is a JSON list of articles with every attribute of
searcher.model.Article.  It plugs in the way any new format does: a module and
an entry in the table of readers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from searcher.errors import ArticleError
from searcher.model import Article, Block, Quote
from searcher.readers.registry import READERS

READERS[".story"] = "tests.stories:read"


def read(source, options) -> Iterator[Article]:
    """Yield the articles of a story file."""
    try:
        stories = json.loads(source.text)
    except ValueError as error:
        raise ArticleError("not a story", str(error)) from error
    if not isinstance(stories, list) or not all(isinstance(facts, dict) for facts in stories):
        raise ArticleError("not a story", "expected a list of articles")
    for facts in stories:
        blocks = tuple(map(_block, facts.pop("blocks")))
        day = facts.pop("date")
        yield Article(
            **{
                **facts,
                "id": f"{source.name}:{facts['id']}",
                "path": source.name,
                "title_span": tuple(facts["title_span"]),
                "desk": tuple(facts["desk"]),
                "date": date.fromisoformat(day) if day else None,
                "blocks": blocks,
            }
        )


def _block(facts: dict[str, Any]) -> Block:
    return Block(**{**facts, "quotes": tuple(Quote(*one) for one in facts["quotes"])})


def write(path: Path, articles: Iterable[Article]) -> None:
    """Write articles as one story file; their ids get its name in front."""
    rows = [asdict(article) for article in articles]
    for row in rows:
        row["date"] = row["date"].isoformat() if row["date"] else None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows), encoding="utf-8")
