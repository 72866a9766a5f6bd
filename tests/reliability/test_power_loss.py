"""R2: a finished run survives power loss, and an unfinished one leaves the last commit."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

import searcher
from searcher.errors import IndexMissing
from searcher.indexing import index
from searcher.saved.store import SavedSearch, Store
from tests.indexing.archives import codecs
from tests.reliability.archive_states import (
    SCENARIOS,
    assert_no_junk,
    expected,
    scenario,
    state_of,
    write_state,
)
from tests.reliability.forks import fork, needs_fork, outcome
from tests.reliability.operations import needs_linux, told_of
from tests.reliability.power import Image, PowerCut, put_back

pytestmark = needs_linux


@pytest.mark.parametrize("codec", codecs())
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_cut_before_any_operation_leaves_the_old_index_or_the_new(tmp_path, name, codec, full):
    one = scenario(tmp_path / "one", name, codec)
    into = one.copy()
    power = PowerCut(into)
    images: dict[str, Image] = {}

    def told(operation: str, path: Path) -> None:
        if full or operation != "write":
            images.update((repr(sorted(image.items())), image) for image in power.images())
        power.told(operation, path)

    with told_of(told):
        one.run(into)
    last = list(power.images())
    assert len(images) > 10
    for image in list(images.values())[:: max(1, len(images) // (300 if full else 10))]:
        put_back(image, into)
        one.check_cut(into)
        one.check_next_run(into)
    for image in last:
        put_back(image, into)
        one.check_cut(into, acknowledged=True)


def test_the_simulated_disk_would_find_a_missing_sync(tmp_path):
    """Were the table of contents not synced, a cut could leave half of it."""
    one = scenario(tmp_path / "one", "add", "stock")
    into = one.copy()
    power = PowerCut(into)

    def told(operation: str, path: Path) -> None:
        if operation != "sync":
            power.told(operation, path)

    with told_of(told):
        one.run(into)
    (table,) = into.glob("*.toc")
    tables = {image.get(table.name) for image in power.images()}
    whole = table.read_bytes()
    assert {None, b"", whole, bytes(len(whole)), whole[: len(whole) // 2]} < tables


def test_saved_searches_survive_a_cut(tmp_path):
    folder = tmp_path / "index"
    folder.mkdir()
    store = Store(folder)
    with store.changing() as searches:
        searches["old"] = SavedSearch("old", "rain")
    power, images = PowerCut(folder), []

    def told(operation: str, path: Path) -> None:
        images.extend(power.images())
        power.told(operation, path)

    with told_of(told), store.changing() as searches:
        searches["new"] = SavedSearch("new", "hail")
    last = list(power.images())
    for image in images:
        put_back(image, folder)
        assert store.read().keys() in ({"old"}, {"old", "new"})
    for image in last:
        put_back(image, folder)
        assert store.read().keys() == {"old", "new"}
    with store.changing() as searches:
        del searches["old"]
    assert {path.name for path in folder.iterdir()} == {"searches.json", ".searches.lock"}


# A real file system.


@pytest.fixture
def disk(tmp_path: Path, full: bool) -> Iterator[tuple[Path, Path]]:
    """An ext4 file system in a file: (the file, where it is mounted)."""
    if not full:
        pytest.skip("only in full")
    image, mounted = tmp_path / "disk.img", tmp_path / "disk"
    mounted.mkdir()
    with image.open("wb") as file:
        file.truncate(48 << 20)
    try:
        subprocess.run(["mkfs.ext4", "-q", str(image)], check=True)
        subprocess.run(["mount", "-o", "loop", str(image), str(mounted)], check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("it takes root, mkfs.ext4 and a loop device")
    yield image, mounted
    subprocess.run(["umount", str(mounted)], check=True)


@needs_fork
def test_a_hundred_cuts_of_a_real_file_system_lose_no_finished_run(disk, tmp_path):
    """The file under a mounted file system is copied while a writer writes: a power cut."""
    image, mounted = disk
    copy, seen = tmp_path / "copy.img", tmp_path / "seen"
    seen.mkdir()
    chance = Random(2)  # noqa: S311 (it need not surprise anybody)
    for cut in range(100):
        codec = codecs()[cut % len(codecs())]
        work, told = mounted / f"{cut}", tmp_path / "told"
        told.write_bytes(b"")
        child = fork(lambda: _go_on(work, told, codec))  # noqa: B023
        while not told.stat().st_size:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.4))
        os.kill(child, signal.SIGSTOP)
        state = int(told.read_bytes().split()[-1])
        shutil.copyfile(image, copy)
        os.kill(child, signal.SIGKILL)
        outcome(child)
        subprocess.run(["mount", "-o", "loop", str(copy), str(seen)], check=True)
        try:
            found = state_of(seen / f"{cut}" / "index")
            assert found in (expected(state), expected(state + 1)), f"cut {cut}, state {state}"
            _complete(seen / f"{cut}")
        finally:
            subprocess.run(["umount", str(seen)], check=True)
            shutil.rmtree(work)


def _complete(work: Path) -> None:
    shutil.rmtree(work / "news")
    write_state(work / "news", 0)
    index([work / "news"], work / "index")
    assert state_of(work / "index") == {0}
    assert_no_junk(work / "index")


def _go_on(work: Path, told: Path, codec: str) -> None:
    state = 0
    with told.open("ab", buffering=0) as tell:
        while True:
            write_state(work / "news", state)
            index([work / "news"], work / "index", codec=codec, rebuild=state % 7 == 6)
            tell.write(b"%d\n" % state)
            state += 1


def test_a_folder_without_an_index_says_so_after_a_cut(tmp_path):
    """Power went before the first table of contents was there."""
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "_MAIN_0.toc.1700000000.5").write_bytes(b"")
    with pytest.raises(IndexMissing):
        searcher.open(tmp_path / "index")
