"""Shapley shares: what each intervention of a scenario adds, averaged over all orders in which they could be added.

The worth of a set of interventions is an outcome of the scenario with these interventions alone. With k interventions there
are 2^k sets, each run under the same luck, so an intervention's share is exact for each replicate, and the shares add up to
the whole effect in each. Shares are linear in the outcome; so their intervals over replicates are those of any paired
difference. Source: Shapley (1953), A value for n-person games.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import comb
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.intervals import CLEAR, corrected, interval
from sim.base.arrays import F64
from sim.base.errors import InputError
from sim.base.showing import brief
from sim.engine.outcomes import TOTALS
from sim.engine.programme import active
from sim.results.rows import TOTAL_UNITS, Array
from sim.runs import Collection, Failure, Report, Request, run
from sim.scenario import Scenario, with_values

if TYPE_CHECKING:
    import pandas as pd

NAME = "attribute-runs"
"""The folder of all attributions' runs in a results folder; a run is found there by its content."""
MOST = 8
"""Greatest number of interventions, which have 256 sets."""
ALL = "all"
"""The name in place of an intervention in the row of the whole effect."""


def shapley(worth: F64) -> F64:
    """Return each player's Shapley value, shape (players, ...).

    worth : of every set of players, shape (2^players, ...); player k is in set s if bit k of s is 1. Values along further
    axes, such as replicates, are treated separately.
    """
    sets = worth.shape[0]
    players = sets.bit_length() - 1
    if sets != 1 << players or players < 1:
        raise ValueError(f"the number of sets must be a power of 2, not {sets}")
    numbers = np.arange(sets)
    sizes = np.array([int(number).bit_count() for number in numbers])
    values = np.zeros((players, *worth.shape[1:]))
    for player in range(players):
        without = numbers[numbers >> player & 1 == 0]
        weights = np.array([1.0 / (players * comb(players - 1, int(sizes[number]))) for number in without])
        values[player] = np.tensordot(weights, worth[without | 1 << player] - worth[without], axes=1)
    return values


def subsets(scenario: Scenario) -> dict[str, Scenario]:
    """Return the scenario with every set of its active interventions, in the order of `shapley`, by names of the sets.

    Raises InputError if it has fewer than 2 or more than `MOST` active interventions.
    """
    names = [intervention.name for intervention in active(scenario)]
    if not 2 <= len(names) <= MOST:
        raise InputError(
            f"shares need 2 to {MOST} interventions, and '{scenario.title}' has {len(names)} active ones"
            + (f"; switch some off, as with --set interventions.{names[0]}.strength=0" if names else "")
        )
    found = {}
    for number in range(1 << len(names)):
        there = [name for k, name in enumerate(names) if number >> k & 1]
        off = {f"interventions.{name}.strength": 0.0 for name in names if name not in there}
        found[" + ".join(there) or "no intervention"] = with_values(scenario, off)
    return found


@dataclass(frozen=True)
class Shares:
    """The runs of every set of interventions, paired by replicate.

    interventions : names. scenarios : every set by its name (see `subsets`). seed, weeks : as requested. tables : each set's
    runs (see `sim.results.table.Table`). failures : runs that failed; their replicates are left out.
    """

    interventions: tuple[str, ...]
    scenarios: dict[str, Scenario]
    seed: int
    weeks: int
    tables: Mapping[str, Mapping[str, Array]]
    failures: list[Failure]

    __repr__ = brief

    def worth(self, outcome: str) -> F64:
        """Return an outcome of every set, shape (sets, replicates that all sets finished). Raises InputError."""
        common = sorted(set.intersection(*(set(table["replicate"].tolist()) for table in self.tables.values())))
        rows = [np.asarray(t[outcome], np.float64)[np.isin(t["replicate"], common)] for t in self.tables.values()]
        values = np.array(rows)
        for name, row in zip(self.tables, values, strict=True):
            if undefined := int(np.isnan(row).sum()):
                raise InputError(
                    f"{outcome} is undefined with {name} in {undefined} of {row.size} runs, so it has no shares"
                )
        return values

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per intervention and outcome that is defined with every set; the last row is the whole effect.

        ``share`` is the intervention's Shapley value with its 95 % interval ``low`` to ``high`` and a verdict, corrected for
        all rows of the outcome together; ``part`` its part of the whole, NaN if the whole isn't distinguishable from 0;
        ``alone`` what the intervention does by itself and ``last`` what it adds to all others.
        """
        import pandas as pd

        rows = []
        for outcome in TOTALS:
            try:
                worth = self.worth(outcome.name)
            except InputError:
                continue  # undefined for some set, such as the weeks to half adopted if half is never reached
            values = shapley(worth)
            everything = len(worth) - 1
            found = corrected([interval(value) for value in (*values, worth[-1] - worth[0])])
            whole = found[-1]["difference"] if found[-1]["verdict"] in CLEAR else float("nan")
            for k, (intervention, row) in enumerate(zip((*self.interventions, ALL), found, strict=True)):
                one = 1 << k if intervention != ALL else everything
                rows.append({
                    "outcome": outcome.name, "unit": outcome.unit, "intervention": intervention, "share": row["difference"],
                    "low": row["low"], "high": row["high"], "part": row["difference"] / whole,
                    "alone": float((worth[one] - worth[0]).mean()),
                    "last": float((worth[-1] - worth[everything ^ one]).mean()),
                    "pairs": row["pairs"], "verdict": row["verdict"],
                })  # fmt: skip
        return pd.DataFrame(rows)


def request_of_sets(
    scenario: Scenario, replicates: int, seed: int, weeks: int, name: str = "scenario"
) -> Request:  # fmt: skip
    """Return the request for the runs of `shares`. Raises InputError as `subsets` does."""
    labelled = {f"{name} with {interventions}": one for interventions, one in subsets(scenario).items()}
    return Request.of(labelled, replicates, seed, weeks, observed=tuple(TOTAL_UNITS))


def shares(
    scenario: Scenario,
    replicates: int,
    seed: int,
    weeks: int | None = None,
    *,
    name: str = "scenario",
    folder: Path | None = None,
    jobs: int | None = None,
    report: Report | None = None,
    scheduler: str | None = None,
) -> Shares:
    """Run every set of a scenario's active interventions under the same luck.

    replicates : at least 2. weeks : the scenario's own if None. name : of the scenario, for the folders of its runs.
    folder, jobs, report, scheduler : as in `sim.runs.run`, which finds runs made before.

    Raises InputError as `subsets` does, or if no replicate finished with every set.
    """
    if replicates < 2:
        raise InputError(f"shares need at least 2 replicates, not {replicates}")
    named, horizon = subsets(scenario), weeks or scenario.weeks
    request = request_of_sets(scenario, replicates, seed, horizon, name)
    with Collection(folder, NAME) as kept:
        done = run(request, kept, jobs=jobs, report=report, scheduler=scheduler)
    if not all(done.tables.values()):
        raise InputError(f"there are no shares: every run of a set failed; the first: {done.failures[0]}")
    interventions = tuple(intervention.name for intervention in active(scenario))
    return Shares(
        interventions, named, seed, horizon, dict(zip(named, done.tables.values(), strict=True)), done.failures
    )
