"""Giving: fen are conserved, gifts come in equal parts, awards and paid hands go where they may."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from calling import run_phase, week_of
from hypothesis import given, settings
from hypothesis import strategies as st
from quiet import QUIET

from sim.engine import tallies as t
from sim.engine.mechanisms import giving
from sim.engine.mechanisms.giving import FOR_BUDGET, FOR_CHARITY, FOR_HANDS
from sim.engine.now import set_programme
from sim.engine.simulation import Simulation
from sim.engine.world import columns as c
from sim.interventions import GIFT_USES
from sim.numerics import draws
from sim.scenario import Scenario, load_scenario

SMALL = {**QUIET, "village.households": 120, "village.party_members": 8, "village.volunteers": 0}
LIVELY = {"household.predisposition": 0.5, "household.give_probability": 0.5}
USES = GIFT_USES[:FOR_BUDGET]  # the budget is no donation
GIVEN, SPENT = t.rows("given"), t.rows("spent")


def donated(lever: dict[str, Any], **values: float) -> Scenario:
    merged = {**SMALL, **LIVELY, **{key.replace("__", "."): value for key, value in values.items()}}
    uses = {**dict.fromkeys(USES, 0.0), **lever["uses"]}  # a use that isn't named keeps the default's share
    return load_scenario("baseline", [merged, {"interventions": [{"kind": "donation", **lever, "uses": uses}]}])


def funds(simulation: Simulation) -> Any:
    """Return the fen in hand, shape (uses, villages)."""
    return simulation.state.village_i64[c.FUND : c.FUND + len(GIFT_USES)]


@st.composite
def donations(draw: st.DrawFn) -> dict[str, Any]:
    parts = np.array([draw(st.integers(0, 10)) for _ in USES], float) + 1e-3
    shares = dict(zip(USES, (parts / parts.sum()).tolist(), strict=True))
    start = draw(st.integers(0, 10))
    return {
        "yuan": draw(st.floats(0, 300_000)), "uses": shares, "match": draw(st.floats(0, 3)), "start": start,
        "transparency": draw(st.floats(0, 1)), "strength": draw(st.floats(0, 1)), "ramp": draw(st.integers(0, 20)),
        "stop": draw(st.one_of(st.none(), st.integers(start, 30))),
        "who": draw(st.sampled_from([{"group": "everyone"}, {"group": "local"}, {"group": "member", "share": 0.5}])),
    }  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    donations(), st.floats(0.1, 500), st.floats(0.1, 9), st.floats(0.1, 500), st.floats(0, 1), st.integers(0, 2_000_000),
    st.integers(0, 99),
)  # fmt: skip
def test_fen_given_are_fen_spent_and_fen_in_hand(
    lever: dict[str, Any], wage: float, hours: float, prize: float, gives: float, budget: int, seed: int
) -> None:
    """Every week and for every use, to the fen: integers. Charity is passed on in the week in which it comes in.

    Worthies give of their own, too, and a budget lies in hand from the start.
    """
    prices = {"public__wage_yuan": wage, "public__paid_hours": hours, "public__award_yuan": prize}
    what = donated(lever, **prices, public__work_yuan=5000.0, public__worthy_gives=gives, public__worthy_yuan=700.35)
    simulation = Simulation(what, seed, 0, 30)
    simulation.state.village_i64[c.FUND + FOR_BUDGET, 0] = budget
    start = np.array([0, 0, 0, 0, budget])
    for week in range(30):
        simulation.advance()
        counts = simulation.counts[: week + 1, 0].sum(axis=0)
        assert (start + counts[GIVEN] == counts[SPENT] + funds(simulation)[:, 0]).all()
        assert counts[t.row("given_by_households")] + counts[t.row("given_by_worthies")] <= counts[t.row("given_works")]
        assert (simulation.counts[week, 0, GIVEN] >= 0).all()
        assert (simulation.counts[week, 0, SPENT] >= 0).all()
        assert funds(simulation)[FOR_CHARITY, 0] == 0
        assert (funds(simulation) >= 0).all()


@pytest.mark.parametrize(("yuan", "spent"), [(0.62, 0), (0.63, 63)])
def test_no_fund_is_ever_overdrawn(yuan: float, spent: int) -> None:
    """At 0.45 yuan an hour 1.4 hours cost 45 * 5040 // 3600 = 63 fen in full: with 62 in hand none are offered."""
    what = donated(
        {"yuan": yuan, "uses": {"hauling": 1.0}, "stop": 1}, public__wage_yuan=0.45, public__paid_hours=1.4,
        household__predisposition=10.0, household__climb_rate=0.9, household__slip_rate=0.0,
    )  # fmt: skip
    simulation = Simulation(what, 0, 0, 10)
    for _ in range(10):
        simulation.advance()
        assert (funds(simulation) >= 0).all()
    assert simulation.counts[:, 0, t.row("spent_hauling")].sum() == spent


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 1e6), st.integers(0, 20), st.integers(1, 60), st.integers(0, 30), st.floats(0, 1))
def test_a_gift_is_given_whole_in_equal_parts(yuan: float, start: int, weeks: int, ramp: int, strength: float) -> None:
    """strength * yuan in fen, rounded half up, over the active weeks; without a ramp parts differ by a fen at most."""
    what = donated({"yuan": yuan, "uses": {"charity": 1.0}, "start": start, "stop": start + weeks, "ramp": ramp,
                    "strength": strength}, household__give_probability=0.0)  # fmt: skip
    simulation = Simulation(what, 0, 0, 90)
    simulation.advance(90)
    fen = simulation.counts[:, 0, t.row("given_charity")]
    assert fen.sum() == np.floor(100 * yuan * strength + 0.5)
    assert not fen[:start].any()
    assert not fen[start + weeks :].any()
    if ramp <= 1:
        assert np.ptp(fen[start : start + weeks]) <= 1
    else:
        assert (np.diff(fen[start : start + weeks]) >= -1).all()


def test_collections_come_from_who_has_adopted_and_are_asked_once_a_quarter() -> None:
    """With probability 1 each adopted household gives 100 yuan once in 13 weeks; nobody else does. Exact."""
    frozen = {"household__climb_rate": 0.0, "household__slip_rate": 0.0, "household__give_probability": 1.0}
    what = donated({"yuan": 0.0, "uses": {"charity": 1.0}}, **frozen, household__give_yuan=100.0)
    simulation = Simulation(what, 0, 0, 26)
    simulation.state.column("rung")[:30] = [0, 1, 2, 3, 2] * 6
    simulation.advance(26)
    collected = simulation.counts[:, 0, t.row("given_by_households")]
    assert collected[:13].sum() == collected[13:].sum() == 18 * 10_000
    assert np.array_equal(collected, simulation.counts[:, 0, t.row("given_works")])


@pytest.mark.parametrize("match", [0.5, 1.0, 2.0])
def test_a_match_adds_its_share_to_what_households_give(match: float) -> None:
    """Matched fen = match * collected (whole fen), on top, for works; nothing without collections. Exact."""
    frozen = {"household__climb_rate": 0.0, "household__slip_rate": 0.0, "household__give_probability": 1.0}
    simulation = Simulation(donated({"yuan": 0.0, "uses": {"works": 1.0}, "match": match}, **frozen), 0, 0, 13)
    simulation.state.column("rung")[:30] = 2
    simulation.advance(13)
    collected, given = (
        simulation.counts[:, 0, t.row("given_by_households")],
        simulation.counts[:, 0, t.row("given_works")],
    )
    assert collected.sum() == 30 * round(100 * simulation.scenario.household.give_yuan)
    assert np.array_equal(given, collected + (collected * match).astype(int))


def test_recognition_is_the_transparent_share_and_fades() -> None:
    """D's stock: 0.9 of the week before plus transparency * yuan a household; to rounding of 26 sums (1e-12)."""
    lever = {"yuan": 2600.0, "uses": {"charity": 1.0}, "stop": 26, "transparency": 0.6}
    what = donated(lever, household__give_probability=0.0, public__recognition_retention=0.9)
    simulation = Simulation(what, 0, 0, 40)
    simulation.advance(40)
    stock, expected = 0.0, []
    for week in range(40):
        stock = 0.9 * stock + (0.6 * 100.0 / 120 if week < 26 else 0.0)
        expected.append(stock)
    assert np.allclose(simulation.totals[:, 0, t.measure_row("recognised_giving")], expected, rtol=1e-12)


def test_awards_go_to_clean_yards_that_are_served_and_cost_their_price() -> None:
    frozen = {"household__climb_rate": 0.0, "household__slip_rate": 0.0, "household__clutter_growth": 0.0,
              "household__give_probability": 0.0}  # fmt: skip
    lever = {"yuan": 1000.0, "uses": {"awards": 1.0}, "stop": 1, "who": {"group": "local"}}
    simulation = Simulation(donated(lever, **frozen, public__award_yuan=100.0, household__clutter_start=2.0), 0, 0, 1)
    state = simulation.state
    clean = state.column("clean").copy()
    simulation.advance()
    got = state.column("award") == 1.0
    assert got.sum() == 10
    assert simulation.counts[0, 0, t.row("spent_awards")] == 100_000
    assert (clean[got] == 1).all()
    assert not (state.column("roles")[got] & c.NEWCOMER).any()
    assert (state.column("award")[~got] == 0).all()


def test_awards_fade_and_go_round() -> None:
    """0.9 a week; who has one above a half is passed over, so 10 clean yards get one each, and none a second."""
    frozen = {"household__climb_rate": 0.0, "household__slip_rate": 0.0, "household__clutter_growth": 0.0,
              "household__give_probability": 0.0, "household__award_retention": 0.9}  # fmt: skip
    what = donated({"yuan": 50_000.0, "uses": {"awards": 1.0}, "stop": 50}, **frozen, public__award_yuan=100.0)
    simulation = Simulation(what, 0)
    state = simulation.state
    state.column("clean")[:] = 0
    state.column("clean")[:10] = 1
    state.column("clutter")[:] = 10.0
    state.column("clutter")[:10] = 0.0
    simulation.advance()
    assert np.allclose(state.column("award")[:10], 1.0)
    assert simulation.counts[0, 0, t.row("spent_awards")] == 100_000
    simulation.advance()
    assert np.allclose(state.column("award")[:10], 0.9)
    simulation.advance(6)
    assert simulation.counts[:, 0, t.row("spent_awards")].sum() == 200_000  # 0.9**7 is the first below a half
    assert not state.column("award")[10:].any()


@pytest.mark.parametrize("group", ["everyone", "local"])
def test_awards_and_paid_hands_go_round_in_turn(group: str) -> None:
    """A twin in Python of both rounds over several blocks: 300 awards and 400 offers a week, for 12 weeks; exact.

    Yards stay as they are, for everybody only watches. Glow halves every week, so an award is fresh for one week more.
    """
    n = 2 * draws.BLOCK + 77
    frozen = {"household__climb_rate": 0.0, "household__slip_rate": 0.0, "household__clutter_growth": 0.0,
              "household__give_probability": 0.0, "household__award_retention": 0.5}  # fmt: skip
    lever = {"yuan": 12 * 30_000.0, "uses": {"awards": 1.0}, "stop": 12, "who": {"group": group}}
    what = donated(lever, **frozen, village__households=n, public__award_yuan=100.0, public__wage_yuan=36.0,
                   public__paid_hours=1.0)  # fmt: skip
    simulation = Simulation(what, 0, 0, 12)
    state, row = simulation.state, simulation.state.village_i64
    clean = np.random.default_rng(5).random(n) < 0.5
    state.column("clean")[:] = clean
    state.column("clutter")[:] = np.where(clean, 0.0, 10.0)
    state.column("rung")[:] = 0
    served = ((state.column("roles") & c.NEWCOMER) == 0) | (group == "everyone")
    glow, award_at, hands_at = np.zeros(n), 0, 0
    for week in range(12):
        row[c.FUND + FOR_HANDS, 0] = 400 * 3600 + 17
        this_week = week_of(simulation, week)
        run_phase(set_programme, simulation, this_week)
        run_phase(giving.offer_paid_hands, simulation, this_week)
        offered = [i % n for i in range(hands_at, hands_at + n) if not clean[i % n] and served[i % n]][:400]
        assert np.array_equal(np.flatnonzero(state.column("paid_calls")), np.sort(offered))
        hands_at = (offered[-1] + 1) % n
        assert row[c.PAID_NEXT, 0] == hands_at
        state.column("paid_calls")[:] = 0
        row[c.FUND + FOR_HANDS, 0] = 0  # or the week itself would go on
        simulation.advance()
        glow *= 0.5
        worthy = [i % n for i in range(award_at, award_at + n) if clean[i % n] and served[i % n] and glow[i % n] < 0.5]
        glow[worthy[:300]] = 1.0
        award_at = (worthy[:300][-1] + 1) % n
        assert np.array_equal(state.column("award"), glow)
        assert simulation.counts[week, 0, t.row("spent_awards")] == 10_000 * len(worthy[:300])
    assert (simulation.counts[:, 0, t.row("spent_awards")] > 0).all()


def test_paid_hands_are_used_by_who_clears_and_paid_by_the_hour() -> None:
    """Fen = wage * seconds used, to a fen a household and week; nobody who only watches uses any."""
    lever = {"yuan": 50_000.0, "uses": {"hauling": 1.0}, "stop": 5}
    frozen = {"household__climb_rate": 0.0, "household__slip_rate": 0.0, "household__give_probability": 0.0}
    what = donated(lever, **frozen, public__wage_yuan=36.0)
    simulation = Simulation(what, 0, 0, 5)
    state = simulation.state
    state.column("rung")[:40] = 1
    state.column("clutter")[:] = 20.0
    simulation.advance(5)
    seconds, fen = (
        simulation.counts[:, 0, t.row("paid_seconds")].sum(),
        simulation.counts[:, 0, t.row("spent_hauling")].sum(),
    )
    assert seconds > 0
    assert fen == seconds  # a fen a second
    assert (state.column("passivity")[:40] > 0).all()
    assert not state.column("passivity")[40:].any()


def test_paid_hands_reach_only_the_served() -> None:
    lever = {"yuan": 50_000.0, "uses": {"hauling": 1.0}, "stop": 5, "who": {"group": "newcomer"}}
    simulation = Simulation(donated(lever, household__predisposition=5.0, household__give_probability=0.0), 0, 0, 5)
    simulation.advance(5)
    helped = simulation.state.column("passivity") > 0
    assert helped.any()
    assert (simulation.state.column("roles")[helped] & c.NEWCOMER).all()
