"""The query language: what is read, what is refused, and where."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from searcher.errors import QueryError, QueryLimitError, QuerySyntaxError
from searcher.query.limits import Limits
from searcher.query.parser import parse
from tests.strategies import queries

TODAY = date(2026, 2, 25)

READ = {
    "tomahawk": "tomahawk",
    "Tomahawk Missiles": "(tomahawk AND missiles)",
    "a AND b": "(a AND b)",
    "a OR b c": "(a OR (b AND c))",
    "(a OR b) c": "((a OR b) AND c)",
    "NOT oil": "NOT oil",
    "-oil": "NOT oil",
    "−oil": "NOT oil",
    "gas –oil": "(gas AND NOT oil)",
    "gas – oil": "(gas AND oil)",
    "kind:all": "kind:*",
    "article:wire.jsonl:wire-0001": "article:wire.jsonl:wire-0001",
    "article:wire:1": "article:wire:1",
    "what!": "what",
    "oil -(gas OR coal)": "(oil AND NOT (gas OR coal))",
    "and or not": "(and AND or AND not)",
    '"political will"': '"political will"',
    "“political will”": '"political will"',
    '"“political will”"': '"political will"',
    '“political will"': '"political will"',
    "„political will“": '"political will"',
    "«political will»": '"political will"',
    '"tomahawk miss*"': '"tomahawk miss*"',
    '"a b"~5': '"a b"~5',
    '"a b"^2': '"a b"^2',
    '"miss*"': "miss*",
    "oil^2.5": "oil^2.5",
    "(a b)^2": "(a^2 AND b^2)",
    "oil~": "oil~",
    "oil~2": "oil~2",
    "miss*": "miss*",
    "*hawk": "*hawk",
    "w?ld": "w?ld",
    "wild??": "wild??",
    "wild?": "wild",
    "***": "*",
    "cease-fire": "cease-fire",
    "cease-fi*": '"cease fi*"',
    "F-16": "f-16",
    "U.S.": "u.s",
    "R&D": "r&d",
    "C++": "c++",
    "3.14": "3.14",
    "COVID-19": "covid-19",
    "don't use": "(don't AND use)",
    "rock 'n' roll": "(rock AND n AND roll)",
    "/path/x": "path-x",
    "/usr/local/": "usr-local",
    "/tom.*k/": "/tom.*k/",
    "https://example.org/a": "https-example-org-a",
    "12:30": "12-30",
    "near the shore": "(near AND the AND shore)",
    "oil w/ gas": "(oil AND w AND gas)",
    "few words": "(few AND words)",
    "words<0": "words:<0",
    "note: oil": "(note AND oil)",
    "a - b": "(a AND b)",
    "a — b": "(a AND b)",
    "😀": "😀",
    "São": "sao",
    "title:oil": "title:oil",
    'title:"oil price"': 'title:"oil price"',
    "title:(oil OR gas)": "(title:oil OR title:gas)",
    "TITLE:oil": "title:oil",
    "text:oil": "oil",
    "desk:World": "desk:world",
    'desk:"World  News"': 'desk:"world news"',
    "desk:wor*": "desk:wor*",
    "city:Kyiv": 'city:"kyiv"',
    "author:mor*": "author:mor*",
    "path:*.SGM": "path:*.SGM",
    "number:1..3": "number:1..3",
    "number:>3": "number:4..",
    "number:<=3": "number:..3",
    "number:0": "number:0",
    "date:2026-02": "date:2026-02-01..2026-02-28",
    "date:[2026-02-01 TO 2026-02-28]": "date:2026-02-01..2026-02-28",
    "date:>2026-02-24": "date:2026-02-25..",
    "date:*-04-13": "date:*-04-13",
    "date:none": "date:none",
    "date:(2024 OR 2026)": "(date:2024-01-01..2024-12-31 OR date:2026-01-01..2026-12-31)",
    "-desk:sport oil": "(NOT desk:sport AND oil)",
    "a NEAR/5 b": "(a NEAR/5 b)",
    "a w/5 b": "(a NEAR/5 b)",
    "a ADJ/5 b": "(a ADJ/5 b)",
    "a pre/5 b": "(a ADJ/5 b)",
    "a NEAR b": "(a NEAR/10 b)",
    "a ADJ b": "(a ADJ/10 b)",
    "a NOT NEAR/5 b": "(a NOT NEAR/5 b)",
    "a NOT w/5 b": "(a NOT NEAR/5 b)",
    "a b NEAR/5 c d": "(a AND (b NEAR/5 c) AND d)",
    "a OR b NEAR/5 c": "(a OR (b NEAR/5 c))",
    "a NEAR/5 b ADJ/2 c": "((a NEAR/5 b) ADJ/2 c)",
    "-a NEAR/5 b": "NOT (a NEAR/5 b)",
    "a NEAR/5 — b": "(a NEAR/5 b)",
    "(a NEAR/5 b)^2": "(a NEAR/5 b)^2",
    '"a b"~2 NEAR/5 (c* OR d~ OR /e+/)': '("a b"~2 NEAR/5 (c* OR d~ OR /e+/))',
    "title:(a NEAR/5 b)": "(title:a NEAR/5 title:b)",
    '"*" NEAR/1 a': '("*" NEAR/1 a)',
    "w/ or pre/war": "(w AND or AND pre-war)",
    "and/or": "and-or",
    "near a": "(near AND a)",
    "exact(Tomahawk)": 'exact("Tomahawk")',
    'exact("Capitol Hill" OR Toma*)': '(exact("Capitol Hill") OR exact(Toma*))',
    "exact(F-16 São)^2": '(exact("F 16")^2 AND exact("São")^2)',
    "title:exact(Oil)": 'title:exact("Oil")',
    "exact(a NEAR/2 B)": '(exact("a") NEAR/2 exact("B"))',
    "caps(US)": 'caps("us")',
    "caps(US~ OR /U./ OR U*)": "(caps(us~) OR caps(/U./) OR caps(u*))",
    "exact (a)": "(exact AND a)",
    "headline(a -b)": "(title:a AND NOT title:b)",
    "HEADLINE(a)": "title:a",
    "lead(a OR b)": "((a OR b) AND lead(*))",
    "lead(*)": "lead(*)",
    "words>200": "words:201..",
    "words<=50": "words:..50",
    "words:50..200": "words:50..200",
    "number>3": "number:4..",
    "words": "words",
    "atleast/3(a)": "atleast/3(a)",
    "atleast/3(a OR b*)^2": "atleast/3(a OR b*)^2",
    "a b AND/article c AND/article -d": "((a AND b) AND/article c AND/article NOT d)",
    "a AND/article b OR c": "((a AND/article b) OR c)",
    "quoted(a OR b)": "quoted(a OR b)",
    "quoted(a -b)": "(quoted(a) AND NOT quoted(b))",
    "quoted(a NEAR/5 b)": "quoted(a NEAR/5 b)",
    "quoted(a)^2": "quoted(a)^2",
    "quoted(*)": "quoted(*)",
    "said:Moran": "said:moran",
    'said:"Ann Mor*" (a b)': '(said:"ann mor*" a AND said:"ann mor*" b)',
    'said:moran "a b"^2 c': '(said:moran "a b"^2 AND c)',
    "said:moran AND a": "(said:moran AND a)",
    "said:moran date:none": "(said:moran AND date:none)",
    "said:moran -a": "(said:moran AND NOT a)",
    "said:moran a NEAR/5 b": "(said:moran a NEAR/5 b)",
}

REFUSED = {
    # query: (column from 0, a word of the problem)
    "date:banana": (5, "banana"),
    "date:2026-13": (10, "month 13"),
    "date:2026-02-30": (13, "day 30"),
    "date:2026-02..2026-13": (19, "month 13"),
    "date:2026-03..2026-02": (14, "ends before"),
    "date:[2026-02-01": (5, "never closed"),
    "date:..": (5, "one side"),
    "oil date: 2026": (4, "needs a value"),
    "oil titel:x": (4, "titel"),
    'oil "gas': (4, "never closed"),
    "(oil": (0, "never closed"),
    "oil)": (3, "without its ("),
    "oil ()": (4, "nothing between"),
    "AND AND": (0, "AND needs"),
    "oil AND": (4, "AND needs"),
    "AND oil": (0, "AND needs"),
    "oil AND AND gas": (8, "AND needs"),
    "oil OR": (4, "OR needs"),
    "OR": (0, "OR needs"),
    "(a OR) b": (3, "OR needs"),
    "oil NOT": (4, "NOT needs"),
    "oil || gas": (4, "no operator"),
    "oil && gas": (4, "no operator"),
    "oil~3": (4, "1 or 2 edits"),
    "oil~0": (4, "1 or 2 edits"),
    "F-16~": (0, "2 words"),
    "oil^0": (3, "boost"),
    "oil^5000": (3, "boost"),
    "title:oil^2": (6, "no score"),
    "(desk:world)^2": (0, "no score"),
    "kind:page": (5, "no kind"),
    "number:x": (7, "not a number"),
    "/(/": (1, "can't be read"),
    "desk:/x/": (6, "no regular expression"),
    "title:!!!": (6, "no word"),
    "NEAR/5 a": (0, "NEAR/5 needs"),
    "a NEAR/5": (2, "NEAR/5 needs"),
    "a NEAR/5 AND b": (2, "NEAR/5 needs"),
    "a NEAR/5 -b": (2, "NEAR/5 needs"),
    "a NEAR/5 NEAR/5 b": (9, "NEAR/5 needs"),
    "a AND NEAR/5 b": (6, "NEAR/5 needs"),
    "OIL NEAR": (4, "NEAR needs"),
    "a NEAR/5 (b c)": (9, "holds an AND"),
    "a NEAR/5 (b OR -c)": (9, "holds a NOT"),
    "a NEAR/5 date:none": (9, "holds the filter date:none"),
    "a NEAR/5 *": (9, "holds the filter *"),
    "a NEAR/5 (b OR atleast/2(c))": (9, "holds atleast"),
    "a NEAR/5 b^2": (9, "boost"),
    "title:a NEAR/5 b": (15, "one field"),
    "a near/5 b": (2, "no operator"),
    "a NEAR/five b": (2, "no operator"),
    "a w/p b": (2, "no operator"),
    "a and/article b": (2, "no operator"),
    "a AND/Article b": (2, "no operator"),
    "a Near/5 b": (2, "Near/5 is no operator"),
    "a Pre/5 b": (2, "Pre/5 is no operator"),
    "a NEAR5 b": (2, "NEAR5 is no operator"),
    "a NEAR /5 b": (2, "NEAR /5 is no operator"),
    "a not w/5 b": (2, "not w/5 is no operator"),
    "a W/P b": (2, "W/P is no operator"),
    "atleast/3 (a)": (0, "atleast/3 is no operator"),
    "atleast3(a)": (0, "atleast3 is no operator"),
    "words > 5": (0, "words > 5 is no operator"),
    "words=5": (0, "words=5 is no operator"),
    "a NEAR/" + "9" * 5_000 + " b": (2, "no operator"),
    "a pre/" + "9" * 5_000 + " b": (2, "no operator"),
    "atleast/" + "9" * 5_000 + "(a)": (0, "5000 digits"),
    "words>" + "9" * 5_000: (5, "5000 digits"),
    "number:1.." + "9" * 5_000: (7, "5000 digits"),
    '"a b"~' + "9" * 5_000: (6, "5000 digits"),
    "a~" + "9" * 5_000: (2, "5000 digits"),
    "AND/article a": (0, "AND/article needs"),
    "a AND/article": (2, "AND/article needs"),
    "a NOT AND/article b": (2, "NOT needs"),
    "exact(a~)": (6, "can't stand in exact"),
    "exact(/a/)": (7, "can't stand in exact"),
    "exact(date:none)": (6, "can't stand in exact"),
    "exact(caps(a))": (6, "inside exact"),
    "exact()": (5, "nothing between"),
    "lead(a": (4, "never closed"),
    "title:lead(a)": (6, "inside title"),
    "words>many": (5, "not a number"),
    "words:": (0, "needs a value"),
    "atleast(a)": (0, "not how"),
    "exact/3(a)": (0, "not how"),
    "atleast/0(a)": (0, "every article"),
    "atleast/3(a b)": (0, "holds an AND"),
    "atleast/3(title:a)": (0, "title:"),
    "quoted(title:a)": (0, "title:"),
    "quoted(kind:list)": (0, "holds the filter"),
    "quoted(quoted(a))": (0, "a quotation"),
    "said:": (0, "needs a value"),
    "said:(a OR b)": (5, "takes a name"),
    "said:moran~": (10, "takes no ~"),
    "said:!!!": (5, "no word"),
    "oil !gas": (4, "no operator"),
    "title:-oil": (6, "minus goes before title:"),
    "title:NOT oil": (6, "NOT goes before title:"),
    "desk:-world": (5, "minus goes before desk:"),
    "title:desk:world": (6, "inside title:"),
    "title:(oil desk:world)": (11, "inside title:"),
    "missile~0.8": (8, "1 or 2 edits"),
    "missile^1e1": (7, "a ^ and a number"),
    "oil^2^3": (3, "a ^ and a number"),
    "oil^-1": (3, "a ^ and a number"),
    "oil^abc": (3, "a ^ and a number"),
    "(oil gas)~3": (9, "behind a word"),
    "desk:weather^2": (5, "no score"),
    "number:3..1": (7, "ends before"),
    "date:*-02-30": (10, "day 30"),
    "date:25.02.2026": (5, "not a date"),
    "": (0, "no word"),
    "  ?! ": (0, "no word"),
    '"…"': (0, "no word"),
}


@pytest.mark.parametrize(("text", "tree"), READ.items())
def test_a_query_reads_as_its_tree_prints(text, tree):
    assert str(parse(text, TODAY)) == tree


@pytest.mark.parametrize("text", READ)
def test_a_printed_tree_reads_as_itself(text):
    tree = parse(text, TODAY)
    assert parse(str(tree), TODAY) == tree


@pytest.mark.parametrize(("text", "where"), REFUSED.items())
def test_what_cannot_be_read_is_an_error_with_its_column(text, where):
    column, word = where
    with pytest.raises(QuerySyntaxError) as caught:
        parse(text, TODAY)
    assert (caught.value.column, word in caught.value.problem) == (column, True), str(caught.value)
    assert caught.value.hint


def test_an_unknown_field_is_answered_with_the_nearest_one():
    with pytest.raises(QuerySyntaxError, match=r"Did you mean title:"):
        parse("titel:oil", TODAY)


def test_plain_takes_operators_fields_and_wildcards_as_words():
    tree = parse('NOT (date:banana OR "x* AND', TODAY, plain=True)
    assert str(tree) == "(not AND date-banana AND or AND x AND and)"


def test_ten_kilobytes_of_prose_are_searched():
    assert str(parse("the quick brown fox " * 500, TODAY)).startswith("(the AND quick")


@given(st.text(max_size=80))
@example("title:" * 300)
@example("-" * 300 + "x")
def test_any_text_is_read_or_refused_and_never_crashes(text):
    try:
        parse(text, TODAY)
    except QueryError as error:
        assert str(error)


@given(st.text(alphabet='ab "()*?~^/-:.[]>ANDORT2026date', max_size=40))
@example("exact(a?) caps(a* b)")
@example('said:a "b"^2 w/5 quoted(c)')
def test_any_text_in_the_languages_own_characters_reads_as_it_prints(text):
    try:
        tree = parse(text, TODAY)
    except QueryError:
        return
    assert str(parse(str(tree), TODAY)) == str(tree)


_PIECES = (
    "a", "b*", '"c d"', "NEAR/2", "ADJ", "NOT", "w/3", "AND", "AND/article", "OR", "(", ")",
    "exact(", "caps(", "lead(", "quoted(", "said:a", "atleast/2(", "words>2", "-", "title:", "^2",
)  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=9))
def test_any_operators_in_any_order_are_refused_or_read_as_they_print(pieces):
    try:
        tree = parse(" ".join(pieces), TODAY)
    except QueryError:
        return
    assert str(parse(str(tree), TODAY)) == str(tree)


@given(st.text(max_size=200))
def test_plain_refuses_only_what_holds_no_word(text):
    try:
        parse(text, TODAY, plain=True)
    except QuerySyntaxError as error:
        assert error.problem == "there is no word to search for"


@given(queries())
def test_every_tree_survives_being_printed_and_read(tree):
    printed = str(tree)
    assert str(parse(printed, TODAY)) == printed


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        ("query_chars", "a" * 21_000),
        ("depth", "(" * 60 + "a" + ")" * 60),
        ("depth", "NOT " * 60 + "a"),
        ("phrase_words", '"' + "a " * 600 + '"'),
        ("slop", '"a b"~100000'),
        ("slop", "a NEAR/100000 b"),
        ("depth", "a" + " NEAR a" * 60),
        ("regex_chars", "/" + "a" * 300 + "/"),
        ("terms", "a " * 6000),
    ],
)
def test_a_query_over_a_limit_is_refused_by_the_limits_name(limit, text):
    with pytest.raises(QueryLimitError) as caught:
        parse(text, TODAY)
    assert caught.value.limit == limit
    assert f"`{limit}`" in str(caught.value)


def test_limits_can_be_raised():
    long = Limits(query_chars=50_000)
    assert str(parse("a" * 30_000, TODAY, limits=long))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("since:1987", "date:1987"), ("by:smith", "author"), ("lang:en", "language")],
)
def test_another_name_of_a_field_is_answered_with_the_fields_own(typed, meant):
    with pytest.raises(QuerySyntaxError, match=f"Did you mean {meant.partition(':')[0]}:"):
        parse(typed, TODAY)


@pytest.mark.parametrize("text", ["date:25.02.2026", "date:2026/2/25"])
def test_a_date_in_another_spelling_is_answered_with_the_right_one(text):
    with pytest.raises(QuerySyntaxError, match=r"Try 2026-02-25\."):
        parse(text, TODAY)
