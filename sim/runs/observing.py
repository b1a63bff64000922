"""From a finished simulation to a row of numbers."""

from __future__ import annotations

import numpy as np

from sim.base.arrays import F64
from sim.engine.outcomes import GROUPS, Columns, total_outcomes, village_outcomes
from sim.engine.simulation import Simulation
from sim.results.rows import RowShape, at_week
from sim.runs.single import visits_made, world_table


def observe(simulation: Simulation, shape: RowShape) -> F64:
    """Return the observables of a run as far as it has gone, shape (width,); NaN where an outcome did not occur."""
    weekly = world_table(simulation)
    totals = total_outcomes(weekly, simulation.scenario, visits_made(simulation, simulation.week), shape.places)
    villages: Columns = {}
    if any(one.name.startswith("villages.") for one in shape.observed):
        weeks = slice(0, simulation.week)
        villages = village_outcomes(simulation.counts[weeks], simulation.totals[weeks])
    row = np.empty(shape.width)
    for name, (place, size) in shape.places.items():
        kind, _, rest = name.partition(".")
        point = at_week(name)
        if point is not None:
            row[place] = weekly[point[0]].reshape(-1, len(GROUPS))[point[2] - 1, GROUPS.index(point[1])]
        elif name in totals:
            row[place] = totals[name]
        elif kind == "weekly":
            by_group = weekly[rest].reshape(-1, len(GROUPS))
            row[place] = by_group.ravel() if len(size) > 1 else by_group[:, 0]
        else:
            row[place] = np.ravel(villages[rest])
    row[np.isnan(row)] = np.nan  # one bit pattern, whichever operation produced it
    return row
