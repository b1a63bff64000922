"""A batch's memory doesn't grow with its runs."""

from __future__ import annotations

import tracemalloc
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from own_process import output_of

from sim.runs import Collection, Request, run
from sim.runs.keeping import Keeping
from sim.runs.task import Task
from sim.runs.workers import Threads
from sim.scenario import load_scenario
from sim.uncertainty.draw_table import DrawTable

PROGRAM = """
import sys
from pathlib import Path
import numpy as np
import sim.runs.workers
from sim.runs import Request, run
from sim.runs.task import Done
from sim.results.rows import RowShape
from sim.scenario import load_scenario
from sim.uncertainty.draw_table import DrawTable

scenario = load_scenario("baseline", {"village.households": 20, "village.party_members": 2})
row = np.random.default_rng(1).random(RowShape.of(scenario, 4).width)
sim.runs.workers.simulate = lambda plan, task: Done({"one": (task.places, row + task.runs[:, 1:])}, [], 0.0)
draws = DrawTable("x", ("household.persuasion",), np.arange(int(sys.argv[2])), np.ones((int(sys.argv[2]), 1)))
found = run(Request.of({"one": scenario}, 4, 1, 4, draws), Path(sys.argv[1]), jobs=1)
assert found.tables["one"].runs == 4 * len(draws)
assert found.tables["one"]["adopted"].size == 4 * len(draws)
# Not getrusage: on Linux a child's peak there begins with its parent's.
(peak,) = (line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(int(peak) / 1024)
"""


def peak(runs: int, folder: Path) -> float:
    """Return the peak memory in MB of a batch of so many runs in a process of its own."""
    return float(output_of(PROGRAM, str(folder), str(runs // 4)))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system doesn't tell a process's own peak")
def test_many_runs_take_hardly_more_memory_than_a_third_of_them(tmp_path: Path) -> None:
    """Runs are made up, because it is the batch that is tested, and 3 kB each. Kept, 16,000 more would take 48 MB."""
    few, many = peak(8_000, tmp_path / "few"), peak(24_000, tmp_path / "many")
    assert many < few + 30
    assert many < 500


@pytest.mark.parametrize("over_draws", [False, True], ids=["a folder", "a collection over draws"])
def test_nothing_is_listed_run_by_run_before_the_first(
    over_draws: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred times as many runs take hardly more objects, and little more memory, until the first task begins."""
    blocks: list[int] = []

    def begin(self: Threads, task: Task) -> Future[Any]:
        blocks.append(sum(one.count for one in tracemalloc.take_snapshot().statistics("filename")))
        raise InterruptedError

    monkeypatch.setattr(Threads, "submit", begin)
    scenarios = {name: load_scenario(name) for name in ("baseline", "donation")}
    draws = DrawTable("x", ("household.persuasion",), np.arange(100), np.linspace(0.5, 1.0, 100)[:, None])

    def until_first_task(replicates: int) -> tuple[int, int]:
        """Return (number of blocks of memory, greatest number of bytes)."""
        table, each = (draws, replicates // len(draws)) if over_draws else (None, replicates)
        request = Request.of(scenarios, each, 1, 104, table, ["adopted"])
        keeping: Keeping = Collection(None, "x") if over_draws else tmp_path / str(replicates)
        tracemalloc.start()
        try:
            with pytest.raises(InterruptedError):
                run(request, keeping, jobs=1)
            return blocks.pop(), tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    until_first_task(100)  # what is looked up only once
    (few, small), (many, large) = until_first_task(10_000), until_first_task(1_000_000)
    assert many <= few + 500
    assert large < small + 5_000_000  # eight bytes for each of two million runs would be 16 MB
