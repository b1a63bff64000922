"""Belonging: bonds between newcomers and locals, counted once and kept right; attachment and trust in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from any_intervention import lists, recounted_ties, told, under, values
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.world import columns as c
from sim.engine.world.build import build_villages
from sim.interventions import Effect, Who
from sim.scenario import load_scenario


def test_bonds_join_a_newcomer_and_a_local_and_go_both_ways() -> None:
    for bonds in (0.4, 1.0, 2.5):
        simulation = under(values(bonds=bonds), village__households=2000, village__newcomer_share=0.4)
        s = simulation.state
        graph = lists(s.bond_first, s.bond)
        newcomer = (s.column("roles") & c.NEWCOMER) > 0
        for i, mine in enumerate(graph):
            assert mine == sorted(set(mine))
            assert i not in mine
            assert all(newcomer[i] != newcomer[j] and i in graph[j] for j in mine)
        # Of each newcomer's proposals few coincide: the mean falls short by some 1 / locals at most.
        made = np.array([len(mine) for mine in graph])[newcomer]
        spread = np.sqrt((bonds % 1) * (1 - bonds % 1) / newcomer.sum())
        assert abs(made.mean() - bonds) < 4.5 * spread + bonds**2 / (~newcomer).sum()
        assert made.max() <= np.ceil(bonds)


def test_more_bonds_add_bonds_and_take_none_away() -> None:
    few, many = (under(values(bonds=bonds)).state for bonds in (0.7, 1.9))
    for mine, more in zip(lists(few.bond_first, few.bond), lists(many.bond_first, many.bond), strict=True):
        assert set(mine) <= set(more)


@settings(max_examples=15, deadline=None)
@given(
    st.floats(0.1, 4), st.floats(0, 1), st.integers(0, 20), st.integers(1, 25), st.floats(-2, 3), st.integers(0, 99),
    st.booleans(),
)  # fmt: skip
def test_adopted_ties_are_those_of_a_recount(
    bonds: float, newcomers: float, start: int, weeks: int, predisposition: float, seed: int, both: bool
) -> None:
    """Lively villages, one with the association or both, it may stop again: bonds stay, and every count is right."""
    where = {} if both else {"villages": ("b",)}
    lever = told(Effect("bonds", bonds), start=start, stop=start + 2, where=where)
    simulation = under(
        lever, seed=seed, villages=[{"name": "a"}, {"name": "b"}], village__newcomer_share=newcomers,
        household__climb_rate=0.5, household__slip_rate=0.4, household__predisposition=predisposition,
        household__predisposition_sd=2.0, household__talk=0.5,
    )  # fmt: skip
    for _ in range(weeks):
        simulation.advance(1)
        ties, adopted = recounted_ties(simulation)
        s = simulation.state
        assert np.array_equal(s.column("ties"), ties)
        assert np.array_equal(s.column("adopted_ties"), adopted)
        assert np.array_equal(s.column("per_tie"), 1 / np.maximum(1, ties))
    met = simulation.week > start
    assert (simulation.state.village_i64[c.BONDED] >= 0).tolist() == [met and both, met]


def test_the_association_is_counted_once_however_long_it_lasts() -> None:
    simulation = under(values(bonds=2.0), weeks=9)
    before = simulation.state.column("ties").copy()
    simulation.advance(1)
    once = simulation.state.column("ties").copy()
    simulation.advance(8)
    assert np.array_equal(simulation.state.column("ties"), once)
    assert np.array_equal(once - before, np.diff(simulation.state.bond_first))
    assert (once > before).any()


def test_too_many_bonds_for_a_household_are_an_error() -> None:
    """A single byte counts a household's ties; few locals among many newcomers could have more."""
    simulation = under(village__households=2000, village__newcomer_share=0.99)
    with pytest.raises(ValueError, match="at most 255"):
        build_villages(simulation.scenario, 0, 0, 6.0)


def test_bonds_lead_newcomers_to_locals_by_talk() -> None:
    """Every local is self-initiated, every newcomer watches, nobody sees a neighbour's plot: only bonds are talked over."""
    apart = {"village__ties__across": 0.0, "household__talk": 1.0, "village__newcomer_share": 0.5}
    for bonds in (0.0, 8.0):
        simulation = under(values(bonds=bonds), **apart)
        s = simulation.state
        newcomer = (s.column("roles") & c.NEWCOMER) > 0
        s.column("rung")[~newcomer] = 3
        s.plan[:] = -1
        simulation.advance(8)
        told_of = s.column("last_by_talk") >= 0
        bonded = np.diff(s.bond_first) > 0 if bonds else np.zeros(200, bool)
        assert not told_of[~bonded].any()
        assert (told_of[newcomer].mean() > 0.5) == (bonds > 0)


@pytest.mark.parametrize("share", [0.03, 1.0, 4.0])
def test_attachment_goes_its_share_of_the_way_each_week(share: float) -> None:
    """1 - B falls by the share a week, for those whom the lever chooses; from 1/2 for newcomers. To rounding."""
    who = Who(group="newcomer", share=0.6)
    simulation = under(told(Effect("belonging", share, who), start=2), household__attachment_local=0.8,
                       household__attachment_newcomer=0.5)  # fmt: skip
    s = simulation.state
    before = s.column("attachment").copy()
    reached = s.column("chosen") > 0
    simulation.advance(12)
    expected = np.where(reached, 1 - (1 - before) * (1 - min(1, share)) ** 10, before)
    assert np.allclose(s.column("attachment"), expected, rtol=1e-12)
    assert reached.any()
    assert np.array_equal(s.column("attachment")[~reached], before[~reached])


def test_trust_goes_its_share_scaled_by_attachment() -> None:
    """1 - T falls by share * B a week, in a village where nothing else moves trust; a whole-village lever and one on
    the chosen add up."""
    simulation = under(values("wide", reassurance=0.05), told(Effect("reassurance", 0.1, Who(group="local")), name="few"),
                       household__attachment_local=0.9, household__attachment_newcomer=0.3)  # fmt: skip
    s = simulation.state
    before, local = s.column("trust").copy(), (s.column("roles") & c.NEWCOMER) == 0
    simulation.advance(10)
    rate = np.where(local, 0.15 * 0.9, 0.05 * 0.3)
    assert np.allclose(s.column("trust"), 1 - (1 - before) * (1 - rate) ** 10, rtol=1e-12)


def test_attachment_of_the_week_scales_the_trust_of_the_week() -> None:
    simulation = under(values(belonging=1.0, reassurance=0.5), household__attachment_local=0.0)
    before = simulation.state.column("trust").copy()
    simulation.advance(1)
    assert np.allclose(simulation.state.column("trust"), before + 0.5 * (1 - before), rtol=1e-12)


def test_a_world_without_an_association_draws_no_bonds() -> None:
    state = build_villages(load_scenario("baseline", {"village.households": 50, "village.party_members": 5}), 0, 0)
    assert state.bond.size == 0
    assert state.bond_first.tolist() == [0]
