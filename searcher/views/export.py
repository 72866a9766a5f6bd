"""All hits of a query as a file, to work on elsewhere.

    jsonl  one hit a line, under the keys of docs/json.md
    csv    one hit a line (RFC 4180), with where it stands in its source
    md     hits as quotations, each with its citation, the articles in order
    csl    CSL-JSON, one item an article, for Zotero, Pandoc and the like

Texts are made safe for their format; what the search marked is bold in
Markdown.  Hits are taken one by one, or article by article, and none is kept,
so that an export takes no more memory for being long.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from searcher.errors import QueryError
from searcher.highlight.cells import record
from searcher.highlight.display import display_path, json_text
from searcher.highlight.formats import markdown
from searcher.results import Hit
from searcher.values import frozen

EXPORTS = ("jsonl", "csv", "md", "csl")

BY_ARTICLE = ("md", "csl")
"""The formats that put together the hits of an article."""

CSV_COLUMNS = (
    "id", "article", "number", "kind", "date", "title", "section", "desk", "city", "author",
    "source", "language", "score", "path", "url", "start_char", "end_char", "text",
)  # fmt: skip
"""The columns of an exported table, keys of docs/json.md."""

SUFFIXES = {".jsonl": "jsonl", ".csv": "csv", ".md": "md", ".json": "csl"}
"""The format that a file's name asks for."""

BOM = "\ufeff"


@frozen
class Exported:
    """What an export wrote.

    Attributes:
        path: the file or folder, as given; `-` for a stream.
        format: one of EXPORTS.
        paragraphs: hits in it, all there are.
        articles: articles that hold them.
        undated: paragraphs that match but for a date filter, and have no date.
        files: files written.
    """

    path: str
    format: str
    paragraphs: int
    articles: int
    undated: int
    files: int

    def as_dict(self) -> dict[str, Any]:
        """Return the figures by name."""
        return {name: getattr(self, name) for name in self.__match_args__}


def export_format(asked: str, suffix: str, to_folder: bool) -> str:
    """Return the format of an export: what was asked for, else what the target says.

    Args:
        asked: one of EXPORTS, or empty.
        suffix: of the file, with its dot; empty for none.
        to_folder: whether it goes to a folder, which holds Markdown.

    Raises:
        QueryError: there is no such format, or it can't be told.
    """
    found = asked or ("md" if to_folder else SUFFIXES.get(suffix.lower(), ""))
    if found not in EXPORTS:
        problem = f"no format {asked!r}" if asked else "the name of the file tells no format"
        raise QueryError(f"{problem}. Choose one of: {', '.join(EXPORTS)}")
    if to_folder and found != "md":
        raise QueryError(f"a folder holds one Markdown file an article; {found} goes to a file")
    return found


def pieces(hits: Iterable[Sequence[Hit]], name: str, *, bom: bool = False) -> Iterator[str]:
    """Yield the text of an export, piece by piece.

    Args:
        hits: in the order wanted, each by itself, or those of an article together where the
            format is one of BY_ARTICLE.
        name: one of EXPORTS.
        bom: begin with a byte order mark, by which Excel knows UTF-8.
    """
    if bom:
        yield BOM
    yield from _WRITERS[name](hits)


def _json_lines(hits: Iterable[Sequence[Hit]]) -> Iterator[str]:
    return (json_text(hit.as_dict()) + "\n" for several in hits for hit in several)


def _csv(hits: Iterable[Sequence[Hit]]) -> Iterator[str]:
    yield record(CSV_COLUMNS)
    for several in hits:
        for hit in several:
            row = hit.as_dict()
            yield record(row[name] for name in CSV_COLUMNS)


def article_markdown(hits: Sequence[Hit]) -> str:
    """Return the hits of one article as Markdown: its headline, quotations and citations."""
    first = hits[0]
    blocks = [f"# {markdown(first.title or first.article)}"]
    for hit in sorted(hits, key=lambda one: one.number):
        blocks += [f"> {markdown(hit.text, hit.spans)}", f"— {citation(hit)}"]
    return "".join(f"{block}\n\n" for block in blocks)


def citation(hit: Hit) -> str:
    """Return where a hit stands, as one line of Markdown.

    Title, date, section and paragraph for a reader; path and characters of
    the decoded source for who has to find it again.
    """
    paragraph = hit.paragraph
    place = "headline" if hit.kind == "headline" else f"paragraph {hit.number}"
    facts = [
        paragraph.author,
        f"“{hit.title}”" if hit.title else "",
        paragraph.source,
        hit.date.isoformat() if hit.date else "undated",
        f"section “{hit.section}”" if hit.section else "",
        place,
    ]
    where = f"{display_path(hit.path)}, characters {hit.start_char} to {hit.end_char}"
    return f"{', '.join(markdown(fact) for fact in facts if fact)}. {markdown(where)}"


def _csl(articles: Iterable[Sequence[Hit]]) -> Iterator[str]:
    """Yield a JSON list item by item, spaced as json.dumps does it."""
    between = "[\n"
    for several in articles:
        item = json_text(csl_item(several[0]), indent=2).replace("\n", "\n  ")
        yield f"{between}  {item}"
        between = ",\n"
    yield "[]\n" if between == "[\n" else "\n]\n"


def csl_item(hit: Hit) -> dict[str, Any]:
    """Return the article of a hit as a CSL-JSON item; what isn't known is left out."""
    paragraph, day = hit.paragraph, hit.date
    item = {
        "id": hit.article,
        "type": "article-newspaper",
        "title": hit.title,
        "issued": {"date-parts": [[day.year, day.month, day.day]]} if day else None,
        "author": [{"literal": name} for name in paragraph.author.split("; ") if name],
        "container-title": paragraph.source,
        "section": ", ".join(hit.desk),
        "language": paragraph.language,
        "URL": paragraph.url,
        "note": hit.path,
    }
    return {name: value for name, value in item.items() if value}


_WRITERS: Mapping[str, Callable[[Iterable[Sequence[Hit]]], Iterator[str]]] = {
    "jsonl": _json_lines,
    "csv": _csv,
    "md": lambda articles: map(article_markdown, articles),
    "csl": _csl,
}


def folder_files(articles: Iterable[Sequence[Hit]]) -> Iterator[tuple[str, bytes]]:
    """Yield one Markdown file for each article: the article's id, and what is in it."""
    for several in articles:
        yield several[0].article, encoded(article_markdown(several))


def encoded(text: str) -> bytes:
    """Return a text as UTF-8."""
    return text.encode("utf-8")


def file_names(ids: Iterable[str]) -> dict[str, str]:
    """Return a file name for each article id: `seeds/000.txt` is `seeds_000.txt.md`.

    Letters, digits, dots and dashes stay.  Where two names would be one, also
    on a disk that doesn't tell case apart, both get the start of a checksum.

        >>> file_names(["a/b.txt", "a/B.txt", "c.txt"])["c.txt"]
        'c.txt.md'
    """
    plain = {one: _plain_name(one) for one in ids}
    taken: dict[str, int] = {}
    for name in plain.values():
        taken[name.casefold()] = taken.get(name.casefold(), 0) + 1
    return {
        one: f"{name}.md" if taken[name.casefold()] == 1 else f"{name}-{_checksum(one)}.md"
        for one, name in plain.items()
    }


def _plain_name(article: str) -> str:
    whole = article.encode("utf-8", "replace").decode("utf-8")
    return re.sub(r"[^\w.-]+", "_", whole).strip("._")[:80] or "article"


def _checksum(article: str) -> str:
    return sha256(article.encode("utf-8", "surrogatepass")).hexdigest()[:12]
