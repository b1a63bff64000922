"""Contractors: hours worked are hours cleared, households watch, and minds are left alone."""

from __future__ import annotations

import numpy as np
import pytest
from one_village import content, grown, still

from sim.engine import tallies as t

BARE_MINDS = {
    "household__neighbours": 0.0, "household__surroundings": 0.0, "household__effort": 0.0,
    "household__passivity": 0.0, "household__predisposition": -1.2, "public__dispute_rate": 0.0,
    "household__own_yard": 0.0,
}  # fmt: skip


def contractors(hours: float, **keys: object) -> dict[str, object]:
    return {"kind": "contractor_cleaning", "hours": hours, **keys}


def test_no_hours_are_absent() -> None:
    assert content(grown(contractors(0.0))) == content(grown())


def test_with_hours_for_everything_every_yard_is_clean_in_a_week() -> None:
    simulation = still(contractors(1e6), weeks=8)
    assert simulation.state.column("clean").all()
    assert simulation.counts[0, 0, t.row("contractor_seconds")] > 200 * 6 * 3600 * 0.8
    assert simulation.counts[1:, 0, t.row("contractor_seconds")].sum() == 0  # 8 weeks on, a yard is about to turn


@pytest.mark.parametrize("hours", [5.0, 40.0])
def test_hours_worked_are_clutter_cleared(hours: float) -> None:
    """Where nobody else works and nothing gathers, clutter falls by exactly the hours worked (to a second a week)."""
    fixed = {"household__clutter_growth": 0.0, "village__volunteers": 0, "household__tidy_members": 0.0}
    bare, there = still(**fixed), still(contractors(hours), **fixed)
    cleared = bare.totals[:, 0, t.measure_row("clutter")] - there.totals[:, 0, t.measure_row("clutter")]
    worked = there.counts[:, 0, t.row("contractor_seconds")].cumsum() / 3600
    assert np.allclose(cleared, worked, atol=30 / 3600 + 1e-6)
    # A yard is begun when the hours in hand suffice for it, so at most the largest yard's hours wait.
    paid = hours * np.arange(1, 31)
    assert (worked <= paid + 1e-6).all()
    assert (paid - worked < 18.0).all()


def test_passivity_rises_in_those_served_and_in_nobody_else() -> None:
    """A service is a step of passivity for each week that a helping household would have taken, here 2 hours a week for 6
    hours or more, and fades from then on; who was not served has none (nobody works)."""
    alone = {"village__volunteers": 0, "household__tidy_members": 0.0}
    simulation = still(contractors(60.0), weeks=7, **alone)
    passivity, clean = simulation.state.column("passivity"), simulation.state.column("clean") > 0
    assert 20 < clean.sum() < 60
    assert not passivity[~clean].any()
    assert (passivity[clean] <= (1 - 0.8**12) * 0.98 + 1e-12).all()
    assert (passivity[clean] >= (1 - 0.8**3) * 0.98**7 - 1e-12).all()


def test_minds_that_heed_neither_sight_nor_passivity_stay_as_they_are() -> None:
    """The intervention moves yards alone: with those weights at 0 every rung is that without it, bit for bit."""
    bare, there = grown(**BARE_MINDS), grown(contractors(80.0), **BARE_MINDS)
    assert there.counts[:, 0, t.row("contractor_seconds")].sum() > 0
    assert (bare.state.column("rung") > 0).sum() > 20
    for name in ("rung", "trust", "persuasion", "predisposition"):
        assert bare.state.column(name).tobytes() == there.state.column(name).tobytes()


def test_passivity_holds_households_back() -> None:
    """The masses look on: with sight at 0 and a weight of 5 on passivity fewer climb; 8 pairs, in each of them."""
    weights = {**BARE_MINDS, "household__passivity": 5.0, "household__passivity_step": 0.9}
    for replicate in range(8):
        bare, there = (grown(*more, replicate=replicate, **weights) for more in ((), (contractors(400.0),)))
        assert (there.state.column("rung") >= 2).sum() < (bare.state.column("rung") >= 2).sum()


def test_its_price_is_the_one_stated() -> None:
    simulation = still(contractors(80.0, stop=10, cost={"yuan_per_week": 3200.0}), weeks=12)
    assert simulation.counts[:, 0, t.row("programme_fen")].tolist() == [320_000] * 10 + [0, 0]
    assert not simulation.counts[10:, 0, t.row("contractor_seconds")].any()
