"""Asks an archive made-up queries for as long as you like, and says what went wrong.

    python -m tests.reliability.fuzz_queries --minutes 60 --index index
    python -m tests.reliability.fuzz_queries --minutes 60 --atheris

What goes wrong is an exception that is no SearcherError, a query that takes
half a second more than the limit `seconds`, by the processor's time, and
memory over 500 MB.  Exits 1 when anything did.  With --atheris the queries are
those of Atheris (a coverage-guided fuzzer, to be installed by itself), which
looks for inputs that reach new lines of the code.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from types import FunctionType

from hypothesis import HealthCheck, Phase, given, seed, settings

import searcher
from tests.conftest import TODAY
from tests.reliability.corpus import make_corpus
from tests.reliability.peak import peak_mb
from tests.reliability.query_texts import FUNCTIONS, OPERATORS, PATTERNS, WORDS, query_texts

SECONDS = 2.0
SLACK_S = 0.5
MOST_MB = 500
ROUND = 500
"""Examples of one round of Hypothesis; each round has its own seed."""

METHODS = ("search", "search", "search", "kwic", "facet", "quotes", "explain", "similar")


class Fuzzer:
    """Asks queries of one archive, by one method or another, and keeps count.

    Args:
        archive: what is asked.
        until: when to stop, by time.monotonic().
    """

    def __init__(self, archive: searcher.Archive, until: float) -> None:
        self.archive = archive
        self.until = until
        self.asked: Counter[str] = Counter()
        self.slowest = (0.0, "")
        self.wrong: list[str] = []

    def over(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() > self.until

    def ask(self, query: str) -> None:
        """Ask a query, and note what went wrong."""
        method = METHODS[sum(query.encode("utf-8", "surrogatepass")) % len(METHODS)]
        began = time.process_time()
        try:
            self._answer(method, query)
            self.asked["answered"] += 1
        except searcher.SearcherError as error:
            self.asked[type(error).__name__] += 1
        except Exception:
            self.wrong.append(f"{method} {query!r}\n{traceback.format_exc()}")
        took = time.process_time() - began
        self.slowest = max(self.slowest, (took, f"{method} {query[:200]!r}"))
        if took > SECONDS + SLACK_S:
            self.wrong.append(f"{method} {query!r} took {took:.2f} s")

    def _answer(self, method: str, query: str) -> None:
        if method == "facet":
            self.archive.facet("desk", query)
        elif method == "quotes":
            self.archive.quotes("a", query).as_dict()
        elif method == "similar":
            self.archive.similar(text=query).as_dict()
        elif method == "explain":
            self.archive.explain(query)
        else:
            getattr(self.archive, method)(query).as_dict()

    def report(self) -> bool:
        """Print what was done; True when nothing went wrong."""
        for one in self.wrong[:20]:
            print(
                ascii(one) if len(one) < 200 else one.encode("ascii", "backslashreplace").decode()
            )
        peak = peak_mb()
        counts = ", ".join(f"{count:,} {name}" for name, count in self.asked.most_common())
        print(f"{sum(self.asked.values()):,} queries: {counts}; {len(self.wrong)} went wrong")
        print(f"slowest {self.slowest[0]:.2f} s: {self.slowest[1]!a}; {peak} MB at most")
        return not self.wrong and peak < MOST_MB


def by_hypothesis(fuzzer: Fuzzer, first_seed: int) -> None:
    """Ask what the grammar makes, one seed after another."""
    number = first_seed
    while not fuzzer.over():

        @seed(number)
        @settings(
            max_examples=ROUND,
            database=None,
            deadline=None,
            derandomize=False,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        @given(query_texts())
        def one_round(query: str) -> None:
            if not fuzzer.over():
                fuzzer.ask(query)

        one_round()
        number += 1


_PIECES = [*WORDS, *OPERATORS, *(f"{name}(" for name in FUNCTIONS), *(f"/{p}/" for p in PATTERNS)]
_PIECES += [*'()"“”*?~^:-0123456789', "date:", "said:", "title:", "desk:", "words>", "query:"]


def by_atheris(fuzzer: Fuzzer) -> None:
    """Ask what Atheris makes: each byte a piece of a query or a character."""
    import atheris

    def one(data: bytes) -> None:
        if fuzzer.over():
            # Atheris never returns; the report is due before it is left.
            good = fuzzer.report()
            sys.stdout.flush()
            os._exit(0 if good else 1)
        pieces = (_PIECES[b] if b < len(_PIECES) else chr(b) for b in data)
        fuzzer.ask("".join(pieces))

    for function in _functions("searcher.query."):
        atheris.instrument_func(function)
    atheris.Setup([sys.argv[0], "-max_len=300", "-rss_limit_mb=0"], one)
    atheris.Fuzz()


def _functions(prefix: str) -> list[FunctionType]:
    """Return the functions and methods of the loaded modules whose names begin so."""
    modules = [module for name, module in sys.modules.items() if name.startswith(prefix)]
    members = [(module.__name__, one) for module in modules for one in vars(module).values()]
    own = [one for name, one in members if getattr(one, "__module__", "") == name]
    classes = [one for one in own if isinstance(one, type)]
    methods = [one for cls in classes for one in vars(cls).values()]
    return [one for one in (*own, *methods) if isinstance(one, FunctionType)]


def main() -> int:
    """Run, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--index", help="index folder; else a small one is made")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--atheris", action="store_true")
    given_options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        index = given_options.index or str(make_corpus(Path(folder)))
        limits = searcher.Limits(seconds=SECONDS)
        with searcher.open(index, today=TODAY, limits=limits) as archive:
            fuzzer = Fuzzer(archive, time.monotonic() + 60 * given_options.minutes)
            if given_options.atheris:
                by_atheris(fuzzer)
            else:
                by_hypothesis(fuzzer, given_options.seed)
            return 0 if fuzzer.report() else 1


if __name__ == "__main__":
    sys.exit(main())
