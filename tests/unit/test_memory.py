"""Memory: what is free is read from the machine, the container and the process, and a run's need is known beforehand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from command_line import command
from corpora import CORPUS

from sim.base import memory
from sim.base.errors import InputError
from sim.engine.simulation import Simulation, bytes_of_a_run
from sim.scenario import load_scenario


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for /proc and /sys, without any limit on the process."""
    monkeypatch.setattr(memory, "_MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(memory, "_CGROUPS", tmp_path)
    return tmp_path


def test_the_least_of_machine_and_container_is_free(system: Path) -> None:
    assert memory.free_memory() is None
    (system / "meminfo").write_text("MemTotal: 9 kB\nMemAvailable:    8000 kB\nSwapFree: 1 kB\n")
    assert memory.free_memory() == 8_192_000
    (system / "memory.max").write_text("max\n")
    (system / "memory.current").write_text("1000\n")
    assert memory.free_memory() == 8_192_000
    (system / "memory.max").write_text("701000\n")
    assert memory.free_memory() == 700_000
    (system / "memory").mkdir()
    (system / "memory" / "memory.limit_in_bytes").write_text("5000\n")
    (system / "memory" / "memory.usage_in_bytes").write_text("6000\n")
    assert memory.free_memory() == -1000


def test_what_needs_more_is_refused_in_one_line(system: Path) -> None:
    memory.check_memory(10**15, "the run's households")  # nobody knows what is free
    (system / "meminfo").write_text("MemAvailable: 60000 kB\n")
    memory.check_memory(61_000_000, "two lists")
    with pytest.raises(InputError, match=r"^not enough memory: two lists need 62 MB, and 61\.4 MB are free$"):
        memory.check_memory(62_000_000, "two lists")
    with pytest.raises(InputError, match="need 272 TB, and"):
        memory.check_memory(272 * 10**12, "two lists")


@pytest.mark.parametrize("ties", [0, 3, 20])
def test_a_run_needs_about_what_is_foreseen(ties: int) -> None:
    sets = {"village.households": 20_000, "village.ties.local": ties, "village.ties.newcomer": ties}
    scenario = load_scenario("baseline", sets)
    simulation = Simulation(scenario, weeks=4)
    arrays = [part for part in simulation.state if isinstance(part, np.ndarray)]
    held = sum(array.nbytes for array in arrays) + simulation.counts.nbytes + simulation.totals.nbytes
    assert 0.4 * bytes_of_a_run(scenario, 4) < held < bytes_of_a_run(scenario, 4)


def test_check_says_what_a_run_needs(
    system: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(CORPUS / "files")
    (system / "meminfo").write_text("MemAvailable: 1000000 kB\n")
    assert command(["check", "small.yaml", "huge.yaml"], monkeypatch) == 0
    captured = capsys.readouterr()
    first, second = captured.out.splitlines()
    assert first.endswith("1 village(s), 4 weeks, 15.8 kB of memory a run")
    assert second.endswith("320 village(s), 104 weeks, 341 GB of memory a run")
    assert captured.err == "huge.yaml: not enough memory to run it here: 1.02 GB are free\n"
