"""The journal of a part under way: each finished run is on disk at once, so that a crash loses only the runs under way.

A file of records of one size: a checksum, the run's draw and replicate, its numbers. What a crash left half-written at
its end is cut off when it is opened again. One process at a time owns it, by a lock that ends with the process; a
second one on the same folder keeps its own journal without a name, so that they only do some work twice.
"""

from __future__ import annotations

import fcntl
import tempfile
from pathlib import Path
from typing import IO, Any
from zlib import crc32

import numpy as np

from sim.base.arrays import F64, I64
from sim.base.errors import InputError
from sim.results.parts import Key


class Journal:
    """The runs of a part so far. Raises InputError where the folder can't be written.

    path : of its file, made if it isn't there. width : numbers of a run.
    """

    def __init__(self, path: Path, width: int) -> None:
        self.path = path
        self._record = record(width)
        self._named = False
        try:
            self._stream: IO[bytes] = path.open("a+b", buffering=0)
            try:
                fcntl.flock(self._stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._stream.truncate(len(whole_records(path, self._record)) * self._record.itemsize)
                self._named = True
            except BlockingIOError:  # another process is at work here
                self._stream.close()
                self._stream = tempfile.TemporaryFile(dir=path.parent, buffering=0)  # noqa: SIM115
        except OSError as error:
            raise InputError(f"can't be written: {error.strerror or error}", path) from None

    def append(self, key: Key, row: F64) -> None:
        """Add a finished run. Raises InputError where it can't be written, such as on a full disk."""
        entry = np.empty(1, self._record)
        entry["key"], entry["row"] = key, row
        data = entry.view(np.uint8).data
        entry["sum"] = crc32(data[SUM:])
        try:
            written = 0
            while written < len(data):
                written += self._stream.write(data[written:])
        except OSError as error:
            raise InputError(f"can't be written: {error.strerror or error}", self.path) from None

    def rows(self) -> tuple[I64, F64]:
        """Return (keys, shape (runs, 2); numbers, shape (runs, width))."""
        self._stream.seek(0)
        entries = np.frombuffer(self._stream.read(), self._record)
        return entries["key"].astype(np.int64), entries["row"].astype(np.float64)

    def close(self) -> None:
        """Remove it, because its runs stand elsewhere."""
        if self._named:
            self.path.unlink(missing_ok=True)
        self._stream.close()


SUM = 4
"""Bytes of a checksum."""


def record(width: int) -> np.dtype[Any]:
    """Return what a record looks like: checksum of the rest, key, numbers."""
    return np.dtype([("sum", "<u4"), ("key", "<i8", (2,)), ("row", "<f8", (width,))])


def whole_records(path: Path, layout: np.dtype[Any]) -> np.ndarray[Any, Any]:
    """Return the records of a file up to the first that isn't whole."""
    data = path.read_bytes()
    entries = np.frombuffer(data[: len(data) // layout.itemsize * layout.itemsize], layout)
    for at, entry in enumerate(entries):
        if crc32(entry.tobytes()[SUM:]) != int(entry["sum"]):
            return entries[:at]
    return entries


def journal_keys(path: Path, width: int) -> set[Key]:
    """Return the runs that a journal holds; none where there is no such file."""
    if not path.exists():
        return set()
    return {(int(draw), int(replicate)) for draw, replicate in whole_records(path, record(width))["key"]}
