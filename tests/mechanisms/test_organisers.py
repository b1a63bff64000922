"""Organisers' effort: closed forms of wear and recovery, reviews, meetings, the ranking, and what effort scales."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from any_intervention import told, under, values
from numpy.typing import NDArray

from sim.engine.mechanisms.organisers import EFFORT_OF
from sim.engine.mechanisms.visits import MESSAGES, VISITS
from sim.engine.simulation import Simulation
from sim.engine.world import columns as c
from sim.interventions import Effect, Who

LOSS, RECOVERY = 0.03, 0.1
PACE = {"public__effort_loss": LOSS, "public__effort_recovery": RECOVERY}
CAMPAIGN = Effect("message", 1.0)


def effort(simulation: Simulation, weeks: int) -> NDArray[Any]:
    """Return the effort of all weeks, shape (weeks, villages), and check that it is the state's."""
    simulation.advance(weeks)
    found = simulation.totals[:weeks, :, EFFORT_OF]
    assert np.array_equal(found[-1], simulation.state.village_f64[c.EFFORT])
    return found


@pytest.mark.parametrize(("tasks", "points"), [(0.0, 0.0), (0.5, 0.0), (0.0, 0.4), (-0.5, 0.5), (0.0, 1.0), (1.0, 2.0)])
def test_a_campaign_wears_effort_out_at_its_rate(tasks: float, points: float) -> None:
    """(1 - loss (1 + tasks) (1 - points))**n after n weeks, with points of 1 or more: not at all. To rounding."""
    campaign = told(CAMPAIGN, Effect("other_tasks", tasks), Effect("member_points", points))
    rate = LOSS * (1 + tasks) * max(0.0, 1 - points)
    assert np.allclose(effort(under(campaign, **PACE), 30)[:, 0], (1 - rate) ** np.arange(1, 31), rtol=1e-12)


def test_other_tasks_can_take_all_of_it_and_no_more() -> None:
    assert not effort(under(told(CAMPAIGN, Effect("other_tasks", 99.0)), **PACE), 3).any()


def test_a_campaign_is_one_whoever_is_asked() -> None:
    """A message asked of chosen members wears effort out as one that is asked of all; none asked, none lost."""
    for who, expected in (("member", 1 - LOSS), (None, 1.0)):
        lever = told(Effect("message", 0.5, Who(group="member"))) if who else values(contact_time=2.0)
        assert effort(under(lever, **PACE), 1)[0, 0] == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(("floating", "expected"), [(0, 1.0), (1, 1 - LOSS)])
def test_a_campaign_asks_somebody_who_visits(floating: int, expected: float) -> None:
    """A message asked of whom nobody is costs no effort; nor does one asked of who has no list to speak on."""
    helpers = told(Effect("message", 1.0, Who(group="floating_member")))
    assert effort(under(helpers, **PACE, village__floating_members=floating), 1)[0, 0] == pytest.approx(
        expected, rel=1e-15
    )
    newcomers = told(Effect("message", 1.0, Who(group="newcomer")))
    assert effort(under(newcomers, **PACE, village__newcomer_share=0.3), 1)[0, 0] == 1.0


def test_asking_some_less_spares_nobody_else() -> None:
    """Who is asked is asked, whatever a lever takes from others."""
    campaign = told(CAMPAIGN, Effect("message", -3.0, Who(group="member", count=1)))
    assert effort(under(campaign, **PACE), 1)[0, 0] == pytest.approx(1 - LOSS, rel=1e-15)


def test_quiet_weeks_restore_it() -> None:
    """Ten weeks of campaign, then 1 - e falls by the share `effort_recovery` each week. To rounding."""
    found = effort(under(told(CAMPAIGN, stop=10), **PACE), 40)[:, 0]
    lost = 1 - (1 - LOSS) ** 10
    assert np.allclose(1 - found[10:], lost * (1 - RECOVERY) ** np.arange(1, 31), rtol=1e-10)


@pytest.mark.parametrize("review", [0.0, 0.3, 1.0, 5.0])
def test_a_review_restores_its_share_of_what_is_lost(review: float) -> None:
    """Every fourth week, after the week's wear; a twin in plain Python over 20 weeks."""
    found = effort(under(told(CAMPAIGN, Effect("review", review, every=4)), **PACE), 20)[:, 0]
    e, expected = 1.0, []
    for week in range(20):
        e *= 1 - LOSS
        e += min(1.0, review) * (1 - e) if week % 4 == 0 else 0.0
        expected.append(e)
    assert np.allclose(found, expected, rtol=1e-12)


def test_a_meeting_lifts_effort_beyond_routine_and_it_comes_back() -> None:
    """One meeting of 0.4: 1.4, then back to 1 by the share of recovery a week; a review takes nothing of it away."""
    levers = (told(Effect("meeting", 0.4, every=0)), values("review", review=1.0))
    found = effort(under(*levers, **PACE), 20)[:, 0]
    assert np.allclose(found, 1 + 0.4 * (1 - RECOVERY) ** np.arange(20), rtol=1e-12)


@pytest.mark.parametrize("kick", [5.0, -5.0, 1.0, -0.7])
def test_effort_stays_between_0_and_2(kick: float) -> None:
    found = effort(under(values(meeting=kick, message=1.0), **PACE), 10)
    assert ((found >= 0) & (found <= 2)).all()
    assert found[-1, 0] == (2.0 if kick > 0 else 0.0)


def test_a_ranking_moves_effort_from_the_first_to_the_last() -> None:
    """Five villages of 10, 20, ... 50 adopted households: amounts are ranking * (1/2, 1/4, 0, -1/4, -1/2), and sum to
    0 while inside the bounds; a quiet world without recovery. Equal villages share a place."""
    names = [{"name": name} for name in "abcde"]
    simulation = under(values(ranking=0.2), villages=names, public__effort_recovery=0.0)
    for v in range(5):
        put_on_rung(simulation, v, 10 * (v + 1), 2)
    found = effort(simulation, 4)
    step = 0.2 * np.array([0.5, 0.25, 0, -0.25, -0.5])
    assert np.allclose(found, 1 + np.outer(np.arange(1, 5), step), rtol=1e-12)
    assert np.allclose(found.sum(axis=1), 5, rtol=1e-12)
    tied = under(values(ranking=0.2), villages=names, public__effort_recovery=0.0)
    put_on_rung(tied, 2, 40, 3)
    assert np.allclose(effort(tied, 1)[0], 1 + 0.2 * np.array([1, 1, -4, 1, 1]) / 8, rtol=1e-12)
    assert effort(under(values(ranking=0.2), **PACE), 5)[-1, 0] == 1.0  # nobody to be compared with


def put_on_rung(simulation: Simulation, v: int, households: int, rung: int) -> None:
    """Put the first households of a village on a rung, and keep its cells right."""
    state, row = simulation.state, simulation.state.village_i64[:, v]
    state.column("rung")[row[c.FIRST] : row[c.FIRST] + households] = rung
    here = slice(row[c.FIRST], row[c.STOP])
    roles, clean = state.column("roles")[here].astype(int), state.column("clean")[here]
    cells = 8 * (roles & (c.NEWCOMER | c.MEMBER)) + 2 * state.column("rung")[here] + clean
    row[c.CELL : c.CELL + c.CELLS] = np.bincount(cells, minlength=c.CELLS)


def test_effort_scales_what_levers_ask_and_not_the_routine() -> None:
    """With effort held at 0 visits are the routine's and nothing is said; at 1/2, half of the visits speak.

    Binomial of some 10,000 visits, 4.5 standard errors; power above 99 % against 0.45.
    """
    routine = under(weeks=50)
    routine.advance(50)
    none = under(values(message=1.0, contact_time=3.0, meeting=-5.0), weeks=50)
    none.advance(50)
    assert np.array_equal(none.counts[:, 0, VISITS], routine.counts[:, 0, VISITS])
    assert not none.counts[:, 0, MESSAGES].any()
    half = under(told(Effect("message", 1.0), Effect("contact_time", 10.0), Effect("meeting", -0.5, every=0)),
                 public__effort_loss=0.0, weeks=200)  # fmt: skip
    half.advance(200)
    visits, messages = half.counts[:, 0, [VISITS, MESSAGES]].sum(axis=0)
    assert abs(messages - visits / 2) < 4.5 * np.sqrt(visits / 4)
    more = half.counts[:, 0, VISITS].sum() / (200 / 50 * routine.counts[:, 0, VISITS].sum())
    assert more == pytest.approx(6.0, rel=0.02)  # 1 + 1/2 * 10
