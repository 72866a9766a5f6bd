"""Engines as child processes that are built, asked and let go.

Each engine runs in a process of its own: its memory can be read, its garbage
collector and its threads are no other's, and Lucene, which needs a Java, is
asked in the same way as all.  The pipe is not in the times, for the child
times itself.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.passages import Corpus
from benchmarks.peers import peer
from benchmarks.spec import Spec


@dataclass(frozen=True)
class Built:
    """What building an index took.

    Attributes:
        took_s: seconds, reading the corpus included.
        peak_bytes: most memory resident at once.
        size_bytes: of the files.
    """

    took_s: float
    peak_bytes: int
    size_bytes: int


class Failed(Exception):
    """An engine's process ended; what it said stands above it on standard error."""


def built(engine: str, corpus: Corpus, fields: str, *, again: bool = False) -> Built:
    """Build an engine's index beside the corpus, or read what that took when it is there.

    An index of another version of the engine is built again.

    Raises:
        Failed: the engine couldn't.
    """
    folder, version = index_folder(engine, corpus, fields), peer(engine).version()
    done = folder.with_suffix(".json")
    if done.exists() and not again:
        known = json.loads(done.read_text(encoding="utf-8"))
        if known.pop("version") == version:
            return Built(**known)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    said = _said("build", engine, str(corpus.folder), str(folder), fields)
    made = Built(**json.loads(said), size_bytes=_size(folder))
    done.write_text(json.dumps({**asdict(made), "version": version}), encoding="utf-8")
    return made


def index_folder(engine: str, corpus: Corpus, fields: str) -> Path:
    """Return the folder of an engine's index."""
    return corpus.folder / "indexes" / f"{engine}-{fields}"


def command(*arguments: str) -> list[str]:
    """Return the command line of benchmarks.serve."""
    return [sys.executable, "-m", "benchmarks.serve", *arguments]


def as_json(spec: Spec) -> str:
    """Return a spec on one line."""
    return json.dumps({name: value for name, value in asdict(spec).items() if value})


class Asked:
    """An engine that is up and answers; use it in a `with`."""

    def __init__(self, engine: str, folder: Path, fields: str) -> None:
        self.engine = engine
        pipe = subprocess.PIPE
        self._child = subprocess.Popen(
            command("answer", engine, str(folder), fields), stdin=pipe, stdout=pipe, text=True
        )

    def __enter__(self) -> Asked:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._child.stdin
        assert self._child.stdout
        # What an engine that died didn't read can't be flushed any more.
        with suppress(BrokenPipeError):
            self._child.stdin.close()
        self._child.wait(30)
        self._child.stdout.close()

    def ask(self, spec: Spec) -> dict[str, Any]:
        """Return what benchmarks.serve says to a spec."""
        said: dict[str, Any] = self._said(as_json(spec))
        return said

    def memory(self) -> dict[str, int]:
        """Return peak_bytes and bytes."""
        said: dict[str, int] = self._said("memory")
        return said

    def stem(self, word: str) -> str:
        """Return the engine's stem of an exact form."""
        return str(self._said(f"stem {word}")["stem"])

    def _said(self, line: str) -> Any:
        assert self._child.stdin
        assert self._child.stdout
        with suppress(BrokenPipeError):
            self._child.stdin.write(line + "\n")
            self._child.stdin.flush()
        said = self._child.stdout.readline()
        if not said:
            raise Failed(f"{self.engine} ended on: {line}")
        return json.loads(said)


def _said(*arguments: str) -> str:
    done = subprocess.run(command(*arguments), stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise Failed(f"{arguments[1]} could not {arguments[0]}; its error stands above")
    return done.stdout


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
