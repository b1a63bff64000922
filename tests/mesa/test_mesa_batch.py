"""`mesa.batch_run` on `MobilizationModel`: the right weeks, and the numbers of `sim.run`."""

from __future__ import annotations

import inspect
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest

from sim import run
from sim.engine.outcomes import TOTALS
from sim.engine.world import columns as c
from sim.mesa_view.model import MobilizationModel

NEWER = "rng" in inspect.signature(mesa.batch_run).parameters
"""Whether Mesa is 3.5 or later."""
SMALL = {"village.households": 120, "village.party_members": 10, "village.volunteers": 4}


def batch(parameters: dict[str, Any], **arguments: Any) -> pd.DataFrame:
    parameters = {"overrides": [SMALL], "weeks": 8, **parameters}
    rows = mesa.batch_run(MobilizationModel, parameters=parameters, display_progress=False, **arguments)
    return pd.DataFrame(rows)


def check(row: Any, scenario: str, weeks: int, overrides: Any = SMALL, **luck: int) -> None:
    expected = run(scenario, weeks=weeks, overrides=overrides, **luck).totals
    np.testing.assert_equal({outcome.name: row[outcome.name] for outcome in TOTALS}, expected)


@pytest.mark.parametrize("processes", [1, 2])
def test_scenarios_and_seeds(processes: int) -> None:
    table = batch({"scenario": ["baseline", "household_contact"], "seed": [1, 2]}, number_processes=processes)
    assert len(table) == 4
    for _, row in table.iterrows():
        check(row, row["scenario"], 8, seed=row["seed"])


def test_replicates() -> None:
    table = batch({"scenario": "household_contact", "replicate": range(3), "weeks": 30})
    assert table["climbs"].nunique() > 1
    for _, row in table.iterrows():
        check(row, "household_contact", 30, replicate=row["replicate"])


@pytest.mark.parametrize("processes", [1, 2])
def test_iterations_are_replicates(processes: int) -> None:
    parameters = {"scenario": "household_contact", "weeks": 30}
    table = batch(parameters, iterations=4, number_processes=processes)
    assert sorted(table["iteration"]) == [0, 1, 2, 3]
    assert table["climbs"].nunique() > 1
    for _, row in table.iterrows():
        check(row, "household_contact", 30, replicate=row["iteration"])


def test_a_given_replicate_is_kept_and_a_model_outside_of_a_batch_has_none() -> None:
    table = batch({"scenario": "household_contact", "weeks": 30, "replicate": [7]}, iterations=2)
    for _, row in table.iterrows():
        check(row, "household_contact", 30, replicate=7)
    assert MobilizationModel("baseline", overrides=SMALL).replicate == 0


@pytest.mark.skipif(NEWER, reason="a rng from Mesa 3.5 on differs between iterations")
def test_seeds_have_replicates_too() -> None:
    table = batch({"scenario": "household_contact", "weeks": 30, "rng": [1, 2]}, iterations=2)
    assert len(table) == 4
    for _, row in table.iterrows():
        check(row, "household_contact", 30, seed=row["rng"], replicate=row["iteration"])


def test_every_week() -> None:
    table = batch({"scenario": "household_contact"}, data_collection_period=1)
    assert len(table) == 8
    for weeks, (_, row) in enumerate(table.iterrows(), start=1):
        check(row, "household_contact", weeks)


def test_values_by_override_and_by_key() -> None:
    overrides = [{**SMALL, "household.predisposition": value} for value in (-8.0, 8.0)]
    table = batch({"scenario": "baseline", "overrides": overrides, "weeks": 30})
    for value, (_, row) in zip(overrides, table.iterrows(), strict=True):
        check(row, "baseline", 30, overrides=value)
    assert table["adopted"].iloc[0] < 0.5 < table["adopted"].iloc[1]
    by_key = batch({"scenario": "baseline", "household.predisposition": [-8.0, 8.0], "weeks": 30})
    assert by_key["household.predisposition"].tolist() == [-8.0, 8.0]
    assert by_key["adopted"].tolist() == table["adopted"].tolist()


def test_agents_values_belong_to_the_models_week() -> None:
    table = batch({"scenario": "household_contact", "agent_reporters": [{"rung": "rung", "trust_of": "trust"}]})
    assert len(table) == 120
    expected = run("household_contact", weeks=8, overrides=SMALL)
    np.testing.assert_array_equal(table["trust_of"], expected.simulation.state.f64[c.TRUST])
    np.testing.assert_array_equal(table["trust"], expected.totals["trust"])


def test_fewer_steps_than_weeks() -> None:
    row = batch({"scenario": "household_contact"}, max_steps=4).iloc[0]
    ran = 4 if NEWER else 5  # Mesa 3.3 goes on for one step more than it is told
    check(row, "household_contact", ran)


@pytest.mark.skipif(not NEWER, reason="batch_run takes rng from Mesa 3.5 on")
def test_seeds_by_mesas_newer_name() -> None:
    table = batch({"scenario": "household_contact"}, rng=[1, 2])
    assert table["rng"].tolist() == [1, 2]
    for _, row in table.iterrows():
        check(row, "household_contact", 8, seed=row["rng"])


def test_a_model_of_ones_own() -> None:
    class Nudged(MobilizationModel):
        def __init__(self, nudged: int, seed: int = 1) -> None:
            super().__init__("baseline", seed=seed, weeks=3, overrides=SMALL)
            self.nudged = nudged
            self.add_mechanism(Nudged.nudge)

        def nudge(self) -> None:
            for agent in self.residents[: self.nudged]:
                agent.rung = 3

    luck: dict[str, Any] = {"rng": [1]} if NEWER else {}
    rows = mesa.batch_run(Nudged, parameters={"nudged": [0, 60, 120]}, display_progress=False, **luck)
    assert [row["self_initiated"] for row in rows][1:] == [0.5, 1.0]
    np.testing.assert_equal(rows[0]["adopted"], run("baseline", seed=1, weeks=3, overrides=SMALL).totals["adopted"])
