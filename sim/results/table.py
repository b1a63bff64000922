"""Tables of runs that are read column by column, and what is done to their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.base.arrays import I64
from sim.engine.outcomes import Columns
from sim.results.parts import NO_DRAW
from sim.results.rows import RUN_UNITS, SCALARS

Array = npt.NDArray[Any]


class Table(Mapping[str, Array]):
    """A scenario's runs: a row a run, by draw and replicate; a run that failed has none.

    Columns: the keys, the totals of `sim.engine.outcomes.TOTALS`, shape (runs,), and ``weekly.NAME`` by week and group, shape
    (runs, weeks x groups). A weekly column is read anew whenever it is asked for; keys and totals are read once.

    Parameters
    ----------
    keys : columns that tell runs apart. chunks : takes names of columns and yields them a part at a time.
    names : the other columns; all if None.
    """

    def __init__(
        self,
        keys: Sequence[str],
        chunks: Callable[[Sequence[str]], Iterator[Columns]],
        names: Sequence[str] | None = None,
    ) -> None:
        self.keys_ = tuple(keys)
        self.chunks = chunks
        self._names = (*keys, *(RUN_UNITS if names is None else names))

    @cached_property
    def _small(self) -> Columns:
        """Keys and totals; {} where there are no runs."""
        return join(list(self.chunks([name for name in self._names if name in self.keys_ or name in SCALARS])))

    def __getitem__(self, name: str) -> Array:
        if name not in self._names or not self._small:
            raise KeyError(name)
        if name in self._small:
            return self._small[name]
        return np.concatenate([chunk[name] for chunk in self.chunks([name])])

    def __iter__(self) -> Iterator[str]:
        return iter(self._names if self._small else ())

    def __len__(self) -> int:
        return len(self._names) if self._small else 0

    @property
    def runs(self) -> int:
        """Rows."""
        return int(self._small["replicate"].size) if self._small else 0


def join(tables: Sequence[Columns]) -> Columns:
    """Return tables of the same columns one under the other; {} for none."""
    if not tables:
        return {}
    return {key: np.concatenate([table[key] for table in tables]) for key in tables[0]}


def keys_of(columns: Mapping[str, Array]) -> I64:
    """Return (draw or `NO_DRAW`, replicate) of each row, shape (rows, 2)."""
    replicate = np.asarray(columns["replicate"], np.int64)
    draw = np.asarray(columns["draw"], np.int64) if "draw" in columns else np.full_like(replicate, NO_DRAW)
    return np.stack([draw, replicate], axis=1)


def in_order(columns: Columns) -> npt.NDArray[np.intp]:
    """Return the order of rows by draw and replicate; rows of one run keep theirs."""
    keys = keys_of(columns)
    return np.lexsort((keys[:, 1], keys[:, 0]))


def is_among(keys: I64, others: I64) -> npt.NDArray[np.bool_]:
    """Return which keys are among others, shape (keys,)."""
    known = set(map(tuple, others.tolist()))
    return np.array([tuple(key) in known for key in keys.tolist()], np.bool_)


def rows_at(columns: Columns, rows: npt.NDArray[np.intp]) -> Columns:
    """Return a table's rows at these places."""
    return {name: values[rows] for name, values in columns.items()}


def merged(old: Columns, new: Columns) -> Columns:
    """Return the rows of two tables, of a run that stands in both those of the new one."""
    stay = np.flatnonzero(~is_among(keys_of(old), keys_of(new)))
    return join([rows_at(old, stay), new])
