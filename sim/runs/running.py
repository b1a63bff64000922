"""Run a batch: what is there is found, what is missing is made, and every finished run is on disk at once.

Runs are independent and the engine releases the interpreter's lock, so threads use every core without copying
anything; a run depends only on (scenario, draw, seed, replicate), so neither their number nor their order changes a
byte. All scenarios and draws meet the same luck: the pair (seed, replicate) alone decides it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from itertools import islice
from pathlib import Path
from queue import Empty, SimpleQueue

from sim.results.memory import MemoryStore
from sim.results.parts import NO_DRAW
from sim.results.store import RunStore
from sim.runs.book import Book
from sim.runs.executors import Workers, workers
from sim.runs.one_run import Done, Task
from sim.runs.progress import Progress
from sim.runs.result import BatchResult, Store
from sim.scenario import Scenario, with_values
from sim.uncertainty.draw_table import DrawTable


def run_batch(
    scenarios: Mapping[str, Scenario],
    replicates: int,
    seed: int,
    weeks: int,
    folder: Path | None,
    jobs: int | None = None,
    report: Callable[[Progress], None] | None = None,
    *,
    draws: DrawTable | None = None,
    keep: Sequence[str] | None = None,
    after: BatchResult | None = None,
    scheduler: str | None = None,
) -> BatchResult:
    """Run every scenario with every draw and replicates 0 .. replicates - 1, or find the runs in results folders.

    Parameters
    ----------
    scenarios : by name. replicates, seed, weeks : at least 1, as in `sim.run`, at least 1.
    folder : results folder; None keeps the runs in memory, without what came of each village.
    jobs : threads; all cores if None. report : called after each finished task.
    draws : values to lay over every scenario; each draw is run with every replicate.
    keep : without a folder, the columns to keep besides the keys; all if None, which takes much memory.
    after : without a folder, a smaller batch of the same whose runs are there already.
    scheduler : address of a Dask scheduler whose workers make the runs; None for threads here.

    Raises
    ------
    InputError : a folder can't be read or written, a scenario has no such values as a draw sets, or a cluster can't be
        used. What was finished is kept, and the same call goes on from there.
    """
    began = time.monotonic()
    values: dict[int, dict[str, float]] = {NO_DRAW: {}} if draws is None else dict(draws.rows())
    for scenario in scenarios.values():
        with_values(scenario, next(iter(values.values())))  # an unknown key is told before anything is written
    stores: dict[str, Store] = {}
    for name, scenario in scenarios.items():
        if folder is not None:
            stores[name] = RunStore.open(folder, name, scenario, seed, weeks, draws, replicates)
        elif after is not None:
            stores[name] = after.stores[name]
        else:
            stores[name] = MemoryStore.of(scenario, weeks, draws, replicates, keep)
    total = len(scenarios) * len(values) * replicates

    def tell() -> None:
        if report:
            report(Progress(book.done, book.found, total, time.monotonic() - began))

    def tasks(size: int) -> Iterator[Task]:
        for name, draw, several in book.missing(size):
            yield Task(name, scenarios[name], draw, values[draw], seed, weeks, several)

    with Book(stores, replicates) as book:
        tell()
        if book.done < total:
            with workers(jobs, scheduler) as pool:
                for done in made(tasks(pool.runs_in_a_task), pool):
                    book.enter(*done)
                    tell()
    return BatchResult(stores, seed, weeks, replicates, draws, book.failures())


def made(tasks: Iterator[Task], pool: Workers) -> Iterator[tuple[Task, Done]]:
    """Yield tasks as they are finished; no more are under way at a time than keep the workers busy.

    A task whose worker was lost again and again is taken apart; the run that is to blame fails and the others don't.
    """
    running: dict[Future[Done], Task] = {}
    finished: SimpleQueue[Future[Done]] = SimpleQueue()

    def begin(task: Task) -> None:
        job = pool.submit(task)
        running[job] = task
        job.add_done_callback(finished.put)

    try:
        while True:
            for task in islice(tasks, pool.window - len(running)):
                begin(task)
            if not running:
                return
            try:
                job = finished.get(timeout=pool.patience)
            except Empty:
                pool.wake()
                continue
            task = running.pop(job)
            lost = pool.lost(job)
            if lost is None:
                yield task, job.result()
            elif len(task.replicates) == 1:
                yield task, Done([], [task.failure(task.replicates[0], lost)])
            else:
                for replicate in task.replicates:
                    begin(task._replace(replicates=(replicate,)))
    except BaseException:
        pool.stop()
        raise
