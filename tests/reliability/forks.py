"""Work in a fork of the test's process, which may be killed."""

from __future__ import annotations

import os
import signal
import sys
import traceback
import warnings
from collections.abc import Callable

import pytest

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")


def fork(work: Callable[[], object]) -> int:
    """Begin some work in a fork, which ends with it; return the fork's id."""
    with warnings.catch_warnings():
        # The fork runs alone, and what other threads held is of no use to it.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(code)


def outcome(child: int) -> int:
    """Wait for a fork; return its exit code, or minus the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kill_self() -> None:
    """End this process as kill -9 would."""
    os.kill(os.getpid(), signal.SIGKILL)
