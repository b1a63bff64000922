"""Interventions choose 31 sets of people at most, a bit each; more are refused in a line, when the scenario is read or run."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.base.errors import InputError
from sim.engine.simulation import Simulation
from sim.scenario import Scenario, load_scenario, with_values

SMALL = {"village.households": 60, "village.party_members": 6}


def teams(folder: Path, number: int, strength: float = 1.0, last: float = 1.0) -> Scenario:
    """Return a scenario of volunteer teams, each of which chooses two sets: volunteers, and social workers from outside."""
    blocks = [
        f"- {{kind: volunteer_team, name: t{k}, social_workers: 1, strength: {last if k == number - 1 else strength}}}"
        for k in range(number)
    ]
    path = folder / "mine.yaml"
    path.write_text("\n".join(["title: Mine", "interventions:", *blocks, ""]), encoding="utf-8")
    return load_scenario(path, SMALL)


def test_as_many_sets_as_there_are_bits_can_be_run(tmp_path: Path) -> None:
    simulation = Simulation(teams(tmp_path, 15), weeks=2)
    simulation.advance(2)
    assert set(range(0, 30, 2)) == {bit for bit in range(31) if (simulation.state.column("chosen") >> bit & 1).any()}


def test_more_sets_are_refused_when_the_scenario_is_read(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        teams(tmp_path, 16)
    assert (
        str(error.value)
        == f"{tmp_path / 'mine.yaml'}:2: the interventions choose 32 sets of people; at most 31 are possible"
    )


def test_interventions_of_strength_0_choose_nobody_until_they_have_some(tmp_path: Path) -> None:
    """Then a run is refused, in one line and not as an error of the program."""
    scenario = teams(tmp_path, 16, last=0.0)
    Simulation(scenario, weeks=2).advance(2)
    with pytest.raises(InputError, match="the interventions choose 32 sets of people; at most 31 are possible"):
        Simulation(with_values(scenario, {"interventions.t15.strength": 0.5}), weeks=2)
