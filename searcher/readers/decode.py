"""Bytes to text: which encoding a file is in.

In this order: a byte order mark (UTF-8, UTF-16, UTF-32); UTF-16 without a
mark, told by NULs that all stand on one side of the pairs; the charset that
markup declares (`<meta charset>`, `http-equiv`, the XML declaration); UTF-8;
Windows-1252.  What is none of these is not text.

    >>> decode("caf\\u00e9".encode("cp1252"))
    ('café', 'cp1252')
    >>> decode("\\ufeffdam".encode("utf-16-le"))
    ('dam', 'utf-16-le')
"""

from __future__ import annotations

import codecs
import re

from ..errors import ArticleError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    # UTF-32's mark begins with UTF-16's, so it is tried first.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"\x7fELF",
    b"{\\rtf",
    b"SQLite format 3",
)
_CONTROLS = bytes(n for n in (*range(32), 127) if n not in b"\t\n\v\f\r\x1b")
_DECLARED = re.compile(
    rb"<(?:\?xml\b[^>]{0,200}?encoding|meta\b[^>]{0,500}?charset)\s{0,20}=\s{0,20}"
    rb"[\"']?\s{0,20}([A-Za-z0-9_.:-]{1,40})",
    re.IGNORECASE,
)
_DECLARED_WITHIN_BYTES = 4096
# Python's registry also holds codecs that no page declares in good faith, some slow.
_CHARSETS = re.compile(
    r"(?:utf-8|ascii|iso8859-\d+|cp(?:125\d|866|874|932|949)|koi8-[ru]|mac-\w+|gb\w+"
    r"|big5\w*|euc_\w+|shift_jis\w*|iso2022_jp|tis-620)"
)
_BROWSERS_READ_AS = {"ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254"}


def decode(data: bytes) -> tuple[str, str]:
    """Return the text without its byte order mark, and the name of the encoding.

    Newlines stay as they are.  Damage inside an encoding that is certain (a
    mark, or mostly good UTF-8) is shown as U+FFFD and does not change the rest.

    Raises:
        ArticleError: reason "not text".
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), encoding
    _refuse_binary(data)
    return _wide(data) or _as_declared(data) or _narrow(data)


def _refuse_binary(data: bytes) -> None:
    for signature in _SIGNATURES:
        if data.startswith(signature):
            raise ArticleError("not text", f"it begins with {signature!r}")


def _wide(data: bytes) -> tuple[str, str] | None:
    nuls = data.count(0)
    if nuls * 50 < len(data) or len(data) % 2:
        return None
    low, high = data[::2].count(0), data[1::2].count(0)
    if min(low, high) * 20 > nuls:
        return None
    encoding = "utf-16-be" if low > high else "utf-16-le"
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError:
        return None


def _as_declared(data: bytes) -> tuple[str, str] | None:
    encoding = _declared(data[:_DECLARED_WITHIN_BYTES])
    try:
        return (data.decode(encoding), encoding) if encoding else None
    except UnicodeDecodeError:
        return None


def _declared(head: bytes) -> str:
    """Return Python's name of the charset that markup declares, or an empty string."""
    found = _DECLARED.search(head) if head.lstrip().startswith(b"<") else None
    try:
        name = codecs.lookup(found.group(1).decode("ascii")).name if found else ""
    except LookupError:
        return ""
    return _BROWSERS_READ_AS.get(name, name) if _CHARSETS.fullmatch(name) else ""


def _narrow(data: bytes) -> tuple[str, str]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        _refuse_controls(data, percent=2)
        return _mended(data) or _western(data)
    _refuse_controls(data, percent=20)
    return text, "utf-8"


def _refuse_controls(data: bytes, percent: int) -> None:
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if controls * 100 > len(data) * percent:
        raise ArticleError("not text", f"{controls:,} of {len(data):,} bytes are control bytes")


def _mended(data: bytes) -> tuple[str, str] | None:
    """Return UTF-8 with its bad bytes replaced, where good sequences outnumber them."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    return (text, "utf-8") if good > bad else None


def _western(data: bytes) -> tuple[str, str]:
    try:
        return data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "latin-1"
