"""What is recorded, kept and told of each village of a town."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from towns import BUSY, INTERVENTIONS, SMALL, SPREAD, WEEKS, drawn, lived

import sim.cli
from sim.base.errors import InputError
from sim.engine.outcomes import BY_VILLAGE
from sim.results import VILLAGE_UNITS, RunStore, read_parquet
from sim.runs import run_batch
from sim.runs.single import RunResult, run, run_and_keep, village_table
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


def test_a_batch_keeps_every_village_of_every_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.results.parts.MOST", 10)
    scenario = drawn(3, SPREAD, SMALL, BUSY)
    run_batch({"town": scenario}, 12, 3, WEEKS, tmp_path)
    store = RunStore.open(tmp_path, "town", scenario, 3, WEEKS)
    chunks = list(store.villages())
    assert [len(chunk["replicate"]) for chunk in chunks] == [30, 6]
    assert set(chunks[0]) == {"replicate", "village", *VILLAGE_UNITS}
    names = [village.name for village in scenario.villages]
    for chunk in chunks:
        assert chunk["village"].tolist() == names * (len(chunk["village"]) // 3)
        assert chunk["weekly.adopted"].shape == (len(chunk["village"]), WEEKS)
        assert np.array_equal(chunk["weekly.adopted"][:, -1], chunk["adopted"])
    assert chunks[1]["replicate"].tolist() == [10] * 3 + [11] * 3
    single = run(scenario, 3, 11, WEEKS).villages
    for column in ("households", "adopted", "weeks_to_half", "trust"):
        assert np.array_equal(chunks[1][column][3:], single[column], equal_nan=True)


def test_a_part_without_its_villages_is_made_again(tmp_path: Path) -> None:
    scenario = drawn(3, SPREAD, SMALL, BUSY)
    first = run_batch({"town": scenario}, 3, 3, WEEKS, tmp_path).tables["town"]["adopted"]
    (path,) = tmp_path.rglob("villages-*.parquet")
    before = path.read_bytes()
    path.unlink()
    seen = []
    again = run_batch({"town": scenario}, 3, 3, WEEKS, tmp_path, report=lambda progress: seen.append(progress.found))
    assert seen[0] == 0
    assert path.read_bytes() == before
    assert again.tables["town"]["adopted"].tobytes() == first.tobytes()
    path.write_bytes(before[:-50])
    with pytest.raises(InputError, match="damaged"):
        list(RunStore.open(tmp_path, "town", scenario, 3, WEEKS).villages())


def test_a_batch_of_a_town_that_grows_has_every_village_once(tmp_path: Path) -> None:
    scenario = drawn(3, SPREAD, SMALL, BUSY)
    run_batch({"town": scenario}, 2, 3, WEEKS, tmp_path / "grown")
    for folder in ("grown", "whole"):
        run_batch({"town": scenario}, 5, 3, WEEKS, tmp_path / folder)
    for path in (tmp_path / "whole").rglob("*.parquet"):
        assert (tmp_path / "grown" / path.relative_to(tmp_path / "whole")).read_bytes() == path.read_bytes()


def test_nothing_by_village_is_kept_of_a_single_one(tmp_path: Path) -> None:
    scenario = load_scenario("baseline", SMALL)
    run_batch({"one": scenario}, 2, 3, WEEKS, tmp_path)
    assert run_and_keep(scenario, "one", 3, 0, WEEKS, tmp_path).villages is None
    assert not list(tmp_path.rglob("villages*"))
    assert not list(RunStore.open(tmp_path, "one", scenario, 3, WEEKS).villages())


def test_one_run_of_a_town_is_kept_and_found_with_its_villages(tmp_path: Path) -> None:
    scenario = drawn(3, SPREAD, SMALL, BUSY)
    kept = run_and_keep(scenario, "town", 3, 1, WEEKS, tmp_path)
    again = run_and_keep(scenario, "town", 3, 1, WEEKS, tmp_path)
    assert (kept.found, again.found) == (False, True)
    assert kept.villages is not None and again.villages is not None
    assert again.villages["village"].tolist() == ["v-1", "v-2", "v-3"]
    for key in VILLAGE_UNITS:
        assert kept.villages[key].tobytes() == again.villages[key].tobytes()
    assert set(read_parquet(kept.path.with_name("villages-000001.parquet"))) == {"village", *VILLAGE_UNITS}


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
