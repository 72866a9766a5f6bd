"""SIGTERM ends a run as Ctrl-C does: at the last commit, with everything cleaned up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn


class Terminated(KeyboardInterrupt):
    """SIGTERM came."""


@contextmanager
def ended_by_sigterm() -> Iterator[None]:
    """Have SIGTERM raise Terminated in the block; it would end the process where it stands.

    For the main thread alone: no other may say what a signal does.
    """
    import signal

    before = signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(_number: int, _frame: Any) -> NoReturn:
    raise Terminated
