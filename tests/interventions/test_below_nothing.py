"""Interventions from outside may take away what isn't there: a reward, or a helper's time, below 0 is none."""

from __future__ import annotations

from typing import Any

from any_intervention import told, under
from one_village import content

from sim.engine.simulation import Simulation
from sim.interventions import Effect

WEEKS = 30
LIVELY: dict[str, Any] = {"household__climb_rate": 0.5, "household__slip_rate": 0.3, "household__predisposition": -0.5,
                          "household__awards": 2.0, "village__floating_members": 6}  # fmt: skip


def run(*effects: Effect) -> Simulation:
    simulation = under(told(*effects), weeks=WEEKS, **LIVELY)
    simulation.advance(WEEKS)
    return simulation


def test_points_below_0_are_no_points() -> None:
    """Neither in the score nor in what is said to have tipped a climb."""
    assert content(run(Effect("points", -1.5))) == content(run())
    assert content(run(Effect("points", 1.5))) != content(run())


def test_points_that_an_intervention_takes_away_from_another_s_leave_the_rest() -> None:
    assert content(run(Effect("points", 1.5), Effect("points", -0.5))) == content(run(Effect("points", 1.0)))


def test_a_helper_s_time_below_0_is_no_time() -> None:
    """Time isn't owed: the members' lists and hours are as without it."""
    assert content(run(Effect("list_time", -1.0))) == content(run())
    assert content(run(Effect("list_time", 1.0))) != content(run())
