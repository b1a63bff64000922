"""The workers of a Dask cluster, which make the runs and send them back; this process writes them.

A cluster needs no shared folder: a task carries the scenario, its draw's values and the text of interventions from outside the
package, and returns numbers. A lost worker costs only its unfinished tasks, which others repeat; a task that loses several
workers is split, so that a run that kills its worker is reported by name. Workers must have the same version of the
package; a worker with another one ends with an error.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from sim.base.errors import InputError
from sim.base.sources import fingerprint
from sim.interventions import intervention_files, take_intervention_files
from sim.runs.task import Done, Packed, Plan, Task, simulate

SECONDS = 2.0
"""How long a task should take, because each costs the scheduler a millisecond or more."""
PATIENCE = 30.0
"""Seconds to wait for the scheduler, for a first worker, and for another one when all are lost."""

_taking_in = Lock()


class Cluster:
    """The workers of a cluster; see `sim.runs.workers.Workers`. client : a `distributed.Client`.

    Raises InputError for an intervention whose class only this process has.
    """

    seconds: float = SECONDS
    patience: float | None = PATIENCE

    def __init__(self, plan: Plan, client: Any, address: str) -> None:
        for scenario in plan.scenarios.values():
            for intervention in scenario.interventions:
                if type(intervention).__module__ == "__main__":
                    reason = "can't be sent to workers: put its class into a file for --interventions"
                    raise InputError(f"intervention '{intervention.kind}' {reason}")
        self._plan = pickle.dumps(plan)
        self._client = client
        self._address = address
        self._executor = client.get_executor(pure=False)
        self._interventions = intervention_files()
        self.window = 4 * max(1, sum(client.nthreads().values()))

    def submit(self, task: Task) -> Future[Packed]:
        """Begin a task."""
        job: Future[Packed] = self._executor.submit(make, self._plan, task, self._interventions, _model())
        return job

    def result(self, job: Future[Packed]) -> Done | str:
        """Return a task's result, or why it was lost with its workers.

        Raises InputError if the scheduler is gone, or a worker can't make runs of this model.
        """
        from distributed import KilledWorker

        try:
            error = job.exception()
        except CancelledError:
            raise self._gone("the scheduler is gone") from None
        if error is None:
            return job.result().unpacked()
        if isinstance(error, KilledWorker):
            return "the workers that tried it were lost (killed, or out of memory)"
        if isinstance(error, InputError):
            raise error
        raise self._gone(f"a worker can't make runs: {type(error).__name__}: {error}")

    def wake(self) -> None:
        """Look for workers after a while without results. Raises InputError if none is left."""
        if self._client.status != "running":
            raise self._gone("the scheduler is gone")
        if not self._client.nthreads():
            raise self._gone("no worker is left")

    def stop(self) -> None:
        """Begin no further task, and cancel those that haven't begun."""
        if self._client.status == "running":
            self._executor.shutdown(wait=False)

    def _gone(self, why: str) -> InputError:
        return InputError(f"{why}; finished runs are kept, and the same command continues from there", self._address)


@cache
def _model() -> str:
    return fingerprint()


def make(plan: bytes, task: Task, interventions: dict[Path, bytes], model: str) -> Packed:
    """Make the runs of a task on a worker, and return them packed.

    plan : pickled. interventions : text of files of interventions by path. model : the required fingerprint of the model.

    Raises
    ------
    InputError : this worker has another model, or lacks a package of interventions.
    """
    if _model() != model:
        raise InputError("a worker has another version of the model: install this one there and start it again")
    with _taking_in:
        take_intervention_files(interventions)
        known = _unpickled(plan, tuple(sorted(interventions.items())))
    return Packed.of(simulate(known, task))


@lru_cache(4)
def _unpickled(plan: bytes, interventions: tuple[tuple[Path, bytes], ...]) -> Plan:
    """Return a plan whose interventions' classes come from these files."""
    try:
        known: Plan = pickle.loads(plan)
    except ImportError as error:
        raise InputError(f"a worker lacks a package: {error}") from None
    return known


@contextmanager
def cluster(plan: Plan, address: str) -> Iterator[Cluster]:
    """Yield the workers behind a scheduler's address, such as ``tcp://127.0.0.1:8786``.

    Raises
    ------
    InputError : dask.distributed isn't installed, no scheduler answers, or it has no worker.
    """
    try:
        from distributed import Client
    except ImportError:
        raise InputError("needs dask.distributed: run pip install 'grassroots[cluster]'", "--scheduler") from None
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(f"no scheduler answers ({str(error).splitlines()[0][:80]})", address) from None
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        client.close()
        raise InputError("has no workers: start some with `dask worker ADDRESS`", address) from None
    try:
        yield Cluster(plan, client, address)
    finally:
        client.close()
