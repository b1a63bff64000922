"""Effects over draws: how a comparison changes when the uncertain values change, each draw under the same luck."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from sim.batch import Progress, run_batch
from sim.errors import InputError
from sim.scenario import Scenario
from sim.uncertainty.draw_table import DrawTable
from sim.world.columns import F64


def over_draws(
    scenarios: Mapping[str, Scenario], keys: Sequence[str], draws: F64, outcomes: Sequence[str], replicates: int,
    seed: int, weeks: int, jobs: int | None = None, *, folder: Path | None = None, scheduler: str | None = None,
    report: Callable[[Progress], None] | None = None,
) -> F64:  # fmt: skip
    """Return the outcomes' means over replicates, shape (draws, scenarios, outcomes).

    Parameters
    ----------
    draws : a row a draw, a column a key, in the units of the keys. outcomes : names of `sim.outcomes.TOTALS`.
    folder : results folder, in which an interrupted call finds its runs the next time; None keeps only the outcomes.
    scenarios, replicates, seed, weeks, jobs, scheduler, report : see `run_batch`.

    Raises
    ------
    InputError : a scenario has no such key, or a run failed; all others are made first.
    """
    table = DrawTable("points", tuple(keys), np.arange(len(draws)), np.asarray(draws, np.float64))
    batch = run_batch(
        scenarios, replicates, seed, weeks, folder, jobs, report, draws=table, keep=outcomes, scheduler=scheduler
    )  # fmt: skip
    if batch.failures:
        raise InputError(f"{len(batch.failures)} runs failed; the first: {batch.failures[0]}")
    means = np.empty((len(table), len(scenarios), len(outcomes)))
    for s, name in enumerate(scenarios):
        runs = batch.tables[name]
        of_draw = np.argsort(runs["draw"], kind="stable").reshape(len(table), replicates)
        for k, outcome in enumerate(outcomes):
            means[:, s, k] = runs[outcome][of_draw].mean(axis=1)
    return means
