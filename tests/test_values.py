"""Frozen values behave as dataclasses do, with which callers may meet them."""

from __future__ import annotations

import copy
import dataclasses
import pickle

import pytest

from searcher.values import factory, frozen, replace


@frozen
class Point:
    x: int
    y: int = 0
    tags: list[str] = factory(default_factory=list)


@frozen
class Named(Point):
    name: str = ""


@frozen
class Nothing:
    pass


def test_a_value_takes_its_arguments_by_place_and_by_name():
    assert Point(1, y=2) == Point(1, 2, [])
    with pytest.raises(TypeError, match="x"):
        Point(y=2)
    with pytest.raises(TypeError, match="z"):
        Point(1, z=2)


def test_a_default_that_is_made_is_made_for_each():
    assert Point(1).tags is not Point(1).tags


def test_values_are_equal_when_their_class_and_all_attributes_are():
    assert Point(1) != Named(1)
    assert Nothing() == Nothing()
    assert hash(Nothing()) == hash(Nothing())
    assert Point(1).__eq__(1) is NotImplemented


def test_a_value_shows_itself_as_it_is_written():
    assert repr(Named(1, name="a")) == "Named(x=1, y=0, tags=[], name='a')"


def test_a_value_never_changes():
    point = Point(1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        point.x = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        del point.x
    assert not hasattr(point, "__dict__")


def test_a_value_is_copied_and_pickled_whole():
    point = Named(1, 2, ["a"], "b")
    assert copy.deepcopy(point) == pickle.loads(pickle.dumps(point)) == point  # noqa: S301


def test_functions_of_dataclasses_take_values():
    point = Named(1, 2, ["a"], "b")
    assert dataclasses.asdict(point) == {"x": 1, "y": 2, "tags": ["a"], "name": "b"}
    assert dataclasses.replace(point, x=3) == replace(point, x=3) == Named(3, 2, ["a"], "b")
    assert [field.name for field in dataclasses.fields(Point)] == ["x", "y", "tags"]
