"""Volunteering: time, calls, hands, fatigue, public plots; who joins and who leaves, and how soon."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from any_intervention import told, under, values
from scipy.stats import binom

from sim.engine.mechanisms.calls import CALLS, VOLUNTEER_SECONDS, VOLUNTEERS
from sim.engine.mechanisms.housework import HELP_SECONDS
from sim.engine.mechanisms.volunteering import JOINED_TEAM, LEFT_TEAM
from sim.engine.mechanisms.works import PLOT_SECONDS
from sim.engine.simulation import Simulation
from sim.engine.world import columns as c
from sim.interventions import Effect, Who
from sim.scenario import load_scenario

SMALL = {
    "village.households": 200,
    "village.party_members": 16,
    "village.volunteers": 5,
    "village.volunteer_hours": 3.0,
}
STILL = {"household.climb_rate": 0.0, "household.slip_rate": 0.0}


def helping(weeks: int = 20, lever: dict[str, Any] | None = None, seed: int = 3, **values: float) -> Simulation:
    levers = [] if lever is None else [{"kind": "volunteer_team", **lever}]
    merged = {**SMALL, **STILL, **{key.replace("__", "."): value for key, value in values.items()}}
    return Simulation(load_scenario("baseline", [merged, {"interventions": levers}]), seed, 0, weeks)


def test_hours_are_hours_less_fatigue() -> None:
    """Five volunteers of 3 hours: fatigue after n active weeks is 1 - 0.99**n; seconds are whole, so 5 less at most."""
    simulation = helping(public__fatigue=0.01)
    simulation.advance(20)
    expected = 5 * 3 * 3600 * 0.99 ** np.arange(20)
    assert (simulation.counts[:, 0, VOLUNTEER_SECONDS] <= expected + 1e-6).all()
    assert (simulation.counts[:, 0, VOLUNTEER_SECONDS] > expected - 5).all()
    assert (simulation.counts[:, 0, VOLUNTEERS] == 5).all()


def test_rest_restores() -> None:
    """A team of ten weeks at full fatigue rate 0.1, then ten of rest at 0.5 a week, then active again at once."""
    lever = {"who": {"group": "local", "count": 10}, "hours": 4.0, "name": "x", "stop": 10}
    again = {**lever, "name": "x2", "start": 20, "stop": None}
    merged = {**SMALL, **STILL, "village.volunteers": 0, "public.fatigue": 0.1, "public.fatigue_retention": 0.5}
    levers = [{"kind": "volunteer_team", **{k: v for k, v in one.items() if v is not None}} for one in (lever, again)]
    everyone = {"who": {"group": "everyone", "count": 200}}
    levers = [{**one, **everyone} for one in levers]
    simulation = Simulation(load_scenario("baseline", [merged, {"interventions": levers}]), 3, 0, 21)
    simulation.advance(21)
    seconds = simulation.counts[:, 0, VOLUNTEER_SECONDS] / (200 * 4 * 3600)
    assert np.allclose(seconds[:10], 0.9 ** np.arange(10), atol=1e-3)
    assert not seconds[10:20].any()
    assert seconds[20] == pytest.approx(1 - (1 - 0.9**10) * 0.5**10, abs=1e-3)
    assert simulation.counts[15, 0, VOLUNTEERS] == 0


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_time_goes_to_calls_and_public_plots(share: float) -> None:
    """A call takes the hands it offers (1 hour) from the time that isn't for plots; the rest is carried over."""
    simulation = helping(30, public__cleanup_share=share, public__fatigue=0.0, public__hands_per_call=1.0)
    simulation.advance(30)
    calls, plots = simulation.counts[:, 0, CALLS].sum(), simulation.counts[:, 0, PLOT_SECONDS].sum()
    assert plots <= share * simulation.counts[:, 0, VOLUNTEER_SECONDS].sum() + 1e-6
    own_door = 2 * 5  # a round of 200 may pass the own door
    assert 5 * (30 * 3 * (1 - share) - 1) - own_door <= calls <= 5 * 30 * 3 * (1 - share)
    assert (plots > 0) == (share > 0)


def test_calls_go_from_door_to_door() -> None:
    """One volunteer: the households called at are those behind the own, in turn."""
    calls = {"public__cleanup_share": 0.0, "public__fatigue": 0.0}
    simulation = helping(5, village__volunteers=1, village__volunteer_hours=8.0, **calls)
    state = simulation.state
    own = int(np.flatnonzero(state.column("roles") & c.STANDING)[0])
    state.column("rung")[:] = 1
    state.column("clutter")[:] = 100.0
    simulation.advance()
    helped = np.flatnonzero(state.column("passivity") > 0)
    assert sorted(helped) == sorted((own + 1 + np.arange(8)) % 200)


def test_one_more_volunteer_changes_no_other_s_round() -> None:
    """Who is called at in a week by six is who is called at by five, and by the sixth: offers are counted, not lost.

    Told by persuasion: volunteers speak at every door, stocks start at 0, and repeats count in full.
    """
    stocks, owners = [], []
    even = {"household__repeat": 1.0, "household__trust_spread": 0.0, "household__authority": 0.0,
            "household__own_yard": 0.0, "household__persuasion_cap": 50.0}  # fmt: skip
    for count in (5, 6):
        simulation = helping(6, {"who": {"group": "local", "count": count}}, village__volunteers=0, **even)
        simulation.advance(6)
        stocks.append(simulation.state.column("persuasion").copy())
        owners.append(simulation.state.column("roles") & c.VOLUNTEER)
    assert (owners[0] > 0).sum() == 5
    assert (owners[1] > 0).sum() == 6
    assert (owners[0] <= owners[1]).all()
    more = stocks[1] - stocks[0]
    assert (more > -1e-12).all()
    assert 0 < (more > 1e-9).sum() <= 12


def test_hands_help_only_who_clears() -> None:
    """Offers to households that only watch do nothing; help hours appear once they work, and are no more than offered."""
    idle = helping(10)
    idle.state.column("clutter")[:] = 50.0
    idle.advance(10)
    assert idle.counts[:, 0, CALLS].sum() > 0
    assert not idle.counts[:, 0, HELP_SECONDS].any()
    busy = helping(10)
    busy.state.column("rung")[:] = 1
    busy.state.column("clutter")[:] = 50.0
    busy.advance(10)
    assert (
        0
        < busy.counts[:, 0, HELP_SECONDS].sum()
        <= 3600 * busy.counts[:, 0, CALLS].sum() * busy.scenario.public.hands_per_call
    )


def test_volunteers_clean_public_plots_in_turn() -> None:
    """All time on plots: hours used raise cleanliness by hours / plot_hours, neglect aside; exact to a second a week."""
    values = {
        "public__cleanup_share": 1.0,
        "public__plot_drift": 0.0,
        "public__plot_hours": 10.0,
        "public__fatigue": 0.0,
    }
    simulation = helping(4, **values)
    before = simulation.state.public_f64[c.PUBLIC_CLEANLINESS].sum()
    simulation.advance(2)
    gained = simulation.state.public_f64[c.PUBLIC_CLEANLINESS].sum() - before
    assert gained * 10 * 3600 == pytest.approx(simulation.counts[:2, 0, PLOT_SECONDS].sum(), abs=4)
    assert simulation.counts[:2, 0, PLOT_SECONDS].sum() == 2 * 5 * 3 * 3600
    assert np.sort(np.unique(simulation.state.public_f64[c.PUBLIC_CLEANLINESS]))[-1] == 1.0


# joining and leaving -------------------------------------------------------------------------------------------------

READY = {"village__households": 2000, "village__willing_share": 0.5, "public__fatigue": 0.0}


def joined(simulation: Simulation) -> Any:
    """Return who has joined by itself, and who is willing, shape (households,)."""
    team, everybody = simulation.state.team_i32, np.zeros((2, simulation.state.households), bool)
    everybody[0, team[c.TEAM_HOUSEHOLD, team[c.TEAM_STATUS] == c.JOINED]] = True
    everybody[1, team[c.TEAM_HOUSEHOLD, team[c.TEAM_STATUS] != c.BY_LEVER]] = True
    return everybody


@pytest.mark.parametrize(("rate", "recruitment"), [(0.03, 0.0), (0.03, 1.5), (0.2, -1.0), (1.0, 0.0), (0.0, 5.0)])
def test_the_willing_on_the_top_rung_join_at_the_stated_rate(rate: float, recruitment: float) -> None:
    """1 - (1 - p)**8 of some 500 after 8 weeks, p = rate * (1 + recruitment): 4.5 standard errors; nobody else joins.

    Power above 99 % against 1.8 times p where p is 0.03.
    """
    simulation = under(values(recruitment=recruitment), **READY, public__join_rate=rate, weeks=8)
    simulation.state.column("rung")[::2] = 3
    simulation.state.column("rung")[1::2] = 2
    simulation.advance(8)
    found, willing = joined(simulation)
    able = willing & (np.arange(2000) % 2 == 0)
    assert not found[~able].any()
    p = 1 - (1 - min(1.0, rate * (1 + recruitment))) ** 8
    n = int(able.sum())
    assert 400 < n < 600
    assert abs(found.sum() - n * p) <= 4.5 * np.sqrt(n * p * (1 - p))
    stronger = 1 - (1 - 0.054) ** 8
    assert p != 1 - 0.97**8 or binom.sf(n * p + 4.5 * np.sqrt(n * p * (1 - p)), n, stronger) > 0.99
    assert simulation.counts[:, 0, JOINED_TEAM].sum() == found.sum()
    assert not simulation.counts[:, 0, LEFT_TEAM].any()
    assert np.array_equal((simulation.state.column("roles") & c.VOLUNTEER) > 0, found)
    assert simulation.counts[-1, 0, VOLUNTEERS] == found.sum()


def test_who_joins_first_joins_first_under_a_greater_rate_too() -> None:
    """Common random numbers: recruitment adds who joins in a week and takes nobody away."""
    few, many = (under(values(recruitment=x), **READY, public__join_rate=0.02, weeks=6) for x in (0.0, 2.0))
    for simulation in (few, many):
        simulation.state.column("rung")[:] = 3
    for _ in range(6):
        few.advance(1)
        many.advance(1)
        assert (joined(few)[0] <= joined(many)[0]).all()


@pytest.mark.parametrize("fatigue", [0.0, 0.1])
def test_who_no_longer_takes_part_leaves_at_once_and_is_no_volunteer_any_more(fatigue: float) -> None:
    """All join; the half that falls below helping leaves in the next week, in record, role and time, tired or not."""
    settings = {**READY, "public__fatigue": fatigue, "public__leave_rate": 0.0, "public__join_rate": 1.0}
    simulation = under(**settings, weeks=4)
    rung = simulation.state.column("rung")
    rung[:] = 3
    simulation.advance(2)
    everybody = joined(simulation)[0]
    assert np.array_equal(*joined(simulation))
    rung[::2], rung[1::2] = 1, 2
    simulation.advance(1)
    stayed = everybody & (rung == 2)
    assert np.array_equal(joined(simulation)[0], stayed)
    assert simulation.counts[2, 0, LEFT_TEAM] == everybody.sum() - stayed.sum()
    assert simulation.counts[2, 0, VOLUNTEERS] == stayed.sum()
    assert np.array_equal((simulation.state.column("roles") & c.VOLUNTEER) > 0, stayed)


@pytest.mark.parametrize("leave", [0.0, 0.1, 1.0])
def test_the_exhausted_leave_at_the_stated_rate(leave: float) -> None:
    """Everybody willing joins and is exhausted after a week; of some 1000, leave_rate of them leave in the next: binomial,
    4.5 standard errors. Half as tired, half as many."""
    for fatigue in (1.0, 0.5):
        more = {"public__fatigue": fatigue, "public__leave_rate": leave, "public__join_rate": 1.0}
        simulation = under(**{**READY, **more}, weeks=2)
        simulation.state.column("rung")[:] = 3
        simulation.advance(1)
        n = int(joined(simulation)[0].sum())
        assert not simulation.counts[0, 0, LEFT_TEAM]
        simulation.state.column("rung")[:] = 2  # so that nobody joins again
        simulation.advance(1)
        p = leave * fatigue
        assert abs(simulation.counts[1, 0, LEFT_TEAM] - n * p) <= 4.5 * np.sqrt(n * p * (1 - p))


def test_a_lever_s_volunteers_neither_join_nor_leave() -> None:
    """A team that a lever recruits serves its time whatever its rungs; nobody willing, nobody joins."""
    who = Who(group="local", count=30)
    simulation = under(told(Effect("volunteer_time", 2.0, who)), village__willing_share=0.0, public__join_rate=1.0,
                       public__leave_rate=1.0, public__fatigue=0.5)  # fmt: skip
    simulation.state.column("rung")[::2] = 3
    simulation.advance(10)
    assert (simulation.counts[:10, 0, VOLUNTEERS] == 30).all()
    assert not simulation.counts[:, 0, [JOINED_TEAM, LEFT_TEAM]].any()
