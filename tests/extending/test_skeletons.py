"""The skeletons of docs/skeletons work as they lie."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from command_line import ROOT, SETS, SMALL, command

from sim import MobilizationModel, load_scenario
from sim.engine.simulation import Simulation
from sim.interventions import (
    load_interventions,
)  # fmt: skip

SKELETONS = ROOT / "docs" / "skeletons"


def content(simulation: Simulation) -> list[bytes]:
    """Return everything that a simulation holds but the intervention's choice of people, which acts through effects alone."""
    return [simulation.counts.tobytes(), simulation.totals.tobytes(), *(array.tobytes() for array in simulation.state)]


def test_the_intervention_skeleton_runs_from_yaml(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("intervention.py", "intervention_scenario.yaml"):
        shutil.copy(SKELETONS / name, folder)
    arguments = ["run", "intervention_scenario.yaml", "--interventions", "intervention.py", "--weeks", "20", *SETS]
    assert command(arguments, monkeypatch) == 0
    assert "wrote results" in capsys.readouterr().out
    assert command(arguments, monkeypatch) == 0
    assert "found results" in capsys.readouterr().out
    # An edit of the file, and the run that is there no longer counts.
    text = Path("intervention.py").read_text(encoding="utf-8")
    Path("intervention.py").write_text(text.replace('Effect("praise", 0.5', 'Effect("praise", 0.6'), encoding="utf-8")
    assert command(arguments, monkeypatch) == 0
    assert "wrote results" in capsys.readouterr().out


def test_the_intervention_skeleton_acts_and_is_absent_at_strength_0(folder: Path) -> None:
    load_interventions(SKELETONS / "intervention.py")
    path = SKELETONS / "intervention_scenario.yaml"
    runs = []
    for extra in ({}, {"interventions.open_days.strength": 0.0}):
        simulation = Simulation(load_scenario(path, {**SMALL, **extra}), 5, 0, 20)
        simulation.advance(20)
        runs.append(content(simulation))
    without = Simulation(load_scenario("baseline", SMALL), 5, 0, 20)
    without.advance(20)
    assert runs[1] == content(without) != runs[0]


def test_the_mesa_skeleton_runs_and_is_reproducible() -> None:
    code: dict[str, Any] = {"__name__": "mesa_mechanism"}
    exec((SKELETONS / "mesa_mechanism.py").read_text(encoding="utf-8"), code)
    lively = {**SMALL, "household.predisposition": 0.0}

    def after(mechanisms: list[Any], replicate: int = 0) -> list[bytes]:
        with MobilizationModel(
            "veteran_role_model", seed=2, replicate=replicate, weeks=16, overrides=lively, mechanisms=mechanisms
        ) as model:
            model.run_model()
            return content(model.simulation)

    first = after([code["invite"]])
    assert first == after([code["invite"]])
    assert first != after([])
    assert first != after([code["invite"]], replicate=1)
