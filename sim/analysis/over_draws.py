"""Effects over draws: how a comparison changes when the uncertain values change, each draw under the same luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from sim.runs import result_of
from sim.scenario import Scenario, with_values
from sim.simulation import Simulation
from sim.world.columns import F64


def outcome_means(
    scenarios: Mapping[str, Scenario], values: Mapping[str, float], outcomes: Sequence[str], replicates: int, seed: int,
    weeks: int,
) -> F64:  # fmt: skip
    """Return the mean over replicates of each outcome, shape (scenarios, outcomes), with these values set in all."""
    means = np.zeros((len(scenarios), len(outcomes)))
    for s, scenario in enumerate(scenarios.values()):
        changed = with_values(scenario, values)
        for replicate in range(replicates):
            simulation = Simulation(changed, seed, replicate, weeks)
            simulation.advance(weeks)
            totals = result_of(simulation).totals
            means[s] += [totals[outcome] for outcome in outcomes]
    return means / replicates


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
