"""`searcher backup`: a whole copy of one commit, or nothing at all."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import searcher
from searcher.cli.app import cli
from searcher.errors import IndexMissing, IndexUnreadable, OutputRefused
from searcher.saved.store import SavedSearch, Store
from tests.indexing.archives import codecs, paragraphs, write_lines
from tests.reliability.archive_states import assert_no_junk
from tests.reliability.operations import at, count, needs_linux, told_of


@pytest.fixture(params=codecs())
def into(request, tmp_path: Path) -> Path:
    """An index of two commits."""
    for word in ("rain", "hail"):
        write_lines(tmp_path / "news" / f"{word}.jsonl", {word: f"{word} fell."})
        searcher.index([tmp_path / "news"], tmp_path / "index", codec=request.param)
    return tmp_path / "index"


def command(*line: object) -> Result:
    return CliRunner().invoke(cli, [str(part) for part in line])


def test_a_copy_is_an_index_like_any_other(into, tmp_path):
    (into / "synonyms.txt").write_text("rain, hail\n", encoding="utf-8")
    with Store(into).changing() as searches:
        searches["weather"] = SavedSearch("weather", "rain OR hail")
    result = command("backup", tmp_path / "copy", "-i", into, "--format", "json")

    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["path"] == str(tmp_path / "copy")
    assert paragraphs(tmp_path / "copy") == paragraphs(into)
    assert Store(tmp_path / "copy").read() == Store(into).read()
    with searcher.open(tmp_path / "copy") as archive:
        assert archive.search("rain").articles == 2, "with its synonyms"


def test_a_copy_holds_the_newest_commit_alone(into, tmp_path):
    (into / "MAIN_zzzz.nat.tmp").write_bytes(b"left by a killed run")
    searcher.backup(into, tmp_path / "copy")

    assert_no_junk(tmp_path / "copy")


def test_a_lost_index_is_restored_from_its_copy(into, tmp_path):
    searcher.backup(into, tmp_path / "copy")
    before = paragraphs(into)
    shutil.rmtree(into)
    assert command("backup", into, "-i", tmp_path / "copy").exit_code == 0

    assert paragraphs(into) == before
    assert not searcher.index([tmp_path / "news"], into).wrote, "it knows its sources again"


def test_a_folder_with_anything_in_it_is_never_touched(into, tmp_path):
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "thesis.doc").write_text("years of work", encoding="utf-8")
    (tmp_path / "file").write_text("work too", encoding="utf-8")
    for place in (taken, tmp_path / "file", into):
        with pytest.raises(OutputRefused, match="there is something already"):
            searcher.backup(into, place)
    assert (taken / "thesis.doc").read_text(encoding="utf-8") == "years of work"
    assert command("backup", taken, "-i", into).exit_code == 2
    (tmp_path / "empty").mkdir()
    searcher.backup(into, tmp_path / "empty")


def test_no_index_is_no_copy(tmp_path):
    with pytest.raises(IndexMissing):
        searcher.backup(tmp_path / "nowhere", tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


@pytest.mark.skipif(len(codecs()) == 1, reason="the native core isn't built")
def test_a_damaged_index_is_not_copied(into, tmp_path):
    """A copy of damage, put in place of an older good copy, would be worse than none."""
    segments = [path for path in into.glob("*.nat") if path.stat().st_size]
    if not segments:
        pytest.skip("segments of Whoosh have no checksums")
    content = bytearray(segments[0].read_bytes())
    content[len(content) // 3] ^= 1
    segments[0].write_bytes(bytes(content))
    with pytest.raises(IndexUnreadable, match=segments[0].name):
        searcher.backup(into, tmp_path / "copy")
    assert {path.name for path in tmp_path.iterdir()} == {"news", "index"}


@needs_linux
def test_a_copy_that_fails_leaves_nothing(into, tmp_path):
    place = tmp_path / "backups" / "copy"
    points = count(lambda: searcher.backup(into, place))
    for point in range(points):
        shutil.rmtree(place.parent)

        def fail() -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(place))

        with told_of(at(point, fail)):
            result = command("backup", place, "-i", into)
        left = {path.name for path in place.parent.iterdir()}
        if result.exit_code:
            assert result.exit_code == 70
            assert len(result.stderr.splitlines()) == 1
            assert not left
        else:
            assert left == {"copy"}
            assert paragraphs(place) == paragraphs(into)
