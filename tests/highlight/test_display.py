"""What leaves for a terminal, a file or a page can't do anything there."""

import json
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.highlight.display import display_path, display_text, json_text

CONTROLS = [chr(code) for code in (*range(0x20), 0x7F, *range(0x80, 0xA0))]
BIDI = [chr(c) for c in (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))]
OTHERS = [
    "\u2028",
    "\u2029",
    "\ufeff",
    "\ud800",
    "\udfff",
    "\U000e0001",
    "\U000e0041",
    "\U000e007f",
]
ANY_TEXT = st.text(st.characters(codec=None) | st.sampled_from(CONTROLS + BIDI + OTHERS))


def is_active(char: str) -> bool:
    """Say whether Unicode's own data calls the character a control, a surrogate or bidi."""
    controlling = unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}
    return controlling or unicodedata.bidirectional(char) in {
        *("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"),
    }


@pytest.mark.parametrize("char", [*CONTROLS, *BIDI, *OTHERS], ids=ascii)
def test_each_active_character_becomes_visible(char):
    shown = display_text(f"a{char}b")

    assert char not in shown
    assert shown == ("a b" if char in "\t\n" else f"a{ascii(char)[1:-1]}b") or char == "\r"


@given(ANY_TEXT)
def test_no_active_character_survives(text):
    assert not any(map(is_active, display_text(text)))
    assert not any(map(is_active, display_path(text)))
    assert not any(map(is_active, display_text(text, multiline=True).replace("\n", "")))


@given(ANY_TEXT)
def test_what_is_shown_can_be_encoded_and_shown_again(text):
    """Talk is made safe at the edge even where a renderer has done it already."""
    shown = display_text(text)

    shown.encode("utf-8")
    assert display_text(shown) == shown


@given(st.text(st.characters(categories=["L", "N", "P", "S", "M"])))
def test_letters_of_every_script_stay_as_they_are(text):
    assert display_text(text) == text


def test_joiners_stay_because_they_spell():
    """Persian and emoji need them, and they move nothing."""
    for text in ("می\u200cخواهم", "👩\u200d🚀", "soft\u00adhyphen"):
        assert display_text(text) == text


def test_a_newline_in_a_path_forges_no_line():
    assert display_path("a\nb\tc") == r"a\x0ab\x09c"


@given(ANY_TEXT)
def test_json_is_the_same_data_without_an_active_character(text):
    document = json_text({"text": text})

    assert json.loads(document) == {"text": text}
    assert not any(map(is_active, document))


def test_json_prints_letters_as_they_are_unless_told():
    assert json_text("é“") == '"é“"'
    assert json_text("é", ascii_only=True) == '"\\u00e9"'


def test_nothing_printable_is_unsafe():
    """What is printable as a whole is shown as it is, without a look at each character."""
    unsafe = [char for n in range(sys.maxunicode + 1) if display_path(char := chr(n)) != char]

    assert len(unsafe) > 200
    assert [char for char in unsafe if char.isprintable()] == []
