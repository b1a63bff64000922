"""Neighbourhood association: ties across, attachment, small disputes, and a body to join; large matters stay as they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from interventions.small import STILL, after, same, scenario, total
from sim.engine import tallies as t
from sim.engine.simulation import Simulation
from sim.engine.world import columns as c

SHAPES = [{}, {"bonds": 7.5}, {"bonds": 0.0, "belonging": 0.3}, {"bonds": 0.0, "recruitment": 20.0}]
VALUES = {"village.newcomer_share": 0.5, "public.dispute_rate": 0.3, "village.willing_share": 0.5}
NOTHING = {"bonds": 0.0, "belonging": 0.0, "small_capacity": 0.0, "gathered": 0.0, "recruitment": 1.0}
QUARRELSOME = {**STILL, "public.dispute_rate": 1.0, "public.dispute_large": 0.3}


def intervention(**keys: Any) -> dict[str, Any]:
    return {"kind": "neighbourhood_association", **NOTHING, **keys}


def test_bonds_join_newcomers_to_locals() -> None:
    """Each newcomer proposes 2; a newcomer gains 2 ties but for the same local twice (1 in 140 of them), all of them
    across, and locals gain what newcomers do in all."""
    bare, there = (after(interventions, 1, STILL) for interventions in ([], [intervention(bonds=2.0)]))
    state = there.state
    newcomer = (state.column("roles") & c.NEWCOMER) > 0
    gained = state.column("ties").astype(int) - bare.state.column("ties")
    assert set(gained[newcomer]) <= {1, 2}
    assert gained[newcomer].mean() > 1.9
    assert gained[newcomer].sum() == gained[~newcomer].sum()
    for i in np.flatnonzero(newcomer):
        assert not newcomer[state.bond[state.bond_first[i] : state.bond_first[i + 1]]].any()


@pytest.mark.parametrize("bonds", [0.0, 0.5, 1.0, 10.0])
def test_their_number_is_a_mean(bonds: float) -> None:
    """Of half a bond each newcomer has one with probability 1/2, within 4.5 standard errors; 10 are 10 but for doubles."""
    simulation = after(
        [intervention(bonds=bonds)], 1, {**STILL, "village.households": 1000, "village.newcomer_share": 0.3}
    )
    state = simulation.state
    if bonds == 0.0:
        assert state.bond.size == 0
        assert state.village_i64[c.BONDED, 0] == c.NEVER
        return
    newcomers = int(((state.column("roles") & c.NEWCOMER) > 0).sum())
    mean = state.bond.size / 2 / newcomers
    doubles = bonds * bonds / 2 / (1000 - newcomers)
    assert abs(mean - (bonds - doubles)) < 4.5 * np.sqrt(0.25 / newcomers) * (bonds == 0.5) + 0.1 * (bonds > 5) + 0.02


def test_ties_come_in_the_first_week_and_stay() -> None:
    early = after([intervention(bonds=3.0, start=6)], 6, STILL)
    late = after([intervention(bonds=3.0, start=6, stop=7)], 20, STILL)
    bare = after([], 6, STILL)
    assert same(bare, early, ("ties", "per_tie", "adopted_ties"))
    assert late.state.village_i64[c.BONDED, 0] == 6
    assert late.state.column("ties").sum() == bare.state.column("ties").sum() + late.state.bond.size


def test_newcomers_see_more_locals_who_have_adopted() -> None:
    """P9, on what the bonds act on: locals have adopted and newcomers haven't, so the share of newcomers' ties that have
    grows by the bonds, in the mean over newcomers; exact in each village, and nobody's falls."""
    for seed in range(5):
        shares = []
        for interventions in ([], [intervention(bonds=3.0)]):
            simulation = Simulation(scenario(interventions, STILL), seed, 0, 1)
            state = simulation.state
            newcomer = (state.column("roles") & c.NEWCOMER) > 0
            state.column("rung")[~newcomer] = c.HELPING
            for i in range(200):
                state.column("adopted_ties")[i] = (
                    ~newcomer[state.tie[state.tie_first[i] : state.tie_first[i + 1]]]
                ).sum()
            simulation.advance(1)
            shares.append((state.column("adopted_ties") * state.column("per_tie"))[newcomer])
        assert (shares[1] >= shares[0]).all()
        assert shares[1].mean() > shares[0].mean() + 0.2


@pytest.mark.parametrize("share", [0.0, 0.02, 1.0])
def test_newcomers_come_to_feel_at_home(share: float) -> None:
    """Attachment goes a share of the rest of the way each week: 1 - 0.45 (1 - share)**20; locals are left alone."""
    bare, there = (after(interventions, 20, STILL) for interventions in ([], [intervention(belonging=share)]))
    newcomer = (there.state.column("roles") & c.NEWCOMER) > 0
    attachment = there.state.column("attachment")
    assert attachment[newcomer] == pytest.approx(1.0 - 0.45 * (1.0 - share) ** 20, rel=1e-12)
    assert (attachment[~newcomer] == bare.state.column("attachment")[~newcomer]).all()
    assert same(bare, there, ("trust", "ties", "persuasion", "clutter"))


def test_small_disputes_are_settled_as_far_as_it_can() -> None:
    """8 plots all breed a dispute about each week; the committee does nothing; the association settles 2 a week exactly
    while they are there, any number with 1000, and none with 0. Large ones are nobody's: bit for bit the same."""
    values = {**QUARRELSOME, "public.small_capacity": 0.0, "public.large_capacity": 0.0}
    runs = {k: after([intervention(small_capacity=k)], 40, values) for k in (0.0, 2.0, 1000.0)}
    settled = {k: run.counts[:, 0, t.row("small_settled")] for k, run in runs.items()}
    assert settled[0.0].sum() == 0
    open_ = runs[2.0].counts[:, 0, t.row("small_open")]
    assert (settled[2.0][1:][open_[:-1] >= 2] == 2).all()
    assert settled[2.0].max() == 2
    assert runs[1000.0].counts[:, 0, t.row("small_open")].sum() == 0
    large = [
        run.counts[:, 0, [t.row("large_arisen"), t.row("large_settled"), t.row("large_open")]].tobytes()
        for run in runs.values()
    ]
    assert len(set(large)) == 1
    assert runs[0.0].counts[-1, 0, t.row("large_open")] > 10


def test_needs_are_gathered_in_their_weeks() -> None:
    """With nobody else to settle, small disputes are settled in weeks 2, 5, 8, ... only: all of those that arise then."""
    values = {**QUARRELSOME, "public.small_capacity": 0.0}
    counts = after([intervention(gathered=1.0, gather_every=3, start=2)], 30, values).counts[:, 0]
    arisen, settled = counts[:, t.row("small_arisen")], counts[:, t.row("small_settled")]
    weeks = np.arange(30) % 3 == 2
    assert (settled == arisen * weeks).all()
    assert settled.sum() > 20


def test_a_share_of_what_is_gathered_is_settled() -> None:
    """About 1,000 small disputes over 10 villages' seeds, half of them at once: within 4.5 standard errors of 1/2."""
    values = {**QUARRELSOME, "public.small_capacity": 0.0}
    runs = [after([intervention(gathered=0.5, gather_every=1)], 40, values, seed) for seed in range(10)]
    arisen, settled = (sum(total(run, row) for run in runs) for row in (t.row("small_arisen"), t.row("small_settled")))
    assert arisen > 800
    assert abs(settled / arisen - 0.5) < 4.5 * np.sqrt(0.25 / arisen)


def test_the_willing_join_sooner() -> None:
    """All are willing and self-initiated after three weeks; at 0.02 a week about 2 % join, tenfold 20 %, at 100 all.

    196 households: 4 against 39 expected a week, so a factor of 4 between them fails with probability < 1e-6.
    """
    values = {"household.predisposition": 15.0, "household.climb_rate": 1.0, "household.slip_rate": 0.0,
              "village.willing_share": 1.0, "public.join_rate": 0.02}  # fmt: skip
    joined = {
        k: total(after([intervention(recruitment=k)], 4, values), t.row("joined")) for k in (0.0, 1.0, 10.0, 100.0)
    }
    assert joined[0.0] == 0
    assert joined[10.0] > 4 * joined[1.0]
    assert joined[100.0] == 196
