"""What is stored of a paragraph, and what its words become."""

from __future__ import annotations

import io
import json
import random
from array import array
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh.filedb.filestore import RamStorage
from whoosh.formats import Characters, Positions
from whoosh.index import create_in, open_dir

from searcher.analysis import tokenize
from searcher.errors import ArticleError
from searcher.indexing import column_array, document, index, paragraph
from searcher.indexing.columns import NumberColumn, TextColumn
from searcher.indexing.documents import checked, fingerprint, quoted, speakers
from searcher.indexing.merge import ALWAYS, LIMIT, choose
from searcher.indexing.pool import TermPool
from searcher.indexing.postings import characters_value, positions_value
from searcher.indexing.schema import SPEAKER_GAP, schema
from searcher.model import KINDS, Article, Block, Paragraph, Quote
from tests.indexing.archives import (
    codecs,
    find,
    paragraphs,
    postings,
    recount,
    totals,
    write_lines,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PARAGRAPHS = st.builds(
    Paragraph,
    id=TEXT,
    article=TEXT,
    number=st.integers(0, 2**31),
    kind=st.sampled_from(KINDS),
    section=TEXT,
    text=TEXT,
    start_char=st.integers(0, 2**40),
    end_char=st.integers(0, 2**40),
    title=TEXT,
    date=st.none() | st.dates(),
    date_source=TEXT,
    city=TEXT,
    desk=st.lists(TEXT, max_size=3).map(tuple),
    author=TEXT,
    source=TEXT,
    language=TEXT,
    path=TEXT,
    url=TEXT,
    quotes=st.lists(st.builds(Quote, st.integers(0), st.integers(0), TEXT), max_size=3).map(tuple),
)
ARTICLE = Article("a", "a.txt", "Rain", blocks=(Block("text", "It fell.", 5, 13),), end_char=13)


@given(PARAGRAPHS, st.integers(0, 2**40))
def test_a_paragraph_comes_back_as_it_was_stored(one, base):
    assert paragraph(document(one, base), base) == one


PLACES = st.lists(st.tuples(st.integers(0, 70_000), st.integers(0, 300)), min_size=1, max_size=200)


@given(PLACES)
def test_values_read_as_whoosh_writes_them(steps):
    places, position, end = [], -1, 0
    for gap, length in steps:
        position, start = position + 1 + gap, end + gap
        end = start + length
        places.append((position, start, end))
    positions = [place[0] for place in places]

    chars, bare = Characters(), Positions()
    assert chars.decode_characters(characters_value(places)) == places
    assert chars.decode_frequency(characters_value(places)) == len(places)
    assert bare.decode_positions(positions_value(positions)) == positions
    assert bare.decode_frequency(positions_value(positions)) == len(places)


@pytest.mark.parametrize("codec", codecs())
def test_the_segment_is_the_one_that_stock_whoosh_writes(tmp_path, codec):
    """Term by term: the same documents, weights, places and statistics."""
    words = ["rain", "dams", "Ukraine’s", "F-16", "the", "it", '"It rained," said Ann Lee.']
    dice = random.Random(7)  # noqa: S311
    stories = {
        str(n): "\n\n".join(" ".join(dice.choices(words, k=dice.randint(1, 40))) for _ in range(4))
        for n in range(60)
    }
    write_lines(tmp_path / "news" / "a.jsonl", stories)
    index([tmp_path / "news"], tmp_path / "ours", codec=codec)
    (tmp_path / "stock").mkdir()
    writer = create_in(str(tmp_path / "stock"), schema("en")).writer()
    for one in paragraphs(tmp_path / "ours").values():
        words_of_section = {"section_words": one.section} if one.section else {}
        spoken: dict[str, object] = {"speaker": speakers(one)} if speakers(one) else {}
        if one.quotes:
            spoken["quoted"] = quoted(one, tokenize(one.text))
        writer.add_document(**document(one), exact=one.text, **words_of_section, **spoken)
    writer.commit()

    ours, stock = (dump(tmp_path / name) for name in ("ours", "stock"))
    assert ours == stock


def dump(folder: Path) -> dict[object, object]:
    terms: dict[object, object] = {}
    with open_dir(str(folder)).reader() as reader:
        for (field, term), info in reader:
            if field in ("record", "alike"):  # no words of a paragraph
                continue
            matcher, found = reader.postings(field, term), []
            while matcher.is_active():
                value = matcher.value_as("positions") if field in ("text", "exact") else None
                found.append((matcher.id(), matcher.weight(), value, matcher.block_max_weight()))
                matcher.next()
            facts = (info.weight(), info.doc_frequency(), info.min_length(), info.max_length())
            more = (info.max_weight(), info.min_id(), info.max_id())
            terms[field, term] = (found, facts, more)
        lengths = [reader.field_length(name) for name in ("text", "exact", "title")]
    return {**terms, "lengths": lengths}


def test_positions_are_the_same_in_both_forms(tmp_path):
    write_lines(tmp_path / "n" / "a.jsonl", {"a": "Ukraine’s missiles hit Ukraine."})
    index([tmp_path / "n"], tmp_path / "index")

    def at(field: str, term: bytes) -> list[int]:
        with open_dir(str(tmp_path / "index")).reader() as reader:
            found: list[int] = reader.postings(field, term).value_as("positions")
            return found

    assert at("text", b"ukrain") == [0, 3]
    assert at("exact", b"ukraine's") == [0]
    assert at("exact", b"ukraine") == [3]
    assert at("text", b"missil") == at("exact", b"missiles") == [1]


def test_a_desk_is_one_term_with_its_spaces(tmp_path):
    row = {"id": "a", "text": "Rain.", "desk": ["World News", "Sport, Tennis"]}
    index(["-"], tmp_path / "index", stdin=io.BytesIO(json.dumps(row).encode()))

    assert find(tmp_path / "index", "world news", "desk")
    with open_dir(str(tmp_path / "index")).reader() as reader:
        assert "World News\x1fSport, Tennis" in column_array(reader, "desk")


def test_a_day_is_one_term_and_an_undated_article_has_none(tmp_path):
    rows = [{"id": "a", "text": "Rain.", "date": "2026-02-25"}, {"id": "b", "text": "Snow."}]
    lines = "\n".join(map(json.dumps, rows)).encode()
    report = index(["-"], tmp_path / "index", stdin=io.BytesIO(lines))

    with open_dir(str(tmp_path / "index")).reader() as reader:
        terms = list(reader.lexicon("date"))
        assert terms == [reader.schema["date"].to_bytes(20260225)]
        assert sorted(set(column_array(reader, "date"))) == [0, 20260225]
    assert report.undated == 1


def test_a_refused_article_leaves_no_word(tmp_path, monkeypatch):
    """Stock Whoosh would give the words of a document it refuses to the next one."""
    monkeypatch.setattr("searcher.readers.registry.READERS", {".bad": f"{__name__}:broken"})
    (tmp_path / "x.bad").write_text("x")
    report = index([tmp_path / "x.bad"], tmp_path / "index")

    assert report.skipped == {"bad value": 1, "bad id": 1}
    assert report.exit_code == 4
    assert not find(tmp_path / "index", "ghost")
    assert find(tmp_path / "index", "good")


def broken(source, options):
    ghost = (Block("text", "ghost", 0, 5),)
    yield Article("bad", source.name, blocks=ghost, date="1987-02-31")
    yield Article("", source.name, blocks=ghost)
    yield Article("good", source.name, blocks=(Block("text", "good", 0, 4),))


def test_nul_and_lone_surrogates_become_replacement_characters():
    bad = replace(ARTICLE, author="a\ud800", blocks=(Block("text", "a\0b", 0, 3),))

    clean = checked(bad)

    assert (clean.author, clean.blocks[0].text) == ("a\ufffd", "a\ufffdb")
    assert checked(ARTICLE) is ARTICLE
    with pytest.raises(ArticleError, match="too long"):
        checked(replace(ARTICLE, title="x" * 100_001))


def test_a_fingerprint_sees_everything_but_path_and_place():
    moved = replace(
        ARTICLE,
        path="b.txt",
        blocks=(Block("text", "It fell.", 15, 23),),
        start_char=10,
        end_char=23,
    )
    moved = replace(moved, title_span=(10, 10))

    assert fingerprint(moved) == fingerprint(ARTICLE)
    for change in ({"title": "Snow"}, {"date": date(2026, 2, 25)}, {"desk": ("World",)}):
        assert fingerprint(replace(ARTICLE, **change)) != fingerprint(ARTICLE)


def test_a_fingerprint_sees_who_is_quoted():
    def quoting(*quotes: Quote) -> Article:
        return replace(ARTICLE, blocks=(Block("text", "It fell.", 5, 13, quotes=quotes),))

    made = [fingerprint(quoting(*q)) for q in ([], [Quote(0, 2)], [Quote(0, 2, "Lee")])]
    assert len(set(made)) == 3
    assert fingerprint(quoting()) == fingerprint(ARTICLE)


@pytest.mark.parametrize(
    "quotes", [(Quote(0, 9),), (Quote(-1, 2),), (Quote(2, 1),), (Quote(0, 3), Quote(2, 4))]
)
def test_quotations_outside_their_text_or_out_of_order_are_refused(quotes):
    with pytest.raises(ArticleError, match="quotations"):
        checked(replace(ARTICLE, blocks=(Block("text", "It fell.", 5, 13, quotes=quotes),)))


def test_a_speaker_is_found_by_the_words_of_the_name(tmp_path):
    said = '"It fell," said Ann Lee. "It rose," said Zoë Lee. "It stayed," said Ann Lee.'
    write_lines(tmp_path / "n" / "a.jsonl", {"a": said, "b": "Ann Lee was there."})
    index([tmp_path / "n"], tmp_path / "index")

    held = {word: len(find(tmp_path / "index", word, "speaker")) for word in ("lee", "zoe", "said")}
    assert held == {"lee": 1, "zoe": 1, "said": 0}
    with open_dir(str(tmp_path / "index")).reader() as reader:
        assert "Ann Lee\x1fZoë Lee\x1fAnn Lee" in column_array(reader, "speaker")
        at = {
            w: reader.postings("speaker", w).value_as("positions") for w in (b"ann", b"lee", b"zoe")
        }
    gap = 2 + SPEAKER_GAP
    assert at == {b"ann": [0], b"lee": [1, gap + 1], b"zoe": [gap]}


def test_a_quotation_is_found_by_the_places_of_its_words(tmp_path):
    said = 'He said "yes, yes" and ". 1" then.\n\n"No," said Lee.'
    write_lines(tmp_path / "n" / "a.jsonl", {"a": said})
    index([tmp_path / "n"], tmp_path / "index")

    with open_dir(str(tmp_path / "index")).reader() as reader:
        at = {t: list(places(reader.postings("quoted", t))) for t in (b"begin", b"end", b"named")}
    assert at == {b"begin": [[2, 5], [0]], b"end": [[4, 6], [1]], b"named": [[0]]}


def places(matcher):
    while matcher.is_active():
        yield matcher.value_as("positions")
        matcher.next()


@pytest.mark.parametrize(
    ("span", "place"), [((0, 3), (0, 1)), ((1, 7), (1, 2)), ((1, 2), (1, 1)), ((3, 4), (1, 1))]
)
def test_a_word_that_a_quotation_cuts_is_not_in_it(span, place):
    one = Paragraph("a#p1", "a", 1, "text", "", "one two", 0, 7, quotes=(Quote(*span),))

    assert quoted(one, tokenize(one.text)) == [(*place, False)]


def test_quotations_come_back_from_the_index(tmp_path):
    text = 'Ann Lee: "x".\n\n"It fell," said Ann Lee.'
    write_lines(tmp_path / "n" / "a.jsonl", {"a": text})
    index([tmp_path / "n"], tmp_path / "index")

    found = paragraphs(tmp_path / "index").values()
    assert sorted(one.quotes for one in found) == [(), (Quote(0, 10, "Ann Lee"),), (Quote(9, 12),)]


@given(st.lists(st.none() | st.integers(0, 2**32 - 1), max_size=30))
def test_a_number_column_gives_what_was_put_in(values):
    storage, column = RamStorage(), NumberColumn()
    file = storage.create_file("c")
    writer = column.writer(file)
    for docnum, value in enumerate(values):
        if value is not None:
            writer.add(docnum, value)
    writer.finish(len(values))
    file.close()
    reader = column.reader(storage.open_file("c"), 0, storage.file_length("c"), len(values))

    assert reader.load() == array("I", [value or 0 for value in values])
    assert [reader[n] for n in range(len(values))] == [value or 0 for value in values]


def test_a_text_column_gives_what_was_put_in():
    storage, column = RamStorage(), TextColumn()
    file = storage.create_file("c")
    writer = column.writer(file)
    writer.add(1, "São".encode())
    writer.finish(4)
    file.close()
    reader = column.reader(storage.open_file("c"), 0, storage.file_length("c"), 4)

    assert reader.load() == ["", "São", "", ""]


def test_a_full_pool_spills_and_keeps_the_order(tmp_path):
    from whoosh.filedb.filestore import FileStorage

    small = TermPool(FileStorage(str(tmp_path)).create(), 120 * 7)
    large = TermPool(FileStorage(str(tmp_path)).create(), 10**9)
    for docnum in range(50):
        for pool in (small, large):
            pool.add_document("text", docnum, [(b"a", 1.0, b""), (b"%d" % (docnum % 5), 2.0, b"x")])
            pool.add_document("exact", docnum, [(b"b", 1.0, b"")])

    assert list(small.terms()) == list(large.terms())


@given(st.integers(1, 400), st.integers(0, 100_000))
def test_segments_never_pile_up_and_a_big_one_is_left_alone(commits, big):
    sizes = [big] if big else []
    rewritten = 0
    for _ in range(commits):
        chosen = choose(sizes, new=10)
        merged = sum(sizes[i] for i in chosen)
        rewritten += merged
        sizes = [n for i, n in enumerate(sizes) if i not in chosen] + [merged + 10]
        assert len(sizes) <= LIMIT
        assert not (big > 20 * ALWAYS and 0 in chosen)
    assert rewritten <= 10 * commits * 6


def test_many_small_runs_leave_few_segments(tmp_path):
    for n in range(30):
        write_lines(tmp_path / "news" / f"{n}.jsonl", {"a": f"Rain {n}."})
        index([tmp_path / "news"], tmp_path / "index")

    opened = open_dir(str(tmp_path / "index"))
    with opened.reader() as reader:
        assert len(list(reader.leaf_readers())) <= LIMIT
    assert len(find(tmp_path / "index", "rain")) == 30
    index([tmp_path / "news"], tmp_path / "fresh")
    assert paragraphs(tmp_path / "index") == paragraphs(tmp_path / "fresh")
    assert postings(tmp_path / "index") == postings(tmp_path / "fresh")
    assert totals(tmp_path / "index") == recount(tmp_path / "index")


def test_a_segment_that_is_mostly_deleted_is_rewritten(tmp_path):
    write_lines(tmp_path / "news" / "a.jsonl", {str(n): f"Rain {n}." for n in range(20)})
    index([tmp_path / "news"], tmp_path / "index")
    write_lines(tmp_path / "news" / "a.jsonl", {str(n): f"Rain {n}." for n in range(10, 20)})
    index([tmp_path / "news"], tmp_path / "index")

    with open_dir(str(tmp_path / "index")).reader() as reader:
        assert not reader.has_deletions()
    index([tmp_path / "news"], tmp_path / "fresh")
    assert paragraphs(tmp_path / "index") == paragraphs(tmp_path / "fresh")
    assert postings(tmp_path / "index") == postings(tmp_path / "fresh")
