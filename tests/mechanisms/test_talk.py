"""Talk: with a self-initiated tie or neighbour only, once a week at most, and for as long as there is one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.scenario import load_scenario
from sim.simulation import Simulation
from sim.world import columns as c

SMALL = {"village.households": 200, "village.party_members": 16, "village.volunteers": 0}
STILL = {
    "household.climb_rate": 0.0, "household.slip_rate": 0.0, "household.persuasion_retention": 1.0,
    "household.persuasion_cap": 50.0, "household.persuasion": 1.0, "household.talk_weight": 0.5, "household.repeat": 1.0,
    "household.own_yard": 0.0, "household.authority": 0.0, "household.trust_start": 0.3, "household.trust_spread": 0.0,
}  # fmt: skip
GAIN = 1.0 * 0.5 * 0.8


def put_rungs(state: c.State, rungs: Any) -> None:
    """Set the rungs of all households, and the village's counts by rung that go with them."""
    state.column("rung")[:] = rungs
    cells = 8 * (state.column("roles") & 3) + 2 * state.column("rung") + state.column("clean")
    state.village_i64[c.CELL : c.CELL + c.CELLS, 0] = np.bincount(cells, minlength=c.CELLS)


def talking(speakers: list[int], weeks: int, talk: float = 1.0, seed: int = 4, **values: Any) -> Simulation:
    scenario = load_scenario("baseline", {**SMALL, **STILL, "household.talk": talk, **values})
    simulation = Simulation(scenario, seed, 0, weeks)
    put_rungs(simulation.state, np.isin(np.arange(scenario.villages[0].households), speakers) * np.uint8(3))
    return simulation


def in_reach(simulation: Simulation, speakers: list[int]) -> np.ndarray[Any, Any]:
    """Return who has a speaker as a tie or in sight, by brute force."""
    state = simulation.state
    columns = int(state.village_i64[c.PLAN_COLUMNS, 0])
    row, column = state.column("plot") // columns, state.column("plot") % columns
    sight = simulation.scenario.villages[0].plan.sight
    found = np.zeros(state.households, np.bool_)
    for s in speakers:
        found |= np.maximum(np.abs(row - row[s]), np.abs(column - column[s])) <= sight
        found[state.tie[state.tie_first[s] : state.tie_first[s + 1]]] = True
    found[speakers] = False
    return found


@pytest.mark.parametrize("speakers", [[17], [0, 199], list(range(0, 200, 7)), list(range(100))])
def test_whoever_has_a_speaker_in_reach_is_told_in_time_and_nobody_else_ever(speakers: list[int]) -> None:
    """With a talk in each of 600 weeks a speaker who is one of some 34 possible partners is missed with odds of
    (1 - 1/34)**600, 2e-8, for each of up to 200 listeners; who has none in reach is never told: exact."""
    simulation = talking(speakers, 600)
    simulation.advance(600)
    told = simulation.state.column("last_by_talk") != c.NEVER
    assert np.array_equal(told, in_reach(simulation, speakers))


@pytest.mark.parametrize("speakers", [[17, 90], list(range(0, 200, 3))])
def test_cluttered_speakers_are_found_like_clean_ones(speakers: list[int]) -> None:
    """What counts is the rung: talks of the first week are the same whether anybody's yard is clean or not."""
    told = []
    for start in (0.0, 20.0):
        values = {"household.clutter_start": start, "household.tidy_members": 0.0}
        simulation = talking(speakers, 1, **values)
        simulation.advance()
        told.append(simulation.state.column("last_by_talk").copy())
    assert (told[0] == 0).any()
    assert np.array_equal(told[0], told[1])


def test_a_household_talks_once_a_week_at_most_and_each_talk_adds_its_gain() -> None:
    """Each week some are told once: persuasion grows by the gain or stays, and talks are as many as grew. Exact."""
    simulation = talking(list(range(0, 200, 2)), 30)
    before = simulation.state.column("persuasion").copy()
    for week in range(30):
        simulation.advance()
        grown = simulation.state.column("persuasion") - before
        assert (np.isclose(grown, 0, atol=1e-12) | np.isclose(grown, GAIN, rtol=1e-9)).all()
        assert simulation.counts[week, 0, 46] == (grown > GAIN / 2).sum() > 0
        before = simulation.state.column("persuasion").copy()


def test_how_often_people_talk() -> None:
    """All but one in 50 speak; a listener meets a speaker in (ties + yards in sight that speak) of (ties + 24) cases.

    The expected number over 2,000 weeks is a sum of probabilities; within 4.5 binomial standard errors. Power above
    99 % against a talk probability 15 % off: that is more than 7 standard errors.
    """
    speakers = [i for i in range(200) if i % 50]
    talk, weeks = 0.4, 2000
    simulation = talking(speakers, weeks, talk)
    state = simulation.state
    ties = state.column("ties").astype(float)
    listeners = [i for i in range(200) if i % 50 == 0]
    chance = []
    for i in listeners:
        mine = state.tie[state.tie_first[i] : state.tie_first[i + 1]]
        others = [j for j in listeners if j != i]
        columns = int(state.village_i64[c.PLAN_COLUMNS, 0])
        place = np.stack([state.column("plot") // columns, state.column("plot") % columns])
        near = np.abs(place - place[:, [i]]).max(axis=0) <= 2
        speaking = np.isin(mine, speakers).sum() + state.column("neighbours")[i] - near[others].sum()
        chance.append(talk * speaking / (ties[i] + 24))
    simulation.advance(weeks)
    p = np.array(chance)
    expected, error = weeks * p.sum(), np.sqrt(weeks * (p * (1 - p)).sum())
    assert 0.15 * expected / error > 7
    assert abs(simulation.counts[:, 0, 46].sum() - expected) < 4.5 * error


def test_without_a_speaker_or_with_talk_0_nobody_talks() -> None:
    for speakers, talk in (([], 1.0), (list(range(100)), 0.0)):
        simulation = talking(speakers, 20, talk)
        simulation.advance(20)
        assert not simulation.counts[:, 0, 46].any()
        assert not simulation.state.column("persuasion").any()


def test_helping_is_not_speaking() -> None:
    """Only the top rung persuades."""
    simulation = talking([], 20)
    put_rungs(simulation.state, 2)
    simulation.advance(20)
    assert not simulation.counts[:, 0, 46].any()


def test_speakers_are_not_persuaded() -> None:
    simulation = talking(list(range(200)), 20)
    simulation.advance(20)
    assert not simulation.counts[:, 0, 46].any()
