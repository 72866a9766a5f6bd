"""The core finds the blocks of plain text that Python finds, or says that it can't."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from searcher.readers.plain import blocks, by_python

native = pytest.importorskip("searcher._native")

PIECES = (
    "\n", "\n\n", "\n \n", "\n  \n\n", " ", "  ", "    ", "\n  ", "\n    ", "\n ",
    "- ", "* ", "• ", "·", "‣ ", "◦ ", "▪ ", "1. ", "12) ", "123. ", "-", "3.",
    "By ", "by ", "BY ", "Ann Lee", "A Dry Spring", "THE DAM", "Rain fell on the dam", "wheat",
    "of", "the", "Van", "von", "Œuvre", "ºra", "²nd", "½", "ß", "É", "Straße",
    ".", ",", ";", ":", "…", "”", "’", '"', ")", "]", "»", "?",
    "Photo", "photos", "VIDEO", "(image", "Image caption", "related", "File photo", " :",
    "No media source currently available", "0:00 0:01:02", "x" * 100, "Word " * 15, "Ab " * 9,
)  # fmt: skip
UNKNOWN = ("\t", "\r\n", "\v", "\x85", "\u2028", "\xa0", "\xad", "\x00", "İ", "ı", "ſ", "政", "😀",
           "\ud800", "\u3000", "Дождь", "e\u0301")  # fmt: skip

texts = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
mixed = st.lists(st.sampled_from(PIECES + UNKNOWN) | st.text(max_size=3), max_size=12)


@given(texts, st.booleans())
@example("One.\nTwo.\n", True)
@example("  One\ntwo\n\n  three\nfour\n    five", False)
@example("Title\n\n" + "a" * 4000 + " no media source currently available", False)
@example("Title\n\n" + "a " * 1990 + "No Media source currently available", False)
def test_the_core_finds_the_blocks_that_python_finds(text, by_line):
    found = native.blocks(text, by_line)

    assert found is None or found == list(by_python(text, by_line))


@given(mixed.map("".join), st.booleans())
def test_of_any_text_the_blocks_are_those_of_the_rules(text, by_line):
    """What the core doesn't know it leaves to Python, whose rules know every character."""
    assert list(blocks(text, by_line=by_line)) == list(by_python(text, by_line))


@pytest.mark.parametrize(
    "frame", ["{}", "Rain {}\n\nIt fell.", "{0}{0} x\n\n{0}", "by {0}b\n\nx {0}"]
)
def test_each_character_is_what_it_is_to_python(frame):
    """A heading, a byline and a caption hang on what a letter, a capital and white space are."""
    for number in range(0x3000):
        text = frame.format(chr(number))
        found = native.blocks(text, False)
        assert found is None or found == list(by_python(text, False)), hex(number)


@pytest.mark.parametrize("text", ["Rain fell.\nIt rained.", "“Été”, she said – in €."])
def test_the_core_knows_common_text(text):
    """Else the tests above would hold of a core that knows nothing."""
    assert native.blocks(text, True) is not None


@pytest.mark.parametrize("unknown", UNKNOWN)
def test_of_other_characters_the_core_tells_nothing(unknown):
    assert native.blocks(f"Rain {unknown} fell.", False) is None
