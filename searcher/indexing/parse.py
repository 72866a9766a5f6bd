"""Reading files side by side, and handing on their articles in order.

With one job the articles stream from the file; with more, worker processes
read files whole, but for large ones, and a bounded number waits to be taken.  Workers are
spawned, not forked: a fork copies whatever state the threads of its parent are
in, and the files that it has open.
"""

from __future__ import annotations

import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from pathlib import Path
from threading import Thread
from typing import BinaryIO, TypeAlias

from searcher.errors import ArticleError, SearcherError
from searcher.indexing.candidates import Candidate
from searcher.indexing.documents import checked, fingerprint
from searcher.indexing.manifest import STDIN
from searcher.model import Article
from searcher.readers import ReadOptions, Skip, Source, Stream, opened, read, real_name

MOST_SENT_BYTES = 4 * 1024 * 1024
"""A larger file is read in the process that writes: its articles are too much to send at once."""

Item: TypeAlias = "tuple[Article, str] | Skip"
"""An article with the fingerprint of its content, or what was passed over."""


@dataclass(frozen=True)
class Parsed:
    """One file, read.

    Attributes:
        candidate: what was asked for.
        checked_ns: when reading began.
        sha256: of the bytes; empty if they could not be read, or are not yet.
        items: its articles; None if the bytes are those that the index knows.
        stream: a file whose bytes are read as its items are taken.
    """

    candidate: Candidate
    checked_ns: int
    sha256: str
    items: Iterable[Item] | None
    stream: Stream | None = None

    def digest(self) -> str:
        """Return the SHA-256 of the bytes, once the items are taken; empty if they weren't all."""
        return self.stream.sha256 if self.stream else self.sha256


def parse(candidate: Candidate, options: ReadOptions) -> Parsed:
    """Return a file's articles, read as they are taken."""
    checked_ns = time.time_ns()
    try:
        source = opened(candidate.path, real_name(candidate.name), options)
        if candidate.sha256 and isinstance(source, Stream):
            deque(source.blocks(), maxlen=0)
    except ArticleError as error:
        return Parsed(candidate, checked_ns, "", [Skip(candidate.name, error.reason, error.detail)])
    if source.sha256 and source.sha256 == candidate.sha256:
        return Parsed(candidate, checked_ns, source.sha256, None)
    stream = source if isinstance(source, Stream) else None
    return Parsed(candidate, checked_ns, source.sha256, _items(source, options), stream)


def parse_stream(stream: BinaryIO, options: ReadOptions) -> Parsed:
    """Return the articles of JSON Lines on a stream, standard input as a rule."""
    data = stream.read(options.max_bytes + 1)
    candidate = Candidate(STDIN, STDIN, len(data), 0)
    if len(data) > options.max_bytes:
        skip = Skip(STDIN, "too large", f"more than {options.max_bytes:,} bytes on standard input")
        return Parsed(candidate, time.time_ns(), "", [skip])
    source = Source(Path("-.jsonl"), STDIN, data, is_feed=True)
    items = _items(source, replace(options, format="jsonl")) if data.strip() else []
    return Parsed(candidate, time.time_ns(), "", items)


def _items(source: Source, options: ReadOptions) -> Iterator[Item]:
    for found in read(source, options):
        if isinstance(found, Skip):
            yield found
            continue
        try:
            article = checked(found)
        except ArticleError as error:
            yield Skip(f"{source.name}: {found.id!r:.200}", error.reason, error.detail)
        else:
            yield article, fingerprint(article)


def _parse_whole(candidate: Candidate, options: ReadOptions) -> Parsed:
    parsed = parse(candidate, options)
    return parsed if parsed.items is None else replace(parsed, items=list(parsed.items))


def parse_all(
    candidates: Iterable[Candidate], options: ReadOptions, jobs: int = 1
) -> Iterator[Parsed]:
    """Yield each file, read, in the order of the candidates.

    Args:
        candidates: files to read.
        options: how.
        jobs: worker processes; 1 reads in this one.  With more, a script must
            guard its main part with `if __name__ == "__main__"`.

    Raises:
        SearcherError: a worker died; the message says what to do.
    """
    if jobs <= 1:
        yield from (parse(candidate, options) for candidate in candidates)
        return
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), _prepare_worker)
    try:
        yield from _in_order(pool, candidates, options, window=2 * jobs)
    except BrokenProcessPool as error:
        raise SearcherError(
            "a process that was reading articles died, perhaps for lack of memory; what was "
            "committed before stays. Index again with --jobs 1 to go on"
        ) from error
    except BaseException:
        # The run is cut short: what the workers are reading would be waited for.
        for worker in list((pool._processes or {}).values()):
            worker.kill()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _prepare_worker() -> None:
    # Ctrl-C reaches the workers too; the run itself ends them in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when the one that spawned it is gone, even if it was killed."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _in_order(
    pool: ProcessPoolExecutor, candidates: Iterable[Candidate], options: ReadOptions, window: int
) -> Iterator[Parsed]:
    waiting: deque[Callable[[], Parsed]] = deque()
    for candidate in candidates:
        if candidate.size > MOST_SENT_BYTES:
            waiting.append(partial(parse, candidate, options))
        else:
            waiting.append(pool.submit(_parse_whole, candidate, options).result)
        if len(waiting) >= window:
            yield waiting.popleft()()
    while waiting:
        yield waiting.popleft()()
