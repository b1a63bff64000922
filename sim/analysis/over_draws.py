"""Effects over draws: how a comparison changes when the uncertain values change, each draw under the same luck."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from sim.base.arrays import F64
from sim.base.errors import InputError
from sim.engine.outcomes import GROUPS
from sim.engine.simulation import Simulation
from sim.results.table import Table
from sim.runs import Progress, run_batch, weekly_of
from sim.runs.single import RunResult, result_of
from sim.scenario import Scenario, with_values
from sim.uncertainty.draw_table import DrawTable


def run_draw(
    scenario: Scenario, values: Mapping[str, float], outcomes: Sequence[str], replicates: Sequence[int], seed: int,
    weeks: int,
) -> F64:  # fmt: skip
    """Return outcomes of some replicates with these values set, shape (replicates, outcomes).

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
    seed: int, weeks: int, jobs: int | None = None, *, folder: Path | None = None, scheduler: str | None = None,
    report: Callable[[Progress], None] | None = None,
) -> F64:  # fmt: skip
    """Return the outcomes' means over replicates, shape (draws, scenarios, outcomes).

    Parameters
    ----------
    draws : a row a draw, a column a key, in the units of the keys. outcomes : as in `run_draw`.
    folder : results folder, in which an interrupted call finds its runs the next time; None keeps only the outcomes.
    scenarios, replicates, seed, weeks, jobs, scheduler, report : see `run_batch`.

    Raises
    ------
    InputError : a scenario has no such key, or a run failed; all others are made first.
    """
    table = DrawTable("points", tuple(keys), np.arange(len(draws)), np.asarray(draws, np.float64))
    keep = [f"weekly.{outcome.partition('@')[0]}" if "@" in outcome else outcome for outcome in outcomes]
    batch = run_batch(
        scenarios, replicates, seed, weeks, folder, jobs, report, draws=table, keep=keep, scheduler=scheduler
    )  # fmt: skip
    if batch.failures:
        raise InputError(f"{len(batch.failures)} runs failed; the first: {batch.failures[0]}")
    means = np.empty((len(table), len(scenarios), len(outcomes)))
    for s, name in enumerate(scenarios):
        runs = batch.tables[name]
        of_draw = np.argsort(runs["draw"], kind="stable").reshape(len(table), replicates)
        for k, outcome in enumerate(outcomes):
            means[:, s, k] = _column(runs, outcome)[of_draw].mean(axis=1)
    return means


def _column(runs: Table, outcome: str) -> F64:
    name, at, week = outcome.partition("@")
    return weekly_of(runs, name, "all")[:, int(week) - 1] if at else np.asarray(runs[name], np.float64)
