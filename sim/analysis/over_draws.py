"""Effects over draws of uncertain values; all draws have the same luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim.base.arrays import F64
from sim.base.errors import InputError
from sim.engine.outcomes import GROUPS
from sim.engine.simulation import Simulation
from sim.runs import Keeping, Report, Request, run
from sim.runs.single import RunResult, result_of
from sim.scenario import Scenario, with_values
from sim.uncertainty.draw_table import DrawTable


def run_draw(
    scenario: Scenario, values: Mapping[str, float], outcomes: Sequence[str], replicates: Sequence[int], seed: int,
    weeks: int,
) -> F64:  # fmt: skip
    """Return outcomes of replicates with these values, shape (replicates, outcomes).

    outcomes : names of `sim.engine.outcomes.TOTALS`, or ``NAME@WEEKS``: a weekly outcome of all households after so many
    weeks.
    """
    changed = with_values(scenario, values)
    found = np.zeros((len(replicates), len(outcomes)))
    for r, replicate in enumerate(replicates):
        simulation = Simulation(changed, seed, replicate, weeks)
        simulation.advance(weeks)
        result = result_of(simulation)
        found[r] = [_observed(result, outcome) for outcome in outcomes]
    return found


def _observed(result: RunResult, outcome: str) -> float:
    name, at, week = outcome.partition("@")
    if not at:
        return result.totals[name]
    return float(result.columns[name].reshape(-1, len(GROUPS))[int(week) - 1, GROUPS.index("all")])


def over_draws(
    scenarios: Mapping[str, Scenario], keys: Sequence[str], draws: F64, outcomes: Sequence[str], replicates: int,
    seed: int, weeks: int, jobs: int | None = None, *, folder: Keeping = None, scheduler: str | None = None,
    report: Report | None = None,
) -> F64:  # fmt: skip
    """Return the outcomes' means over replicates, shape (draws, scenarios, outcomes).

    Parameters
    ----------
    draws : one row per draw, one column per key, in the units of the keys. outcomes : as in `run_draw`.
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
