"""Small worlds for tests of interventions: one village of 200 households, or several, and what a run leaves behind."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine import tallies as t
from sim.engine.simulation import Simulation
from sim.scenario import load_scenario

SMALL = {"village.households": 200, "village.party_members": 16, "village.volunteers": 4}
STILL = {"household.climb_rate": 0.0, "household.slip_rate": 0.0}
LIVELY = {"household.predisposition": -1.2}
CONTACT = {"kind": "household_contact"}


def grown(
    *interventions: dict[str, Any],
    weeks: int = 30,
    seed: int = 1,
    replicate: int = 0,
    villages: Any = None,
    **values: Any,
) -> Simulation:
    """Return a simulation after some weeks; `household__trust=1` sets household.trust."""
    merged = {**SMALL, **{key.replace("__", "."): value for key, value in values.items()}}
    extra = {} if villages is None else {"villages": villages}
    what = load_scenario("baseline", [merged, {"interventions": list(interventions)}, extra])
    simulation = Simulation(what, seed, replicate, weeks)
    simulation.advance(weeks)
    return simulation


def still(*interventions: dict[str, Any], **values: Any) -> Simulation:
    """Return the same where nobody climbs or slips."""
    return grown(*interventions, **{**{key.replace(".", "__"): value for key, value in STILL.items()}, **values})


def content(simulation: Simulation, *but: str) -> dict[str, bytes]:
    """Return the record and every array of the state; `but` leaves out some of: effort, started, and arrays by name."""
    counts, totals = simulation.counts.copy(), simulation.totals.copy()
    if "effort" in but:
        totals[:, :, t.measure_row("effort")] = 0.0
    if "started" in but:
        counts[:, :, t.row("in_programme")] = 0
    found = {"counts": counts.tobytes(), "totals": totals.tobytes()}
    return found | {name: array.tobytes() for name, array in simulation.state._asdict().items() if name not in but}


def effort(simulation: Simulation, village: int = 0) -> np.ndarray[Any, Any]:
    """Return organisers' effort week by week."""
    return simulation.totals[:, village, t.measure_row("effort")]
