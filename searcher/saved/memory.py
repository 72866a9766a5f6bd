"""Which hits a search has shown: a digest of 16 bytes each.

A digest is of the article's id, the paragraph's text and, for a text that
stands in an article's hits more than once, of how many stood before it.  The
paragraph's number is no part of it: a paragraph put in above moves all those
below and changes none of them.  Nor is anything that an index gives out, so a
rebuilt index has the same digests.

The memory is a list.  Each look puts what it found at the end, so what is a
hit no longer drifts to the front, and is forgotten first when the list is full.

    >>> memory = Memory().after([b"a" * 16, b"b" * 16]).after([b"b" * 16])
    >>> memory.has(b"a" * 16), len(memory)
    (True, 2)
    >>> Memory.of(memory.text()) == memory
    True
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from searcher.model import Paragraph

DIGEST_BYTES = 16
MOST = 1_000_000
"""Digests that a memory holds; a search with more hits can't be saved."""


class Digests:
    """Gives each hit of one look its digest; the hits come one after another."""

    def __init__(self) -> None:
        self._before: Counter[bytes] = Counter()

    def of(self, paragraph: Paragraph) -> bytes:
        """Return the digest of the next hit."""
        # An index holds no NUL, so nothing else can read the same.
        said = f"{paragraph.article}\0{paragraph.text}".encode("utf-8", "surrogatepass")
        first = _digest(said)
        before = self._before[first]
        self._before[first] += 1
        return _digest(said + b"\0%d" % before) if before else first


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=DIGEST_BYTES).digest()


@dataclass(frozen=True)
class Memory:
    """The digests of the hits that a search has shown.

    Attributes:
        digests: each once, those of the last look at the end.
    """

    digests: tuple[bytes, ...] = ()
    _known: frozenset[bytes] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_known", frozenset(self.digests))

    def __len__(self) -> int:
        return len(self.digests)

    def has(self, digest: bytes) -> bool:
        """Tell whether a hit was shown."""
        return digest in self._known

    def after(self, found: Collection[bytes], most: int = MOST) -> Memory:
        """Return the memory after a look, of at most `most` digests."""
        now = set(found)
        kept = [digest for digest in self.digests if digest not in now]
        return Memory((*kept, *sorted(now))[-most:])

    def text(self) -> str:
        """Return the memory as Base64."""
        return b64encode(b"".join(self.digests)).decode("ascii")

    @classmethod
    def of(cls, text: str) -> Memory:
        """Return the memory that `text` made this of.

        Raises:
            ValueError: it is no Base64, or no whole number of digests.
        """
        data = b64decode(text, validate=True)
        if len(data) % DIGEST_BYTES:
            raise ValueError(f"{len(data)} bytes are no whole number of digests")
        return cls(tuple(_pieces(data)))


def _pieces(data: bytes) -> Iterator[bytes]:
    starts: Iterable[int] = range(0, len(data), DIGEST_BYTES)
    return (data[start : start + DIGEST_BYTES] for start in starts)
