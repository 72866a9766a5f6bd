"""One run of several engines: what is counted, compared and called the best."""

from __future__ import annotations

import json

import pytest
import Stemmer

from benchmarks.engines import Asked, Failed, built, index_folder
from benchmarks.peers import peer
from benchmarks.peers.base import BOTH
from benchmarks.race import Asking, Figure, Mismatch, Run, race
from benchmarks.reasons import UNEXPLAINED, Reasons
from benchmarks.report import markdown
from benchmarks.spec import Spec
from searcher.analysis import Analyzer


@pytest.fixture(scope="module")
def run(corpus) -> Run:
    specs = {
        "common term": [Spec("common term", all=("oil",)), Spec("common term", all=("grain",))],
        "fuzzy 1 edit": [Spec("fuzzy 1 edit", fuzzy="graun")],
        "newsroom: NEAR": [
            Spec("newsroom: NEAR", all=("oil", "gas"), paragraph="news.jsonl:one#p1")
        ],
    }
    return race(
        corpus,
        ["searcher-local", "searcher-native", "fts5"],
        specs,
        rounds=1,
        fields=BOTH,
        rebuild=False,
        tell=lambda _: None,
    )


def test_a_run_has_the_hits_and_the_times_of_every_engine_that_can_answer(run):
    own = [name for name in ("searcher-local", "searcher-native") if not peer(name).missing()]
    hits = {name: figure.hits for name, figure in run.figures["common term"].items()}
    assert hits == dict.fromkeys([*own, "fts5"], 12)
    assert list(run.figures["fuzzy 1 edit"]) == own
    assert run.figures["newsroom: NEAR"]["searcher-local"].hits == 3
    assert all(f.median_s > 0 for few in run.figures.values() for f in few.values())
    assert run.mismatches == []


def test_a_run_says_what_building_took(run):
    for one in run.built.values():
        assert one.took_s > 0
        assert one.size_bytes > 1_000


def test_a_report_has_a_row_a_class_and_the_reason_of_a_skip(run):
    text = markdown(run)

    assert "| common term |" in text
    assert "totals differ from searcher's" in text and run.mismatches == []
    assert "- skipped lucene: no jars" in markdown(
        Run(run.corpus, run.setting, {"lucene": "no jars"})
    )
    assert json.loads(run.as_json())["corpus"]["paragraphs"] == run.corpus["paragraphs"]


def test_an_engine_that_counts_wrong_for_no_known_reason_is_never_the_best():
    run = Run({}, {})
    run.figures["common term"] = {
        "searcher-local": Figure(0.001, 0.002, 10, 50),
        "wrong": Figure(0.003, 0.004, 10, 40, differing=1, unexplained=1),
        "right": Figure(0.007, 0.009, 10, 50),
        "explained": Figure(0.006, 0.020, 10, 49, differing=1),
    }

    assert run.best_peer("common term", "median_s") == 0.006
    assert run.best_peer("common term", "p99_s") == 0.009


def test_an_unexplained_count_is_marked_and_listed():
    run = Run(
        {"name": "x", "paragraphs": 9, "articles": 3},
        {"versions": {}, "python": "", "machine": "", "commit": "", "fields": "", "rounds": 1},
    )
    run.mismatches = [Mismatch("NOT", "all=oil none=gas", "wrong", 3, 4, UNEXPLAINED)]

    assert "| wrong | all=oil none=gas | 3 | 4 | unexplained |" in markdown(run)
    assert "- wrong, NOT: 1 differ, 1 of them unexplained" in markdown(run)


def test_the_expected_total_is_searchers_and_without_it_the_most_frequent():
    spec = Spec("common term", all=("oil",))

    assert Asking(spec, {"fts5": 3, "searcher-local": 4, "whoosh": 3}).expected() == 4
    assert Asking(spec, {"fts5": 3, "tantivy": 4, "whoosh": 3}).expected() == 3


def test_a_stemmer_that_differs_is_named_with_the_forms_it_takes_in(corpus):
    """Porter cuts general and generous to gener; the English Snowball stemmer doesn't."""
    (corpus.folder / "forms.json").write_text('["general", "generous", "oil", "oils"]')
    porter, own = Stemmer.Stemmer("porter").stemWord, Analyzer("en").stem
    reasons = Reasons(corpus)

    said = reasons.why("fts5", Spec("common term", all=("general",)), porter)
    assert said == "stems `general` otherwise: also generous"
    assert reasons.why("fts5", Spec("common term", all=("oil",)), porter) == UNEXPLAINED
    assert reasons.why("whoosh", Spec("", fuzzy="iol"), own) == "a swap of two letters is two edits"
    assert reasons.why("whoosh", Spec("", all=("oil",)), own) == UNEXPLAINED


def test_a_word_that_a_peer_cuts_in_pieces_is_named(corpus):
    """searcher has they're as one token, a possessive as its word."""
    (corpus.folder / "forms.json").write_text('["they\'re", "they", "oil\'s", "oil"]')
    stem = Analyzer("en").stem
    reasons = Reasons(corpus)

    for spec in (Spec("", all=("they",)), Spec("", prefix="the"), Spec("", fuzzy="thye")):
        assert reasons.why("tantivy", spec, stem) == "cuts in pieces: they're"
        assert reasons.why("xapian", spec, stem).startswith(("unexplained", "AT&T"))
    assert reasons.why("tantivy", Spec("", all=("oil",)), stem) == UNEXPLAINED


def test_an_engine_in_a_child_process_answers_and_tells_its_memory(corpus):
    built("fts5", corpus, BOTH)
    with Asked("fts5", index_folder("fts5", corpus, BOTH), BOTH) as engine:
        said = engine.ask(Spec("rare term", all=("gold",)))
        unsupported = engine.ask(Spec("fuzzy 1 edit", fuzzy="gold"))
        stem = engine.stem("prices")

    assert (said["total"], len(said["ids"])) == (2, 2)
    assert unsupported == {"unsupported": True}
    assert stem == "price"


def test_an_engine_that_dies_is_an_error_that_names_it(corpus, capfd):
    with (
        Asked("fts5", corpus.folder / "nowhere", BOTH) as engine,
        pytest.raises(Failed, match="fts5 ended on"),
    ):
        engine.ask(Spec("rare term", all=("gold",)))
    assert "unable to open database file" in capfd.readouterr().err
