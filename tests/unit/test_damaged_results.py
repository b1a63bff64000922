"""Results folders damaged on purpose: each damage is told in one line that names the file, and nothing good is lost."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import batches
import numpy as np
import pytest
from permissions import passed_for_anybody

from sim.base.errors import InputError
from sim.results import write_parquet, write_text
from sim.results.catalogue import entry
from sim.results.query import Database
from sim.scenario import Scenario, load_scenario

SMALL = {"village.households": 40, "village.party_members": 4, "village.volunteers": 1, "village.worthies": 1}
REPLICATES, WEEKS = 29, 4
"""Enough runs for several chunks, so that one can be damaged and the others are what must not be lost."""


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    set_small(monkeypatch)


def set_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.results.store.CHUNK_BYTES", 40_000)
    monkeypatch.setattr("sim.runs.lacking.MOST_PAIRS", 1)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """Return the folder of a finished batch, for tests to copy, and its tables."""
    folder = tmp_path_factory.mktemp("sound")
    with pytest.MonkeyPatch.context() as monkeypatch:
        set_small(monkeypatch)
        return folder, batch(folder)


@pytest.fixture
def whole(sound: tuple[Path, dict[str, bytes]], tmp_path: Path) -> dict[str, bytes]:
    """Return the tables of a finished batch, whose folder the test has for itself."""
    shutil.copytree(sound[0], tmp_path, dirs_exist_ok=True)
    return sound[1]


def small() -> Scenario:
    return load_scenario("baseline", SMALL)


def batch(folder: Path) -> dict[str, bytes]:
    result = batches.batch({"one": small()}, REPLICATES, 1, WEEKS, folder, 1)
    assert not result.failures
    return {key: np.asarray(column).tobytes() for key, column in result.tables["one"].items()}


def held(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def chunks(folder: Path) -> list[Path]:
    return sorted(folder.rglob("runs-*.parquet"))


def refused(folder: Path, path: Path) -> str:
    """Run the batch again, which must stop with one line that names the file and leave every file as it is."""
    before = held(folder)
    with pytest.raises(InputError) as error:
        batch(folder)
    line = str(error.value)
    assert line.startswith(f"{path}: ")
    assert len(line.splitlines()) == 1
    assert held(folder) == before
    return line


def cut(share: float) -> Callable[[bytes], bytes]:
    return lambda data: data[: int(share * len(data))]


def flipped(data: bytes) -> bytes:
    """Return the footer's last bytes changed, which say where it begins."""
    return data[:-8] + bytes(255 - byte for byte in data[-8:-4]) + data[-4:]


TRUNCATED: dict[str, Callable[[bytes], bytes]] = {
    "empty": cut(0), "a tenth": cut(0.1), "half": cut(0.5), "all but the end": cut(0.999), "footer": flipped,
    "text": lambda _: b"replicate,adopted\n0,0.5\n", "zeros": lambda data: bytes(len(data)),
    "twice": lambda data: data[: len(data) // 2] * 2,
}  # fmt: skip


@pytest.mark.parametrize("damage", TRUNCATED)
def test_a_damaged_chunk_is_named_and_the_other_one_stays(damage: str, tmp_path: Path, whole: dict[str, bytes]) -> None:
    """And once it is removed, as the line says, the batch makes it again and finds the other."""
    first, *others = chunks(tmp_path)
    assert others
    first.write_bytes(TRUNCATED[damage](first.read_bytes()))
    assert "is damaged; remove it and run again" in refused(tmp_path, first)
    kept = [other.stat().st_mtime_ns for other in others]
    first.unlink()
    assert batch(tmp_path) == whole
    assert [other.stat().st_mtime_ns for other in others] == kept


def test_a_bit_flipped_anywhere_is_found_by_every_reader(tmp_path: Path, whole: dict[str, bytes]) -> None:
    """Checksums of pages aren't enough: a bit of a page's head can make its numbers vanish without a word."""
    first, *_ = chunks(tmp_path)
    data = first.read_bytes()
    for place in range(0, len(data), len(data) // 60):
        first.write_bytes(data[:place] + bytes([data[place] ^ 8]) + data[place + 1 :])
        with pytest.raises(InputError) as error:
            batch(tmp_path)
        assert str(error.value).startswith(f"{first}: ")
        with pytest.raises(InputError) as error:
            Database([entry(first.parent)]).ask("select adopted from runs")
        assert str(error.value).startswith(f"{first}: ")
    first.write_bytes(data)
    assert batch(tmp_path) == whole


@pytest.mark.usefixtures("whole")
def test_a_bit_flipped_anywhere_never_changes_which_runs_are_listed(tmp_path: Path) -> None:
    """Who only looks for runs reads their keys, and not the whole file; the head of a page of keys tells their number."""
    first, *_ = chunks(tmp_path)
    data, runs = first.read_bytes(), entry(first.parent).runs
    for place in (*range(4, 40), *range(40, len(data), len(data) // 200)):
        first.write_bytes(data[:place] + bytes([data[place] ^ 8]) + data[place + 1 :])
        try:
            assert entry(first.parent).runs == runs
        except InputError as error:
            assert str(error).startswith(f"{first}: ")


def test_a_chunk_of_other_runs_is_refused(sound: tuple[Path, dict[str, bytes]], tmp_path: Path) -> None:
    """Copied from the folder of another seed: its columns are the same, what made it isn't."""
    shutil.copytree(sound[0], tmp_path / "here")
    other = batches.batch({"one": small()}, REPLICATES, 2, WEEKS, tmp_path / "there", 1)
    assert not other.failures
    first, *_ = chunks(tmp_path / "there")
    (folder,) = (tmp_path / "here" / "one").iterdir()
    copied = folder / first.name
    copied.write_bytes(first.read_bytes())
    assert "holds other runs than its folder" in refused(tmp_path / "here", copied)
    with pytest.raises(InputError, match="holds other runs than its folder"):
        entry(folder)


@pytest.mark.usefixtures("whole")
def test_a_whole_table_of_something_else_is_refused(tmp_path: Path) -> None:
    first, *_ = chunks(tmp_path)
    write_parquet(first, {"replicate": np.arange(3), "adopted": np.zeros(3)})
    assert "holds other runs than its folder" in refused(tmp_path, first)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"inputs": "0000000000000000"}'])
def test_a_spoilt_manifest_is_told_and_costs_no_run(text: str, tmp_path: Path, whole: dict[str, bytes]) -> None:
    """Once it is removed, as the line says, it is made again and the runs are found."""
    (path,) = tmp_path.rglob("manifest.json")
    good = path.read_bytes()
    stamps = {chunk: chunk.stat().st_mtime_ns for chunk in chunks(tmp_path)}
    path.write_text(text)
    assert "is damaged; remove it and run again" in refused(tmp_path, path)
    path.unlink()
    assert batch(tmp_path) == whole
    assert {chunk: chunk.stat().st_mtime_ns for chunk in chunks(tmp_path)} == stamps
    assert path.read_bytes() == good


def test_a_folder_where_a_chunk_should_be_is_told(tmp_path: Path, whole: dict[str, bytes]) -> None:
    first, *_ = chunks(tmp_path)
    first.unlink()
    first.mkdir()
    assert "isn't a file; move it away" in refused(tmp_path, first)
    first.rmdir()
    assert batch(tmp_path) == whole


def test_a_file_where_the_folder_of_runs_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("in the way")
    with pytest.raises(InputError, match="can't be written") as error:
        batch(tmp_path)
    assert len(str(error.value).splitlines()) == 1
    assert held(tmp_path) == {tmp_path / "one": b"in the way"}


FULL = OSError(28, "No space left on device")


@pytest.mark.parametrize("step", ["mkdir", "mkstemp", "replace"])
def test_a_disk_without_room_at_any_step_leaves_what_was_there(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "table.csv"
    write_text(path, "the old one\n")

    def full(*_: Any, **__: Any) -> None:
        raise FULL

    target = {"mkdir": (Path, "mkdir"), "mkstemp": (os, "open"), "replace": (os, "replace")}[step]
    with monkeypatch.context() as patch:
        patch.setattr(*target, full)
        with pytest.raises(InputError, match="No space left"):
            write_text(path, "the new one\n")
    assert held(tmp_path) == {path: b"the old one\n"}


def test_a_real_device_without_room_is_told() -> None:
    """/dev/full, where the system has it, takes no byte."""
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with pytest.raises(InputError, match="can't be written"):
        write_text(Path("/dev/full/x"), "x")


def test_files_and_folders_without_permission_are_told(
    request: pytest.FixtureRequest, tmp_path: Path, whole: dict[str, bytes]
) -> None:
    if passed_for_anybody(request, tmp_path):
        return
    first, second, *_ = chunks(tmp_path)
    first.chmod(0)
    try:
        with pytest.raises(InputError, match="Permission denied"):
            batch(tmp_path)
    finally:
        first.chmod(0o644)
    second.unlink()
    second.parent.chmod(0o500)
    try:
        with pytest.raises(InputError, match="can't be written: Permission denied"):
            batch(tmp_path)
    finally:
        second.parent.chmod(0o700)
    assert batch(tmp_path) == whole
