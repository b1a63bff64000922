"""What is recorded, kept and told of each village of a town."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from batches import batch, held
from towns import BUSY, INTERVENTIONS, SMALL, SPREAD, WEEKS, drawn, lived

import sim.cli
from sim.engine.outcomes import BY_VILLAGE
from sim.results.catalogue import entries
from sim.results.query import Database
from sim.results.rows import VILLAGE_UNITS
from sim.runs.single import RunResult, run, village_table
from sim.scenario import load_scenario


def records(result: RunResult) -> dict[str, dict[str, bytes]]:
    """Return all that is recorded of each village, by its name."""
    table = result.by_village
    each = {
        str(name): {str(key): part[key].to_numpy(float).tobytes() for key in part if key not in ("village", "group")}
        for name, part in table.groupby("village")
    }
    for _, row in result.villages.iterrows():
        each[str(row["village"])]["outcomes"] = row.drop("village").to_numpy(float).tobytes()
    return each


@pytest.mark.parametrize("totals", [False, True])
def test_neither_order_nor_other_villages_change_what_is_recorded_of_one(totals: bool) -> None:
    """Bit for bit, in a town drawn unequal and with interventions; with totals kept only the town itself must stay."""
    town = {"name": "v", "copies": 4, "spread": {**SPREAD, "keep_totals": totals}}
    far = {"name": "far", "households": 130}
    base: list[Any] = [SMALL, BUSY, {"interventions": INTERVENTIONS}]

    def of(*items: dict[str, Any]) -> dict[str, dict[str, bytes]]:
        return records(lived(load_scenario("baseline", [*base, {"villages": list(items)}])))

    both = of(town, far)
    assert of(far, town) == both
    assert of(far)["far"] == both["far"]
    assert of(town) == {name: part for name, part in both.items() if name != "far"}
    if not totals:
        assert of({**town, "copies": 2})["v-2"] == both["v-2"]
    assert both["v-1"] != both["v-2"]


def test_outcomes_of_a_village_are_those_of_its_weekly_table() -> None:
    result = lived(drawn(5, SPREAD, SMALL, BUSY))
    villages = result.villages
    assert list(villages) == ["village", *(outcome.name for outcome in BY_VILLAGE)]
    for v, village in enumerate(result.scenario.villages):
        weekly = {key: values.reshape(WEEKS, 4)[:, 0] for key, values in village_table(result.simulation, v).items()}
        row = villages.iloc[v]
        assert row["village"] == village.name
        assert row["households"] == village.households
        for key in ("adopted", "clean", "self_initiated", "trust"):
            assert row[key] == weekly[key][-1]
        assert row["coercion"] == weekly["pushed"][-1]
        half = np.flatnonzero(weekly["adopted"] >= 0.5)
        assert np.array_equal(row["weeks_to_half"], half[0] + 1.0 if half.size else np.nan, equal_nan=True)
    weight = villages["households"] / villages["households"].sum()
    assert np.isclose((villages["adopted"] * weight).sum(), result.totals["adopted"])


def test_a_batch_keeps_every_village_of_every_run(tmp_path: Path) -> None:
    scenario = drawn(3, SPREAD, SMALL, BUSY)
    table = batch({"town": scenario}, 12, 3, WEEKS, tmp_path).tables["town"]
    assert {name for name in table if name.startswith("villages.")} == {f"villages.{name}" for name in VILLAGE_UNITS}
    assert table.shape.villages == ("v-1", "v-2", "v-3")
    assert table["villages.weekly.adopted"].shape == (12, 3, WEEKS)
    assert np.array_equal(table["villages.weekly.adopted"][:, :, -1], table["villages.adopted"])
    single = run(scenario, 3, 11, WEEKS).villages
    for column in ("households", "adopted", "weeks_to_half", "trust"):
        assert np.array_equal(table[f"villages.{column}"][11], single[column], equal_nan=True)


def test_a_batch_of_a_town_that_grows_has_every_village_once(tmp_path: Path) -> None:
    scenario = drawn(3, SPREAD, SMALL, BUSY)
    batch({"town": scenario}, 2, 3, WEEKS, tmp_path / "grown")
    for folder in ("grown", "whole"):
        batch({"town": scenario}, 5, 3, WEEKS, tmp_path / folder)
    assert held(tmp_path / "grown") == held(tmp_path / "whole")
    database = Database(entries(tmp_path / "grown")[0])
    _, rows, _ = database.ask("select replicate, village, households from villages order by all", 99)
    assert [row[:2] for row in rows] == [(r, v) for r in range(5) for v in ("v-1", "v-2", "v-3")]
    table = batch({"town": scenario}, 5, 3, WEEKS, tmp_path / "grown").tables["town"]
    assert [row[2] for row in rows] == table["villages.households"].ravel().tolist()
    _, weekly, _ = database.ask('select "weekly.clean" from villages order by replicate, village', 99)
    assert [row[0] for row in weekly] == table["villages.weekly.clean"].reshape(15, WEEKS).tolist()


def test_nothing_by_village_is_kept_of_a_single_one(tmp_path: Path) -> None:
    scenario = load_scenario("baseline", SMALL)
    table = batch({"one": scenario}, 2, 3, WEEKS, tmp_path).tables["one"]
    assert not [name for name in table if name.startswith("villages.")]
    assert "villages" not in Database(entries(tmp_path)[0]).views


def test_run_tells_how_far_villages_lie_apart(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def printed(name: str, *more: str) -> str:
        sets = [part for key, value in SMALL.items() for part in ("--set", f"{key}={value}")]
        monkeypatch.setattr(sys, "argv", ["grassroots", "run", name, "--weeks", "12", *sets, *more])
        with pytest.raises(SystemExit) as stop:
            sim.cli.main()
        assert not stop.value.code
        return capsys.readouterr().out

    monkeypatch.chdir(tmp_path)
    first = printed("town", "--set", "villages.village.copies=5", "--set", "household.predisposition=0.5")
    (line,) = (line for line in first.splitlines() if line.startswith("adopted by village: "))
    town = load_scenario("town", [SMALL, {"villages.village.copies": 5, "household.predisposition": 0.5}])
    adopted = 100 * run(town, 0, 0, 12).villages["adopted"]
    low, *quartiles, high = (f"{adopted.quantile(q):.1f}" for q in (0, 0.25, 0.5, 0.75, 1))
    half = int((run(town, 0, 0, 12).villages["weeks_to_half"] <= 12).sum())
    assert line == (
        f"adopted by village: {low} to {high} % (quartiles {', '.join(quartiles)}); {half} of 5 villages reached half"
    )
    again = printed("town", "--set", "villages.village.copies=5", "--set", "household.predisposition=0.5")
    assert again == first.replace("wrote results", "found results")
    assert "village:" not in printed("baseline")


def test_another_intervention_elsewhere_leaves_the_callers_from_outside_who_they_are() -> None:
    """Their luck goes by their intervention's name, wherever it stands in the file."""
    team = {"kind": "volunteer_team", "social_workers": 5, "message": 0.5, "social_worker_hours": 20}
    other = {"kind": "training", "where": {"villages": ["b"]}}

    def of(*items: dict[str, Any]) -> list[dict[str, bytes]]:
        villages = {"villages": [{"name": "a"}, {"name": "b"}]}
        return [records(lived(load_scenario("baseline", [SMALL, BUSY, villages, {"interventions": list(items)}])))["a"]]

    assert of(team) == of(other, team) == of(team, other)
    assert of(team) != of()
