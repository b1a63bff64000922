"""Observation: the record of a week is the village as it is at the week's end."""

from __future__ import annotations

import numpy as np

from sim.engine.mechanisms.observation import HOUSEHOLDS, PUBLIC_SUM, RECOGNISED_GIVING
from sim.engine.mechanisms.visits import REACHED
from sim.engine.simulation import Simulation
from sim.engine.world import columns as c
from sim.scenario import load_scenario

SMALL = {"village.households": 120, "village.party_members": 9, "household.predisposition": -0.5}


def test_a_week_s_record_is_the_state_at_its_end() -> None:
    """Counted anew from the columns, week by week in two villages; sums over plots in the order of plots, to the bit."""
    villages = {"villages": [{"name": "a"}, {"name": "b", "households": 70}]}
    simulation = Simulation(load_scenario("donation", [SMALL, villages]), 2, 0, 12)
    s = simulation.state
    for week in range(12):
        simulation.advance()
        for v, row in enumerate(s.village_i64.T):
            here, plots = slice(row[c.FIRST], row[c.STOP]), slice(row[c.PUBLIC_FIRST], row[c.PUBLIC_STOP])
            roles, rung, clean = (s.column(name)[here].astype(int) for name in ("roles", "rung", "clean"))
            newcomer, member = (roles & c.NEWCOMER) > 0, (roles & c.MEMBER) > 0
            cells = np.zeros((2, 2, len(c.RUNGS), 2), int)
            np.add.at(cells, (member.astype(int), newcomer.astype(int), rung, clean), 1)
            count, total = simulation.counts[week, v], simulation.totals[week, v]
            assert count[HOUSEHOLDS : HOUSEHOLDS + c.CELLS].tolist() == cells.ravel().tolist()
            assert count[REACHED] == s.column("reached")[here].sum()
            assert total[PUBLIC_SUM] == np.cumsum(s.public_f64[c.PUBLIC_CLEANLINESS, plots])[-1]
            assert total[RECOGNISED_GIVING] == s.village_f64[c.RECOGNISED, v]
    assert simulation.counts[-1, :, REACHED].min() > 0
    assert simulation.totals[-1, :, RECOGNISED_GIVING].min() > 0
