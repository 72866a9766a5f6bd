"""What a query may cost; each limit has a name, a default and an error that says it.

>>> Limits(expansions=10).check("expansions", 11, "co* stands for 11 words")
Traceback (most recent call last):
searcher.errors.QueryLimitError: co* stands for 11 words; the limit `expansions` is 10. Allow more \
with --allow expansions=N, in Python with Limits(expansions=N).

`seconds` is the time of one request in all: whoever takes a request starts
the clock, and hands on what `started` returns.

    >>> limits = Limits(seconds=60).started()
    >>> limits.left() < 60
    True
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, TypeVar

from searcher.errors import QueryError, QueryLimitError
from searcher.values import frozen

T = TypeVar("T")

BOUNDS: Mapping[str, str] = {
    "query_chars": "characters of the query",
    "terms": "words, values and ranges in it",
    "depth": "brackets in brackets, `NEAR` behind `NEAR`",
    "phrase_words": "words of one phrase",
    "slop": 'the N of `"a b"~N` and `NEAR/N`',
    "expansions": "words of the archive that one wildcard, fuzzy word or regular expression "
    "stands for",
    "fuzzy_edits": "the N of `oil~N`; at most 2",
    "regex_chars": "characters of a regular expression",
    "regex_states": "places in a regular expression with its counted repeats written out",
    "page_hits": "hits of a page and those passed over before it; lines of a concordance",
    "seconds": "seconds of one search: reading the query, matching, scoring, counting, marking",
}
"""Each limit with what it bounds, in words for a table."""


@frozen
class Limits:
    """Bounds of one query; pass your own to `searcher.open(limits=...)`.

    Attributes:
        query_chars: length of the query string, in characters.
        terms: words, values and ranges in it.
        depth: brackets within brackets.
        phrase_words: words of one phrase.
        slop: other words that a phrase or NEAR may allow, the N of "a b"~N and NEAR/N.
        expansions: words of the archive that one wildcard, fuzzy word or
            regular expression may stand for.
        fuzzy_edits: edits of a fuzzy word, the N of oil~N; more than 2 are refused anyway.
        regex_chars: length of a regular expression.
        regex_states: places in a regular expression when its counted repeats
            are written out: a{3} has three.
        page_hits: hits of one page and those passed over before it, and the
            lines of one concordance.
        seconds: wall time of one search: reading the query, matching,
            scoring, counting and marking the hits of a page.
    """

    query_chars: int = 20_000
    terms: int = 5_000
    depth: int = 50
    phrase_words: int = 500
    slop: int = 1_000
    expansions: int = 20_000
    fuzzy_edits: int = 2
    regex_chars: int = 200
    regex_states: int = 10_000
    page_hits: int = 10_000
    seconds: float = 2.0

    def check(self, name: str, value: float, message: str) -> None:
        """Raise QueryLimitError with the message when `value` is over the limit `name`."""
        if value > getattr(self, name):
            raise self.over(name, message)

    def over(self, name: str, message: str) -> QueryLimitError:
        """Return the error that says what went over the limit `name`, and how to allow more."""
        limit = getattr(self, name)
        allowed = f"the limit `{name}` is {f'{limit:g}' if isinstance(limit, float) else limit}"
        raised = f"Allow more with --allow {name}=N, in Python with Limits({name}=N)."
        return QueryLimitError(f"{message}; {allowed}. {raised}", name)

    def started(self, seconds: float | None = None) -> Limits:
        """Return these limits with their time, or so many seconds, running; what runs goes on."""
        return self.running(time.monotonic(), seconds)

    def running(self, since: float, seconds: float | None = None) -> Limits:
        """Return these limits with their time, or so many seconds, running since a moment.

        Args:
            since: by time.monotonic().
            seconds: instead of the limit's.
        """
        return _Running(*(*_values(self), since + (self.seconds if seconds is None else seconds)))

    def left(self) -> float:
        """Return the seconds that are left; none of them is gone before the start."""
        return self.seconds

    def check_time(self) -> None:
        """Raise QueryLimitError once the time is over."""
        if self.left() < 0:
            raise self.out_of_time()

    def out_of_time(self) -> QueryLimitError:
        """Return the error that says that the time is over."""
        return self.over("seconds", "the search took too long, and stopped")

    def stopwatch(self) -> Callable[[], None]:
        """Return what raises once the time is over; it starts now if it isn't running."""
        return self.started().check_time


_values = attrgetter(*Limits.__match_args__)


@frozen
class _Running(Limits):
    """Limits whose time is running.

    Attributes:
        until: when it is over, by time.monotonic().
    """

    until: float = 0.0

    def running(self, since: float, seconds: float | None = None) -> Limits:
        return self

    def started(self, seconds: float | None = None) -> Limits:
        return self

    def left(self) -> float:
        return self.until - time.monotonic()


def changed(defaults: T, bounds: Mapping[str, str], given: Mapping[str, str]) -> T:
    """Return limits with some of them changed, by name and number as text.

    Args:
        defaults: a value whose attributes the limits are.
        bounds: the limits that it has, as in `BOUNDS`.
        given: what to change.

    >>> changed(Limits(), BOUNDS, {"seconds": "0.5", "terms": "10"}).seconds
    0.5

    Raises:
        QueryError: there is no such limit, or that is no number for it.
    """
    numbers = {name: _number(name, text, defaults, bounds) for name, text in given.items()}
    values = {name: getattr(defaults, name) for name in defaults.__match_args__}  # type: ignore[attr-defined]
    return type(defaults)(**{**values, **numbers})


def _number(name: str, text: str, defaults: object, bounds: Mapping[str, str]) -> Any:
    if name not in bounds:
        raise QueryError(f"there is no limit {name!r}. Limits: {', '.join(bounds)}")
    kind: type[Any] = type(getattr(defaults, name))
    try:
        number = kind(text)
    except (ValueError, OverflowError):
        number = -1
    if not 0 <= number < float("inf"):
        wanted = "seconds, as 2 or 0.5" if kind is float else "a whole number"
        raise QueryError(f"limit {name}: expected {wanted}, not {text!r}")
    return number
