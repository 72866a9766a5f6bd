"""What a run did, and how far it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from searcher.readers import Skip

MAX_LISTED_SKIPS = 1_000


@dataclass(frozen=True, slots=True)
class Count:
    """Articles and their paragraphs."""

    articles: int = 0
    paragraphs: int = 0

    def plus(self, paragraphs: int, articles: int = 1) -> Count:
        """Return the count with one more article, or several."""
        return Count(self.articles + articles, self.paragraphs + paragraphs)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is; rate and time left follow from it.

    Attributes:
        files_done, files_total: files to read; unchanged ones aren't read.
        bytes_done, bytes_total: their sizes.
        articles, paragraphs: read so far, unchanged ones too.
        took_s: seconds since the run began.
    """

    files_done: int
    files_total: int
    bytes_done: int
    bytes_total: int
    articles: int
    paragraphs: int
    took_s: float


@dataclass(frozen=True)
class Report:
    """What a run did.

    Attributes:
        added, changed, removed, unchanged: articles, and their paragraphs as
            they are now (of removed ones, as they were).
        files: seen under the paths, standard input too.
        files_unchanged: of those, how many were as the index knew them.
        missing: sources that are gone but were kept (`keep_missing`).
        stale: sources that can't be read now, whose older version stays.
        undated: articles of this run, added or changed, that have no date.
        skips: what could not be read, the first 1,000.
        skipped: reason to how many, all of them.
        ignored: reason to how many files (and records) that are no articles.
        total: what the index holds now; of a dry run, what it would hold.
        wrote: whether the index changed; always false of a dry run.
        dry_run: whether it was one.
        took_s: wall seconds.
    """

    added: Count
    changed: Count
    removed: Count
    unchanged: Count
    files: int
    files_unchanged: int
    missing: int
    stale: int
    undated: int
    skips: tuple[Skip, ...]
    skipped: dict[str, int]
    ignored: dict[str, int]
    total: Count
    wrote: bool
    dry_run: bool
    took_s: float

    @property
    def exit_code(self) -> int:
        """0, or 4 when some input could not be read."""
        return 4 if self.skipped else 0

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values, ready for JSON."""
        return {**asdict(self), "skips": [asdict(skip) for skip in self.skips]}


@dataclass
class Tally:
    """Counts a run as it goes."""

    added: Count = Count()
    changed: Count = Count()
    removed: Count = Count()
    unchanged: Count = Count()
    files: int = 0
    files_unchanged: int = 0
    missing: int = 0
    stale: int = 0
    undated: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    skips: list[Skip] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)

    def skip(self, skip: Skip) -> None:
        """Count something that was passed over."""
        if skip.ignored:
            self.ignored[skip.reason] += 1
            return
        self.reasons[skip.reason] += 1
        if len(self.skips) < MAX_LISTED_SKIPS:
            self.skips.append(skip)

    def add(self, verb: str, paragraphs: int, articles: int = 1) -> None:
        """Count an article, or several, under `added`, `changed`, `removed` or `unchanged`."""
        setattr(self, verb, getattr(self, verb).plus(paragraphs, articles))

    def report(self, total: Count, *, wrote: bool, dry_run: bool, took_s: float) -> Report:
        """Return what was counted."""
        return Report(
            added=self.added,
            changed=self.changed,
            removed=self.removed,
            unchanged=self.unchanged,
            files=self.files,
            files_unchanged=self.files_unchanged,
            missing=self.missing,
            stale=self.stale,
            undated=self.undated,
            skips=tuple(self.skips),
            skipped=dict(sorted(self.reasons.items())),
            ignored=dict(sorted(self.ignored.items())),
            total=total,
            wrote=wrote,
            dry_run=dry_run,
            took_s=took_s,
        )
