"""What a peer is: something that indexes a corpus and answers Specs.

    peer.missing()            why it can't run here, with the command that mends it; "" when it can
    peer.build(corpus, to)    indexes every passage into an empty folder
    peer.open(folder)         a Session
    session.ask(spec)         an Answer; Unsupported where the engine has no such query

Rules that make the times comparable:

- Fields.  `stems` (lower-cased, English Snowball stems) and `words` (lower-cased
  only) of the text, both with positions and without stop words; date and desk
  to filter by; id, date, section and text stored.  With `fields="stems"` only
  the first, and phrases, prefixes and fuzzy words look at stems too.
- Tokens are runs of letters and digits, where the engine lets one say so.
- An answer is the exact total and the ten best hits, their stored fields read.
- The folder is on disk; what the engine keeps in memory it has loaded from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple, Protocol

from benchmarks.passages import Corpus
from benchmarks.spec import Spec

PAGE = 10
BOTH, STEMS = "both", "stems"
FIELDS = (BOTH, STEMS)

WORD_PATTERN = r"[^\W_]+"
"""A run of letters and digits."""


class Unsupported(Exception):
    """The engine has no such query."""


class Stored(NamedTuple):
    """What is read of a hit."""

    id: str
    date: int
    section: str
    text: str
    snippet: str = ""


@dataclass(frozen=True)
class Answer:
    """What an engine found.

    Attributes:
        total: paragraphs that match, exact.
        hits: the best ten, best first.
        took_s: seconds by the engine's own clock, where it runs outside of this process.
    """

    total: int
    hits: list[Stored]
    took_s: float | None = None


class Session(Protocol):
    """An open index."""

    def ask(self, spec: Spec) -> Answer:
        """Answer a query.

        Raises:
            Unsupported: the engine has no such query.
        """

    def stem(self, word: str) -> str:
        """Return what the engine makes of an exact form."""

    def pids(self) -> list[int]:
        """Return the processes that work for it besides this one."""

    def close(self) -> None:
        """Let go of files and processes."""


class Peer(Protocol):
    """An engine.

    Attributes:
        name: as in `--engines`.
        cuts: whether its tokens are runs of letters and digits.
        differs: a trait of a Spec (`fuzzy`, `phrase`…) -> why its count may differ from searcher's.
        warm_rounds: times that all queries are asked before any is timed.
    """

    name: str
    cuts: bool
    differs: Mapping[str, str]
    warm_rounds: int

    def missing(self) -> str:
        """Return why it can't run here and what installs it; empty when it can."""

    def version(self) -> str:
        """Return its name and version."""

    def build(self, corpus: Corpus, folder: Path, fields: str) -> None:
        """Index all passages into an existing, empty folder."""

    def open(self, folder: Path, fields: str) -> Session:
        """Open what build() made."""


def absent(module: str, package: str) -> str:
    """Return why a Python package can't be used; empty when it is there."""
    if find_spec(module):
        return ""
    return f"{package} is not installed. Install it with: pip install {package}"
