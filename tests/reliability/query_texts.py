"""Strings to be read as queries: what the grammar makes, broken in places, and plain noise."""

from __future__ import annotations

from hypothesis import strategies as st

WORDS = (
    *("oil", "prices", "the", "of", "to", "a", "said", "U.S.", "don’t", "F-16", "zinc", "OPEC"),
    *(
        "São",
        "政治",
        "😀",
        "o\u0301il",
        "1987",
        "3.14",
        "qqqz",
        "İ",
        "ﬁsh",
        "\ud800",
        "\x1b[2J",
        "\u202e",
    ),
)
FIELDS = (
    *("text", "title", "section", "desk", "kind", "date", "number", "words", "said", "city"),
    *("author", "source", "article", "path", "language", "query", "nosuch"),
)
DAYS = (
    *("1987", "1987-03", "1987-03-01..1987-04", "..1987-05", "today", "last-week", "none", "03-17"),
    *("[1987 TO 1988]", "1987-02-30", ">1987", "..", "99999"),
)
PATTERNS = (
    *(
        ".*",
        "o.l",
        "(a|a)*b",
        "(x+x+)+y",
        r"(\w+)\1",
        "[a-f]{2,9}",
        "(?i)oil",
        "(?R)",
        "((a{9}){9}){9}",
    ),
    *(r"\p{L}+", "[[a-z]--[b]]+", "(?<=o)il", "(", "a{99999}", "(?:a?){20}a{20}", "[", "(?1)(a)"),
)
OPERATORS = (
    *(" ", " AND ", " OR ", " NOT ", " -", " NEAR ", " NEAR/5 ", " ADJ/900 ", " w/3 ", " pre/2 "),
    *(" NOT NEAR/9 ", " AND/article ", " NEAR/9999999 ", " near/5 ", " && ", ""),
)
FUNCTIONS = ("exact", "caps", "quoted", "lead", "headline", "atleast/2", "atleast/0", "atleast", "")

_words = st.sampled_from(WORDS)
_numbers = st.sampled_from(("1", "2", "0", "9", "0.5", "1e308", "99999999999999999999", "", "-1"))
_quotes = st.sampled_from((('"', '"'), ("“", "”"), ("«", "»"), ("„", "“"), ('"', ""), ("(", ")")))


@st.composite
def _patterned(draw: st.DrawFn) -> str:
    """A word with wildcards in it."""
    letters = st.sampled_from(("*", "?", "a", "e", "o", "oil", "'", "-", "."))
    return "".join(draw(st.lists(letters, min_size=1, max_size=8)))


@st.composite
def _phrases(draw: st.DrawFn) -> str:
    opening, closing = draw(_quotes)
    words = draw(st.lists(_words | _patterned(), max_size=9))
    slop = draw(st.just("") | _numbers.map(lambda number: f"~{number}"))
    return f"{opening}{' '.join(words)}{closing}{slop}"


@st.composite
def _fielded(draw: st.DrawFn, of: st.SearchStrategy[str]) -> str:
    name = draw(st.sampled_from(FIELDS))
    return f"{name}:{draw(st.sampled_from(DAYS) if name == 'date' else of)}"


@st.composite
def _called(draw: st.DrawFn, of: st.SearchStrategy[str]) -> str:
    return f"{draw(st.sampled_from(FUNCTIONS))}({draw(of)})"


@st.composite
def _joined(draw: st.DrawFn, of: st.SearchStrategy[str]) -> str:
    parts = draw(st.lists(of, min_size=1, max_size=4))
    text = parts[0]
    for part in parts[1:]:
        text += draw(st.sampled_from(OPERATORS)) + part
    return text


_expressions = st.sampled_from(PATTERNS).map(lambda pattern: f"/{pattern}/")
_leaves = st.one_of(
    _words,
    _patterned(),
    _phrases(),
    _expressions,
    st.builds("{}~{}".format, _words, _numbers),
    st.builds("{}^{}".format, _words, _numbers),
    st.builds("words{}{}".format, st.sampled_from((">", "<", ">=", ":")), _numbers),
)
_grammar = st.recursive(
    _leaves,
    lambda of: _joined(of) | _called(of) | _fielded(of) | of.map("({})".format),
    max_leaves=12,
)
_noise = st.text(max_size=60) | st.text('()"“”*?~^:/-\\ aANDORNEAR/5[]{}.0\0\n', max_size=60)


@st.composite
def _broken(draw: st.DrawFn) -> str:
    """A query with a piece taken out, doubled or put in."""
    text = draw(_grammar)
    start, end = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
    times = draw(st.sampled_from((0, 2, 50)))
    return text[:start] + text[start:end] * times + draw(_noise) + text[end:]


def query_texts() -> st.SearchStrategy[str]:
    """Queries that can be read, most of them, and what only looks so."""
    return st.one_of(_grammar, _grammar, _broken(), _noise)
