"""Who makes the runs: threads of this process, or the workers of a Dask cluster."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Protocol

from sim.runs.one_run import Done, Task, run_task


class Workers(Protocol):
    """Makes tasks.

    window : tasks under way at a time. runs_in_a_task : how many runs go together. patience : seconds without a finished
    task after which to `wake`; None for ever.
    """

    window: int
    runs_in_a_task: int
    patience: float | None

    def submit(self, task: Task) -> Future[Done]:
        """Begin with a task."""

    def lost(self, job: Future[Done]) -> str | None:
        """Return why a finished task was lost with its worker; None if it wasn't. Raises InputError if none can be made."""

    def wake(self) -> None:
        """Look whether work goes on. Raises InputError if nobody is left to do it."""

    def stop(self) -> None:
        """Begin with no further task."""


class Threads:
    """Threads of this process; see `Workers`. They share the scenarios, so that a task is a single run."""

    runs_in_a_task: int = 1
    patience: float | None = None

    def __init__(self, pool: ThreadPoolExecutor, jobs: int) -> None:
        self._pool = pool
        self.window = 2 * jobs

    def submit(self, task: Task) -> Future[Done]:
        """Begin with a task."""
        return self._pool.submit(run_task, task)

    def lost(self, job: Future[Done]) -> str | None:
        """Return None: a thread isn't lost without its process."""
        return None

    def wake(self) -> None:
        """Nothing to look after."""

    def stop(self) -> None:
        """Begin with no further task; those under way can't be broken off."""
        self._pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def workers(jobs: int | None, scheduler: str | None) -> Iterator[Workers]:
    """Yield the workers of a cluster, or threads, all cores if `jobs` is None. Raises InputError for no such cluster."""
    if scheduler is not None:
        from sim.runs.cluster import cluster

        with cluster(scheduler) as found:
            yield found
        return
    count = jobs or os.cpu_count() or 1
    with ThreadPoolExecutor(count) as pool:
        yield Threads(pool, count)
