"""What stands for many words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from searcher.query.expressions import expression, regex_prefix
from searcher.query.tree import Regex

PIECES = ["a", "b", "ab", "1", "a?", "b*", "a+", "b{0,2}", "a{2}", "(?:ab){e<=1}", "b{e<=1}"]
CHOICES = ["[ab]", "[^a]", "(ab)", "(ab)?", "(a|b)", "|", ".", r"\w", "B", "(?i)", "^", "$"]


@given(st.lists(st.sampled_from(PIECES + CHOICES), min_size=1, max_size=5), st.data())
def test_what_a_regular_expression_matches_begins_with_its_prefix(pieces, data):
    pattern = "".join(pieces)
    try:
        test = expression(Regex("text", pattern))
    except ValueError:
        return
    form = data.draw(st.text("ab1's", min_size=1, max_size=6))

    assert form.startswith(regex_prefix(pattern)) or not test(form)
