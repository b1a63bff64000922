"""Runs go on from a pickle, a copy or a checkpoint to the same bytes; a checkpoint of something else is refused in a line."""

from __future__ import annotations

import copy
import hashlib
import json
import multiprocessing
import os
import pickle
import tracemalloc
import zlib
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim.runs.checkpoint
from sim.base.errors import InputError
from sim.engine.simulation import Simulation
from sim.engine.world.declaration import BLOCKS, COLUMNS
from sim.runs.checkpoint import load_checkpoint, save_checkpoint
from sim.runs.ranges import out_of_range
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


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("saved") / "half"
    save_checkpoint(half(), path)
    return path.read_bytes()


@pytest.mark.parametrize("cut", [0, 10, 1000, -1])
def test_a_truncated_checkpoint_is_refused(cut: int, saved: bytes, tmp_path: Path) -> None:
    (tmp_path / "half").write_bytes(saved[:cut])
    refused_and_unchanged(tmp_path / "half", "is damaged or isn't a checkpoint")


def refused_and_unchanged(path: Path, told: str) -> None:
    other = fresh()
    other.advance(2)
    before = content(other)
    refused(other, path, told)
    assert (content(other), other.week) == (before, 2)


def test_any_flipped_bit_is_found(saved: bytes, tmp_path: Path) -> None:
    """200 bits: those of the first lines, where the format stands, and others drawn from the whole file."""
    path, other = tmp_path / "half", fresh()
    drawn = np.random.default_rng(1).integers(8 * len(saved), size=100)
    for bit in (*range(100), *map(int, drawn)):
        data = bytearray(saved)
        data[bit >> 3] ^= 1 << (bit & 7)
        path.write_bytes(data)
        refused(other, path, "is ")
    assert content(other) == content(fresh())


def crafted(saved: bytes, path: Path, head: Any = None, **arrays: Any) -> None:
    """Write a checkpoint with another head or other arrays, and a checksum that fits: what a stranger might send.

    arrays : by name of a block, what is put into a copy of it, as (column, value).
    """
    first, _, line, packed = saved.split(b"\n", 3)
    simulation = half()
    state = simulation.state
    blocks = {block: getattr(state, block).copy() for block in BLOCKS}
    for block, (name, value) in arrays.items():
        blocks[block][COLUMNS[name].row, -1] = value
    data = b"".join(array.tobytes() for array in (*blocks.values(), simulation.counts[:HALF], simulation.totals[:HALF]))
    if not arrays:
        assert zlib.decompress(packed) == data
    rest = (line if head is None else head) + b"\n" + (zlib.compress(data) if arrays else packed)
    path.write_bytes(first + b"\n" + hashlib.sha256(rest).hexdigest().encode() + b"\n" + rest)


CRAFTED = {
    "a turn beyond the list": {"lists": ("list_next", 2**31 - 1)},
    "a turn before the list": {"lists": ("list_next", -5)},
    "a caller's turn": {"team_i32": ("team_next", 2**30)},
    "another household's list": {"lists": ("list_stop", 10**6)},
    "a household in no village": {"village_i64": ("stop", 10**9)},
    "a plot outside the plan": {"i32": ("plot", -7)},
    "paid hands": {"village_i64": ("paid_next", 80)},
    "awards": {"village_i64": ("award_next", -1)},
    "disputes": {"village_i64": ("dispute_next", 10**12)},
    "a rung that doesn't exist": {"u8": ("rung", 4)},
    "half a clean yard": {"u8": ("clean", 2)},
    "no number": {"f64": ("trust", np.nan)},
    "infinite": {"f64": ("clutter", np.inf)},
    "below zero": {"f64": ("habit", -1e-9)},
    "no time for a visit": {"village_i64": ("visit_seconds", 0)},
}


@pytest.mark.parametrize("case", CRAFTED)
def test_columns_that_compiled_code_can_t_bear_are_refused(case: str, saved: bytes, tmp_path: Path) -> None:
    ((block, (name, value)),) = CRAFTED[case].items()
    crafted(saved, tmp_path / "half", **{block: (name, value)})
    refused_and_unchanged(tmp_path / "half", f"is damaged ({name} ")


def test_what_is_crafted_without_a_change_is_accepted(saved: bytes, tmp_path: Path) -> None:
    crafted(saved, tmp_path / "half")
    assert load_checkpoint(fresh(), tmp_path / "half") == {}


HEADS = {
    "nothing": b"", "a list": b"[]", "cut": b"{", "no more": b'{"week": 3}', "deep": b"[" * 100_000,
    "deep and whole": b'{"week":1,"more":{},"x":' + b"[" * 900 + b"]" * 900 + b"}",
    "a week that is none": b'{"week": true, "more": {}}', "far away": b'{"week": 4000000000, "more": {}}',
    "not UTF-8": b'{"week": 1, "more": {"\xff": 1}}', "a large number": b'{"week": 1' + b"0" * 5000 + b', "more": {}}',
}  # fmt: skip


@pytest.mark.parametrize("case", HEADS)
def test_a_head_that_isn_t_one_is_refused(case: str, saved: bytes, tmp_path: Path) -> None:
    crafted(saved, tmp_path / "half", HEADS[case])
    refused_and_unchanged(tmp_path / "half", "is ")


@pytest.mark.parametrize("week", [0, HALF - 1, HALF + 1, 60_000])
def test_a_record_of_another_length_is_refused(week: int, saved: bytes, tmp_path: Path) -> None:
    head = {**json.loads(saved.split(b"\n", 3)[2]), "week": week}
    crafted(saved, tmp_path / "half", json.dumps(head).encode())
    refused_and_unchanged(tmp_path / "half", "its arrays don't fit its scenario")


def test_a_stream_that_swells_takes_no_memory(saved: bytes, tmp_path: Path) -> None:
    """A gigabyte of zeros in a megabyte: reading stops at the size of the run."""
    first, _, line, _ = saved.split(b"\n", 3)
    stream = zlib.compressobj(9)
    block = bytes(1 << 24)
    rest = line + b"\n" + b"".join(stream.compress(block) for _ in range(64)) + stream.flush()
    (tmp_path / "half").write_bytes(first + b"\n" + hashlib.sha256(rest).hexdigest().encode() + b"\n" + rest)
    other = fresh()
    tracemalloc.start()
    refused(other, tmp_path / "half", "its arrays don't fit its scenario")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 1 << 25


def test_every_column_stays_within_its_limits() -> None:
    """Otherwise a checkpoint of a good run would be refused; every intervention, week by week."""
    simulation, other = fresh(), fresh()
    for _ in range(WEEKS):
        simulation.advance()
        arrays = {block: getattr(simulation.state, block) for block in BLOCKS} | {"totals": simulation.totals}
        assert out_of_range(other, arrays) == ""


def test_a_checkpoint_of_the_first_edition_is_told(tmp_path: Path) -> None:
    with (tmp_path / "half").open("wb") as stream:
        np.savez_compressed(stream, head=np.array("{}"))
    refused(fresh(), tmp_path / "half", "is a checkpoint of another version of the model; run it from the start")


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

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(InputError, match="No space left on device"):
        save_checkpoint(half(), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_checkpoint_names_no_machine(tmp_path: Path) -> None:
    save_checkpoint(half(), tmp_path / "half")
    head = json.loads((tmp_path / "half").read_bytes().split(b"\n", 3)[2])
    assert set(head) == {"layout", "model", "interventions", "seed", "replicate", "scenario", "week", "more"}
    assert str(tmp_path) not in json.dumps(head)
