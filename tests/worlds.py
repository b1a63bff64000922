"""Small worlds for tests, of several shapes, and where things lie in them."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

from sim.engine.simulation import Simulation
from sim.engine.world import columns as c
from sim.engine.world.columns import State
from sim.scenario import Scenario, load_scenario

Array = npt.NDArray[Any]
SMALL = {"village.households": 200, "village.party_members": 16, "village.volunteers": 4}
SHAPES: list[dict[str, Any]] = [
    {},
    {"village.households": 10, "village.party_members": 1, "village.representatives": 10},
    {"village.households": 97, "village.party_members": 13, "village.plan.sight": 1},
    {"village.households": 160, "village.plan.sight": 3, "village.plan.households_per_public_plot": 7},
    {"village.plan.lane_rows": 0, "village.plan.lane_columns": 0, "village.plan.households_per_public_plot": 2},
    {"village.plan.lane_rows": 2, "village.plan.lane_columns": 3},
    {"village.party_members": 200, "village.newcomer_share": 0.9},
    {"village.households": 1567, "village.party_members": 125},
]


def small(**values: Any) -> Scenario:
    return load_scenario("baseline", {**SMALL, **{key.replace("__", "."): value for key, value in values.items()}})


def shaped(shape: dict[str, Any]) -> Scenario:
    return load_scenario("baseline", {**SMALL, **shape})


def built(scenario: Scenario, seed: int = 0, replicate: int = 0) -> State:
    return Simulation(scenario, seed, replicate, 1).state


def places(state: State, v: int = 0) -> tuple[Array, Array, Array]:
    """Return (the plan as a grid, row and column of each household) of a village."""
    row = state.village_i64[:, v]
    rows, columns = int(row[c.PLAN_ROWS]), int(row[c.PLAN_COLUMNS])
    grid = state.plan[row[c.PLAN_FIRST] : row[c.PLAN_FIRST] + rows * columns].reshape(rows, columns)
    plot = state.column("plot")[row[c.FIRST] : row[c.STOP]]
    return grid, plot // columns, plot % columns
