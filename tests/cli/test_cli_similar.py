"""`searcher similar`: more like an article, a paragraph, or any text."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import searcher
from searcher.engines.base import GROUP_HITS
from searcher.errors import QueryError
from searcher.query.tree import Everything
from searcher.views.similar import keywords, others
from tests.cli.test_cli_safety import ACTIVE, assert_inert
from tests.conftest import TODAY

ARTICLES = [
    {"id": "a", "title": "Dam broke", "text": "The dam of Veldhaven broke.\n\nGoats swam."},
    {
        "id": "b",
        "title": "Goats",
        "text": "Goats of Veldhaven were led away.",
        "date": "2026-02-01",
    },
    {"id": "c", "title": "Oil", "text": "Oil rose.\n\nThe dam was no dam."},
    {"id": "da", "title": "Dam", "text": "A dam broke in 1962."},
]


@pytest.fixture
def archive(make_index):
    return make_index(ARTICLES)


@pytest.fixture
def similar(run, archive):
    return lambda *args, **more: run("similar", *args, "-i", archive.path, **more)


def ends(page) -> list[str]:
    return [hit.article.rpartition(":")[2] for hit in page]


def test_the_words_come_first_and_the_likest_next(similar):
    result = similar("news.jsonl:a")

    assert result.exit_code == 0
    assert result.stdout.startswith("words: broke, ")
    assert ":a#p" not in result.stdout
    assert "3 of 3 articles" in result.stderr


def test_the_source_is_left_out_whole_and_nothing_else_is(archive):
    """The id a is also how da ends, which a filter of the language could take for it."""
    page = archive.similar("news.jsonl:a")
    of_one = archive.similar("news.jsonl:a#p1", group="")

    assert sorted(ends(page)) == ["b", "c", "da"]
    assert page.articles == 3
    assert "a" not in ends(of_one)
    assert of_one.total == len(of_one)


def test_pages_of_the_like_go_on_where_the_last_one_ended(archive):
    for group in ("", "article"):
        whole = archive.similar("news.jsonl:a", group=group, limit=50)
        pages = [
            archive.similar("news.jsonl:a", group=group, limit=2, offset=at)
            for at in range(0, len(whole) + 1, 2)
        ]

        assert [hit for page in pages for hit in page] == list(whole.hits)
        assert {(page.total, page.articles) for page in pages} == {(whole.total, whole.articles)}


def test_an_article_says_how_many_of_its_paragraphs_are_alike(archive):
    page = archive.similar("news.jsonl:a", limit=50)
    assert sum(hit.in_article for hit in page) == page.total
    assert all(len(hit.more) == min(hit.in_article, GROUP_HITS) - 1 for hit in page)


def test_both_engines_find_the_same(archive):
    with searcher.open(archive.path, today=TODAY, engine="scan") as scan:
        for id in ("news.jsonl:a", "news.jsonl:b#p1", "news.jsonl:c"):
            for group in ("", "article"):
                pages = [one.similar(id, group=group).as_dict() for one in (archive, scan)]
                assert len({json.dumps({**page, "took_s": 0}) for page in pages}) == 1


def test_numbers_letters_and_words_of_its_own_do_not_tell(archive):
    assert [word.text for word in archive.similar(text="1962 a swam xyzzy").words] == ["swam"]
    assert [w.text for w in archive.similar("news.jsonl:a").words if w.text == "swam"] == []


def test_filters_hold(archive, similar):
    assert ends(archive.similar("news.jsonl:a", since="2026-02")) == ["b"]
    result = similar("news.jsonl:a", "--since", "2026-02", "--format", "jsonl")

    assert len(result.stdout.splitlines()) == 1
    assert "left out by the date filter" in result.stderr
    assert "words: " in result.stderr


def test_a_text_of_standard_input_is_compared(similar):
    result = similar("-", "--format", "json", "-n", "1", stdin="goats at a dam\n")
    page = json.loads(result.stdout)

    assert [word["text"] for word in page["words"]] == ["goats", "dam", "at"][:2]
    assert page["words"][0].keys() == {"text", "df", "weight"}
    assert len(page["hits"]) == 1


def test_csv_has_a_line_a_paragraph(similar):
    result = similar("news.jsonl:a", "--format", "csv", "--group", "none")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))

    assert rows
    assert all(float(row["score"]) > 0 for row in rows)


@pytest.mark.parametrize(
    ("args", "stdin", "code", "said"),
    [
        (("nothing",), "", 1, "no article 'nothing'"),
        (("-",), "xyzzy", 1, "no word of it tells it from the rest of the archive"),
        (("-",), " \n", 2, "standard input holds no text"),
        (("news.jsonl:a", "--until", "1900"), "", 1, "nothing is like it, by: broke"),
        ((), "", 2, "Missing argument 'ID'"),
    ],
)
def test_what_can_not_be_answered_is_said(similar, args, stdin, code, said):
    result = similar(*args, stdin=stdin)

    assert result.exit_code == code
    assert said in result.stderr


def test_an_id_or_a_text_is_wanted(archive):
    for how in ({}, {"id": "a", "text": "dam"}):
        with pytest.raises(QueryError, match="one of them"):
            archive.similar(**how)


def test_no_text_reaches_the_terminal_as_a_control(run, make_index):
    hostile = make_index([{"id": str(n), "title": ACTIVE, "text": f"dam {ACTIVE}"} for n in (1, 2)])
    text = f"dam {ACTIVE}".encode(errors="replace")
    for format_ in ("text", "jsonl", "csv"):
        result = run("similar", "-", "-i", hostile.path, "--format", format_, stdin=text)

        assert_inert(result.stdout)
        assert_inert(result.stderr)


def as_rows(answer):
    hits = [[(hit.paragraph, hit.score) for hit in group] for group in answer.groups]
    return answer.total, answer.articles, hits, answer.sizes


@settings(max_examples=20)
@given(st.lists(st.sampled_from(("dam", "dams", "goats", "oil", "the", "of", "1962")), max_size=8))
def test_the_words_of_both_engines_are_one(seed_words):
    with TemporaryDirectory() as folder:
        source = Path(folder, "news.jsonl")
        source.write_text("\n".join(map(json.dumps, ARTICLES)), encoding="utf-8")
        searcher.index([source], Path(folder, "index"))
        with (
            searcher.open(Path(folder, "index")) as local,
            searcher.open(Path(folder, "index"), engine="scan") as scan,
        ):
            found = [
                keywords([" ".join(seed_words)], one._engine, one._limits, own=False)
                for one in (local, scan)
            ]
            answers = [
                others(
                    one._engine,
                    Everything(),
                    "news.jsonl:a",
                    offset=0,
                    limit=9,
                    by_article=False,
                    limits=one._limits,
                )
                for one in (local, scan)
            ]

    assert found[0] == found[1]
    assert as_rows(answers[0]) == as_rows(answers[1])
