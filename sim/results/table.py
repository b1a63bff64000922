"""Tables of runs, read column by column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np

from sim.base.arrays import F64, I64
from sim.base.errors import InputError
from sim.engine.outcomes import GROUPS
from sim.results.keys import NO_DRAW, Index
from sim.results.rows import Array, RowShape

TRIES = 20
"""How often a reader lists a folder again when files vanish."""


class Piece(Protocol):
    """A part of a store's rows, such as a chunk."""

    @property
    def keys(self) -> I64:
        """The keys of its rows, shape (rows, 2)."""

    def columns(self, names: Sequence[str]) -> dict[str, F64]:
        """Return observables of all rows."""


class Table(Mapping[str, Array]):
    """A scenario's runs: one row per run, by draw and replicate; a failed run has none.

    Columns: ``draw`` (over draws), ``replicate``, and the observables, shape (runs, *its shape), see `sim.results.rows`.
    A column is read on first use; all observables with a single number per run are read together.

    Parameters
    ----------
    shape : of rows. runs : (draw or `NO_DRAW`, replicate) of the requested runs, in order, shape (runs, 2). keys : the same
    runs' keys in their store. pieces : returns the pieces that hold rows; called again when a file is gone.
    """

    def __init__(self, shape: RowShape, runs: I64, keys: I64, pieces: Callable[[], Sequence[Piece]]) -> None:
        self.shape = shape
        self._pieces, self._keys = pieces, keys
        self._listed, self._rows = located(pieces, keys)
        there = self._rows >= 0
        self.missing = runs[~there]
        self._keys, self._rows, runs = keys[there], self._rows[there], runs[there]
        self._small: dict[str, Array] = {"replicate": np.ascontiguousarray(runs[:, 1])}
        if (runs[:, 0] != NO_DRAW).any():
            self._small = {"draw": np.ascontiguousarray(runs[:, 0]), **self._small}
        self._names = (*self._small, *shape.places)

    def __getitem__(self, name: str) -> Array:
        if name not in self._names or not self.runs:
            raise KeyError(name)
        if name not in self._small:
            single = [one.name for one in self.shape.observed if not one.shape]
            if name not in single:
                return self._read([name])[name]
            self._small |= self._read(single)
        return self._small[name]

    def _read(self, names: Sequence[str]) -> dict[str, F64]:
        """Return columns, reading each file once."""
        values = {name: np.empty((self.runs, *self.shape.places[name][1])) for name in names}
        for _ in range(TRIES):
            pieces, starts = self._listed
            order = np.argsort(self._rows, kind="stable")
            cuts = np.searchsorted(self._rows[order], starts)
            try:
                for piece, start, first, last in zip(pieces, starts, cuts, cuts[1:], strict=False):
                    if last > first:
                        places = order[first:last]
                        for name, column in piece.columns(names).items():
                            values[name][places] = column[self._rows[places] - start]
                return values
            except FileNotFoundError:
                self._listed, self._rows = located(self._pieces, self._keys)
                if (self._rows < 0).any():
                    raise InputError("runs have been removed; run the same command again", "results") from None
        raise InputError("files vanish faster than they can be read", "results")

    def __iter__(self) -> Iterator[str]:
        return iter(self._names if self.runs else ())

    def __len__(self) -> int:
        return len(self._names) if self.runs else 0

    @property
    def runs(self) -> int:
        """The number of rows."""
        return int(self._rows.size)


def located(pieces: Callable[[], Sequence[Piece]], keys: I64) -> tuple[tuple[Sequence[Piece], I64], I64]:
    """Return ((pieces, the number of each one's first row), the row of each key or -1)."""
    listed, index = indexed(pieces)
    return (listed, index.starts), index.rows(keys)


def indexed(pieces: Callable[[], Sequence[Piece]]) -> tuple[Sequence[Piece], Index]:
    """Return (pieces, index of their rows); lists the pieces again if files vanish meanwhile."""
    for _ in range(TRIES):
        listed = pieces()
        try:
            return listed, Index([piece.keys for piece in listed])
        except FileNotFoundError:
            continue
    raise InputError("files vanish faster than they can be read", "results")


def weekly_of(table: Mapping[str, Array], outcome: str, group: str = GROUPS[0]) -> F64:
    """Return a weekly outcome of a group from a table of runs, shape (runs, weeks).

    Raises InputError for a group if the outcome is reported only for the whole world.
    """
    values = np.asarray(table[f"weekly.{outcome}"], np.float64)
    if values.ndim == 3:
        return values[:, :, GROUPS.index(group)]
    if group != GROUPS[0]:
        raise InputError(f"{outcome} isn't reported by group, so there is none for '{group}'", "weekly_of")
    return values


def weekly_by_group(table: Mapping[str, Array], outcome: str) -> list[F64]:
    """Return a weekly outcome that is reported by group, for each of `GROUPS`, shape (runs, weeks); it is read once."""
    values = np.asarray(table[f"weekly.{outcome}"], np.float64)
    return [values[:, :, k] for k in range(len(GROUPS))]


def keys_of(columns: Mapping[str, Array]) -> I64:
    """Return (draw or `NO_DRAW`, replicate) of each row, shape (rows, 2)."""
    replicate = np.asarray(columns["replicate"], np.int64)
    draw = np.asarray(columns["draw"], np.int64) if "draw" in columns else np.full_like(replicate, NO_DRAW)
    return np.stack([draw, replicate], axis=1)
