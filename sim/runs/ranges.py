"""Whether columns read from a file may be given to compiled code, which looks at no bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.engine.simulation import Simulation
from sim.engine.world.columns import State
from sim.engine.world.declaration import BLOCKS, COLUMNS

_NARROW = np.uint8
"""Fixed columns of this type are counts and marks that index nothing, and an agent's may have been set."""


def out_of_range(simulation: Simulation, arrays: Mapping[str, Any]) -> str:
    """Return what is wrong with a state's blocks and record for a run, or nothing.

    arrays : the blocks by name, with `counts` and `totals`; shapes and types are those of the run.

    Each value must lie in its column's limits. Whole numbers that the model never changes, which index other arrays or bound
    loops, must be the run's own; those that move, such as whose turn is next, must stay inside what they index.
    """
    state: State = simulation.state._replace(**{block: arrays[block] for block in BLOCKS})
    for column in COLUMNS.values():
        values = state.column(column.name)
        low, high = column.limits
        fixed = not column.writers and np.issubdtype(values.dtype, np.integer) and values.dtype != _NARROW
        if fixed and not np.array_equal(values, simulation.state.column(column.name)):
            return f"{column.name} isn't the scenario's"
        if not ((values >= low) & (values <= high)).all():  # false for NaN, too
            return f"{column.name} is out of range"
    for name, (first, stop) in _bounds(state).items():
        values = state.column(name)
        if not ((values >= first) & (values < np.maximum(stop, first + 1))).all():
            return f"{name} is out of range"
    return "" if np.isfinite(arrays["totals"]).all() else "totals aren't finite"


def _bounds(state: State) -> dict[str, tuple[Any, Any]]:
    """Return, by column, the ranges [first, stop) that its values index, one for each row or one for all."""
    village = state.column
    households = village("stop") - village("first")
    plots = village("public_stop") - village("public_first")
    callers = village("team_stop") - village("team_first")
    return {
        "list_next": (state.column("list_first"), state.column("list_stop")),
        "team_next": (-1, np.repeat(households, callers)),  # -1: begins with the first household
        "paid_next": (0, households), "contractor_next": (0, households), "award_next": (0, households + 1),
        "public_next": (0, plots), "dispute_next": (0, plots),
    }  # fmt: skip
