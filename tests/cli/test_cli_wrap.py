"""Lines are as wide as a terminal draws them, and the matches stay where they were."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.cli.caret import pointed_at
from searcher.cli.wrap import cut, displayed, width, wrap

TEXT = st.text(st.sampled_from("ab é\u0301語👩\u200d\x1b\n\t-“ "), max_size=200)


@st.composite
def marked_texts(draw):
    text = draw(TEXT)
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    return text, list(zip(edges[::2], edges[1::2], strict=False))


@given(marked_texts(), st.integers(2, 60))
def test_lines_fit_and_hold_every_word(marked, columns):
    text, spans = marked
    lines = wrap(text, spans, columns)
    shown, _ = displayed(text, spans)

    assert all(width(line) <= columns for line, _ in lines)
    assert "".join("".join(line for line, _ in lines).split()) == "".join(shown.split())


@given(marked_texts(), st.integers(2, 60))
def test_the_same_characters_are_marked(marked, columns):
    text, spans = marked
    shown, moved = displayed(text, spans)
    lines = wrap(text, spans, columns)

    before = "".join("".join(shown[a:b] for a, b in moved).split())
    after = "".join("".join(line[a:b] for line, marks in lines for a, b in marks).split())
    assert after == before


@given(TEXT, st.integers(2, 60))
def test_a_cut_line_fits_and_says_that_it_was_cut(text, columns):
    line = cut(text, columns)

    assert width(line) <= columns
    assert line == displayed(text, ())[0] or line.endswith("…")


@pytest.mark.parametrize("unit", ["a", "a ", "e\u0301", "語", "\x1b"])
def test_a_long_paragraph_takes_no_time(unit):
    """A match every few characters once made this grow with their square."""
    text = unit * (300_000 // len(unit))
    started = time.perf_counter()

    wrap(text, [(at, at + 1) for at in range(0, len(text), 7)], 76)

    assert time.perf_counter() - started < 5


@given(st.text(max_size=300), st.data())
def test_the_caret_stands_under_its_column(query, data):
    column = data.draw(st.integers(0, len(query)))
    line, caret = pointed_at(query, column).split("\n")
    before, _ = displayed(query[max(0, column - 60) : column], ())

    assert caret.strip() == "^"
    assert len(caret) - 1 == 2 + width(before) + (column > 60)
    assert len(line) <= 2 + 10 * 120 + 2
