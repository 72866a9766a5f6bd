"""Exports: all hits, in every format, whole or not at all."""

from __future__ import annotations

import csv
import gc
import io
import json
from itertools import count

import pytest

from searcher.errors import OutputRefused, QueryError
from searcher.results import Hit
from searcher.views import files
from searcher.views.export import file_names

STORIES = [
    {
        "id": "x",
        "title": "Oil *and* gold",
        "author": "Ann Bo; Cy Do",
        "date": "2026-02-25",
        "source": "Wire",
        "section": "Markets",
        "url": "https://example.org/x",
        "text": 'Oil "rose";\x1b[31m it did.\n\nThen =oil fell.',
    },
    {"id": "y", "text": "=1+2 oil"},
]


@pytest.fixture
def archive(make_index):
    """Two articles, the first with all its facts and an escape, the second with none."""
    return make_index(STORIES)


def test_every_hit_is_written_not_one_page(make_index, tmp_path):
    archive = make_index([{"id": str(n), "text": "Oil."} for n in range(1200)])
    done = archive.export("oil", tmp_path / "all.jsonl")
    lines = (tmp_path / "all.jsonl").read_text(encoding="utf-8").splitlines()

    assert (done.paragraphs, done.articles, done.files, len(lines)) == (1200, 1200, 1, 1200)


class Counting(io.RawIOBase):
    """A stream that counts now and then how many hits there are."""

    def __init__(self) -> None:
        self.writes = self.most = 0

    def writable(self):
        return True

    def write(self, data):
        self.writes += 1
        if self.writes % 200 == 0:
            alive = sum(type(one) is Hit for one in gc.get_objects())
            self.most = max(self.most, alive)
        return len(data)


@pytest.mark.parametrize("format_", ["jsonl", "csv", "md", "csl"])
def test_no_hit_is_kept_that_was_written(make_index, format_):
    """So that an export takes no more memory for being long."""
    archive = make_index([{"id": str(n), "text": "Oil.\n\nMore oil."} for n in range(500)])
    stream = Counting()
    done = archive.export("oil", stream, format=format_)

    assert done.paragraphs == 1000 and stream.writes >= 500
    assert stream.most <= 3


def test_articles_come_in_the_order_of_their_best_hits(make_index, tmp_path):
    texts = {"a": "Oil.", "b": "Oil oil oil.\n\nOil, and other things.", "c": "Oil oil and more."}
    archive = make_index([{"id": key, "title": key, "text": text} for key, text in texts.items()])
    archive.export("oil", tmp_path / "o.json", sort="score")
    ids = [item["id"] for item in json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))]

    assert ids == list(dict.fromkeys(hit.article for hit in archive.search("oil")))


def test_json_lines_are_the_hits_as_search_gives_them(archive, tmp_path):
    archive.export("oil", tmp_path / "o.jsonl", sort="newest")
    text = (tmp_path / "o.jsonl").read_text(encoding="utf-8")

    assert [json.loads(line) for line in text.splitlines()] == [
        hit.as_dict() for hit in archive.search("oil", sort="newest")
    ]


def test_csv_is_read_back_by_any_reader(archive, tmp_path):
    archive.export("oil", tmp_path / "o.csv", bom=True)
    data = (tmp_path / "o.csv").read_bytes()
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    by_id = {row["id"].rpartition(":")[2]: row for row in rows}

    assert data.startswith(b"\xef\xbb\xbf") and data.endswith(b"\r\n")
    assert len(rows) == 4
    assert "\x1b" not in data.decode()
    assert by_id["x#p1"]["text"] == 'Oil "rose"; it did.' or "rose" in by_id["x#p1"]["text"]
    assert by_id["y#p1"]["text"] == "'=1+2 oil"
    assert by_id["x#p1"]["author"] == "Ann Bo; Cy Do"


def test_csl_json_has_an_item_for_each_article(archive, tmp_path):
    archive.export("oil", tmp_path / "o.json", sort="newest")
    items = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))

    assert [item["id"].rpartition(":")[2] for item in items] == ["x", "y"]
    assert items[0] | {"id": "", "note": ""} == {
        "id": "",
        "type": "article-newspaper",
        "title": "Oil *and* gold",
        "issued": {"date-parts": [[2026, 2, 25]]},
        "author": [{"literal": "Ann Bo"}, {"literal": "Cy Do"}],
        "container-title": "Wire",
        "section": "Markets",
        "URL": "https://example.org/x",
        "note": "",
    }
    assert items[1].keys() == {"id", "type", "note"}


def test_markdown_quotes_with_a_citation(archive, tmp_path):
    archive.export('"then oil"', tmp_path / "o.md")
    text = (tmp_path / "o.md").read_text(encoding="utf-8")

    assert (
        text.startswith("# Oil \\*and\\* gold\n\n> **Then** =**oil** fell.")
        or "**Then =oil**" in text
    )
    assert "Ann Bo; Cy Do, “Oil \\*and\\* gold”, Wire, 2026-02-25, paragraph 2." in text
    assert "characters" in text


def test_a_folder_gets_a_file_for_each_article(archive, tmp_path):
    done = archive.export("oil", f"{tmp_path}/notes/")

    assert (done.files, done.format) == (2, "md")
    assert len(list((tmp_path / "notes").iterdir())) == 2
    assert all(path.suffix == ".md" for path in (tmp_path / "notes").iterdir())


def test_nothing_is_written_over_without_force(archive, tmp_path):
    target, folder = tmp_path / "o.csv", tmp_path / "notes"
    target.write_text("mine", encoding="utf-8")
    folder.mkdir()
    (folder / "mine.md").write_text("mine", encoding="utf-8")
    for to in (target, folder):
        with pytest.raises(OutputRefused, match="--force"):
            archive.export("oil", to)
    assert target.read_text(encoding="utf-8") == "mine"
    assert [path.name for path in folder.iterdir()] == ["mine.md"]

    archive.export("oil", target, force=True)
    archive.export("oil", folder, force=True)
    assert target.read_text(encoding="utf-8") != "mine"
    assert (folder / "mine.md").read_text(encoding="utf-8") == "mine"
    assert len(list(folder.iterdir())) == 3


def test_an_empty_folder_may_be_filled(archive, tmp_path):
    (tmp_path / "notes").mkdir()

    assert archive.export("oil", tmp_path / "notes").files == 2


def test_what_fails_half_way_leaves_nothing(tmp_path):
    def broken():
        yield b"half"
        raise OSError("no space left")

    (tmp_path / "old.csv").write_bytes(b"old")
    for name in ("new.csv", "old.csv"):
        with pytest.raises(OSError, match="no space"):
            files.write_file(tmp_path / name, broken(), force=True)

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("old.csv", b"old")]


def test_a_file_that_came_meanwhile_is_not_written_over(tmp_path):
    target = tmp_path / "o.csv"

    def pieces():
        target.write_bytes(b"theirs")
        yield b"ours"

    with pytest.raises(OutputRefused):
        files.write_file(target, pieces())
    assert target.read_bytes() == b"theirs"


def test_a_link_is_never_written_through_nor_replaced(archive, tmp_path):
    """/dev/stdout is such a link, and --force once put a file in its place."""
    kept, link = tmp_path / "kept.csv", tmp_path / "link.csv"
    kept.write_bytes(b"kept")
    link.symlink_to(kept)

    with pytest.raises(OutputRefused, match="found a link"):
        archive.export("oil", link, force=True)
    assert (link.is_symlink(), kept.read_bytes()) == (True, b"kept")


def test_what_cant_be_written_is_named_as_it_was_asked_for(archive, tmp_path):
    with pytest.raises(OSError, match="too long") as caught:
        archive.export("oil", tmp_path / ("a" * 300 + ".csv"))
    assert caught.value.filename == str(tmp_path / ("a" * 300 + ".csv"))


def test_a_stream_gets_what_a_file_gets(archive, tmp_path):
    stream = io.BytesIO()
    done = archive.export("oil", stream, format="csv", bom=True)
    archive.export("oil", tmp_path / "o.csv", bom=True)

    assert stream.getvalue() == (tmp_path / "o.csv").read_bytes()
    assert (done.path, done.paragraphs) == ("-", 4)


@pytest.mark.parametrize("to", ["oil", "oil.txt", io.BytesIO()])
def test_a_target_that_tells_no_format_has_to_be_told_one(archive, tmp_path, monkeypatch, to):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(QueryError, match="tells no format"):
        archive.export("oil", to)


def test_an_empty_name_is_not_the_folder_one_is_in(archive, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(OutputRefused, match="found nothing"):
        archive.export("oil", "", format="md", force=True)
    assert not list(tmp_path.glob("*.md"))


def test_a_place_that_is_none_is_refused(archive, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    for to in (tmp_path / "no" / "o.csv", f"{tmp_path}/no/notes/", f"{tmp_path}/file/"):
        with pytest.raises(OutputRefused):
            archive.export("oil", to)


def test_the_format_goes_by_the_suffix_or_is_asked_for(archive, tmp_path):
    with pytest.raises(QueryError, match="jsonl, csv, md, csl"):
        archive.export("oil", tmp_path / "o.txt")
    with pytest.raises(QueryError, match="goes to a file"):
        archive.export("oil", f"{tmp_path}/notes/", format="csv")

    assert archive.export("oil", tmp_path / "o.txt", format="md").format == "md"


def test_names_of_files_are_safe_and_never_two_alike():
    ids = ["a/b", "a_b", "A_B", "../../etc/passwd", "…", "-", "x" * 500, "é.txt", "a\x1b\nb"]
    names = file_names(ids)

    assert len({name.casefold() for name in names.values()}) == len(ids)
    assert all("/" not in name and not name.startswith(".") for name in names.values())
    assert all(len(name.encode()) < 250 and name.isprintable() for name in names.values())
    assert names == file_names(reversed(ids))


def test_names_that_many_articles_share_stay_apart():
    ids = [f"{'x' * 90}{n}" for n, _ in zip(count(), range(50), strict=False)]

    assert len(set(file_names(ids).values())) == 50
