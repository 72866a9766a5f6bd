"""What a check found, and what a repair kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from searcher.values import frozen

Progress = Callable[[str, int, int], None]
"""Told (what is done, how much of it, of how much), often."""


@frozen
class Finding:
    """One thing that is wrong.

    Attributes:
        file: its name in the index folder; empty where several don't agree.
        problem: what is wrong, with the byte where it is known.
    """

    file: str
    problem: str

    def as_dict(self) -> dict[str, str]:
        """Return the finding under the keys of docs/json.md."""
        return {"file": self.file, "problem": self.problem}


@frozen
class Checked:
    """What a check found.

    Attributes:
        path: folder of the index.
        findings: what is wrong; nothing, if the index is whole.
        notes: what could not be checked, and why.
        changed: sources that aren't as they were indexed; None when they weren't looked at.
        segments, articles, paragraphs: of the index, as far as it could be read.
        terms, postings: that were read and compared; 0 of a quick check.
        size_bytes: of the files that were read.
        took_s: wall seconds.
    """

    path: str
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    changed: tuple[str, ...] | None = None
    segments: int = 0
    articles: int = 0
    paragraphs: int = 0
    terms: int = 0
    postings: int = 0
    size_bytes: int = 0
    took_s: float = 0.0

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong with the index."""
        return not self.findings

    def as_dict(self) -> dict[str, Any]:
        """Return all of it under the keys of docs/json.md."""
        row: dict[str, Any] = {"is_whole": self.is_whole}
        row.update((name, getattr(self, name)) for name in self.__match_args__)
        row["findings"] = [finding.as_dict() for finding in self.findings]
        row["notes"] = list(self.notes)
        row["changed"] = None if self.changed is None else list(self.changed)
        return row


@frozen
class Repaired:
    """What a repair did, or would do.

    Attributes:
        path: folder of the index.
        wrote: whether the index was changed.
        findings: what was wrong.
        dropped: files of segments that are no longer part of the index.
        lost: (article, source) of the articles that went with them, as far as it is known.
        kept_articles, kept_paragraphs: what the index holds now.
    """

    path: str
    wrote: bool
    findings: tuple[Finding, ...] = ()
    dropped: tuple[str, ...] = ()
    lost: tuple[tuple[str, str], ...] = ()
    kept_articles: int = 0
    kept_paragraphs: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return all of it under the keys of docs/json.md."""
        row: dict[str, Any] = {name: getattr(self, name) for name in self.__match_args__}
        row["findings"] = [finding.as_dict() for finding in self.findings]
        row["dropped"] = list(self.dropped)
        row["lost"] = [{"article": article, "source": source} for article, source in self.lost]
        return row
