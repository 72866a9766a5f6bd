r"""Text that is safe to show: nothing in it can drive a terminal or turn a line around.

An article may hold any character.  Control characters move the cursor, write
the clipboard and forge lines; bidi controls make a line read otherwise than
it is written; lone surrogates can't be encoded at all.  At the edge, where a
string leaves for a terminal, a file or a page, each of them becomes its
visible escape, so that it does nothing and can still be seen.

    >>> display_text("a\x1b[31mred\x1b[0m\tb\nc")
    'a\\x1b[31mred\\x1b[0m b c'
    >>> display_path("two\nlines.txt")
    'two\\x0alines.txt'
    >>> print(json_text({"text": "é\u202e\x1b"}))
    {"text": "é\u202e\u001b"}
"""

from __future__ import annotations

import re
from typing import Any

from searcher.patterns import late

_C0 = r"\x00-\x1f"

# U+200B to U+200D, U+2060 and U+00AD stay: they are part of the spelling of
# Persian, of Indic scripts and of emoji, and move nothing.
_REST = (
    r"\x7f-\x9f"  # DEL and C1, among them the one-byte CSI
    r"\u061c\u200e\u200f\u202a-\u202e\u2061-\u206f"  # bidi and invisible operators
    r"\u2028\u2029"  # line and paragraph separator
    r"\ud800-\udfff"  # lone surrogates
    r"\ufeff\ufff9-\ufffb\ufffe\uffff"
    r"\U000e0000-\U000e007f"  # tags: invisible ASCII
)
_UNSAFE = re.compile(f"[{_C0}{_REST}]")
_UNSAFE_IN_JSON = late(f"[{_REST}]")
_ONE_LINE = {"\t": " ", "\n": " "}
_MANY_LINES = {"\t": " ", "\n": "\n"}


def display_text(text: str, multiline: bool = False) -> str:
    r"""Return `text` with every character that could do something made visible.

    Tab and newline become a space; with `multiline` a newline stays.  Any
    other control, bidi control, separator, surrogate or tag character becomes
    `\x1b`, `\u202e` or `\U000e0041`.  Doing it twice changes nothing more.
    """
    # Nothing that is unsafe is printable, and most texts hold nothing else: that is soon said.
    if text.isprintable():
        return text
    kept = _MANY_LINES if multiline else _ONE_LINE
    return _UNSAFE.sub(lambda match: kept.get(match[0]) or _escape(match[0]), text)


def display_path(path: str) -> str:
    """Return a path or an id for display; a tab or newline in it is escaped, not folded."""
    return _UNSAFE.sub(lambda match: _escape(match[0]), path)


def json_text(value: Any, *, ascii_only: bool = False, indent: int | None = None) -> str:
    """Return `value` as JSON in which unsafe characters are `\\uXXXX`, and so stay data."""
    import json

    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent, allow_nan=False)
    return _UNSAFE_IN_JSON().sub(lambda match: json.dumps(match[0])[1:-1], text)


def _escape(char: str) -> str:
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
