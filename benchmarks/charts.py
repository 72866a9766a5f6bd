"""Runs as charts: engines side by side on one corpus, and latency as the corpus grows.

    beside(run)     a panel of the medians and one of the 99th percentiles: a row a class, a
                    mark an engine, at its multiple of the best peer
    growth(runs)    a panel a class: paragraphs to multiples of what the peer that is named
                    took on the smallest corpus

Both axes of times are logarithmic and have no unit, for only ratios mean something.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.race import OWN, Figure, Run

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

# Okabe and Ito's colours, which colour-blind readers tell apart; searcher's own is the black.
COLOURS = {
    "searcher-native": "#000000",
    "searcher-local": "#999999",
    "whoosh": "#CC79A7",
    "tantivy": "#D55E00",
    "fts5": "#56B4E9",
    "xapian": "#009E73",
    "bm25s": "#E69F00",
    "lucene": "#0072B2",
}
PANELS = {"median_s": "Median", "p99_s": "99th percentile"}
COLUMNS = 5
_AXIS = "#dddddd"


def read_run(path: Path) -> Run:
    """Read what `peers --out` wrote."""
    found = json.loads(path.read_text(encoding="utf-8"))
    figures = {
        kind: {name: Figure(**one) for name, one in few.items()}
        for kind, few in found["figures"].items()
    }
    return Run(found["corpus"], found["setting"], figures=figures)


def beside(run: Run) -> bytes:
    """Return a run as an SVG chart."""
    kinds = _compared(run)
    drawing = _drawing(11.0, 1.3 + 0.32 * len(kinds))
    panels = drawing.subplots(1, len(PANELS), sharey=True)
    for axes, (figure, title) in zip(panels, PANELS.items(), strict=True):
        _rows(axes, run, kinds, figure)
        axes.set_title(title, loc="left", fontsize=11, fontweight="bold")
        axes.set_xlabel("× the best peer")
    panels[0].set_yticks(range(len(kinds)), kinds)
    panels[0].invert_yaxis()
    drawing.suptitle(_titled(run), x=0.01, ha="left", fontsize=12)
    return _finished(drawing, panels)


def _compared(run: Run) -> list[str]:
    return [kind for kind in run.figures if run.best_peer(kind, "median_s")]


def _rows(axes: Axes, run: Run, kinds: Sequence[str], figure: str) -> None:
    for name in _engines([run]):
        points = [
            (getattr(run.figures[kind][name], figure) / (run.best_peer(kind, figure) or 1), row)
            for row, kind in enumerate(kinds)
            if name in run.figures[kind]
        ]
        own = name.startswith(OWN)
        axes.plot(
            [x for x, _ in points],
            [y for _, y in points],
            color=COLOURS.get(name, "#777777"),
            linestyle="",
            marker="D" if own else "o",
            markersize=7 if own else 5,
            label=name,
            zorder=3 if own else 2,
        )
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.axvline(1, color="#888888", linewidth=1)
    axes.grid(axis="y", color=_AXIS, linewidth=0.6)


def growth(runs: Sequence[Run], base: str = "tantivy") -> bytes:
    """Return how medians grow with the corpus, as an SVG chart.

    Args:
        runs: of corpora of several sizes.
        base: the engine whose median on the smallest one is 1 in each panel.

    Raises:
        ValueError: no class was answered by `base` in the smallest corpus.
    """
    ordered = sorted(runs, key=lambda run: int(run.corpus["paragraphs"]))
    kinds = [kind for kind, few in ordered[0].figures.items() if base in few]
    if not kinds:
        raise ValueError(f"no class of the smallest run was answered by {base}")
    lines = -(-len(kinds) // COLUMNS)
    drawing = _drawing(2.3 * COLUMNS, 2.1 * lines + 0.9)
    panels = list(drawing.subplots(lines, COLUMNS, sharex=True, sharey=True, squeeze=False).flat)
    for axes, kind in zip(panels, kinds, strict=False):
        _curves(axes, ordered, kind, ordered[0].figures[kind][base].median_s)
        axes.set_title(kind, loc="left", fontsize=10)
        sizes = [int(run.corpus["paragraphs"]) for run in ordered]
        axes.set_xticks(sizes, [_short(size) for size in sizes])
        axes.minorticks_off()
    for axes in panels[len(kinds) :]:
        axes.set_visible(False)
    title = f"Median by number of paragraphs, × {base} on the smallest corpus"
    drawing.suptitle(title, x=0.01, ha="left", fontsize=12)
    return _finished(drawing, panels[: len(kinds)])


def _curves(axes: Axes, runs: Sequence[Run], kind: str, unit: float) -> None:
    for name in _engines(runs):
        points = [
            (run.corpus["paragraphs"], run.figures[kind][name].median_s / unit)
            for run in runs
            if name in run.figures.get(kind, {})
        ]
        axes.plot(
            [x for x, _ in points],
            [y for _, y in points],
            color=COLOURS.get(name, "#777777"),
            marker="o",
            markersize=3.5,
            linewidth=2 if name.startswith(OWN) else 1.4,
            label=name,
        )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.grid(color=_AXIS, linewidth=0.6)


def _short(count: int) -> str:
    """Return a count as a tick names it.

    >>> _short(10_003), _short(127_891), _short(1_000_123)
    ('10k', '128k', '1M')
    """
    return f"{count / 1_000_000:.3g}M" if count >= 999_500 else f"{count / 1_000:.3g}k"


def _engines(runs: Sequence[Run]) -> list[str]:
    answered = {name for run in runs for few in run.figures.values() for name in few}
    return [name for name in COLOURS if name in answered] + sorted(answered - COLOURS.keys())


def _titled(run: Run) -> str:
    return f"{run.corpus['name']}, {run.corpus['paragraphs']:,} paragraphs, exact totals"


def _drawing(width: float, height: float) -> Drawing:
    from matplotlib.figure import Figure as New

    return New(figsize=(width, height), layout="constrained")


def _finished(drawing: Drawing, panels: Sequence[Axes]) -> bytes:
    from matplotlib import rc_context

    for axes in panels:
        axes.spines[["top", "right"]].set_visible(False)
        axes.set_axisbelow(True)
    handles, names = panels[0].get_legend_handles_labels()
    drawing.legend(handles, names, loc="outside lower left", ncols=len(names), frameon=False)
    data = io.BytesIO()
    # Without a date in it, and with fixed names of its parts, the same run is the same file.
    with rc_context({"svg.hashsalt": "searcher", "svg.fonttype": "none"}):
        drawing.savefig(data, format="svg", metadata={"Date": None})
    return data.getvalue()
