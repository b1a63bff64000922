"""The replay of a run: what it packs is what the run's tables say."""

from __future__ import annotations

import base64
import json
import zlib
from functools import cache

import numpy as np

from sim.engine.outcomes import GROUPS
from sim.engine.scores import SHOWN, score_parts
from sim.engine.simulation import Simulation
from sim.engine.world import columns as c
from sim.runs.replay import BY_CALLER, BY_MEMBER, LEVELS, PART_STEP, Replay, packed, replay
from sim.runs.single import RunResult, run
from sim.scenario import load_scenario

NAME = "veteran_role_model_and_donation"


@cache
def film() -> Replay:
    return replay(load_scenario(NAME), 3, 5, explained=(25, 103))


@cache
def result() -> RunResult:
    return run(NAME, 3, 5)


def of_all(outcome: str) -> np.ndarray:
    return np.asarray(result().columns[outcome])[:: len(GROUPS)]


def unpacked(text: str, kind: type = np.uint8) -> np.ndarray:
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), kind)


def test_shares_of_every_week_are_those_of_the_table() -> None:
    for number, name in enumerate(c.RUNGS):
        assert (np.mean(film().rungs == number, axis=1) == of_all(name)).all()
    assert (np.mean(film().rungs >= c.HELPING, axis=1) == of_all("adopted")).all()
    assert (np.mean(film().clean == 1, axis=1) == of_all("clean")).all()


def test_visits_of_every_week_are_those_of_the_table() -> None:
    assert ((film().visits & BY_MEMBER > 0).sum(axis=1) == of_all("visits")).all()


def test_visits_by_other_callers_are_shown_too() -> None:
    team = load_scenario("volunteer_team")
    called = (replay(team, 3, 5).visits & BY_CALLER > 0).sum(axis=1)
    calls = np.asarray(run(team, 3, 5).columns["calls"])[:: len(GROUPS)]
    assert called.any() and (called <= calls).all() and (called[calls > 0] > 0).all()


def test_climbs_are_those_of_the_table_by_the_term_that_tipped_them() -> None:
    climbs = film().climbs()
    for number, name in enumerate(packed(film())["terms"]):
        assert ((climbs & (film().tipped_by == number)).sum(axis=1) == of_all(f"climbs_{name}")).all()


def test_public_plots_and_sums_are_those_of_the_tables() -> None:
    mean = film().public_level.mean(axis=1) / LEVELS
    assert np.abs(mean - of_all("public_cleanliness")).max() <= 0.5 / LEVELS
    assert film().flows["yuan"][-1] == result().totals["yuan"]
    assert np.isclose(film().flows["hours"][-1], result().totals["hours"], rtol=1e-12)


def test_the_parts_of_a_score_are_those_of_the_state() -> None:
    simulation = Simulation(load_scenario(NAME), 3, 5)
    simulation.advance(26)
    parts = score_parts(simulation)
    state, p = simulation.state, simulation.parameters
    by_name = dict(zip(SHOWN, parts, strict=True))
    assert (by_name["predisposition"] == state.f64[c.PREDISPOSITION]).all()
    assert np.allclose(by_name["trust"], p.trust * (state.f64[c.TRUST] - 0.5), rtol=1e-12)
    assert np.allclose(by_name["effort"], -0.1 * p.effort * state.f64[c.CLUTTER], rtol=1e-12)
    assert (by_name["persuasion"] == state.f64[c.PERSUASION]).all() and by_name["persuasion"].any()
    assert np.allclose(
        by_name["neighbours"], p.neighbours * state.u8[c.CLEAN_NEIGHBOURS] * state.f64[c.PER_NEIGHBOUR], rtol=1e-12
    )
    assert np.abs(film().parts[0] * PART_STEP - parts).max() <= PART_STEP / 2 + 1e-9


def test_looking_at_scores_changes_nothing() -> None:
    plain = replay(load_scenario(NAME), 3, 5)
    assert (plain.rungs == film().rungs).all() and (plain.tipped_by == film().tipped_by).all()
    simulation = Simulation(load_scenario(NAME), 3, 5)
    simulation.advance(10)
    before, counts = simulation.state.copy(), simulation.counts.copy()
    score_parts(simulation)
    assert all((a == b).all() for a, b in zip(before, simulation.state, strict=True))
    assert (counts == simulation.counts).all()


def test_a_packed_replay_unpacks_to_what_it_was_and_is_small() -> None:
    data = json.loads(json.dumps(packed(film())))
    weeks, households = film().rungs.shape
    frames = np.cumsum(unpacked(data["frames"]).reshape(households, weeks), axis=1, dtype=np.uint8).T
    assert (frames & 3 == film().rungs).all() and (frames >> 2 == film().clean).all()
    assert (np.cumsum(unpacked(data["plan"], np.int32)) == film().plan).all()
    assert (unpacked(data["tips"]) == film().tipped_by.T[film().climbs().T]).all()
    without_scores = len(json.dumps(data)) - len(data["parts"]["data"])
    assert without_scores < 24_000 and len(data["parts"]["data"]) < 16_000


def test_villages_of_a_town_can_be_chosen() -> None:
    town = load_scenario("town")
    whole = replay(town, 0, 0, weeks=3)
    some = replay(town, 0, 0, weeks=3, villages=(2, 5))
    first = sum(whole.households[:2])
    assert some.names == (whole.names[2], whole.names[5])
    assert (some.rungs[:, : some.households[0]] == whole.rungs[:, first : first + whole.households[2]]).all()
    assert sorted(some.plan[some.plan >= 0]) == list(range(sum(some.households)))
    assert sorted(-2 - some.plan[some.plan <= -2]) == list(range(sum(some.public_plots)))
