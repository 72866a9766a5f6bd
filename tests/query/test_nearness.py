"""Which occurrences stand near each other, held against trying every pair."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from searcher.query.nearness import alone, pairs

occurrences = st.lists(
    st.lists(st.integers(0, 14), min_size=1, max_size=2, unique=True).map(sorted).map(tuple),
    max_size=5,
    unique=True,
).map(sorted)


def gap(one, other):
    """Return the words between the nearest ends; None when they share a word."""
    if set(one) & set(other):
        return None
    return max(other[0] - one[-1], one[0] - other[-1], 1) - 1


def near(one, others, distance, may):
    """Return the nearest of the others, the earlier of two."""
    ranked = sorted((gap(one, o), o) for o in others if gap(one, o) is not None and may(one, o))
    return [o for between, o in ranked[:1] if between <= distance]


@given(occurrences, occurrences, st.integers(0, 4), st.booleans())
def test_pairs_are_each_occurrence_with_its_nearest_one(left, right, distance, ordered):
    def behind(one, other):
        return not ordered or one[-1] < other[0]

    expected = {
        tuple(sorted(one + other)) for one in left for other in near(one, right, distance, behind)
    } | {
        tuple(sorted(one + other))
        for one in right
        for other in near(one, left, distance, lambda one, other: behind(other, one))
    }
    assert pairs(left, right, distance, ordered) == sorted(expected)
    assert alone(left, right, distance, ordered) == [
        one for one in left if not near(one, right, distance, behind)
    ]


@given(occurrences, occurrences, st.integers(0, 4))
def test_the_sides_of_a_near_can_be_swapped(left, right, distance):
    assert pairs(left, right, distance) == pairs(right, left, distance)
