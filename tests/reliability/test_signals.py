"""Ctrl-C and SIGTERM end a run at the last commit, within a second, and leave no junk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from searcher.indexing import index
from tests.indexing.archives import codecs, paragraphs, recount, totals, write_lines
from tests.reliability.archive_states import assert_no_junk

ROOT = Path(__file__).parents[2]
CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}


@pytest.mark.parametrize("how", CODES)
@pytest.mark.parametrize("codec", codecs())
def test_a_signal_ends_a_run_within_a_second_at_the_last_commit(tmp_path, how, codec, full):
    news, into = tmp_path / "news", tmp_path / "index"
    write_lines(news / "a.jsonl", {"a": "Rain."})
    index([news], into, codec=codec)
    before = paragraphs(into)
    for file in range(40):
        stories = {f"{n}": "Hail and snow fell on the town. " * 20 for n in range(100)}
        write_lines(news / f"wire{file:02}.jsonl", stories)
    for round_ in range(8 if full else 1):
        line = ["index", str(news), "--index", str(into), "--codec", codec]
        process = subprocess.Popen(
            [sys.executable, "-m", "searcher", *line],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
        )
        while not (into / "searcher-writer.json").exists():
            assert process.poll() is None
            time.sleep(0.002)
        time.sleep(0.03 * round_)
        process.send_signal(how)
        sent = time.monotonic()
        said = process.communicate()[1].decode()
        took = time.monotonic() - sent

        assert process.returncode == CODES[how], said
        assert said.splitlines()[-1].startswith("searcher: interrupted; what was committed stays")
        assert "Traceback" not in said
        # Generous, since the machine may be busy; the figure of the page is measured when it isn't.
        assert took < 10
        print(f"{codec} {how.name}: ended after {took:.2f} s")
        assert paragraphs(into) == before
        assert totals(into) == recount(into)
        assert_no_junk(into)


def test_a_signal_ends_the_core_in_the_middle_of_a_write(tmp_path):
    """The core takes one long step of Python; it asks for signals before each write."""
    native = pytest.importorskip("searcher._native")
    news, into = tmp_path / "news", tmp_path / "index"
    write_lines(news / "a.jsonl", {str(n): "Rain." for n in range(50)})

    def told(operation: str, path: Path) -> None:
        if operation == "write" and path.suffix == ".tmp":
            os.kill(os.getpid(), signal.SIGINT)

    native.watch_files(told)
    try:
        with pytest.raises(KeyboardInterrupt):
            index([news], into)
    finally:
        native.watch_files(None)
    assert recount(into)["documents"] == 0
    assert_no_junk(into)
    assert index([news], into).added.articles == 50
