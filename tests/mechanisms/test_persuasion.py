"""Persuasion in the model: what a contact leaves, by trust, by the messenger's yard and years, by kind and by repeat."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from quiet import QUIET

from sim.engine import tallies as t
from sim.engine.simulation import Simulation
from sim.engine.world import columns as c
from sim.scenario import load_scenario

SMALL = {**QUIET, "village.households": 200, "village.party_members": 16, "village.volunteers": 0}
EVEN = {
    "climb_rate": 0.0, "slip_rate": 0.0, "persuasion": 0.4, "own_yard": 0.5, "repeat": 0.25, "authority": 0.1,
    "trust_step": 0.1, "persuasion_retention": 1.0, "persuasion_cap": 50.0, "tidy_members": 0.5, "clutter_growth": 0.0,
    "clutter_start": 10.0,
}  # fmt: skip


def simulated(levers: list[dict[str, Any]], weeks: int, **values: float) -> Simulation:
    merged = {**SMALL, **{f"household.{key}": value for key, value in {**EVEN, **values}.items()}}
    return Simulation(load_scenario("baseline", [merged, {"interventions": levers}]), 5, 0, weeks)


ALL_AT_ONCE = {"kind": "household_contact", "time_factor": 20.0}


def test_one_visit_to_everybody_by_hand() -> None:
    """Every household is seen once in the week: gain 0.4 (1 + 0.01 years) [1 - 0.5 (1 - y)] (1/2 + T), to rounding.

    And trust moves a tenth of the way (times attachment) to 1 after a clean messenger, to 0 after a cluttered one.
    """
    simulation = simulated([ALL_AT_ONCE], 1)
    state = simulation.state
    trust = state.column("trust").copy()
    simulation.advance()
    member = state.lists[c.LIST_MEMBER][state.column("list")]
    clean = state.column("clean")[member].astype(float)
    assert 0.2 < clean.mean() < 0.8
    years = state.column("party_years")[member].astype(float)
    gain = 0.4 * (1 + 0.01 * years) * (1 - 0.5 * (1 - clean)) * (0.5 + trust)
    assert np.allclose(state.column("persuasion"), gain, rtol=1e-13)
    step = 0.1 * state.column("attachment")
    after = np.where(clean > 0, trust + step * (1 - trust), trust - step * trust)
    assert np.allclose(state.column("trust"), after, rtol=1e-13)
    assert np.unique(state.column("attachment")).size == 2


@pytest.mark.parametrize(("gap", "share"), [(1, 0.25), (26, 0.25), (27, 1.0)])
def test_a_repeat_within_half_a_year_counts_less(gap: int, share: float) -> None:
    """Two rounds `gap` weeks apart; trust and yards stand still, so the second gain is 1/4 of the first up to 26 weeks."""
    rounds = [{**ALL_AT_ONCE, "name": "one", "stop": 1}, {**ALL_AT_ONCE, "name": "two", "start": gap, "stop": gap + 1}]
    simulation = simulated(rounds, gap + 1, trust_step=0.0)
    simulation.advance()
    first = simulation.state.column("persuasion").copy()
    simulation.advance(gap)
    assert np.allclose(simulation.state.column("persuasion"), first * (1 + share), rtol=1e-12)


def test_another_kind_of_messenger_is_no_repeat() -> None:
    """A member's visit doesn't make a volunteer's call stale (P1): both count in full, in the same week and later.

    A volunteer's call weighs 0.5 here and comes from households outside the party (authority 1); trust stands still.
    """
    team = {"kind": "volunteer_team", "who": {"group": "newcomer", "count": 10}, "hours": 40.0}
    alone = simulated([team], 1, trust_step=0.0, volunteer_weight=0.5)
    both = simulated([ALL_AT_ONCE, team], 1, trust_step=0.0, volunteer_weight=0.5)
    visits = simulated([ALL_AT_ONCE], 1, trust_step=0.0)
    for simulation in (alone, both, visits):
        simulation.advance()
    calls = alone.state.column("persuasion")
    assert (calls > 0).any()
    assert np.allclose(both.state.column("persuasion"), visits.state.column("persuasion") + calls, rtol=1e-12)


def test_the_stock_is_forgotten_by_the_week() -> None:
    simulation = simulated([{**ALL_AT_ONCE, "stop": 1}], 12, persuasion_retention=0.8)
    simulation.advance()
    first = simulation.state.column("persuasion").copy()
    simulation.advance(11)
    assert np.allclose(simulation.state.column("persuasion"), first * 0.8**11, rtol=1e-12)
    assert first.min() > 0


def test_no_gain_no_persuasion_and_no_climb_by_it() -> None:
    simulation = simulated([ALL_AT_ONCE], 20, persuasion=0.0, climb_rate=0.5, predisposition=0.0)
    simulation.advance(20)
    assert not simulation.totals[:, 0, t.measure_row("persuasion")].any()
    assert simulation.counts[:, 0, t.rows("climbs")].sum() > 100
    assert not simulation.counts[:, 0, t.row("climbs_persuasion")].any()
