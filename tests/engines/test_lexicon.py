"""What an open index remembers of its terms is bounded, and remembered or not it is the same."""

from __future__ import annotations

import pytest

from searcher.engines import lexicon
from searcher.engines.lexicon import Remembered
from searcher.query.tree import Value


def looked_up(remembered, name, terms):
    """Return the terms of a leaf, and whether they had to be looked up."""
    calls = []

    def look_up():
        calls.append(name)
        return list(terms)

    return remembered.of(Value("article", name), look_up), bool(calls)


def test_what_was_looked_up_once_is_remembered():
    remembered = Remembered()

    assert looked_up(remembered, "a", ["a1", "a2"]) == (["a1", "a2"], True)
    assert looked_up(remembered, "a", ["a1", "a2"]) == (["a1", "a2"], False)
    assert looked_up(remembered, "none", []) == ([], True)
    assert looked_up(remembered, "none", []) == ([], False)


@pytest.mark.parametrize(("leaves", "terms"), [(3, 1000), (1000, 30)])
def test_neither_leaves_nor_terms_become_more_than_are_kept(monkeypatch, leaves, terms):
    monkeypatch.setattr(lexicon, "LEAVES_KEPT", leaves)
    monkeypatch.setattr(lexicon, "TERMS_KEPT", terms)
    remembered = Remembered()

    for number in range(100):
        wanted = [f"{number}-{at}" for at in range(number % 12)]
        assert looked_up(remembered, str(number), wanted) == (wanted, True)
        assert len(remembered._terms) <= leaves
        assert remembered.count == sum(map(len, remembered._terms.values())) <= terms


def test_more_terms_than_are_kept_are_found_each_time(monkeypatch):
    monkeypatch.setattr(lexicon, "TERMS_KEPT", 3)
    remembered = Remembered()

    assert looked_up(remembered, "a", "abcd") == (list("abcd"), True)
    assert looked_up(remembered, "a", "abcd") == (list("abcd"), True)
