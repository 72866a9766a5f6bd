"""Lucene: a small Java program beside this module builds, answers and times itself.

Maven fetches the jars that pom.xml names into jars/, and javac compiles
the program when it is first used.  It needs Java 21 or newer; `JAVA_HOME` or the
newest of /usr/lib/jvm is taken.
"""

from __future__ import annotations

import os
import re
import subprocess
from functools import lru_cache
from pathlib import Path
from shutil import which
from typing import ClassVar

from benchmarks.passages import Corpus
from benchmarks.peers.base import Answer, Stored, Unsupported
from benchmarks.spec import Spec

_HERE = Path(__file__).parent
_JARS = _HERE / "jars"
_FETCH = "mvn -q -f benchmarks/peers/lucene/pom.xml dependency:copy-dependencies"
_LEAST_JAVA = 21
_OPTIONS = (
    "-Xmx2g",
    "-XX:+UseSerialGC",
    "--add-modules=jdk.incubator.vector",
    "--enable-native-access=ALL-UNNAMED",
)


class LucenePeer:
    """Lucene."""

    name = "lucene"
    cuts = True
    differs: ClassVar[dict[str, str]] = {}
    warm_rounds = 10

    def __init__(self, _: str = "") -> None: ...

    def missing(self) -> str:
        """Return why it can't be used."""
        if not _java():
            return f"there is no Java {_LEAST_JAVA} or newer. Install one, or set JAVA_HOME"
        return (
            "" if any(_JARS.glob("*.jar")) else f"its jars are missing. Fetch them with: {_FETCH}"
        )

    def version(self) -> str:
        """Return the version, of Java too."""
        core = next(_JARS.glob("lucene-core-*.jar")).stem.rpartition("-")[2]
        return f"Lucene {core} on Java {_release(_java())}"

    def build(self, corpus: Corpus, folder: Path, fields: str) -> None:
        """Index all passages, which the program reads from the table itself."""
        command = [*_command(), "build", str(folder), str(corpus.table), fields]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise OSError(done.stderr)

    def open(self, folder: Path, fields: str) -> LuceneSession:
        """Start the program on the index."""
        return LuceneSession(folder, fields)


peer = LucenePeer


class LuceneSession:
    """A running program."""

    def __init__(self, folder: Path, fields: str) -> None:
        command = [*_command(), "serve", str(folder), fields]
        pipe = subprocess.PIPE
        self._java = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
        )

    def ask(self, spec: Spec) -> Answer:
        """Answer, timed inside of the program."""
        if spec.newsroom or spec.snippets:
            raise Unsupported
        nanoseconds, total, *cells = self._said("\t".join(_cells(spec))).split("\t")
        hits = [
            Stored(cells[at], int(cells[at + 1]), cells[at + 2], cells[at + 3])
            for at in range(0, len(cells), 4)
        ]
        return Answer(int(total), hits, int(nanoseconds) / 1e9)

    def _said(self, line: str) -> str:
        assert self._java.stdin
        assert self._java.stdout
        self._java.stdin.write(line + "\n")
        self._java.stdin.flush()
        return self._java.stdout.readline().rstrip("\n")

    def stem(self, word: str) -> str:
        """Return the stem."""
        return self._said(f"?{word}")

    def pids(self) -> list[int]:
        """Return the program's."""
        return [self._java.pid]

    def close(self) -> None:
        """Let go of it."""
        assert self._java.stdin
        assert self._java.stdout
        self._java.stdin.close()
        self._java.stdout.close()
        self._java.wait(30)


def _cells(spec: Spec) -> list[str]:
    words = [" ".join(several) for several in (spec.all, spec.any, spec.none, spec.phrase)]
    return [*words, spec.prefix, spec.fuzzy, str(spec.since), str(spec.until), spec.desk]


def _command() -> list[str]:
    classes = _compiled()
    return [_java(), *_OPTIONS, "-cp", f"{_JARS}/*{os.pathsep}{classes}", "Peer"]


def _compiled() -> Path:
    """Compile the program where its class is missing or older than its source."""
    made, source = _JARS / "classes", _HERE / "Peer.java"
    found = made / "Peer.class"
    if not found.exists() or found.stat().st_mtime < source.stat().st_mtime:
        compiler = str(Path(_java()).with_name("javac"))
        subprocess.run([compiler, "-cp", f"{_JARS}/*", "-d", str(made), str(source)], check=True)
    return made


@lru_cache(maxsize=1)
def _java() -> str:
    """Return the path of a Java that is new enough; empty when there is none."""
    homes = [os.environ.get("JAVA_HOME", ""), *map(str, Path("/usr/lib/jvm").glob("*"))]
    found = [f"{home}/bin/java" for home in homes if home] + [which("java") or ""]
    usable = [one for one in found if Path(one).is_file() and _release(one) >= _LEAST_JAVA]
    return max(usable, key=_release, default="")


def _release(java: str) -> int:
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    return int(found.group(1)) if found else 0
