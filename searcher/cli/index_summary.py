"""What a run of `searcher index` did, in a few lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from searcher.cli.labels import counted, took
from searcher.highlight.display import display_path

if TYPE_CHECKING:
    from searcher.indexing import Report

MOST_NAMED = 5
"""So many skipped files are named, unless the reader wants more."""

_VERBS = ("added", "changed", "removed", "unchanged")


def lines(report: Report, most_named: int = MOST_NAMED) -> Iterator[str]:
    """Yield the lines: what changed, what was skipped and why, what the index holds now."""
    yield from _changes(report)
    yield from _skipped(report, most_named)
    if report.ignored:
        yield _row("no article", f"{sum(report.ignored.values()):,}", _reasons(report.ignored))
    if report.undated:
        yield _row("undated", counted(report.undated, "article"), "found by no date filter")
    if report.missing:
        yield _row("kept", counted(report.missing, "source file"), "gone from the folder")
    if report.stale:
        older = "unreadable now; its older version stays"
        if report.stale > 1:
            older = "unreadable now; their older versions stay"
        yield _row("kept", counted(report.stale, "source file"), older)
    yield _last(report)


def _changes(report: Report) -> Iterator[str]:
    for verb in _VERBS:
        count = getattr(report, verb)
        if count.articles:
            articles = counted(count.articles, "article")
            yield _row(verb, articles, counted(count.paragraphs, "paragraph"))


def _skipped(report: Report, most_named: int) -> Iterator[str]:
    if not report.skipped:
        return
    total = sum(report.skipped.values())
    yield _row("skipped", f"{total:,}", _reasons(report.skipped))
    for skip in report.skips[:most_named]:
        why = f"{skip.reason}: {skip.detail}" if skip.detail else skip.reason
        yield f"    {display_path(skip.name)}: {why}"
    if total > most_named:
        yield f"    and {total - most_named:,} more"


def _reasons(counts: Mapping[str, int]) -> str:
    if len(counts) == 1:
        return next(iter(counts))
    return ", ".join(f"{count:,} {reason}" for reason, count in counts.items())


def _last(report: Report) -> str:
    holds = f"{counted(report.total.articles, 'article')}, "
    holds += f"{counted(report.total.paragraphs, 'paragraph')} ({took(report.took_s)})"
    return (
        f"dry run: the index would hold {holds}" if report.dry_run else f"the index holds {holds}"
    )


def _row(verb: str, count: str, more: str) -> str:
    return f"{verb:<10} {count:>14}   {more}"
