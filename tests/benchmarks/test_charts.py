"""Runs as charts: what is drawn is what was measured."""

from __future__ import annotations

import json
from dataclasses import asdict
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from benchmarks.__main__ import main
from benchmarks.charts import beside, growth, read_run
from benchmarks.race import Figure, Run

TEXT = "{http://www.w3.org/2000/svg}text"


def run(paragraphs: int, **medians: float) -> Run:
    corpus = {"name": "made", "paragraphs": paragraphs}
    figures = {
        "rare term": {name.replace("_", "-"): Figure(s, 2 * s, 3, 7) for name, s in medians.items()}
    }
    return Run(corpus, {}, figures=figures)


def texts(svg: bytes) -> list[str]:
    return ["".join(one.itertext()) for one in ElementTree.fromstring(svg).iter(TEXT)]  # noqa: S314


def test_a_run_is_drawn_with_its_classes_and_engines():
    shown = texts(beside(run(128_000, searcher_native=0.5, tantivy=1.0, newcomer=2.0)))
    assert {"rare term", "searcher-native", "tantivy", "newcomer"} <= set(shown)
    assert "made, 128,000 paragraphs, exact totals" in shown


def test_growth_is_drawn_by_size_from_the_smallest():
    runs = [run(1_000_000, tantivy=8.0), run(10_000, tantivy=1.0)]
    shown = texts(growth(runs))
    assert [one for one in shown if one in ("10k", "1M")] == ["10k", "1M"]


def test_growth_needs_its_base_on_the_smallest_corpus():
    with pytest.raises(ValueError, match="no class of the smallest run was answered by tantivy"):
        growth([run(10, fts5=1.0), run(20, tantivy=1.0)])


def test_the_same_run_is_the_same_file(tmp_path):
    (tmp_path / "run.json").write_text(json.dumps(asdict(run(9, tantivy=1.0))), encoding="utf-8")
    assert read_run(tmp_path / "run.json").figures == run(9, tantivy=1.0).figures
    drawn = []
    for name in ("a.svg", "b.svg"):
        asked = ["charts", str(tmp_path / "run.json"), "--out", str(tmp_path / name)]
        done = CliRunner().invoke(main, asked)
        assert done.exit_code == 0, done.output
        drawn.append((tmp_path / name).read_bytes())
    assert drawn[0] == drawn[1]
