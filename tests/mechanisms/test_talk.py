"""Talk: by the self-initiated only, once a week at most each, evenly among ties and plots in sight."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from calling import from_python
from quiet import QUIET
from scipy.stats import chi2, ncx2

from sim.engine.mechanisms.talk import TALKS
from sim.engine.simulation import Simulation
from sim.engine.world import columns as c
from sim.numerics import draws
from sim.scenario import load_scenario

phase_key, uniform = from_python(draws.phase_key), from_python(draws.uniform)
SMALL = {**QUIET, "village.households": 200, "village.party_members": 16, "village.volunteers": 0}
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
    """A speaker talks in each of 800 weeks, to one of at most 24 plots and the most ties that a household has: to
    miss any of 200 listeners has odds below 1e-4; who has no speaker in reach is never told: exact."""
    weeks = 800
    simulation = talking(speakers, weeks)
    assert 200 * (1 - 1 / (simulation.state.column("ties").max() + 24)) ** weeks < 1e-4
    simulation.advance(weeks)
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


def partner(simulation: Simulation, speaker: int, number: int) -> int:
    """Return whom a speaker talks to: first come the ties, then the 24 plots in sight by row; -1 where nobody lives."""
    state = simulation.state
    ties = state.tie[state.tie_first[speaker] : state.tie_first[speaker + 1]]
    if number < ties.size:
        return int(ties[number])
    rows, columns = (int(state.village_i64[row, 0]) for row in (c.PLAN_ROWS, c.PLAN_COLUMNS))
    row, column = divmod(int(state.column("plot")[speaker]), columns)
    seen = [(row + r, column + k) for r in range(-2, 3) for k in range(-2, 3) if (r, k) != (0, 0)]
    r, k = seen[number - ties.size]
    return max(-1, int(state.plan[r * columns + k])) if 0 <= r < rows and 0 <= k < columns else -1


@pytest.mark.parametrize("repeat", [1.0, 0.25])
def test_every_talk_is_the_speaker_s_with_the_speaker_s_own_draw(repeat: float) -> None:
    """A twin in Python foretells every talk of 40 weeks: one draw says whether a speaker talks, and to whom.

    Each talk adds its gain; those to one listener within half a year, in one week too, count as repeats. Persuasion to
    rounding of its sums, numbers and weeks exact.
    """
    speakers, talk = list(range(0, 200, 2)), 0.7
    simulation = talking(speakers, 40, talk, **{"household.repeat": repeat})
    state = simulation.state
    stock, last, twice = np.zeros(200), np.full(200, c.NEVER), 0
    for week in range(40):
        key = phase_key(*draws.village_key(4, 0, "village"), week, draws.TALK)
        talks = 0
        for speaker in speakers:
            u = uniform(key, speaker, 0)
            if u >= talk:
                continue
            listener = partner(simulation, speaker, int(u / talk * (state.column("ties")[speaker] + 24)))
            if listener >= 0 and listener not in speakers:
                stock[listener] += GAIN * (repeat if week - last[listener] <= 26 else 1.0)
                twice += last[listener] == week
                last[listener] = week
                talks += 1
        simulation.advance()
        assert simulation.counts[week, 0, TALKS] == talks <= len(speakers)
        assert np.array_equal(state.column("last_by_talk"), last)
        assert np.allclose(state.column("persuasion"), stock, rtol=1e-12, atol=1e-15)
    assert twice > 20


def ways(simulation: Simulation, speaker: int) -> tuple[np.ndarray[Any, Any], int]:
    """Return in how many ways a speaker can pick each household, and the ways in all, by brute force."""
    state = simulation.state
    columns = int(state.village_i64[c.PLAN_COLUMNS, 0])
    place = np.stack([state.column("plot") // columns, state.column("plot") % columns])
    near = np.abs(place - place[:, [speaker]]).max(axis=0) <= 2
    near[speaker] = False
    tied = np.isin(np.arange(state.households), state.tie[state.tie_first[speaker] : state.tie_first[speaker + 1]])
    return near + tied.astype(int), int(tied.sum()) + 24


@pytest.mark.parametrize("speaker", [0, 17, 110])
def test_a_speaker_picks_evenly_among_ties_and_plots_in_sight(speaker: int) -> None:
    """Who is told in 20,000 weeks with a talk in each, chi-square over listeners and nobody, level 1e-4.

    Power above 99 % against ties picked a quarter more often than plots, computed below.
    """
    weeks = 20_000
    simulation = talking([speaker], weeks, **{"village.ties.local": 5, "village.ties.newcomer": 5})
    state = simulation.state
    even, total = ways(simulation, speaker)
    uneven = even.astype(float)
    uneven[state.tie[state.tie_first[speaker] : state.tie_first[speaker + 1]]] += 0.25
    nobody = total - even.sum()
    kept = np.append(even, nobody) > 0
    law, other = (np.append(x, nobody)[kept] / (x.sum() + nobody) for x in (even, uneven))
    limit = chi2.isf(1e-4, kept.sum() - 1)
    assert ncx2.sf(limit, kept.sum() - 1, weeks * ((other - law) ** 2 / law).sum()) > 0.99
    told = np.zeros(200)
    for week in range(weeks):
        simulation.advance()
        told += state.column("last_by_talk") == week
    found = np.append(told, weeks - told.sum())
    assert not found[~kept].any()
    assert ((found[kept] - weeks * law) ** 2 / (weeks * law)).sum() < limit


def test_how_often_people_talk() -> None:
    """Talks of one week in 2.5 reach somebody who listens in (ties + yards in sight that listen) of (ties + 24) cases.

    Every other household speaks, and those don't listen. The expected number over 2,000 weeks is a sum of probabilities;
    within 4.5 standard errors. Power above 99 % against a talk probability 5 % off: that is more than 7 of them.
    """
    speakers = list(range(0, 200, 2))
    talk, weeks = 0.4, 2000
    simulation = talking(speakers, weeks, talk)
    picks = [ways(simulation, speaker) for speaker in speakers]
    p = np.array([talk * way[1::2].sum() / total for way, total in picks])
    simulation.advance(weeks)
    expected, error = weeks * p.sum(), np.sqrt(weeks * (p * (1 - p)).sum())
    assert 0.05 * expected / error > 7
    assert abs(simulation.counts[:, 0, TALKS].sum() - expected) < 4.5 * error


def test_one_more_speaker_changes_no_other_s_talks() -> None:
    """Common random numbers: each speaker has a draw of its own, so a further one only adds its own talks."""
    both, alone, one = talking([17, 90], 40), talking([17], 40), talking([90], 40)
    for simulation in (both, alone, one):
        simulation.advance(40)
    listens = np.ones(200, np.bool_)
    listens[[17, 90]] = False
    stocks = [simulation.state.column("persuasion")[listens] for simulation in (both, alone, one)]
    assert np.allclose(stocks[0], stocks[1] + stocks[2], rtol=1e-12)
    assert all(stock.any() for stock in stocks)


def test_without_a_speaker_or_with_talk_0_nobody_talks() -> None:
    for speakers, talk in (([], 1.0), (list(range(100)), 0.0)):
        simulation = talking(speakers, 20, talk)
        simulation.advance(20)
        assert not simulation.counts[:, 0, TALKS].any()
        assert not simulation.state.column("persuasion").any()


def test_helping_is_not_speaking() -> None:
    """Only the top rung persuades."""
    simulation = talking([], 20)
    put_rungs(simulation.state, 2)
    simulation.advance(20)
    assert not simulation.counts[:, 0, TALKS].any()


def test_speakers_are_not_persuaded() -> None:
    simulation = talking(list(range(200)), 20)
    simulation.advance(20)
    assert not simulation.counts[:, 0, TALKS].any()
