"""How a run ends that didn't end well: one message and one exit code a cause.

0    hits, or done                 4    some input was skipped
1    no hits                       70   anything else went wrong
2    usage or query error          130  Ctrl-C
3    no or unreadable index        141  the reader of stdout left
                                   143  SIGTERM
"""

from __future__ import annotations

from collections.abc import Callable

import click

from searcher import errors
from searcher.cli import output
from searcher.cli.caret import pointed_at
from searcher.cli.session import Session
from searcher.cli.termination import Terminated

OK = 0
NO_HITS = 1
USAGE = 2
NO_INDEX = 3
SKIPPED = 4
FAILED = 70
INTERRUPTED = 130
PIPE_CLOSED = 141
TERMINATED = 143
"""What a shell reports for programs that SIGPIPE and SIGTERM ended."""


def report(error: BaseException, session: Session) -> int:
    """Say what went wrong, on stderr, and return the exit code."""
    if isinstance(error, SystemExit | click.exceptions.Exit):
        return _own_code(error)
    if session.traceback and not isinstance(error, click.ClickException):
        import traceback

        output.say("".join(traceback.format_exception(error)).rstrip())
    return describe(error)


def describe(error: BaseException) -> int:
    """Say what went wrong as the first kind that fits says it; return the exit code."""
    return next(end(error) for kind, end in _ENDS if isinstance(error, kind))


def _own_code(error: SystemExit | click.exceptions.Exit) -> int:
    code = error.code if isinstance(error, SystemExit) else error.exit_code
    return code if isinstance(code, int) else OK if code is None else FAILED


def _closed_pipe(_error: BaseException) -> int:
    output.abandon_stdout()
    return PIPE_CLOSED


def _interrupted(error: BaseException) -> int:
    _say_error(str(error) or "interrupted")
    return TERMINATED if isinstance(error, Terminated) else INTERRUPTED


def _usage(error: BaseException) -> int:
    assert isinstance(error, click.ClickException)  # noqa: S101
    context = getattr(error, "ctx", None)
    if context is not None:
        output.say(context.get_usage())
        output.say(f"Try '{context.command_path} --help' for help.\n")
    _say_error(error.format_message())
    return USAGE


def _syntax(error: BaseException) -> int:
    assert isinstance(error, errors.QuerySyntaxError)  # noqa: S101
    output.say(pointed_at(error.query, error.column))
    _say_error(f"{error.problem} (column {error.column + 1})")
    if error.hint:
        output.say(error.hint)
    return USAGE


def _internal(error: BaseException) -> int:
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    _say_error(f"internal error: {what}. Please report it; --traceback shows where it arose.")
    return FAILED


def _system(error: BaseException) -> int:
    assert isinstance(error, OSError)  # noqa: S101
    where = f"{error.filename}: " if error.filename is not None else ""
    _say_error(f"{where}{error.strerror or error}")
    return FAILED


def _message(code: int) -> Callable[[BaseException], int]:
    def end(error: BaseException) -> int:
        _say_error(str(error))
        return code

    return end


def _say_error(message: str) -> None:
    output.say("searcher: " + " ".join(message.split("\n")))


# From the particular to the general; the first that fits is taken.
_ENDS: tuple[tuple[type[BaseException], Callable[[BaseException], int]], ...] = (
    (BrokenPipeError, _closed_pipe),
    (KeyboardInterrupt, _interrupted),
    (click.Abort, _interrupted),
    (click.ClickException, _usage),
    (errors.QuerySyntaxError, _syntax),
    (errors.QueryError, _message(USAGE)),
    (errors.MissingExtra, _message(USAGE)),
    (errors.OutputRefused, _message(USAGE)),
    (errors.UnknownId, _message(NO_HITS)),
    (errors.ArticleError, _message(SKIPPED)),
    (errors.IndexNotWritten, _message(FAILED)),
    (errors.SearcherError, _message(NO_INDEX)),
    (OSError, _system),
    (BaseException, _internal),
)
