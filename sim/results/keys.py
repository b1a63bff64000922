"""Find which runs are kept, and where, by their keys, many at a time.

A run's key within its store is two whole numbers: the draw's number (`NO_DRAW` without draws; in a collection the
variant's hash) and the replicate.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.base.arrays import I64

NO_DRAW = -1
"""The draw's number in keys of runs without draws."""


class Index:
    """The rows of several pieces of a store by their keys. keys : of each piece's rows, shape (rows, 2).

    Rows are numbered through all pieces. Of equal keys the first row is found; equal runs have equal bits.
    """

    def __init__(self, keys: Sequence[I64]) -> None:
        self.starts = np.cumsum([0, *(len(part) for part in keys)])
        both = np.concatenate([np.empty((0, 2), np.int64), *keys])
        self._firsts, place = np.unique(both[:, 0], return_inverse=True)
        codes = place.astype(np.int64) << 32 | both[:, 1]
        self._codes, self._rows = np.unique(codes, return_index=True)

    @property
    def runs(self) -> int:
        """The number of different runs."""
        return int(self._codes.size)

    @property
    def keys(self) -> I64:
        """The keys of the different runs, ascending, shape (runs, 2)."""
        return np.stack([self._firsts[self._codes >> 32], self._codes & 0xFFFFFFFF], axis=1)

    @property
    def replicates(self) -> int:
        """The highest replicate plus one; 0 without runs."""
        return int((self._codes & 0xFFFFFFFF).max(initial=-1)) + 1

    @property
    def doubled(self) -> bool:
        """Whether any run is in more than one row."""
        return self.runs < int(self.starts[-1])

    def rows(self, keys: I64) -> I64:
        """Return the row of each key, shape (keys,); -1 if there is none."""
        if not self.runs:
            return np.full(len(keys), -1)
        place = np.minimum(np.searchsorted(self._firsts, keys[:, 0]), self._firsts.size - 1)
        codes = place << 32 | keys[:, 1]
        at = np.minimum(np.searchsorted(self._codes, codes), self._codes.size - 1)
        there = (self._firsts[place] == keys[:, 0]) & (self._codes[at] == codes)
        return np.where(there, self._rows[at], -1)
