"""Compare scenarios in pairs of runs: a pair has the same people and luck, so only the interventions make a difference.

Every difference is a mean over pairs with a 95 % bootstrap interval of that mean (scipy, percentile method), and the
5th to 95th percentile of the differences over replicates, which shows how far a single village may depart from the mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.intervals import by_draw, intervals, joined, mean_of
from sim.analysis.precision import until_precise
from sim.base.arrays import F64, I64
from sim.base.errors import InputError
from sim.engine.outcomes import CURVES, EFFECTS, GROUPS, INTERACTIONS, TOTALS, WeeksUntil, unit_of
from sim.engine.programme import active
from sim.results.keys import Index
from sim.results.names import label_of
from sim.results.rows import Array
from sim.results.table import keys_of
from sim.runs import Failure, Keeping, Memory, Report, Request, Runs, run, weekly_by_group
from sim.scenario import Scenario, load_scenario, without_programme
from sim.uncertainty.draw_table import DrawTable

if TYPE_CHECKING:
    import pandas as pd

WAITS = {outcome.name for outcome in TOTALS if isinstance(outcome.how, WeeksUntil)}
"""The outcomes that count weeks until something happens; if it doesn't in a run, its length stands in for them."""


def compare(
    scenarios: str | Path | Scenario | Sequence[str | Path | Scenario] | Mapping[str, Scenario],
    replicates: int = 100,
    seed: int = 0,
    weeks: int | None = None,
    *,
    overrides: Any = (),
    folder: Keeping = None,
    jobs: int | None = None,
    report: Report | None = None,
    draws: DrawTable | None = None,
    scheduler: str | None = None,
    precision: float | None = None,
    most: int = 10_000,
) -> Comparison:
    """Run scenarios in pairs and compare each with the first.

    Parameters
    ----------
    scenarios : names, paths or scenarios, or a mapping from labels to scenarios; the first is the reference. A single one is
        compared with itself without its programme.
    replicates : pairs, at least 2. seed : root of all chance. weeks : the longest of the scenarios' own if None.
    overrides : laid over every scenario that is given by name or path. folder : where runs are kept; None keeps none.
    jobs : threads; all cores if None. report : called with the progress.
    draws : values for all scenarios; then a pair is a draw, with the mean over its replicates.
    scheduler : address of a Dask scheduler whose workers make the runs; None for threads.
    precision : add pairs until the 95 % interval of every scenario's effect on the adopted share is the mean plus or minus
        at most this, with at least `replicates` pairs and at most `most`; see `sim.analysis.precision`. 0.01 is a point.

    Raises
    ------
    InputError : a scenario can't be loaded, a single one has no programme, fewer than two pairs, two scenarios with one name,
        or a scenario all of whose runs failed.
    """
    named = beside_none(label(scenarios, overrides))
    if len(named) < 2:
        raise InputError("a comparison needs at least two scenarios")
    if replicates < 2:
        raise InputError(f"a comparison needs at least 2 replicates, not {replicates}")
    horizon = horizon_of(named, weeks)
    if precision is not None and not 0 < precision < 1:
        raise InputError(f"the precision must be between 0 and 1, not {precision:g}")
    if precision is not None and draws is not None:
        raise InputError("a precision can't be reached over draws: more replicates don't narrow an interval over draws")

    keeping = folder or Memory()

    def pairs(count: int) -> Comparison:
        request = Request.of(named, count, seed, horizon, draws)
        runs = run(request, keeping, jobs=jobs, scheduler=scheduler, report=report)
        return finished(runs, count)

    if precision is None:
        return pairs(replicates)
    return until_precise(pairs, precision, replicates, most)


def horizon_of(scenarios: Mapping[str, Scenario], weeks: int | None = None) -> int:
    """Return how many weeks scenarios are run for side by side: the longest of their own unless `weeks` says."""
    return max(scenario.weeks for scenario in scenarios.values()) if weeks is None else weeks


def finished(runs: Runs, replicates: int) -> Comparison:
    """Return the comparison of scenarios that were run. Raises InputError if not one run of a scenario is there."""
    for name, table in runs.tables.items():
        if not table:
            first = next(failure for failure in runs.failures if failure.scenario == name)
            raise InputError(f"nothing to compare: every run of {name} failed; the first: {first}")
    scenarios, weeks = dict(runs.request.scenarios), max(runs.request.weeks_of(name) for name in runs.tables)
    return Comparison(scenarios, runs.request.seed, weeks, replicates, runs.tables, runs.failures)


def label(
    scenarios: str | Path | Scenario | Sequence[str | Path | Scenario] | Mapping[str, Scenario], overrides: Any = ()
) -> dict[str, Scenario]:
    """Return the scenarios by label, which is a name, a file's stem, or a scenario's title."""
    if isinstance(scenarios, Mapping):
        return dict(scenarios)
    if isinstance(scenarios, str | Path | Scenario):
        scenarios = [scenarios]
    named: dict[str, Scenario] = {}
    for item in scenarios:
        if isinstance(item, Scenario):
            name, scenario = item.title, item
        else:
            scenario = load_scenario(item, overrides)
            name = label_of(str(item))
        if name in named:
            raise InputError(f"two scenarios are called '{name}'")
        named[name] = scenario
    return named


def beside_none(named: Mapping[str, Scenario]) -> dict[str, Scenario]:
    """Return a single scenario preceded by the same scenario without its programme; several scenarios as they are."""
    if len(named) != 1:
        return dict(named)
    ((name, scenario),) = named.items()
    return {f"{name} without programme": without_programme(scenario), name: scenario} if active(scenario) else {**named}


@dataclass(frozen=True)
class Comparison:
    """Scenarios run in pairs.

    Attributes
    ----------
    scenarios : by label, the reference first. seed, weeks, replicates : as requested. tables : each scenario's runs
    (see `sim.results.table.Table`). failures : runs that failed; their pairs are left out.
    """

    scenarios: dict[str, Scenario]
    seed: int
    weeks: int
    replicates: int
    tables: Mapping[str, Mapping[str, Array]]
    failures: list[Failure]

    @property
    def reference(self) -> str:
        """The label of the scenario with which the others are compared."""
        return next(iter(self.scenarios))

    @cached_property
    def totals(self) -> pd.DataFrame:
        """One row per run: scenario, replicate and the outcomes of `sim.engine.outcomes.TOTALS`."""
        import pandas as pd

        parts = []
        for name, table in self.tables.items():
            part = pd.DataFrame({key: table[key] for key in ("replicate", *(o.name for o in TOTALS))})
            part.insert(0, "scenario", name)
            parts.append(part)
        return pd.concat(parts, ignore_index=True)

    def paired(self, outcome: str, *names: str) -> list[F64]:
        """Return an outcome of several scenarios for the runs that all of them finished, each of shape (pairs,).

        Waiting for what never happens counts as the length of the run (see `WAITS`); any other NaN drops the pair. Over draws
        a pair is a draw, with the mean over its replicates, because replicates of one draw don't show how draws differ.
        """
        draws, rows = self._common(names)
        columns = []
        for name, mine in zip(names, rows, strict=True):
            values = np.asarray(self.tables[name][outcome], np.float64)[mine]
            columns.append(np.where(np.isnan(values), self.weeks, values) if outcome in WAITS else values)
        whole = ~np.isnan(np.array(columns)).any(axis=0)
        return [by_draw(column[whole], draws[whole]) for column in columns]

    def _common(self, names: Sequence[str]) -> tuple[I64, list[I64]]:
        """Return (draws, rows in each table) of the runs that several scenarios finished, by draw and replicate."""
        key = tuple(names)
        if key not in self._shared:
            indices = [Index([keys_of(self.tables[name])]) for name in names]
            keys = indices[0].keys
            for index in indices[1:]:
                keys = keys[index.rows(keys) >= 0]
            self._shared[key] = keys[:, 0], [index.rows(keys) for index in indices]
        return self._shared[key]

    @cached_property
    def _shared(self) -> dict[tuple[str, ...], tuple[I64, list[I64]]]:
        return {}

    @cached_property
    def effects(self) -> pd.DataFrame:
        """The effects on the outcomes that are compared unless others are asked for, see `effects_on`."""
        return self.effects_on(EFFECTS)

    def effects_on(self, outcomes: Sequence[str]) -> pd.DataFrame:
        """Return one row per scenario and outcome: means, the paired difference, its intervals and a verdict."""
        import pandas as pd

        rows: list[dict[str, Any]] = []
        differences = []
        for name in list(self.scenarios)[1:]:
            for outcome in outcomes:
                here, there = self.paired(outcome, name, self.reference)
                differences.append(here - there)
                rows.append(
                    {"scenario": name, "reference": self.reference, "outcome": outcome, "unit": unit_of(outcome),
                     "reference_mean": mean_of(there), "mean": mean_of(here)}
                )  # fmt: skip
        return pd.DataFrame(joined(rows, intervals(differences, self.seed)))

    @cached_property
    def interaction(self) -> pd.DataFrame:
        """One row per outcome, for scenarios A, B and A with B: whether both together do more than the sum of the parts.

        Empty if no scenario has the interventions of two others together.
        """
        import pandas as pd

        rows: list[dict[str, Any]] = []
        differences = []
        for a, b, both in self.factorials():
            for outcome in INTERACTIONS:
                zero, first, second, together = self.paired(outcome, self.reference, a, b, both)
                differences.append(together - first - second + zero)
                rows.append(
                    {"outcome": outcome, "first": a, "second": b, "together": both,
                     "sum_of_parts": mean_of(first + second - 2 * zero), "effect_together": mean_of(together - zero)}
                )  # fmt: skip
        return pd.DataFrame(joined(rows, intervals(differences, self.seed)))

    def factorials(self) -> list[tuple[str, str, str]]:
        """Return (A, B, A with B) for scenarios whose interventions are the reference's and A's, B's, and both."""
        interventions = {name: frozenset(item.name for item in active(s)) for name, s in self.scenarios.items()}
        base = interventions[self.reference]
        order = list(self.scenarios)
        return [
            (a, b, both)
            for a, b, both in permutations(order[1:], 3)
            if order.index(a) < order.index(b)
            and base < interventions[a] and base < interventions[b] and interventions[a] & interventions[b] == base
            and interventions[both] == interventions[a] | interventions[b]
        ]  # fmt: skip

    @cached_property
    def curves(self) -> pd.DataFrame:
        """One row per scenario, group, week and outcome: mean and quantiles over replicates."""
        import pandas as pd

        parts = []
        for name, table in self.tables.items():
            # Each column is read once, although groups stand before outcomes in the rows.
            weekly = {outcome: weekly_by_group(table, outcome) for outcome in CURVES}
            for k, group in enumerate(GROUPS):
                for outcome, by_group in weekly.items():
                    values = by_group[k]
                    if np.isnan(values).any():
                        continue  # a group without households
                    q = np.quantile(np.ascontiguousarray(values.T), (0.05, 0.25, 0.5, 0.75, 0.95), axis=1)
                    parts.append(pd.DataFrame({
                        "scenario": name, "group": group, "week": np.arange(values.shape[1]), "outcome": outcome,
                        "mean": values.mean(axis=0), "q05": q[0], "q25": q[1], "q50": q[2], "q75": q[3], "q95": q[4],
                        "replicates": values.shape[0],
                    }))  # fmt: skip
        return pd.concat(parts, ignore_index=True)
