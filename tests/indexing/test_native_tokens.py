"""The core cuts and folds text as analysis.tokenize does, or says that it can't."""

from __future__ import annotations

import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searcher.analysis import tokenize
from tests.conftest import SEEDS

native = pytest.importorskip("searcher._native")

AROUND = (
    "{0}",
    "{0}{0}",
    "a{0}b",
    "{0}.{0}",
    "a.{0}.b",
    "{0}.a.b",
    "1{0}2",
    "1,{0}00",
    "1,000{0}",
    "3.1{0}",
    "3.1.4{0}",
    "{0}++",
    "C++{0}",
    "{0}#",
    "R&{0}",
    "{0}'s",
    "o’{0}",
    "{0}’s",
    "é{0}é",
    "x" * 254 + "{0}y",
)


def agree(text: str) -> bool:
    """Tell whether the core knows a text; if it does, its tokens have to be right."""
    found = native.tokenize(text)
    if found is not None:
        assert found == [tuple(token) for token in tokenize(text)], ascii(text)
    return found is not None


def test_every_character_means_the_same_in_every_place():
    known = 0
    for number in range(sys.maxunicode + 1):
        if not 0xD800 <= number <= 0xDFFF and agree(chr(number)):
            known += 1
            for around in AROUND:
                assert agree(around.format(chr(number)))

    assert known > 1_500


HARD = st.text("aAbZ019..,,''&&++##`_-  éÉñ’‘´…—“”\u00a0ßœİ€Яё", max_size=24)


@settings(max_examples=2_000)
@given(HARD)
def test_texts_of_hard_characters_are_cut_alike(text):
    assert agree(text)


@given(st.text(st.characters()))
@example("half a pair: \ud800")
def test_any_text_is_cut_alike_or_left_to_python(text):
    agree(text)


@pytest.mark.parametrize("text", ["", "北京", "soft\u00adhyphen", "cafe\u0301", "❤", "١٢"])
def test_scripts_that_take_more_than_a_table_are_left_to_python(text):
    assert agree(text) == (not text)


def test_the_seeds_are_cut_alike():
    texts = [path.read_text(encoding="utf-8") for path in SEEDS.rglob("*.*")]

    assert all(map(agree, texts))
