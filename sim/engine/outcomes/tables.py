"""Outcomes worked out from the record: the weekly table, the totals of a run, and the outcomes of each village.

The weekly table has a row for each week and group of households; what belongs to the whole village (hours, money, trust)
is in the rows of group ``all`` and NaN in the others. Weeks count from 0 like an intervention's start; a row is the
state at the end of its week.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.base.arrays import F64, I64
from sim.engine import tallies as t
from sim.engine.outcomes.declaration import (
    GROUP_OF,
    GROUPS,
    Columns,
    Households,
    Measured,
    Per,
    Reduction,
    Tallied,
)
from sim.engine.outcomes.declared import BY_VILLAGE, TOTALS, WEEKLY, WEEKLY_BY_VILLAGE
from sim.engine.outcomes.weeks import Weeks
from sim.engine.world.columns import CELLS, RUNGS
from sim.scenario.schema import Scenario

_BY_NAME = {outcome.name: outcome for outcome in WEEKLY}
_PERS = tuple(Per)
_GROUPS = np.array(GROUPS)
_GROUP_BITS = np.array([[float(bits in group.bits) for bits in range(4)] for group in GROUP_OF.values()])
"""Which (newcomer, member) bits make up a group, shape (groups, 4)."""
_BY_GROUP = [(at, one.source) for at, one in enumerate(WEEKLY) if isinstance(one.source, Households)]
_CELLS = np.array([source.cells for _, source in _BY_GROUP], np.float64)
"""Which (rung, yard) cells make up an outcome by group, shape (outcomes, 8)."""
_SHARES = np.array([source.share for _, source in _BY_GROUP])
_RECORDED = [(at, one.source) for at, one in enumerate(WEEKLY) if not isinstance(one.source, Households)]
_ROWS = [
    [t.row(name) for name in source.names]
    if isinstance(source, Tallied)
    else [len(t.TALLIES) + t.measure_row(source.name)]
    for _, source in _RECORDED
]
"""The rows of the record, tallies before measures, that are added up to make each of the other outcomes."""
_FIRST = [rows[0] for rows in _ROWS]
_SEVERAL = [(k, rows) for k, rows in enumerate(_ROWS) if len(rows) > 1]
_PER = np.array([_PERS.index(source.per) for _, source in _RECORDED])


def group_cells(group: str) -> npt.NDArray[np.bool_]:
    """Return which of the cells (newcomer, member bits; rung; yard), shape (4, 4, 2), make up a group."""
    cells = np.zeros((4, len(RUNGS), 2), np.bool_)
    cells[list(GROUP_OF[group].bits)] = True
    return cells


def weekly_table(counts: I64, totals: F64, public_plots: int, villages: int = 1) -> Columns:
    """Return the weekly table as columns, rows by week and then by group.

    counts : (weeks, tallies) and totals : (weeks, measures), summed over `villages`. Shares of a group without households
    are NaN.
    """
    weeks = counts.shape[0]
    record = np.concatenate([counts.T, totals.T])  # whole numbers stay exact
    cells = (_GROUP_BITS @ record[t.rows("households")].reshape(4, -1)).reshape(len(GROUPS), CELLS // 4, weeks)
    size = cells.sum(axis=1)
    by_group = _CELLS @ cells
    by_group[:, _SHARES] /= np.where(size > 0, size, np.nan)[:, None]
    known = {Per.HOUSEHOLD: size[0], Per.VILLAGE: villages, Per.PUBLIC_PLOT: public_plots}
    divisors = np.empty((len(_PERS), weeks))
    for k, per in enumerate(_PERS):
        divisors[k] = known.get(per, per.value)
    table = np.full((len(WEEKLY), weeks, len(GROUPS)), np.nan)
    table[[at for at, _ in _BY_GROUP]] = by_group.transpose(1, 2, 0)
    sums = record[_FIRST]
    for k, rows in _SEVERAL:
        sums[k] = record[rows].sum(axis=0)
    table[[at for at, _ in _RECORDED], :, 0] = sums / divisors[_PER]
    columns: Columns = {
        "week": np.arange(weeks * len(GROUPS), dtype=np.int32) // len(GROUPS),
        "group": np.full((weeks, len(GROUPS)), _GROUPS).ravel(),
    }
    columns.update(zip(_BY_NAME, table.reshape(len(WEEKLY), -1), strict=True))
    return columns


def total_outcomes(
    weekly: Columns, scenario: Scenario, visits: npt.NDArray[np.generic], names: Container[str] | None = None
) -> dict[str, float]:
    """Return the outcomes of a run, by the names of `TOTALS`.

    visits : members' visits in each village, all weeks, shape (villages,). names : only these outcomes; all if None.
    """
    weeks = Weeks(weekly, scenario, visits)
    return {total.name: total.how(weeks) for total in TOTALS if names is None or total.name in names}


def village_outcomes(counts: I64, totals: F64) -> Columns:
    """Return the outcomes of each village: those of `BY_VILLAGE`, shape (villages,), and weekly ones, (villages, weeks).

    counts : (weeks, villages, tallies) and totals : (weeks, villages, measures), at least a week.
    """
    weeks, villages = counts.shape[:2]
    cells = counts[:, :, t.rows("households")].reshape(weeks, villages, 4, CELLS // 4).sum(axis=2)
    households = cells[0].sum(axis=1)

    def course(name: str) -> Any:
        """Return a weekly outcome, shape (weeks, villages); whole numbers that are divided by nothing stay such."""
        source = _BY_NAME[name].source
        if isinstance(source, Households):
            number = cells @ np.array(source.cells)
            return number / households if source.share else number
        if isinstance(source, Measured):
            number = totals[:, :, t.measure_row(source.name)]
        else:
            number = counts[:, :, [t.row(name) for name in source.names]].sum(axis=2)
        if source.per is Per.ONE:
            return number
        return number / {Per.HOUSEHOLD: households, Per.VILLAGE: 1}.get(source.per, source.per.value)

    columns: Columns = {}
    for total in BY_VILLAGE:
        assert isinstance(total.how, Reduction), (
            f"{total.name} is kept by village, so it has to reduce a weekly outcome"
        )
        columns[total.name] = total.how.over(course(total.how.of))
    columns |= {f"weekly.{name}": np.ascontiguousarray(course(name).T) for name in WEEKLY_BY_VILLAGE}
    return columns
