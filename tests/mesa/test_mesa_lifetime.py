"""Models are copied, pickled and checkpointed mid-run and go on to the same bytes, and many of them take no memory."""

from __future__ import annotations

import copy
import functools
import gc
import hashlib
import json
import multiprocessing
import operator
import pickle
import sys
import tracemalloc
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest

from sim.base.errors import InputError
from sim.engine.simulation import Simulation
from sim.mesa_view import lifetime
from sim.mesa_view.model import MobilizationModel, PartyMember, Volunteer
from sim.scenario import load_scenario

SMALL = {"village.households": 120, "village.party_members": 10, "village.volunteers": 4, "village.willing_share": 0.5,
         "household.predisposition": 0.0, "public.join_rate": 0.5}  # fmt: skip
WEEKS, HALF = 14, 6


def stir(model: MobilizationModel) -> None:
    """A mechanism that hangs on all that a copy must hold: Mesa's two generators, the model's draws, agents' classes."""
    model.agents.select(lambda agent: agent.rung < 2).shuffle(inplace=True).select(at_most=2).set("trust", 1.0)
    volunteers = [*model.agents_by_type.get(Volunteer, [])]
    volunteers[int(model.rng.integers(len(volunteers)))].trust = 0.0
    for agent in model.agents_by_type[PartyMember]:
        if model.uniform(agent, "stir") < 0.3:
            agent.persuasion = 1.0


class Watched(MobilizationModel):
    """With an attribute of its own, which a copy must hold, too."""

    def __init__(self, scenario: str = "campaign", **arguments: Any) -> None:
        super().__init__(scenario, **{"seed": 2, "weeks": WEEKS, "overrides": SMALL, **arguments})
        self.seen: list[int] = []

    def step(self) -> None:
        super().step()
        self.seen.append(self.week)


def content(model: MobilizationModel) -> list[bytes]:
    simulation, weeks = model.simulation, model.week
    return [array.tobytes() for array in (*simulation.state, simulation.counts[:weeks], simulation.totals[:weeks])]


def half(**arguments: Any) -> Watched:
    model = Watched(mechanisms=[stir], **arguments)
    for _ in range(HALF):
        model.step()
    return model


@pytest.fixture(scope="module")
def whole() -> list[bytes]:
    model = Watched(mechanisms=[stir])
    model.run_model()
    assert model.seen == list(range(1, WEEKS + 1))
    return content(model)


@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_a_copy_and_its_model_go_on_to_the_same_bytes(way: Any, whole: list[bytes]) -> None:
    first = half()
    list(first.residents[0].cell.neighborhood)  # grids that were used can't be pickled by Mesa 3.3
    second = way(first)
    assert type(second) is Watched
    assert second.agents is not first.agents
    for model in (second, first):
        assert (model.week, model.running, model.steps, model.seen) == (HALF, True, HALF, list(range(1, HALF + 1)))
        model.run_model()
        assert content(model) == whole
        assert model.seen == list(range(1, WEEKS + 1))
    assert {type(a) for a in second.agents} == {type(a) for a in first.agents}
    assert [type(a) for a in second.residents] == [type(a) for a in first.residents]


def go_on(model: MobilizationModel) -> list[bytes]:
    model.run_model()
    return content(model)


def test_a_model_goes_on_in_a_process_of_its_own(whole: list[bytes]) -> None:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert pool.submit(go_on, half()).result() == whole


def test_a_checkpoint_goes_on_to_the_same_bytes(whole: list[bytes], tmp_path: Path) -> None:
    half().save_checkpoint(tmp_path / "half")
    model = Watched(mechanisms=[stir])
    model.load_checkpoint(tmp_path / "half")
    assert (model.week, model.steps, model.running) == (HALF, HALF, True)
    model.run_model()
    assert content(model) == whole


def test_going_back_leaves_agents_and_their_views_true(whole: list[bytes], tmp_path: Path) -> None:
    model = half()
    model.save_checkpoint(tmp_path / "half")
    before, agent = content(model), model.residents[5]
    model.run_model()
    assert not model.running
    model.load_checkpoint(tmp_path / "half")
    assert model.running
    assert content(model) == before
    assert model.residents[5] is agent
    assert agent.trust == model.simulation.state.column("trust")[5]
    model.run_model()
    assert content(model) == whole


def test_the_collector_of_a_model_that_went_back_follows_the_record(tmp_path: Path) -> None:
    model = Watched()
    assert model.datacollector is not None
    for _ in range(HALF):
        model.step()
    model.save_checkpoint(tmp_path / "half")
    model.run_model()
    expected = model.datacollector.get_model_vars_dataframe()
    model.load_checkpoint(tmp_path / "half")
    assert len(model.datacollector.get_model_vars_dataframe()) == HALF
    model.run_model()
    pd.testing.assert_frame_equal(model.datacollector.get_model_vars_dataframe(), expected, check_exact=True)


def test_a_pickle_holds_what_a_collector_has_of_agents() -> None:
    first = half(agent_reporters={"rung": "rung"})
    second = pickle.loads(pickle.dumps(first))
    tables = []
    for model in (first, second):
        model.run_model()
        tables.append(model.datacollector.get_agent_vars_dataframe())
    assert len(tables[0]) == 120 * WEEKS
    pd.testing.assert_frame_equal(*tables, check_exact=True)


def test_what_a_copy_or_checkpoint_can_t_hold_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="contain a collector of agents"):
        half(agent_reporters={"rung": "rung"}).save_checkpoint(tmp_path / "x")
    model = half()
    model.datacollector = mesa.DataCollector(model_reporters={"week": "week"})
    with pytest.raises(ValueError, match="or one of your own; pickle the model"):
        model.save_checkpoint(tmp_path / "x")
    model = half()
    mesa.Agent(model)
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy, lambda m: m.save_checkpoint(tmp_path / "x")):
        with pytest.raises(TypeError, match=r"agents of your own \(Agent\)"):
            attempt(model)
    with pytest.raises(TypeError, match="is a view of its model's columns: pickle or copy the model"):
        pickle.dumps(half().residents[0])
    assert not list(tmp_path.iterdir())


def test_a_checkpoint_of_another_model_is_refused(tmp_path: Path) -> None:
    half().save_checkpoint(tmp_path / "half")
    other = Watched(seed=3)
    with pytest.raises(InputError, match="another seed: 2, not 3"):
        other.load_checkpoint(tmp_path / "half")
    assert other.week == 0


WRONG = {
    "no generator": {"luck": {}},
    "another generator": {"luck.rng.bit_generator": "MT19937"},
    "a generator out of range": {"luck.rng.state": {"state": -1, "inc": 2**200}},
    "too few numbers": {"luck.random": [3, [1, 2], None]},
    "a place outside them": {"luck.random": [3, [0] * 624 + [9_999], None]},
    "text for a counter": {"luck.steps": "many"},
    "kinds of other agents": {"kinds": [99] * 120},
    "too few kinds": {"kinds": [0]},
    "no kinds": {"kinds": 7},
}


@pytest.mark.parametrize("case", WRONG)
def test_a_crafted_state_of_mesa_is_refused_and_changes_nothing(case: str, tmp_path: Path) -> None:
    """With a checksum that fits, as a stranger might send it."""
    path = tmp_path / "half"
    half().save_checkpoint(path)
    first, _, line, packed = path.read_bytes().split(b"\n", 3)
    head = json.loads(line)
    for key, value in WRONG[case].items():
        *way, last = key.split(".")
        functools.reduce(operator.getitem, way, head["more"])[last] = value
    rest = json.dumps(head).encode() + b"\n" + packed
    path.write_bytes(first + b"\n" + hashlib.sha256(rest).hexdigest().encode() + b"\n" + rest)
    model = Watched()
    model.step()
    before, luck = content(model), json.dumps(lifetime.luck_of(model))
    with pytest.raises(InputError, match="is damaged"):
        model.load_checkpoint(path)
    assert (content(model), json.dumps(lifetime.luck_of(model))) == (before, luck)


def kept_bytes() -> int:
    """Bytes held by Python and NumPy (`tracemalloc`, which NumPy reports to), whatever the machine.

    CPython keeps the names of looked-up attributes in a table of 4,096 places that fills at random, by 57 bytes a
    name (Numba makes a new name at each call): up to 230 kB that no model holds. It is emptied before counting.
    """
    gc.collect()
    sys._clear_type_cache()
    return tracemalloc.get_traced_memory()[0]


def test_many_models_take_no_memory() -> None:
    """Agents, grids and their neighbourhoods made in each, stepped, and closed: 40 models a round, after 60 to warm up.

    Nothing may be lost: 0.0 bytes a model were measured. The bound of 16 bytes a model finds one kept object of 48
    bytes in three models, or one array of a household's columns in a hundred. What is lost by models is lost in every
    round; of three the best counts, because the test runner's own threads allocate now and then.
    """
    tiny = load_scenario("baseline", {"village.households": 12, "village.party_members": 1, "village.worthies": 0,
                                      "village.volunteers": 0, "village.representatives": 12})  # fmt: skip

    def use() -> int:
        with MobilizationModel(tiny, weeks=2) as model:
            model.run_model()
            list(model.residents[0].cell.get_neighborhood(2))
            assert len(model.agents.shuffle()) == 12
            assert model.datacollector.model_vars
            return int(sum(array.nbytes for array in model.simulation.state))

    def held(models: int) -> int:
        for _ in range(models):
            use()
        return kept_bytes()

    tracemalloc.start()
    try:
        alive_before = held(60)
        kept = MobilizationModel(tiny, weeks=2)
        assert len(kept.agents) == 12
        alive = tracemalloc.get_traced_memory()[0] - alive_before
        kept.close()
        del kept
        counts = [held(0), held(40), held(40), held(40)]
    finally:
        tracemalloc.stop()
    assert alive > 20_000
    lost = min(after - before for before, after in pairwise(counts)) / 40
    assert lost < 16, f"{lost:.0f} bytes a model, of {alive} that one holds"


def test_simulations_take_no_memory_without_being_closed() -> None:
    """Batches make one for each run, of 12 households and 2 weeks; the bound is that of models, and why is there."""
    tiny = load_scenario(
        "baseline",
        {"village.households": 12, "village.party_members": 1, "village.volunteers": 12, "village.representatives": 12},
    )

    def held(runs: int) -> int:
        for replicate in range(runs):
            Simulation(tiny, 0, replicate, 2).advance(2)
        return kept_bytes()

    tracemalloc.start()
    try:
        before = held(60)
        kept = Simulation(tiny, 0, 0, 2)
        alive = tracemalloc.get_traced_memory()[0] - before
        del kept
        counts = [held(0), held(130), held(130), held(130)]
    finally:
        tracemalloc.stop()
    assert alive > 10_000
    lost = min(after - before for before, after in pairwise(counts)) / 130
    assert lost < 16, f"{lost:.0f} bytes a run, of {alive} that one holds"


def test_mesa_s_generators_are_part_of_a_copy() -> None:
    first = half()
    second = copy.copy(first)
    assert first.random.random() == second.random.random()
    assert np.array_equal(first.rng.random(5), second.rng.random(5))
    first.random.random()
    assert first.random.getstate() != second.random.getstate()
