"""Runs kept in memory instead of a results folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Self

import numpy as np

from sim.base.arrays import F64, I64
from sim.engine.outcomes import Columns
from sim.results.parts import Grid, Key, Part, parts
from sim.results.rows import RUN_UNITS, RowShape
from sim.results.table import Table, in_order, keys_of, merged, rows_at
from sim.scenario import Scenario
from sim.uncertainty.draw_table import DrawTable


class MemoryStore:
    """Runs kept in memory, and of them only the named columns; all of them if None.

    For small batches, or few columns of large ones. What came of each village isn't kept.
    """

    def __init__(self, shape: RowShape, grid: Grid, draws: Sequence[int], keep: Sequence[str] | None) -> None:
        self.shape = shape
        self.grid = grid
        self.draws = tuple(draws)
        self._keep = tuple(dict.fromkeys([*shape.keys, *(RUN_UNITS if keep is None else keep)]))
        self._parts: dict[Part, Columns] = {}

    @classmethod
    def of(
        cls, scenario: Scenario, weeks: int, draws: DrawTable | None, replicates: int, keep: Sequence[str] | None
    ) -> Self:
        """Return an empty store for a scenario's runs."""
        numbers = () if draws is None else sorted(draws.numbers.tolist())
        grid = Grid.fitting(weeks, len(scenario.villages), None if draws is None else replicates)
        return cls(RowShape.of(scenario, weeks, draws is not None), grid, numbers, keep)

    def parts(self, replicates: int) -> list[Part]:
        """Return the parts of so many replicates."""
        return parts(self.grid, self.draws, replicates)

    def found(self, part: Part) -> set[Key]:
        """Return the part's runs that are there."""
        if part not in self._parts:
            return set()
        return {(int(draw), int(replicate)) for draw, replicate in keys_of(self._parts[part])}

    def unfinished(self, part: Part) -> bool:
        """Return False: nothing is left over from before."""
        return False

    def journal(self, part: Part) -> MemoryJournal:
        """Return a new journal."""
        return MemoryJournal(self.shape.width)

    def finish(self, part: Part, keys: I64, rows: F64) -> None:
        """Keep runs; see `Journal.rows`."""
        runs, _ = self.shape.tables(keys, rows)
        runs = {name: runs[name] for name in self._keep}
        if part in self._parts:
            runs = merged(self._parts[part], runs)
        self._parts[part] = rows_at(runs, in_order(runs))

    def table(self, replicates: int) -> Table:
        """Return the runs as a table."""

        def chunks(names: Sequence[str]) -> Iterator[Columns]:
            for part in self.parts(replicates):
                if part in self._parts:
                    wanted = np.flatnonzero(np.asarray(self._parts[part]["replicate"], np.int64) < replicates)
                    yield {name: self._parts[part][name][wanted] for name in names}

        return Table(self.shape.keys, chunks, [name for name in self._keep if name not in self.shape.keys])


class MemoryJournal:
    """A journal in memory; see `sim.results.journal.Journal`."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._keys: list[Key] = []
        self._rows: list[F64] = []

    def append(self, key: Key, row: F64) -> None:
        """Add a finished run."""
        self._keys.append(key)
        self._rows.append(row)

    def rows(self) -> tuple[I64, F64]:
        """Return (keys, numbers)."""
        return np.array(self._keys, np.int64).reshape(-1, 2), np.array(self._rows).reshape(-1, self._width)

    def close(self) -> None:
        """Let go of it."""
