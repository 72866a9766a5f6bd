"""A run that is cut short leaves the last commit, and the next one goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from searcher.errors import IndexLocked
from searcher.indexing import index, open_index
from searcher.indexing.lock import NOTE_NAME, write_lock
from tests.indexing.archives import find, paragraphs, recount, totals, write_lines, write_reuters

ROOT = Path(__file__).parents[2]


@pytest.fixture
def news(tmp_path: Path) -> Path:
    for file in range(6):
        stories = {str(n): f"Rain {n} fell.\n\nStory of file{file}." for n in range(40)}
        write_reuters(tmp_path / "news" / f"wire{file}.sgm", stories)
    return tmp_path / "news"


def stop_after(files: int):
    def progress(state):
        if state.files_done >= files:
            raise KeyboardInterrupt

    return progress


def test_ctrl_c_leaves_the_last_commit_and_the_next_run_completes(news, tmp_path):
    into = tmp_path / "index"
    with pytest.raises(KeyboardInterrupt):
        index([news], into, commit_every=50, progress=stop_after(3))

    done = recount(into)
    assert 0 < done["articles"] < 240
    assert totals(into) == done
    report = index([news], into, commit_every=50)
    assert report.added.articles == 240 - done["articles"]
    index([news], tmp_path / "fresh")
    assert paragraphs(into) == paragraphs(tmp_path / "fresh")


def test_ctrl_c_before_the_first_commit_leaves_an_empty_index(news, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        index([news], tmp_path / "index", progress=stop_after(2))

    assert recount(tmp_path / "index")["documents"] == 0
    left = {p.name for p in (tmp_path / "index").iterdir()}
    assert left == {"MAIN_WRITELOCK", "_MAIN_0.toc"}
    assert index([news], tmp_path / "index").added.articles == 240


def test_ctrl_c_ends_a_run_with_workers(news, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        index([news], tmp_path / "index", jobs=2, commit_every=50, progress=stop_after(3))

    assert totals(tmp_path / "index") == recount(tmp_path / "index")


def test_ctrl_c_in_a_rebuild_leaves_the_old_answers(news, tmp_path):
    index([news], tmp_path / "index")
    write_reuters(news / "wire0.sgm", {"1": "Snow."})
    with pytest.raises(KeyboardInterrupt):
        index([news], tmp_path / "index", rebuild=True, progress=stop_after(4))

    assert not find(tmp_path / "index", "snow")
    assert recount(tmp_path / "index")["articles"] == 240


def child(code: str, *arguments: object) -> subprocess.Popen[bytes]:
    source = "from searcher.indexing import index\nimport sys, time, os\n" + textwrap.dedent(code)
    return subprocess.Popen(
        [sys.executable, "-c", source, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    )


SLOW = """
def progress(state):
    print(state.files_done, flush=True)
    time.sleep(0.02)
index([sys.argv[1]], sys.argv[2], commit_every=50, rebuild=sys.argv[3] == "rebuild",
      progress=progress)
"""


@pytest.mark.parametrize("files", [2, 4])
def test_kill_9_leaves_the_last_commit_and_the_next_run_completes(news, tmp_path, files):
    into = tmp_path / "index"
    process = child(SLOW, news, into, "")
    for _ in range(files):
        process.stdout.readline()
    process.kill()
    process.communicate()

    assert totals(into) == recount(into)
    assert index([news], into).total.articles == 240
    assert totals(into) == recount(into)
    assert not (into / NOTE_NAME).exists()
    assert not (into / "MAIN.tmp").exists()


def test_kill_9_in_a_rebuild_leaves_the_old_answers(news, tmp_path):
    into = tmp_path / "index"
    index([news], into)
    old = paragraphs(into)
    write_reuters(news / "wire0.sgm", {"1": "Snow."})
    process = child(SLOW, news, into, "rebuild")
    for _ in range(3):
        process.stdout.readline()
    process.kill()
    process.communicate()

    assert paragraphs(into) == old
    assert index([news], into).total.articles == 201
    assert totals(into) == recount(into)


HOLDER = """
from searcher.indexing.lock import write_lock
from pathlib import Path
with write_lock(Path(sys.argv[1]), 0):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def test_a_second_writer_says_who_holds_the_lock(news, tmp_path):
    into = tmp_path / "index"
    index([news], into)
    write_lines(news / "new.jsonl", {"a": "Hail."})
    process = child(HOLDER, into, 30)
    process.stdout.readline()
    try:
        with pytest.raises(IndexLocked, match=rf"process {process.pid} on .+ since \d{{4}}-"):
            index([news], into, wait_s=0.2)
        assert recount(into)["articles"] == 240, "a reader is not blocked"
        assert not index([news], into, wait_s=0, dry_run=True).wrote
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert (into / NOTE_NAME).exists(), "killed, the holder could not remove its note"
    assert index([news], into, wait_s=0).added.articles == 1


def test_a_second_writer_waits_for_the_first(news, tmp_path):
    into = tmp_path / "index"
    index([news], into)
    write_lines(news / "new.jsonl", {"a": "Hail."})
    process = child(HOLDER, into, 0.5)
    process.stdout.readline()
    started = time.monotonic()

    assert index([news], into, wait_s=20).added.articles == 1
    assert time.monotonic() - started > 0.2
    process.communicate()


def test_a_writer_that_is_not_searcher_is_called_that(news, tmp_path):
    index([news], tmp_path / "index")
    write_lines(news / "new.jsonl", {"a": "Hail."})
    writer = open_index(tmp_path / "index").writer()
    try:
        with pytest.raises(IndexLocked, match="a program other than searcher"):
            index([news], tmp_path / "index", wait_s=0)
    finally:
        writer.cancel()


def test_a_run_that_another_overtook_starts_over(news, tmp_path):
    """It decided on what the index held before the other run committed."""
    into = tmp_path / "index"
    write_lines(news / "aaa.jsonl", {"x": "First."})
    index([news], into)
    write_lines(news / "new.jsonl", {"a": "Hail.", "b": "Fog."})
    os.utime(news / "aaa.jsonl")
    overtaken = False

    def overtake(state):
        nonlocal overtaken
        if not overtaken:
            overtaken = True
            index([news], into)

    report = index([news], into, progress=overtake)

    assert overtaken
    assert totals(into) == recount(into)
    assert report.total.articles == 243
    assert (report.added.articles, report.unchanged.articles) == (0, 243)


def test_the_note_names_the_writer(tmp_path):
    with write_lock(tmp_path, 0):
        note = json.loads((tmp_path / NOTE_NAME).read_text(encoding="utf-8"))
        assert note["pid"] == os.getpid()
    assert not (tmp_path / NOTE_NAME).exists()


WITH_WORKERS = """
import multiprocessing
def progress(state):
    print(*(worker.pid for worker in multiprocessing.active_children()), flush=True)
    time.sleep(60)
if __name__ == "__main__":
    index([sys.argv[1]], sys.argv[2], jobs=2, progress=progress)
"""


def is_running(pid: int) -> bool:
    """Tell whether a process runs; one that ended but wasn't waited for doesn't."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] not in "ZX"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="it looks at /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_workers_end_with_the_run_that_was_killed(news, tmp_path, how):
    """They would wait for work for ever, with all that they have in memory."""
    process = child(WITH_WORKERS, news, tmp_path / "index")
    workers = [int(pid) for pid in process.stdout.readline().split()]
    assert workers and all(map(is_running, workers))
    process.send_signal(how)
    process.wait()
    until = time.monotonic() + 10
    while any(map(is_running, workers)) and time.monotonic() < until:
        time.sleep(0.05)

    assert not any(map(is_running, workers))
    process.stdout.close()
