"""First secretary: a cadre's calls, what they do to trust (P10), and members' fear."""

from __future__ import annotations

import numpy as np
import pytest

from interventions.small import STILL, after, content, same, total
from sim.engine import tallies as t
from sim.engine.world import columns as c

SHAPES = [{}, {"cadres": 3, "hours": 40.0}, {"cadres": 1, "courage": 1.0}]
AFRAID = {"village.contact.fear": 1.0, "village.contact.message": 1.0}


def intervention(cadres: int = 1, hours: float = 6.0, courage: float = 0.0, **more: object) -> dict[str, object]:
    return {"kind": "first_secretary", "cadres": cadres, "hours": hours, "courage": courage, **more}


@pytest.mark.parametrize(("cadres", "hours"), [(0, 10.0), (1, 0.0), (1, 6.0), (3, 1.0), (200, 0.75)])
def test_calls_fill_the_hours(cadres: int, hours: float) -> None:
    """45 minutes a call, in 10 weeks; who lives elsewhere skips no door; exact."""
    simulation = after([intervention(cadres, hours)], 10, STILL)
    assert total(simulation, t.row("calls")) == cadres * int(10 * hours / 0.75)
    assert total(simulation, t.row("caller_seconds")) == cadres * 10 * hours * 3600


def test_cadres_share_the_village_out() -> None:
    """Four cadres of 50 calls each have called at every house once, in one week."""
    simulation = after([intervention(4, 37.5)], 1, STILL)
    assert total(simulation, t.row("calls")) == 200
    assert (simulation.state.column("last_by_cadre") == 0).all()


def test_a_call_builds_trust_as_a_clean_member_s_visit_does() -> None:
    """P10, exact: T + step * attachment * (1 - T) for who was called at, and nobody else's trust moves."""
    bare, there = after([], 1, STILL), after([intervention(1, 30.0)], 1, STILL)
    state = there.state
    called = state.column("last_by_cadre") == 0
    before = bare.state.column("trust")
    step = there.scenario.household.trust_step
    expected = before + step * state.column("attachment") * (1.0 - before)
    assert called.sum() == 40
    assert state.column("trust")[called] == pytest.approx(expected[called], rel=1e-12)
    assert (state.column("trust")[~called] == before[~called]).all()
    assert np.array_equal(state.column("persuasion") > bare.state.column("persuasion"), called)


def test_a_cadre_has_no_yard_to_be_judged_by() -> None:
    """What one's own yard is worth makes no difference to a cadre's word, bit for bit."""
    runs = [after([intervention(2, 20.0)], 10, {**STILL, "household.own_yard": phi}) for phi in (0.0, 1.0)]
    assert same(*runs, ("persuasion", "trust"))


def test_fear_is_taken_away() -> None:
    """Wholly afraid, members say nothing; with courage 1 they speak as if they had never known fear, bit for bit; with
    0.4 of it, of about 300 visits, 0.4 speak, within 4.5 standard errors."""
    silent = after([intervention(0)], 20, {**STILL, **AFRAID})
    brave = after([intervention(0, courage=1.0)], 20, {**STILL, **AFRAID})
    fearless = after([], 20, {**STILL, **AFRAID, "village.contact.fear": 0.0})
    some = after([intervention(0, courage=0.4)], 20, {**STILL, **AFRAID})
    assert total(silent, t.row("messages")) == 0
    assert brave.counts.tobytes() == fearless.counts.tobytes()
    assert same(brave, fearless, ("persuasion", "trust"))
    visits = total(some, t.row("visits"))
    assert abs(total(some, t.row("messages")) / visits - 0.4) < 4.5 * np.sqrt(0.24 / visits)


def test_where_there_is_no_fear_courage_is_nothing() -> None:
    lively = {"household.predisposition": -1.2, "village.contact.message": 0.3}
    assert content(after([intervention(0, courage=1.0)], 30, lively)) == content(after([], 30, lively))


def test_a_cadre_moves_no_money_and_no_yard() -> None:
    bare, there = after([], 30, STILL), after([intervention(5, 20.0, 1.0)], 30, STILL)
    rows = np.flatnonzero((bare.counts != there.counts).any(axis=(0, 1))).tolist()
    assert rows == [t.row("calls"), t.row("caller_seconds")]
    assert same(bare, there, ("rung", "clutter", "clean", "award", "attachment", "ties"))


def test_who_has_joined_nobody_is_chosen() -> None:
    """Outsiders are no households: nobody is marked, and the village has as many people as before."""
    state = after([intervention(7)], 1, STILL).state
    assert not state.column("chosen").any()
    assert (state.team_i32[c.TEAM_HOUSEHOLD] < 0).sum() == 7
