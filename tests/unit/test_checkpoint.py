"""Runs go on from a pickle, a copy or a checkpoint to the same bytes; a checkpoint of something else is refused in a line."""

from __future__ import annotations

import copy
import json
import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim.runs.checkpoint
from sim.base.errors import InputError
from sim.engine.simulation import Simulation
from sim.runs.checkpoint import load_checkpoint, save_checkpoint
from sim.scenario import load_scenario

SMALL = {"village.households": 150, "village.party_members": 12, "village.volunteers": 4}
TWO = {"villages": [{"name": "a"}, {"name": "b", "households": 80}]}
WEEKS, HALF = 24, 11


def fresh(
    scenario: str = "everything", seed: int = 4, replicate: int = 2, weeks: int = WEEKS, **values: Any
) -> Simulation:
    overrides = {**SMALL, **{key.replace("__", "."): value for key, value in values.items()}}
    return Simulation(load_scenario(scenario, [overrides, TWO]), seed, replicate, weeks)


def content(simulation: Simulation) -> dict[str, bytes]:
    weeks = simulation.week
    found = {"counts": simulation.counts[:weeks].tobytes(), "totals": simulation.totals[:weeks].tobytes()}
    return found | {name: array.tobytes() for name, array in simulation.state._asdict().items()}


def half() -> Simulation:
    simulation = fresh()
    simulation.advance(HALF)
    return simulation


@pytest.fixture(scope="module")
def whole() -> dict[str, bytes]:
    simulation = fresh()
    simulation.advance(WEEKS)
    return content(simulation)


def from_pickle(simulation: Simulation, folder: Path) -> Simulation:
    found: Simulation = pickle.loads(pickle.dumps(simulation))
    return found


def from_copy(simulation: Simulation, folder: Path) -> Simulation:
    return copy.copy(simulation)


def from_deepcopy(simulation: Simulation, folder: Path) -> Simulation:
    return copy.deepcopy(simulation)


def from_checkpoint(simulation: Simulation, folder: Path) -> Simulation:
    save_checkpoint(simulation, folder / "half")
    other = fresh()
    assert load_checkpoint(other, folder / "half") == {}
    return other


def from_a_later_week(simulation: Simulation, folder: Path) -> Simulation:
    """Going back is the same as going on: what lies after the checkpoint is forgotten."""
    save_checkpoint(simulation, folder / "half")
    other = fresh()
    other.advance(HALF + 7)
    load_checkpoint(other, folder / "half")
    assert not other.counts[HALF:].any()
    return other


def from_a_shorter_horizon(simulation: Simulation, folder: Path) -> Simulation:
    save_checkpoint(simulation, folder / "half")
    other = fresh(weeks=3)
    load_checkpoint(other, folder / "half")
    return other


WAYS = [from_pickle, from_copy, from_deepcopy, from_checkpoint, from_a_later_week, from_a_shorter_horizon]


@pytest.mark.parametrize("way", WAYS)
def test_a_run_goes_on_to_the_same_bytes_and_so_does_the_one_it_came_from(
    way: Any, whole: dict[str, bytes], tmp_path: Path
) -> None:
    """Every intervention, two villages, every array of the state and the record; exact."""
    first = half()
    second = way(first, tmp_path)
    assert second.week == HALF
    assert content(second) == content(first)
    second.advance(WEEKS - HALF)
    assert content(second) == whole
    assert first.week == HALF
    first.advance(WEEKS - HALF)
    assert content(first) == whole


def go_on(simulation: Simulation) -> dict[str, bytes]:
    simulation.advance(WEEKS - simulation.week)
    return content(simulation)


def test_a_run_goes_on_in_a_process_of_its_own(whole: dict[str, bytes]) -> None:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert pool.submit(go_on, half()).result() == whole


def test_what_is_kept_beside_comes_back(tmp_path: Path) -> None:
    save_checkpoint(half(), tmp_path / "half", {"note": "村", "numbers": [1, 2.5, 2**120]})
    assert load_checkpoint(fresh(), tmp_path / "half") == {"note": "村", "numbers": [1, 2.5, 2**120]}


OTHERS = {
    "seed": ({"seed": 5}, "is a checkpoint of another seed: 4, not 5"),
    "replicate": ({"replicate": 3}, "is a checkpoint of another replicate: 2, not 3"),
    "a value": ({"household__own_yard": 0.5}, "another scenario: household.own_yard is 0.2046 in the file but 0.5 in the run"),
    "another programme": ({"scenario": "donation"}, "is a checkpoint of another scenario: interventions"),
    "the village": ({"village__households": 151}, "villages[0].households is 150 in the file but 151 in the run"),
}  # fmt: skip


@pytest.mark.parametrize("case", OTHERS)
def test_a_checkpoint_of_something_else_is_refused_and_changes_nothing(case: str, tmp_path: Path) -> None:
    save_checkpoint(half(), tmp_path / "half")
    arguments, told = OTHERS[case]
    other = fresh(**arguments)
    other.advance(2)
    before = content(other)
    refused(other, tmp_path / "half", told)
    assert (content(other), other.week) == (before, 2)


def refused(simulation: Simulation, path: Path, told: str) -> None:
    with pytest.raises(InputError) as error:
        load_checkpoint(simulation, path)
    line = str(error.value)
    assert line.startswith(f"{path}: ")
    assert told in line
    assert len(line.splitlines()) == 1


@pytest.mark.parametrize("what", ["fingerprint", "intervention_digests"])
def test_a_checkpoint_of_another_version_is_refused(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_checkpoint(half(), tmp_path / "half")
    monkeypatch.setattr(sim.runs.checkpoint, what, lambda *_: {"mine": "another"})
    told = {
        "fingerprint": "another version of the model",
        "intervention_digests": "another version of the scenario's own interventions",
    }[what]
    refused(fresh(), tmp_path / "half", told)


@pytest.mark.parametrize("cut", [0, 10, 1000, -1])
def test_a_truncated_checkpoint_is_refused(cut: int, tmp_path: Path) -> None:
    path = tmp_path / "half"
    save_checkpoint(half(), path)
    path.write_bytes(path.read_bytes()[:cut])
    other = fresh()
    before = content(other)
    refused(other, path, "is damaged or isn't a checkpoint")
    assert content(other) == before


def test_a_flipped_bit_is_found(tmp_path: Path) -> None:
    """The format has a checksum for each array: one bit in the middle of the file is enough."""
    path = tmp_path / "half"
    save_checkpoint(half(), path)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    refused(fresh(), path, "is damaged")


def rewritten(path: Path, **changed: Any) -> None:
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}
    arrays.update(changed)
    with path.open("wb") as stream:
        np.savez(stream, **{name: array for name, array in arrays.items() if array is not None})


@pytest.mark.parametrize(
    "changed",
    [{"f64": np.zeros((3, 3))}, {"u8": None}, {"extra": np.zeros(2)}, {"counts": np.zeros((1, 2, 87), np.int64)},
     {"head": None}, {"head": np.array("[]")}, {"head": np.array("{")}, {"head": np.array('{"week": 3}')}],
)  # fmt: skip
def test_arrays_that_don_t_fit_are_refused(changed: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "half"
    save_checkpoint(half(), path)
    rewritten(path, **changed)
    refused(fresh(), path, "is ")


@pytest.mark.parametrize("data", [b"", b"PK", b"\x93NUMPY", b"title: x\n", pickle.dumps({"week": 3})])
def test_a_file_that_is_no_checkpoint_is_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(data)
    refused(fresh(), tmp_path / "x", "is damaged or isn't a checkpoint")


def test_places_that_can_t_be_read_or_written_are_told(tmp_path: Path) -> None:
    refused(fresh(), tmp_path / "nothing", "can't be read: No such file")
    refused(fresh(), tmp_path, "can't be read: Is a directory")
    (tmp_path / "file").write_text("in the way")
    for path in (tmp_path / "file" / "half", tmp_path):
        with pytest.raises(InputError, match="can't be written"):
            save_checkpoint(half(), path)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_full_disk_leaves_the_checkpoint_that_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "half"
    save_checkpoint(half(), path)
    before = path.read_bytes()

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez_compressed", full)
    with pytest.raises(InputError, match="No space left on device"):
        save_checkpoint(half(), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_checkpoint_names_no_machine(tmp_path: Path) -> None:
    save_checkpoint(half(), tmp_path / "half")
    with np.load(tmp_path / "half") as file:
        head = json.loads(str(file["head"]))
    assert set(head) == {"layout", "model", "interventions", "seed", "replicate", "scenario", "week", "more"}
    assert str(tmp_path) not in json.dumps(head)
