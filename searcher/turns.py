"""Requests to one archive: one at a time, each with its own time.

>>> turns = Turns(Limits(seconds=5))
>>> with turns:
...     with turns:  # what a request asks on its way shares its time
...         turns.limits.left() <= 5
True
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Generic, TypeVar

from searcher.query.limits import Limits

T = TypeVar("T")

EACH_S = 0.01
"""Seconds that each of many late calls may take, however long they take in all."""


class Turns:
    """A lock that starts the clock of a request when its turn comes, not while it waits.

    Args:
        limits: of every request.

    Attributes:
        given: these limits.
    """

    def __init__(self, limits: Limits) -> None:
        self._lock = RLock()
        self.given = limits
        # A turn's limits, or since when it runs: most requests are over before they need more.
        self._running: list[Limits | float] = []

    @property
    def limits(self) -> Limits:
        """The limits of the request whose turn it is, running; between requests as given."""
        if not self._running:
            return self.given
        turn = self._running[-1]
        if isinstance(turn, float):
            turn = self._running[-1] = self.given.running(turn)
        return turn

    def left(self) -> float:
        """Return limits.left()."""
        turn = self._running[-1] if self._running else self.given
        if isinstance(turn, float):
            return self.given.seconds + turn - time.monotonic()
        return turn.left()

    def begin(self, seconds: float | None = None) -> None:
        """Wait for a turn, and start its time.

        Within a turn its time goes on, unless `seconds` are given: they stop
        it until the `end` that belongs to this call.
        """
        self._lock.acquire()
        if seconds is not None:
            self._running.append(self.given.started(seconds))
        else:
            self._running.append(self._running[-1] if self._running else time.monotonic())

    def end(self) -> None:
        """Let the next in, or go on with the turn around this one."""
        self._running.pop()
        self._lock.release()

    @contextmanager
    def anew(self) -> Iterator[None]:
        """Take a turn with all of the limits' time, even within one that has used its own up."""
        self.begin(self.given.seconds)
        try:
            yield
        finally:
            self.end()

    def __enter__(self) -> None:
        # As begin and end do, without calling them: every search comes here.
        self._lock.acquire()
        running = self._running
        running.append(running[-1] if running else time.monotonic())

    def __exit__(self, *_: object) -> None:
        self._running.pop()
        self._lock.release()


class LateCalls(Generic[T]):
    """What a request left to be done when it is asked for, in what is left of its time.

    Only the time that the calls themselves take is counted.  A request with
    many calls to make has more: `EACH_S` for each.

    Args:
        call: what is called.
        turns: those of the archive; it is made in the request's turn.
        calls: how many there may be.
        left: seconds that are left of the request; None for what is left now.
    """

    def __init__(
        self, call: Callable[..., T], turns: Turns, calls: int, left: float | None = None
    ) -> None:
        self._call = call
        self._turns = turns
        self._left = max(turns.left() if left is None else left, calls * EACH_S)

    def __call__(self, *arguments: object) -> T:
        self._turns.begin(self._left)
        began = time.monotonic()
        try:
            return self._call(*arguments)
        finally:
            self._left -= time.monotonic() - began
            self._turns.end()
