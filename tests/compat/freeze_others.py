"""Write small indexes with other distributions of Whoosh, each in a process of its own.

    python -m tests.compat.freeze_others

It fetches them from a package index.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent / "others"

DISTRIBUTIONS = {
    "whoosh-2.7.4": ("Whoosh==2.7.4",),
    "whoosh-reloaded-2.7.5": ("Whoosh-Reloaded==2.7.5", "cached-property"),
    "whoosh-ng-5.4.0": ("whoosh-ng==5.4.0", "cached-property"),
    "whoosh3-3.54.0": ("whoosh3==3.54.0",),
}

PROGRAM = """
import sys
from whoosh import fields
from whoosh.index import create_in
schema = fields.Schema(path=fields.ID(unique=True, stored=True), text=fields.TEXT(stored=True))
with create_in(sys.argv[1], schema).writer() as writer:
    writer.add_document(path="a", text="Oil prices rose.")
"""


def freeze(name: str, requirements: tuple[str, ...], packages: str) -> None:
    """Write the index of a distribution, which is installed into `packages`."""
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", packages]
    subprocess.run([*pip, *requirements], check=True)
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    environment = {**os.environ, "PYTHONPATH": packages}
    subprocess.run([sys.executable, "-c", PROGRAM, str(folder)], env=environment, check=True)
    (folder / "MAIN_WRITELOCK").unlink(missing_ok=True)


if __name__ == "__main__":
    for each, needed in DISTRIBUTIONS.items():
        with tempfile.TemporaryDirectory() as home:
            freeze(each, needed, home)
