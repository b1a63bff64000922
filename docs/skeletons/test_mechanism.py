"""Loudspeaker: nobody hears it while it is silent, more hear it the longer it speaks, and it writes one column alone."""

from __future__ import annotations

import numpy as np
import pytest
from calling import from_python, run_phase, week_of
from sim.engine.mechanisms.loudspeaker import HEARD, HEARERS, KEPT, LOUDSPEAKER, announce, heard_share

from sim.engine.simulation import Simulation
from sim.scenario import load_scenario

SMALL = {"village.households": 80, "village.party_members": 6, "village.volunteers": 2}


def after(hours: float) -> Simulation:
    """Return a small village after one week of the mechanism alone."""
    simulation = Simulation(load_scenario("baseline", SMALL), 1, 0, 1)
    week = week_of(simulation)
    week.now.wide[LOUDSPEAKER] = hours
    run_phase(announce, simulation, week)
    return simulation


def test_silence_changes_nothing() -> None:
    silent, untouched = after(0.0), Simulation(load_scenario("baseline", SMALL), 1, 0, 1)
    assert silent.counts[0, 0, HEARERS] == 0
    assert all(np.array_equal(a, b) for a, b in zip(silent.state, untouched.state, strict=True))


def test_it_writes_its_own_column_alone() -> None:
    before, simulation = Simulation(load_scenario("baseline", SMALL), 1, 0, 1).state, after(5.0)
    heard = simulation.state.column("heard")
    assert 0 < (heard == 1.0).sum() == simulation.counts[0, 0, HEARERS] < 80
    simulation.state.f64[HEARD] = 0.0
    assert all(np.array_equal(a, b) for a, b in zip(simulation.state, before, strict=True))


def test_whoever_hears_a_short_message_hears_a_long_one() -> None:
    """One draw a household: more hours add hearers and take none away."""
    short, long = (after(hours).state.column("heard") for hours in (3.0, 6.0))
    assert (long >= short).all()


def test_words_fade() -> None:
    simulation = after(10.0)
    run_phase(announce, simulation, week_of(simulation))
    assert (simulation.state.column("heard") == KEPT).all()


@pytest.mark.parametrize(("hours", "share"), [(0.0, 0.0), (5.0, 0.5), (20.0, 1.0)])
def test_share_of_hearers(hours: float, share: float) -> None:
    assert from_python(heard_share)(hours) == share
