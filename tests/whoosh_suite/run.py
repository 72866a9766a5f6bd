"""Whoosh's own test suite, with the native codec and searcher as Whoosh's default.

    python tests/whoosh_suite/run.py [--stock-searcher] [OPTION OF PYTEST]...

It fetches the source distribution of the installed Whoosh with pip, runs its
tests in a temporary folder, and exits 0 if exactly those fail that README.md
lists.  Tests of files that the distribution lacks (examples, a web site) are
left out: they fail with Whoosh's own codec too.  With --stock-searcher Whoosh's
own Searcher steps through the native codec's matchers.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tempfile
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
STOCK = "--stock-searcher"
NOT_IN_THE_SDIST = ("test_bump_version_script", "test_site_version_sync", "test_example")


def main(options: list[str]) -> int:
    """Run the suite; 0 if what fails is what README.md lists."""
    if stock := STOCK in options:
        options = [option for option in options if option != STOCK]
        os.environ["SEARCHER"] = "stock"
    expected = listed(stock)
    # A part of the suite has to pass whole: what README.md lists is left out of it.
    left_out = [f"--deselect=tests/{name}" for name in sorted(expected) if options]
    with tempfile.TemporaryDirectory() as folder:
        found = failures(fetched(Path(folder)), [*options, *left_out])
    for name in sorted(found - expected):
        print(f"fails, and README.md doesn't list it: {name}")
    # With options some tests may not have run.
    for name in sorted(expected - found) if not options else ():
        print(f"passes, and README.md says that it fails: {name}")
    return int(found != expected) if not options else int(bool(found - expected))


def listed(stock: bool) -> set[str]:
    """Return the tests that README.md lists, without those of the native searcher if `stock`."""
    lines = (HERE / "README.md").read_text("utf-8").splitlines()
    rows = (line for line in lines if not (stock and "native searcher" in line))
    return {name for row in rows for name in re.findall(r"`(test_\w+\.py::\w+)`", row)}


def fetched(folder: Path) -> Path:
    """Return the unpacked source distribution of the installed Whoosh."""
    wanted = f"whoosh3=={version('whoosh3')}"
    pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:"]
    subprocess.run([*pip, "-d", str(folder), wanted], check=True)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as file:
        file.extractall(folder)  # noqa: S202
    return next(path.parent for path in folder.glob("*/tests"))


def failures(source: Path, options: list[str]) -> set[str]:
    """Run the tests of a source distribution and return the names of those that fail."""
    ignored = [
        f"--ignore={path}"
        for path in (source / "tests").glob("test_*.py")
        if path.name.startswith(NOT_IN_THE_SDIST)
    ]
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", str(source)]
    command += ["-q", "-rfE", "-p", "no:cacheprovider", *ignored, *options, "tests"]
    paths = os.pathsep.join((str(ROOT), str(HERE)))
    done = subprocess.run(
        command,
        cwd=source,
        env={**os.environ, "PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    print(done.stdout)
    if done.returncode not in (0, 1):
        raise SystemExit(f"pytest ended with {done.returncode}")
    return set(re.findall(r"^(?:FAILED|ERROR) tests/(\S+)", done.stdout, re.MULTILINE))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
