"""Two hundred files that no archive is spared: broken, hostile, or only odd.

`nasty_files()` lists them.  Each says what must come of it: why the summary
names it, once for each reason, and whether it is an article all the same.  Of
the words in its text, `kept…` must be found and `lost…` must not.

`python -m tests.reliability.nasty_files FOLDER` writes them, to look at.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import socket
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ANY = "*"
"""A reason that isn't said: the file has to be named, whatever for."""


@dataclass(frozen=True)
class Nasty:
    """One file.

    Attributes:
        name: its path below the folder of articles.
        make: writes it to a path.
        reasons: why it is named, once for each.
        ignored: why it counts as no article, without being named.
        words: a word that must be found, if it has one.
    """

    name: str
    make: Callable[[Path], None]
    reasons: tuple[str, ...]
    ignored: str
    word: str

    def write(self, folder: Path) -> None:
        """Write it below a folder."""
        path = folder / self.name
        path.parent.mkdir(parents=True, exist_ok=True)
        self.make(path)


class _List:
    """Numbers the files, and gives each its words."""

    def __init__(self) -> None:
        self.items: list[Nasty] = []

    def text(
        self, name: str, text: str, *reasons: str, encoding: str = "utf-8", ignored: str = ""
    ) -> None:
        """Add a file of text; KEPT and LOST stand for its words."""
        self.data(name, self._worded(text).encode(encoding, "surrogatepass"), *reasons,
                  ignored=ignored, is_kept="KEPT" in text)  # fmt: skip

    def data(
        self, name: str, data: bytes, *reasons: str, ignored: str = "", is_kept: bool = False
    ) -> None:
        """Add a file of bytes."""
        data = data.replace(b"LOST", f"lost{len(self.items)}x".encode())
        self.made(name, lambda path: _write(path, data), *reasons, ignored=ignored, kept=is_kept)

    def made(
        self,
        name: str,
        make: Callable[[Path], None],
        *reasons: str,
        ignored: str = "",
        kept: bool = False,
    ) -> None:
        """Add what a function makes at a path."""
        name = name if "/" in name else f"nasty/{len(self.items):03}-{name}"
        word = f"kept{len(self.items)}x" if kept else ""
        self.items.append(Nasty(name, make, reasons, ignored, word))

    def _worded(self, text: str) -> str:
        at = len(self.items)
        return text.replace("KEPT", f"kept{at}x").replace("LOST", f"lost{at}x")


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def nasty_files(*, full: bool = False) -> list[Nasty]:
    """Return all of them.

    Args:
        full: make the huge ones as huge as docs/reliability.md says, not a tenth.
    """
    files = _List()
    for add in (_of_every_format, _odd_text, _encodings, _json, _rows, _front_matter):
        add(files)
    for add in (_html, _sgml, _names, _no_files, _duplicates):
        add(files)
    _sizes(files, 10 if full else 1)
    return files.items


def story(suffix: str, text: str) -> str:
    """Return a file of one article with that text, of a format."""
    return {
        "txt": f"A Story Of Rain\n\n{text}\n",
        "md": f"---\ntitle: A Story Of Rain\n---\n\n{text}\n",
        "html": f"<html><body><article><h1>Rain</h1><p>{text}</p></article></body></html>\n",
        "json": json.dumps({"title": "Rain", "text": text}),
        "jsonl": json.dumps({"id": "a", "title": "Rain", "text": text}) + "\n",
        "csv": f'title,text\nRain,"{text}"\n',
        "tsv": f"title\ttext\nRain\t{text}\n",
        "sgm": f'<!DOCTYPE lewis SYSTEM "lewis.dtd">\n<REUTERS NEWID="1"><DATE>26-FEB-1987</DATE>'
        f"<TEXT><TITLE>RAIN</TITLE><BODY>{text}\n</BODY></TEXT></REUTERS>\n",
    }[suffix]


FORMATS = ("txt", "md", "html", "json", "jsonl", "csv", "tsv", "sgm")


def _of_every_format(files: _List) -> None:
    for suffix in FORMATS:
        name = f"every.{suffix}"
        lost, kept = story(suffix, "LOST"), story(suffix, "Rain KEPT fell.")
        files.data(name, b"", "empty file")
        files.text(name, " \t\r\n \n", ANY)
        files.data(name, b"\0" * 5_000, "not text")
        files.data(name, gzip.compress(lost.encode() * 99, mtime=0), "not text")
        files.data(name, _zipped(lost), "not text")
        files.data(name, b"\x89PNG\r\n\x1a\n" + lost.encode(), "not text")
        files.data(name, _noise() + lost.encode(), "not text")
        files.data(name, b"\x7fELF\x02\x01\x01" + lost.encode(), "not text")
        files.text(name, "\ufeff" + kept, encoding="utf-16-le")
        files.text(name, "\ufeff" + kept, encoding="utf-16-be")
        files.text(name, kept, encoding="utf-16-le")
        files.text(name, "\ufeff" + kept, encoding="utf-32-le")
        files.made(name, os.mkfifo, "not a regular file")


def _zipped(text: str) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        archive.writestr("lost.txt", text)
    return into.getvalue()


def _noise(size: int = 20_000) -> bytes:
    return random.Random(1).randbytes(size)  # noqa: S311 (noise, no secret)


def _odd_text(files: _List) -> None:
    for newline in ("\r\n", "\r", "\x85", "\u2028", "\u2029", "\v", "\f"):
        files.text("newline.txt", f"Rain{newline}{newline}KEPT{newline} \t{newline}fell.")
    files.text("blank.txt", "Rain fell.\n \t \nKEPT fell.\n\t\nAgain.")
    files.text("nul.txt", "Rain \0 KEPT fell.")
    files.text("controls.txt", "Rain \x1b[2J\x1b]0;x\x07 KEPT \x9b31m fell.")
    files.text("bidi.txt", "Rain \u202e KEPT \u2066 fell.")
    files.text("marks.txt", "a" + "\u0301" * 100_000 + " KEPT")
    files.text("dates.txt", "date 9999-99-99 PORTO -- KEPT fell.")
    files.text("dates.txt", "date 0000-00-00\n\nKEPT fell.")
    files.text("astral.txt", "\U0010ffff \U0001f600 KEPT \ufffe")


def _encodings(files: _List) -> None:
    files.text("latin.txt", "Caf\u00e9 KEPT.", encoding="cp1252")
    files.data("broken.txt", "Caf\u00e9 S\u00e3o \u20ac".encode() + b"\xff\xfe\xff fell")
    files.text("surrogate.txt", "Rain \ud800 KEPT fell \u00e9\u00e9\u00e9.")
    files.text("odd.txt", "\ufeffRain KEPT fell", encoding="utf-16-le")
    files.text("charset.html", '<meta charset="no-such"><article><p>KEPT</p></article>')
    files.text("charset.html", '<meta charset="zlib"><article><p>KEPT</p></article>')
    files.text("charset.html", '<meta charset="utf-16"><article><p>KEPT</p></article>')


def _json(files: _List) -> None:
    good = '{"id": "g", "text": "Rain KEPT."}'
    files.text("torn.json", '{"title": "Rain", "text": "LOST', "not JSON")
    files.text("deep.json", '{"text": ' + "[" * 100_000 + '"LOST"', ANY)
    files.text("deep.json", '{"a": ' * 50_000 + '"LOST"', ANY)
    files.text("deep.json", "[" * 50_000 + '"LOST"' + "]" * 50_000, ANY)
    files.text("number.json", '{"title": "LOST", "text": ' + "9" * 5_000 + "}", ANY)
    files.text("nan.json", '{"title": NaN, "text": "KEPT Infinity"}')
    files.text("types.json", '{"title": {"a": 1}, "text": ["KEPT", 3, null], "date": []}')
    files.text("dates.json", '{"text": "KEPT", "date": "2026-02-31"}')
    files.text("dates.json", '{"text": "KEPT", "date": 1e400}')
    files.text("dates.json", '{"text": "KEPT", "date": -99999999999999}')
    files.text("surrogates.json", '{"text": "KEPT \\ud800 \\udfff \\u0000 fell"}')
    files.text("numbers.json", "[1, 2, 3]", *["not a record"] * 3)
    files.text("list.json", "[]", ignored="no article in it")
    files.text("empty.json", '{"title": "", "text": ""}', "no text")
    files.text("names.json", json.dumps({f"k{n}": n for n in range(50_000)} | {"text": "KEPT"}))
    files.text("lines.jsonl", f'{good}\n{{"text": "LOST"\n', "not JSON")
    files.text("lines.jsonl", f"{good}\nnot json\n[1]\n", "not JSON", "not a record")
    files.text("lines.jsonl", good + ' "LOST"\n{"id": "h", "text": "KEPT"}\n', "not JSON")
    files.text("deep.jsonl", f"{good}\n" + "[" * 100_000 + "\n", ANY)
    files.text("ids.jsonl", f'{good}\n{{"id": "../../etc/passwd", "text": "KEPT."}}\n')
    files.text("ids.jsonl", '{"id": "%s", "text": "KEPT."}\n' % ("x" * 100_000))
    files.text("nul.jsonl", f"{good}\n\0\0\0\n", "not JSON")


def _rows(files: _List) -> None:
    files.text("quote.csv", 'title,text\nRain,"LOST\n', "unclosed quote")
    files.text("quote.csv", 'title,text\nRain,KEPT\nRain,"LOST"x\nSun,KEPT\n', "malformed quotes")
    files.text("quotes.csv", "title,text\n" + '"' * 200_001 + "\nSun,KEPT\n", ANY)
    files.text("header.csv", "a,b\nRain,LOST\n", "no header row")
    files.text("binary.tsv", "title\ttext\nRain\tKEPT\0\0\n")


def _html(files: _List) -> None:
    files.text("tags.html", "<article><p>KEPT</p>" + "<" * 100_000)
    files.text("attributes.html", "<article><p " + "a=1 " * 100_000 + ">KEPT</p></article>")
    files.text("comment.html", "<article><p>Rain KEPT</p></article><!-- LOST")
    files.text("script.html", "<article><script>LOST</script><p>KEPT</p></article>")
    files.text("bomb.html", _BOMB + "<article><p>&a9; KEPT</p></article>")
    files.text(
        "references.html", f"<article><p>&#{'9' * 50_000}; &#x110000; &#0; KEPT</p></article>"
    )
    files.text("ld.html", '<script type="application/ld+json">' + "[" * 100_000 + "</script>"
               "<article><p>KEPT</p></article>")  # fmt: skip
    files.text("external.html", '<!DOCTYPE x [<!ENTITY p SYSTEM "file:///etc/passwd">]>'
               "<article><p>KEPT &p;</p></article>")  # fmt: skip
    files.text("nothing.html", "<html><script>LOST</script></html>", "no text")


_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "LOST">'
    + "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    + "]>"
)


def _sgml(files: _List) -> None:
    files.text("bomb.sgm", _BOMB.replace("LOST", "x") + story("sgm", "&a9; KEPT"))
    files.text("torn.sgm", story("sgm", "KEPT").replace("</BODY></TEXT></REUTERS>", ""))
    files.text("none.sgm", "<OTHER>LOST</OTHER>", "not Reuters-21578")


def _front_matter(files: _List) -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{f'*{chr(97 + n)}, ' * 9}]\n" for n in range(20)
    )
    files.text("bomb.md", f"---\n{bomb}---\n\nKEPT")
    files.text("loop.md", "---\na: &a [*a]\ntitle: &b {c: *b}\n---\n\nLOST", "front matter")
    files.text("object.md", "---\ntitle: !!python/object/apply:os.system [x]\n---\n\nKEPT")
    files.text("tabs.md", "---\ntitle:\tx\n\ty: [\n---\n\nLOST", "front matter")
    files.text("open.md", "---\ntitle: LOST\n\nLOST", "front matter")
    files.text("list.md", "---\n- LOST\n---\n\nLOST", "front matter")
    files.text("deep.md", "---\na: " + "[" * 30_000 + "\n---\n\nLOST", "front matter")
    files.text("long.md", "---\ntitle: LOST\n" + "x: y\n" * 50_000 + "---\n\nLOST", "front matter")
    files.text("toml.md", "+++\ntitle = LOST\n+++\n\nLOST", "front matter")
    files.text("toml.md", "+++\na = " + "[" * 30_000 + "\n+++\n\nLOST", "front matter")
    files.text("dates.md", "---\ndate: 2026-13-45\ntitle: {a: b}\n---\n\nKEPT")
    files.text("keys.md", "---\n? [a, b]\n: c\n---\n\nLOST", "front matter")
    files.text("keys.md", "---\n~: d\ntitle: ~\n---\n\nKEPT")


def _sizes(files: _List, scale: int) -> None:
    deep = 10_000 * scale
    files.text("deep.html", "<div>" * deep + "Rain KEPT")
    files.text("deep.html", "<article>" + "<b><i>" * deep + "KEPT")
    files.text("line.txt", "KEPT " + "rain fell " * 30_000 * scale)
    files.text("word.txt", "KEPT " + "x" * 1_000_000 * scale)
    files.text("distinct.txt", "KEPT " + " ".join(f"d{n:x}" for n in range(15_000 * scale)))
    files.text("opening.sgm", "<REUTERS " * 5_000 * scale)
    wide = 100_000 * scale
    files.text("wide.csv", ",".join(["title", "text", *["x"] * wide]) + "\nRain,KEPT\n")
    files.text("wide.csv", "title,text\nRain,LOST" + "," * wide + "\nSun,KEPT\n",
               "too many columns")  # fmt: skip
    if scale > 1:
        files.text("paragraphs.txt", "LOST\n\n" + "a\n\n" * 100_001, "too many paragraphs")
    files.text("title.json", json.dumps({"title": "LOST " + "x" * 200_000, "text": "LOST"}), ANY)
    files.text("headline.html", f"<article><h1>KEPT {'x ' * 1_000}</h1><p>Rain</p></article>")
    files.made("sparse.txt", lambda path: _sparse(path, 1 << 40), "too large")
    files.made("sparse.json", lambda path: _sparse(path, 1 << 40), "too large")


def _sparse(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.truncate(size)


_ODD_NAMES = (
    "new\nline",
    "tab\t",
    "escape\x1b[2J",
    "c1\x9b",
    "bell\x07",
    "bidi\u202e",
    "back\\n",
    "quote'\"",
    " space ",
    "-rf",
    "$(x)",
    "caf\udce9",
    "\udcff\udcfe",
    "*?[x]",
    "n" * 251,
)


def _names(files: _List) -> None:
    for name in _ODD_NAMES:
        files.text(f"names/{name}.txt", "KEPT")
    files.text(f"names/{'d' * 255}/{'é' * 120}.txt", "KEPT")
    files.text("names/deep/" + "d/" * 100 + "x.txt", "KEPT")
    files.text("names/UPPER.TXT", "KEPT")
    for name in ("bad\nnews/x", "bad\x1b[31m", "bad\udcff", "bad: : x", "\n    news/x: empty file"):
        files.data(f"names/{name}.txt", b"\0\1\2" * 99 + b"LOST", "not text")
    files.text("names/.hidden.txt", "LOST", ignored="hidden")
    files.text("names/draft.txt~", "LOST", ignored="editor backup")
    files.text("names/README.txt", "LOST", ignored="readme")
    files.text("names/photo.raw", "LOST", ignored="unknown suffix")


def _no_files(files: _List) -> None:
    for suffix in FORMATS[:4]:
        files.made(f"zero.{suffix}", _link("/dev/zero"), "not a regular file")
        files.made(f"outside.{suffix}", _link("../../outside.txt"), "link out of the folder")
        files.made(f"broken.{suffix}", _link("no-such-file"), "broken link")
    files.made("links/self.txt", _link("self.txt"), "broken link")
    files.made("links/a.txt", _link("b.txt"), "broken link")
    files.made("links/b.txt", _link("a.txt"), "broken link")
    files.made("links/up", _link(".."), ignored="link to a folder")
    files.made("links/root", _link("/"), "link to a folder")
    files.made("links/tty.txt", _link("/dev/tty"), ANY)
    files.made("links/null.txt", _link("/dev/null"), "not a regular file")
    files.made("links/passwd.txt", _link("/etc/passwd"), "link out of the folder")
    files.made("links/status.txt", _link("/proc/self/environ"), "link out of the folder")
    files.made("socket.txt", _socket, "not a regular file")
    files.made("folder.txt", lambda path: path.mkdir())


def _link(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        # The name of a socket is at most about 100 bytes long.
        server.bind(os.path.relpath(path))


def _duplicates(files: _List) -> None:
    one, two = '{"id": "a", "text": "KEPT"}\n', '{"id": "a", "text": "Rain"}\n'
    files.text("twice.jsonl", one + two)
    files.text("twice.csv", "id,text\na,KEPT\na,Rain\n")
    files.text("twice.sgm", story("sgm", "KEPT") + story("sgm", "Rain"))


if __name__ == "__main__":
    for each in nasty_files(full=True):
        each.write(Path(sys.argv[1]))
