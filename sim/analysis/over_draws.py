"""Effects over draws: how a comparison changes when the uncertain values change, each draw under the same luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from sim.outcomes import GROUPS
from sim.runs import RunResult, result_of
from sim.scenario import Scenario, with_values
from sim.simulation import Simulation
from sim.world.columns import F64


def run_draw(
    scenario: Scenario, values: Mapping[str, float], outcomes: Sequence[str], replicates: Sequence[int], seed: int,
    weeks: int,
) -> F64:  # fmt: skip
    """Return outcomes of some replicates with these values set, shape (replicates, outcomes).

    outcomes : names of `sim.outcomes.TOTALS`, or ``NAME@WEEKS``: a weekly outcome of all households after so many weeks.
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


def outcome_means(
    scenarios: Mapping[str, Scenario], values: Mapping[str, float], outcomes: Sequence[str], replicates: int, seed: int,
    weeks: int,
) -> F64:  # fmt: skip
    """Return the mean over replicates of each outcome, shape (scenarios, outcomes), with these values set in all."""
    sums = [run_draw(each, values, outcomes, range(replicates), seed, weeks).sum(axis=0) for each in scenarios.values()]
    return np.array(sums) / replicates


def over_draws(
    scenarios: Mapping[str, Scenario], keys: Sequence[str], draws: F64, outcomes: Sequence[str], replicates: int,
    seed: int, weeks: int, jobs: int = 2,
) -> F64:  # fmt: skip
    """Return the outcomes' means, shape (draws, scenarios, outcomes); `draws` has a row a draw, a column a key."""

    def one(row: F64) -> F64:
        values = {key: float(x) for key, x in zip(keys, row, strict=True)}
        return outcome_means(scenarios, values, outcomes, replicates, seed, weeks)

    with ThreadPoolExecutor(jobs) as pool:
        return np.array(list(pool.map(one, draws)))
