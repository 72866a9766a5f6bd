"""Broken files are counted and named; they never crash, and they never stall."""

import os
import pickle
import socket
import subprocess
import sys
import time
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.errors import ArticleError
from searcher.model import Article
from searcher.readers import (
    READERS,
    Found,
    ReadOptions,
    Skip,
    load,
    read,
    real_name,
    registry,
    safe_name,
    walk,
)
from searcher.readers.source import Source

from .conftest import source_of

MEGABYTE = 1 << 20


@pytest.mark.parametrize("suffix", READERS)
@given(
    content=st.binary(max_size=300)
    | st.text(max_size=300).map(lambda t: t.encode("utf-8", "replace"))
)
def test_arbitrary_bytes_are_read_or_skipped(suffix, content):
    for item in read(source_of(f"x{suffix}", content)):
        assert isinstance(item, Article | Skip)
        assert getattr(item, "reason", "") != "reader failed"


TOKENS = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<article>",
        "<",
        ">",
        "<!--",
        "---\n",
        "+++\n",
        "a: b\n",
        "# ",
        "\n",
        "[",
        "]",
        "{",
        "}",
        '"',
        '"title":',
        ",",
        ":",
        "<REUTERS >",
        "<BODY>",
        "</REUTERS>",
        "&#3;",
        "&lt;",
        "x",
        " ",
        "> ",
        "- ",
        "```\n",
        "title,text\n",
        "<TEXT>",
        "<script type=application/ld+json>",
        "</script>",
        "<br>",
        "1",
    ]
)


@pytest.mark.parametrize("suffix", [".md", ".html", ".json", ".jsonl", ".csv", ".sgm"])
@given(content=st.lists(TOKENS, max_size=40).map("".join))
def test_scraps_of_a_format_are_read_or_skipped(suffix, content):
    for item in read(source_of(f"x{suffix}", content)):
        assert getattr(item, "reason", "") != "reader failed"
        if isinstance(item, Article):
            assert all(
                b.text and 0 <= b.start_char <= b.end_char <= len(content) for b in item.blocks
            )


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".json", ".csv", ".sgm"])
@pytest.mark.parametrize(
    "part", [b" ", b"<", b"x", b"\n ", b"[", b"<a b='", b"*a", b"&#", b'"', b"<REUTERS "]
)
def test_a_megabyte_of_the_same_takes_linear_time(suffix, part):
    started = time.perf_counter()
    for _ in read(source_of(f"x{suffix}", part * (MEGABYTE // len(part) // 4))):
        pass
    assert time.perf_counter() - started < 10


@pytest.mark.parametrize(
    "content", [b"\xff\xd8\xff\xe0" + b"x" * 99, b"%PDF-1.7\n", bytes(range(256)) * 9]
)
def test_a_binary_file_is_not_text(skip_of, content):
    assert skip_of("x.txt", content).reason == "not text"


@pytest.mark.parametrize("content", [b"\0" * 999, b"a\0b\0\0c" * 99])
def test_a_file_of_nuls_is_not_text(skip_of, content):
    assert skip_of("x.txt", content).reason == "not text"


@pytest.mark.parametrize("suffix", READERS)
def test_an_empty_file_is_a_named_skip(skip_of, suffix):
    assert skip_of(f"x{suffix}", b"") == Skip(f"x{suffix}", "empty file", "0 bytes")
    assert skip_of("x.txt", b"\xef\xbb\xbf \n").reason == "no text"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("Café – rain".encode(), "utf-8"),
        ("\ufeffCafé – rain".encode(), "utf-8"),
        ("\ufeffCafé – rain".encode("utf-16-le"), "utf-16-le"),
        ("\ufeffCafé – rain".encode("utf-16-be"), "utf-16-be"),
        ("Café – rain".encode("utf-16-le"), "utf-16-le"),
        ("Café – rain".encode("cp1252"), "cp1252"),
    ],
)
def test_encodings_are_told_apart(content, encoding):
    source = source_of("x.txt", content)

    assert (source.text, source.encoding) == ("Café – rain", encoding)


def test_markup_declares_its_charset(read_one):
    page = (
        '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r"><main><p>Дождь</main>'
    )

    assert read_one("x.html", page.encode("koi8-r")).blocks[0].text == "Дождь"


def test_one_bad_byte_does_not_spoil_a_text_in_utf_8():
    source = source_of("x.txt", "Café – Дождь".encode() + b"\xff")

    assert source.text == "Café – Дождь\ufffd"


def test_deep_nesting_is_a_skip_or_a_success(read_all):
    assert read_all("x.json", "[" * 200_000)[0].reason == "nested too deeply"
    assert read_all("x.html", "<div>" * 50_000 + "Rain")[0].blocks[0].text == "Rain"


def test_too_many_paragraphs_are_a_skip(skip_of):
    assert skip_of("x.txt", "a\n\n" * 100_001).reason == "too many paragraphs"


def test_an_unknown_format_is_a_skip(skip_of):
    assert skip_of("x.txt", "Rain.", format="nitf").reason == "no reader"


def test_a_third_party_reader_is_found_by_its_entry_point(read_all, monkeypatch):
    """Its faults are its own: they become a Skip."""
    entry = EntryPoint(".nitf", "searcher.readers.text:read", "searcher.readers")
    broken = EntryPoint(".bad", "searcher.no_such_module:read", "searcher.readers")
    monkeypatch.setattr(registry, "_entry_points", lambda: {".nitf": entry, ".bad": broken})

    assert read_all("x.nitf", "It rained.")[0].blocks[0].text == "It rained."
    assert read_all("x.bad", "It rained.")[0].reason == "reader failed"


def test_importing_the_readers_loads_no_parser():
    """`searcher query --help` must not wait for formats that it doesn't read."""
    heavy = "yaml csv json html html.parser tomllib importlib.metadata trafilatura"
    code = (
        f"import sys, searcher.readers.walk as _; print(*set({heavy.split()}) & set(sys.modules))"
    )
    package = Path(__file__).parents[2] / "searcher"
    stub = f"import sys, types; p = types.ModuleType('searcher'); p.__path__ = [{str(package)!r}];"
    code = f"{stub} sys.modules['searcher'] = p; {code}"
    run = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True
    )

    assert run.stdout.split() == []


def test_options_travel_to_worker_processes():
    options = ReadOptions(mapping={"title": "headline"}, format="jsonl")

    assert pickle.loads(pickle.dumps(options)) == options  # noqa: S301


def names(folder: Path, **options: object) -> list[str]:
    found = walk([folder], ReadOptions(**options))
    return [item.path.name if isinstance(item, Found) else f"{item.reason}!" for item in found]


def test_a_folder_is_walked_in_one_order_and_every_file_is_accounted_for(tmp_path):
    for name in ("b.txt", "a/z.md", "a.html", ".hidden", "README.md", "x.bin", "old.txt~"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("Rain.")

    items = list(walk([tmp_path], ReadOptions()))
    assert [item.path.name for item in items if isinstance(item, Found)] == [
        "z.md",
        "a.html",
        "b.txt",
    ]
    skips = {Path(item.name).name: item for item in items if isinstance(item, Skip)}
    assert set(skips) == {".hidden", "README.md", "x.bin", "old.txt~"}
    assert all(skip.ignored for skip in skips.values())


def test_companions_of_reuters_are_no_articles_beside_it(tmp_path):
    for name in ("reut2-000.sgm", "all-orgs-strings.lc.txt", "lewis.dtd", "cat-descriptions_1.txt"):
        (tmp_path / name).write_text("x")

    found = [item for item in walk([tmp_path], ReadOptions()) if isinstance(item, Found)]
    assert [item.path.name for item in found] == ["reut2-000.sgm"]


def test_loops_of_links_come_to_an_end(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "self.txt").symlink_to("self.txt")

    assert names(tmp_path) == ["broken link!", "link to a folder!"]


def test_a_link_out_of_the_folder_is_never_opened(tmp_path):
    """A folder of articles from elsewhere must not make private files findable."""
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.txt").write_text("Rain.")
    (tmp_path / "in" / "x.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "in" / "y.txt").symlink_to("z.txt")
    (tmp_path / "in" / "z.txt").write_text("Sun.")

    assert names(tmp_path / "in") == ["link out of the folder!", "y.txt", "z.txt"]
    assert load(tmp_path / "in" / "x.txt", "x.txt").data == b"Rain."


def test_pipes_and_sockets_are_never_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(tmp_path / "socket.txt"))
        assert names(tmp_path) == ["not a regular file!"] * 2
    with pytest.raises(ArticleError, match="not a regular file"):
        load(tmp_path / "pipe.txt", "pipe.txt")


def test_a_name_that_is_not_utf_8_stays_printable(tmp_path):
    path = os.fsencode(tmp_path) + b"/caf\xe9\n.txt"
    Path(os.fsdecode(path)).write_bytes(b"Rain.")
    (found,) = walk([tmp_path], ReadOptions())

    assert isinstance(found, Found)
    source = load(found.path, found.path.name)
    assert source.name == "caf\\xe9\\n.txt"
    assert [item.id for item in read(source)] == [source.name]


def test_an_unreadable_folder_and_an_unreadable_file_are_named(tmp_path, monkeypatch):
    (tmp_path / "x.txt").write_text("Rain.")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(ArticleError) as caught:
        load(tmp_path / "x.txt", "x.txt")
    assert (caught.value.reason, caught.value.detail) == ("unreadable", "Permission denied")
    monkeypatch.setattr(os, "scandir", refuse)
    (skip,) = walk([tmp_path], ReadOptions())
    assert (skip.reason, skip.ignored) == ("unreadable folder", False)


def test_a_file_that_is_written_meanwhile_is_read_again_once(tmp_path, monkeypatch):
    path, real, reads = tmp_path / "x.txt", os.read, []
    path.write_text("Rain.")

    def grow(descriptor: int, size: int) -> bytes:
        reads.append(size)
        if len(reads) in growing:
            with path.open("a") as file:
                file.write("More.")
        return real(descriptor, size)

    growing = {1}
    monkeypatch.setattr(os, "read", grow)
    assert load(path, "x.txt").data == b"Rain.More."
    growing = set(range(999))
    with pytest.raises(ArticleError, match="changed while it was read"):
        load(path, "x.txt")


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path, monkeypatch):
    (tmp_path / "x.txt").write_bytes(b"x" * 11)
    monkeypatch.setattr(os, "read", lambda *_: pytest.fail("it was read"))

    with pytest.raises(ArticleError, match="too large"):
        load(tmp_path / "x.txt", "x.txt", max_bytes=10)


def test_a_file_by_name_is_taken_if_there_is_a_reader_or_a_format(tmp_path):
    for name in (".hidden.txt", "README.md", "data.bin"):
        (tmp_path / name).write_text("{}")

    assert names(tmp_path / ".hidden.txt") == [".hidden.txt"]
    assert names(tmp_path / "README.md") == ["README.md"]
    assert names(tmp_path / "data.bin") == ["no reader!"]
    assert names(tmp_path / "data.bin", format="jsonl") == ["data.bin"]


def test_a_root_that_is_missing_is_an_error(tmp_path):
    with pytest.raises(ArticleError, match="no such file or folder"):
        list(walk([tmp_path / "nowhere"], ReadOptions()))


def test_a_file_below_two_roots_comes_once(tmp_path):
    (tmp_path / "x.txt").write_text("Rain.")

    assert len(list(walk([tmp_path, tmp_path / "x.txt"], ReadOptions()))) == 1


def test_the_same_bytes_have_the_same_fingerprint():
    assert Source(Path("a"), "a", b"Rain.").sha256 == Source(Path("b"), "b", b"Rain.").sha256


@given(st.text(st.sampled_from("\\nrtxu0189abe\n\x1b\x85\x7f\u2028\udce9\udc85\ud800é/")))
def test_no_two_file_names_become_one(name):
    """A name that can be read back is one that no other name has."""
    assert real_name(safe_name(name)) == name


def test_an_ordinary_name_stays_as_it_is():
    assert safe_name("news/2026/Café (1).txt") == "news/2026/Café (1).txt"
    assert (safe_name("a\nb"), safe_name("a\\nb")) == ("a\\nb", "a\\\\nb")
