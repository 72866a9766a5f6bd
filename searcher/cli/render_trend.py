"""A trend as bars, as one tidy table for all queries, or as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from searcher.cli.render_json import pretty
from searcher.highlight.cells import record
from searcher.highlight.display import display_text
from searcher.views.trend import COLUMNS

if TYPE_CHECKING:
    from searcher.views.trend import Series, Trend, TrendRow

_HEAD = "  articles  paragraphs    share  "
_EIGHTHS = " ▏▎▍▌▋▊▉"


def text(trend: Trend, normalize: bool, columns: int, letters: bool) -> str:
    """Return a block of bars for each query, all of them to one scale.

    Args:
        trend: what to show.
        normalize: whether bars show shares of all articles, or their number.
        columns: of a line.
        letters: whether the output can hold the blocks that bars are made of.
    """
    most = max((_value(row, normalize) for row in trend.rows), default=0.0)
    blocks = (
        _block(series, trend.by, normalize, most, columns, letters) for series in trend.series
    )
    return "\n".join("".join(f"{line}\n" for line in block) for block in blocks)


def _value(row: TrendRow, normalize: bool) -> float:
    return row.share or 0.0 if normalize else float(row.articles)


def _block(
    series: Series, by: str, normalize: bool, most: float, columns: int, letters: bool
) -> Iterator[str]:
    wide = max([len(by), *(len(row.period) for row in series.rows)])
    room = columns - wide - len(_HEAD)
    yield display_text(series.query)
    label = "share of articles" if normalize else "articles"
    yield f"{by:<{wide}}{_HEAD}{label if len(label) <= room else ''}".rstrip()
    for row in series.rows:
        share = "-" if row.share is None else f"{row.share:.2%}"
        figures = f"  {row.articles:>8,}  {row.paragraphs:>10,}  {share:>7}  "
        drawn = bar(_value(row, normalize), most, room, letters)
        yield f"{row.period:<{wide}}{figures}{drawn}".rstrip()


def bar(value: float, most: float, columns: int, letters: bool = True) -> str:
    """Return a bar as long as the value is of the most; what isn't 0 can be seen.

    >>> bar(3, 4, 10), bar(1, 1000, 10), bar(0, 4, 10), bar(3, 4, 8, letters=False)
    ('███████▌', '▏', '', '######')
    """
    if not value or columns < 1:
        return ""
    eighths = max(1, round(8 * columns * value / most))
    if not letters:
        return "#" * max(1, round(eighths / 8))
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def csv(trend: Trend, _letters: bool) -> str:
    """Return the table, a row for each period and query.

    The share has six decimals, and is empty where there is nothing to have a share of.
    """
    lines = (record(_cells(row)) for row in trend.rows)
    return record(COLUMNS) + "".join(lines)


def _cells(row: TrendRow) -> list[str | int]:
    share = "" if row.share is None else f"{row.share:.6f}"
    return [*list(row.as_dict().values())[:-1], share]


def json(trend: Trend, letters: bool) -> str:
    """Return the envelope."""
    return pretty(trend.as_dict(), letters)


RENDERERS: dict[str, Callable[[Trend, bool], str]] = {"csv": csv, "json": json}
