"""Results that are longer than the screen go through a pager, on a terminal only."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from typing import TYPE_CHECKING

from searcher.cli import output, terminal

if TYPE_CHECKING:
    import subprocess

# As git has it: leave when it all fits, pass colours and nothing else, keep the screen.
_LESS = "FRX"
_AT_ONCE_S = 1.0
"""A pager that fails sooner than this has shown nothing that anyone read."""


def write(text: str, allowed: bool = True) -> None:
    """Print a result, through a pager where that is wanted, possible and needed."""
    command = _command() if allowed and output.to_terminal() else []
    if not (command and _longer_than_screen(text) and _page(command, text)):
        output.write(text)


def _command() -> list[str]:
    if os.environ.get("NO_PAGER"):
        return []
    import shlex
    import shutil

    command = shlex.split(os.environ.get("PAGER", "less"))
    return command if command and shutil.which(command[0]) else []


def _longer_than_screen(text: str) -> bool:
    return text.count("\n") >= terminal.lines()


def _page(command: list[str], text: str) -> bool:
    """Run the pager; return whether it showed the text, as far as one can tell."""
    output.flush()
    began = time.monotonic()
    environment = {"LESS": _LESS, **os.environ}
    encoding = sys.stdout.encoding or "utf-8"
    import subprocess

    with subprocess.Popen(command, stdin=subprocess.PIPE, env=environment) as pager:  # noqa: S603
        assert pager.stdin is not None  # noqa: S101  # PIPE was asked for
        # The reader may leave before the end, or type Ctrl-C to get the prompt back.
        with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
            pager.stdin.write(text.encode(encoding, "backslashreplace"))
        with contextlib.suppress(BrokenPipeError):
            pager.stdin.close()
        _wait(pager)
    # A signal is the reader's own doing, and less ends with 2 on a Ctrl-C much later.
    return pager.returncode <= 0 or time.monotonic() - began > _AT_ONCE_S


def _wait(pager: subprocess.Popen[bytes]) -> None:
    while True:
        with contextlib.suppress(KeyboardInterrupt):
            pager.wait()
            return
