"""Batches: many runs of many scenarios on all cores, streamed into results folders and found there the next time.

Runs are independent and the engine releases the interpreter's lock, so threads use every core without copying
anything; a run depends only on (scenario, seed, replicate), so neither their number nor their order changes a byte. Runs
are made and written in chunks of consecutive replicates: an interruption loses at most the chunks under way.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.outcomes import GROUPS, WEEKLY, Columns
from sim.results import RunStore
from sim.runs import result_of, villages_table
from sim.scenario import Scenario
from sim.simulation import Simulation
from sim.world.columns import F64

CHUNK = 25
"""Replicates in a chunk; part of the layout of results folders."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A run that failed, and why."""

    scenario: str
    seed: int
    replicate: int
    error: str

    def __str__(self) -> str:
        return f"run failed: scenario {self.scenario}, seed {self.seed}, replicate {self.replicate}: {self.error}"


class Chunk(NamedTuple):
    """Some runs of a scenario; a failed run has no rows.

    runs : a row a run: replicate, the totals of `sim.outcomes.TOTALS`, and, as fixed-size lists by week and group, the
    weekly outcomes (float32 would lose counts above 16 million, so float64).
    villages : in a world of several, a row a run and village: replicate and the columns of `sim.runs.villages_table`.
    """

    runs: Columns
    villages: Columns
    failures: list[Failure]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is: runs done of all, of which found in results folders, and seconds since it began."""

    done: int
    found: int
    runs: int
    seconds: float

    @property
    def seconds_left(self) -> float:
        """Seconds left at the rate of the runs made so far; 0 where none was made."""
        made = self.done - self.found
        return self.seconds / made * (self.runs - self.done) if made else 0.0


def run_chunk(scenario: Scenario, name: str, seed: int, weeks: int, replicates: Iterable[int]) -> Chunk:
    """Run some replicates; the name is for telling failures."""
    rows: list[dict[str, object]] = []
    villages: list[Columns] = []
    failures: list[Failure] = []
    for replicate in replicates:
        try:
            simulation = Simulation(scenario, seed, replicate, weeks)
            simulation.advance(weeks)
            result = result_of(simulation)
        except Exception as error:  # one run must not lose the others; it is reported by name
            failures.append(Failure(name, seed, replicate, f"{type(error).__name__}: {error}"))
            continue
        rows.append(
            {"replicate": replicate, **result.totals, **{f"weekly.{o.name}": result.columns[o.name] for o in WEEKLY}}
        )
        if len(scenario.villages) > 1:
            each = villages_table(simulation)
            villages.append({"replicate": np.full(len(scenario.villages), replicate, np.int64), **each})
    columns: Columns = {}
    if rows:
        columns["replicate"] = np.array([row["replicate"] for row in rows], np.int64)
        for key in rows[0]:
            if key != "replicate":
                columns[key] = np.array([row[key] for row in rows], np.float64)
    return Chunk(columns, join(villages), failures)


def run_batch(
    scenarios: Mapping[str, Scenario],
    replicates: int,
    seed: int,
    weeks: int,
    folder: Path | None,
    jobs: int | None = None,
    report: Callable[[Progress], None] | None = None,
) -> tuple[dict[str, Columns], list[Failure]]:
    """Run every scenario with replicates 0 .. replicates - 1, or find the runs in results folders.

    Parameters
    ----------
    scenarios : by name. replicates, seed, weeks : at least 1, as in `sim.run`, at least 1.
    folder : results folder; None keeps the tables in memory only. What came of each village stands in the folder alone
        (see `RunStore.villages`), because it would outgrow the memory.
    jobs : threads; all cores if None. report : called after each chunk.

    Returns
    -------
    (tables, failures) : for each scenario the chunks' tables joined, sorted by replicate (see `Chunk.runs`).
    """
    began = time.monotonic()
    stores = {name: RunStore.open(folder, name, scenario, seed, weeks) for name, scenario in scenarios.items()}
    chunks: dict[tuple[str, int], Columns] = {}
    failures: list[Failure] = []
    todo: list[tuple[str, int]] = []
    found = 0
    for name, store in stores.items():
        for start in range(0, replicates, CHUNK):
            wanted = min(CHUNK, replicates - start)
            table = store.read(start, wanted)
            if table is not None:
                chunks[name, start] = table
                found += wanted
            else:
                todo.append((name, start))
    total = len(scenarios) * replicates
    done = found
    if report:
        report(Progress(done, found, total, 0.0))
    # Chunks alternate between scenarios, so that an interruption leaves pairs.
    todo.sort(key=lambda job: job[1])
    with ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool:
        running: dict[Future[Chunk], tuple[str, int]] = {}
        try:
            while todo or running:
                while todo and len(running) < 2 * (jobs or os.cpu_count() or 1):
                    name, start = todo.pop(0)
                    count = min(CHUNK, replicates - start)
                    job = pool.submit(run_chunk, scenarios[name], name, seed, weeks, range(start, start + count))
                    running[job] = (name, start)
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for job in finished:
                    name, start = running.pop(job)
                    chunk = job.result()
                    failures.extend(chunk.failures)
                    count = min(CHUNK, replicates - start)
                    if not chunk.failures:
                        stores[name].write(start, count, chunk.runs, chunk.villages)
                    chunks[name, start] = chunk.runs
                    done += count
                    if report:
                        report(Progress(done, found, total, time.monotonic() - began))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    tables = {
        name: join([chunks[name, start] for start in range(0, replicates, CHUNK) if chunks[name, start]])
        for name in scenarios
    }
    return tables, sorted(failures, key=lambda f: (f.scenario, f.replicate))


def join(tables: list[Columns]) -> Columns:
    """Return tables of the same columns one under the other; {} for none."""
    if not tables:
        return {}
    return {key: np.concatenate([table[key] for table in tables]) for key in tables[0]}


def weekly_of(table: Columns, outcome: str, group: str) -> F64:
    """Return a weekly outcome of a group from a batch's table, shape (runs, weeks)."""
    values = np.asarray(table[f"weekly.{outcome}"], np.float64)
    return values.reshape(values.shape[0], -1, len(GROUPS))[:, :, GROUPS.index(group)]
