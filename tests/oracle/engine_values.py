"""What the engine holds of a village, as lists of plain numbers; its arrays run over all villages, so places are moved."""

from __future__ import annotations

from typing import Any

from oracle.record import SUMS, TALLIES
from sim.engine.simulation import Simulation
from sim.engine.tallies import rows
from sim.engine.world import columns as c
from sim.engine.world.declaration import columns_of

Values = dict[str, list[Any]]


def households(engine: Simulation, v: int) -> Values:
    """Return the columns of households."""
    state, row = engine.state, engine.state.village_i64[:, v]
    here = slice(row[c.FIRST], row[c.STOP])
    values = {column.name: state.column(column.name)[here].tolist() for column in columns_of("household")}
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
    return {column.name: state.column(column.name)[here].tolist() for column in columns_of("public plot")}


def lists(engine: Simulation, v: int) -> Values:
    """Return the members' lists; instead of where one begins and ends, the households between."""
    state, row = engine.state, engine.state.village_i64[:, v]
    here = slice(row[c.LISTS_FIRST], row[c.LISTS_STOP])
    values = {column.name: state.column(column.name)[here] for column in columns_of("list")}
    first, stop = values.pop("list_first"), values.pop("list_stop")
    values |= {"list_member": values["list_member"] - row[c.FIRST], "list_next": values["list_next"] - first}
    households = [(state.listed[a:b] - row[c.FIRST]).tolist() for a, b in zip(first, stop, strict=True)]
    return {"list_households": households, **{name: column.tolist() for name, column in values.items()}}


def callers(engine: Simulation, v: int) -> Values:
    """Return the callers."""
    state, row = engine.state, engine.state.village_i64[:, v]
    here = slice(row[c.TEAM_FIRST], row[c.TEAM_STOP])
    values = {column.name: state.column(column.name)[here].tolist() for column in columns_of("caller")}
    values["team_household"] = [int(i - row[c.FIRST]) if i >= 0 else i for i in values["team_household"]]
    return values


def village(engine: Simulation, v: int) -> Values:
    """Return what belongs to the whole village, but where it lies among the others."""
    state, row = engine.state, engine.state.village_i64[:, v].tolist()
    plan = state.plan[row[c.PLAN_FIRST] :][: row[c.PLAN_ROWS] * row[c.PLAN_COLUMNS]].tolist()
    values = {column.name: [state.column(column.name)[v].item()] for column in columns_of("village")}
    for places in ("", "plan_", "public_", "lists_", "team_"):
        values.pop(f"{places}first")
        values.pop(f"{places}stop", None)  # a plan ends after its rows and columns
    return {
        "village_key": state.village_key[:, v].tolist(),
        "plan": [standing_for(code, row) for code in plan],
        **values,
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
