"""A trend as a line chart, drawn by matplotlib (the extra `searcher[plot]`).

The figure is drawn without pyplot, so no window opens and nothing of the
caller's own figures changes; the same trend gives the same bytes.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from searcher.errors import MissingExtra, QueryError
from searcher.highlight.display import display_text

if TYPE_CHECKING:
    from searcher.views.trend import Series, Trend, TrendRow

CHARTS = ("svg", "png")

WIDTH, HEIGHT, DPI = 9.0, 4.8, 150
"""Inches, and dots of an inch in a PNG."""

LONGEST_LABEL = 40
FEW = 60
"""Periods up to which each gets its own point."""

# Okabe and Ito's colours, which colour-blind readers tell apart, the yellow left out.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
EMPTY = "#f0f0f0"
DASHES = ("-", "--", ":", "-.")


def chart(trend: Trend, format: str, *, normalize: bool = False) -> bytes:
    """Return the chart of a trend.

    Args:
        trend: what to draw, a line a query.
        format: one of CHARTS.
        normalize: draw shares of all articles instead of their number.

    Raises:
        MissingExtra: matplotlib isn't installed.
        QueryError: there is nothing to draw, or no such format.
    """
    if format not in CHARTS:
        raise QueryError(f"no chart in {format!r}. Choose one of: {', '.join(CHARTS)}")
    if not trend.rows:
        raise QueryError("there is no period to draw: no article has a date")
    matplotlib = _matplotlib()
    settings = {"svg.hashsalt": "searcher", "svg.fonttype": "none"}
    # A letter that no font has is drawn as a box; a warning helps nobody.
    with matplotlib.rc_context(settings), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _saved(_figure(trend, normalize), format)


def _matplotlib() -> Any:
    try:
        import matplotlib as found
        import matplotlib.dates
        import matplotlib.figure
        import matplotlib.ticker
    except ImportError as error:
        problem = "a chart needs matplotlib. Install it with: pip install 'searcher[plot]'"
        raise MissingExtra(problem) from error
    return found


def _figure(trend: Trend, normalize: bool) -> Any:
    figure = _matplotlib().figure.Figure(figsize=(WIDTH, HEIGHT), layout="constrained")
    axes = figure.add_subplot()
    for at, series in enumerate(trend.series):
        _draw(axes, series, normalize, at)
    _lay_out(axes, trend, normalize)
    return figure


def _draw(axes: Any, series: Series, normalize: bool, at: int) -> None:
    axes.plot(
        [row.start for row in series.rows],
        [_height(row, normalize) for row in series.rows],
        color=COLOURS[at % len(COLOURS)],
        linestyle=DASHES[at // len(COLOURS) % len(DASHES)],
        marker="o",
        markersize=4 if len(series.rows) <= FEW else 2,
        linewidth=1.8,
        # Half a mark on the axis says zero; cut off it would say nothing.
        clip_on=False,
    )


def _height(row: TrendRow, normalize: bool) -> float:
    """Return where a row's point is; a share of nothing is none, not 0."""
    if normalize:
        return float("nan") if row.share is None else row.share
    return row.articles


def _shade(axes: Any, trend: Trend) -> None:
    """Grey the periods in which the archive has nothing, for any query."""
    rows = trend.series[0].rows
    held = [
        any(series.rows[at].total_articles for series in trend.series) for at in range(len(rows))
    ]
    days = [_number(row.start) for row in rows]
    for first, last in _runs(held):
        low = (days[first - 1] + days[first]) / 2
        high = (days[last] + days[last + 1]) / 2 if last + 1 < len(days) else days[last]
        axes.axvspan(low if first else days[0], high, color=EMPTY, linewidth=0, zorder=0)


def _runs(held: list[bool]) -> Iterator[tuple[int, int]]:
    """Yield the first and last place of each run that isn't held."""
    at = 0
    for is_held, run in groupby(held):
        count = len(list(run))
        if not is_held:
            yield at, at + count - 1
        at += count


def _lay_out(axes: Any, trend: Trend, normalize: bool) -> None:
    ticker = _matplotlib().ticker
    what = "Share of articles" if normalize else "Articles"
    title = axes.set_title(f"{what} by {trend.by}", loc="left", fontsize=13, fontweight="bold")
    title.set_parse_math(False)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(
        ticker.PercentFormatter(1.0) if normalize else ticker.StrMethodFormatter("{x:,.0f}")
    )
    axes.yaxis.set_major_locator(ticker.MaxNLocator(6, integer=not normalize))
    axes.set_ylabel(what)
    axes.grid(axis="y", color="#dddddd", linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    _shade(axes, trend)
    _name_periods(axes, trend)
    _name_queries(axes, trend)


def _name_periods(axes: Any, trend: Trend) -> None:
    """Write as many periods' names below as fit, the same steps apart."""
    rows = trend.series[0].rows
    step = -(-len(rows) // max(_NAMES[trend.by], 1))
    shown = rows[::step]
    axes.set_xticks([_number(row.start) for row in shown], [row.period for row in shown])
    if len(shown) > 1:
        axes.margins(x=0.02)


_NAMES = {"day": 8, "week": 10, "month": 11, "year": 14}
"""Names that fit side by side."""


def _number(day: date) -> Any:
    return _matplotlib().dates.date2num(day)


def _name_queries(axes: Any, trend: Trend) -> None:
    lines, names = list(axes.lines), [_label(series) for series in trend.series]
    if axes.patches:
        lines, names = [*lines, axes.patches[0]], [*names, "no articles at all"]
    legend = axes.figure.legend(
        lines, list(map(str, range(len(lines)))), loc="outside lower center", ncols=3, frameon=False
    )
    # Set afterwards: a label that starts with _ would be left out.
    for text, name in zip(legend.get_texts(), names, strict=True):
        text.set_text(name)
        text.set_parse_math(False)


def _label(series: Series) -> str:
    name = display_text(series.query)
    short = name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1] + "…"
    return f"{short}  ({series.articles:,})"


def _saved(figure: Any, format: str) -> bytes:
    data = io.BytesIO()
    # Without a date in it, the same trend is the same file.
    metadata = {"Date": None} if format == "svg" else {"Software": None}
    figure.savefig(data, format=format, dpi=DPI, metadata=metadata)
    return data.getvalue()
