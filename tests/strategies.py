"""Small archives and the queries to ask them, for Hypothesis.

Both draw from one short vocabulary, so that queries have hits, and words that
are alike in stem, accent, possessive or spelling meet often.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from searcher.analysis import tokenize
from searcher.model import Article, Block, Quote
from searcher.query.operators import in_quotation
from searcher.query.tree import (
    And,
    AnyYear,
    AtLeast,
    Days,
    Everything,
    Fuzzy,
    InArticle,
    Lead,
    Near,
    Not,
    Numbers,
    Or,
    Pattern,
    Phrase,
    Query,
    Quotation,
    Regex,
    Slot,
    Term,
    Undated,
    Value,
)
from searcher.query.written import exactly, in_capitals

WORDS = (
    "oil", "oils", "oil's", "soil", "price", "prices", "Price", "the", "of", "will", "political",
    "São", "sao", "U.S.", "us", "F-16", "C++", "3.14", "don't", "don’t", "a", "Ukraine’s",
    "ukraine", "talks", "talk", "talking", "政治", "😀", "US", "OIL", "OIL’s", "Oil",
)  # fmt: skip
FORMS = (
    "oil", "oils", "oil's", "soil", "price", "prices", "the", "of", "will", "political", "sao",
    "u.s", "us", "f", "16", "c++", "3.14", "don't", "a", "ukraine's", "ukraine", "talks", "talk",
    "absent", "政", "治",
)  # fmt: skip
DESKS = ("World", "Sport", "World News", "São")
HEADINGS = ("Oil Prices", "Political Will", "The Talks", "São Paulo")
DAYS = tuple(date(year, month, day) for year in (2024, 2026) for month in (2, 4) for day in (1, 13))

texts = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)


@st.composite
def quotes_in(draw: st.DrawFn, text: str) -> tuple[Quote, ...]:
    """Up to two quotations of a text, apart and in order."""
    ends = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4)))
    speakers = st.sampled_from(("", "Jo Oil", "Inés Moreau’s", "Moreau", "…"))
    pairs = zip(ends[::2], ends[1::2], strict=False)
    return tuple(Quote(start, end, draw(speakers)) for start, end in pairs if start < end)


@st.composite
def articles(draw: st.DrawFn, name: str) -> Article:
    """An article of up to six blocks."""
    kinds = st.sampled_from(("text", "text", "text", "heading", "caption", "quote", "list"))
    blocks = []
    for kind in draw(st.lists(kinds, max_size=6)):
        text = draw(st.sampled_from(HEADINGS)) if kind == "heading" else draw(texts)
        level = 2 if kind == "heading" else 0
        blocks.append(Block(kind, text, 0, len(text), level, draw(quotes_in(text))))
    return Article(
        id=name,
        path="",
        title=draw(st.sampled_from(("", "Oil talks", "Political will of the U.S.", "Prices"))),
        date=draw(st.none() | st.sampled_from(DAYS)),
        city=draw(st.sampled_from(("", "KYIV", "New York"))),
        desk=tuple(draw(st.lists(st.sampled_from(DESKS), max_size=2, unique=True))),
        author=draw(st.sampled_from(("", "Inés Moreau", "Jo Oil"))),
        blocks=tuple(blocks),
    )


def folders() -> st.SearchStrategy[dict[str, list[Article]]]:
    """One or two story files of up to four articles each."""
    several = st.lists(st.integers(0, 5), min_size=1, max_size=4, unique=True).flatmap(
        lambda ids: st.tuples(*(articles(str(at)) for at in ids))
    )
    return st.dictionaries(
        st.sampled_from(("a.story", "b.story")), several.map(list), min_size=1, max_size=2
    )


def histories() -> st.SearchStrategy[list[dict[str, list[Article]]]]:
    """A folder as it was at one run of the indexer, or at several in turn."""
    return st.lists(folders(), min_size=1, max_size=3)


_forms = st.sampled_from(FORMS)
_boosts = st.sampled_from((1.0, 1.0, 2.0, 0.5))
_patterns = st.sampled_from(
    ("pri*", "*il", "o?l", "*a*", "talk*", "?", "pol*al", "*'s", "zz*", "*")
)
_slots = st.builds(Slot, _forms) | st.builds(
    Slot, st.sampled_from(("oil*", "pri?e", "*")), st.just(True)
)
_word_fields = st.sampled_from(("text", "text", "text", "text", "title", "section"))
_phrase_fields = st.sampled_from(("text", "text", "text", "title", "section", "author", "city"))


def _unboosted(leaf: Query) -> Query:
    field = getattr(leaf, "field", "text")
    return (
        leaf
        if field == "text"
        else type(leaf)(  # type: ignore[call-arg]
            **{n: getattr(leaf, n) for n in leaf.__slots__ if n != "boost"}
        )
    )


@st.composite
def compounds(draw: st.DrawFn) -> Phrase:
    """Two words or more that a hyphen joins."""
    slots = draw(
        st.lists(st.builds(Slot, st.sampled_from(("oil", "price", "the"))), min_size=2, max_size=3)
    )
    return Phrase("text", tuple(slots), verbatim=False)


single_words = st.one_of(
    st.builds(Term, _word_fields, _forms, _boosts),
    st.builds(
        Phrase,
        _phrase_fields,
        st.lists(_slots, min_size=1, max_size=3)
        .map(tuple)
        .filter(lambda slots: len(slots) > 1 or not slots[0].is_pattern),
        st.sampled_from((0, 0, 1, 3)),
        st.just(True),
        _boosts,
    ),
    compounds(),
    st.builds(Pattern, _phrase_fields, _patterns, _boosts),
    st.builds(
        Fuzzy,
        _word_fields,
        st.sampled_from(("oil", "price", "talsk", "polit")),
        st.sampled_from((1, 2)),
        _boosts,
    ),
    st.builds(
        Regex, _word_fields, st.sampled_from(("o.l", "pri(ce|ces)", "[a-f]+", "t.*s?")), _boosts
    ),
).map(_unboosted)


_unfielded = single_words.filter(lambda leaf: leaf.field == "text" and leaf.boost == 1)
_spellings = st.sampled_from(
    ("Oil", "OIL", "US", "São", "Price*", "o?l", "Political will", "don’t", "U.S.", "*")
)


@st.composite
def _written(draw: st.DrawFn) -> Query:
    """`exact(...)` of a spelling, or `caps(...)` of any word."""
    if draw(st.booleans()):
        return in_capitals(draw(_unfielded))
    typed = draw(_spellings)
    wild = {"Price*": "price*", "o?l": "o?l", "*": "*"}
    if typed in wild:
        leaf = exactly(Pattern("text", wild[typed]), typed)
    else:
        slots = tuple(Slot(token.text) for token in tokenize(typed))
        leaf = exactly(Phrase("text", slots, draw(st.sampled_from((0, 2)))), typed)
    assert leaf
    return leaf


_in_titles = st.builds(Term, st.just("title"), _forms)


def _near(inner: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    distances, flags = st.sampled_from((0, 1, 2, 5)), st.booleans()
    return st.builds(Near, inner, inner, distances, flags, flags)


def _operands() -> st.SearchStrategy[Query]:
    """What can stand near something: words, ORs of words, and NEARs of these."""

    def deeper(inner: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
        several = st.lists(inner, min_size=2, max_size=3).map(tuple)
        return _near(inner) | _near(inner) | st.builds(Or, several)

    return st.recursive(_unfielded | _unfielded | _written(), deeper, max_leaves=3)


_speakers = st.sampled_from(
    (
        (),
        (Slot("*", is_pattern=True),),
        (Slot("oil"),),
        (Slot("ines"), Slot("mor*", is_pattern=True)),
    )
)
operands = _operands()
proximity = st.one_of(
    _near(operands),
    _near(_in_titles),
    st.builds(replace, _near(_unfielded), boost=st.just(2.0)),
    _written(),
    st.builds(
        in_quotation,
        operands.filter(lambda one: not isinstance(one, (And, Not))),
        _speakers,
    ),
    st.builds(AtLeast, st.sampled_from((1, 2, 3)), operands),
)

words = single_words | single_words | proximity

filters = st.one_of(
    st.builds(
        Value, st.just("desk"), st.sampled_from(("world", "sport", "world news", "sao", "x"))
    ),
    st.builds(Value, st.just("kind"), st.sampled_from(("text", "heading", "caption", "headline"))),
    st.builds(Value, st.just("desk"), st.just("wor*"), st.just(True)),
    st.builds(Value, st.just("article"), st.sampled_from(("a.story:*", "news/*:1")), st.just(True)),
    st.builds(Value, st.just("path"), st.sampled_from(("a.story", "news/b.story", "story"))),
    st.builds(
        lambda a, b: Days(min(a, b), max(a, b)), st.sampled_from(DAYS), st.sampled_from(DAYS)
    ),
    st.builds(Days, st.sampled_from(DAYS), st.none()),
    st.builds(Days, st.none(), st.sampled_from(DAYS)),
    st.builds(AnyYear, st.sampled_from((2, 4)), st.sampled_from((None, 13))),
    st.just(Undated()),
    st.just(Everything()),
    st.just(Lead()),
    st.builds(Quotation, _speakers),
    st.builds(
        lambda a, b: Numbers("words", min(a, b), max(a, b)), st.integers(0, 9), st.integers(0, 9)
    ),
    st.builds(
        lambda a, b: Numbers("number", min(a, b), max(a, b)), st.integers(0, 5), st.integers(0, 5)
    ),
)


def queries() -> st.SearchStrategy[Query]:
    """Trees of every kind of leaf, up to three levels deep."""
    leaves = words | words | filters

    def deeper(inner: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
        several = st.lists(inner, min_size=2, max_size=3).map(tuple)
        return (
            st.builds(And, several)
            | st.builds(Or, several)
            | st.builds(Not, inner)
            | st.builds(InArticle, several)
        )

    return st.recursive(leaves, deeper, max_leaves=6)
