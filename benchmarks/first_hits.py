"""The cold start of every engine: a fresh process that prints ten hits of a rare word.

`python -c pass` and `import click` stand beside it, and `harness`, which is
all of an engine's program but the engine.  Lucene's is a Python that starts a
Java.  `searcher query` is the command that users type.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from statistics import median

from benchmarks.cold import Command, turns
from benchmarks.engines import as_json, command, index_folder
from benchmarks.passages import Corpus
from benchmarks.peers.searcher import query_string
from benchmarks.spec import Spec

_HARNESS = "import benchmarks.serve"


def first_hits(
    corpus: Corpus, engines: Sequence[str], spec: Spec, fields: str, runs: int
) -> dict[str, float]:
    """Return command -> seconds, the median of some interleaved turns."""
    commands = [
        Command("python -c pass", [sys.executable, "-c", "pass"]),
        Command("python -c 'import click'", [sys.executable, "-c", "import click"]),
        Command("harness alone", [sys.executable, "-c", _HARNESS]),
    ]
    for name in engines:
        folder = str(index_folder(name, corpus, fields))
        commands.append(Command(name, command("first", name, folder, fields, as_json(spec))))
        if name.startswith("searcher-"):
            argv = [sys.executable, "-m", "searcher", "query", query_string(spec)]
            commands.append(Command(f"searcher query, {name}", [*argv, "-i", f"{folder}/index"]))
    measured = turns(commands, runs)
    return {one.name: median(turn[at] for turn in measured) for at, one in enumerate(commands)}
