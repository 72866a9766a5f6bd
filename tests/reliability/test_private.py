"""Who may read an index, and where searcher writes."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

import searcher
from searcher.saved.store import SavedSearch, Store
from tests.indexing.archives import codecs, write_lines

pytestmark = pytest.mark.skipif(os.name == "nt", reason="other systems have other permissions")


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def modes(folder: Path) -> set[int]:
    """Return the modes of all files in a folder."""
    return {mode(path) for path in folder.rglob("*") if path.is_file()}


def write_index(tmp_path: Path, codec: str) -> Path:
    """Index an archive twice, and save a search."""
    into = tmp_path / "index"
    for word in ("rain", "hail"):
        write_lines(tmp_path / "news" / f"{word}.jsonl", {word: word})
        searcher.index([tmp_path / "news"], into, codec=codec)
    with Store(into).changing() as searches:
        searches["rain"] = SavedSearch("rain", "rain")
    return into


@pytest.mark.parametrize("codec", codecs())
def test_a_new_index_is_its_owners_alone(tmp_path, codec):
    into = write_index(tmp_path, codec)

    assert mode(into) == 0o700
    assert modes(into) == {0o600}


@pytest.mark.parametrize("codec", codecs())
@pytest.mark.parametrize(("chosen", "files"), [(0o755, 0o644), (0o750, 0o640), (0o700, 0o600)])
def test_a_folder_that_is_there_stays_as_open_as_it_is(tmp_path, codec, chosen, files):
    """Whoever made the folder chose who may look; the umask still holds."""
    (tmp_path / "index").mkdir()
    (tmp_path / "index").chmod(chosen)
    into = write_index(tmp_path, codec)

    assert mode(into) == chosen
    assert modes(into) == {files}


def test_a_backup_is_its_owners_alone(tmp_path):
    (tmp_path / "index").mkdir()
    made = searcher.backup(write_index(tmp_path, codecs()[0]), tmp_path / "copy")

    assert mode(Path(made.path)) == 0o700
    assert modes(Path(made.path)) == {0o600}


@pytest.mark.parametrize("codec", codecs())
def test_nothing_is_written_outside_the_index(tmp_path, codec, monkeypatch):
    """Not beside the articles, and not in the system's place for temporary files either."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(elsewhere))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr("searcher.indexing.codecs.LIMIT_BYTES", 1 << 16)
    news, into = tmp_path / "news", tmp_path / "index"
    write_lines(news / "a.jsonl", {str(n): f"Rain{n} fell on {n}." for n in range(500)})
    stamps = {path: path.stat().st_mtime_ns for path in (tmp_path, news, elsewhere)}
    into.mkdir()
    stamps[tmp_path] = tmp_path.stat().st_mtime_ns
    searcher.index([news], into, codec=codec)
    searcher.index([news], into, codec=codec, rebuild=True)
    with searcher.open(into) as archive:
        assert archive.count("rain1") == 1

    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps
    assert not list(elsewhere.iterdir())
    assert {path.name for path in news.iterdir()} == {"a.jsonl"}
