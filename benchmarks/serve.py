"""One engine in a process of its own, so that its memory is its own and no other's.

    python -m benchmarks.serve build ENGINE CORPUS FOLDER FIELDS     builds; prints Built as JSON
    python -m benchmarks.serve first ENGINE FOLDER FIELDS SPEC       prints ten hits: the cold start
    python -m benchmarks.serve answer ENGINE FOLDER FIELDS           answers on its standard input

Asked for on a line of standard input, given back on one of standard output:

    a Spec as JSON    {"took_s", "total", "ids", "chars", "snippets"}, or {"unsupported": true}
    "memory"          {"peak_bytes", "bytes"}
    "stem WORD"       {"stem"}
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.passages import Corpus, opened
from benchmarks.peers import peer
from benchmarks.peers.base import Session, Unsupported
from benchmarks.spec import spec_of


def main() -> None:
    """Do what the command line says."""
    commands: dict[str, Callable[..., None]] = {"build": _build, "first": _first, "answer": _answer}
    commands[sys.argv[1]](*sys.argv[2:])


def _build(engine: str, corpus: str, folder: str, fields: str) -> None:
    read: Corpus = opened(Path(corpus))
    started = time.perf_counter()
    peer(engine).build(read, Path(folder), fields)
    took = time.perf_counter() - started
    print(json.dumps({"took_s": took, "peak_bytes": max(_memory("VmHWM", "self"), _children())}))


def _first(engine: str, folder: str, fields: str, spec: str) -> None:
    session = peer(engine).open(Path(folder), fields)
    for hit in session.ask(spec_of(json.loads(spec))).hits:
        print(hit.id, hit.date, hit.section, hit.text)
    session.close()


def _answer(engine: str, folder: str, fields: str) -> None:
    session = peer(engine).open(Path(folder), fields)
    for line in sys.stdin:
        said: dict[str, Any]
        if line.startswith("stem "):
            said = {"stem": session.stem(line[5:].strip())}
        elif line == "memory\n":
            processes = ["self", *map(str, session.pids())]
            said = {
                "peak_bytes": max(_memory("VmHWM", one) for one in processes),
                "bytes": max(_memory("VmRSS", one) for one in processes),
            }
        else:
            said = _asked(session, line)
        print(json.dumps(said), flush=True)
    session.close()


def _asked(session: Session, line: str) -> dict[str, Any]:
    spec = spec_of(json.loads(line))
    started = time.perf_counter()
    try:
        answer = session.ask(spec)
    except Unsupported:
        return {"unsupported": True}
    took = time.perf_counter() - started
    return {
        "took_s": took if answer.took_s is None else answer.took_s,
        "total": answer.total,
        "ids": [hit.id for hit in answer.hits],
        "chars": sum(len(hit.text) for hit in answer.hits),
        "snippets": sum(bool(hit.snippet) for hit in answer.hits),
    }


def _memory(figure: str, process: str) -> int:
    """Return a figure of Linux's /proc in bytes; 0 where there is none."""
    try:
        lines = Path("/proc", process, "status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    found = [line.split()[1] for line in lines if line.startswith(f"{figure}:")]
    return int(found[0]) * 1024 if found else 0


def _children() -> int:
    """Return the peak of the largest process that this one has waited for."""
    import resource

    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


if __name__ == "__main__":
    main()
