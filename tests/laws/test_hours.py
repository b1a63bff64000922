"""Hours are conserved: what is worked in yards is the clutter that goes, whoever works, and nothing else clears a yard."""

from __future__ import annotations

import math

import numpy as np
from quiet import QUIET

from sim.engine.mechanisms.contracting import CONTRACTOR_SECONDS
from sim.engine.mechanisms.housework import HELP_SECONDS, OWN_SECONDS, PAID_SECONDS
from sim.engine.simulation import Simulation
from sim.scenario import load_scenario

HANDS = (OWN_SECONDS, HELP_SECONDS, PAID_SECONDS, CONTRACTOR_SECONDS)
INTERVENTIONS = [
    {"kind": "household_contact"}, {"kind": "volunteer_team", "hours": 4.0},
    {"kind": "donation", "uses": {"works": 0.0, "hauling": 1.0, "awards": 0.0}, "yuan": 60_000.0},
    {"kind": "contractor_cleaning", "hours": 30.0, "start": 10},
]  # fmt: skip


def test_hours_in_yards_are_the_clutter_that_went() -> None:
    """Clutter before, and what gathers, less clutter after = hours of households, volunteers, paid hands, contractors.

    Yards never fill up here, so all that gathers stays. Each of four kinds of hands is counted in whole seconds of a
    household and week, cut down: of 200 households at most 800 seconds a week are lost to that, and none gained.
    Nothing is drawn, so a kind of hands that is left out, or counted twice, would be found for sure in a week in which
    it works 800 seconds, as each does here.
    """
    households, weeks, growth = 200, 30, 0.5
    scenario = load_scenario("baseline", [
        {**QUIET, "village.households": households, "village.party_members": 16, "village.volunteers": 6,
         "household.clutter_cap": 1000.0, "household.clutter_growth": growth, "household.predisposition": -0.5},
        {"interventions": INTERVENTIONS},
    ])  # fmt: skip
    simulation = Simulation(scenario, 6, 0, weeks)
    clutter = simulation.state.column("clutter")
    for week in range(weeks):
        before = math.fsum(clutter)
        simulation.advance()
        went = before + growth * households - math.fsum(clutter)
        worked = int(simulation.counts[week, 0, list(HANDS)].sum()) / 3600
        assert -1e-9 < went - worked < 4 * households / 3600 + 1e-9
    most = simulation.counts[:, 0, list(HANDS)].max(axis=0)
    assert (most > 4 * households).all(), most
    assert np.isfinite(clutter).all()
