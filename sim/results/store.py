"""Stores of finished runs: a folder that any number of processes may fill and read at once, or this process's memory.

``<results>/<name>/<identity>/`` holds ``manifest.json`` (what was run, with which versions), ``draws.csv`` for runs over
draws, and the runs: chunks (see `sim.results.chunk`), and journals of running processes. No file is ever changed, so nothing
needs merging and no process can lose another's runs: the store is the union of all chunks. Runs with equal keys have equal
bits, so any one of them will do. The identity covers everything that can change a run (see `sim.results.identity`).
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np

from sim.base.arrays import F64, I64
from sim.results.chunk import Belonging, Chunk, chunks_in, write_chunk
from sim.results.files import write_text, write_whole
from sim.results.journal import NAME as JOURNAL
from sim.results.journal import PATTERN, Journal
from sim.results.manifest import NAME as MANIFEST
from sim.results.manifest import read_manifest
from sim.results.rows import RowShape
from sim.results.table import Piece, indexed
from sim.uncertainty.draw_table import DrawTable

CHUNK_BYTES = 16_000_000
"""Approximate size of a chunk's numbers in memory; the file is a tenth of it."""
MANY = 50
"""Number of small chunks above which they are combined."""
LOCK = ".lock"
"""The file that a process locks while it combines chunks."""


class Store(Protocol):
    """Where runs of one identity are kept. shape : of their rows."""

    shape: RowShape

    def pieces(self) -> Sequence[Piece]:
        """Return what is kept at this moment."""

    def append(self, keys: I64, rows: F64) -> None:
        """Keep finished runs. Raises InputError if they can't be written."""

    def close(self, *, whole: bool) -> None:
        """Finish pending writes; if `whole` is False, after an error, leave files as they are."""


class MemoryPiece(NamedTuple):
    """Some rows in memory."""

    keys: I64
    rows: F64
    shape: RowShape

    def columns(self, names: Sequence[str]) -> dict[str, F64]:
        """Return observables of all rows."""
        return {name: self.shape.column(self.rows, name) for name in names}


def together(pieces: list[MemoryPiece]) -> MemoryPiece:
    """Combine pieces, at least one, into one that replaces them in the list; return it."""
    if len(pieces) > 1:
        keys, rows = (np.concatenate([piece[k] for piece in pieces]) for k in (0, 1))
        pieces[:] = [MemoryPiece(keys, rows, pieces[0].shape)]
    return pieces[0]


class MemoryStore:
    """Runs kept in this process's memory."""

    def __init__(self, shape: RowShape) -> None:
        self.shape = shape
        self._pieces: list[MemoryPiece] = []

    def pieces(self) -> Sequence[Piece]:
        """Return what is kept."""
        return [together(self._pieces)] if self._pieces else []

    def append(self, keys: I64, rows: F64) -> None:
        """Keep finished runs."""
        self._pieces.append(MemoryPiece(keys, rows, self.shape))

    def close(self, *, whole: bool) -> None:
        """Do nothing: no write is pending."""


class FolderStore:
    """Runs kept in a folder.

    Call `begin` before the first `append`: it makes the folder and takes over what other processes left behind. A store that
    stays open for several requests also lists runs that aren't in a chunk yet.
    """

    def __init__(self, folder: Path, belonging: Belonging, *, stays_open: bool = False) -> None:
        self.folder, self.belonging, self.shape = folder, belonging, belonging.shape
        self._stays_open = stays_open
        self._recent: dict[Journal, list[MemoryPiece]] = {}
        self._journal: Journal | None = None
        # Chunks are written in a thread of their own, so that workers needn't wait; one at a time, as each takes memory.
        self._writer = ThreadPoolExecutor(1)
        self._writing: Future[None] | None = None
        self._chunks: dict[Path, Chunk] = {}

    def begin(self, manifest: Mapping[str, Any], draws: DrawTable | None) -> None:
        """Make the folder with its manifest and draws, and turn journals that were left behind into chunks."""
        path = self.folder / MANIFEST
        if draws is not None and not (self.folder / "draws.csv").exists():
            write_whole(self.folder / "draws.csv", draws.write)
        if path.exists():
            read_manifest(self.folder)
        else:
            write_text(path, json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
        for left in sorted(self.folder.glob(PATTERN)):
            journal = Journal.left(left, self.belonging) if JOURNAL.fullmatch(left.name) else None
            if journal is not None:
                self._finish(journal)

    def pieces(self) -> Sequence[Piece]:
        """Return the folder's chunks; a chunk that was read before isn't read again."""
        recent = [
            together(pieces) for pieces in list(self._recent.values())
        ]  # before listing chunks, since they may become one meanwhile
        present = {chunk.path: chunk for chunk in chunks_in(self.folder, self.belonging)}
        self._chunks = {path: self._chunks.get(path, chunk) for path, chunk in present.items()}
        return [*self._chunks.values(), *recent]

    def append(self, keys: I64, rows: F64) -> None:
        """Keep finished runs: in the journal at once, and in a chunk once there are enough."""
        if self._journal is None:
            self._journal = Journal.begin(self.folder, self.belonging)
        self._journal.append(keys, rows)
        if self._stays_open:
            self._recent.setdefault(self._journal, []).append(MemoryPiece(keys, rows, self.shape))
        if self._journal.bytes >= CHUNK_BYTES:
            journal, self._journal = self._journal, None
            self._wait()
            self._writing = self._writer.submit(self._finish, journal)

    def close(self, *, whole: bool) -> None:
        """Turn the journal into a chunk; after an error leave it for the next process."""
        journal, self._journal = self._journal, None
        try:
            if whole:
                self._wait()
                if journal is not None:
                    self._finish(journal)
                self._put_together()
        finally:
            self._writer.shutdown()
            if journal is not None:
                journal.close(remove=False)

    def _wait(self) -> None:
        if self._writing is not None:
            self._writing.result()

    def _finish(self, journal: Journal) -> None:
        """Write a journal's runs as a chunk and remove the journal; if that fails it stays."""
        try:
            keys, rows = journal.rows()
            if len(keys):
                write_chunk(self.folder, self.belonging, keys, rows)
            self._recent.pop(journal, None)
        except BaseException:
            journal.close(remove=False)
            raise
        journal.close(remove=True)

    def _put_together(self) -> None:
        """If interruptions left many small chunks, write large ones in their place and remove the small ones.

        A reader that finds a chunk gone lists the folder again.
        """
        rows = max(1, CHUNK_BYTES // (8 * self.shape.width))
        listed, _ = indexed(self.pieces)
        small = [chunk for chunk in listed if isinstance(chunk, Chunk) and len(chunk.keys) < rows // 2]
        if len(small) <= MANY:
            return
        with (self.folder / LOCK).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return  # another process is doing it
            group: list[Chunk] = []
            for chunk in small:
                if group and sum(len(one.keys) for one in [*group, chunk]) > rows:
                    self._as_one(group)
                    group = []
                group.append(chunk)
            self._as_one(group)

    def _as_one(self, group: Sequence[Chunk]) -> None:
        """Write several chunks as one, then remove them."""
        keys, rows = np.concatenate([one.keys for one in group]), np.concatenate([one.rows() for one in group])
        _, first = np.unique(keys, axis=0, return_index=True)
        large = write_chunk(self.folder, self.belonging, keys[first], rows[first])
        for chunk in group:
            if chunk.path != large:
                chunk.path.unlink(missing_ok=True)
