"""Damage that shows while an engine answers, told as what it is.

What is wrong in a file shows when its bytes are read, at once or, in what is
read little by little, late.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, TypeVar

T = TypeVar("T")
Method = TypeVar("Method", bound=Callable[..., Any])
Kind = TypeVar("Kind", bound=type)
Tell = Callable[[Any, BaseException], Exception]
"""(the object whose method failed, what it raised) to the error that says so."""


def told(method: Method, errors: tuple[type[BaseException], ...], tell: Tell) -> Method:
    """Return a method that raises what `tell` makes of some errors, late as well as at once."""

    @wraps(method)
    def asked(self: Any, *args: Any, **options: Any) -> Any:
        try:
            found = method(self, *args, **options)
        except errors as error:
            raise tell(self, error) from error
        return _late(self, found, errors, tell) if isinstance(found, Iterator) else found

    return asked  # type: ignore[return-value]


def _late(
    asked: Any, found: Iterator[T], errors: tuple[type[BaseException], ...], tell: Tell
) -> Iterator[T]:
    try:
        yield from found
    except errors as error:
        raise tell(asked, error) from error


def tells(
    methods: tuple[str, ...], errors: tuple[type[BaseException], ...], tell: Tell
) -> Callable[[Kind], Kind]:
    """Return a decorator of a class that has some of its methods told, inherited ones too."""

    def decorate(kind: Kind) -> Kind:
        for name in methods:
            setattr(kind, name, told(getattr(kind, name), errors, tell))
        return kind

    return decorate
