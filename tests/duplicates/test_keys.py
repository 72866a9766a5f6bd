"""Alike texts meet by their keys, and unlike texts aren't called alike."""

from __future__ import annotations

import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from searcher.analysis import tokenize
from searcher.duplicates.keys import (
    ARTICLE_KEYS,
    PARAGRAPH_KEYS,
    SHARED,
    Keys,
    article_keys,
    keys_of,
    paragraph_keys,
)
from searcher.duplicates.likeness import LEAST_WORDS, alike, profile, resemblance
from searcher.duplicates.shingles import text_shingles
from searcher.model import Article, Block
from tests.strategies import articles

LONG = "the mayor of Veldhaven said on Monday that the dam above the old town broke at noon"
WORDS = LONG.split()


def paragraphs_of(*texts: str, kind: str = "text", title: str = "") -> list:
    blocks = tuple(Block(kind, text, 0, len(text)) for text in texts)
    return list(Article(id="a", path="", title=title, blocks=blocks).paragraphs())


def test_a_text_has_the_same_keys_on_every_machine_and_in_every_run():
    """An index is searched by other processes than the one that wrote it."""
    program = (
        "from tests.duplicates.test_keys import LONG, paragraphs_of\n"
        "from searcher.duplicates.keys import paragraph_keys\n"
        "print(*paragraph_keys(*paragraphs_of(LONG)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    keys = [int(key) for key in done.stdout.split()]
    assert keys == paragraph_keys(*paragraphs_of(LONG))
    assert keys == [0xC6152E78690, 0x4B779B90E11, 0xE6FB9106352]


def test_case_accents_and_punctuation_make_no_other_text():
    shouted = LONG.upper().replace(" ", ", ", 3)

    assert paragraph_keys(*paragraphs_of(shouted)) == paragraph_keys(*paragraphs_of(LONG))


def test_only_a_longer_paragraph_of_the_body_has_keys_of_its_own():
    short = " ".join(WORDS[: LEAST_WORDS - 1])

    assert len(paragraph_keys(*paragraphs_of(LONG))) == PARAGRAPH_KEYS
    assert paragraph_keys(*paragraphs_of(short)) == []
    assert paragraph_keys(*paragraphs_of(LONG, kind="caption")) == []
    assert paragraph_keys(*paragraphs_of(title=LONG)) == []


def test_an_article_has_the_keys_of_its_headline_and_body_together():
    whole = paragraphs_of(LONG, "Later it rained.", title="Dam broke")
    captioned = whole + paragraphs_of("A photo of the dam as it broke at noon", kind="caption")

    assert len(article_keys(whole)) == ARTICLE_KEYS
    assert article_keys(captioned) == article_keys(whole)
    assert article_keys(paragraphs_of("Pay April 30")) == []
    assert article_keys([]) == []


@given(articles("a"))
def test_the_last_paragraph_has_the_keys_of_the_article(article):
    """That is what the index stores and what the scan engine looks at."""
    paragraphs = list(article.paragraphs())
    held = [keys for _, keys in keys_of(paragraphs)]
    own = [paragraph_keys(paragraph) for paragraph in paragraphs]

    assert held[:-1] == own[:-1]
    assert not paragraphs or held[-1] == own[-1] + article_keys(paragraphs)


@given(st.permutations(range(4)))
def test_the_order_of_the_paragraphs_makes_no_other_keys(order):
    pieces = [LONG, "It rained in the night.", "Nobody was hurt.", "The river had stood high."]

    assert article_keys(paragraphs_of(*(pieces[at] for at in order))) == article_keys(
        paragraphs_of(*pieces)
    )


@given(st.lists(st.sampled_from(WORDS), max_size=40), st.lists(st.sampled_from(WORDS), max_size=40))
def test_likeness_has_no_direction_and_every_text_is_like_itself(one, other):
    first, second = profile([" ".join(one)]), profile([" ".join(other)])

    assert alike(first, second) == alike(second, first)
    assert 0 <= resemblance(first, second) == resemblance(second, first) <= 1
    assert alike(first, first) == bool(one)


def test_texts_of_every_resemblance_meet_as_often_as_the_page_says():
    """2 of 6 keys of r = 0.7 are shared by 99 of 100 pairs; a looser bound leaves room for luck."""
    met = 0
    for start in range(200):
        one = [f"word{start}-{n}" for n in range(60)]
        other = one[:50] + [f"other{start}-{n}" for n in range(10)]
        keys = [set(article_keys(paragraphs_of(" ".join(words)))) for words in (one, other)]
        met += len(keys[0] & keys[1]) >= SHARED
    shared = resemblance(profile([" ".join(one)]), profile([" ".join(other)]))

    assert 0.6 < shared < 0.8
    assert met >= 190


def test_other_numbers_make_another_story():
    form = "The Fed entered the market at noon on Monday to arrange {} billion dlrs of repurchases"

    assert not alike(profile([form.format("1.5")]), profile([form.format("two")]))
    assert alike(profile([form.format("1.5")]), profile([form.format("1.5") + ", it said"]))


def test_a_short_text_has_to_be_more_alike_than_a_long_one():
    """Half of a dividend is the words that every dividend has."""
    one, other = WORDS[:14] + ["x"] * 2, [*WORDS[:14], "a", "b", "c", "d"]
    rest = [f"word{n}" for n in range(20)]

    assert not alike(profile([" ".join(one)]), profile([" ".join(other)]))
    assert alike(profile([" ".join(one + rest)]), profile([" ".join(other + rest)]))


def test_six_numbers_are_held_however_long_the_article_is():
    keys = Keys()
    for number in range(500):
        (paragraph,) = paragraphs_of(f"{LONG} {number}")
        keys.paragraph(paragraph, [token.text for token in tokenize(paragraph.text)])

    assert len(keys._lowest) == ARTICLE_KEYS
    assert text_shingles("") == set()
