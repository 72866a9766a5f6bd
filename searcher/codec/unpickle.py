r"""Pickles from an index, of which none may name anything that it needn't.

Reading a pickle calls what the pickle names.  What an honest one of an index
names is known, so everything else is refused before it is looked up.

    >>> import pickle
    >>> loads(pickle.dumps({"text": ("rain", 3)}, 2))
    {'text': ('rain', 3)}
    >>> loads(b"cos\nsystem\n(S'rain'\ntR.")
    Traceback (most recent call last):
        ...
    searcher.codec.unpickle.Refused: it names os.system
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import Any

Names = Mapping[tuple[str, str], Any]
"""(module, name) to what it stands for."""


class Refused(Exception):
    """A pickle names what it may not."""


class _Latin1:
    """What protocol 2 writes bytes with: text of one character a byte."""

    __slots__ = ()

    def __call__(self, text: str, encoding: str) -> bytes:
        return text.encode("latin-1")


class _NoBytes:
    """What protocol 2 writes empty bytes with."""

    __slots__ = ()

    def __call__(self) -> bytes:
        return b""


PLAIN: Names = {
    ("_codecs", "encode"): _Latin1(),
    ("__builtin__", "bytes"): _NoBytes(),
    ("builtins", "set"): set,
    ("__builtin__", "set"): set,
}
"""What values of texts, numbers, bytes, tuples, lists, sets and dicts may name."""

_names = re.compile(rb"[ci\x82-\x84\x93]").search
"""Finds an instruction that names something; any other byte may look like one."""


def loads(data: bytes) -> Any:
    """Return a value of texts, numbers, bytes, tuples, lists, sets and dicts.

    Raises:
        Refused: it names anything else.
        Exception: it is damaged; pickle raises whatever it comes upon.
    """
    if _names(data) is None:
        return pickle.loads(data)  # noqa: S301 (nothing in it can name a thing)
    return _Unpickler(BytesIO(data), PLAIN).load()


def load(file: BytesIO, names: Names = PLAIN) -> Any:
    """Return the value that a file goes on with, which may name just what it is given.

    Raises:
        Refused: it names anything else, or changes what it names.
        Exception: it is damaged; pickle raises whatever it comes upon.
    """
    with _unchanged(names):
        return _Unpickler(file, names).load()


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: BytesIO, names: Names) -> None:
        super().__init__(file)
        self._known = names

    def find_class(self, module: str, name: str) -> Any:
        try:
            return self._known[module, name]
        except KeyError:
            raise Refused(f"it names {module}.{name}") from None


@contextmanager
def _unchanged(names: Names) -> Iterator[None]:
    """Put back what a pickle sets in the classes that it names, and refuse it."""
    before = [(one, dict(vars(one))) for one in names.values() if isinstance(one, type)]
    try:
        yield
    finally:
        changed = [one for one, held in before if dict(vars(one)) != held]
        for one, held in before:
            if one in changed:
                _restore(one, held)
    if changed:
        raise Refused(f"it changes {changed[0].__module__}.{changed[0].__qualname__}")


def _restore(changed: type, held: dict[str, Any]) -> None:
    for name in vars(changed).keys() - held.keys():
        delattr(changed, name)
    for name, value in held.items():
        if vars(changed).get(name) is not value:
            setattr(changed, name, value)
