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
    """Return the outcomes' means over replicates, shape (draws, scenarios, outcomes); see `by_replicate`."""
    found = by_replicate(
        scenarios, keys, draws, outcomes, replicates, seed, weeks, jobs, folder=folder, scheduler=scheduler, report=report,
    )  # fmt: skip
    return np.asarray(found.mean(axis=1))


def by_replicate(
    scenarios: Mapping[str, Scenario], keys: Sequence[str], draws: F64, outcomes: Sequence[str], replicates: int,
    seed: int, weeks: int, jobs: int | None = None, *, folder: Keeping = None, scheduler: str | None = None,
    report: Report | None = None,
) -> F64:  # fmt: skip
    """Return the outcomes of all runs, shape (draws, replicates, scenarios, outcomes).

    A replicate has the same luck in every draw, so that means over draws share the luck of a few replicates
    (`sim.analysis.intervals`).

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
    found = np.empty((len(table), replicates, len(scenarios), len(outcomes)))
    for s, name in enumerate(scenarios):
        for k, outcome in enumerate(outcomes):
            found[:, :, s, k] = runs.tables[name][outcome].reshape(len(table), replicates)
    return found
