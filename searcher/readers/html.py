"""HTML: JSON-LD and <meta> for the facts, <article> or <main> for the text.

The blocks are p, h1 to h6, li, blockquote and figcaption of the <article> with
most text, else of <main>.  Without either, trafilatura picks them where it is
installed (`searcher[html]`), else all paragraphs of the page count, else the
`articleBody` of the JSON-LD.  Navigation, asides, footers, forms, scripts and
hidden elements never count.

Offsets run from the first to the last character of a block in the source,
tags and references between them included.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from ..errors import ArticleError
from ..model import Article, Block
from . import plain
from .assemble import Facts, assemble
from .base import DEFAULTS, ReadOptions
from .characters import fold
from .fields import Record
from .html_page import Found, Page, take_apart
from .markup import unescape
from .messy import extract
from .source import Source
from .text import kind_of

_PROSE = ("text", "quote", "list")
_ARTICLE_TYPES = ("Article", "Posting", "Report")
_LD_FIELDS = ("headline", "datePublished", "articleSection", "author", "url", "publisher")
_META_FIELDS = {
    "og:title": "title",
    "twitter:title": "title",
    "article:published_time": "date",
    "og:article:published_time": "date",
    "datepublished": "date",
    "dc.date.issued": "date",
    "dcterms.issued": "date",
    "dc.date": "date",
    "parsely-pub-date": "date",
    "sailthru.date": "date",
    "publish-date": "date",
    "pubdate": "date",
    "date": "date",
    "article:section": "section",
    "articlesection": "section",
    "author": "author",
    "article:author": "author",
    "og:url": "url",
    "og:site_name": "source",
    "language": "language",
}
_MAX_LD_NODES = 10_000


def read(source: Source, options: ReadOptions = DEFAULTS) -> Iterator[Article]:
    """Yield the one article of a page.

    Raises:
        ArticleError: reason "not text" or "no text".
    """
    page = take_apart(source.text)
    ld = _json_ld(page.scripts)
    facts = _facts(page, ld)
    blocks = _without_title(_body(source, page, ld), fold(facts.title))
    if not blocks and not facts.title:
        raise ArticleError("no text", "expected a title or paragraphs, found neither")
    yield assemble(source, options, facts, blocks)


def fragment_blocks(text: str) -> list[Block]:
    """Return the blocks of a piece of HTML; offsets count in that piece."""
    return _kinds(take_apart(text).blocks)


def _body(source: Source, page: Page, ld: dict[str, Any]) -> list[Block]:
    if scope := _scope(page.blocks):
        return _kinds(scope)
    if texts := extract(source.text):
        return [Block(kind_of(text), text, 0, len(source.text)) for text in map(fold, texts)]
    if any(found.block.kind in _PROSE for found in page.blocks):
        return _kinds(page.blocks)
    body = str(ld.get("articleBody") or "")
    at = (0, len(source.text))
    from_ld = [Block(kind, text, *at, level) for kind, text, level in plain.blocks(body)]
    return from_ld or _kinds(page.blocks)


def _scope(blocks: list[Found]) -> list[Found]:
    """Return the blocks of the article with most text, else of <main>; none without either."""
    sizes = Counter[int]()
    main_size = 0
    for found in blocks:
        size = len(found.block.text) if found.block.kind in (*_PROSE, "") else 0
        sizes[found.article] += size
        main_size += size if found.main else 0
    del sizes[0]
    best, size = max(sizes.items(), key=lambda item: item[1], default=(0, 0))
    # A page may tease other articles in <article>, beside a text that is only in <main>.
    if size and size * 4 >= main_size:
        return [found for found in blocks if found.article == best]
    return [found for found in blocks if found.main] if main_size else []


def _kinds(blocks: list[Found]) -> list[Block]:
    """Return the blocks; text outside paragraphs counts only where there are no paragraphs."""
    loose = not any(found.block.kind in _PROSE for found in blocks)
    return [_with_kind(found.block) for found in blocks if found.block.kind or loose]


def _with_kind(block: Block) -> Block:
    return replace(block, kind=kind_of(block.text)) if block.kind in ("", "text") else block


def _without_title(blocks: list[Block], title: str) -> list[Block]:
    """Drop the headline where the text repeats it: as an h1, or as its first paragraph."""
    first = blocks[:1] if blocks and blocks[0].text != title else []
    return first + [block for block in blocks[1:] if block.level != 1 or block.text != title]


def _facts(page: Page, ld: dict[str, Any]) -> Facts:
    news = Record({name: ld.get(name) for name in (*_LD_FIELDS, "inLanguage")})
    meta = _meta(page)
    title, span = _title(page, news.first("title"), meta.first("title"))
    return Facts(
        title=title,
        title_span=span,
        published=news.day() or meta.day(),
        url=news.first("url") or page.canonical or meta.first("url"),
        source=news.first("source") or meta.first("source"),
        desk=tuple(news.values("desk") or meta.values("desk")),
        authors=tuple(news.values("author") or meta.values("author")),
        language=news.first("language") or page.language or meta.first("language"),
    )


def _meta(page: Page) -> Record:
    values: dict[str, Any] = {}
    for name, content in page.metas:
        field = _META_FIELDS.get(name)
        # Some pages name the author by an address in a social network.
        if field and content.strip() and not (field == "author" and "://" in content):
            values.setdefault(field, []).append(content)
    values.setdefault("date", []).extend(page.times)
    return Record({**values, "title": values.get("title", [])[:1]})


def _title(page: Page, *stated: str) -> tuple[str, tuple[int, int]]:
    """Return the headline and its span: (0, 0) where it stands in JSON-LD or <meta> alone."""
    tops = (f.block for f in page.blocks if f.block.kind == "heading" and f.block.level == 1)
    top = next(tops, None)
    title = next((found for found in map(unescape, stated) if found.strip()), "")
    if top and fold(title) in ("", top.text):
        return top.text, (top.start_char, top.end_char)
    return (title, (0, 0)) if title else (unescape(page.title), page.title_span)


def _json_ld(scripts: Iterable[str]) -> dict[str, Any]:
    """Return the first article that the JSON-LD scripts describe; broken ones are passed over."""
    for script in scripts:
        try:
            value = json.loads(script.strip().removesuffix(";"), strict=False)
        except (ValueError, RecursionError):
            continue
        if found := next(_articles(value), None):
            return found
    return {}


def _articles(value: Any) -> Iterator[dict[str, Any]]:
    waiting = [value]
    for _ in range(_MAX_LD_NODES):
        if not waiting:
            return
        node = waiting.pop(0)
        if isinstance(node, list):
            waiting = node[:_MAX_LD_NODES] + waiting
        elif isinstance(node, dict):
            if _is_article(node.get("@type")):
                yield node
            waiting += [node[name] for name in ("@graph", "mainEntity") if name in node]


def _is_article(kinds: Any) -> bool:
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and name.endswith(_ARTICLE_TYPES) for name in names)
