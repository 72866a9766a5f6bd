"""What someone is quoted saying, and who is quoted most.

A name finds every speaker whose name holds its words, folded and in any
order: `baker` finds James Baker and Baker, `james baker` only the first.

    >>> from searcher.model import Paragraph, Quote
    >>> text = '"It fell," said Ann Lee. "Not here," Lee said.'
    >>> quotes = (Quote(0, 10, "Ann Lee"), Quote(25, 36, "Lee"))
    >>> paragraph = Paragraph("a#p1", "a", 1, "text", "", text, 0, len(text), quotes=quotes)
    >>> [(one.speaker, one.quote) for one in quoted_in(paragraph, name_words("LEE"))]
    [('Ann Lee', '"It fell,"'), ('Lee', '"Not here,"')]
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from datetime import date
from typing import Any

from searcher.analysis import tokenize
from searcher.errors import QueryError
from searcher.model import Paragraph
from searcher.query.tree import Query, Quotation, Slot
from searcher.results import JSON_VERSION
from searcher.values import frozen

QUOTE_SORTS = ("newest", "oldest")
"""By date; of one day by article, paragraph and place; undated last in either order."""


@frozen
class SpokenQuote:
    """A direct quotation with its speaker, and where it stands.

    Attributes:
        speaker: the name as the sentence has it.
        quote: the quotation with its marks.
        start_char, end_char: of the quotation in the paragraph's text.
        id: of the paragraph.
        article: its article's id.
        number: ordinal of the paragraph in its article, from 1.
        date: day of first publication; None when the source doesn't say.
        title: headline of the article; may be empty.
        section: the in-article heading it stands under; may be empty.
        desk: the publication's own sections.
        path: the source file.
        text: the whole paragraph.
    """

    speaker: str
    quote: str
    start_char: int
    end_char: int
    id: str
    article: str
    number: int
    date: date | None
    title: str
    section: str
    desk: tuple[str, ...]
    path: str
    text: str

    def as_dict(self) -> dict[str, Any]:
        """Return the quotation under the keys of docs/quotes.md."""
        row: dict[str, Any] = {name: getattr(self, name) for name in self.__match_args__}
        row["date"] = self.date.isoformat() if self.date else None
        row["desk"] = list(self.desk)
        return row


@frozen
class SpeakerCount:
    """How often somebody is quoted.

    Attributes:
        speaker: the name, as it stands; another form of it is another speaker.
        quotes: quotations.
        articles: that hold them.
    """

    speaker: str
    quotes: int
    articles: int

    def as_dict(self) -> dict[str, Any]:
        """Return the count under the keys of docs/quotes.md."""
        return {name: getattr(self, name) for name in self.__match_args__}


@frozen
class Quotes:
    """What someone is quoted saying.

    Attributes:
        name: as given.
        query: that the paragraphs match, as given.
        parsed: the whole search as it was read.
        total: quotations, exact.
        articles: that hold them, exact.
        undated: paragraphs that match but for a date filter, and have no date.
        sort: one of QUOTE_SORTS.
        speakers: whose names hold the name, the most quoted first.
        quotes: the first of the quotations.
    """

    name: str
    query: str
    parsed: str
    total: int
    articles: int
    undated: int
    sort: str
    speakers: tuple[SpeakerCount, ...]
    quotes: tuple[SpokenQuote, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the envelope of docs/quotes.md."""
        row: dict[str, Any] = {"version": JSON_VERSION}
        row |= {name: getattr(self, name) for name in self.__match_args__}
        row["speakers"] = [one.as_dict() for one in self.speakers]
        row["quotes"] = [one.as_dict() for one in self.quotes]
        return row


@frozen
class Speakers:
    """Who is quoted.

    Attributes:
        query: that the paragraphs match, as given.
        parsed: as it was read.
        total: speakers, exact.
        quotes: quotations with a speaker, exact.
        articles: that hold them, exact.
        undated: paragraphs that match but for a date filter, and have no date.
        speakers: the first of them, the most quoted first.
    """

    query: str
    parsed: str
    total: int
    quotes: int
    articles: int
    undated: int
    speakers: tuple[SpeakerCount, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the envelope of docs/quotes.md."""
        row: dict[str, Any] = {"version": JSON_VERSION}
        row |= {name: getattr(self, name) for name in self.__match_args__}
        row["speakers"] = [one.as_dict() for one in self.speakers]
        return row


def check_quotes(sort: str) -> None:
    """Raise QueryError on an order that there isn't."""
    if sort not in QUOTE_SORTS:
        raise QueryError(f"can't sort by {sort!r}. Choose one of: {', '.join(QUOTE_SORTS)}")


def name_words(name: str) -> frozenset[str]:
    """Return the exact forms of a name's words.

    Raises:
        QueryError: it has none.
    """
    words = frozenset(token.text for token in tokenize(name))
    if not words:
        raise QueryError(f"the name {name!r} has no word. Try: searcher quotes Zelenskyy")
    return words


def quoting(words: frozenset[str]) -> list[Query]:
    """Return what finds the paragraphs in which someone of that name may be quoted."""
    return [Quotation((Slot(word),)) for word in sorted(words)]


def quoted_in(paragraph: Paragraph, words: frozenset[str]) -> Iterator[SpokenQuote]:
    """Yield the quotations of a paragraph whose speaker's name holds the words."""
    for start, end, speaker in paragraph.quotes:
        if speaker and words <= {token.text for token in tokenize(speaker)}:
            yield _spoken(paragraph, start, end, speaker)


def _spoken(paragraph: Paragraph, start: int, end: int, speaker: str) -> SpokenQuote:
    return SpokenQuote(
        speaker=speaker,
        quote=paragraph.text[start:end],
        start_char=start,
        end_char=end,
        id=paragraph.id,
        article=paragraph.article,
        number=paragraph.number,
        date=paragraph.date,
        title=paragraph.title,
        section=paragraph.section,
        desk=paragraph.desk,
        path=paragraph.path,
        text=paragraph.text,
    )


def first_quotes(
    quotes: Iterable[SpokenQuote], sort: str, limit: int | None
) -> tuple[SpokenQuote, ...]:
    """Return the first quotations in an order; all of them without a limit."""
    if limit is None:
        return tuple(sorted(quotes, key=lambda one: _key(one, sort)))
    return tuple(heapq.nsmallest(limit, quotes, key=lambda one: _key(one, sort)))


def _key(one: SpokenQuote, sort: str) -> tuple[float, str, int, int]:
    day = one.date.toordinal() if one.date else None
    if day is None:
        return float("inf"), one.article, one.number, one.start_char
    return -day if sort == "newest" else day, one.article, one.number, one.start_char


def speaker_counts(named: Iterable[tuple[Hashable, str]]) -> tuple[SpeakerCount, ...]:
    """Return how often each is quoted, the most quoted first, then by name.

    Args:
        named: the article and the speaker of each quotation.
    """
    quotes: Counter[str] = Counter()
    articles: defaultdict[str, set[Hashable]] = defaultdict(set)
    for article, speaker in named:
        quotes[speaker] += 1
        articles[speaker].add(article)
    found = [SpeakerCount(name, count, len(articles[name])) for name, count in quotes.items()]
    return tuple(sorted(found, key=lambda one: (-one.quotes, one.speaker)))
