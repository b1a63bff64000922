"""A small village for the tests of interventions, and what is asked of a run of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.simulation import Simulation
from sim.engine.world import columns as c
from sim.scenario import Scenario, load_scenario

SMALL = {"village.households": 200, "village.party_members": 16, "village.volunteers": 4}
# Enough goes on of itself that whatever touches the village shows in the record.
LIVELY = {"household.predisposition": -1.2, "village.contact.message": 0.2}
# Nobody moves on the ladder, and nothing is quarrelled about.
STILL = {"household.climb_rate": 0.0, "household.slip_rate": 0.0, "public.dispute_rate": 0.0, "village.volunteers": 0}
YARDS = ("rung", "clutter", "clean", "habit", "passivity", "persuasion", "clean_neighbours")

Intervention = dict[str, Any]


def scenario(interventions: Sequence[Intervention] = (), values: dict[str, Any] | None = None, **more: Any) -> Scenario:
    """Return the small village with these interventions; `more` are whole blocks, such as villages."""
    return load_scenario("baseline", [{**SMALL, **(values or {})}, {"interventions": list(interventions)}, more])


def after(
    interventions: Sequence[Intervention] = (),
    weeks: int = 30,
    values: dict[str, Any] | None = None,
    seed: int = 1,
    **more: Any,
) -> Simulation:
    simulation = Simulation(scenario(interventions, values, **more), seed, 0, weeks)
    simulation.advance(weeks)
    return simulation


def content(simulation: Simulation) -> dict[str, bytes]:
    """Return everything that a simulation holds: the record and every array of its state."""
    found = {"counts": simulation.counts.tobytes(), "totals": simulation.totals.tobytes()}
    return found | {name: array.tobytes() for name, array in simulation.state._asdict().items()}


def total(simulation: Simulation, row: int) -> int:
    """Return a tally summed over weeks and villages."""
    return int(simulation.counts[:, :, row].sum())


def same(one: Simulation, other: Simulation, columns: Sequence[str]) -> bool:
    """Return whether the columns are the same, bit for bit."""
    return all(one.state.column(name).tobytes() == other.state.column(name).tobytes() for name in columns)


def away(simulation: Simulation) -> npt.NDArray[np.int64]:
    """Return each household's distance from the middle of the village's grid, in plots."""
    rows, columns = (int(simulation.state.village_i64[row, 0]) for row in (c.PLAN_ROWS, c.PLAN_COLUMNS))
    row, column = np.divmod(simulation.state.column("plot").astype(np.int64), columns)
    return np.maximum(abs(row - rows // 2), abs(column - columns // 2))
