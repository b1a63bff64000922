"""Lists and people: who is in charge of whom, roles of fixed number, and traits by draw."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import binom
from worlds import SHAPES, SMALL, built, shaped, small

from sim.engine.world import columns as c
from sim.scenario import load_scenario


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_every_household_is_on_one_list_and_lists_are_equal(shape: dict[str, Any], seed: int) -> None:
    scenario = shaped(shape)
    members = scenario.villages[0].party_members
    state = built(scenario, seed)
    assert sorted(state.listed) == list(range(state.households))
    sizes = state.lists[c.LIST_STOP] - state.lists[c.LIST_FIRST]
    assert sizes.size == members
    assert sizes.max() - sizes.min() <= 1
    assert sizes.sum() == state.households
    for a in range(members):
        mine = state.listed[state.lists[c.LIST_FIRST, a] : state.lists[c.LIST_STOP, a]]
        assert (state.column("list")[mine] == a).all()
    in_charge = state.lists[c.LIST_MEMBER]
    assert sorted(in_charge) == list(np.flatnonzero(state.column("roles") & c.MEMBER))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(10, 120), st.data())
def test_nobody_is_in_charge_of_the_own_household(households: int, data: st.DataObject) -> None:
    """Wherever members live, with 2 of them or more."""
    members = data.draw(st.integers(2, households))
    seed = data.draw(st.integers(0, 2**32))
    few = {"village.volunteers": 0, "village.worthies": 0, "village.representatives": 0}
    sizes = {"village.households": households, "village.party_members": members}
    state = built(load_scenario("baseline", {**few, **sizes}), seed)
    own = state.column("list")[state.lists[c.LIST_MEMBER]]
    assert (own != np.arange(members)).all()
    assert sorted(state.listed) == list(range(households))


def test_a_list_lies_near_its_member() -> None:
    """Within two lists' length of the member in charge live far more than the 3 % that would if drawn at random."""
    state = built(load_scenario("baseline"))
    in_charge = state.lists[c.LIST_MEMBER][state.column("list")]
    length = state.households / state.lists.shape[1]
    assert (np.abs(in_charge - np.arange(state.households)) < 2 * length).mean() > 0.2


@pytest.mark.parametrize("seed", range(4))
def test_roles_of_fixed_number_are_exact(seed: int) -> None:
    values = {"village__worthies": 7, "village__party_members": 31, "village__volunteers": 13}
    roles = built(small(**values), seed).column("roles")
    for bit, count in ((c.MEMBER, 31), (c.WORTHY, 7), (c.VOLUNTEER, 13), (c.STANDING, 13)):
        assert ((roles & bit) > 0).sum() == count
    assert not (roles & c.NEWCOMER & (roles & c.MEMBER > 0)).any()  # there are locals enough


def test_members_are_newcomers_only_where_locals_run_out() -> None:
    roles = built(small(village__newcomer_share=1.0)).column("roles")
    assert ((roles & c.MEMBER) > 0).sum() == 16
    assert (roles & c.NEWCOMER).all()


def test_newcomers_come_in_the_share_that_is_asked_for() -> None:
    """Binomial of 20,000: within 4 standard errors of 0.3 (1.3 points); power above 99 % against 0.325."""
    n, share = 20_000, 0.3
    margin = 4 * np.sqrt(share * (1 - share) / n)
    assert binom.sf(n * (share + margin), n, 0.325) > 0.99
    newcomers = (built(small(village__households=n)).column("roles") & c.NEWCOMER) > 0
    assert abs(newcomers.mean() - share) < margin


def test_predisposition_is_normal_with_its_shifts() -> None:
    """Mean and standard deviation of 20,000 within 4 standard errors: sd/sqrt(n) and sd/sqrt(2n).

    So a shift of 0.06 (8 standard errors) or a spread wrong by 4 % would be found with power above 99 %.
    """
    n = 20_000
    state = built(small(
        village__households=n, household__predisposition=-1.5, household__predisposition_sd=1.2,
        household__newcomer_gap=-0.5, household__member_bonus=0.75,
    ))  # fmt: skip
    roles, a = state.column("roles"), state.column("predisposition")
    rest = a + 1.5 + 0.5 * ((roles & c.NEWCOMER) > 0) - 0.75 * ((roles & c.MEMBER) > 0)
    assert abs(rest.mean()) < 4 * 1.2 / np.sqrt(n)
    assert abs(rest.std() / 1.2 - 1) < 4 / np.sqrt(2 * n)
    assert abs(((rest / 1.2) ** 4).mean() - 3) < 4 * np.sqrt(96 / n)  # the fourth moment tells it from a uniform (1.8)


def test_starting_trust_and_clutter_lie_in_their_ranges() -> None:
    state = built(small(household__trust_start=0.4, household__trust_spread=0.2, household__clutter_start=12.0))
    trust, clutter, roles = state.column("trust"), state.column("clutter"), state.column("roles")
    assert 0.2 <= trust.min() < 0.22 < 0.58 < trust.max() <= 0.6
    others = clutter[(roles & c.MEMBER) == 0]
    assert 6.0 <= others.min() < 6.5 < 17.5 < others.max() <= 18.0
    assert (state.column("clean") == (clutter <= small().household.clean_below)).all()


def test_years_in_the_party_are_the_members_and_span_1_to_54() -> None:
    state = built(load_scenario("baseline", {"village.party_members": 1000}))
    years, member = state.column("party_years"), (state.column("roles") & c.MEMBER) > 0
    assert (years[~member] == 0).all()
    assert years[member].min() == 1
    assert years[member].max() == 54
    # uniform: the mean of 1000 within 4 standard errors (54/sqrt(12)/sqrt(1000)) of 27.5
    assert abs(years[member].mean() - 27.5) < 4 * 54 / np.sqrt(12_000)


TRAITS = ("predisposition", "trust", "clutter", "attachment", "party_years", "plot", "public_plot", "neighbours",
          "ties")  # fmt: skip


@pytest.mark.parametrize(
    ("key", "bit"),
    [
        ("village.volunteers", c.VOLUNTEER | c.STANDING),
        ("village.party_members", c.MEMBER),
        ("village.worthies", c.WORTHY),
    ],
)
@pytest.mark.parametrize("seed", [0, 5])
def test_one_more_person_in_a_role_is_one_person_s_difference(key: str, bit: int, seed: int) -> None:
    """One household gets the role; nobody's traits or ties move, but for what the role itself brings."""
    bare = {"household.member_bonus": 0.0, "household.tidy_members": 0.0}
    before = built(load_scenario("baseline", {**SMALL, **bare, key: 20}), seed)
    after = built(load_scenario("baseline", {**SMALL, **bare, key: 21}), seed)
    changed = np.flatnonzero(before.column("roles") != after.column("roles"))
    assert changed.size == 1
    assert after.column("roles")[changed[0]] ^ before.column("roles")[changed[0]] == bit
    for name in TRAITS:
        same = before.column(name) == after.column(name)
        if key == "village.party_members" and name == "party_years":
            same[changed] = True
        assert same.all(), name
    assert np.array_equal(before.tie, after.tie)
