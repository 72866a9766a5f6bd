"""A large file of many records is read in parts, with the same articles as if read whole."""

from __future__ import annotations

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.model import Article
from searcher.readers import ReadOptions, Skip, Stream, load, opened, read, source, windows

WORDS = ("rain", "São", "政治", "😀", "“No”", "\r\n", "\n", "\u2028", '"', ",", "<", "&#3;", " ")


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    """Let a part be as small as a record."""
    for module in (source, windows):
        monkeypatch.setattr(module, "WINDOW_BYTES", 60)
    monkeypatch.setattr(source, "_BLOCK_BYTES", 17)


texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=15).map("".join)


def as_lines(several: list[str]) -> str:
    return "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in several)


def as_rows(several: list[str]) -> str:
    cells = ('"' + text.replace('"', '""') + '"' for text in several)
    return "id,text\r\n" + "".join(f"{n},{cell}\n" for n, cell in enumerate(cells))


def as_stories(several: list[str]) -> str:
    return "<!DOCTYPE x>\n" + "".join(
        f'<REUTERS NEWID="{n}"><TEXT><TITLE>RAIN</TITLE><BODY>{text}\n</BODY></TEXT></REUTERS>\n'
        for n, text in enumerate(several)
    )


@st.composite
def files(draw: st.DrawFn) -> tuple[str, str]:
    """A suffix and a file; some end in the middle, or have a quote too many."""
    several = draw(st.lists(texts, max_size=8))
    suffix, write = draw(
        st.sampled_from(
            (("jsonl", as_lines), ("csv", as_rows), ("tsv", as_rows), ("sgm", as_stories))
        )
    )
    text = write(several)
    cut = draw(st.integers(0, len(text)))
    return suffix, draw(st.sampled_from((text, text[:cut], text[:cut] + '"' + text[cut:])))


@given(files())
def test_parts_give_the_articles_and_skips_of_the_whole(file):
    suffix, text = file
    with TemporaryDirectory() as folder:
        path = Path(folder, f"x.{suffix}")
        path.write_bytes(("\ufeff" + text).encode())
        whole, parts = load(path, path.name), opened(path, path.name)
        assert isinstance(parts, Stream) or path.stat().st_size <= 60
        expected = list(read(whole))

        assert list(read(parts)) == expected
        was_refused = getattr(expected[-1], "name", "") == path.name
        assert parts.sha256 == whole.sha256 or was_refused


def lines(path: Path, count: int = 9) -> Path:
    path.write_text(as_lines([f"Rain {n} fell." for n in range(count)]))
    return path


def reasons(path: Path) -> list[str]:
    return [item.reason for item in read(opened(path, path.name)) if isinstance(item, Skip)]


def test_a_file_that_changes_while_it_is_read_is_named_and_has_no_hash(tmp_path):
    path = lines(tmp_path / "x.jsonl")
    stream = opened(path, path.name)
    items = read(stream)
    assert isinstance(next(items), Article)
    path.write_text("{}\n" * 100)

    assert [i.reason for i in items if isinstance(i, Skip)][-1] == "changed while it was read"
    assert not stream.sha256


def test_a_record_without_an_end_is_refused_before_it_fills_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(windows, "MAX_RECORD_BYTES", 200)
    path = lines(tmp_path / "x.jsonl", 2)
    with path.open("a") as file:
        file.write('{"text": "' + "x" * 1_000)

    assert reasons(path) == ["too large"]


def test_a_large_file_in_utf_16_is_refused(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text(as_lines(["Rain fell."] * 9), encoding="utf-16")

    assert reasons(path) == ["too large"]


def test_a_file_that_goes_while_it_is_read_is_named(tmp_path):
    path = lines(tmp_path / "x.jsonl")
    stream = opened(path, path.name)
    path.unlink()

    assert [item.reason for item in read(stream)] == ["unreadable"]


def test_other_formats_are_read_whole(tmp_path):
    path = tmp_path / "x.json"
    path.write_text(json.dumps([{"text": "Rain fell."}] * 20))

    assert not isinstance(opened(path, path.name), Stream)


def test_a_mapped_column_is_looked_for_in_all_parts(tmp_path):
    path = lines(tmp_path / "x.jsonl")
    with path.open("a") as file:
        file.write('{"body": "Snow."}\n')
    good, bad = (ReadOptions(mapping={"text": name}) for name in ("body", "bodi"))

    (skip,) = read(opened(path, path.name, bad), bad)
    assert skip.reason == "no such column"
    assert [i.blocks[0].text for i in read(opened(path, "x", good), good) if isinstance(i, Article)]


def test_a_pipe_is_never_waited_for(tmp_path):
    os.mkfifo(tmp_path / "x.jsonl")
    with pytest.raises(Exception, match="not a regular file"):
        opened(tmp_path / "x.jsonl", "x.jsonl")
