"""Stores of finished runs: a folder that any number of processes may fill and read at once, or this process's memory.

``<results>/<name>/<identity>/`` holds ``manifest.json`` (what was run, with which versions), of runs over draws
``draws.csv``, and the runs themselves: chunks (see `sim.results.chunk`), and the journals of processes at work. Nobody ever
changes a file, so that nothing needs to be merged and no process can lose another one's runs: what is kept is the union of
all chunks, and of equal keys any, as equal runs have equal bits. The identity covers all that can change a run (see
`sim.results.identity`).
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
"""Size of a chunk's numbers in memory, about; the file is a tenth of it."""
MANY = 50
"""Chunks beyond which small ones are put together."""
LOCK = ".lock"
"""The file whose lock a process holds that puts chunks together."""


class Store(Protocol):
    """Where runs of one identity are kept. shape : of their rows."""

    shape: RowShape

    def pieces(self) -> Sequence[Piece]:
        """Return what is kept, as it is now."""

    def append(self, keys: I64, rows: F64) -> None:
        """Keep finished runs. Raises InputError where they can't be written."""

    def close(self, *, whole: bool) -> None:
        """Finish what is under way; `whole` is False after an error, when what is on disk must do."""


class MemoryPiece(NamedTuple):
    """Some rows in memory."""

    keys: I64
    rows: F64
    shape: RowShape

    def columns(self, names: Sequence[str]) -> dict[str, F64]:
        """Return observables of all rows."""
        return {name: self.shape.column(self.rows, name) for name in names}


def together(pieces: list[MemoryPiece]) -> MemoryPiece:
    """Put some pieces together into one, which then stands in their place; at least one."""
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
        """Nothing is under way."""


class FolderStore:
    """Runs kept in a folder.

    Use `begin` before the first `append`: it makes the folder and takes over what other processes left behind. One that
    stays open for several requests also lists what isn't in a chunk yet.
    """

    def __init__(self, folder: Path, belonging: Belonging, *, stays_open: bool = False) -> None:
        self.folder, self.belonging, self.shape = folder, belonging, belonging.shape
        self._stays_open = stays_open
        self._recent: dict[Journal, list[MemoryPiece]] = {}
        self._journal: Journal | None = None
        # Chunks are written beside the runs, or the workers would wait for them; one at a time, as each takes memory.
        self._writer = ThreadPoolExecutor(1)
        self._writing: Future[None] | None = None
        self._chunks: dict[Path, Chunk] = {}

    def begin(self, manifest: Mapping[str, Any], draws: DrawTable | None) -> None:
        """Make the folder with its manifest and draws, and make chunks of journals that were left behind."""
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
        """Return the chunks that are there; one that was looked at before isn't read again."""
        recent = [
            together(pieces) for pieces in list(self._recent.values())
        ]  # first: they may become a chunk meanwhile
        found = {chunk.path: chunk for chunk in chunks_in(self.folder, self.belonging)}
        self._chunks = {path: self._chunks.get(path, chunk) for path, chunk in found.items()}
        return [*self._chunks.values(), *recent]

    def append(self, keys: I64, rows: F64) -> None:
        """Keep finished runs: in the journal at once, and in a chunk when there are enough."""
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
        """Make a chunk of the journal; after an error leave it as it is for the next process."""
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
        """Write a journal's runs as a chunk and remove it; where that fails it stays."""
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
        """Where many interruptions left many small chunks, write them as large ones, then remove the small ones.

        A reader that meets a chunk that is gone lists them again.
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
                return  # another process is at it
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
