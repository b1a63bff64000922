"""The one way to run: find the runs that are kept, make those that are missing, and keep each as soon as it is finished.

Runs are independent and the engine releases the interpreter's lock, so threads use every core without copying anything. A
run depends only on its scenario, its draw's values, the seed and the replicate, so neither the number of workers nor their
order changes any bit. Any number of processes may use one folder: each keeps its own runs and finds the others' once they
are finished.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np

from sim.base.errors import InputError
from sim.base.memory import check_memory
from sim.base.showing import brief
from sim.engine.simulation import bytes_of_a_run
from sim.results.keys import NO_DRAW
from sim.results.table import Table
from sim.runs.keeping import Collection, Keeping, Kept, close_all, opened
from sim.runs.lacking import Lacking, Tasks
from sim.runs.progress import Progress, Report
from sim.runs.request import Request
from sim.runs.task import Done, Failure, Plan, Task, failure
from sim.runs.workers import Workers, cores, workers

BYTES_OF_A_PAIR = 100
"""What each pair takes in the lists of keys, places and missing runs."""


RUNS, SCHEDULER = "GRASSROOTS_RUNS", "GRASSROOTS_SCHEDULER"
"""Variables of the environment for runs that don't say where they are kept, or on which cluster they are made."""


@dataclass(frozen=True)
class Runs:
    """The runs of a request.

    tables : each scenario's runs by its label (see `sim.results.table.Table`). failures : failed runs, ordered by scenario,
    draw and replicate; they have no rows. Every requested run is in one or the other.
    """

    request: Request
    tables: Mapping[str, Table]
    failures: list[Failure]

    __repr__ = brief


def run(
    request: Request,
    keeping: Keeping = None,
    *,
    jobs: int | None = None,
    scheduler: str | None = None,
    report: Report | None = None,
    stage: str = "",
) -> Runs:
    """Find the runs of a request where they are kept, and make the others.

    Parameters
    ----------
    keeping : a results folder, in which each scenario has a folder of its own; a `Collection`; a `Memory`; or None, which
        keeps the runs in the folder that the environment names (`RUNS`), or else in memory for this call only. jobs :
        threads, all cores if None. scheduler : address of a Dask scheduler whose workers make the runs; if None, the one
        that the environment names (`SCHEDULER`), or else threads of this process. report : called with the progress, which
        names the `stage`.

    Raises
    ------
    InputError : a folder can't be read or written, or a cluster can't be used. Finished runs are kept, and the same call
        continues from there.
    """
    began = time.monotonic()
    scheduler = scheduler or os.environ.get(SCHEDULER) or None
    if keeping is None and os.environ.get(RUNS):
        keeping = Path(os.environ[RUNS])
    check_size(request, jobs or cores() if scheduler is None else 0)
    kept = opened(request, keeping)
    stores = {id(one.store): one.store for one in kept.values()}
    lacking = Lacking(request, kept)
    found = done = request.runs - lacking.runs
    failures: list[Failure] = []

    def tell() -> None:
        if report:
            report(Progress(done, found, request.runs, time.monotonic() - began, stage))

    tell()
    whole = False
    try:
        if lacking.runs:
            plan = Plan.of(request)
            with workers(plan, jobs, scheduler) as pool:
                tasks = Tasks(lacking, pool, max(1, (jobs or cores()) // lacking.runs))
                for task, result in made(tasks, plan, pool):
                    _keep(request, kept, result)
                    tasks.took(task, result.seconds)
                    failures += result.failures
                    done += task.size
                    tell()
        whole = True
    finally:
        if not isinstance(keeping, Collection):
            close_all(stores.values(), whole=whole)
    return Runs(request, _tables(request, kept, failures), sorted(failures, key=_order))


def check_size(request: Request, threads: int) -> None:
    """Raise InputError if there isn't memory for a request: for runs on so many threads, and for the list of all runs."""
    size = max(bytes_of_a_run(scenario, request.weeks_of(label)) for label, scenario in request.scenarios.items())
    size *= min(2, len(request.scenarios))  # the villages that scenarios share are kept beside those of a run
    at_once = min(threads, request.runs)
    check_memory(
        size * at_once, f"{at_once} runs at a time (fewer with --jobs)" if at_once > 1 else "the run's households"
    )
    check_memory(BYTES_OF_A_PAIR * len(request.pairs), f"lists of {len(request.pairs):,} runs of each scenario")


def _order(one: Failure) -> tuple[str, int, int]:
    return one.scenario, NO_DRAW if one.draw is None else one.draw, one.replicate


def missing(request: Request, keeping: Keeping) -> int:
    """Return how many runs of a request aren't kept yet, without writing anything. Raises InputError as `run`."""
    return Lacking(request, opened(request, keeping, make=False)).runs


def _keep(request: Request, kept: Mapping[str, Kept], done: Done) -> None:
    """Keep a task's rows."""
    for label, (places, rows) in done.rows.items():
        kept[label].store.append(kept[label].keys(request, places), rows)


def _tables(request: Request, kept: Mapping[str, Kept], failures: list[Failure]) -> dict[str, Table]:
    """Return the tables of all scenarios. Raises InputError if kept runs are gone."""
    places = np.arange(len(request.pairs))
    runs = request.pairs.runs(places)
    tables = {
        label: Table(one.store.shape, runs, one.keys(request, places), one.store.pieces) for label, one in kept.items()
    }
    gone = sum(len(table.missing) for table in tables.values()) - len(failures)
    if gone:
        raise InputError(f"{gone} of {request.runs} runs are gone; run the same command again", "results")
    return tables


def made(tasks: Tasks, plan: Plan, pool: Workers) -> Iterator[tuple[Task, Done]]:
    """Yield tasks as they finish; only as many run at a time as keep the workers busy.

    A task that loses its worker repeatedly is split into single runs, so that only the run at fault fails.
    """
    running: dict[Future[Any], Task] = {}
    finished: SimpleQueue[Future[Any]] = SimpleQueue()
    waiting = iter(tasks)

    def begin(task: Task) -> None:
        job = pool.submit(task)
        running[job] = task
        job.add_done_callback(finished.put)

    try:
        while True:
            for task in islice(waiting, max(0, pool.window - len(running))):
                begin(task)
            if not running:
                return
            try:
                job = finished.get(timeout=pool.patience)
            except Empty:
                pool.wake()
                continue
            task = running.pop(job)
            done = pool.result(job)
            if isinstance(done, Done):
                yield task, done
            elif task.size == 1:
                yield task, Done({}, [failure(plan, task.labels[0], task.runs[0], done)], 0.0)
            else:
                for one in task.singly():
                    begin(one)
    except BaseException:
        pool.stop()
        raise
