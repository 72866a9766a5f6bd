"""What an HTML page holds: its blocks with their place, and what its head says.

One pass over the tags, without recursion and without a tree.  Inline elements
are looked through; a block element ends the block before it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ..model import Block
from .characters import fold
from .markup import VOID, Token, tokens

_HIDDEN = frozenset(
    str.split(
        "nav aside footer script style template noscript form button select svg iframe object"
        " dialog textarea audio video canvas title"
    )
)
_PARAGRAPHS = frozenset(str.split("p pre dd dt"))
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SPECIAL = {"blockquote": "quote", "li": "list", "figcaption": "caption"}
_BLOCKS = (
    frozenset(
        str.split(
            "address article body center details div dl fieldset figure header hr html main ol"
            " section summary table tbody td th thead tr ul"
        )
    )
    | _PARAGRAPHS
    | _HEADINGS.keys()
    | _SPECIAL.keys()
    | _HIDDEN
)
_LISTS = ("ul", "ol")


@dataclass(frozen=True)
class Found:
    """A block and where on the page it stands.

    Attributes:
        block: `kind` is empty for text outside paragraphs.
        article: ordinal of the outermost <article> around it; 0 for none.
        main: it stands in <main> or in an element with that role.
    """

    block: Block
    article: int
    main: bool


@dataclass
class Page:
    """A page taken apart.

    Attributes:
        blocks: in reading order.
        metas: (name or property in lower case, content).
        scripts: contents of the JSON-LD scripts.
        title: of <title>, with its span.
        times: what <time> elements and others mark as the day of publication.
        canonical: address by <link rel=canonical>.
        language: of <html lang>.
    """

    blocks: list[Found] = field(default_factory=list)
    metas: list[tuple[str, str]] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    title: str = ""
    title_span: tuple[int, int] = (0, 0)
    times: list[str] = field(default_factory=list)
    canonical: str = ""
    language: str = ""


def take_apart(text: str) -> Page:
    """Return what a page, or a fragment of one, holds."""
    builder = _Builder()
    for token in tokens(text):
        builder.take(token)
    return builder.finish()


@dataclass(frozen=True)
class _Element:
    name: str
    hidden: bool = False
    article: int = 0
    main: bool = False
    kind: str = ""
    level: int = 0


_OUTSIDE = _Element("")


class _Builder:
    def __init__(self) -> None:
        self.page = Page()
        self._open: list[_Element] = []
        self._count: Counter[str] = Counter()
        self._articles = 0
        self._parts: list[str] = []
        self._start, self._end = -1, -1
        self._broke = False
        self._is_json_ld = False

    def take(self, token: Token) -> None:
        """Take the next token."""
        if token.kind == "text":
            self._text(token)
        elif token.kind == "raw":
            self._raw(token)
        elif token.kind == "open":
            self._head(token)
            self._opened(token)
        else:
            self._closed(token.name)

    def finish(self) -> Page:
        """Return the page; call it once, at the end."""
        self._flush()
        return self.page

    @property
    def _top(self) -> _Element:
        return self._open[-1] if self._open else _OUTSIDE

    def _text(self, token: Token) -> None:
        if self._top.hidden:
            return
        ink = token.text.strip()
        if ink:
            self._broke = False
            self._start = token.start if self._start < 0 else self._start
            self._end = token.end
        self._parts.append(token.text)

    def _raw(self, token: Token) -> None:
        if token.name == "title" and not self.page.title:
            self.page.title = token.text
            self.page.title_span = (token.start, token.end)
        if token.name == "script" and self._is_json_ld:
            self.page.scripts.append(token.text)

    def _head(self, token: Token) -> None:
        """Note what metadata elements say, wherever they stand."""
        found = token.attributes
        if token.name == "script":
            self._is_json_ld = "ld+json" in found.get("type", "").lower()
        if token.name == "meta":
            name = found.get("property") or found.get("name") or found.get("itemprop", "")
            self.page.metas.append((name.lower(), found.get("content", "")))
        elif token.name == "link" and "canonical" in found.get("rel", "").lower().split():
            self.page.canonical = self.page.canonical or found.get("href", "")
        elif token.name == "html":
            self.page.language = found.get("lang") or found.get("xml:lang", "")
        elif found.get("itemprop") == "datePublished" or "pubdate" in found:
            self.page.times.append(found.get("datetime") or found.get("content", ""))

    def _opened(self, token: Token) -> None:
        name = token.name
        if name == "br":
            self._break()
        if name in _BLOCKS:
            self._flush()
            self._imply_ends(name)
        hides = name in _HIDDEN or _is_hidden(token.attributes)
        if name not in VOID and (name in _BLOCKS or hides or self._top.hidden):
            self._push(self._inner(token, hides))

    def _inner(self, token: Token, hides: bool) -> _Element:
        outer = self._top
        if token.name == "article" and not outer.article:
            self._articles += 1
        kind, level = _kind(token.name, outer)
        return _Element(
            token.name,
            hidden=outer.hidden or hides,
            article=outer.article or (self._articles if token.name == "article" else 0),
            main=outer.main or token.name == "main" or token.attributes.get("role") == "main",
            kind=kind,
            level=level,
        )

    def _imply_ends(self, name: str) -> None:
        if name == "body":
            self._close_down_to(0)
        elif self._count["p"]:
            self._closed("p")
        elif name == "li":
            self._end_item()

    def _end_item(self) -> None:
        for index in range(len(self._open) - 1, -1, -1):
            if self._open[index].name in _LISTS:
                return
            if self._open[index].name == "li":
                self._close_down_to(index)
                return

    def _closed(self, name: str) -> None:
        if name in _BLOCKS:
            self._flush()
        if not self._count[name]:
            return
        index = len(self._open) - 1
        while self._open[index].name != name:
            index -= 1
        self._close_down_to(index)

    def _close_down_to(self, index: int) -> None:
        for element in self._open[index:]:
            self._count[element.name] -= 1
        del self._open[index:]

    def _push(self, element: _Element) -> None:
        self._open.append(element)
        self._count[element.name] += 1

    def _break(self) -> None:
        # Pages without <p> part their paragraphs by two breaks.
        if self._broke and not self._top.kind:
            self._flush()
        self._broke = True
        self._parts.append(" ")

    def _flush(self) -> None:
        text = fold("".join(self._parts))
        if text:
            top = self._top
            block = Block(top.kind, text, self._start, self._end, top.level)
            self.page.blocks.append(Found(block, top.article, top.main))
        self._parts = []
        self._start = self._end = -1
        self._broke = False


def _kind(name: str, outer: _Element) -> tuple[str, int]:
    """Return the kind and the heading level of the text in an element."""
    if name in _HEADINGS:
        return "heading", _HEADINGS[name]
    if name in _SPECIAL:
        return ("quote" if outer.kind == "quote" else _SPECIAL[name]), 0
    if outer.kind in _SPECIAL.values():
        return outer.kind, 0
    return ("text" if name in _PARAGRAPHS else ""), 0


def _is_hidden(attributes: dict[str, str]) -> bool:
    style = attributes.get("style", "").replace(" ", "").lower()
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or "display:none" in style
        or "visibility:hidden" in style
    )
