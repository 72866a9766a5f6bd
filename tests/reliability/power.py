"""A disk that loses power: what of a folder can be there afterwards.

A file's bytes are safe once the file was synced, a name once its folder was.
Of all else anything may have happened: a name may be there or not, a new file
be empty, full of zeros, half there, wrong in one bit, or whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

Image = dict[str, bytes]
Damage = Callable[["File", bytes], bytes]


class File:
    """A file, whatever its name; `safe` are the bytes that are sure to be there."""

    def __init__(self, safe: bytes = b"") -> None:
        self.safe = safe


def _flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


DAMAGES: tuple[Damage, ...] = (
    lambda file, now: file.safe,
    lambda file, now: now,
    lambda file, now: bytes(len(now)),
    lambda file, now: now[: len(now) // 2],
    lambda file, now: _flipped(now) if now else now,
)
"""Lost, whole, zeroed, halved, flipped: what a file that isn't synced may hold."""


class PowerCut:
    """Follows the operations on a folder, and tells what a power cut would leave of it.

    Args:
        folder: what is in it now is safe.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._chance = Random(0)  # noqa: S311 (it need not surprise anybody)
        self._inodes: dict[int, File] = {}
        self._safe_names: dict[str, File] = {}
        if folder.exists():
            for path in _files(folder):
                self._file(path).safe = path.read_bytes()
            self._sync_folder()

    def told(self, operation: str, path: Path) -> None:
        """Take note of an operation that is about to be done, and will succeed."""
        if path == self._folder and operation == "sync":
            self._sync_folder()
        if path.parent != self._folder:
            return
        if operation == "sync":
            self._file(path).safe = path.read_bytes()
        elif path.exists() and operation != "write":
            # What is removed or replaced lives on under a name that isn't gone for sure.
            self._inodes.pop(path.stat().st_ino, None)

    def images(self) -> Iterator[Image]:
        """Yield the different folders that a power cut now could leave."""
        if not self._folder.exists():
            return
        seen = set()
        now = {path.name: (self._file(path), path.read_bytes()) for path in _files(self._folder)}
        for names in self._namings(now):
            for damage in DAMAGES:
                image = {name: _content(file, now, damage) for name, file in names.items()}
                if (digest := _digest(image)) not in seen:
                    seen.add(digest)
                    yield image

    def _namings(self, now: dict[str, tuple[File, bytes]]) -> Iterator[dict[str, File]]:
        """Yield the names that may be there: those now, those before, and some in between."""
        later = {name: file for name, (file, _) in now.items()}
        yield later
        yield self._safe_names
        names = sorted(later.keys() | self._safe_names.keys())
        unsure = [name for name in names if later.get(name) is not self._safe_names.get(name)]
        for name in self._chance.sample(unsure, min(len(unsure), 3)):
            yield _with(later, name, self._safe_names.get(name))
            yield _with(self._safe_names, name, later.get(name))

    def _file(self, path: Path) -> File:
        return self._inodes.setdefault(path.stat().st_ino, File())

    def _sync_folder(self) -> None:
        self._safe_names = {path.name: self._file(path) for path in _files(self._folder)}


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file()]


def _with(names: dict[str, File], name: str, file: File | None) -> dict[str, File]:
    changed = {**names, name: file}
    return {name: file for name, file in changed.items() if file is not None}


def _content(file: File, now: dict[str, tuple[File, bytes]], damage: Damage) -> bytes:
    current = next((content for one, content in now.values() if one is file), file.safe)
    return file.safe if current == file.safe else damage(file, current)


def _digest(image: Image) -> str:
    parts = (f"{name} {hashlib.sha256(image[name]).hexdigest()}" for name in sorted(image))
    return "\n".join(parts)


def put_back(image: Image, folder: Path) -> None:
    """Make a folder what a power cut left of it."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in _files(folder):
        path.unlink()
    for name, content in image.items():
        (folder / name).write_bytes(content)
