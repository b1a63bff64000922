"""Loudspeaker: nobody hears it while it is silent, more hear it the longer it speaks, and it moves persuasion alone."""

from __future__ import annotations

import numpy as np
import pytest
from calling import from_python
from mechanism import HEARD, LOUDSPEAKER, announce, heard_share  # in the package: sim.engine.mechanisms.NAME

from sim.engine.programme import make_now
from sim.engine.simulation import Simulation
from sim.engine.tallies import TALLIES
from sim.engine.world import columns as c
from sim.numerics import draws
from sim.scenario import load_scenario

SMALL = {"village.households": 80, "village.party_members": 6, "village.volunteers": 2}


def after(hours: float, seed: int = 1) -> tuple[Simulation, int]:
    """Return a small village after one week of the mechanism alone, and what it counted."""
    simulation = Simulation(load_scenario("baseline", SMALL), seed, 0, 1)
    now, count = make_now(simulation.programme), np.zeros(len(TALLIES), np.int64)
    for channel in range(draws.FIRST_WEEKLY, draws.CHANNELS):  # any keys will do, as long as they are the same
        now.keys[:, channel] = seed, channel
    now.wide[LOUDSPEAKER] = hours
    from_python(announce)(simulation.state, simulation.parameters[0], now, 0, count)
    return simulation, int(count[HEARD])


def test_silence_changes_nothing() -> None:
    silent, heard = after(0.0)
    untouched = Simulation(load_scenario("baseline", SMALL), 1, 0, 1)
    assert heard == 0
    assert all(np.array_equal(a, b) for a, b in zip(silent.state, untouched.state, strict=True))


def test_it_moves_persuasion_alone_and_only_upwards() -> None:
    before, (simulation, heard) = Simulation(load_scenario("baseline", SMALL), 1, 0, 1).state, after(5.0)
    moved = simulation.state.f64[c.PERSUASION] - before.f64[c.PERSUASION]
    assert 0 < heard < 80
    assert np.count_nonzero(moved > 0) == heard and not (moved < 0).any()
    others = [row for row in range(before.f64.shape[0]) if row != c.PERSUASION]
    assert np.array_equal(simulation.state.f64[others], before.f64[others])


def test_whoever_hears_a_short_message_hears_a_long_one() -> None:
    """One draw a household: more hours add hearers and take none away."""
    short, long = (after(hours)[0].state.f64[c.PERSUASION] for hours in (3.0, 6.0))
    assert (long >= short).all()


@pytest.mark.parametrize(("hours", "share"), [(0.0, 0.0), (5.0, 0.5), (20.0, 1.0)])
def test_share_of_hearers(hours: float, share: float) -> None:
    assert from_python(heard_share)(hours) == share
