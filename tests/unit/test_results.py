"""Results folders and batches: what is there is trusted and reused, what is damaged is told, nothing is half-written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from batches import Refused, batch

from sim.base.errors import InputError
from sim.engine.outcomes import TOTALS, WEEKLY
from sim.results import folder_name, read_parquet, run_hash, write_parquet, write_whole
from sim.results.manifest import read_manifest
from sim.runs import weekly_of
from sim.runs.single import run
from sim.scenario import Scenario, load_scenario

SMALL = {"village.households": 60, "village.party_members": 6, "village.volunteers": 2}
WEEKS = 6


def small(**values: Any) -> Scenario:
    return load_scenario("baseline", {**SMALL, **{key.replace("__", "."): value for key, value in values.items()}})


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
    monkeypatch.setattr("sim.results.identity.fingerprint", lambda: "another model")
    assert run_hash(small(), 1, WEEKS) != before


def test_a_truncated_file_is_one_line_that_names_it(tmp_path: Path) -> None:
    batch({"one": small()}, 3, 1, WEEKS, tmp_path)
    (path,) = tmp_path.rglob("runs-*.parquet")
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(InputError) as error:
        batch({"one": small()}, 3, 1, WEEKS, tmp_path)
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
    batch({"one": small()}, 3, 1, WEEKS, tmp_path)
    (path,) = tmp_path.rglob("runs-*.parquet")
    write_parquet(path, {"replicate": np.arange(3), "something": np.zeros(3)})
    with pytest.raises(InputError, match="holds other runs than its folder"):
        batch({"one": small()}, 3, 1, WEEKS, tmp_path)


def test_a_folder_that_can_t_be_written_is_one_line(tmp_path: Path) -> None:
    """A file stands where the folder should be, which no rights of the user can mend."""
    (tmp_path / "results").write_text("a file")
    with pytest.raises(InputError) as error:
        batch({"one": small()}, 3, 1, WEEKS, tmp_path / "results")
    assert "can't be written" in str(error.value)
    assert len(str(error.value).splitlines()) == 1


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
    batch({"one": scenario}, 1, 9, WEEKS, tmp_path)
    (folder,) = (tmp_path / "one").iterdir()
    manifest = read_manifest(folder)
    assert manifest["inputs"]["seed"] == 9
    assert manifest["inputs"]["weeks"] == WEEKS
    assert manifest["hash"] == folder.name == run_hash(scenario, 9, WEEKS)
    assert manifest["inputs"]["scenario"]["villages"][0]["households"] == 60
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


NAMES = ["a", "A", "a b", "a-b", "a/b", "a%2Fb", "a.b", "村", "甲", "乙", "places/dabu", "places-dabu", "..", ".", "", "%",
         "%2E.", "x" * 80, "x" * 81, "x" * 200, "x" * 201, "甲" * 60, "甲" * 61, "reference", "Reference", "e\u0301", "\u00e9",
         "*", "?", "[a]", "-a", "a\n", "a~b", "c:d", "../../etc"]  # fmt: skip


def test_names_of_folders_are_distinct_and_safe(tmp_path: Path) -> None:
    """Whatever a scenario is called, its folder lies in the results folder, and nobody else's does."""
    folders = [folder_name(name) for name in NAMES]
    assert len(set(folders)) == len(NAMES)
    for folder in folders:
        (tmp_path / folder).mkdir()
        assert (tmp_path / folder).parent == tmp_path and folder[0] not in ".-" and len(folder) <= 80
    assert folder_name("甲") == "甲" and folder_name("places/dabu") == "places%2Fdabu"
    assert "reference" not in {folder.casefold() for folder in folders}


def test_a_batch_s_table_holds_every_outcome_of_every_run() -> None:
    """And each is what a single run gives."""
    scenario = small(household__predisposition=0.0)
    table = batch({"one": scenario}, 3, 2, WEEKS, None).tables["one"]
    assert set(table) == {"replicate", *(o.name for o in TOTALS), *(f"weekly.{o.name}" for o in WEEKLY)}
    for replicate in range(3):
        single = run(scenario, 2, replicate, WEEKS)
        for outcome in TOTALS:
            assert np.array_equal(table[outcome.name][replicate], single.totals[outcome.name], equal_nan=True)
        for group, name in enumerate(("all", "local", "newcomer", "member")):
            mine = weekly_of(table, "adopted", name)[replicate]
            assert np.array_equal(mine, single.columns["adopted"].reshape(WEEKS, 4)[:, group], equal_nan=True)


def test_one_run_is_kept_and_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = batch({"one": small()}, 1, 1, WEEKS, tmp_path).tables["one"]
    monkeypatch.setattr("sim.runs.task.Simulation", Refused)
    again = batch({"one": small()}, 1, 1, WEEKS, tmp_path).tables["one"]
    assert {key: column.tobytes() for key, column in first.items()} == {
        key: one.tobytes() for key, one in again.items()
    }


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
    ("weeks", "error"), [(0, "from 1 to 5200, not 0"), (-3, "from 1 to 5200, not -3")]
)  # fmt: skip
def test_a_run_of_no_weeks_is_refused(weeks: int, error: str) -> None:
    with pytest.raises(ValueError, match=error):
        run(small(), weeks=weeks)
