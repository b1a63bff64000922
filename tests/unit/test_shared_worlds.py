"""Scenarios of one task share villages that are built once: every run is, to the bit, the run that is made alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import sim.engine.simulation as engine
from sim.engine.simulation import Simulation, Worlds
from sim.engine.world.build import build_villages
from sim.runs import Request
from sim.runs.task import Plan, Task, simulate
from sim.scenario import Scenario, load_scenario

SMALL = {"village.households": 90, "village.party_members": 9, "village.volunteers": 3, "village.worthies": 2}
SEED, WEEKS, PAIRS = 4, 30, 3
NAMES = (
    "baseline", "donation", "veteran_role_model", "campaign", "neighbourhood_association", "volunteer_team", "rollout",
    "everything",
)  # fmt: skip
"""Nobody is chosen; households, members, everyone; newcomers get bonds; people join the callers; villages follow others."""


def scenarios() -> dict[str, Scenario]:
    """Return programmes over one village, over a changed one, and over several villages."""
    loaded = {name: load_scenario(name, SMALL) for name in NAMES}
    loaded["other values"] = load_scenario("donation", {**SMALL, "household.persuasion": 0.4})
    loaded["other village"] = load_scenario("donation", {**SMALL, "village.newcomer_share": 0.7})
    return loaded


def task_of(request: Request, labels: tuple[str, ...]) -> Task:
    places = np.arange(PAIRS)
    return Task(labels, places, request.pairs.runs(places), np.empty((PAIRS, 0)))


def test_a_run_in_a_shared_task_is_the_run_alone() -> None:
    request = Request.of(scenarios(), PAIRS, SEED, WEEKS)
    plan = Plan.of(request)
    together = simulate(plan, task_of(request, tuple(request.scenarios)))
    assert not together.failures
    for label in request.scenarios:
        alone = simulate(plan, task_of(request, (label,)))
        assert together.rows[label][1].tobytes() == alone.rows[label][1].tobytes(), label


def test_a_state_from_shared_villages_is_the_state_built_alone_and_spoils_no_other() -> None:
    worlds = Worlds(SEED, 2)
    for _ in range(2):  # the second time after runs have changed their copies
        for label, scenario in scenarios().items():
            shared, alone = Simulation(scenario, SEED, 2, WEEKS, worlds), Simulation(scenario, SEED, 2, WEEKS)
            for name, one, other in zip(shared.state._fields, shared.state, alone.state, strict=True):
                assert one.dtype == other.dtype and one.shape == other.shape, (label, name)
                assert one.tobytes() == other.tobytes(), (label, name)
            shared.advance(WEEKS)


def test_equal_villages_are_built_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programmes make no difference; values of households, villages, and bonds of an association do."""
    built: list[str] = []

    def counted(scenario: Scenario, *luck: Any) -> Any:
        built.append(scenario.title)
        return build_villages(scenario, *luck)

    monkeypatch.setattr(engine, "build_villages", counted)
    loaded = scenarios()
    worlds = Worlds(SEED, 0)
    for name in ("baseline", "donation", "veteran_role_model", "campaign", "volunteer_team"):
        Simulation(loaded[name], SEED, 0, 1, worlds)
    assert built == [loaded["baseline"].title]
    for name in ("neighbourhood_association", "other values", "other village"):
        Simulation(loaded[name], SEED, 0, 1, worlds)
    assert len(built) == 4
