"""The chart: drawn without a window, the same each time, and refused without its extra."""

from __future__ import annotations

import sys

import pytest

from searcher.errors import MissingExtra, QueryError
from searcher.views.chart import chart


@pytest.fixture
def trend(make_index):
    """Two queries over three months, the second of them empty; labels that matplotlib reads."""
    archive = make_index(
        [
            {"id": "a", "date": "2026-01-01", "text": "Oil at $3 or $4."},
            {"id": "b", "date": "2026-03-01", "text": "Gold."},
        ]
    )
    return archive.trend("oil OR $x_$", "_gold <b>", by="month")


@pytest.mark.parametrize("normalize", [False, True])
def test_a_chart_is_a_picture_and_the_same_each_time(trend, normalize):
    png, svg = (chart(trend, name, normalize=normalize) for name in ("png", "svg"))

    assert png.startswith(b"\x89PNG")
    assert svg == chart(trend, "svg", normalize=normalize)
    assert "pyplot" not in "".join(name for name in sys.modules if "matplotlib" in name)


def test_a_chart_names_its_queries_as_they_were_typed(trend):
    svg = chart(trend, "svg").decode()

    assert "_gold &lt;b&gt;" in svg
    assert "oil OR $x_$" in svg
    assert "no articles at all" in svg
    assert "2026-02" in svg


def test_without_matplotlib_the_error_names_the_extra(trend, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)

    with pytest.raises(MissingExtra, match=r"searcher\[plot\]"):
        chart(trend, "png")


def test_there_has_to_be_something_to_draw(make_index):
    with pytest.raises(QueryError, match="no article has a date"):
        chart(make_index("Oil.").trend("oil"), "png")


def test_a_format_that_there_is_not_is_an_error(trend):
    with pytest.raises(QueryError, match="svg, png"):
        chart(trend, "gif")
