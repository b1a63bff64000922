"""The workers that make runs: threads of this process, or those of a Dask cluster."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Protocol

from sim.runs.task import Done, Plan, Task, simulate


class Workers(Protocol):
    """Workers that make tasks.

    window : tasks that run or wait at a time. seconds : how long a task should take; tasks grow until they do. patience :
    seconds without a finished task after which to `wake`; None for never.
    """

    window: int
    seconds: float
    patience: float | None

    def submit(self, task: Task) -> Future[Any]:
        """Begin a task."""

    def result(self, job: Future[Any]) -> Done | str:
        """Return a finished task's result, or why it was lost with its worker. Raises InputError if none can be made."""

    def wake(self) -> None:
        """Check that workers are left. Raises InputError if none is."""

    def stop(self) -> None:
        """Begin no further task."""


class Threads:
    """Threads of this process; see `Workers`."""

    seconds: float = 0.2
    patience: float | None = None

    def __init__(self, plan: Plan, pool: ThreadPoolExecutor, jobs: int) -> None:
        self._plan, self._pool = plan, pool
        self.window = 2 * jobs

    def submit(self, task: Task) -> Future[Any]:
        """Begin a task."""
        return self._pool.submit(simulate, self._plan, task)

    def result(self, job: Future[Any]) -> Done | str:
        """Return a task's result; a thread can't be lost without its process."""
        done: Done = job.result()
        return done

    def wake(self) -> None:
        """Do nothing: threads need no check."""

    def stop(self) -> None:
        """Begin no further task; running ones can't be cancelled."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def cores() -> int:
    """Return the default number of threads."""
    return os.cpu_count() or 1


@contextmanager
def workers(plan: Plan, jobs: int | None, scheduler: str | None) -> Iterator[Workers]:
    """Yield the workers of a cluster, or threads, on all cores if `jobs` is None. Raises InputError if there is no cluster."""
    if scheduler is not None:
        from sim.runs.cluster import cluster

        with cluster(plan, scheduler) as remote:
            yield remote
        return
    count = jobs or cores()
    with ThreadPoolExecutor(count) as pool:
        yield Threads(plan, pool, count)
