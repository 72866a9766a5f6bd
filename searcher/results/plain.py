"""A hit in Python, where no core was built: what the class of the core is, attribute by attribute.

>>> from searcher.highlight.snippet import Snippet
>>> paragraph = Paragraph("a#p1", "a", 1, "text", "", "Rain fell.", 0, 10)
>>> hit = Hit(paragraph, 1.5, ((0, 4),), Snippet("Rain fell.", ((0, 4),)))
>>> hit.id, hit.snippet.plain(), hit.more
('a#p1', 'Rain fell.', ())
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from searcher.model import Paragraph

if TYPE_CHECKING:
    from searcher.highlight.snippet import Snippet
    from searcher.results import Duplicate, Facts, Marks, Place, Scored

Span = tuple[int, int]

# What slots hold that Hit.late leaves empty.
_UNFILLED: dict[str, Any] = {
    "after": (),
    "before": (),
    "duplicates": (),
    "in_article": 0,
    "more": (),
}


class Hit:
    """A paragraph that matches, with its score and what matched in it.

    Paragraph, spans and snippet are made when they are first asked for.

    Attributes:
        paragraph: the paragraph, whole; its attributes are the hit's too.
        score: BM25F, 0 or more; 0 when the query only filters.
        spans: (start, end) in `text` of what matched, in order, never overlapping.
        snippet: the best excerpt of the paragraph.
        before, after: neighbouring paragraphs of the article, when asked for.
        more: the next best hits of the article, when hits are grouped by article.
        in_article: how many hits the article has in all, when they are grouped; else 0.
        duplicates: its near-duplicates, when they are looked for.
    """

    __slots__ = (
        "_facts",
        "_found",
        "_page",
        "_paragraph",
        "after",
        "before",
        "duplicates",
        "in_article",
        "more",
        "score",
    )
    __match_args__ = (
        "paragraph",
        "score",
        "spans",
        "snippet",
        "before",
        "after",
        "more",
        "duplicates",
        "in_article",
    )

    _page: tuple[Place, Marks]

    def __init__(
        self,
        paragraph: Paragraph,
        score: float,
        spans: tuple[Span, ...],
        snippet: Snippet,
        before: tuple[Paragraph, ...] = (),
        after: tuple[Paragraph, ...] = (),
        more: tuple[Hit, ...] = (),
        duplicates: tuple[Duplicate, ...] = (),
        in_article: int = 0,
    ) -> None:
        self._facts: Facts = paragraph
        self._paragraph: Paragraph | Scored = paragraph
        self.score = score
        self._found: tuple[tuple[Span, ...], Snippet] | None = (spans, snippet)
        self.before = before
        self.after = after
        self.more = more
        self.duplicates = duplicates
        self.in_article = in_article

    @classmethod
    def late(cls, scored: Scored, page: tuple[Place, Marks]) -> Hit:
        """Return a hit that makes no more of itself than it is asked for.

        Args:
            scored: what was found.
            page: what makes its paragraph the one that is shown, and what gives spans
                and snippet.
        """
        hit = cls.__new__(cls)
        hit._facts = scored.facts
        hit._paragraph = scored
        hit._page = page
        hit._found = None
        hit.score = scored.score
        return hit

    def __getattr__(self, name: str) -> Any:
        # Called for slots that `late` left empty; whatever else is missing says so itself.
        if name in _UNFILLED:
            return _UNFILLED[name]
        return object.__getattribute__(self, name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Hit) and self._told() == other._told()

    def __hash__(self) -> int:
        return hash((self.id, self.score))

    def __repr__(self) -> str:
        names = self.__match_args__
        shown = zip(names, self._told(), strict=True)
        return f"Hit({', '.join(f'{name}={value!r}' for name, value in shown)})"

    def __reduce__(self) -> tuple[type[Hit], tuple[Any, ...]]:
        return Hit, self._told()

    def _told(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__match_args__)

    @property
    def paragraph(self) -> Paragraph:
        """The paragraph, whole."""
        made = self._paragraph
        if not isinstance(made, Paragraph):
            place, _ = self._page
            made = self._paragraph = place(made.paragraph)
        return made

    def _marked(self) -> tuple[tuple[Span, ...], Snippet]:
        if self._found is None:
            self._found = self._page[1](self._facts.text, lambda: self.paragraph)
        return self._found

    @property
    def spans(self) -> tuple[Span, ...]:
        """(start, end) in `text` of what matched, in order, never overlapping."""
        return self._marked()[0]

    @property
    def snippet(self) -> Snippet:
        """The best excerpt of the paragraph."""
        return self._marked()[1]

    @property
    def id(self) -> str:
        """Paragraph id, `article#pN`."""
        return self._facts.id

    @property
    def article(self) -> str:
        """Id of the article."""
        return self._facts.article

    @property
    def number(self) -> int:
        """Ordinal of the paragraph in its article, from 1; 0 is the headline."""
        return self._facts.number

    @property
    def kind(self) -> str:
        """One of searcher.model.KINDS."""
        return self._facts.kind

    @property
    def title(self) -> str:
        """Headline of the article; may be empty."""
        return self._facts.title

    @property
    def date(self) -> date | None:
        """Day of first publication; None when the source doesn't say."""
        return self._facts.date

    @property
    def section(self) -> str:
        """The in-article heading it stands under; empty before the first."""
        return self._facts.section

    @property
    def desk(self) -> tuple[str, ...]:
        """The publication's own sections."""
        return self.paragraph.desk

    @property
    def text(self) -> str:
        """The paragraph, whole."""
        return self._facts.text

    @property
    def path(self) -> str:
        """The source file."""
        return self.paragraph.path

    @property
    def start_char(self) -> int:
        """First character in the decoded source file."""
        return self.paragraph.start_char

    @property
    def end_char(self) -> int:
        """One past the last character in the decoded source file."""
        return self.paragraph.end_char

    def as_dict(self) -> dict[str, Any]:
        """Return the hit under the keys of docs/json.md."""
        from searcher.results import hit_dict

        return hit_dict(self)
