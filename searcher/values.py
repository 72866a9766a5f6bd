"""Frozen values, as `dataclass(frozen=True, slots=True)` makes them, whose classes cost nothing.

A dataclass compiles its methods when its module is imported, most of a
millisecond a class: with fifty of them, a `searcher query` in a fresh process
spent longer on that than on its answer.  Here a class compiles its `__init__`
when its first instance is made, and shares all the rest.

    >>> @frozen
    ... class Point:
    ...     x: int
    ...     y: int = 0
    >>> Point(1) == Point(1, 0), replace(Point(1), y=2)
    (True, Point(x=1, y=2))

`dataclasses.fields`, `replace` and `asdict` take these values too.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_):
        """Return what changes nothing: it is for type checkers."""
        return lambda function: function


T = TypeVar("T")


class _Factory:
    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


def factory(*, default_factory: Callable[[], T]) -> T:
    """Return a default that is made anew for each instance."""
    return _Factory(default_factory)  # type: ignore[return-value]


@dataclass_transform(frozen_default=True, field_specifiers=(factory,))
def frozen(cls: type[T]) -> type[T]:
    """Return the class as one of frozen values: equal, hashed and shown by their attributes."""
    own = tuple(cls.__annotations__)
    names = (*getattr(cls, "__match_args__", ()), *own)
    defaults = dict(getattr(cls, "_defaults", {}))
    body = {k: v for k, v in cls.__dict__.items() if k not in ("__dict__", "__weakref__")}
    defaults.update((name, body.pop(name)) for name in own if name in body)
    made: Any = None

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807
        made.__init__ = _constructor(made, names, defaults)
        made.__init__(self, *args, **kwargs)

    shared = {"__init__": __init__, "__slots__": own, **_methods(names)}
    more = {"__match_args__": names, "_defaults": defaults, "__dataclass_fields__": _Fields()}
    made = type(cls)(  # type: ignore[misc]
        cls.__name__, cls.__bases__, {**shared, **more, **body}
    )
    return made  # type: ignore[no-any-return]


def replace(one: T, /, **changes: Any) -> T:
    """Return a value with some of its attributes changed."""
    names = one.__match_args__  # type: ignore[attr-defined]
    key = getattr(type(one), "_key", None) or _key(names)
    return type(one)(**{**dict(zip(names, key(one), strict=True)), **changes})


def _methods(names: tuple[str, ...]) -> dict[str, Any]:
    key = _key(names)

    def __eq__(self: Any, other: Any) -> Any:  # noqa: N807
        return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: Any) -> int:  # noqa: N807
        return hash(key(self))

    def __repr__(self: Any) -> str:  # noqa: N807
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({shown})"

    def __reduce__(self: Any) -> Any:  # noqa: N807
        return type(self), key(self)

    return {
        "_key": staticmethod(key),
        "__eq__": __eq__,
        "__hash__": __hash__,
        "__repr__": __repr__,
        "__reduce__": __reduce__,
        "__setattr__": _setattr,
        "__delattr__": _delattr,
    }


def _key(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    if not names:
        return lambda _: ()
    one = attrgetter(names[0])
    return lambda self: (one(self),)


def _setattr(self: Any, name: str, _value: Any) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _delattr(self: Any, name: str) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _constructor(cls: Any, names: tuple[str, ...], defaults: dict[str, Any]) -> Callable[..., None]:
    """Compile the `__init__` of a class: each attribute is set through its slot."""
    given, lines = [], []
    space: dict[str, Any] = {"_missing": object()}
    for name in names:
        space[f"_set_{name}"] = getattr(cls, name).__set__
        default = defaults.get(name, space)
        if isinstance(default, _Factory):
            space[f"_make_{name}"] = default.make
            given.append(f"{name}=_missing")
            made = f"_make_{name}() if {name} is _missing else {name}"
            lines.append(f"_set_{name}(self, {made})")
            continue
        if default is not space:
            space[f"_default_{name}"] = default
        given.append(name if default is space else f"{name}=_default_{name}")
        lines.append(f"_set_{name}(self, {name})")
    body = "\n    ".join(lines) or "pass"
    exec(f"def __init__(self, {', '.join(given)}):\n    {body}", space)  # noqa: S102
    made_init: Callable[..., None] = space["__init__"]
    return made_init


class _Fields:
    """`__dataclass_fields__`, made when a function of `dataclasses` asks for it."""

    def __get__(self, instance: Any, owner: Any) -> Any:
        from dataclasses import dataclass, field

        defaults = {
            name: field(default_factory=one.make) if isinstance(one, _Factory) else one
            for name, one in owner._defaults.items()
        }
        types = {"__annotations__": dict.fromkeys(owner.__match_args__, Any), **defaults}
        owner.__dataclass_fields__ = dataclass(type(owner.__name__, (), types)).__dataclass_fields__  # type: ignore[attr-defined]
        return owner.__dataclass_fields__
