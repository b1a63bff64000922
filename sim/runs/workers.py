"""Who makes the runs: threads of this process, or the workers of a Dask cluster."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Protocol

from sim.runs.task import Done, Plan, Task, simulate


class Workers(Protocol):
    """Makes tasks.

    window : tasks under way at a time. seconds : how long a task should take; they grow until they do. patience : seconds
    without a finished task after which to `wake`; None for ever.
    """

    window: int
    seconds: float
    patience: float | None

    def submit(self, task: Task) -> Future[Done]:
        """Begin with a task."""

    def result(self, job: Future[Done]) -> Done | str:
        """Return what came of a finished task, or why it was lost with its worker. Raises InputError if none can be made."""

    def wake(self) -> None:
        """Look whether work goes on. Raises InputError if nobody is left to do it."""

    def stop(self) -> None:
        """Begin with no further task."""


class Threads:
    """Threads of this process; see `Workers`."""

    seconds: float = 0.2
    patience: float | None = None

    def __init__(self, plan: Plan, pool: ThreadPoolExecutor, jobs: int) -> None:
        self._plan, self._pool = plan, pool
        self.window = 2 * jobs

    def submit(self, task: Task) -> Future[Done]:
        """Begin with a task."""
        return self._pool.submit(simulate, self._plan, task)

    def result(self, job: Future[Done]) -> Done | str:
        """Return what came of a task; a thread isn't lost without its process."""
        return job.result()

    def wake(self) -> None:
        """Nothing to look after."""

    def stop(self) -> None:
        """Begin with no further task; those under way can't be broken off."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def cores() -> int:
    """Return how many threads there are unless a number is asked for."""
    return os.cpu_count() or 1


@contextmanager
def workers(plan: Plan, jobs: int | None, scheduler: str | None) -> Iterator[Workers]:
    """Yield the workers of a cluster, or threads, all cores if `jobs` is None. Raises InputError for no such cluster."""
    if scheduler is not None:
        from sim.runs.cluster import cluster

        with cluster(plan, scheduler) as found:
            yield found
        return
    count = jobs or cores()
    with ThreadPoolExecutor(count) as pool:
        yield Threads(plan, pool, count)
