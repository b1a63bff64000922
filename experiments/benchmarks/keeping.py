"""What keeping and collecting cost: finding finished runs, the collector behind 1,000 workers, real runs through Dask.

    PYTHONPATH=experiments python -m benchmarks.keeping [--runs 100000] [--only through_dask]

- `finding`: seconds and memory of a fresh process to find so many finished runs of everything that batches keep.
- `collecting`: the process that collects, behind 1,000 simulated workers whose runs take the times that were recorded here;
  they hand over totals in tasks of 1,000 runs. The collector must keep up with 100,000 runs a second.
- `through_dask`: so many real runs of totals, of a hamlet, through Dask's own scheduler and two workers on this machine: the
  processor time of this process, which collects, and that of the scheduler, for each run.
- `replayed`: ten times as many through the same, with workers that make up their rows, as many workers would be as fast.
- `on_two_threads`: seconds of a batch of a town of 32 villages, and of one run of it, on two threads divided by those on one.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

import sim.runs.service as service
from sim.base.arrays import F64
from sim.engine.simulation import Simulation
from sim.results.rows import TOTAL_UNITS
from sim.runs import Request, run
from sim.runs.keeping import opened
from sim.runs.task import Done, Packed, Plan, Task, simulate
from sim.scenario import load_scenario

SEED, WEEKS, WORKERS, REAL = 5, 104, 1000, 60
TOTALS = tuple(TOTAL_UNITS)
HAMLET, HAMLET_WEEKS = {"village.households": 20, "village.party_members": 2, "village.volunteers": 1}, 4
"""A village whose runs take hardly a millisecond, so that workers ask more of client and scheduler than they ever do else."""
FIND = """
import resource, sys, time
from pathlib import Path
from benchmarks.keeping import request
from sim.runs import missing
import numpy, pyarrow.parquet
wanted = request(int(sys.argv[2]))
began, cpu = time.perf_counter(), time.process_time()
left = missing(wanted, Path(sys.argv[1]))
seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
(peak,) = (line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(left, seconds, cpu, int(peak) / 1024)
"""


def request(runs: int, observed: tuple[str, ...] | None = None) -> Request:
    """Return the request for so many runs of the default village."""
    return Request.of({"baseline": load_scenario("baseline")}, runs, SEED, WEEKS, observed=observed)


def real_rows(observed: tuple[str, ...] | None = None) -> tuple[F64, float]:
    """Return the rows of some real runs, and the seconds that a run takes."""
    wanted = request(REAL, observed)
    places = np.arange(REAL)
    task = Task(("baseline",), places, wanted.pairs.runs(places), np.empty((REAL, 0)))
    simulate(Plan.of(wanted), task)  # the first compiles
    done = simulate(Plan.of(wanted), task)
    return done.rows["baseline"][1], done.seconds / REAL


def finding(runs: int) -> dict[str, float]:
    """Keep so many runs, real ones over and over, and find them in a process of its own."""
    rows, _ = real_rows()
    with tempfile.TemporaryDirectory() as name:
        wanted = request(runs)
        (kept,) = opened(wanted, Path(name)).values()
        began = time.perf_counter()
        for first in range(0, runs, 200):
            places = np.arange(first, min(first + 200, runs))
            kept.store.append(wanted.pairs.runs(places), rows[places % len(rows)])
        kept.store.close(whole=True)
        keeping = time.perf_counter() - began
        size = sum(path.stat().st_size for path in Path(name).rglob("*.parquet"))
        found = []
        for _ in range(3):
            done = subprocess.run(
                [sys.executable, "-c", FIND, name, str(runs)], capture_output=True, text=True, check=True
            )
            left, seconds, cpu, peak = map(float, done.stdout.split())
            assert left == 0
            found.append((seconds, cpu, peak))
    seconds, cpu, peak = map(min, zip(*found, strict=True))
    return {
        "finding_seconds": seconds, "finding_cpu_seconds": cpu, "finding_mb": peak, "keeping_ms_a_run": 1000 * keeping / runs,
        "kb_a_run": size / runs / 1000,
    }  # fmt: skip


class Simulated:
    """Workers whose results are there at once, so that the collector alone takes time; see `sim.runs.workers.Workers`."""

    window, seconds, patience = 4 * WORKERS, 1e9, None

    def __init__(self, rows: F64) -> None:
        self._rows = rows

    def submit(self, task: Task) -> Future[Any]:
        """Return the packed rows of a task."""
        job: Future[Any] = Future()
        rows = {label: (task.places, self._rows[task.places % len(self._rows)]) for label in task.labels}
        job.set_result(Packed.of(Done(rows, [], 0.0)))
        return job

    def result(self, job: Future[Any]) -> Done:
        """Unpack them."""
        packed: Packed = job.result()
        return packed.unpacked()

    def wake(self) -> None:
        """Nothing to look after."""

    def stop(self) -> None:
        """Nothing to stop."""


def collecting(runs: int) -> dict[str, float]:
    """Collect so many runs of totals from simulated workers, in tasks of 1,000."""
    rows, each = real_rows(TOTALS)

    @contextmanager
    def simulated(*_: object) -> Iterator[Simulated]:
        yield Simulated(rows)

    real = service.workers
    service.workers = simulated  # type: ignore[assignment]
    try:
        with tempfile.TemporaryDirectory() as name:
            wanted = request(runs, TOTALS)
            wall, cpu = time.perf_counter(), time.process_time()
            table = run(wanted, Path(name)).tables["baseline"]
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            assert table.runs == runs
    finally:
        service.workers = real
    # What a worker does in a simulated second: it hands over a task of 1,000 runs every 1,000 run times.
    offered = WORKERS / each
    return {
        "collector_ms_a_run": 1000 * wall / runs, "collector_cpu_ms_a_run": 1000 * cpu / runs,
        "collector_runs_a_second": runs / wall, "offered_runs_a_second": offered,
    }  # fmt: skip


@contextmanager
def machines(folder: Path, preload: Path | None) -> Iterator[tuple[str, int]]:
    """Start Dask's own scheduler and two workers of one thread; yield (the scheduler's address, its process).

    preload : a file that the workers load first.
    """
    file = folder / "scheduler.json"
    with (folder / "log").open("w") as log:

        def start(*arguments: str) -> subprocess.Popen[bytes]:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments, "--no-dashboard"], stdout=log, stderr=log
            )  # fmt: skip

        processes = [start("scheduler", "--port", "0", "--scheduler-file", str(file), "--host", "127.0.0.1")]
        try:
            while not file.exists() or not file.read_text().strip():
                time.sleep(0.1)
            address = json.loads(file.read_text())["address"]
            first = [] if preload is None else ["--preload", str(preload)]
            processes += [start("worker", address, "--nthreads", "1", *first) for _ in range(2)]
            yield address, processes[0].pid
        finally:
            for process in reversed(processes):
                process.terminate()
            for process in processes:
                try:
                    process.wait(60)
                except subprocess.TimeoutExpired:  # a worker that was told to end while it began
                    process.kill()


def through_dask(runs: int, name: str = "dask", preload: Path | None = None) -> dict[str, float]:
    """Make so many runs of totals of a hamlet on two worker processes of Dask's; see `machines`."""
    from psutil import Process

    hamlet = {"hamlet": load_scenario("baseline", HAMLET)}
    tasks = 0

    def count(_: object) -> None:
        nonlocal tasks
        tasks += 1

    with tempfile.TemporaryDirectory() as folder, machines(Path(folder), preload) as (address, scheduler):

        def seconds() -> tuple[float, float, float]:
            """Return (seconds on the wall, of this process, of the scheduler)."""
            times = Process(scheduler).cpu_times()
            return time.perf_counter(), time.process_time(), times.user + times.system

        run(
            Request.of(hamlet, 8, SEED, HAMLET_WEEKS, observed=TOTALS), scheduler=address
        )  # workers compile, or load the code
        before = seconds()
        time.sleep(10.0)
        idle, _, kept_busy = (after - ago for after, ago in zip(seconds(), before, strict=True))
        before = seconds()
        wanted = Request.of(hamlet, runs, SEED, HAMLET_WEEKS, observed=TOTALS)
        done = run(wanted, Path(folder) / "results", scheduler=address, report=count)
        wall, client, scheduling = (after - ago for after, ago in zip(seconds(), before, strict=True))
        assert not done.failures and done.tables["hamlet"].runs == runs
    return {
        f"{name}_seconds": wall, f"{name}_runs_a_second": runs / wall, f"{name}_tasks": tasks - 1,
        f"{name}_client_ms_a_run": 1000 * client / runs, f"{name}_scheduler_ms_a_run": 1000 * scheduling / runs,
        f"{name}_idle_scheduler_share": kept_busy / idle,
    }  # fmt: skip


def on_two_threads(turns: int = 8) -> dict[str, float]:
    """Run a town on one thread and on two in turn, and compare the fastest turns."""
    town = load_scenario("town")

    def batch(threads: int) -> None:
        run(Request.of({"town": town}, 12, SEED, WEEKS), jobs=threads)

    def one(threads: int) -> None:
        Simulation(town, SEED, 0, WEEKS).advance(WEEKS, threads)

    ratios = {}
    for name, measured in (("town_batch_two_threads", batch), ("town_run_two_threads", one)):
        seconds: dict[int, list[float]] = {1: [], 2: []}
        for turn in range(turns):
            for threads in (1, 2) if turn % 2 else (2, 1):
                began = time.perf_counter()
                measured(threads)
                seconds[threads].append(time.perf_counter() - began)
        ratios[name] = min(seconds[2]) / min(seconds[1])
    return ratios


def main() -> None:
    """Measure all five, or one, and print the figures of each as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--only", choices=("finding", "collecting", "through_dask", "replayed", "on_two_threads"))
    options = parser.parse_args()
    measured = {
        "finding": lambda: finding(options.runs), "collecting": lambda: collecting(10 * options.runs),
        "through_dask": lambda: through_dask(options.runs),
        "replayed": lambda: through_dask(10 * options.runs, "replayed", Path(__file__).with_name("replay.py")),
        "on_two_threads": on_two_threads,
    }  # fmt: skip
    for name in (options.only,) if options.only else measured:
        print(json.dumps(measured[name](), indent=1), flush=True)


if __name__ == "__main__":
    main()
