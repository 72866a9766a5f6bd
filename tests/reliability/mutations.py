"""Damage to files: what disks, copies and careless programs do to them."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

ZEROS = 512


def flip_bit(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]


def change_byte(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ rng.randrange(1, 256)]) + data[at + 1 :]


def zero(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    end = min(len(data), at + rng.randrange(1, ZEROS + 1))
    return data[:at] + bytes(end - at) + data[end:]


def truncate(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(1, len(data))] if len(data) > 1 else b""


def empty(data: bytes, rng: random.Random) -> bytes:
    return b""


def append(data: bytes, rng: random.Random) -> bytes:
    return data + rng.randbytes(rng.randrange(1, 2 * ZEROS))


def swap_ranges(data: bytes, rng: random.Random) -> bytes:
    length = rng.randrange(1, max(2, len(data) // 4))
    first = rng.randrange(0, max(1, len(data) // 2 - length))
    second = rng.randrange(first + length, max(first + length + 1, len(data) - length))
    a, b = data[first : first + length], data[second : second + length]
    middle = data[first + length : second]
    return data[:first] + b + middle + a + data[second + length :]


IN_A_FILE: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    *(flip_bit, change_byte, zero, truncate, empty, append, swap_ranges),
)
SWAP_FILES = "swap_files"


def damage(files: list[Path], rng: random.Random) -> str:
    """Damage one file of some, or swap two; return what was done.

    A file is replaced, never written in place: one that is mapped would change
    under its reader.
    """
    how = rng.choice((*IN_A_FILE, SWAP_FILES))
    victim = rng.choice(files)
    if how == SWAP_FILES:
        other = rng.choice([file for file in files if file != victim])
        first, second = victim.read_bytes(), other.read_bytes()
        put(victim, second)
        put(other, first)
        return f"{SWAP_FILES} {victim.name} {other.name}"
    put(victim, how(victim.read_bytes(), rng))  # type: ignore[operator]
    return f"{how.__name__} {victim.name}"  # type: ignore[union-attr]


def put(path: Path, content: bytes) -> None:
    """Put a file in the place of another."""
    aside = path.with_name(f".{path.name}.damage")
    aside.write_bytes(content)
    aside.replace(path)
