"""Articles and their paragraphs: plain, frozen values without I/O.

A reader turns a file into Articles; an Article yields its Paragraphs, and a
paragraph is the document that is indexed, scored and shown.  A paragraph
carries what a hit has to know of its article, so that a hit needs no second
look-up.

    >>> blocks = (Block("text", "Rain fell.", 0, 10), Block("heading", "Later", 12, 17),
    ...           Block("text", "It stopped.", 19, 30))
    >>> article = Article(id="rain.txt", path="rain.txt", title="Rain", blocks=blocks)
    >>> [(p.id, p.kind, p.section) for p in article.paragraphs()]  # doctest: +NORMALIZE_WHITESPACE
    [('rain.txt#p0', 'headline', ''), ('rain.txt#p1', 'text', ''),
     ('rain.txt#p2', 'heading', ''), ('rain.txt#p3', 'text', 'Later')]
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple, TypeAlias

from searcher.values import frozen

KINDS = ("text", "quote", "list", "headline", "heading", "caption")
"""The kinds of a paragraph; `caption` is a hit only when asked for."""

HEADLINE_NUMBER = 0
"""The paragraph number of an article's headline; its blocks count from 1."""


class Quote(NamedTuple):
    """A direct quotation in a paragraph.

    Attributes:
        start_char: first character in the paragraph's text, the quotation mark itself.
        end_char: one past the last.
        speaker: the name that a speech verb ties to it in its paragraph or,
            for a quotation that runs on, in the one where it began; empty
            where the sentence doesn't say a name.
    """

    start_char: int
    end_char: int
    speaker: str = ""


_Facts: TypeAlias = "tuple[str, date | None, str, str, tuple[str, ...], str, str, str, str, str]"
"""What a paragraph says of its article, in the order of its arguments from `title` to `url`."""


@frozen
class Block:
    """One piece of an article as its reader found it.

    Attributes:
        kind: one of KINDS but `headline`.
        text: as shown: white space folded, control characters removed.
        start_char: first character in the decoded source, in code points from 0.
        end_char: one past the last character.
        level: of a heading, 1 (most general) to 6; 0 for anything else.
        quotes: direct quotations in `text`, in order.
    """

    kind: str
    text: str
    start_char: int
    end_char: int
    level: int = 0
    quotes: tuple[Quote, ...] = ()


@frozen
class Paragraph:
    """The unit that is indexed, scored and shown, with its article's facts.

    Attributes:
        id: `article#pN`.
        article: the article's id.
        number: ordinal in the article from 1; 0 is the headline.
        kind: one of KINDS.
        section: the in-article heading it stands under; empty before the first.
        text: as shown.
        start_char: first character in the decoded source file, from 0.  In a
            format whose text is not contiguous it is the start of the element
            or record (docs/formats.md).
        end_char: one past the last character.
        quotes: direct quotations in `text`, in order, with their speakers.
        title, date, date_source, city, desk, author, source, language, path,
        url: the article's; see Article.
    """

    id: str
    article: str
    number: int
    kind: str
    section: str
    text: str
    start_char: int
    end_char: int
    title: str = ""
    date: date | None = None
    date_source: str = ""
    city: str = ""
    desk: tuple[str, ...] = ()
    author: str = ""
    source: str = ""
    language: str = ""
    path: str = ""
    url: str = ""
    quotes: tuple[Quote, ...] = ()


@frozen
class Article:
    """One article as its reader found it.

    Attributes:
        id: stable name: the path of the file, and `:key` in a file of many.
        path: of the source file, relative to the folder that holds the index,
            with forward slashes.
        title: headline; empty when the source has none.
        title_span: (start_char, end_char) of the headline in the decoded source.
        date: calendar day of first publication, never shifted by a time zone;
            None when the source doesn't say.
        date_source: where the date was found: `header`, `published`, `path`,
            `dateline`, `mtime`, or empty.
        dateline: as it stands in the text; empty when there is none.
        city: of the dateline.
        source: the publisher or agency.
        url: address of the article.
        desk: the publication's own sections (World, Sport; Reuters topics).
        author: names, joined by `; `.
        language: BCP 47 code when the source says, else empty.
        blocks: in reading order.
        start_char, end_char: extent of the article in the decoded source; the
            whole file where it holds one article.
    """

    id: str
    path: str
    title: str = ""
    title_span: tuple[int, int] = (0, 0)
    date: date | None = None
    date_source: str = ""
    dateline: str = ""
    city: str = ""
    source: str = ""
    url: str = ""
    desk: tuple[str, ...] = ()
    author: str = ""
    language: str = ""
    blocks: tuple[Block, ...] = ()
    start_char: int = 0
    end_char: int = 0

    @property
    def paragraph_count(self) -> int:
        """How many paragraphs it has."""
        return bool(self.title) + len(self.blocks)

    def paragraphs(self) -> Iterator[Paragraph]:
        """Yield the headline, where there is one, and then every block as a Paragraph."""
        facts = self._facts
        if self.title:
            headline = Block("headline", self.title, *self.title_span)
            yield self._paragraph(HEADLINE_NUMBER, headline, "", facts)
        open_headings: list[Block] = []
        for number, block in enumerate(self.blocks, start=1):
            if block.kind == "heading":
                while open_headings and open_headings[-1].level >= block.level:
                    open_headings.pop()
            section = open_headings[-1].text if open_headings else ""
            yield self._paragraph(number, block, section, facts)
            if block.kind == "heading":
                open_headings.append(block)

    @property
    def _facts(self) -> _Facts:
        return (
            self.title,
            self.date,
            self.date_source,
            self.city,
            self.desk,
            self.author,
            self.source,
            self.language,
            self.path,
            self.url,
        )

    def _paragraph(self, number: int, block: Block, section: str, facts: _Facts) -> Paragraph:
        # By position, for an archive has millions of them.
        return Paragraph(
            f"{self.id}#p{number}",
            self.id,
            number,
            block.kind,
            section,
            block.text,
            block.start_char,
            block.end_char,
            *facts,
            block.quotes,
        )
