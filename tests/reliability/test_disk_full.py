"""R3: a failed run changes nothing, says so in one line, and the next one works."""

from __future__ import annotations

import errno
import gc
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from searcher.cli.app import cli
from searcher.errors import IndexNotWritten
from searcher.indexing import index
from tests.indexing.archives import codecs, write_lines
from tests.reliability.archive_states import SCENARIOS, Scenario, scenario, state_of
from tests.reliability.forks import fork, needs_fork, outcome
from tests.reliability.operations import count, needs_linux, told_of

pytestmark = needs_linux

WRITING = ("create", "write", "sync", "rename")


def files_of(folder: Path) -> dict[str, bytes]:
    """Return name and bytes of what is in the folder of an index, but for its lock."""
    if not folder.exists():
        return {}
    found = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    found.pop("MAIN_WRITELOCK", None)
    return found


def command(one: Scenario, name: str, codec: str, into: Path) -> Result:
    """Run the scenario's `searcher index` as a user does."""
    options = ["--rebuild"] if name == "rebuild" else []
    line = ["index", str(one.news), "--index", str(into), "--codec", codec, *options]
    return CliRunner().invoke(cli, line)


def check_failed(one: Scenario, result: Result, into: Path) -> None:
    """Check that a failed run has changed nothing, and a finished one all."""
    if result.exit_code == 0:
        assert state_of(into) == one.after
        return
    assert result.exit_code == 70
    (line,) = result.stderr.splitlines()
    assert "the index can't be written" in line and "index again" in line
    if one.before:
        assert files_of(into) == files_of(one.base)
    else:
        assert set(files_of(into)) <= {"_MAIN_0.toc"}, "a first run leaves an empty index, or none"


@pytest.mark.parametrize("codec", codecs())
@pytest.mark.parametrize("name", SCENARIOS)
def test_an_operation_that_fails_once_fails_the_run_and_changes_nothing(
    tmp_path, name, codec, full
):
    one = scenario(tmp_path / "one", name, codec)
    into = one.copy()
    points = count(lambda: command(one, name, codec, into))
    failed = 0
    for point in range(0, points, 1 if full else points // 6):
        for number in (errno.ENOSPC, errno.EIO):
            one.copy()
            with told_of(failing(point, number, lasts=False)):
                result = command(one, name, codec, into)
            check_failed(one, result, into)
            failed += result.exit_code != 0
            one.check_next_run(into)
    assert failed > 2


@pytest.mark.parametrize("codec", codecs())
def test_a_disk_that_stays_full_changes_nothing(tmp_path, codec, full):
    one = scenario(tmp_path / "one", "merge", codec)
    into = one.copy()
    points = count(lambda: command(one, "merge", codec, into))
    for point in range(0, points, 1 if full else points // 6):
        one.copy()
        with told_of(failing(point, errno.ENOSPC, lasts=True)):
            result = command(one, "merge", codec, into)
        check_failed(one, result, into)
        one.check_next_run(into)


def failing(point: int, number: int, *, lasts: bool) -> Callable[[str, Path], None]:
    """Return what fails operation `point`; with `lasts` also all that write after it."""
    seen = -1

    def told(operation: str, path: Path) -> None:
        nonlocal seen
        seen += 1
        if seen == point or (lasts and seen > point and operation in WRITING):
            raise OSError(number, os.strerror(number), str(path))

    return told


@needs_fork
@pytest.mark.parametrize("codec", codecs())
def test_a_limit_on_the_size_of_files_changes_nothing(tmp_path, codec, full):
    """The system itself refuses, in the middle of a write: steps of 4 KiB until a run fits."""
    resource = pytest.importorskip("resource")
    one = scenario(tmp_path / "one", "merge", codec)
    into = one.copy()
    limit, step, fits = 0, 4096 if full else 8192, False
    while not fits:
        one.copy()

        def run_limited(limit: int = limit) -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            try:
                one.run(into)
            except IndexNotWritten:
                os._exit(70)

        code = outcome(fork(run_limited))
        fits = code == 0
        assert code in (0, 70)
        if not fits:
            assert files_of(into) == files_of(one.base)
        limit += step
    one.check_next_run(into)


# A file system that fills up.


@pytest.fixture
def tmpfs(tmp_path: Path, full: bool) -> Iterator[Path]:
    """A small file system in memory."""
    if not full:
        pytest.skip("only in full")
    place = tmp_path / "small"
    place.mkdir()
    try:
        mount = ["mount", "-t", "tmpfs", "-o", "size=64m", "none", str(place)]
        subprocess.run(mount, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("it takes root and tmpfs")
    yield place
    gc.collect()  # a file that is mapped keeps the file system busy
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("codec", codecs())
@pytest.mark.parametrize("name", ["add", "merge", "rebuild"])
def test_free_space_grows_until_the_run_fits(tmpfs, codec, name):
    one = scenario(tmpfs / "one", name, codec)
    fits, free = False, 0
    while not fits:
        resized(tmpfs, "64m")
        into = one.copy()
        filled(tmpfs, free)
        result = command(one, name, codec, into)
        check_failed(one, result, into)
        fits = result.exit_code == 0
        (tmpfs / "filler").unlink()
        one.check_next_run(into)
        free += 4096
    assert free > 4096


def resized(place: Path, size: str) -> None:
    """Give the file system another size."""
    subprocess.run(["mount", "-o", f"remount,size={size}", str(place)], check=True)


def filled(place: Path, free: int) -> None:
    """Leave so many bytes free."""
    usage = shutil.disk_usage(place)
    with (place / "filler").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, usage.free - free))


def test_a_folder_that_may_not_be_written_is_one_line(tmp_path, monkeypatch):
    """The refusal is injected, because root may write anywhere."""
    write_lines(tmp_path / "news" / "a.jsonl", {"a": "Rain."})
    index([tmp_path / "news"], tmp_path / "index")
    write_lines(tmp_path / "news" / "b.jsonl", {"b": "Hail."})

    def refuse(folder: Path) -> int:
        raise PermissionError(errno.EACCES, "Permission denied", str(folder / "MAIN_WRITELOCK"))

    monkeypatch.setattr("searcher.indexing.disk.file_mode", refuse)
    with pytest.raises(IndexNotWritten, match="MAIN_WRITELOCK: Permission denied"):
        index([tmp_path / "news"], tmp_path / "index")
