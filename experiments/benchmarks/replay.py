"""A preload of Dask's workers (``dask worker --preload``): they send back made-up rows, so that no run takes any time."""

from __future__ import annotations

import numpy as np

import sim.runs.cluster
from sim.runs.task import Done, Plan, Task


def replay(plan: Plan, task: Task) -> Done:
    """Return random rows in place of a task's runs."""
    numbers = np.random.default_rng(1)
    rows = {label: (task.places, numbers.random((len(task.places), plan.shapes[label].width))) for label in task.labels}
    return Done(rows, [], 0.0)


def dask_setup(worker: object) -> None:
    """Put `replay` in the place of the function that simulates; Dask calls this in each worker."""
    sim.runs.cluster.simulate = replay  # type: ignore[attr-defined]
