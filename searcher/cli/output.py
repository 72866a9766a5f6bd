"""The only module that prints: results on stdout, talk on stderr.

Results come from the render_ modules, which have made every text safe to
show.  Talk is made safe here, whatever it quotes.
"""

from __future__ import annotations

import contextlib
import os
import sys
from io import BufferedWriter, RawIOBase, TextIOWrapper
from typing import BinaryIO, TextIO

from searcher.highlight.display import display_text


def prepare() -> None:
    """Let the streams pass what their encoding lacks: as an escape, not as an error."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    _buffer_stdout()


def _buffer_stdout() -> None:
    """Give stdout its buffer back, which PYTHONUNBUFFERED took.

    Without one Python drops what a pipe or a full disk took no more, and raises nothing.
    """
    raw = getattr(sys.stdout, "buffer", None)
    if isinstance(raw, RawIOBase):
        encoding, errors = sys.stdout.encoding, sys.stdout.errors
        buffer = BufferedWriter(raw)
        sys.stdout = TextIOWrapper(buffer, encoding, errors, line_buffering=sys.stdout.isatty())


def write(text: str) -> None:
    """Print a result."""
    if sys.stdout is not None:  # None when the caller closed it
        sys.stdout.write(text)


def stream() -> BinaryIO:
    """Return where results go byte by byte, behind what was printed."""
    flush()
    return sys.stdout.buffer


def write_bytes(data: bytes) -> None:
    """Print a result byte by byte."""
    flush()
    sys.stdout.buffer.write(data)


def say(message: str) -> None:
    """Print a message for the reader, on stderr; nothing in it can drive the terminal."""
    # What was printed before it comes before it, wherever the two go.  A pipe that
    # is closed is noticed where results are flushed, not here.
    with contextlib.suppress(OSError, ValueError):
        flush()
    if sys.stderr is not None:
        sys.stderr.write(display_text(message, multiline=True) + "\n")


def flush() -> None:
    """Send on what was printed, so that a closed pipe is noticed here."""
    if sys.stdout is not None:
        sys.stdout.flush()


def finish() -> None:
    """Send on what was printed before an error; what can't be sent is dropped."""
    try:
        flush()
    except OSError:
        abandon_stdout()


def abandon_stdout() -> None:
    """Point stdout at nothing, so that Python's last flush can't fail again."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def prints_letters() -> bool:
    """Say whether stdout's encoding holds every character."""
    return _encoding(sys.stdout).startswith(("utf", "cp65001"))


def prints_dashes() -> bool:
    """Say whether stdout's encoding holds the dots and dashes of the layout."""
    try:
        "·…›".encode(_encoding(sys.stdout))
    except UnicodeEncodeError:
        return False
    return True


def _encoding(stream: TextIO | None) -> str:
    return (getattr(stream, "encoding", None) or "utf-8").lower()


def to_terminal() -> bool:
    """Say whether results go to a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def talks_to_terminal() -> bool:
    """Say whether messages go to a terminal."""
    return sys.stderr is not None and sys.stderr.isatty()


def wants_colour(when: str) -> bool:
    """Decide on colour: --color, else NO_COLOR, else FORCE_COLOR, else the terminal."""
    if when != "auto":
        return when == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return to_terminal() and os.environ.get("TERM") != "dumb"
