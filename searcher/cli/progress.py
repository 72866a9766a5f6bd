"""A line on the terminal that says how far a run is."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

from searcher.cli import output, terminal
from searcher.cli.labels import took

if TYPE_CHECKING:
    from searcher.indexing import Progress

_EVERY_S = 0.1
_BAR = 20
_CLEAR = "\r\x1b[K"


class ProgressLine:
    """Rewrites one line on stderr, only on a terminal, ten times a second at most."""

    def __init__(self) -> None:
        self._wanted = output.talks_to_terminal()
        self._shown_at = 0.0
        self._shown = False

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._shown:
            self._write(_CLEAR)

    def show(self, progress: Progress) -> None:
        """Show how far a run of `searcher index` is, unless that was just done."""
        if self._is_due():
            self._show(line(progress))

    def show_share(self, what: str, done: int, total: int) -> None:
        """Show how much of something is done, unless that was just shown."""
        if self._is_due():
            self._show(f"[{_bar(done / total if total else 1.0)}] {done:,}/{total:,} {what}")

    def _is_due(self) -> bool:
        return self._wanted and time.monotonic() - self._shown_at >= _EVERY_S

    def _show(self, text: str) -> None:
        self._shown_at, self._shown = time.monotonic(), True
        columns = terminal.columns() - 1
        self._write(_CLEAR + text[:columns])

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()


def line(progress: Progress) -> str:
    """Return the line: a bar, files, paragraphs, rate and time left."""
    done = _share(progress)
    rate = progress.paragraphs / progress.took_s if progress.took_s else 0
    return (
        f"[{_bar(done)}] {progress.files_done:,}/{progress.files_total:,} files"
        f"  {progress.paragraphs:,} paragraphs  {rate:,.0f}/s{_left(progress, done)}"
    )


def _bar(share: float) -> str:
    return f"{'#' * round(share * _BAR):<{_BAR}}"


def _share(progress: Progress) -> float:
    """Return how much is done, by bytes where they are known: files differ in size."""
    if progress.bytes_total:
        return min(1.0, progress.bytes_done / progress.bytes_total)
    return progress.files_done / progress.files_total if progress.files_total else 0.0


def _left(progress: Progress, done: float) -> str:
    if not 0 < done < 1:
        return ""
    return f"  {took(progress.took_s / done * (1 - done))} left"
