"""Paragraphs to Whoosh documents whose every value is ready.

A paragraph's text is tokenised once, for `text` and `exact` together; what all
paragraphs of an article share is worked out once an article.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from whoosh.formats import Characters

from searcher.analysis import Analyzer, tokenize
from searcher.duplicates.keys import Keys
from searcher.indexing.documents import day_number, document, quoted, speakers
from searcher.indexing.postings import Forms, Posting, lone_posting, text_postings, word_postings
from searcher.indexing.schema import DESK_SEPARATOR, EXACT, language_of
from searcher.model import Paragraph

Shared = tuple[list[Posting], int]


class Document(NamedTuple):
    """One paragraph, in the shape that ParagraphWriter.add_whole takes.

    Attributes:
        postings: field to its postings.
        stored: the stored fields.
        lengths: words of the fields that are scored by length.
        columns: field to (column, value).
    """

    postings: dict[str, list[Posting]]
    stored: dict[str, Any]
    lengths: dict[str, int]
    columns: dict[str, tuple[Any, Any]]


@dataclass
class Words:
    """Sums over the paragraphs of an article, for the totals of the index."""

    paragraphs: int = 0
    text: int = 0
    title: int = 0
    section: int = 0

    def count(self, lengths: Mapping[str, int]) -> None:
        """Add one paragraph."""
        self.paragraphs += 1
        self.text += lengths.get("text", 0)
        self.title += lengths.get("title", 0)
        self.section += lengths.get("section_words", 0)


@dataclass
class _Article:
    postings: dict[str, list[Posting]] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)
    columns: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    sections: dict[str, Shared] = field(default_factory=dict)
    keys: Keys = field(default_factory=Keys)


class Composer:
    """Makes the documents of one index.

    Args:
        fields: its schema.
    """

    def __init__(self, fields: Any) -> None:
        self._fields = fields
        self._columns = {n: f.column_type for n, f in fields.items() if f.column_type}
        self._forms = Forms(Analyzer(language_of(fields)).stem)
        self._characters = isinstance(fields["text"].format, Characters)

    def documents(
        self, paragraphs: Iterable[Paragraph], number: int, base: int, source: str
    ) -> Iterator[Document]:
        """Yield the document of each paragraph of one article.

        Args:
            paragraphs: of the article, in order.
            number: the article's serial number.
            base: the article's first character in its source.
            source: name of the source.
        """
        shared: _Article | None = None
        made: Document | None = None
        for paragraph in paragraphs:
            if made:
                yield made
            shared = shared or self._shared(paragraph, number)
            made = self._document(paragraph, shared, base)
            if paragraph.path != source:
                made.stored["origin"] = source
        if made and shared:
            own = made.columns.get("alike", (None, []))[1]
            made.columns.update(self._column("alike", [*own, *shared.keys.article()]))
            yield made

    def _document(self, paragraph: Paragraph, shared: _Article, base: int) -> Document:
        tokens = tokenize(paragraph.text)
        exact, text = text_postings(tokens, self._forms, characters=self._characters)
        postings = {**shared.postings, "exact": exact, "text": text}
        postings["id"] = lone_posting(paragraph.id)
        postings["kind"] = lone_posting(paragraph.kind)
        keys = shared.keys.paragraph(paragraph, [token.text for token in tokens])
        lengths = {**shared.lengths, **_lengths(len(tokens))}
        columns = {**shared.columns, **self._column("words", len(tokens))}
        columns.update(self._column("alike", keys))
        columns.update(self._column("number", paragraph.number))
        if paragraph.quotes:
            postings["quoted"] = self._postings("quoted", quoted(paragraph, tokens))
        if names := speakers(paragraph):
            postings["speaker"] = self._postings("speaker", names)
            columns.update(self._column("speaker", DESK_SEPARATOR.join(names).encode()))
        if paragraph.section:
            self._add_section(paragraph.section, shared, postings, lengths, columns)
        return Document(postings, document(paragraph, base), lengths, columns)

    def _add_section(
        self,
        section: str,
        shared: _Article,
        postings: dict[str, list[Posting]],
        lengths: dict[str, int],
        columns: dict[str, tuple[Any, Any]],
    ) -> None:
        if section not in shared.sections:
            shared.sections[section] = word_postings(section, self._forms, stemmed=True)
        postings["section_words"], count = shared.sections[section]
        if count:
            lengths["section_words"] = count
        postings["section"] = lone_posting(section)
        columns.update(self._column("section", section.encode()))

    def _shared(self, paragraph: Paragraph, number: int) -> _Article:
        shared = _Article()
        for name in ("article", "path", "language"):
            shared.postings[name] = lone_posting(getattr(paragraph, name))
        for name in EXACT:
            shared.postings[name], _ = word_postings(
                getattr(paragraph, name), self._forms, stemmed=False
            )
        shared.postings["title"], words = word_postings(paragraph.title, self._forms, stemmed=True)
        if words:
            shared.lengths["title"] = words
        self._add_date_and_desk(paragraph, shared)
        shared.columns.update(self._column("article_no", number))
        shared.columns.update(self._column("article", paragraph.article.encode()))
        return shared

    def _add_date_and_desk(self, paragraph: Paragraph, shared: _Article) -> None:
        if paragraph.date:
            number = day_number(paragraph.date)
            shared.postings["date"] = [(self._fields["date"].to_bytes(number), 1.0, b"")]
            shared.columns.update(self._column("date", number))
        if paragraph.desk:
            shared.postings["desk"] = self._postings("desk", paragraph.desk)
            joined = DESK_SEPARATOR.join(paragraph.desk).encode()
            shared.columns.update(self._column("desk", joined))

    def _postings(self, name: str, value: Any) -> list[Posting]:
        found = self._fields[name].index(value)
        return [(term, weight, places) for term, _, weight, places in found]

    def _column(self, name: str, value: Any) -> dict[str, tuple[Any, Any]]:
        return {name: (self._columns[name], value)} if value else {}


def _lengths(words: int) -> dict[str, int]:
    return {"text": words, "exact": words} if words else {}
