"""Results folders and batches: what is there is trusted and reused, what is damaged is told, nothing is half-written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim.batch
from sim.batch import CHUNK, Progress, run_batch, weekly_of
from sim.errors import InputError
from sim.outcomes import TOTALS, WEEKLY, Columns
from sim.results import RunStore, read_parquet, run_hash, safe_name, write_parquet, write_whole
from sim.runs import run, run_and_keep
from sim.scenario import Scenario, load_scenario
from sim.simulation import Simulation

SMALL = {"village.households": 60, "village.party_members": 6, "village.volunteers": 2}
WEEKS = 6


def small(**values: Any) -> Scenario:
    return load_scenario("baseline", {**SMALL, **{key.replace("__", "."): value for key, value in values.items()}})


def content(tables: dict[str, Columns]) -> dict[str, dict[str, bytes]]:
    return {name: {key: column.tobytes() for key, column in table.items()} for name, table in tables.items()}


class Refused(Simulation):
    """A simulation that must not be made."""

    def __init__(self, *_: Any, **__: Any) -> None:
        raise AssertionError("this run was to be found, not made")


def broken(*replicates: int) -> type[Simulation]:
    class Broken(Simulation):
        def advance(self, weeks: int = 1) -> None:
            if self.replicate in replicates:
                raise ZeroDivisionError("as planned")
            super().advance(weeks)

    return Broken


def test_runs_that_are_there_are_found_and_not_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scenarios = {"one": small(), "two": small(household__predisposition=0.0)}
    first, failures = run_batch(scenarios, CHUNK + 5, 1, WEEKS, tmp_path)
    assert not failures
    monkeypatch.setattr(sim.batch, "Simulation", Refused)
    seen: list[Progress] = []
    second, failures = run_batch(scenarios, CHUNK + 5, 1, WEEKS, tmp_path, report=seen.append)
    assert not failures
    assert content(first) == content(second)
    assert seen[-1].found == seen[-1].done == 2 * (CHUNK + 5)


def test_memory_and_folder_give_the_same_tables(tmp_path: Path) -> None:
    scenarios = {"one": small()}
    assert content(run_batch(scenarios, 7, 1, WEEKS, tmp_path)[0]) == content(
        run_batch(scenarios, 7, 1, WEEKS, None)[0]
    )
    assert content(run_batch(scenarios, 7, 1, WEEKS, tmp_path)[0]) == content(
        run_batch(scenarios, 7, 1, WEEKS, None)[0]
    )


@pytest.mark.parametrize("change", ["scenario", "seed", "weeks"])
def test_whatever_a_run_depends_on_makes_another_folder(change: str, tmp_path: Path) -> None:
    one = run_hash(small(), 1, WEEKS)
    other = {
        "scenario": run_hash(small(household__persuasion=0.123), 1, WEEKS),
        "seed": run_hash(small(), 2, WEEKS), "weeks": run_hash(small(), 1, WEEKS + 1),
    }[change]  # fmt: skip
    assert one != other
    assert one == run_hash(small(), 1, WEEKS)


def test_the_text_of_the_model_is_part_of_the_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    before = run_hash(small(), 1, WEEKS)
    monkeypatch.setattr("sim.results.fingerprint", lambda: "another model")
    assert run_hash(small(), 1, WEEKS) != before


def test_a_truncated_file_is_one_line_that_names_it(tmp_path: Path) -> None:
    run_batch({"one": small()}, 3, 1, WEEKS, tmp_path)
    (path,) = tmp_path.rglob("runs-*.parquet")
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(InputError) as error:
        run_batch({"one": small()}, 3, 1, WEEKS, tmp_path)
    assert str(path) in str(error.value)
    assert "damaged" in str(error.value)
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize("text", [b"", b"PAR1", b"not a table at all" * 100])
def test_a_file_that_is_no_table_is_told_too(text: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    path.write_bytes(text)
    with pytest.raises(InputError, match="damaged"):
        read_parquet(path)


def test_a_table_of_something_else_is_refused(tmp_path: Path) -> None:
    run_batch({"one": small()}, 3, 1, WEEKS, tmp_path)
    (path,) = tmp_path.rglob("runs-*.parquet")
    write_parquet(path, {"replicate": np.arange(3), "something": np.zeros(3)})
    with pytest.raises(InputError, match="isn't a table of runs"):
        run_batch({"one": small()}, 3, 1, WEEKS, tmp_path)


def test_a_folder_that_can_t_be_written_is_one_line(tmp_path: Path) -> None:
    """A file stands where the folder should be, which no rights of the user can mend."""
    (tmp_path / "results").write_text("a file")
    with pytest.raises(InputError) as error:
        run_batch({"one": small()}, 3, 1, WEEKS, tmp_path / "results")
    assert "can't be written" in str(error.value)
    assert len(str(error.value).splitlines()) == 1


def test_a_failing_run_is_named_and_loses_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scenario, seed and replicate are told; the chunk isn't kept as if it were whole, and is made again."""
    whole, _ = run_batch({"one": small()}, 10, 4, WEEKS, None)
    with monkeypatch.context() as patch:
        patch.setattr(sim.batch, "Simulation", broken(3, 7))
        tables, failures = run_batch({"one": small()}, 10, 4, WEEKS, tmp_path)
    assert [str(failure) for failure in failures] == [
        f"run failed: scenario one, seed 4, replicate {replicate}: ZeroDivisionError: as planned"
        for replicate in (3, 7)
    ]
    kept = [0, 1, 2, 4, 5, 6, 8, 9]
    assert tables["one"]["replicate"].tolist() == kept
    assert np.array_equal(tables["one"]["weekly.adopted"], whole["one"]["weekly.adopted"][kept], equal_nan=True)
    assert not list(tmp_path.rglob("runs-*.parquet"))
    again, failures = run_batch({"one": small()}, 10, 4, WEEKS, tmp_path)
    assert not failures
    assert content(again) == content(whole)


def test_all_runs_may_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sim.batch, "Simulation", broken(0, 1))
    tables, failures = run_batch({"one": small()}, 2, 4, WEEKS, tmp_path)
    assert tables == {"one": {}}
    assert len(failures) == 2


def test_an_interrupted_batch_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    """Stopped after the second of six chunks: what was finished stays, nothing half-written is left, the rest follows."""
    scenarios = {"one": small(), "two": small(household__predisposition=0.0)}
    replicates = 3 * CHUNK
    whole, _ = run_batch(scenarios, replicates, 1, WEEKS, tmp_path / "whole", 2)

    def stop(progress: Progress) -> None:
        if progress.done >= 2 * CHUNK:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_batch(scenarios, replicates, 1, WEEKS, tmp_path / "parts", 2, stop)
    there = sorted((tmp_path / "parts").rglob("runs-*.parquet"))
    assert 2 <= len(there) < 6
    assert not [path for path in (tmp_path / "parts").rglob(".*") if path.is_file()]
    before = {path: path.read_bytes() for path in there}
    resumed, _ = run_batch(scenarios, replicates, 1, WEEKS, tmp_path / "parts", 2)
    assert content(resumed) == content(whole)
    assert all(path.read_bytes() == data for path, data in before.items())
    for path in (tmp_path / "whole").rglob("runs-*.parquet"):
        assert (tmp_path / "parts" / path.relative_to(tmp_path / "whole")).read_bytes() == path.read_bytes()


def test_nothing_is_left_of_a_write_that_fails(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    path.write_text("the old one")

    def fail(temporary: Path) -> None:
        temporary.write_text("half of the new")
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        write_whole(path, fail)
    assert path.read_text() == "the old one"
    assert list(tmp_path.iterdir()) == [path]


def test_a_manifest_says_what_was_run(tmp_path: Path) -> None:
    scenario = small()
    store = RunStore.open(tmp_path, "one", scenario, 9, WEEKS)
    assert store.folder is not None
    manifest = json.loads((store.folder / "manifest.json").read_text())
    assert manifest["seed"] == 9
    assert manifest["weeks"] == WEEKS
    assert manifest["inputs"] == store.folder.name == run_hash(scenario, 9, WEEKS)
    assert manifest["scenario"]["villages"][0]["households"] == 60
    assert {"python", "numpy", "numba"} <= set(manifest["versions"])
    assert str(tmp_path) not in json.dumps(manifest)


def test_a_table_comes_back_as_it_was_written_with_its_units(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    columns = {
        "replicate": np.arange(4), "share": np.array([0.1, np.nan, 1 / 3, 1e-300]), "list": np.arange(12.0).reshape(4, 3),
        "group": np.array(["all", "local", "newcomer", "member"]),
    }  # fmt: skip
    write_parquet(tmp_path / "t.parquet", columns, {"share": "1"})
    back = read_parquet(tmp_path / "t.parquet")
    assert list(back) == list(columns)
    for key in ("replicate", "share", "list"):
        assert back[key].tobytes() == columns[key].tobytes()
    assert back["group"].tolist() == columns["group"].tolist()
    assert pq.read_schema(tmp_path / "t.parquet").field("share").metadata == {b"unit": b"1"}


@pytest.mark.parametrize(
    ("name", "safe"),
    [("a b/c", "a-b-c"), ("../../etc", "etc"), ("村", "scenario"), ("x" * 200, "x" * 80), ("..", "scenario")],
)
def test_names_of_folders_are_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_batch_s_table_holds_every_outcome_of_every_run() -> None:
    """And each is what a single run gives."""
    scenario = small(household__predisposition=0.0)
    table = run_batch({"one": scenario}, 3, 2, WEEKS, None)[0]["one"]
    assert set(table) == {"replicate", *(o.name for o in TOTALS), *(f"weekly.{o.name}" for o in WEEKLY)}
    for replicate in range(3):
        single = run(scenario, 2, replicate, WEEKS)
        for outcome in TOTALS:
            assert np.array_equal(table[outcome.name][replicate], single.totals[outcome.name], equal_nan=True)
        for group, name in enumerate(("all", "local", "newcomer", "member")):
            mine = weekly_of(table, "adopted", name)[replicate]
            assert np.array_equal(mine, single.columns["adopted"].reshape(WEEKS, 4)[:, group], equal_nan=True)


def test_one_run_is_kept_and_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    totals, path, found, villages = run_and_keep(small(), "one", 1, 0, WEEKS, tmp_path)
    assert not found
    assert villages is None
    monkeypatch.setattr("sim.runs.Simulation", Refused)
    again, same, found, _ = run_and_keep(small(), "one", 1, 0, WEEKS, tmp_path)
    assert found
    assert path == same
    assert np.array_equal(list(totals.values()), list(again.values()), equal_nan=True)


def test_shares_of_groups_and_rungs_add_up() -> None:
    """Weekly: rungs sum to 1 in each group, groups' households and adopters to the whole's; to rounding."""
    result = run(small(household__predisposition=0.0, village__newcomer_share=0.4), 1, 0, 20)
    columns = {key: values.reshape(20, 4) for key, values in result.columns.items() if key not in ("week", "group")}
    rungs = sum(columns[rung] for rung in ("watching", "pushed", "helping", "self_initiated"))
    assert np.allclose(rungs, 1.0, atol=1e-15)
    households = columns["households"]
    assert (households[:, 1] + households[:, 2] == households[:, 0]).all()
    adopted = columns["adopted"] * households
    assert np.allclose(adopted[:, 1] + adopted[:, 2], adopted[:, 0])
    assert np.isnan(columns["trust"][:, 1:]).all()
    assert not np.isnan(columns["trust"][:, 0]).any()


@pytest.mark.parametrize(
    ("weeks", "error"), [(0, "at least 1"), (-3, "at least 1")]
)  # fmt: skip
def test_a_run_of_no_weeks_is_refused(weeks: int, error: str) -> None:
    with pytest.raises(ValueError, match=error):
        run(small(), weeks=weeks)
