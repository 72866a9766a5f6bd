"""A Run as Markdown: ratios to the best peer first, absolute figures beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from benchmarks.race import Figure, Run
from benchmarks.reasons import UNEXPLAINED

MISMATCHES_SHOWN = 25
_CAUTION = "absolute figures are of one noisy machine: only the ratios mean something"


def markdown(run: Run) -> str:
    """Return the whole report."""
    parts = [_head(run), _latency(run, "median_s", "Median")]
    parts += [_latency(run, "p99_s", "99th percentile"), _build(run)]
    parts += [_cold(run)] if run.cold else []
    parts.append(_counts(run))
    return "\n\n".join(parts) + "\n"


def _head(run: Run) -> str:
    corpus, setting = run.corpus, run.setting
    size = f"{corpus['paragraphs']:,} paragraphs of {corpus['articles']:,} articles"
    lines = [
        f"# {corpus['name']}: {size}",
        "",
        f"{', '.join(setting['versions'].values())}. Python {setting['python']}, "
        f"{setting['machine']}, commit {setting['commit']}. Fields: {setting['fields']}. "
        f"{setting['rounds']} rounds, interleaved query by query; ten hits and the exact total.",
    ]
    lines += [f"- skipped {name}: {why}" for name, why in run.skipped.items()]
    return "\n".join(lines)


def _latency(run: Run, figure: str, title: str) -> str:
    engines = list(run.built)
    rows = [
        [kind, *(_cell(run, kind, name, figure) for name in engines), _hits(few)]
        for kind, few in run.figures.items()
    ]
    note = f"× the best peer (ms); {_CAUTION}. `≠ n`: n totals differ; `!`: some unexplained."
    return f"## {title}\n\n{note}\n\n" + _table(["class", *engines, "hits"], rows)


def _cell(run: Run, kind: str, engine: str, figure: str) -> str:
    one = run.figures[kind].get(engine)
    if one is None:
        return "–"
    best, own = run.best_peer(kind, figure), getattr(one, figure)
    ratio = f"**{own / best:.2f}** " if best else ""
    wrong = f" ≠ {one.differing}{'!' if one.unexplained else ''}" if one.differing else ""
    return f"{ratio}({own * 1000:.3g}){wrong}"


def _hits(figures: dict[str, Figure]) -> str:
    return f"{next(iter(figures.values())).hits:,}" if figures else ""


def _build(run: Run) -> str:
    best = _best_peer_of(run, lambda name: run.built[name].took_s)
    rows = [
        [
            name,
            f"{one.took_s / best:.2f}" if best else "",
            f"{run.corpus['paragraphs'] / one.took_s:,.0f}",
            _mb(one.peak_bytes),
            _mb(one.size_bytes),
            _mb(run.memory[name]["bytes"]),
            _mb(run.memory[name]["peak_bytes"]),
        ]
        for name, one in run.built.items()
    ]
    head = ["engine", "× build of the best peer", "paragraphs/s", "build peak MB", "disk MB"]
    head += ["resident MB", "query peak MB"]
    return f"## Build, size, memory\n\nOf these too, {_CAUTION}.\n\n" + _table(head, rows)


def _best_peer_of(run: Run, figure: Callable[[str], float]) -> float | None:
    return min(
        (figure(name) for name in run.built if not name.startswith("searcher-")), default=None
    )


def _cold(run: Run) -> str:
    base = next(iter(run.cold.values()))
    rows = [[name, f"{s / base:.2f}", f"{s * 1000:.0f}"] for name, s in run.cold.items()]
    return "## Fresh process to ten printed hits\n\n" + _table(
        ["command", "× `python -c pass`", "ms"], rows
    )


def _counts(run: Run) -> str:
    asked = sum(figure.queries for few in run.figures.values() for figure in few.values())
    lines = [f"{len(run.mismatches)} of {asked:,} totals differ from searcher's."]
    for (engine, kind), count in Counter((m.engine, m.kind) for m in run.mismatches).items():
        mine = [m for m in run.mismatches if (m.engine, m.kind) == (engine, kind)]
        unexplained = sum(m.reason == UNEXPLAINED for m in mine)
        lines.append(f"- {engine}, {kind}: {count} differ, {unexplained} of them unexplained")
    # What nothing explains comes first: it is what a reader has to look at.
    shown = sorted(run.mismatches, key=lambda m: m.reason != UNEXPLAINED)[:MISMATCHES_SHOWN]
    rows = [[m.engine, m.query, str(m.total), str(m.expected), m.reason] for m in shown]
    table = _table(["engine", "query", "total", "expected", "why"], rows) if rows else ""
    return "## Counts\n\n" + "\n".join(lines) + (f"\n\n{table}" if table else "")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(_lines([head, ["---"] * len(head), *rows]))


def _lines(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _mb(count: int) -> str:
    return f"{count / 1e6:,.0f}"
