"""What the engine holds of a village, as lists of plain numbers; its arrays run over all villages, so places are moved."""

from __future__ import annotations

from typing import Any

import numpy as np

from oracle.levers import USES
from oracle.record import SUMS, TALLIES
from sim.engine.simulation import Simulation
from sim.engine.tallies import rows
from sim.engine.world import columns as c

Values = dict[str, list[Any]]


def households(engine: Simulation, v: int) -> Values:
    """Return the columns of households."""
    state, row = engine.state, engine.state.village_i64[:, v]
    here = slice(row[c.FIRST], row[c.STOP])
    values = {column.name: state.column(column.name)[here].tolist() for column in c.COLUMNS}
    values["public_plot"] = (state.column("public_plot")[here] - row[c.PUBLIC_FIRST]).tolist()
    values["list"] = (state.column("list")[here] - row[c.LISTS_FIRST]).tolist()
    for name, first, other in (("whole ties", state.tie_first, state.tie), ("bonds", state.bond_first, state.bond)):
        if first.size > 1:
            values[name] = [
                (other[first[h] : first[h + 1]] - row[c.FIRST]).tolist() for h in range(*here.indices(10**9))
            ]
    return values


def plots(engine: Simulation, v: int) -> Values:
    """Return the public plots."""
    state, row = engine.state, engine.state.village_i64[:, v]
    here = slice(row[c.PUBLIC_FIRST], row[c.PUBLIC_STOP])
    integers = ("kind", "yards", "cluttered", "weeks left", "small open", "large open")
    floats = ("cleanliness", "promise", "trust lost")
    return {
        **{f"plots: {name}": state.public_i32[k, here].tolist() for k, name in enumerate(integers)},
        **{f"plots: {name}": state.public_f64[k, here].tolist() for k, name in enumerate(floats)},
    }


def lists(engine: Simulation, v: int) -> Values:
    """Return the members' lists."""
    state, row = engine.state, engine.state.village_i64[:, v]
    lists = state.lists[:, row[c.LISTS_FIRST] : row[c.LISTS_STOP]].astype(int)
    first = lists[c.LIST_FIRST]
    return {
        "lists: visitor": (lists[c.LIST_MEMBER] - row[c.FIRST]).tolist(),
        "lists: households": [
            (state.listed[start:stop] - row[c.FIRST]).tolist()
            for start, stop in zip(first, lists[c.LIST_STOP], strict=True)
        ],
        "lists: next": (lists[c.LIST_NEXT] - first).tolist(),
        "lists: seconds": lists[c.LIST_SECONDS].tolist(),
        "lists: help": lists[c.LIST_HELPER].tolist(),
    }


def callers(engine: Simulation, v: int) -> Values:
    """Return the callers."""
    state, row = engine.state, engine.state.village_i64[:, v]
    here = slice(row[c.TEAM_FIRST], row[c.TEAM_STOP])
    team = state.team_i32[:, here].astype(int)
    home = np.where(team[c.TEAM_HOUSEHOLD] >= 0, team[c.TEAM_HOUSEHOLD] - row[c.FIRST], team[c.TEAM_HOUSEHOLD])
    return {
        "callers: home": home.tolist(),
        "callers: door": team[c.TEAM_NEXT].tolist(),
        "callers: seconds": team[c.TEAM_SECONDS].tolist(),
        "callers: kind": team[c.TEAM_KIND].tolist(),
        "callers: chosen": team[c.TEAM_CHOSEN].tolist(),
        "callers: status": team[c.TEAM_STATUS].tolist(),
        "callers: fatigue": state.team_f64[c.TEAM_FATIGUE, here].tolist(),
    }


def village(engine: Simulation, v: int) -> Values:
    """Return what belongs to the whole village."""
    row, floats = engine.state.village_i64[:, v].tolist(), engine.state.village_f64[:, v].tolist()
    plan = engine.state.plan[row[c.PLAN_FIRST] :][: row[c.PLAN_ROWS] * row[c.PLAN_COLUMNS]].tolist()
    return {
        "village: key": engine.state.village_key[:, v].tolist(),
        "village: plan": [standing_for(code, row) for code in plan],
        "village: rows, columns, sight": row[c.PLAN_ROWS : c.SIGHT + 1],
        "village: routine": row[c.ROUTINE_SECONDS : c.VISIT_SECONDS + 1],
        "village: turns": row[c.PAID_NEXT : c.CONTRACTOR_NEXT + 1],
        "village: weeks": row[c.STARTED : c.BONDED + 1],
        "village: fund": row[c.FUND : c.FUND + len(USES)],
        "village: cells": row[c.CELL : c.CELL + c.CELLS],
        "village: floats": floats,
    }


def record(engine: Simulation, v: int) -> Values:
    """Return the week's record."""
    counts, totals = engine.counts[engine.week - 1, v], engine.totals[engine.week - 1, v]
    return {
        "record: cells": counts[rows("households")].tolist(),
        **{f"record: {name}": [int(counts[k])] for name, k in TALLIES.items()},
        **{f"record: sum of {name}": [float(totals[k])] for name, k in SUMS.items()},
    }


def standing_for(code: int, row: list[int]) -> tuple[str, int]:
    """Return what a code of the engine's plan stands for, and its number in the village of this row."""
    if code == -1:
        return "lane", 0
    return ("yard", code - row[c.FIRST]) if code >= 0 else ("public", -2 - code - row[c.PUBLIC_FIRST])
