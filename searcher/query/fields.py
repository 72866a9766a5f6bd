"""The fields of the query language: what each holds and how its value is read."""

from __future__ import annotations

from searcher.values import frozen


@frozen
class Field:
    """A field that a query can name.

    Attributes:
        name: as typed before the colon.
        reads: how its value is read: `stems` (words by their stems), `words`
            (words as they stand, folded), `value` (the whole value, folded),
            `tail` (the whole value, or its end after a slash), `date`,
            `number`, or `speaker` (words of a name, before what was said).
        holds: what it is, in words.
        example: a query that uses it.
    """

    name: str
    reads: str
    holds: str
    example: str


FIELDS = {
    field.name: field
    for field in (
        Field("text", "stems", "the paragraph; where words without a field look", "tomahawk"),
        Field("title", "stems", "the headline of the article", "title:tomahawk"),
        Field("section", "stems", "the in-article heading", 'section:"Breakthrough Elusive"'),
        Field("desk", "value", "the publication's own sections", "desk:world"),
        Field("date", "date", "the day of first publication", "date:2026-02"),
        Field("kind", "value", "text, quote, list, headline, heading or caption", "kind:caption"),
        Field("city", "words", "the city of the dateline", "city:washington"),
        Field("author", "words", "who wrote it", 'author:"ilse maren"'),
        Field("source", "words", "the publisher or agency", 'source:"seed wire"'),
        Field("language", "value", "the language, when the source says it", "language:en"),
        Field("path", "tail", "the source file", "path:*.html"),
        Field("article", "tail", "the id of the article", "article:wire-0001"),
        Field("number", "number", "place in the article; 0 is the headline", "number:1..3"),
        Field("words", "number", "length of the paragraph in words", "words:>200"),
        Field("said", "speaker", "who is quoted in it", 'said:zelenskyy "political will"'),
    )
}


_OTHER_NAMES = {
    "title": ("headline", "subject"),
    "section": ("heading",),
    "desk": ("category", "topic", "tag", "rubric"),
    "date": ("since", "until", "before", "after", "on", "day", "month", "year", "published"),
    "kind": ("type",),
    "city": ("dateline", "place", "location"),
    "author": ("by", "byline", "writer"),
    "source": ("agency", "publisher"),
    "language": ("lang",),
    "path": ("file", "filename", "folder"),
    "article": ("id",),
    "words": ("length", "wordcount"),
    "said": ("speaker", "quote", "quotes", "says"),
}
_BY_OTHER_NAME = {other: name for name, others in _OTHER_NAMES.items() for other in others}


def nearest_field(name: str) -> str:
    """Return the field that a name which is none of FIELDS most likely means, or empty."""
    if name in _BY_OTHER_NAME:
        return _BY_OTHER_NAME[name]
    # Imported here: only a mistyped name needs it.
    import difflib

    return next(iter(difflib.get_close_matches(name, FIELDS, n=1, cutoff=0.6)), "")
