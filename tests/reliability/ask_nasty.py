"""Asks an index all nasty queries, one after another, and prints what became of each.

    python -m tests.reliability.ask_nasty index --seconds 2 --every 1

A row is JSON: the query's name, what came of it (`answered`, the limit that
refused it, the name of another SearcherError, or `wrong` with the exception),
the seconds of the processor and of the clock on the wall that it took, the
hits that were read, and the most megabytes in memory so far.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from typing import Any

import searcher
from searcher.errors import QueryLimitError
from tests.conftest import TODAY
from tests.reliability.nasty_queries import Nasty, nasty_queries
from tests.reliability.peak import peak_mb


def rows(index: str, seconds: float, every: int = 1) -> Iterator[dict[str, Any]]:
    """Yield a row a query, or for every second, every third of them."""
    limits = searcher.Limits(seconds=seconds)
    with searcher.open(index, today=TODAY, limits=limits) as archive:
        for nasty in nasty_queries()[::every]:
            yield _row(archive, nasty)


def _row(archive: searcher.Archive, nasty: Nasty) -> dict[str, Any]:
    began, wall = time.process_time(), time.perf_counter()
    outcome, hits = _outcome(archive, nasty)
    return {
        "name": nasty.name,
        "outcome": outcome,
        "cpu_s": round(time.process_time() - began, 3),
        "wall_s": round(time.perf_counter() - wall, 3),
        "hits": hits,
        "peak_mb": peak_mb(),
    }


def _outcome(archive: searcher.Archive, nasty: Nasty) -> tuple[str, int]:
    try:
        return "answered", _hits(nasty.ask(archive))
    except QueryLimitError as error:
        return error.limit, 0
    except searcher.SearcherError as error:
        return type(error).__name__, 0
    except Exception as error:
        return f"wrong: {error!r}"[:300], 0


def _hits(answer: object) -> int:
    """Return how many hits were read: of a page, with those of a group; of an export."""
    if isinstance(answer, dict):
        hits = answer.get("hits", ())
        return len(hits) + sum(len(hit.get("more", ())) for hit in hits)
    return getattr(answer, "paragraphs", 0) if hasattr(answer, "files") else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("index")
    parser.add_argument("--seconds", type=float, default=searcher.Limits().seconds)
    parser.add_argument("--every", type=int, default=1)
    given = parser.parse_args()
    for row in rows(given.index, given.seconds, given.every):
        print(json.dumps(row), flush=True)
