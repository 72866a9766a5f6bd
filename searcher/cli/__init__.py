"""The command line: `searcher index | query | show | stats | fields | completion`.

A module a command.  app.py finds the command without importing the others,
output.py is the only module that prints, the render_ modules turn results
into text, and failures.py turns exceptions into a line and an exit code.
Nothing here imports an engine or Whoosh before a command needs the index.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit; the arguments default to those of the process."""
    from searcher.cli.app import cli

    cli.main(arguments)
