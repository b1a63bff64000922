"""Housework: work is conserved, habit and passivity follow their equations, and what others see is never stale."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from quiet import QUIET

from sim.engine import tallies as t
from sim.engine.mechanisms.giving import FOR_HANDS
from sim.engine.simulation import Simulation
from sim.engine.world import columns as c
from sim.engine.world.declaration import COLUMNS
from sim.numerics import draws
from sim.scenario import load_scenario

SMALL = {"village.households": 200, "village.party_members": 16, "village.volunteers": 8}
LIVELY = {"household.predisposition": 0.0, "household.slip_rate": 0.3, "household.work_initiated": 6.0}
WORK = [t.row(name) for name in ("help_seconds", "paid_seconds", "own_seconds")]
LEVERS = [
    {"kind": "household_contact"}, {"kind": "volunteer_team", "hours": 4.0}, {"kind": "donation", "yuan": 100_000},
    {"kind": "role_model", "who": {"group": "member", "share": 0.5, "min_years_in_party": 0}},
]  # fmt: skip


def busy(weeks: int, seed: int = 6, levers: bool = True, households: int = 200, **values: Any) -> Simulation:
    merged = {
        **({} if levers else QUIET),
        **SMALL,
        **LIVELY,
        "village.households": households,
        **{f"household.{key}": value for key, value in values.items()},
    }
    return Simulation(load_scenario("baseline", [merged, {"interventions": LEVERS if levers else []}]), seed, 0, weeks)


def test_what_is_cleared_was_worked_and_what_was_worked_is_cleared() -> None:
    """Clutter after = before + growth - own, volunteers' and paid hours. Nothing is lost at a cap set out of reach.

    Hours are recorded in whole seconds, cut off for each household, kind and week: 3 seconds a household at most.
    """
    simulation = busy(40, clutter_cap=1000.0)
    clutter = simulation.state.column("clutter")
    cleared = 0.0
    for week in range(40):
        before = clutter.sum()
        simulation.advance()
        worked = simulation.counts[week, 0, WORK].sum() / 3600.0
        gone = before + 200 * simulation.scenario.household.clutter_growth - clutter.sum()
        assert -1e-9 <= gone - worked <= 200 * 3 / 3600
        assert (clutter >= 0).all()
        cleared += gone
    assert cleared > 1000
    assert (simulation.counts[:, 0, WORK].sum(axis=0) > 0).all()


def test_clutter_stops_at_its_cap() -> None:
    simulation = busy(60, climb_rate=0.0, clutter_cap=15.0)
    simulation.advance(60)
    idle = (simulation.state.column("exemplar") == 0) & (simulation.state.column("clutter") > 14)
    assert (simulation.state.column("clutter")[idle] == 15.0).all()
    assert idle.sum() > 150


@pytest.mark.parametrize(("rung", "key"), [(0, None), (1, "work_pushed"), (2, "work_helping"), (3, "work_initiated")])
def test_each_rung_works_its_hours(rung: int, key: str | None) -> None:
    """A big heap shrinks by the rung's hours a week, and grows by the week's clutter; no more than there is."""
    work = {"work_pushed": 1.5, "work_helping": 2.5, "work_initiated": 4.5}
    simulation = busy(4, levers=False, climb_rate=0.0, slip_rate=0.0, clutter_growth=0.25, clutter_cap=200.0, **work)
    state = simulation.state
    simulation.parameters = simulation.parameters._replace(hands_per_call=1000.0)  # volunteers never get through a call
    state.column("rung")[:] = rung
    state.column("clutter")[:] = 100.0
    state.column("clutter")[::2] = 1.0
    simulation.advance()
    hours = work[key] if key else 0.0
    assert np.allclose(state.column("clutter")[1::2], 100.0 - hours + 0.25, rtol=1e-14)
    assert np.allclose(state.column("clutter")[::2], max(0.0, 1.0 - hours) + 0.25, rtol=1e-14)


def test_habit_grows_while_adopted_and_fades_else() -> None:
    """H' = H + 0.3 B (1 - H) on the upper rungs, 0.95 H below; attachment B differs between locals and newcomers."""
    values = {"habit_growth": 0.3, "habit_retention": 0.95, "attachment_newcomer": 0.5, "attachment_local": 1.0}
    simulation = busy(20, levers=False, **values)
    state = simulation.state
    expected = np.zeros(200)
    seen = set()
    for _ in range(20):
        simulation.advance()
        adopted = state.column("rung") >= 2
        seen |= set(adopted.tolist())
        expected = np.where(adopted, expected + 0.3 * state.column("attachment") * (1 - expected), 0.95 * expected)
        assert np.allclose(state.column("habit"), expected, rtol=1e-12, atol=1e-15)
    assert seen == {True, False}
    assert expected.max() > 0.5


def test_passivity_is_the_share_that_others_cleared() -> None:
    """Nobody's without helpers; with them between 0 and 1 and above 0 only where hands came."""
    alone = busy(20, levers=False)
    alone.parameters = alone.parameters._replace(hands_per_call=1000.0)
    alone.advance(20)
    assert not alone.state.column("passivity").any()
    helped = busy(20)
    helped.advance(20)
    x = helped.state.column("passivity")
    assert 0.05 < x.max() < 1
    assert x.min() >= 0


def test_passivity_moves_by_its_step() -> None:
    """One week with own 2 of 3 hours: X = 0.2 * (1/3); then two weeks without help, clearing: X falls by a fifth each."""
    simulation = busy(
        3, levers=False, passivity_step=0.2, work_pushed=2.0, climb_rate=0.0, slip_rate=0.0, clutter_cap=90.0
    )
    state = simulation.state
    state.column("rung")[:] = 1
    state.column("clutter")[:] = 50.0
    simulation.parameters = simulation.parameters._replace(hands_per_call=1.0)
    simulation.advance()
    x = state.column("passivity").copy()
    once = np.isclose(x, 0.2 / 3)
    assert once.sum() > 3
    simulation.parameters = simulation.parameters._replace(hands_per_call=1000.0)
    simulation.advance(2)
    assert np.allclose(state.column("passivity")[once], 0.2 / 3 * 0.8**2, rtol=1e-12)


def test_hands_and_household_share_the_work_that_there_is() -> None:
    """Own 2 hours beside 1 offered: of 1.5 hours of clutter the helper does a third, of 6 one whole hour; to rounding.

    A household that works while nothing is left, or is offered hands and only watches, keeps no share of others.
    """
    simulation = busy(
        1, levers=False, passivity_step=0.2, passivity_retention=0.9, work_pushed=2.0, climb_rate=0.0, slip_rate=0.0,
        clutter_growth=0.25, clutter_cap=90.0,
    )  # fmt: skip
    state = simulation.state
    simulation.parameters = simulation.parameters._replace(hands_per_call=1000.0)  # volunteers never get through a call
    simulation.parameters = simulation.parameters._replace(paid_hours=1.0, wage_yuan=36.0)
    simulation.state.village_i64[c.FUND + FOR_HANDS, 0] = 1_000_000
    state.column("passivity")[:] = 0.5
    state.column("rung")[:] = np.array([1, 1, 1, 0])[np.arange(200) % 4]
    state.column("clutter")[:] = np.array([1.5, 6.0, 0.0, 6.0])[np.arange(200) % 4]
    state.column("paid_calls")[:] = 1
    simulation.advance()
    after = state.column("clutter").reshape(50, 4)
    share = 0.5 * 0.8 + 0.2 / 3
    assert np.allclose(after, [0.25, 6.0 - 3.0 + 0.25, 0.25, 6.25], rtol=1e-14)
    assert np.allclose(state.column("passivity").reshape(50, 4), [share, share, 0.45, 0.45], rtol=1e-14)
    assert simulation.counts[0, 0, WORK].tolist() == [0, 50 * (1800 + 3600), 50 * (3600 + 7200)]
    assert (
        simulation.state.village_i64[c.FUND + FOR_HANDS, 0]
        == 1_000_000 - simulation.counts[0, 0, t.row("paid_seconds")]
    )


@pytest.mark.parametrize("households", [200, 2 * draws.BLOCK + 77])
def test_what_is_seen_of_yards_and_ties_is_never_stale(households: int) -> None:
    """Every week: clean is clutter up to the limit, and neighbours' and ties' counts are what a recount gives."""
    simulation = busy(40, households=households)
    state = simulation.state
    columns = int(state.village_i64[c.PLAN_COLUMNS, 0])
    place = np.stack([state.column("plot") // columns, state.column("plot") % columns])
    near = np.abs(place[:, :, None] - place[:, None, :]).max(axis=0) <= simulation.scenario.villages[0].plan.sight
    np.fill_diagonal(near, False)
    turned = 0
    for _ in range(40):
        before = state.column("clean").copy()
        simulation.advance()
        clean = state.column("clean")
        turned += (before != clean).sum()
        assert np.array_equal(clean > 0, state.column("clutter") <= simulation.scenario.household.clean_below)
        assert np.array_equal(state.column("clean_neighbours"), near @ clean.astype(int))
        adopted = state.column("rung") >= 2
        told = [adopted[state.tie[state.tie_first[i] : state.tie_first[i + 1]]].sum() for i in range(households)]
        assert np.array_equal(state.column("adopted_ties"), told)
    assert turned > 150


@pytest.mark.parametrize("households", [200, 2 * draws.BLOCK + 77])
def test_the_record_is_a_recount(households: int) -> None:
    """Households by group, rung and yard, and the sums, are those of the columns, every week; sums to 1e-12."""
    simulation = busy(30, households=households)
    state = simulation.state
    for week in range(30):
        simulation.advance()
        cells = 8 * (state.column("roles") & 3) + 2 * state.column("rung") + state.column("clean")
        assert np.array_equal(simulation.counts[week, 0, t.rows("households")], np.bincount(cells, minlength=c.CELLS))
        assert simulation.counts[week, 0, t.row("reached")] == state.column("reached").sum()
        for name in ("trust", "clutter", "passivity"):
            assert simulation.totals[week, 0, t.measure_row(name)] == pytest.approx(state.column(name).sum(), rel=1e-12)
        kept = simulation.scenario.household.persuasion_retention
        assert kept * simulation.totals[week, 0, t.measure_row("persuasion")] == pytest.approx(
            state.column("persuasion").sum(), rel=1e-12
        )


def test_every_column_stays_in_its_range() -> None:
    simulation = busy(60)
    for _ in range(60):
        simulation.advance()
        for column in COLUMNS.values():
            values = simulation.state.column(column.name)
            if column.unit == "0..1":
                assert values.min() >= 0
                assert values.max() <= 1
            elif column.unit == "0..3":
                assert values.max() <= 3
            elif column.unit == "0 or 1":
                assert values.max() <= 1
        assert not simulation.state.column("free_calls").any()  # offers last a week
        assert not simulation.state.column("paid_calls").any()
