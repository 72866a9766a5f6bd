"""Characters: what is shown of a text, and a name that can always be printed.

>>> fold("  Rain\\x00 fell\\r\\n\\tin  Tomahawk. ")
'Rain fell in Tomahawk.'
>>> safe_name("news/caf\\udce9\\n.txt")
'news/caf\\\\xe9\\\\n.txt'
>>> real_name(safe_name("news/caf\\udce9\\n.txt")) == "news/caf\\udce9\\n.txt"
True
"""

from __future__ import annotations

import re

# C0 but the white space, C1 but NEL, DEL, the byte order mark, lone surrogates.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ud800-\udfff]")
_UNPRINTABLE = re.compile("[\\\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

_ESCAPED = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|([\\nrt]))")
_LETTERS = {"\\": "\\", "n": "\n", "r": "\r", "t": "\t"}


def fold(text: str) -> str:
    """Return the text as shown: control characters removed, white space folded to one space.

    Bidirectional marks stay; they are neutralised where text is printed.
    """
    if not text:
        return text
    line = text.replace("\n", " ")
    # Nothing that is unseen is printable, nor white space but the space; few texts hold any.
    if not line.isprintable():
        return " ".join(_UNSEEN.sub("", text).split())
    return line.strip(" ") if "  " not in line else " ".join(line.split())


def safe_name(name: str) -> str:
    """Return a file name with backslash escapes for what can't be printed or encoded.

    A byte that is not UTF-8 (a lone surrogate in Python's file names) becomes
    `\\xNN`, and a backslash two, so no two names become one; `real_name` goes
    back.  A name without such characters comes back as it is.
    """
    return _UNPRINTABLE.sub(_escape, name)


def real_name(name: str) -> str:
    """Return the file name that `safe_name` was given, as `open` takes it."""
    return _ESCAPED.sub(_unescape, name)


def _escape(match: re.Match[str]) -> str:
    char = match.group()
    if "\udc80" <= char <= "\udcff":
        return f"\\x{ord(char) - 0xDC00:02x}"
    if "\x80" <= char <= "\x9f":  # `\\x80` is the byte
        return f"\\u{ord(char):04x}"
    return repr(char)[1:-1]


def _unescape(match: re.Match[str]) -> str:
    byte, point, letter = match.groups()
    if letter:
        return _LETTERS[letter]
    number = int(byte or point, 16)
    return chr(number + 0xDC00 if byte and number >= 0x80 else number)
