"""What is generated and drawn: the same for a seed, and like Reuters."""

from __future__ import annotations

import doctest
import json
from itertools import islice

import pytest

import searcher
from benchmarks import generator, passages
from benchmarks.corpus import generated
from benchmarks.draw import ALL_CLASSES, FREQUENT, RARE, draw_from, draw_specs, kept_specs
from benchmarks.measure import measure
from benchmarks.passages import Corpus
from benchmarks.peers import searcher as own

PARAGRAPHS = 4_000

REUTERS = {
    "words": 86_000,
    "forms": 9_856,
    "stems": 7_492,
    "mean_words": 21.5,
    "once": 0.487,
    "burst": 1.336,
    "pairs": 0.240,
}
"""Of the first 4,000 paragraphs: benchmarks measure --corpus reuters DIR --first 4000."""
REUTERS_FREQUENCY = {1: 0.5285, 10: 0.14075, 100: 0.0225, 1_000: 0.00275}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return generated(PARAGRAPHS, tmp_path_factory.mktemp("work"), seed=7)


@pytest.fixture(scope="module")
def draw(made):
    return draw_from(made, seed=1)


@pytest.mark.parametrize("module", [generator, passages, own], ids=lambda one: one.__name__)
def test_the_examples_in_the_docstrings_hold(module):
    found = doctest.testmod(module)

    assert found.attempted
    assert not found.failed


def test_a_seed_gives_the_same_articles_and_another_seed_gives_others():
    first, again, other = (list(islice(generator.articles(10_000, s), 50)) for s in (1, 1, 2))

    assert first == again
    assert first != other


def test_articles_are_made_one_by_one_however_many_are_asked_for():
    """A list would take minutes here, and all memory."""
    assert len(list(islice(generator.articles(10**9, 1), 3))) == 3


def test_generated_news_has_the_statistics_of_reuters(made):
    """Each within a sixth, so that what is fast on it is fast on Reuters."""
    found = measure(made.passages())

    for name, value in REUTERS.items():
        assert getattr(found, name) == pytest.approx(value, rel=1 / 6), name
    for rank, value in REUTERS_FREQUENCY.items():
        assert found.frequency[rank] == pytest.approx(value, rel=1 / 6), rank


def test_generated_vocabulary_grows_as_reuters_does(made):
    """Heaps: from 1,000 to 4,000 paragraphs Reuters' forms grow from 4,016 to 9,856."""
    few = measure(islice(made.passages(), PARAGRAPHS // 4))
    all_ = measure(made.passages())

    assert all_.forms / few.forms == pytest.approx(9_856 / 4_016, rel=0.15)


def test_generated_dates_run_from_1987_to_2026(made):
    days = [passage.date for passage in made.passages()]

    assert min(days) // 10_000 == 1987
    assert max(days) // 10_000 == 2026
    assert len({day // 10_000 for day in days}) == 40


def test_generated_news_has_desks_sections_and_kinds(made):
    found = list(made.passages())

    assert {passage.kind for passage in found} == {"headline", "heading", "text", "list"}
    assert len({desk for passage in found for desk in passage.desk}) > 10
    assert any(passage.section for passage in found)


def test_searcher_indexes_every_paragraph_that_was_generated(made, tmp_path):
    wanted = 0
    for path in made.files.iterdir():
        for line in path.read_text(encoding="utf-8").splitlines():
            wanted += 2 + json.loads(line)["text"].count("\n\n")

    report = searcher.index([made.files], tmp_path / "index", dry_run=True)

    assert made.paragraphs == wanted >= PARAGRAPHS
    assert report.skipped == {}
    assert report.total.articles == made.articles


def test_a_seed_gives_the_same_specs_whichever_classes_are_drawn(made, draw):
    every = draw_specs(draw, ALL_CLASSES, 5)
    again = draw_specs(draw_from(made, seed=1), ["NOT", "prefix"], 5)

    assert again == {name: every[name] for name in ("NOT", "prefix")}


def test_every_class_has_as_many_different_specs_as_were_asked_for(draw):
    for name, specs in draw_specs(draw, ALL_CLASSES, 20).items():
        assert len(set(specs)) == 20, name
        assert {spec.kind for spec in specs} == {name}


def test_terms_are_of_their_band_of_document_frequency(made, draw):
    specs = draw_specs(draw, ["rare term", "common term"], 20)

    for spec in specs["rare term"]:
        assert draw.df[spec.all[0]] <= RARE[1] * made.paragraphs
    for spec in specs["common term"]:
        assert draw.df[spec.all[0]] >= FREQUENT[0] * made.paragraphs


def test_phrases_occur_in_the_corpus(made, draw):
    texts = [passage.text.lower() for passage in made.passages()]

    for spec in draw_specs(draw, ["phrase of 3"], 5)["phrase of 3"]:
        assert any(" ".join(spec.phrase) in text.replace(",", "") for text in texts)


def test_specs_are_read_again_as_they_were_drawn(made):
    drawn = kept_specs(made, ALL_CLASSES, 3, 1)

    assert kept_specs(made, ALL_CLASSES, 3, 1) == drawn
    assert kept_specs(made, ["NOT"], 3, 1) == {"NOT": drawn["NOT"]}
