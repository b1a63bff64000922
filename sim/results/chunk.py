"""Chunks: files of finished runs that never change, each named by its content and bound to what made it.

A chunk's name ends in the hash of its bytes, and its metadata holds the identity of its runs. So every reader refuses a file
that is corrupt, was copied in part, or belongs to other runs. Rows are those of `sim.results.rows`, by draw and replicate.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np

from sim.base.arrays import F64, I64
from sim.base.errors import InputError
from sim.results.files import check_regular, damaged, read_bytes, write_bytes
from sim.results.keys import NO_DRAW
from sim.results.parquet import columns_of, parquet_bytes
from sim.results.rows import Array, RowShape

NAME = re.compile(r"runs-[0-9a-f]{20}\.parquet")
PATTERN = "runs-*.parquet"
IDENTITY, KEYS = "grassroots.identity", "grassroots.keys"
Given = TypeVar("Given")


class Belonging(NamedTuple):
    """What the files of a store have in common: the identity of its runs, the shape of their rows, and the first key's name.

    key : ``draw``, ``variant``, or "" if runs have only a replicate.
    """

    identity: str
    shape: RowShape
    key: str

    @property
    def heads(self) -> list[str]:
        """The columns that identify a run."""
        return [self.key, "replicate"] if self.key else ["replicate"]


def write_chunk(folder: Path, belonging: Belonging, keys: I64, rows: F64) -> Path:
    """Write rows as a chunk and return its path. keys : of the rows, shape (rows, 2). Raises InputError."""
    order = np.lexsort((keys[:, 1], keys[:, 0]))
    keys, rows = keys[order], rows[order]
    columns: dict[str, Array] = {belonging.key: keys[:, 0]} if belonging.key else {}
    columns["replicate"] = keys[:, 1]
    columns |= {name: belonging.shape.column(rows, name) for name in belonging.shape.places}
    units = {one.name: one.unit for one in belonging.shape.observed}
    data = parquet_bytes(columns, units, {IDENTITY: belonging.identity, KEYS: _digest(keys)})
    path = folder / f"runs-{hashlib.sha256(data).hexdigest()[:20]}.parquet"
    write_bytes(path, data)
    return path


@dataclass(frozen=True)
class Chunk:
    """A file of finished runs. Reading raises InputError if the file is damaged, FileNotFoundError if it is gone."""

    path: Path
    belonging: Belonging

    @cached_property
    def keys(self) -> I64:
        """The keys of its rows, shape (rows, 2); checks that it belongs to its folder and has the right columns."""
        belonging = self.belonging

        def read(file: Any) -> I64:
            about = {key.decode(): text.decode() for key, text in (file.schema_arrow.metadata or {}).items()}
            identity = about.get(IDENTITY, "")
            if identity != belonging.identity:
                raise InputError(
                    f"holds other runs than its folder ({identity or 'without identity'}); move it away", self.path
                )
            if list(file.schema_arrow.names) != [*belonging.heads, *belonging.shape.places]:
                raise InputError("isn't a table of runs of this model; remove it and run again", self.path)
            heads = columns_of(file, belonging.heads)
            replicate = np.asarray(heads["replicate"], np.int64)
            first = np.asarray(heads[belonging.key], np.int64) if belonging.key else np.full_like(replicate, NO_DRAW)
            keys = np.stack([first, replicate], axis=1)
            if about.get(KEYS) != _digest(keys):
                raise ValueError("other keys than were written")
            return keys

        return self._read(read)

    def columns(self, names: Sequence[str]) -> dict[str, F64]:
        """Return observables of all rows, each of shape (rows, *its shape)."""
        self.check()
        columns = self._read(lambda file: columns_of(file, names), self._metadata)
        shapes = self.belonging.shape.places
        return {
            name: np.asarray(values, np.float64).reshape(len(self.keys), *shapes[name][1])
            for name, values in columns.items()
        }

    def rows(self) -> F64:
        """Return all rows, shape (rows, width)."""
        places = self.belonging.shape.places
        columns = self.columns(list(places))
        rows = np.empty((len(self.keys), self.belonging.shape.width))
        for name, (place, _) in places.items():
            rows[:, place] = columns[name].reshape(len(rows), -1)
        return rows

    def check(self) -> None:
        """Check, once, that its bytes are those that were written, since checksums of pages don't cover all bytes."""
        if self._whole:
            return

    @cached_property
    def _whole(self) -> bool:
        digest = hashlib.sha256(read_bytes(self.path)).hexdigest()
        if self.path.name != f"runs-{digest[:20]}.parquet":
            raise InputError(
                "is damaged; remove it and run again (its bytes don't match the hash in its name)", self.path
            )
        return True

    @cached_property
    def _metadata(self) -> Any:
        """The file's description of its columns, which takes as long to read as a column."""
        return self._read(lambda file: file.metadata)

    def _read(self, read: Callable[[Any], Given], metadata: Any = None) -> Given:
        import pyarrow as pa
        import pyarrow.parquet as pq

        check_regular(self.path)
        try:
            with pq.ParquetFile(self.path, metadata=metadata, page_checksum_verification=True) as file:
                return read(file)
        except FileNotFoundError:
            raise
        except (OSError, pa.ArrowException, ValueError) as error:
            if isinstance(error, InputError):
                raise
            raise damaged(self.path, error) from None


def _digest(keys: I64) -> str:
    """Return a hash of keys, since those who only look for runs don't read the whole file."""
    return hashlib.sha256(np.ascontiguousarray(keys, "<i8").tobytes()).hexdigest()[:20]


def chunks_in(folder: Path, belonging: Belonging) -> list[Chunk]:
    """Return the chunks of a folder. Raises InputError for a name that only resembles a chunk's, or a broken link."""
    chunks = []
    for path in sorted(folder.glob(PATTERN)):
        if not NAME.fullmatch(path.name):
            raise InputError("isn't a name of a file of runs; move it away", path)
        if path.is_symlink() and not path.exists():
            raise InputError("is a link to a file that is gone; remove it", path)
        chunks.append(Chunk(path, belonging))
    return chunks
