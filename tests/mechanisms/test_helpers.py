"""Helpers: party members without a list of their own, on their visits to the list that they help with."""

from __future__ import annotations

import numpy as np
import pytest
from any_intervention import told, under

from sim.engine.mechanisms.visits import CONTACT_SECONDS, CONTACT_SECONDS_LOST, VISITS
from sim.engine.world import columns as c
from sim.interventions import Effect


@pytest.mark.parametrize("unwilling", [0.0, 1.0])
def test_a_helper_never_leaves_the_list(unwilling: float) -> None:
    """Members and as many helpers with time for more than the list: who turns to the unwilling finds at some point that
    all have been seen this week, and loses the rest of the time; nobody is called at twice, here or in another village.
    """
    lever = told(Effect("contact_time", 2.0), Effect("list_time", 1.0), Effect("unwilling_first", unwilling),
                 where={"villages": ("a",)})  # fmt: skip
    simulation = under(lever, villages=[{"name": "a", "floating_members": 16}, {"name": "b"}], village__households=48)
    bare = under(villages=[{"name": "a"}, {"name": "b"}], village__households=48)
    for week in range(12):
        simulation.advance(1)
        bare.advance(1)
        seen = int((simulation.state.column("last_visit")[:48] == week).sum())
        visits = simulation.counts[week, 0, VISITS]
        assert visits == seen or unwilling == 0.0
        assert simulation.counts[week, 0, CONTACT_SECONDS] == visits * simulation.state.village_i64[c.VISIT_SECONDS, 0]
        assert np.array_equal(simulation.state.column("last_visit")[48:], bare.state.column("last_visit")[48:])
    assert (simulation.counts[:, 0, CONTACT_SECONDS_LOST].sum() > 0) == (unwilling > 0)
