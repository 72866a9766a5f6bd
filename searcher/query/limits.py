"""What a query may cost; each limit has a name, a default and an error that says it.

>>> Limits(expansions=10).check("expansions", 11, "co* stands for 11 words or more")
Traceback (most recent call last):
searcher.errors.QueryLimitError: co* stands for 11 words or more; the limit `expansions` is 10.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from searcher.errors import QueryLimitError
from searcher.values import frozen


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
        regex_chars: length of a regular expression.
        page_hits: hits of one page and those passed over before it.
        seconds: wall time of one search.
    """

    query_chars: int = 20_000
    terms: int = 5_000
    depth: int = 50
    phrase_words: int = 500
    slop: int = 1_000
    expansions: int = 20_000
    regex_chars: int = 200
    page_hits: int = 1_000_000
    seconds: float = 30.0

    def check(self, name: str, value: float, message: str) -> None:
        """Raise QueryLimitError with the message when `value` is over the limit `name`."""
        limit = getattr(self, name)
        if value > limit:
            raise QueryLimitError(f"{message}; the limit `{name}` is {limit}.", name)

    def stopwatch(self) -> Callable[[], None]:
        """Start the clock; the function returned raises once `seconds` have passed."""
        deadline = time.monotonic() + self.seconds

        def check_time() -> None:
            if time.monotonic() > deadline:
                limit = f"the limit `seconds` is {self.seconds:g}"
                raise QueryLimitError(f"the search took too long, and stopped; {limit}.", "seconds")

        return check_time
