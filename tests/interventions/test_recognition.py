"""Recognition: plaques go to clean yards and cost nothing, and praise makes worthies give (P13)."""

from __future__ import annotations

import numpy as np
import pytest

from interventions.small import STILL, YARDS, after, same, total
from sim.engine import tallies as t
from sim.engine.world import columns as c

SHAPES = [{}, {"praise": 0.0, "plaques": 9.0}, {"praise": 5.0, "praise_every": 1, "plaques": 0.0}]
TIDY = {**STILL, "household.clutter_start": 0.0, "household.clutter_growth": 0.0}
KEEN = {"village.worthies": 40, "public.worthy_yuan": 100.0, "public.worthy_gives": 0.02}


def intervention(**keys: float) -> dict[str, float | str]:
    return {"kind": "recognition", "praise": 0.0, "plaques": 0.0, **keys}


@pytest.mark.parametrize(("rate", "weeks"), [(0.0, 30), (0.25, 30), (1.5, 30), (3.0, 10)])
def test_plaques_come_at_their_rate(rate: float, weeks: int) -> None:
    """Where all yards are clean and few glow still: exactly the whole part of rate * weeks, without a fen."""
    simulation = after([intervention(plaques=rate)], weeks, TIDY)
    assert total(simulation, t.row("plaques")) == int(rate * weeks)
    assert total(simulation, t.row("spent_awards")) == 0


def test_no_yard_has_more_than_one_fresh_plaque() -> None:
    """The most: 10,000 a week for 200 yards, all clean; a glow takes 7 weeks of 0.9 to fall below a half."""
    simulation = after([intervention(plaques=10_000.0)], 21, TIDY)
    assert np.flatnonzero(simulation.counts[:, 0, t.row("plaques")]).tolist() == [0, 7, 14]
    assert (simulation.counts[[0, 7, 14], 0, t.row("plaques")] == 200).all()


def test_cluttered_yards_get_none() -> None:
    """Members may be tidy at the start, so here none are."""
    dirty = {**STILL, "household.tidy_members": 0.0}
    assert total(after([intervention(plaques=10.0)], 10, dirty), t.row("plaques")) == 0


def test_praise_is_a_stock_that_fades() -> None:
    """Three occasions, 13 weeks apart, after 30 weeks: 2 * (0.95**29 + 0.95**16 + 0.95**3)."""
    simulation = after([intervention(praise=2.0, praise_every=13)], 30, STILL)
    expected = 2.0 * (0.95**29 + 0.95**16 + 0.95**3)
    assert simulation.state.village_f64[c.PRAISE, 0] == pytest.approx(expected, rel=1e-12)


def test_all_worthies_give_when_praise_makes_it_certain() -> None:
    """Every worthy is asked once in 13 weeks; with a probability above 1 each gives, 100 yuan exactly."""
    simulation = after([intervention(praise=10.0, praise_every=1)], 13, {**STILL, **KEEN})
    assert total(simulation, t.row("given_by_worthies")) == 40 * 100 * 100


def test_praise_brings_more_giving() -> None:
    """P13. 40 worthies are asked 4 times: 3.2 gifts are expected without praise and about 21 with it. Paired, praise takes no
    gift away; over 10 seeds 32 against 210, so a ratio of 3 fails with probability < 1e-6."""
    gifts = np.zeros((10, 2))
    for seed in range(10):
        for k, praise in enumerate((0.0, 1.0)):
            simulation = after([intervention(praise=praise, praise_every=13)], 52, {**STILL, **KEEN}, seed)
            gifts[seed, k] = total(simulation, t.row("given_by_worthies")) / 10_000
    assert (gifts[:, 1] >= gifts[:, 0]).all()
    assert gifts[:, 1].sum() > 3 * gifts[:, 0].sum()


def test_praise_touches_no_yard_where_neither_giving_nor_works_matter() -> None:
    deaf = {"household.predisposition": -1.2, "household.giving": 0.0, "public.work_yuan": 1e9}
    bare, there = (
        after(interventions, 40, deaf) for interventions in ([], [intervention(praise=10.0, praise_every=1)])
    )
    assert total(there, t.row("given_by_worthies")) > total(bare, t.row("given_by_worthies"))
    assert same(bare, there, (*YARDS, "trust", "award"))


def test_plaques_are_a_reward_once_it_has_a_weight() -> None:
    """All yards are clean and nobody is inclined: who has a plaque climbs where awards weigh 20, and nobody else."""
    values = {**TIDY, "household.climb_rate": 1.0, "household.awards": 20.0, "household.predisposition": -10.0}
    simulation = after([intervention(plaques=5.0)], 1, values)
    assert np.array_equal(simulation.state.column("rung") > 0, simulation.state.column("award") > 0)
    assert (simulation.state.column("rung") > 0).sum() == 5
