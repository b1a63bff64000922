"""Effects over draws of uncertain values; all draws have the same luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim.base.arrays import F64
from sim.base.errors import InputError
from sim.runs import Keeping, Report, Request, run
from sim.scenario import Scenario
from sim.uncertainty.draw_table import DrawTable


def over_draws(
    scenarios: Mapping[str, Scenario], keys: Sequence[str], draws: F64, outcomes: Sequence[str], replicates: int,
    seed: int, weeks: int, jobs: int | None = None, *, folder: Keeping = None, scheduler: str | None = None,
    report: Report | None = None,
) -> F64:  # fmt: skip
    """Return the outcomes' means over replicates, shape (draws, scenarios, outcomes).

    Parameters
    ----------
    draws : a row a draw, a column a key, in the units of the keys.
    outcomes : observables of one number, such as ``adopted`` or ``clean@26`` (see `sim.results.rows`).
    folder : results folder, in which an interrupted call finds its runs the next time; None keeps none.
    scenarios, replicates, seed, weeks, jobs, scheduler, report : see `sim.runs.run`.

    Raises
    ------
    InputError : a scenario has no such key, or a run failed (after all other runs are finished).
    """
    table = DrawTable("points", tuple(keys), np.arange(len(draws)), np.asarray(draws, np.float64))
    request = Request.of(scenarios, replicates, seed, weeks, table, outcomes)
    runs = run(request, folder, jobs=jobs, scheduler=scheduler, report=report)
    if runs.failures:
        raise InputError(f"{len(runs.failures)} runs failed; the first: {runs.failures[0]}")
    means = np.empty((len(table), len(scenarios), len(outcomes)))
    for s, name in enumerate(scenarios):
        for k, outcome in enumerate(outcomes):
            means[:, s, k] = runs.tables[name][outcome].reshape(len(table), replicates).mean(axis=1)
    return means
