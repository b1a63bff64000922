"""Journals: each finished run is written at once, so that a crash loses only unfinished runs.

Each process has its own journals, which no other process writes. A journal is locked as long as its process lives; a journal
that isn't locked was left behind, and the next process turns it into a chunk. A journal is a sequence of blocks, each with a
checksum: the first holds the identity of its runs, every other one keys and rows. A half-written block at the end is ignored.
"""

from __future__ import annotations

import fcntl
import os
import re
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Self
from uuid import uuid4
from zlib import crc32

import numpy as np

from sim.base.arrays import F64, I64
from sim.base.errors import InputError
from sim.results.chunk import Belonging
from sim.results.files import check_regular

NAME = re.compile(r"journal-[0-9a-f]{12}")
PATTERN = "journal-*"
_HEAD = struct.Struct("<4sIQQ")
_MARK = b"runs"


class Journal:
    """A journal that this process holds. Methods raise InputError if it can't be written."""

    def __init__(self, path: Path, stream: BinaryIO, belonging: Belonging) -> None:
        self.path, self._stream, self._width = path, stream, belonging.shape.width
        self.bytes = 0

    @classmethod
    def begin(cls, folder: Path, belonging: Belonging) -> Self:
        """Make a journal; it gets its name only once it is locked, so that no process mistakes it for one left behind."""
        path = folder / f"journal-{uuid4().hex[:12]}"
        hidden = path.with_name(f".{path.name}")
        try:
            stream = hidden.open("w+b", buffering=0)
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.replace(hidden, path)
        except OSError as error:
            raise _unwritten(path, error) from None
        journal = cls(path, stream, belonging)
        journal._write(0, belonging.identity.encode())
        return journal

    @classmethod
    def left(cls, path: Path, belonging: Belonging) -> Self | None:
        """Take over a journal that was left behind; None if its process lives or another process took it first.

        Raises InputError for a journal of other runs.
        """
        try:
            check_regular(path)
            stream = path.open("r+b", buffering=0)
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (FileNotFoundError, BlockingIOError):
            return None
        except OSError as error:
            raise InputError(f"can't be read: {error.strerror or error}", path) from None
        journal = cls(path, stream, belonging)
        identity = next((data for _, data in blocks(stream.fileno())), belonging.identity.encode())
        if identity != belonging.identity.encode():
            stream.close()
            raise InputError("holds other runs than its folder; move it away", path)
        return journal

    def append(self, keys: I64, rows: F64) -> None:
        """Add finished runs: keys, shape (rows, 2), and rows, shape (rows, width)."""
        self._write(
            len(keys), np.ascontiguousarray(keys, "<i8").tobytes() + np.ascontiguousarray(rows, "<f8").tobytes()
        )

    def rows(self) -> tuple[I64, F64]:
        """Return (keys, shape (rows, 2); rows, shape (rows, width))."""
        keys, rows = [np.empty((0, 2), np.int64)], [np.empty((0, self._width))]
        for count, data in blocks(self._stream.fileno()):
            if count and len(data) == 8 * count * (2 + self._width):
                keys.append(np.frombuffer(data, "<i8", 2 * count).reshape(count, 2))
                rows.append(np.frombuffer(data, "<f8", offset=16 * count).reshape(count, self._width))
        return np.concatenate(keys), np.concatenate(rows)

    def close(self, *, remove: bool) -> None:
        """Close and unlock it; `remove` it if its runs are in a chunk."""
        if remove:
            with suppress(FileNotFoundError):
                self.path.unlink()
        self._stream.close()

    def _write(self, count: int, data: bytes) -> None:
        block = _HEAD.pack(_MARK, crc32(data, count), count, len(data)) + data
        try:
            written = 0
            while written < len(block):
                written += self._stream.write(block[written:])
        except OSError as error:
            raise _unwritten(self.path, error) from None
        self.bytes += len(block)


def is_held(path: Path) -> bool:
    """Return whether a living process holds a journal."""
    try:
        check_regular(path)
        with path.open("rb") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def blocks(file: int) -> Iterator[tuple[int, bytes]]:
    """Yield (number of rows, data) of each whole block of an open file, in order; the identity's block has no rows."""
    size = os.fstat(file).st_size
    at = 0
    while at + _HEAD.size <= size:
        mark, total, count, length = _HEAD.unpack(os.pread(file, _HEAD.size, at))
        if mark != _MARK or at + _HEAD.size + length > size:
            return
        data = _read(file, length, at + _HEAD.size)
        if crc32(data, count) != total:
            return
        yield count, data
        at += _HEAD.size + length


def _read(file: int, length: int, at: int) -> bytes:
    """Read `length` bytes; one system call may return fewer."""
    parts = []
    while length:
        part = os.pread(file, length, at)
        if not part:
            break
        parts.append(part)
        length, at = length - len(part), at + len(part)
    return b"".join(parts)


def _unwritten(path: Path, error: OSError) -> InputError:
    return InputError(f"can't be written: {error.strerror or error}", path)
