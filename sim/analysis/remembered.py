"""Remembered evaluations: rows of results stored in one SQLite file, so that an interrupted analysis can continue.

A row is identified by the hash of the evaluated point and stored as soon as it is made. Anything else that affects the
results must be part of the file's path, as for folders of runs.
"""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from sim.base.arrays import F64
from sim.base.errors import InputError


class Remembered:
    """A file of results by key; without a path it stores nothing. Use it as a context manager, from one thread at a time.

    Raises InputError if the file can't be read or written.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        if path is not None:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise InputError(f"can't be written: {error.strerror or error}", path.parent) from None
        # Threads of a pool pass their results to the one that writes.
        self._file = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
        self._do("PRAGMA journal_mode=WAL")
        self._do("CREATE TABLE IF NOT EXISTS evaluated (key TEXT PRIMARY KEY, outcomes BLOB NOT NULL)")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def get(self, key: str) -> F64 | None:
        """Return the row stored under a key, shape (outcomes,); None if there is none."""
        stored = self._do("SELECT outcomes FROM evaluated WHERE key = ?", (key,)).fetchone()
        return None if stored is None else np.frombuffer(stored[0], np.float64)

    def put(self, key: str, outcomes: F64) -> None:
        """Store a row, shape (outcomes,)."""
        self._do("INSERT OR REPLACE INTO evaluated VALUES (?, ?)", (key, np.ascontiguousarray(outcomes).tobytes()))

    def _do(self, statement: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        try:
            return self._file.execute(statement, values)
        except sqlite3.Error as error:
            raise InputError(f"can't be used; remove it and start again ({error})", self._path) from None


def key_of(*parts: object) -> str:
    """Return a key for values that differ in their text (as the repr of numbers does)."""
    return hashlib.sha256("\0".join(map(repr, parts)).encode()).hexdigest()[:32]
