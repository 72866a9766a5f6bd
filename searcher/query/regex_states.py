r"""How big a regular expression is once its counted repeats are written out.

The `regex` package writes them out when it compiles: `((a{10}){10}){10}` is a
thousand letters, and a few brackets more take all memory.  It also follows an
expression that calls itself until the memory is gone.  So both are looked for
before it is compiled.

    >>> states("harbou?r"), states("(ab|c){10}"), states("((a{10}){10}){10}")
    (7, 40, 1110)
    >>> states(r"[a-z]{2,5}\d+")
    6
    >>> calls_itself("(a|(?1)b)"), calls_itself(r"(a|\(?1)b")
    (True, False)
"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""(?P<escape> \\[pPN]\{[^}]*\} | \\. )
    |   (?P<repeat> \{ (?P<low>\d*) (?P<comma>,?) (?P<high>\d*) \} )
    |   (?P<open> \( (?: \?[^()\[\]]*? [:>=!)] )? )
    |   (?P<close> \) )
    |   (?P<class> \[ )
    |   (?P<mark> [*+?|^$] )
    |   .""",
    re.VERBOSE | re.DOTALL,
)
_CLASS = re.compile(r"\\.|[^\]\\]", re.DOTALL)
_ITSELF = re.compile(r"\\.|(?P<call>\(\?(?:R|[+-]?\d+|&|P>))", re.DOTALL)


def calls_itself(pattern: str) -> bool:
    """Tell whether an expression calls itself or one of its groups: (?R), (?1), (?&name)."""
    return any(match["call"] for match in _ITSELF.finditer(pattern))


def states(pattern: str) -> int:
    """Return the places of an expression, each as often as its repeats write it out.

    A character, an escape, a class and a group is one each; what can't be
    read is counted somehow, because compiling it will fail.
    """
    around: list[int] = []
    total = last = at = 0
    while at < len(pattern):
        match = _TOKEN.match(pattern, at)
        assert match  # noqa: S101  # any character is a token
        kind, at = match.lastgroup, match.end()
        if match["repeat"] and _times(match):
            total += last * (_times(match) - 1)
            last = last * _times(match)
        elif match["open"]:
            around.append(total)
            total, last = 0, 0
        elif match["close"]:
            last = total + 1
            total = last + (around.pop() if around else 0)
        elif kind != "mark":
            at = _class_end(pattern, at) if match["class"] else at
            last = 1
            total += 1
    return total + sum(around)


def _times(match: re.Match[str]) -> int:
    """Return how often a counted repeat is written out; 0 where the braces are plain text."""
    low, high = match["low"], match["high"]
    if not low and not high:
        return 0
    times = high or low
    return max(int(times), 1) if len(times) < 10 else 10**9


def _class_end(pattern: str, at: int) -> int:
    """Return where a class ends whose bracket opens before `at`; classes may stand in it."""
    depth, first = 1, True
    while at < len(pattern) and depth:
        char = pattern[at]
        if char == "\\":
            at += 1
        elif char == "[":
            depth += 1
        elif char == "]" and not first:
            depth -= 1
        first = char == "^" and first
        at += 1
    return at
