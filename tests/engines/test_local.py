"""The local engine's own promises; what it shares with others is in tests/contracts."""

from __future__ import annotations

from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh.matching import ListMatcher

import searcher
from searcher.engines.local import open_engine
from searcher.engines.postings import blocks, positions
from searcher.engines.segment import Segment
from searcher.query.expressions import edits


def test_blocks_of_a_posting_list_are_what_stepping_through_it_gives(make_index):
    """`blocks` looks into Whoosh's matcher; stepping is Whoosh's public way."""
    archive = make_index([{"text": "oil " * (n % 3 + 1)} for n in range(300)], codec="stock")
    with closing(open_engine(archive.path)) as engine:
        reader = engine._segments[0].reader
        stepped, matcher = [], reader.postings("exact", b"oil")
        while matcher.is_active():
            stepped.append((matcher.id(), matcher.weight(), matcher.value_as("positions")))
            matcher.next()
        quick = [
            p
            for ids, ws in blocks(reader.postings("exact", b"oil"))
            for p in zip(ids, ws, strict=True)
        ]
        places = dict(positions(reader.postings("exact", b"oil"), range(10_000)))
    assert quick == [(docnum, weight) for docnum, weight, _ in stepped]
    assert places == {docnum: where for docnum, _, where in stepped}
    assert len(quick) == 300


def test_other_codecs_matchers_are_stepped_through():
    assert list(blocks(ListMatcher([1, 5], [1.0, 2.0]))) == [([1, 5], [1.0, 2.0])]


def _table(left: str, right: str) -> int:
    """Optimal string alignment by the textbook table."""
    rows = [list(range(len(right) + 1))]
    for i, char in enumerate(left, start=1):
        row = [i]
        for j, other in enumerate(right, start=1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (char != other))
            if i > 1 and j > 1 and char == right[j - 2] and left[i - 2] == other:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


_short = st.text(alphabet="abc", max_size=7)


@given(_short, _short, st.integers(0, 2))
def test_edits_are_those_of_the_textbook_table(left, right, most):
    assert edits(left, right, most) == min(_table(left, right), most + 1)


@pytest.mark.parametrize("name", ["kind", "section", "desk", "year", "month"])
def test_a_count_by_a_field_of_all_reads_no_stored_paragraph(make_index, monkeypatch, name):
    """A view of an archive of any size takes what it touches, and stored texts are most of it."""
    archive = make_index([{"id": str(n), "date": "2026-02-25", "text": "Oil."} for n in range(9)])
    wanted = archive.facet(name)
    reads: list[int] = []
    stored = Segment.stored
    monkeypatch.setattr(Segment, "stored", lambda self, d: reads.append(d) or stored(self, d))

    assert archive.facet(name) == wanted
    assert archive.trend("oil").rows[0].paragraphs == 9
    assert reads == []


def test_what_stands_near_in_many_paragraphs_is_counted_in_parts(tmp_path):
    """The places of some thousand documents are held at once; all are counted."""
    texts = ("Oil prices fell.", "Rain fell.", "Oil fell and oil rose.")
    (tmp_path / "a.txt").write_text("\n\n".join(texts[n % 3] for n in range(13_000)))
    searcher.index([tmp_path / "a.txt"], tmp_path / "index")
    expected = {"oil NEAR/1 fell": 8_667, "oil ADJ/0 fell": 4_333, "rain NEAR/3 fell": 4_333}

    for engine in ("auto", "local"):
        with searcher.open(tmp_path / "index", engine=engine) as archive:
            assert {query: archive.search(query).total for query in expected} == expected
            tfs = {hit.score for hit in archive.search("oil NEAR/3 (fell OR rose)", limit=9_000)}
            assert len(tfs) > 1
