"""Volunteering: time, calls, hands, fatigue, public plots; one volunteer more changes no other's round."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.scenario import load_scenario
from sim.simulation import Simulation
from sim.world import columns as c

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
    assert (simulation.counts[:, 0, 51] <= expected + 1e-6).all()
    assert (simulation.counts[:, 0, 51] > expected - 5).all()
    assert (simulation.counts[:, 0, 48] == 5).all()


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
    seconds = simulation.counts[:, 0, 51] / (200 * 4 * 3600)
    assert np.allclose(seconds[:10], 0.9 ** np.arange(10), atol=1e-3)
    assert not seconds[10:20].any()
    assert seconds[20] == pytest.approx(1 - (1 - 0.9**10) * 0.5**10, abs=1e-3)
    assert simulation.counts[15, 0, 48] == 0


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_time_goes_to_calls_and_public_plots(share: float) -> None:
    """A call takes the hands it offers (1 hour) from the time that isn't for plots; the rest is carried over."""
    simulation = helping(30, public__cleanup_share=share, public__fatigue=0.0, public__hands_per_call=1.0)
    simulation.advance(30)
    calls, plots = simulation.counts[:, 0, 47].sum(), simulation.counts[:, 0, 52].sum()
    assert plots <= share * simulation.counts[:, 0, 51].sum() + 1e-6
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
    assert idle.counts[:, 0, 47].sum() > 0
    assert not idle.counts[:, 0, 53].any()
    busy = helping(10)
    busy.state.column("rung")[:] = 1
    busy.state.column("clutter")[:] = 50.0
    busy.advance(10)
    assert 0 < busy.counts[:, 0, 53].sum() <= 3600 * busy.counts[:, 0, 47].sum() * busy.scenario.public.hands_per_call


def test_volunteers_clean_public_plots_in_turn() -> None:
    """All time on plots: hours used raise cleanliness by hours / plot_hours, neglect aside; exact to a second a week."""
    values = {
        "public__cleanup_share": 1.0,
        "public__plot_drift": 0.0,
        "public__plot_hours": 10.0,
        "public__fatigue": 0.0,
    }
    simulation = helping(4, **values)
    before = simulation.state.public_f64.sum()
    simulation.advance(2)
    gained = simulation.state.public_f64.sum() - before
    assert gained * 10 * 3600 == pytest.approx(simulation.counts[:2, 0, 52].sum(), abs=4)
    assert simulation.counts[:2, 0, 52].sum() == 2 * 5 * 3 * 3600
    assert np.sort(np.unique(simulation.state.public_f64))[-1] == 1.0
