"""Engines side by side in one run, query by query.

    for each round, for each class, for each query: every engine in turn

so that a slow minute of the machine slows all of them.  Who begins changes
from query to query.  Before, every engine is asked all queries, untimed.  A
query that takes longer than PATIENCE_S is asked once and no more.

An engine's figure for a query is the median of its rounds; for a class, the
median and the 99th percentile over its queries.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.engines import Asked, Built, built, index_folder
from benchmarks.passages import Corpus
from benchmarks.peers import peer
from benchmarks.reasons import UNEXPLAINED, Mismatch, Reasons
from benchmarks.spec import Spec

PATIENCE_S = 0.25
OWN = "searcher-"

Told = Callable[[str], None]
Specs = dict[str, list[Spec]]


@dataclass(frozen=True)
class Figure:
    """An engine's figures for a class.

    Attributes:
        median_s, p99_s: over the queries.
        queries: answered.
        hits: sum of the totals.
        differing, unexplained: queries with another total than expected, and those without a
            reason.
    """

    median_s: float
    p99_s: float
    queries: int
    hits: int
    differing: int = 0
    unexplained: int = 0


@dataclass
class Run:
    """What was measured.

    Attributes:
        corpus: its name, paragraphs, articles and seed.
        setting: rounds, fields, versions, machine.
        skipped: engine -> why.
        built: engine -> what building took.
        memory: engine -> bytes and peak_bytes while querying.
        figures: class -> engine -> figure.
        mismatches: counts that differ.
        cold: command -> seconds, the median of the turns.
    """

    corpus: dict[str, Any]
    setting: dict[str, Any]
    skipped: dict[str, str] = field(default_factory=dict)
    built: dict[str, Built] = field(default_factory=dict)
    memory: dict[str, dict[str, int]] = field(default_factory=dict)
    figures: dict[str, dict[str, Figure]] = field(default_factory=dict)
    mismatches: list[Mismatch] = field(default_factory=list)
    cold: dict[str, float] = field(default_factory=dict)

    def best_peer(self, kind: str, figure: str) -> float | None:
        """Return the smallest figure of the peers whose counts are right or explained."""
        return min(
            (
                getattr(one, figure)
                for engine, one in self.figures[kind].items()
                if not engine.startswith(OWN) and not one.unexplained
            ),
            default=None,
        )

    def as_json(self) -> str:
        """Return it all."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False)


@dataclass
class Asking:
    """What the engines said to one query.

    Attributes:
        spec: the query.
        totals: engine -> total.
        took_s: engine -> seconds, one a round.
    """

    spec: Spec
    totals: dict[str, int] = field(default_factory=dict)
    took_s: dict[str, list[float]] = field(default_factory=dict)

    def expected(self) -> int:
        """Return searcher's total, or else the one that most engines have."""
        own = [total for engine, total in self.totals.items() if engine.startswith(OWN)]
        return own[0] if own else Counter(self.totals.values()).most_common(1)[0][0]


def race(
    corpus: Corpus,
    engines: Sequence[str],
    specs: Specs,
    *,
    rounds: int,
    fields: str,
    rebuild: bool,
    tell: Told,
) -> Run:
    """Build what isn't built, and let all engines answer all specs.

    Args:
        corpus: what is indexed.
        engines: names; those that can't run here are skipped with their reason.
        specs: class -> queries.
        rounds: timed turns on each query.
        fields: of benchmarks.peers.base.FIELDS.
        rebuild: whether indexes are built again that are there.
        tell: is told what goes on.
    """
    skipped = {name: why for name in engines if (why := peer(name).missing())}
    running = [name for name in engines if name not in skipped]
    run = Run(_facts(corpus), _setting(running, specs, rounds, fields), skipped)
    for name in running:
        tell(f"building {name}")
        run.built[name] = built(name, corpus, fields, again=rebuild)
    askings = {kind: [Asking(spec) for spec in few] for kind, few in specs.items()}
    with ExitStack() as stack:
        up = {
            n: stack.enter_context(Asked(n, index_folder(n, corpus, fields), fields))
            for n in running
        }
        for name, engine in up.items():
            tell(f"warming {name}")
            _warm(engine, askings)
        for number in range(rounds):
            tell(f"round {number + 1} of {rounds}")
            _round(list(up.values()), askings)
        run.memory = {name: engine.memory() for name, engine in up.items()}
        run.mismatches = list(_mismatches(corpus, askings, up))
    run.figures = {kind: _figures(kind, few, run) for kind, few in askings.items()}
    return run


def _warm(engine: Asked, askings: dict[str, list[Asking]]) -> None:
    """Ask all, and note the totals; the time only of what is too slow to be asked again."""
    for number in range(peer(engine.engine).warm_rounds):
        for asking in (one for few in askings.values() for one in few):
            if number and engine.engine not in asking.totals:
                continue
            said = engine.ask(asking.spec)
            if "total" in said:
                asking.totals[engine.engine] = said["total"]
                asking.took_s[engine.engine] = [said["took_s"]] * (said["took_s"] > PATIENCE_S)


def _round(engines: Sequence[Asked], askings: dict[str, list[Asking]]) -> None:
    for turn, asking in enumerate(one for few in askings.values() for one in few):
        first = turn % len(engines)
        for engine in (*engines[first:], *engines[:first]):
            took = asking.took_s.get(engine.engine)
            if took is not None and max(took, default=0) <= PATIENCE_S:
                took.append(engine.ask(asking.spec)["took_s"])


def _mismatches(
    corpus: Corpus, askings: dict[str, list[Asking]], up: dict[str, Asked]
) -> Iterator[Mismatch]:
    reasons: Reasons | None = None
    for asking in (one for few in askings.values() for one in few if one.totals):
        expected, spec = asking.expected(), asking.spec
        for name, total in asking.totals.items():
            if total != expected:
                reasons = reasons or Reasons(corpus)
                why = reasons.why(name, spec, up[name].stem)
                yield Mismatch(spec.kind, str(spec), name, total, expected, why)


def _figures(kind: str, askings: Sequence[Asking], run: Run) -> dict[str, Figure]:
    figures = {}
    for name in run.built:
        answered = [asking for asking in askings if name in asking.totals]
        if answered:
            took = sorted(median(asking.took_s[name]) for asking in answered)
            wrong = [one for one in run.mismatches if (one.kind, one.engine) == (kind, name)]
            figures[name] = Figure(
                median(took),
                took[min(len(took) - 1, round(0.99 * (len(took) - 1)))],
                len(answered),
                sum(asking.totals[name] for asking in answered),
                len(wrong),
                sum(one.reason == UNEXPLAINED for one in wrong),
            )
    return figures


def _facts(corpus: Corpus) -> dict[str, Any]:
    facts = asdict(corpus)
    del facts["folder"]
    return facts


def _setting(engines: Sequence[str], specs: Specs, rounds: int, fields: str) -> dict[str, Any]:
    return {
        "rounds": rounds,
        "fields": fields,
        "queries": {kind: len(few) for kind, few in specs.items()},
        "versions": {name: peer(name).version() for name in engines},
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "commit": _commit(),
    }


def _commit() -> str:
    asked = ["git", "describe", "--always", "--dirty"]
    here = Path(__file__).parent
    return subprocess.run(
        asked, cwd=here, capture_output=True, text=True, check=False
    ).stdout.strip()
