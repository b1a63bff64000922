"""A run as a row of numbers: its totals, its weekly outcomes and what came of each village, always in one order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.base.arrays import F64, I64
from sim.engine.outcomes import BY_VILLAGE, GROUPS, TOTALS, WEEKLY, WEEKLY_BY_VILLAGE, Columns
from sim.results.parts import NO_DRAW
from sim.scenario import Scenario

SCALARS = tuple(outcome.name for outcome in TOTALS)
LISTS = tuple(f"weekly.{outcome.name}" for outcome in WEEKLY)
RUN_UNITS = {o.name: o.unit for o in TOTALS} | {f"weekly.{o.name}": o.unit for o in WEEKLY}
"""The columns of a table of runs, besides its keys, and their units."""
VILLAGE_UNITS = {o.name: o.unit for o in BY_VILLAGE} | {f"weekly.{name}": "share" for name in WEEKLY_BY_VILLAGE}
"""The columns of a table by village, besides keys and names, and their units."""


def units() -> dict[str, dict[str, str]]:
    """Return the unit of every column with one, for tables of runs, of weeks and of villages."""
    return {
        "runs": {o.name: o.unit for o in TOTALS},
        "weekly": {o.name: o.unit for o in WEEKLY},
        "villages": {name.removeprefix("weekly."): unit for name, unit in VILLAGE_UNITS.items()},
    }


@dataclass(frozen=True)
class RowShape:
    """What stands where in a row.

    weeks : of the run. villages : their names in a world of several, () in a world of one. draws : whether runs have a draw.
    """

    weeks: int
    villages: tuple[str, ...]
    draws: bool = False

    @classmethod
    def of(cls, scenario: Scenario, weeks: int, draws: bool = False) -> RowShape:
        """Return the shape of a scenario's rows."""
        names = tuple(village.name for village in scenario.villages)
        return cls(weeks, names if len(names) > 1 else (), draws)

    @property
    def width(self) -> int:
        """Numbers in a row."""
        wide = len(VILLAGE_UNITS) + (self.weeks - 1) * len(WEEKLY_BY_VILLAGE)
        return len(SCALARS) + len(LISTS) * self.weeks * len(GROUPS) + len(self.villages) * wide

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that tell the runs apart."""
        return ("draw", "replicate") if self.draws else ("replicate",)

    def row(self, totals: Mapping[str, float], weekly: Columns, villages: Columns | None) -> F64:
        """Return a run as a row, shape (width,)."""
        numbers: list[npt.NDArray[Any]] = [np.array([totals[name] for name in SCALARS])]
        numbers += [weekly[outcome.name] for outcome in WEEKLY]
        if villages is not None:
            numbers += [np.ravel(villages[name]) for name in VILLAGE_UNITS]
        return np.concatenate(numbers, dtype=np.float64)

    def _places(self) -> Iterator[tuple[str, str, int, int, int]]:
        """Yield (table, column, first number, numbers, rows in a run) in the order of a row."""
        at = 0
        long = self.weeks * len(GROUPS)
        for name in (*SCALARS, *LISTS):
            size = 1 if name in SCALARS else long
            yield "runs", name, at, size, 1
            at += size
        for name in VILLAGE_UNITS if self.villages else ():
            size = len(self.villages) * (self.weeks if name.startswith("weekly.") else 1)
            yield "villages", name, at, size, len(self.villages)
            at += size

    def tables(self, keys: I64, rows: F64) -> tuple[Columns, Columns]:
        """Return rows as the tables of runs and of villages; the latter is {} in a world of one.

        keys : (draw or `NO_DRAW`, replicate) of each row, shape (rows, 2). rows : shape (rows, width).
        """
        assert self.draws or (keys[:, 0] == NO_DRAW).all()
        heads = {"draw": keys[:, 0], "replicate": keys[:, 1]}
        found: dict[str, Columns] = {"runs": {key: heads[key].copy() for key in self.keys}, "villages": {}}
        if self.villages:
            found["villages"] = {key: np.repeat(heads[key], len(self.villages)) for key in self.keys}
            found["villages"]["village"] = np.tile(np.array(self.villages), len(rows))
        for table, name, first, size, each in self._places():
            values = rows[:, first : first + size]
            long = values.reshape(len(rows) * each, -1)
            found[table][name] = np.ascontiguousarray(long if name.startswith("weekly.") else long[:, 0])
        return found["runs"], found["villages"]
