"""A run as a row of numbers: its observables by name, always in the same order.

An observable is

- ``adopted``: an outcome of the whole run (`sim.engine.outcomes.TOTALS`), one number;
- ``weekly.adopted``: week by week, shape (weeks, groups) if the outcome is reported by group, else (weeks,);
- ``adopted@26`` and ``adopted.local@26``: a weekly outcome of all households, or of a group, after 26 weeks;
- ``villages.adopted`` and ``villages.weekly.adopted``: an outcome of each village, shape (villages,), and week by week,
  shape (villages, weeks).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from sim.base.arrays import F64
from sim.base.errors import InputError, nearest
from sim.engine.outcomes import BY_VILLAGE, GROUPS, TOTALS, WEEKLY, WEEKLY_BY_VILLAGE
from sim.scenario import Scenario

Array = npt.NDArray[Any]
TOTAL_UNITS = {outcome.name: outcome.unit for outcome in TOTALS}
WEEKLY_UNITS = {outcome.name: outcome.unit for outcome in WEEKLY}
VILLAGE_UNITS = {outcome.name: outcome.unit for outcome in BY_VILLAGE}
VILLAGE_UNITS |= {f"weekly.{name}": WEEKLY_UNITS[name] for name in WEEKLY_BY_VILLAGE}
_BY_GROUP = frozenset(outcome.name for outcome in WEEKLY if outcome.by_group)


class Observable(NamedTuple):
    """A quantity observed of a run: its name, unit, and the shape of its numbers, () for one number."""

    name: str
    unit: str
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        """The count of its numbers."""
        return math.prod(self.shape)


def everything(villages: int) -> tuple[str, ...]:
    """Return the names of all observables that batches keep; in a world of several villages also those by village."""
    by_village = [f"villages.{name}" for name in VILLAGE_UNITS] if villages > 1 else []
    return (*TOTAL_UNITS, *(f"weekly.{name}" for name in WEEKLY_UNITS), *by_village)


def at_week(name: str) -> tuple[str, str, int] | None:
    """Return (weekly outcome, group, weeks) of a name such as ``adopted.local@26``; None for other names."""
    outcome, at, weeks = name.partition("@")
    outcome, _, group = outcome.partition(".")
    return (outcome, group or GROUPS[0], int(weeks)) if at and weeks.isdecimal() else None


def observable(name: str, weeks: int, villages: int) -> Observable:
    """Return the observable of a name in a run of `weeks` weeks. Raises InputError for an unknown name or week."""
    if name in TOTAL_UNITS:
        return Observable(name, TOTAL_UNITS[name], ())
    point = at_week(name)
    if point is not None and point[0] in WEEKLY_UNITS and point[1] in GROUPS:
        if not 1 <= point[2] <= weeks:
            raise InputError(f"'{name}' is outside a run of {weeks} weeks", "observables")
        return Observable(name, WEEKLY_UNITS[point[0]], ())
    kind, _, rest = name.partition(".")
    if kind == "weekly" and rest in WEEKLY_UNITS:
        return Observable(name, WEEKLY_UNITS[rest], (weeks, len(GROUPS)) if rest in _BY_GROUP else (weeks,))
    if kind == "villages" and rest in VILLAGE_UNITS:
        return Observable(name, VILLAGE_UNITS[rest], (villages, weeks) if rest.startswith("weekly.") else (villages,))
    known = [*everything(2), *(f"{outcome}@{weeks}" for outcome in WEEKLY_UNITS)]
    raise InputError(f"unknown observable '{name}'{nearest(name, known)}", "observables")


@dataclass(frozen=True)
class RowShape:
    """The layout of a row. observed : in the order of its numbers. villages : names of the world's villages."""

    observed: tuple[Observable, ...]
    villages: tuple[str, ...]

    @classmethod
    def of(cls, scenario: Scenario, weeks: int, names: Sequence[str] | None = None) -> Self:
        """Return the shape of a scenario's rows. names : of observables; all that batches keep if None.

        Raises InputError for an unknown name or an empty list.
        """
        villages = tuple(village.name for village in scenario.villages)
        names = everything(len(villages)) if names is None else tuple(dict.fromkeys(names))
        if not names:
            raise InputError("nothing to observe", "observables")
        return cls(tuple(observable(name, weeks, len(villages)) for name in names), villages)

    @cached_property
    def width(self) -> int:
        """Numbers in a row."""
        return sum(one.size for one in self.observed)

    @cached_property
    def places(self) -> Mapping[str, tuple[slice, tuple[int, ...]]]:
        """The place of each observable's numbers in a row, and their shape."""
        ends = np.cumsum([0, *(one.size for one in self.observed)]).tolist()
        return {one.name: (slice(ends[k], ends[k + 1]), one.shape) for k, one in enumerate(self.observed)}

    def column(self, rows: F64, name: str) -> F64:
        """Return an observable of rows, shape (rows, *its shape)."""
        place, shape = self.places[name]
        return np.ascontiguousarray(rows[:, place]).reshape(len(rows), *shape)

    def units(self) -> list[tuple[str, str, str]]:
        """Return (table, column, unit) of every observable, as in the tables of runs, of weeks and of villages."""
        units = []
        for one in self.observed:
            table, _, column = one.name.partition(".") if one.shape else ("runs", "", one.name)
            units.append((table, column, one.unit))
        return units

    def as_json(self) -> dict[str, Any]:
        """Return the shape in JSON's types; equal only for shapes whose rows mean the same."""
        return {
            "columns": [[one.name, one.unit, list(one.shape)] for one in self.observed],
            "villages": [*self.villages],
        }

    @classmethod
    def from_json(cls, text: Mapping[str, Any]) -> Self:
        """Return the shape that `as_json` wrote, even under another model. Raises ValueError, KeyError or TypeError."""
        columns = tuple(
            Observable(str(name), str(unit), tuple(map(int, shape))) for name, unit, shape in text["columns"]
        )
        return cls(columns, tuple(map(str, text["villages"])))
