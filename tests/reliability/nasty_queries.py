"""Queries that were made to hurt: what took stock Whoosh down, and what would take this down.

Each is asked of one archive by one method.  None may take longer than the
limit `seconds` and half a second, raise anything but a SearcherError, or take
much memory; most are answered or refused at once.
"""

from __future__ import annotations

import io
import string
from collections.abc import Iterator
from typing import Any, NamedTuple

import searcher

LETTERS = string.ascii_lowercase


class Nasty(NamedTuple):
    """One query of death.

    Attributes:
        name: what is nasty about it.
        query: the string, or an id for `similar`.
        method: of the archive, which is given the query.
        options: the further arguments.
    """

    name: str
    query: str
    method: str = "search"
    options: dict[str, Any] = {}  # noqa: RUF012  # never changed

    def ask(self, archive: searcher.Archive) -> object:
        """Ask the archive, and read all that it would show."""
        if self.method == "export":
            options = {"format": "jsonl", **self.options}
            return archive.export(self.query, Nowhere(), **options)
        if self.method == "trend":
            return archive.trend(*self.query.split("|"), **self.options).as_dict()
        if self.method == "facet":
            return archive.facet(self.options["of"], self.query)
        if self.method == "similar text":
            return archive.similar(text=self.query).as_dict()
        answer = getattr(archive, self.method)(self.query, **self.options)
        return answer.as_dict() if hasattr(answer, "as_dict") else answer


class Nowhere(io.RawIOBase):
    """A stream that keeps nothing, as a pipe or a file doesn't."""

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: Any) -> int:
        """Forget it."""
        return len(data)


def _nested(depth: int) -> str:
    return "(" * depth + "oil" + ")" * depth


def _chain(operator: str, count: int, words: str = "the of to in a and") -> str:
    several = words.split()
    return f" {operator} ".join(several[at % len(several)] for at in range(count))


def _distinct(count: int) -> list[str]:
    """Words that differ, and that no archive holds."""
    return [f"q{at:x}x" for at in range(count)]


def _whoosh() -> Iterator[Nasty]:
    """What took stock Whoosh over its time, or made it raise."""
    for query in (
        *("a*", "*a", "*a*", "co*", "re*", "pro*", "inter*", "*", "**", "?*", "?", "???", "*e*e*"),
        *("*s", "?o*", "a*b*c*d*e*", "*a*e*i*o*u*", "co* re* pro*", "a* *a", "-a*", "-*a*"),
        *("text:*", "title:*", "title:a*", "section:*", "section:*a*", "article:*", "path:*a*"),
        *("city:*", "author:*a*", "source:*", "speaker:*", "desk:*", "desk:*a*"),
    ):
        yield Nasty(f"wildcards {query}", query)
    yield Nasty("ten stars and a letter", "*".join("abcdefghij") + "*x")
    yield Nasty("1,000 stars", "*" * 1000)
    yield Nasty("1,000 stars in a word", "a" + "*" * 1000 + "b")
    yield Nasty("10,000 stars", "*" * 10_000)
    yield Nasty("stars between letters", "*" + "*".join("e" * 60) + "*")
    yield Nasty("question marks", "?" * 200 + "*")
    yield Nasty("26 prefixes", " OR ".join(f"{letter}*" for letter in LETTERS))
    yield Nasty("26 suffixes", " OR ".join(f"*{letter}" for letter in LETTERS))
    yield Nasty("26 in the middle", " OR ".join(f"*{letter}*" for letter in LETTERS))
    yield Nasty("26 prefixes, all of them", " ".join(f"*{letter}*" for letter in LETTERS))
    yield Nasty("OR of 4,000", " OR ".join(_distinct(2500)))
    yield Nasty("OR of 10,000", " OR ".join(_distinct(10_000)))
    yield Nasty("AND of 4,000", " ".join(_distinct(2500)))
    yield Nasty("AND of 4,000 common words", _chain("AND", 2500))
    yield Nasty("OR of 4,000 common words", _chain("OR", 4000))
    yield Nasty("phrase of 500", f'"{" ".join(_distinct(500))}"')
    yield Nasty("phrase of 500 common words", f'"{" ".join(["the"] * 500)}"')
    yield Nasty("loose phrase of 500", f'"{" ".join(["the"] * 500)}"~1000')
    yield Nasty("phrase of 10,000", f'"{" ".join(_distinct(10_000))}"')
    yield Nasty("phrase of stars", '"' + "* " * 500 + '"')
    yield Nasty("phrase of loose stars", '"*a* *e* *i* *o*"~50')
    yield Nasty("phrase of equal stars", f'"{_chain("", 400, "*e")}"')
    yield Nasty("phrase of equal loose stars", f'"{_chain("", 400, "*e")}"~3')
    yield Nasty("word of 20,000", "a" * 20_000)
    yield Nasty("word of 100,000", "a" * 100_000)
    yield Nasty("1 MB of one word", "a" * 1_000_000)
    yield Nasty("1 MB of words", "oil " * 250_000)
    yield Nasty("1 MB of ORs", "oil OR " * 140_000 + "oil")
    yield Nasty("1 MB of quotes", '"' * 1_000_000)
    yield Nasty("20,000 quotes", '"' * 20_000)
    yield Nasty("20,000 opening quotes", "\u201c" * 20_000)
    yield Nasty("fuzzy~9", "oil~9")
    yield Nasty("fuzzy~99", "a~99")
    yield Nasty("long fuzzy", "internationalization~2")
    yield Nasty("100 letters fuzzy", "a" * 100 + "~2")
    yield Nasty("20,000 letters fuzzy", "a" * 19_990 + "~2")
    yield Nasty("short fuzzy", "a~2")
    yield Nasty("forty fuzzy words", " OR ".join(f"{a}{b}il~2" for a in "abcdef" for b in "oaeiu"))
    yield Nasty("1,000 fuzzy words", " OR ".join(f"{word}ation~2" for word in _distinct(1000)))


def _expressions() -> Iterator[Nasty]:
    for pattern in (
        *(".*", "(a|a)*b", "(.*)*x", r"(\w+\w?)*!", "(a+)+$", "(a|aa)+", "(.*a){12}", "(x+x+)+y"),
        *(
            "(?:a?){25}a{25}",
            r"(.)\1",
            "(?i:.*)",
            "(?R)",
            "(.+)(.+)(.+)(.+)x",
            "[",
            "(",
            "a{100000}",
        ),
        *(r"(\p{L}+)*1", "((a*)*)*", "(?<=a+)b", "." * 190, "a|" * 90 + "b", "(a{1,1000}){1,1000}"),
        *("((((((((((a{10}){10}){10}){10}){10}){10}){10}){10}){10}){10})", "(?:(?:(?:a*)*)*)*b"),
    ):
        yield Nasty(f"/{pattern[:30]}/", f"/{pattern}/")
    yield Nasty("26 expressions", " OR ".join(f"/.*{letter}.*{letter}.*/" for letter in LETTERS))
    yield Nasty("100 bad expressions", " OR ".join(f"/(x+x+)+y{at}/" for at in range(100)))
    yield Nasty("20,000 slashes", "/" * 20_000)


def _brackets() -> Iterator[Nasty]:
    for depth in (50, 51, 1000, 10_000, 500_000):
        yield Nasty(f"{depth} brackets", _nested(depth))
    yield Nasty("10,000 open brackets", "(" * 10_000)
    yield Nasty("500 (a OR (b", "(a OR " * 500 + "b" + ")" * 500)
    yield Nasty("brackets of five kinds", "([{<" * 3000)
    yield Nasty("10,000 NOTs", "NOT " * 4_900 + "oil")
    yield Nasty("10,000 minuses", "-" * 10_000 + "oil")
    yield Nasty("+-", "+-" * 2000)
    yield Nasty("tildes", "~" * 5000)
    yield Nasty("carets", "^" * 5000)
    yield Nasty("oil and carets", "oil" + "^2" * 5000)
    yield Nasty("colons", "title:" * 3000 + "oil")
    yield Nasty("boost 1e308", "oil^1e308")
    yield Nasty("boost of 300 digits", "oil^" + "9" * 300)
    yield Nasty("boost nan", "oil^nan")
    yield Nasty("exact()s", "exact(" * 3000)


def _ranges() -> Iterator[Nasty]:
    for query in (
        *("[a TO z]", "title:{a TO", "[TO]", "date:[1 TO 9999]", "date:99999", "date:[.. to now]"),
        *("date:banana", "date:19870231", "date:00000000", "date:-5", "date:..", "date:0001..9999"),
        *("number:0..999999999999999999", "words>999999999999999999", "words:" + "9" * 4000),
        *("number:" + "1" * 5000, "date:" + "1" * 5000, "date:" + "last-" * 2000 + "week"),
        *("nosuch:oil", "query:nosuch", "query:" + "a" * 10_000, "date:1987 -date:1987-03"),
    ):
        yield Nasty(f"range {query[:30]}", query)


def _characters() -> Iterator[Nasty]:
    for name, query in (
        *(("empty", ""), ("spaces", " " * 20_000), ("NUL", "oil\0gas"), ("surrogate", "oil\ud800")),
        *(
            ("escape", "\x1b]0;x\x07oil"),
            ("bidi", "\u202eoil"),
            ("combining", "o" + "\u0301" * 10_000),
        ),
        *(("emoji", "\U0001f6e2" * 2000), ("Arabic", "نفط " * 2000), ("CJK", "石油" * 5000)),
        *(("astral", "\U0010ffff" * 100), ("BOM", "\ufeffoil"), ("zero width", "o\u200bil")),
        *(("ligatures", "\ufdfa" * 5000), ("newlines", "oil\n" * 2000), ("dotted I", "İ" * 10_000)),
        *(
            ("SQL", "'; DROP TABLE x; --"),
            ("path", "../../etc/passwd"),
            ("format", "%s%n{0.__class__}"),
        ),
        *(("hyphens", "a-" * 9_000 + "a"), ("apostrophes", "a'" * 9_000), ("dots", "a." * 9_000)),
        *(
            ("periods", "." * 20_000),
            ("digits", "9" * 20_000),
            ("web address", "http://" + "a/" * 9_000),
        ),
        *(
            ("at signs", "a@" * 9_000),
            ("commas", "1," * 9_000),
            ("AND AND", "AND AND"),
            ("OR", "OR"),
        ),
    ):
        yield Nasty(name, query)


def _operators() -> Iterator[Nasty]:
    """What professional databases have, at its worst."""
    most = 50
    yield Nasty("NEARs", _chain("NEAR/1000", most))
    yield Nasty("ADJs", _chain("ADJ/1000", most))
    yield Nasty("NEARs without end", _chain("NEAR/1000", 3000))
    yield Nasty("NEAR of common words", "the NEAR/1000 of")
    yield Nasty("NEAR of everything", "* NEAR/1000 *")
    yield Nasty("NEAR of wildcards", "*a* NEAR/1000 *e*")
    yield Nasty("NEARs of wildcards", _chain("NEAR/1000", 20, "*a* *e* *i* *o*"))
    yield Nasty("ADJ of all words, found by fuzzing", "((.*- ADJ/900 .*-))")
    yield Nasty("NOT NEAR", "the NOT NEAR/1000 zzz")
    yield Nasty("NEAR of ORs", f"({_chain('OR', 300)}) NEAR/900 ({_chain('OR', 300)})")
    yield Nasty("AND/article of common words", _chain("AND/article", 1000))
    yield Nasty("AND/article of wildcards", _chain("AND/article", 40, "*a* *e* *i* *o*"))
    yield Nasty("AND/article and NOT", "* AND/article NOT the")
    for query in (
        *(
            "exact(the)",
            "exact(*)",
            "exact(*a*)",
            "caps(*)",
            "caps(*a*)",
            "caps(us)",
            "exact(/.*/)",
        ),
        *(
            "quoted(the)",
            "quoted(*)",
            "quoted(*a*)",
            "quoted(the NEAR/50 of)",
            "said:*",
            "said:*a*",
        ),
        *("said:* the", "said:a* exact(the)", "atleast/1(the)", "atleast/3(*a*)", "atleast/9(*)"),
        *(
            "exact(the) exact(of)",
            "exact(the) OR caps(the)",
            "NOT exact(the)",
            "lead(*)",
            "lead(the)",
        ),
        *("exact(the) NEAR/900 exact(of)", "quoted(exact(the))", "NOT quoted(the)", "headline(*)"),
        *(
            "atleast/2(exact(the))",
            "atleast/1(the NEAR/900 of)",
            "exact(the) AND/article exact(of)",
        ),
    ):
        yield Nasty(f"operator {query}", query)
    yield Nasty("many exact()s", " OR ".join(f"exact({word})" for word in _chain("", 600).split()))
    yield Nasty("many quoted()s", " OR ".join(f"quoted({letter}*)" for letter in LETTERS))
    yield Nasty("many atleasts", " OR ".join(f"atleast/2({letter}*)" for letter in LETTERS))


def _views() -> Iterator[Nasty]:
    """Whatever reads more than the first hits."""
    for name, method, query, options in (
        ("only duplicates", "search", "*", {"dups": "only"}),
        ("folded duplicates", "search", "*", {"dups": "collapse"}),
        ("folded, all of them", "search", "*", {"dups": "collapse", "limit": 1_000_000}),
        ("folded, deep", "search", "the", {"dups": "collapse", "offset": 100_000}),
        ("folded articles", "search", "*", {"dups": "collapse", "group": "article"}),
        ("duplicates by facet", "search", "the", {"dups": "only", "facets": ["article", "desk"]}),
        ("articles", "search", "*", {"group": "article", "limit": 100_000}),
        ("deep page", "search", "the", {"offset": 999_990}),
        ("last page", "search", "the", {"offset": 9_990}),
        ("pages of 10,000", "search", "*", {"limit": 10_000}),
        ("10,000 articles", "search", "*", {"limit": 10_000, "group": "article"}),
        ("too deep a page", "search", "the", {"offset": 10**9}),
        ("deep page by date", "search", "*", {"offset": 120_000, "sort": "oldest"}),
        ("long page", "search", "the", {"limit": 100_000}),
        ("longest page", "search", "*", {"limit": 10**12}),
        ("page with context", "search", "the", {"limit": 2_000, "context": 1_000_000}),
        ("page of long excerpts", "search", "the", {"limit": 2_000, "snippet_chars": 10**9}),
        ("facets", "search", "*", {"facets": ["article", "desk", "month", "section", "city"]}),
        ("facets of a wildcard", "search", "*a*", {"facets": ["article", "author", "year"]}),
        ("fading scores", "search", "*a* OR the", {"recency": 0.001}),
        ("article scope", "search", "the of to in", {"scope": "article"}),
        ("article scope, wildcards", "search", "*a* *e* -*z*", {"scope": "article"}),
        ("article facet", "facet", "*", {"of": "article"}),
        ("article facet of a wildcard", "facet", "*a*", {"of": "article"}),
        ("concordance of the", "kwic", "the", {}),
        ("concordance of all", "kwic", "*", {}),
        ("whole concordance", "kwic", "the OR of OR to", {"limit": None}),
        ("wide concordance", "kwic", "the", {"width": 1_000_000, "sort": "left"}),
        ("concordance of a wildcard", "kwic", "*a*", {"sort": "right"}),
        ("trend", "trend", "*a*", {"by": "day"}),
        ("trend of many", "trend", "|".join(_chain("", 300).split()), {"by": "day"}),
        ("export of all", "export", "*", {}),
        ("export of the", "export", "the OR of OR *a*", {"sort": "newest"}),
        ("export as Markdown", "export", "the OR of OR *a*", {"format": "md"}),
        ("export of sources", "export", "*", {"format": "csl", "sort": "oldest"}),
        ("quotes of all", "quotes", "a", {"limit": None}),
        ("quotes in all", "quotes", "said", {"query": "*a*"}),
        ("speakers", "speakers", "*a*", {"limit": None}),
        ("similar to a text", "similar text", "oil prices rose " * 20_000, {}),
        ("similar to words", "similar text", " ".join(_distinct(50_000)), {}),
        ("explanation", "explain", "*a* OR exact(the) OR /.*e.*/", {}),
        ("suggestions", "search", " ".join(f"zq{word}tion" for word in _distinct(60)), {}),
        ("suggestions, long words", "search", "a" * 10_000 + "zq " + "b" * 9_000 + "zq", {}),
        ("suggestions of filters", "search", "zzqx " + "-kind:text " * 200 + "-desk:*a*", {}),
        ("completions", "suggest", "a", {"limit": 1_000_000}),
        ("completions of all", "suggest", "", {}),
        ("near words", "near_words", "a" * 5000, {}),
        ("unknown article", "get", "x" * 100_000, {}),
        ("unknown number", "get", "x#p" + "9" * 100_000, {}),
    ):
        yield Nasty(name, query, method, options)


def nasty_queries() -> list[Nasty]:
    """Return all of them."""
    groups = (_whoosh, _expressions, _brackets, _ranges, _characters, _operators, _views)
    return [one for group in groups for one in group()]
