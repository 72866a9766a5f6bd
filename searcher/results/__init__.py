"""What a search returns: pages of hits, facets, and an article with its paragraphs.

Each has `as_dict()`, which gives the keys of docs/json.md; the command line
prints just that, so a script that parses its JSON and a script that embeds
searcher see the same names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol, overload

from searcher.highlight.snippet import Snippet
from searcher.model import Paragraph
from searcher.values import factory, frozen

if TYPE_CHECKING:
    from searcher.results.plain import Hit as Hit
else:
    try:
        from searcher._native import PageHit as Hit
    except ImportError:
        from searcher.results.plain import Hit

JSON_VERSION = 1
"""Version of the JSON envelope; a key that changes its meaning raises it."""

DUPS = SHOW, COLLAPSE, ONLY = "show", "collapse", "only"
"""What is done with near-duplicates; by default they are shown."""

MOST_WORDS = 25
"""Words that a search for what is similar looks for, at most."""

Span = tuple[int, int]


@frozen
class Duplicate:
    """A near-duplicate of a hit, in another article.

    Attributes:
        id: of the paragraph; of the article, when hits are grouped.
        article, title, date, path: of its article.
    """

    id: str
    article: str
    title: str
    date: date | None
    path: str

    def as_dict(self) -> dict[str, Any]:
        """Return the near-duplicate under the keys of docs/json.md."""
        return {
            "id": self.id,
            "article": self.article,
            "title": self.title,
            "date": self.date.isoformat() if self.date else None,
            "path": self.path,
        }


class Facts(Protocol):
    """What shows the attributes of a paragraph that a list of hits needs; a Paragraph does."""

    @property
    def id(self) -> str:
        """Paragraph id, `article#pN`."""

    @property
    def article(self) -> str:
        """Id of the article."""

    @property
    def number(self) -> int:
        """Ordinal in the article; 0 is the headline."""

    @property
    def kind(self) -> str:
        """One of searcher.model.KINDS."""

    @property
    def section(self) -> str:
        """The in-article heading it stands under."""

    @property
    def text(self) -> str:
        """As shown."""

    @property
    def title(self) -> str:
        """Headline of the article."""

    @property
    def date(self) -> date | None:
        """Day of first publication."""


class Scored(Protocol):
    """A paragraph and its score, as an engine finds it.

    Attributes:
        paragraph: the paragraph, whole; it may be made when it is first asked for.
        facts: what shows its commonest attributes without making it.
    """

    @property
    def paragraph(self) -> Paragraph:
        """The paragraph, whole."""

    @property
    def facts(self) -> Facts:
        """What shows its commonest attributes."""

    @property
    def score(self) -> float:
        """0 or more."""


Marks = Callable[[str, Callable[[], Paragraph]], "tuple[tuple[Span, ...], Snippet]"]
"""Finds what matched in a text, and its snippet, when they are first asked for; the paragraph
is given for what the text alone doesn't say."""

Place = Callable[[Paragraph], Paragraph]
"""Gives a paragraph the path by which its source opens."""


def hit_dict(hit: Hit) -> dict[str, Any]:
    """Return a hit under the keys of docs/json.md."""
    row = paragraph_dict(hit.paragraph)
    row["score"] = hit.score
    row["spans"] = [list(span) for span in hit.spans]
    row["snippet"] = hit.snippet.as_dict()
    for name in ("before", "after"):
        if neighbours := getattr(hit, name):
            row[name] = [paragraph_dict(paragraph) for paragraph in neighbours]
    if hit.in_article:
        row["in_article"] = hit.in_article
    if hit.more:
        row["more"] = [other.as_dict() for other in hit.more]
    if hit.duplicates:
        row["duplicates"] = [duplicate.as_dict() for duplicate in hit.duplicates]
    return row


def paragraph_dict(paragraph: Paragraph) -> dict[str, Any]:
    """Return a paragraph under the keys of docs/json.md."""
    return {
        "id": paragraph.id,
        "article": paragraph.article,
        "number": paragraph.number,
        "kind": paragraph.kind,
        "title": paragraph.title,
        "date": paragraph.date.isoformat() if paragraph.date else None,
        "date_source": paragraph.date_source,
        "section": paragraph.section,
        "desk": list(paragraph.desk),
        "city": paragraph.city,
        "author": paragraph.author,
        "source": paragraph.source,
        "language": paragraph.language,
        "path": paragraph.path,
        "url": paragraph.url,
        "start_char": paragraph.start_char,
        "end_char": paragraph.end_char,
        "text": paragraph.text,
    }


@frozen
class Facet:
    """One value of a field among the hits, with how often it occurs there.

    Attributes:
        value: as stored; empty for hits that have none.
        paragraphs: hits with that value, exact.
        articles: articles with such a hit, exact.
    """

    value: str
    paragraphs: int
    articles: int

    def as_dict(self) -> dict[str, Any]:
        """Return the facet under the keys of docs/json.md."""
        return {"value": self.value, "paragraphs": self.paragraphs, "articles": self.articles}


@frozen
class Page(Sequence[Hit]):
    """The hits of one page and the exact counts of the whole answer.

    Attributes:
        query: the query as given.
        parsed: how it was read, in the query language, fully bracketed.
        total: paragraphs that match in the whole index, exact.
        articles: articles that hold them, exact.
        undated: paragraphs that match but for a date filter, and have no date.
        took_s: wall seconds.
        hits: the page.
        facets: by field, when asked for.
        suggestions: what else to try, one sentence each; only when `total` is 0.
        offset: hits passed over before the page.
        limit: hits that the page may hold.
        group: `article` when hits are grouped, else empty; offset and limit
            then count articles.
        dups: what was done with near-duplicates: `show`, `collapse` or `only`.
    """

    query: str
    parsed: str
    total: int
    articles: int
    undated: int
    took_s: float
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[Facet, ...]] = factory(default_factory=dict)
    suggestions: tuple[str, ...] = ()
    offset: int = 0
    limit: int = 10
    group: str = ""
    dups: str = "show"

    @property
    def collapsed(self) -> int:
        """Hits (articles, when grouped) that are folded away under those of the page."""
        folded = sum(len(hit.duplicates) for hit in self.hits)
        return folded if self.dups == "collapse" else 0

    def __len__(self) -> int:
        return len(self.hits)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    @overload
    def __getitem__(self, at: int) -> Hit: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Hit, ...]: ...
    def __getitem__(self, at: int | slice) -> Hit | tuple[Hit, ...]:
        return self.hits[at]

    def as_dict(self) -> dict[str, Any]:
        """Return the envelope of docs/json.md."""
        envelope: dict[str, Any] = {
            "version": JSON_VERSION,
            "query": self.query,
            "parsed": self.parsed,
            "total": self.total,
            "articles": self.articles,
            "undated": self.undated,
            "took_s": round(self.took_s, 6),
            "offset": self.offset,
            "limit": self.limit,
            "group": self.group,
            "hits": [hit.as_dict() for hit in self.hits],
        }
        if self.dups != "show":
            envelope.update(dups=self.dups, collapsed=self.collapsed)
        if self.facets:
            envelope["facets"] = {
                name: [facet.as_dict() for facet in facets] for name, facets in self.facets.items()
            }
        if self.suggestions:
            envelope["suggestions"] = list(self.suggestions)
        return envelope


@frozen
class Keyword:
    """A word that tells a text from the rest of the archive.

    Attributes:
        text: the form that the text uses most.
        df: paragraphs that hold the word in any form.
        weight: how much it tells, over 0; see searcher.views.similar.
    """

    text: str
    df: int
    weight: float

    def as_dict(self) -> dict[str, Any]:
        """Return the word under the keys of docs/json.md."""
        return {"text": self.text, "df": self.df, "weight": round(self.weight, 4)}


@frozen
class Similar(Page):
    """A page of what is like a text.

    Attributes:
        words: what it was found by, the most telling first.
    """

    words: tuple[Keyword, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the envelope of docs/json.md, with `words`."""
        return {**Page.as_dict(self), "words": [word.as_dict() for word in self.words]}


@frozen
class StoredArticle:
    """An article as the index holds it.

    Attributes:
        id: article id.
        paragraphs: all of them, the headline first, in order.
        paragraph: the one that was asked for; None when the id named the article.
    """

    id: str
    paragraphs: tuple[Paragraph, ...]
    paragraph: Paragraph | None = None

    @property
    def title(self) -> str:
        """Headline; may be empty."""
        return self.paragraphs[0].title

    @property
    def date(self) -> date | None:
        """Day of first publication; None when the source doesn't say."""
        return self.paragraphs[0].date

    @property
    def desk(self) -> tuple[str, ...]:
        """The publication's own sections."""
        return self.paragraphs[0].desk

    @property
    def path(self) -> str:
        """The source file."""
        return self.paragraphs[0].path

    @property
    def text(self) -> str:
        """The text as shown: every paragraph but captions, parted by blank lines."""
        return "\n\n".join(p.text for p in self.paragraphs if p.kind != "caption")

    def as_dict(self) -> dict[str, Any]:
        """Return the article under the keys of docs/json.md."""
        return {
            "version": JSON_VERSION,
            "id": self.id,
            "paragraph": self.paragraph.id if self.paragraph else None,
            "paragraphs": [paragraph_dict(paragraph) for paragraph in self.paragraphs],
        }
