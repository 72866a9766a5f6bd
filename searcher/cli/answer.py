"""One query to one answer on stdout, with what there is to say about it on stderr."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from searcher.cli import failures, labels, output, pager, terminal, words
from searcher.cli.rendering import Renderer, Style, renderer
from searcher.cli.request import Request
from searcher.errors import QueryError
from searcher.highlight.display import display_path
from searcher.values import replace

if TYPE_CHECKING:
    from searcher.archive import Archive
    from searcher.results import Page

NARROWEST, WIDEST = 40, 100
_PATHS_A_PAGE = 1000
_SAME_VALUE_AMONG = 100


def one(archive: Archive, typed: Sequence[str], request: Request) -> int:
    """Answer the query that the arguments spell; return the exit code."""
    query = query_of(archive, typed, plain=request.plain)
    if request.output != "hits":
        return _exit_code(_without_hits(archive, query, request))
    page = _search(archive, query, request)
    printer = renderer(request.format_, _style(request))
    pager.write(printer.begin() + printer.page(page) + printer.end(), request.paged)
    output.flush()
    _comment(archive, page, request)
    _doubt(page, typed, request)
    return _exit_code(page)


def each(archive: Archive, queries: Iterable[str], request: Request) -> int:
    """Answer every query, one after another; 0 when any of them had hits."""
    printer = renderer(request.format_, replace(_style(request), several=True))
    hits = request.output == "hits"
    codes = []
    output.write(printer.begin() if hits else "")
    for query in queries:
        codes.append(_one_of_many(archive, query, request, printer))
        output.flush()
    output.write(printer.end() if hits else "")
    return failures.USAGE if failures.USAGE in codes else min(codes, default=failures.NO_HITS)


def _one_of_many(archive: Archive, query: str, request: Request, printer: Renderer) -> int:
    """Answer one of several queries; one that can't be read doesn't stop the others."""
    try:
        if request.output != "hits":
            return _exit_code(_without_hits(archive, query, request))
        page = _search(archive, query, request)
    except QueryError as error:
        return failures.describe(error)
    output.write(printer.page(page))
    output.flush()
    _comment(archive, page, request)
    return _exit_code(page)


def _search(archive: Archive, query: str, request: Request, limit: int | None = None) -> Page:
    limit = request.hits_limit if limit is None else limit
    return archive.search(query, limit=limit, **request.search, **request.filters)


def _exit_code(page: Page) -> int:
    return failures.OK if page.total else failures.NO_HITS


def _without_hits(archive: Archive, query: str, request: Request) -> Page:
    """Print what -c, -l, -0 or -q asks for instead of hits."""
    if request.output in {"paths", "paths0"}:
        return _print_paths(archive, query, request)
    counted = {name: request.search[name] for name in ("group", "dups")}
    page = _search(archive, query, replace(request, search=counted), 0)
    if request.explain:
        _explain(archive, page, request)
    if request.output == "count":
        output.write(f"{page.articles if page.group else page.total}\n")
        output.flush()
        _say_undated(page)
    return page


def _print_paths(archive: Archive, query: str, request: Request) -> Page:
    page = _search(archive, query, _grouped(request, 0), 0)
    first = request.search["offset"]
    last = None if request.limit is None else first + request.limit
    for path in islice(_paths(archive, query, request, page.articles), first, last):
        if request.output == "paths0":
            output.write_bytes(os.fsencode(path) + b"\0")
        else:
            output.write(f"{display_path(path)}\n")
    output.flush()
    _say_undated(page)
    return page


def _paths(archive: Archive, query: str, request: Request, articles: int) -> Iterator[str]:
    """Yield the path of each file with a hit, once, a page of articles at a time."""
    seen = set()
    for offset in range(0, articles, _PATHS_A_PAGE):
        for hit in _search(archive, query, _grouped(request, offset), _PATHS_A_PAGE):
            if hit.path not in seen:
                seen.add(hit.path)
                yield hit.path


def _grouped(request: Request, offset: int) -> Request:
    kept = {name: request.search[name] for name in ("sort", "recency", "dups")}
    search = {"group": "article", "offset": offset, **kept}
    return replace(request, search=search)


def _style(request: Request) -> Style:
    return Style(
        columns=request.columns,
        colour=output.wants_colour(request.color),
        width=text_width(),
        whole=bool(request.search["context"]),
        letters=output.prints_letters(),
        dashes=output.prints_dashes(),
    )


def text_width() -> int:
    """Return the columns of a line: the terminal's, within what reads well."""
    return max(NARROWEST, min(terminal.columns(), WIDEST))


def _comment(archive: Archive, page: Page, request: Request) -> None:
    if request.explain:
        _explain(archive, page, request)
    _say_undated(page)
    if not page.total:
        output.say(f"no hits for: {page.query}")
        for suggestion in page.suggestions:
            output.say(f"  {suggestion}")
    elif request.format_ != "json":
        output.say(labels.summary(page))


def _explain(archive: Archive, page: Page, request: Request) -> None:
    output.say(archive.explain(page.query, **request.filters))
    for hit in page.hits:
        output.say(f"\n{display_path(hit.id)}")
        how = {"plain": request.plain, "scope": request.filters["scope"]}
        fading = request.search["recency"]
        output.say(archive.explain_hit(page.query, hit.id, recency=fading, **how))


def _say_undated(page: Page) -> None:
    say_undated(page.undated)


def say_undated(paragraphs: int) -> None:
    """Say how many paragraphs only lacked a date."""
    if paragraphs:
        matched = labels.counted(paragraphs, "undated paragraph")
        output.say(f"{matched} left out by the date filter")


def query_of(archive: Archive, typed: Sequence[str], *, plain: bool) -> str:
    """Return the query; a lone value that the index knows gets back the shell's quotes."""
    if plain:
        return " ".join(typed)
    lone = words.lone_value(typed)
    if lone and _is_stored(archive, *lone):
        quoted = words.requoted(typed[0])
        output.say(f"read as {quoted} (the shell had removed the quotes)")
        return quoted
    return words.as_query(typed)


def _is_stored(archive: Archive, field: str, value: str) -> bool:
    """Say whether the whole value is one that the field has in the index."""
    try:
        page = archive.search(f'{field}:"{value}"', limit=_SAME_VALUE_AMONG, group="article")
    except QueryError:
        return False
    wanted = value.casefold()
    return any(wanted in _values(hit, field) for hit in page.hits)


def _values(hit: object, field: str) -> set[str]:
    paragraph = getattr(hit, "paragraph", None)
    value = getattr(paragraph, field, "")
    return {str(part).casefold() for part in (value if isinstance(value, tuple) else (value,))}


def _doubt(page: Page, typed: Sequence[str], request: Request) -> None:
    """Without hits, say how a value with spaces is typed."""
    if not page.total and not request.plain and words.lone_value(typed):
        output.say(f"  For the value as a whole type: '{words.requoted(typed[0])}'")
