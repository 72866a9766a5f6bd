"""Suggestions from the archive's own words."""

from __future__ import annotations

import pytest

from searcher.errors import QueryError


@pytest.fixture
def archive(make_index):
    """Words alike in their beginning and in their spelling."""
    return make_index("Tariff. Tariffs. Tárif.\n\nTariffs again, and a tap.\n\nTap.")


def pairs(words):
    return [(one.word, one.paragraphs) for one in words]


def test_completions_come_by_how_many_paragraphs_hold_them(archive):
    assert pairs(archive.suggest("ta")) == [("tap", 2), ("tariffs", 2), ("tarif", 1), ("tariff", 1)]
    assert pairs(archive.suggest("TÁRIF", limit=1)) == [("tariffs", 2)]
    assert archive.suggest("zz") == ()


def test_near_words_come_by_edits_and_then_by_how_many_paragraphs_hold_them(archive):
    """The word itself is not among them: whoever asks knows how it is spelt."""
    assert pairs(archive.near_words("tariff")) == [("tariffs", 2), ("tarif", 1)]
    assert pairs(archive.near_words("tpa")) == [("tap", 2)]
    assert archive.word_count("Tariff").paragraphs == 1


def test_a_removed_word_is_not_suggested(make_index, tmp_path):
    import searcher

    source = tmp_path / "a.txt"
    for text in ("Tapir.", "Tapioca."):
        source.write_text(text, encoding="utf-8")
        searcher.index([source], tmp_path / "index", check_content=True)
    with searcher.open(tmp_path / "index") as archive:
        assert pairs(archive.suggest("tap")) == [("tapioca", 1)]


@pytest.mark.parametrize("word", ["", " ", "two words", "tar*", '"tar"'])
def test_one_word_is_wanted(archive, word):
    with pytest.raises(QueryError, match="one word"):
        archive.suggest(word)
