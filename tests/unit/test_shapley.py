"""Shapley shares: known games, and the shares of interventions, which add up to the whole effect in every replicate."""

from __future__ import annotations

from functools import cache
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.shapley import ALL, MOST, Shares, shapley, shares, subsets
from sim.base.arrays import F64
from sim.base.errors import InputError
from sim.scenario import Scenario, load_scenario

SMALL = {"village.households": 120, "village.party_members": 12, "village.volunteers": 2}


@cache
def scenario(*kinds: str) -> Scenario:
    return load_scenario("baseline", [SMALL, {"interventions": [{"kind": kind, "stop": 20} for kind in kinds]}])


@cache
def found() -> Shares:
    return shares(scenario("household_contact", "role_model", "donation"), 6, 3, 40, jobs=1)


def members(number: int, players: int) -> list[int]:
    return [k for k in range(players) if number >> k & 1]


def test_players_who_only_add_get_what_they_bring() -> None:
    brings = np.array([3.0, -1.0, 0.5, 2.0])
    worth = np.array([brings[members(s, 4)].sum() for s in range(16)])
    np.testing.assert_allclose(shapley(worth), brings)


def test_what_two_do_only_together_is_halved() -> None:
    """The glove game: 0 and 1 hold left gloves, 2 the right one, a pair is worth 1: 1/6, 1/6 and 4/6 (Shapley 1953)."""
    worth = np.array([float(2 in members(s, 3) and len(members(s, 3)) > 1) for s in range(8)])
    np.testing.assert_allclose(shapley(worth), [1 / 6, 1 / 6, 4 / 6])
    np.testing.assert_allclose(shapley(np.array([0.0, 0.0, 0.0, 5.0])), [2.5, 2.5])


@given(st.integers(1, 4).flatmap(lambda k: st.lists(st.floats(-100, 100), min_size=2**k, max_size=2**k)))
def test_shares_are_the_mean_over_all_orders_and_add_up(worths: list[float]) -> None:
    worth = np.array(worths)
    players = len(worths).bit_length() - 1
    orders = list(permutations(range(players)))
    expected = np.zeros(players)
    for order in orders:
        there = 0
        for player in order:
            expected[player] += worth[there | 1 << player] - worth[there]
            there |= 1 << player
    values = shapley(worth)
    np.testing.assert_allclose(values, expected / len(orders), atol=1e-9)
    assert values.sum() == pytest.approx(worth[-1] - worth[0], abs=1e-9)


@given(st.lists(st.floats(-10, 10), min_size=16, max_size=16))
def test_shares_are_linear_so_each_replicate_has_its_own(worths: list[float]) -> None:
    worth: F64 = np.array(worths).reshape(8, 2)
    both = shapley(worth)
    assert both.shape == (3, 2)
    np.testing.assert_allclose(both.mean(axis=1), shapley(worth.mean(axis=1)), atol=1e-9)


def test_worths_of_some_sets_only_are_refused() -> None:
    for sets in (1, 3, 6):
        with pytest.raises(ValueError, match="must be a power of 2"):
            shapley(np.zeros(sets))


def test_the_sets_of_a_scenario_have_their_interventions_and_no_others() -> None:
    named = subsets(scenario("household_contact", "role_model", "donation"))
    assert list(named)[:4] == ["no intervention", "household_contact", "role_model", "household_contact + role_model"]
    for name, one in named.items():
        there = {intervention.name for intervention in one.interventions if intervention.strength > 0}
        assert there == (set() if name == "no intervention" else set(name.split(" + ")))


def test_shares_of_interventions_add_up_to_the_effect_in_every_replicate() -> None:
    worth = found().worth("adopted")
    assert worth.shape == (8, 6)
    np.testing.assert_allclose(shapley(worth).sum(axis=0), worth[7] - worth[0], atol=1e-12)
    assert np.ptp(worth[7] - worth[0]) > 0
    table = found().table[found().table["outcome"] == "adopted"].set_index("intervention")
    interventions = table.drop(ALL)
    assert interventions["share"].sum() == pytest.approx(table.loc[ALL, "share"])
    assert list(interventions.index) == ["household_contact", "role_model", "donation"]
    assert table.loc["role_model", "alone"] == pytest.approx((worth[2] - worth[0]).mean())
    assert table.loc["role_model", "last"] == pytest.approx((worth[7] - worth[5]).mean())
    assert table.loc[ALL, "last"] == table.loc[ALL, "alone"] == pytest.approx(table.loc[ALL, "share"])
    known = table.dropna(subset=["low"])
    assert len(known) and known["share"].between(known["low"], known["high"]).all()


def test_money_is_shared_out_to_who_spends_it_and_who_helps_to() -> None:
    """By itself only the donation spends; awards for yards that others brought to be clean are partly theirs."""
    table = found().table
    money = table[table["outcome"] == "yuan"].set_index("intervention")
    assert (money.loc[["household_contact", "role_model"], "alone"] == 0).all()
    assert 0 < money.loc["donation", "alone"] < money.loc["donation", "share"] < money.loc[ALL, "share"]
    assert money.loc["donation", "last"] == pytest.approx(money.loc[ALL, "share"])
    assert "weeks_to_agreement" not in set(table["outcome"])  # never reached without a plan


def test_too_few_or_too_many_interventions_are_told() -> None:
    with pytest.raises(InputError, match="has 1 active ones; switch some off"):
        subsets(scenario("role_model"))
    with pytest.raises(InputError, match=f"2 to {MOST} interventions.*has 24"):
        subsets(load_scenario("everything"))
    with pytest.raises(InputError, match=r"has 0 active ones$"):
        subsets(scenario())
    with pytest.raises(InputError, match="at least 2 replicates"):
        shares(scenario("role_model", "donation"), 1, 0)
    with pytest.raises(InputError, match="weeks_to_agreement is undefined with no intervention in 6 of 6 runs"):
        found().worth("weeks_to_agreement")
