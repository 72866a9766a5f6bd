"""A paragraph to the stored fields of its document, and back.

Offsets are stored from the start of the article, which is the *base*: the
source record holds the base of each article, so that text added above an
article moves its base and rewrites no paragraph of it.

    >>> from searcher.model import Paragraph
    >>> rain = Paragraph("a#p1", "a", 1, "text", "", "Rain fell.", 110, 120)
    >>> fields = document(rain, base=100)
    >>> fields["start"], fields["end"]
    (10, 20)
    >>> paragraph(fields, base=100) == rain
    True
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from searcher.analysis import Token, tokenize
from searcher.errors import ArticleError
from searcher.model import KINDS, Article, Block, Paragraph, Quote
from searcher.values import replace

MAX_ID_CHARS = 4_000
MAX_VALUE_CHARS = 100_000
"""Longest title, heading, author or other fact; a longer one is no article."""

_FACTS = (
    "title",
    "date_source",
    "city",
    "author",
    "source",
    "language",
    "path",
    "url",
    "section",
)
_REFUSED = dict.fromkeys((0, *range(0xD800, 0xE000)), "\ufffd")


def document(paragraph: Paragraph, base: int = 0) -> dict[str, Any]:
    """Return the stored fields of a paragraph; empty facts are left out.

    Args:
        paragraph: what is stored.
        base: first character of its article in the source.
    """
    stored: dict[str, Any] = {
        "id": paragraph.id,
        "article": paragraph.article,
        "number": paragraph.number,
        "kind": paragraph.kind,
        "text": paragraph.text,
        "start": paragraph.start_char - base,
        "end": paragraph.end_char - base,
    }
    stored.update((name, value) for name in _FACTS if (value := getattr(paragraph, name)))
    if paragraph.desk:
        stored["desk"] = paragraph.desk
    if paragraph.quotes:
        stored["quotes"] = tuple(map(tuple, paragraph.quotes))
    if paragraph.date:
        stored["date"] = day_number(paragraph.date)
    return stored


def paragraph(stored: Mapping[str, Any], base: int = 0) -> Paragraph:
    """Return the paragraph that `document` made these stored fields of."""
    get = stored.get
    # By place: a page of hits is made of these, and keywords take twice as long.
    return Paragraph(
        stored["id"],
        stored["article"],
        stored["number"],
        stored["kind"],
        get("section", ""),
        stored["text"],
        stored["start"] + base,
        stored["end"] + base,
        get("title", ""),
        day(get("date", 0)),
        get("date_source", ""),
        get("city", ""),
        tuple(get("desk", ())),
        get("author", ""),
        get("source", ""),
        get("language", ""),
        get("path", ""),
        get("url", ""),
        tuple([Quote(*one) for one in get("quotes", ())]),
    )


def speakers(paragraph: Paragraph) -> tuple[str, ...]:
    """Return who is quoted, a name for each quotation that has one, in order."""
    return tuple(quote.speaker for quote in paragraph.quotes if quote.speaker)


def quoted(paragraph: Paragraph, tokens: Sequence[Token]) -> list[tuple[int, int, bool]]:
    """Return for each quotation its first token, the one behind its last, and if it has a speaker.

    A token that a quotation cuts is not in it; one without a whole token begins where it ends.

    Args:
        paragraph: whose quotations are looked for.
        tokens: of its text.
    """
    starts = [token.start_char for token in tokens]
    ends = [token.end_char for token in tokens]
    places = []
    for start, end, name in paragraph.quotes:
        begin = bisect_left(starts, start)
        places.append((begin, max(begin, bisect_right(ends, end)), bool(tokenize(name))))
    return places


def day_number(when: date | None) -> int:
    """Return a day as yyyymmdd; 0 when there is none."""
    return when.year * 10_000 + when.month * 100 + when.day if when else 0


def day(number: int) -> date | None:
    """Return the day of a yyyymmdd; None for 0."""
    return date(number // 10_000, number // 100 % 100, number % 100) if number else None


def fingerprint(article: Article) -> str:
    """Return a hash of all that a reader of the index sees of an article.

    Its path and its place in the source don't count: an article that only
    moved within its file is unchanged.
    """
    made = _by_core(article)
    return _fingerprint(article) if made is None else made


def _core_fingerprint() -> Callable[[Article], str | None]:
    try:
        from searcher._native import fingerprint as by_core
    except ImportError:
        return lambda _: None
    return by_core


_by_core = _core_fingerprint()


def _fingerprint(article: Article) -> str:
    blocks = [
        (
            b.kind,
            b.text,
            b.start_char - article.start_char,
            b.end_char - b.start_char,
            b.level,
            tuple(map(tuple, b.quotes)) if b.quotes else (),
        )
        for b in article.blocks
    ]
    facts = (
        article.id,
        article.title,
        article.title_span[0] - article.start_char if article.title else 0,
        article.title_span[1] - article.title_span[0],
        day_number(article.date),
        article.date_source,
        article.city,
        article.source,
        article.url,
        article.desk,
        article.author,
        article.language,
        article.end_char - article.start_char,
    )
    # Imported here: a search makes no fingerprint, and it takes long to load.
    from hashlib import blake2b

    return blake2b(repr((facts, blocks)).encode(), digest_size=12).hexdigest()


def checked(article: Article) -> Article:
    """Return the article with nothing in it that an index can't hold.

    NUL and lone surrogates become U+FFFD, one for one, so that offsets hold.

    Raises:
        ArticleError: it has no id, or a value is of the wrong type or too long.
    """
    return article if _core_can_store(article) else _checked(article)


def _core_check() -> Callable[[Article], bool]:
    try:
        from searcher._native import is_storable
    except ImportError:
        return lambda _: False
    return is_storable


_core_can_store = _core_check()


def _checked(article: Article) -> Article:
    _refuse_wrong_types(article)
    if not 0 < len(article.id) <= MAX_ID_CHARS:
        raise ArticleError("bad id", f"{len(article.id)} characters; 1 to {MAX_ID_CHARS} are right")
    for name in ("title", "city", "author", "source", "language", "url", "path"):
        if len(getattr(article, name)) > MAX_VALUE_CHARS:
            raise ArticleError("too long", f"{name}: {len(getattr(article, name))} characters")
    return article if _is_clean(article) else _clean(article)


def _refuse_wrong_types(article: Article) -> None:
    strings = [
        getattr(article, n) for n in ("id", "path", "date_source", *_FACTS[:1], *_FACTS[2:8])
    ]
    strings += [*article.desk, *(block.text for block in article.blocks)]
    if {*map(type, strings)} != {str} and not all(isinstance(value, str) for value in strings):
        raise ArticleError("bad value", f"{article.id!r}: text is expected in every text field")
    if not (article.date is None or isinstance(article.date, date)):
        raise ArticleError("bad value", f"{article.id!r}: date is {article.date!r}")
    for block in article.blocks:
        if block.kind not in KINDS:
            raise ArticleError("bad value", f"{article.id!r}: a block of an unknown kind")
        if block.quotes and not _are_right(block.quotes, len(block.text)):
            raise ArticleError("bad value", f"{article.id!r}: quotations that aren't in their text")


def _are_right(quotes: tuple[Quote, ...], length: int) -> bool:
    """Tell whether quotations are in order, in their text, and don't overlap."""
    bounds = [0, *(at for start, end, _ in quotes for at in (start, end)), length]
    is_named = all(isinstance(name, str) and len(name) <= MAX_VALUE_CHARS for *_, name in quotes)
    return is_named and bounds == sorted(bounds)


def _is_clean(article: Article) -> bool:
    whole = _all_text(article)
    try:
        whole.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in whole


def _all_text(article: Article) -> str:
    facts = (article.id, article.path, article.title, article.date_source, article.city)
    more = (article.source, article.url, article.author, article.language, *article.desk)
    names = (quote.speaker for block in article.blocks for quote in block.quotes)
    return "\n".join((*facts, *more, *names, *(block.text for block in article.blocks)))


def _clean(article: Article) -> Article:
    names = ("id", "path", "title", "date_source", "city", "source", "url", "author", "language")
    return replace(
        article,
        desk=tuple(value.translate(_REFUSED) for value in article.desk),
        blocks=tuple(_clean_block(block) for block in article.blocks),
        **{name: getattr(article, name).translate(_REFUSED) for name in names},
    )


def _clean_block(block: Block) -> Block:
    quotes = tuple(q._replace(speaker=q.speaker.translate(_REFUSED)) for q in block.quotes)
    return replace(block, text=block.text.translate(_REFUSED), quotes=quotes)
