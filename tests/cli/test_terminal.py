"""The size of the terminal: what the environment says, then the terminal, then 80 by 24."""

from __future__ import annotations

import os
import shutil
import sys

import pytest

from searcher.cli import terminal


@pytest.fixture
def says(monkeypatch):
    """Have the environment and the terminal say something."""

    def say(size: tuple[int, int] | None, **environment: str) -> None:
        for name in ("COLUMNS", "LINES"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)

        def get_terminal_size(_number: int = 1) -> os.terminal_size:
            if size is None:
                raise OSError("no terminal")
            return os.terminal_size(size)

        monkeypatch.setattr(os, "get_terminal_size", get_terminal_size)

    return say


@pytest.mark.parametrize(
    ("size", "environment", "wanted"),
    [
        ((120, 50), {}, (120, 50)),
        ((120, 50), {"COLUMNS": "60"}, (60, 50)),
        ((120, 50), {"COLUMNS": "60", "LINES": "7"}, (60, 7)),
        ((120, 50), {"COLUMNS": "0", "LINES": "x"}, (120, 50)),
        ((120, 50), {"COLUMNS": "-3"}, (120, 50)),
        ((120, 50), {"COLUMNS": " 100 "}, (100, 50)),
        ((120, 50), {"COLUMNS": "9" * 5000}, (120, 50)),
        ((0, 0), {}, (80, 24)),
        (None, {}, (80, 24)),
        (None, {"COLUMNS": "61"}, (61, 24)),
    ],
)
def test_the_environment_comes_first_then_the_terminal(says, size, environment, wanted):
    says(size, **environment)

    assert (terminal.columns(), terminal.lines()) == wanted
    assert shutil.get_terminal_size() == wanted or 0 in (size or ())


def test_without_a_standard_output_it_has_its_usual_size(says, monkeypatch):
    says((120, 50))
    monkeypatch.setattr(sys, "__stdout__", None)

    assert (terminal.columns(), terminal.lines()) == (80, 24)
