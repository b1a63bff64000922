"""Works and public plots: money becomes amenities in the weeks that it takes; plots drift to the yards around them."""

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
STILL = {"household.climb_rate": 0.0, "household.slip_rate": 0.0, "household.give_probability": 0.0}


def worked(yuan: float, weeks: int = 30, **values: Any) -> Simulation:
    merged = {**SMALL, **STILL, "public.work_yuan": 1000.0, "public.work_weeks": 5, "public.amenity_relapse": 0.0,
              **{key.replace("__", "."): value for key, value in values.items()}}  # fmt: skip
    uses = {"works": 1.0, "hauling": 0.0, "awards": 0.0, "charity": 0.0}
    levers = [{"kind": "donation", "yuan": yuan, "uses": uses, "stop": 1}]
    return Simulation(load_scenario("baseline", [merged, {"interventions": levers}]), 1, 0, weeks)


def kinds(simulation: Simulation) -> list[int]:
    return np.bincount(simulation.state.public_i32[c.PUBLIC_KIND], minlength=4).tolist()


@pytest.mark.parametrize(("yuan", "plots"), [(999.99, 0), (1000.0, 1), (3500.0, 3), (1e6, 8)])
def test_money_turns_as_many_plots_as_it_pays_for(yuan: float, plots: int) -> None:
    """There are 8 public plots; what is left stays in hand. Exact."""
    simulation = worked(yuan)
    simulation.advance()
    assert kinds(simulation)[c.WORKS] == plots
    assert simulation.counts[0, 0, t.row("spent_works")] == plots * 100_000
    assert simulation.state.village_i64[c.FUND, 0] == round(100 * yuan) - plots * 100_000
    simulation.advance(3)
    assert kinds(simulation)[c.WORKS] == plots
    simulation.advance(1)  # the week of the order is the first of five
    assert kinds(simulation)[c.AMENITY] == plots
    assert simulation.counts[:, 0, t.row("works_finished")].tolist() == [0] * 4 + [plots] + [0] * 25


def test_the_dirtiest_plots_come_first() -> None:
    simulation = worked(3000.0)
    simulation.state.public_f64[c.PUBLIC_CLEANLINESS] = [0.5, 0.1, 0.9, 0.2, 0.6, 0.05, 0.3, 0.8]
    simulation.advance()
    assert np.flatnonzero(simulation.state.public_i32[c.PUBLIC_KIND] == c.WORKS).tolist() == [1, 3, 5]


def test_an_amenity_is_clean_when_it_opens_and_keeps_its_floor() -> None:
    """Amid cluttered yards it drifts from 1 to the floor at the pace of 0.2 a week: 0.7 + 0.3 * 0.8**n, to rounding."""
    simulation = worked(1e6, public__amenity_floor=0.7, public__plot_drift=0.2, household__tidy_members=0.0)
    simulation.advance(5)
    assert (simulation.state.public_f64[c.PUBLIC_CLEANLINESS] == 1.0).all()
    simulation.advance(10)
    assert np.allclose(simulation.state.public_f64[c.PUBLIC_CLEANLINESS], 0.7 + 0.3 * 0.8**10, rtol=1e-12)


def test_neglected_plots_go_where_the_yards_around_are() -> None:
    """Clean yards all around: to 1, idle land to its share of it; none clean: to 0; by 1 - (1 - drift)**n."""
    for clean, goal in ((True, 1.0), (False, 0.0)):
        start = 0.0 if clean else 20.0
        yards = {"household__clutter_start": start, "household__clutter_growth": 0.0, "household__tidy_members": 0.0}
        plots = {"village__plan__public_cleanliness": 0.3, "village__plan__idle_share": 0.5}
        simulation = worked(0.0, **yards, **plots, public__plot_drift=0.1, public__idle_breeds=0.6)
        idle = simulation.state.public_i32[c.PUBLIC_KIND] == c.IDLE
        assert 0 < idle.sum() < 8
        simulation.advance(20)
        towards = np.where(idle, 0.6 * goal, goal)
        assert np.allclose(
            simulation.state.public_f64[c.PUBLIC_CLEANLINESS], towards + (0.3 - towards) * 0.9**20, rtol=1e-12
        )


def test_amenities_relapse_as_often_as_they_should() -> None:
    """Every amenity falls back at once with 1, none with 0; with 0.02 a week the number is binomial."""
    for relapse in (0.0, 1.0):
        simulation = worked(1e6, 7, public__amenity_relapse=relapse)
        simulation.advance(7)
        assert kinds(simulation)[c.AMENITY] == (8 if relapse == 0 else 0)
    scenario = load_scenario("baseline", {**SMALL, **STILL, "village.households": 4000, "public.amenity_relapse": 0.02,
                                          "village.plan.households_per_public_plot": 2})  # fmt: skip
    simulation = Simulation(scenario, 1, 0, 10)
    simulation.state.public_i32[c.PUBLIC_KIND] = c.AMENITY
    simulation.advance(10)
    left, p = kinds(simulation)[c.AMENITY] / 2000, 0.98**10
    assert abs(left - p) < 4.5 * np.sqrt(p * (1 - p) / 2000)


def test_public_plots_follow_the_yards_that_are_counted_to_them() -> None:
    """The number of cluttered yards of each plot is right every week while yards turn, by recount."""
    simulation = Simulation(load_scenario("baseline", {**SMALL, "household.predisposition": 0.0}), 1, 0, 30)
    for _ in range(30):
        simulation.advance()
        state = simulation.state
        nearest, cluttered = state.column("public_plot"), state.column("clean") == 0
        assert np.array_equal(state.public_i32[c.PUBLIC_CLUTTERED], np.bincount(nearest[cluttered], minlength=8))
