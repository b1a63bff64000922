"""Contracting: hours are never exceeded, yards are cleared in turn, and only their households turn passive."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from any_intervention import told, under, values
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.mechanisms.contracting import CONTRACTOR_SECONDS
from sim.engine.simulation import Simulation
from sim.interventions import Effect

DIRTY = {"household__clutter_growth": 0.0, "household__clutter_start": 12.0, "household__tidy_members": 0.0,
         "household__passivity_retention": 1.0, "household__passivity_step": 0.2}  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.floats(0, 400), st.integers(1, 12), st.integers(0, 99), st.floats(0, 5))
def test_hours_worked_never_exceed_those_given(hours: float, weeks: int, seed: int, growth: float) -> None:
    """Summed over the weeks, and no second is worked without a yard that is cleared of it."""
    simulation = under(values(contractor_time=hours), seed=seed, **{**DIRTY, "household__clutter_growth": growth})
    simulation.advance(weeks)
    worked = np.cumsum(simulation.counts[:weeks, 0, CONTRACTOR_SECONDS]) / 3600
    assert (worked <= hours * np.arange(1, weeks + 1) + 1e-9).all()
    if growth == 0:
        before = under(seed=seed, **DIRTY).state.column("clutter").sum()
        cleared = before - simulation.state.column("clutter").sum()
        assert worked[-1] == pytest.approx(cleared, abs=weeks / 3600)


def twin(simulation: Simulation, hours: list[float]) -> tuple[Any, Any]:
    """Return clutter, and the weeks of helping work that households were spared, after weeks of contractors, in plain
    Python: yard after yard, cluttered ones only."""
    p = simulation.scenario.household
    clutter = simulation.state.column("clutter").tolist()
    spared = [0] * len(clutter)
    at, credit = 0, 0.0
    for given_now in hours:
        left, start, short = credit + given_now, at, False
        for k in range(len(clutter) if given_now > 0 else 0):
            i = (start + k) % len(clutter)
            if clutter[i] <= p.clean_below:
                continue
            if clutter[i] > left:
                at, short = i, True
                break
            left -= clutter[i]
            spared[i] += math.ceil(clutter[i] / p.work_helping)
            clutter[i] = 0.0
        credit = left if short else 0.0
        clutter = [x + p.clutter_growth for x in clutter]
    return np.array(clutter), np.array(spared)


@pytest.mark.parametrize("growth", [0.0, 3.0])
@pytest.mark.parametrize("households", [200, 1100])
def test_yards_are_cleared_in_turn_and_what_is_left_of_a_week_is_used_in_the_next(
    growth: float, households: int
) -> None:
    """Twelve weeks of 70.3 hours, three of rest, then more than can be used; a twin in plain Python."""
    hours = [70.3] * 12 + [0.0] * 3 + [30_000.0] * 2 + [5.0] * 3
    levers = [told(Effect("contractor_time", 70.3), name="a", stop=12),
              told(Effect("contractor_time", 30_000.0), name="b", start=15, stop=17),
              told(Effect("contractor_time", 5.0), name="c", start=17)]  # fmt: skip
    settings_ = {**DIRTY, "household__clutter_growth": growth, "household__clutter_cap": 1000.0}
    simulation = under(*levers, village__households=households, **settings_)
    clutter, spared = twin(simulation, hours)
    simulation.advance(20)
    assert np.allclose(simulation.state.column("clutter"), clutter, atol=1e-9)
    # With full retention, passivity tells for how many weeks of work contractors came: 1 - 0.8**n.
    assert np.allclose(simulation.state.column("passivity"), 1 - 0.8**spared, rtol=1e-9)
    assert spared.max() > 0


def test_only_those_cleared_turn_passive() -> None:
    """Others stay at 0; the cleared go passivity_step of the way to 1 for each week spared, and are seen to be clean."""
    simulation = under(values(contractor_time=100.0), **DIRTY)
    before = simulation.state.column("clutter").copy()
    simulation.advance(1)
    s = simulation.state
    cleared = (s.column("clutter") == 0) & (before > 0)
    assert 0 < cleared.sum() < 200
    assert np.array_equal(np.flatnonzero(cleared), np.arange(cleared.sum()))
    assert np.allclose(s.column("passivity"), np.where(cleared, 1 - 0.8 ** np.ceil(before / 2), 0.0))
    assert np.array_equal(s.column("clean") > 0, s.column("clutter") <= 2)
    assert np.array_equal(s.column("clutter")[~cleared], before[~cleared])


def test_clean_yards_are_passed_over_and_hours_that_find_nothing_are_not_worked() -> None:
    simulation = under(values(contractor_time=500.0), **{**DIRTY, "household__clutter_start": 1.0})
    simulation.advance(4)
    assert not simulation.counts[:, 0, CONTRACTOR_SECONDS].any()
    assert not simulation.state.column("passivity").any()
    simulation.state.column("clutter")[:5] = 20.0
    simulation.advance(2)  # seen to be cluttered after the first
    assert simulation.counts[5, 0, CONTRACTOR_SECONDS] == 5 * 20 * 3600


def test_a_yard_of_many_hours_is_cleared_once_enough_have_been_saved() -> None:
    """24 hours at 5 a week: cleared in the fifth week, and the hour that is left goes on to the next yard."""
    simulation = under(values(contractor_time=5.0), **DIRTY)
    simulation.state.column("clutter")[:] = 24.0
    simulation.advance(10)
    seconds = simulation.counts[:10, 0, CONTRACTOR_SECONDS]
    assert np.flatnonzero(seconds).tolist() == [4, 9]
    assert seconds.sum() == 48 * 3600
    # 24 hours are 12 weeks of a helping household's 2, not 13.
    assert np.allclose(simulation.state.column("passivity")[:2], 1 - 0.8**12, rtol=1e-12)
