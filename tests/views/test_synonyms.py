"""Synonyms: which words of a query stand for others, and what a file may say."""

from __future__ import annotations

from pathlib import Path

import pytest

import searcher
from searcher.analysis import Analyzer
from searcher.errors import QueryLimitError, SynonymsError
from searcher.query.parser import parse
from searcher.synonyms import Synonyms, load_synonyms, read_synonyms

NAMES = """
# people
Zelenskyy, Zelensky, Zelenskiy

EU, European Union
cease-fire, ceasefire, truce
C#, C sharp
dam, weir
dam, dyke
"""


def expanded(query: str) -> str:
    return str(read_synonyms(NAMES).expand(parse(query, None), Analyzer("en")))


@pytest.mark.parametrize(
    ("query", "read"),
    [
        ("zelensky", "(zelensky OR zelenskyy OR zelenskiy)"),
        ("ZELENSKYY's", "(zelenskyy's OR zelensky OR zelenskiy)"),
        ("dams", "(dams OR weir OR dyke)"),
        ("weir", "(weir OR dam)"),
        ('"dams"', '"dams"'),
        ('"dam"', '("dam" OR "weir" OR "dyke")'),
        ("eu", '(eu OR "european union")'),
        ('"european union"', '("european union" OR "eu")'),
        ('"european union"~2', '"european union"~2'),
        ("truces", "(truces OR cease-fire OR ceasefire)"),
        ("cease-fires", "(cease-fires OR ceasefire OR truce)"),
        ("title:eu", '(title:eu OR title:"european union")'),
        ("eu^2", '(eu^2 OR "european union"^2)'),
        ("rain -weir", "(rain AND NOT (weir OR dam))"),
        ("c#", '(c# OR "c sharp")'),
        ("weir*", "weir*"),
        ("weir~", "weir~"),
        ("desk:eu", "desk:eu"),
        ("union", "union"),
    ],
)
def test_a_word_of_a_line_stands_for_all_of_it(query, read):
    assert expanded(query) == read


def test_words_near_others_and_speakers_are_expanded_too():
    assert expanded("weir NEAR/5 rain") == "((weir OR dam) NEAR/5 rain)"
    assert expanded("said:zelensky") == ("(said:zelensky OR said:zelenskyy OR said:zelenskiy)")


def test_what_a_line_adds_is_not_looked_up_again():
    assert expanded("dyke") == "(dyke OR dam)"


def test_words_written_as_such_are_left_alone():
    assert expanded("exact(Zelensky)") == 'exact("Zelensky")'


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("Kyiv, Kiev\nEU", 2, "expected two words"),
        ("a, a", 1, "expected two words"),
        ("Kyiv, , Kiev", 1, "between two commas"),
        ("Kyiv, Kiev,", 1, "between two commas"),
        ("\n\nKyiv, Ki*v", 3, "wildcard"),
        ("Kyiv, ---", 1, "no letter or digit"),
    ],
)
def test_a_line_that_is_wrong_is_named(text, line, problem):
    with pytest.raises(SynonymsError, match=problem) as caught:
        read_synonyms(text, "names.txt")

    assert caught.value.line == line
    assert f"names.txt:{line}: " in str(caught.value)


def test_a_file_that_is_not_utf_8_is_named_with_its_line(tmp_path):
    path = tmp_path / "names.txt"
    path.write_bytes(b"Kyiv, Kiev\nSao, S\xe3o\n")

    with pytest.raises(SynonymsError, match=r"names\.txt:2: byte 0xe3"):
        load_synonyms(path)


def test_a_file_of_windows_is_read(tmp_path):
    path = tmp_path / "names.txt"
    path.write_bytes(b"\xef\xbb\xbfKyiv, Kiev\r\n# no\r\n")

    assert [m.forms for m in load_synonyms(path).groups[0]] == [("kyiv",), ("kiev",)]


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(SynonymsError, match="No such file"):
        load_synonyms(tmp_path / "names.txt")


@pytest.fixture
def archive(make_index):
    """Two spellings of a city, and one of the two names of a thing."""
    return make_index("Kyiv slept.\n\nKiev woke.\n\nThe European Union met.")


def test_synonyms_find_mark_and_explain_every_variant(archive, tmp_path):
    names = tmp_path / "names.txt"
    names.write_text("Kyiv, Kiev\nEU, European Union", encoding="utf-8")
    page = archive.search("kiev", synonyms=names)

    assert (archive.count("kiev"), page.total) == (1, 2)
    assert {hit.text[slice(*hit.spans[0])] for hit in page} == {"Kyiv", "Kiev"}
    assert page.parsed == "((kiev OR kyiv) AND NOT kind:caption)"
    assert [hit.spans for hit in archive.search("eu", synonyms=names)] == [((4, 18),)]
    assert archive.kwic("kiev", synonyms=names).total == 2
    assert archive.trend("kiev", synonyms=names).series[0].undated == 2


def test_a_file_in_the_index_is_used_by_default(archive):
    """And may be switched off, replaced, and changed while the archive is open."""
    Path(archive.path, "synonyms.txt").write_text("Kyiv, Kiev\n", encoding="utf-8")
    with searcher.open(archive.path) as fresh:
        assert fresh.count("kiev") == 2
        assert fresh.search("kiev", synonyms=Synonyms()).total == 1
        assert "(kiev OR kyiv)" in fresh.explain("kiev")
        paragraph = fresh.get(fresh.search("kiev")[0].id).paragraph
        assert fresh.spans("kiev", paragraph) and fresh.spans("kyiv", paragraph)
    with searcher.open(archive.path, synonyms=Synonyms()) as fresh:
        assert fresh.count("kiev") == 1


def test_a_mistake_in_the_index_s_file_stops_queries_and_nothing_else(archive):
    Path(archive.path, "synonyms.txt").write_text("Kyiv\n", encoding="utf-8")
    with searcher.open(archive.path) as fresh:
        assert fresh.stats().paragraphs == 3
        with pytest.raises(SynonymsError, match=r"synonyms\.txt:1"):
            fresh.count("kiev")


def test_the_indexer_leaves_the_file_where_it_is(tmp_path):
    """Before the first run too, and it is no article of an archive around the index."""
    (tmp_path / "index").mkdir()
    own = tmp_path / "index" / "synonyms.txt"
    own.write_text("Kyiv, Kiev", encoding="utf-8")
    (tmp_path / "a.txt").write_text("Kyiv.", encoding="utf-8")
    for options in ({}, {"rebuild": True}):
        report = searcher.index([tmp_path], tmp_path / "index", **options)
        assert report.total.articles == 1
        assert own.read_text(encoding="utf-8") == "Kyiv, Kiev"


def test_synonyms_count_as_words_of_the_query(make_index):
    archive = make_index("Kyiv.")
    names = read_synonyms(", ".join(f"w{n}" for n in range(50)))
    with (
        searcher.open(archive.path, limits=searcher.Limits(terms=20), synonyms=names) as fresh,
        pytest.raises(QueryLimitError, match="50 words"),
    ):
        fresh.search("w7")
