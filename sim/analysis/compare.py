"""Compare scenarios by pairs: the same seed and replicate give the same people and luck, so differences are the levers'.

Every difference is a mean over pairs with a 95 % bootstrap interval of that mean (scipy, percentile method), and the
5th to 95th percentile of the differences over replicates, which tells how much one village may depart from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.batch import Failure, Progress, run_batch, weekly_of
from sim.errors import InputError
from sim.outcomes import GROUPS, TOTALS
from sim.programme import active
from sim.results.table import Array
from sim.scenario import Scenario, load_scenario, without_programme
from sim.world.columns import F64, RUNGS

if TYPE_CHECKING:
    import pandas as pd

COMPARED = (
    "adopted", "clean", "self_initiated", "newcomer_gap", "coercion", "mean_adopted", "weeks_to_half",
    "public_cleanliness", "trust", "yuan", "hours", "yuan_per_adopted", "hours_per_adopted",
)  # fmt: skip
CURVES = ("adopted", "clean", *RUNGS)
RESAMPLES = 4999


def compare(
    scenarios: Sequence[str | Path | Scenario] | Mapping[str, Scenario],
    replicates: int = 100,
    seed: int = 0,
    weeks: int | None = None,
    *,
    overrides: Any = (),
    folder: Path | None = None,
    jobs: int | None = None,
    report: Callable[[Progress], None] | None = None,
) -> Comparison:
    """Run scenarios in pairs and compare each with the first.

    Parameters
    ----------
    scenarios : names, paths or scenarios, or a mapping from labels to scenarios; at least two, the first is the reference.
    replicates : pairs, at least 2. seed : root of all chance. weeks : the longest of the scenarios' own if None.
    overrides : laid over every scenario that is given by name or path. folder : results folder; None keeps nothing.
    jobs : threads; all cores if None. report : called with the progress.

    Raises
    ------
    InputError : a scenario can't be loaded, fewer than two scenarios or pairs, two scenarios of one name, or not one run
        of a scenario that didn't fail.
    """
    named = label(scenarios, overrides)
    if len(named) < 2:
        raise InputError("a comparison needs at least two scenarios")
    if replicates < 2:
        raise InputError(f"a comparison needs at least 2 replicates, not {replicates}")
    horizon = max(scenario.weeks for scenario in named.values()) if weeks is None else weeks
    if horizon < 1:
        raise InputError(f"weeks must be at least 1, not {horizon}")
    batch = run_batch(named, replicates, seed, horizon, folder, jobs, report)
    for name, table in batch.tables.items():
        if not table:
            first = next(failure for failure in batch.failures if failure.scenario == name)
            raise InputError(f"nothing to compare, every run of {name} failed; the first: {first}")
    return Comparison(dict(named), seed, horizon, replicates, batch.tables, batch.failures)


def label(
    scenarios: Sequence[str | Path | Scenario] | Mapping[str, Scenario], overrides: Any = ()
) -> dict[str, Scenario]:
    """Return the scenarios by label: a name, a file's stem, or a scenario's title."""
    if isinstance(scenarios, Mapping):
        return dict(scenarios)
    named: dict[str, Scenario] = {}
    for item in scenarios:
        if isinstance(item, Scenario):
            name, scenario = item.title, item
        else:
            scenario = load_scenario(item, overrides)
            name = Path(item).stem if str(item).endswith((".yaml", ".yml")) else str(item)
        if name in named:
            raise InputError(f"two scenarios are called '{name}'")
        named[name] = scenario
    return named


def beside_none(named: Mapping[str, Scenario]) -> dict[str, Scenario]:
    """Return a lone scenario with the same one without its programme before it; anything else as it is."""
    if len(named) != 1:
        return dict(named)
    ((name, scenario),) = named.items()
    return {f"{name} without programme": without_programme(scenario), name: scenario} if active(scenario) else {**named}


@dataclass(frozen=True)
class Comparison:
    """Scenarios run in pairs.

    Attributes
    ----------
    scenarios : by label, the reference first. seed, weeks, replicates : what was run. tables : each scenario's runs
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
        """The label of the scenario that the others are compared with."""
        return next(iter(self.scenarios))

    @cached_property
    def totals(self) -> pd.DataFrame:
        """A row a run: scenario, replicate and the outcomes of `sim.outcomes.TOTALS`."""
        import pandas as pd

        parts = []
        for name, table in self.tables.items():
            part = pd.DataFrame({key: table[key] for key in ("replicate", *(o.name for o in TOTALS))})
            part.insert(0, "scenario", name)
            parts.append(part)
        return pd.concat(parts, ignore_index=True)

    def paired(self, outcome: str, *names: str) -> list[F64]:
        """Return an outcome of several scenarios over the replicates that all of them finished, each shape (pairs,).

        Runs that never reach half or 80 % count with the length of the run; NaN elsewhere drops the pair.
        """
        common = sorted(set.intersection(*(set(self.tables[name]["replicate"].tolist()) for name in names)))
        columns = []
        for name in names:
            at = np.isin(self.tables[name]["replicate"], common)
            values = np.asarray(self.tables[name][outcome], np.float64)[at]
            columns.append(np.where(np.isnan(values), self.weeks, values) if outcome.startswith("weeks_to") else values)
        whole = ~np.isnan(np.array(columns)).any(axis=0)
        return [column[whole] for column in columns]

    @cached_property
    def effects(self) -> pd.DataFrame:
        """A row a scenario and outcome: means, the paired difference, its intervals and a plain verdict."""
        import pandas as pd

        units = {o.name: o.unit for o in TOTALS}
        rows = []
        for name in list(self.scenarios)[1:]:
            for outcome in COMPARED:
                here, there = self.paired(outcome, name, self.reference)
                rows.append(
                    {"scenario": name, "reference": self.reference, "outcome": outcome, "unit": units[outcome],
                     "reference_mean": mean_of(there), "mean": mean_of(here), **interval(here - there, self.seed)}
                )  # fmt: skip
        return pd.DataFrame(rows)

    @cached_property
    def interaction(self) -> pd.DataFrame:
        """A row an outcome, for scenarios A, B and A with B: whether together is more than the sum of the parts.

        Empty where no scenario holds the levers of two others together.
        """
        import pandas as pd

        rows = []
        for a, b, both in self.factorials():
            for outcome in ("adopted", "clean", "self_initiated", "mean_adopted"):
                values = self.paired(outcome, self.reference, a, b, both)
                zero, first, second, together = values
                rows.append(
                    {"outcome": outcome, "first": a, "second": b, "together": both,
                     "sum_of_parts": mean_of(first + second - 2 * zero), "effect_together": mean_of(together - zero),
                     **interval(together - first - second + zero, self.seed)}
                )  # fmt: skip
        return pd.DataFrame(rows)

    def factorials(self) -> list[tuple[str, str, str]]:
        """Return (A, B, A with B) for scenarios whose levers are the reference's and A's, B's, and both."""
        levers = {name: frozenset(item.name for item in active(s)) for name, s in self.scenarios.items()}
        base = levers[self.reference]
        order = list(self.scenarios)
        return [
            (a, b, both)
            for a, b, both in permutations(order[1:], 3)
            if order.index(a) < order.index(b)
            and base < levers[a] and base < levers[b] and levers[a] & levers[b] == base
            and levers[both] == levers[a] | levers[b]
        ]  # fmt: skip

    @cached_property
    def curves(self) -> pd.DataFrame:
        """A row a scenario, group, week and outcome: mean and quantiles over replicates."""
        import pandas as pd

        parts = []
        for name, table in self.tables.items():
            for group in GROUPS:
                for outcome in CURVES:
                    values = weekly_of(table, outcome, group)
                    if np.isnan(values).any():
                        continue  # a group without households
                    q = np.quantile(values, (0.05, 0.25, 0.5, 0.75, 0.95), axis=0)
                    parts.append(pd.DataFrame({
                        "scenario": name, "group": group, "week": np.arange(values.shape[1]), "outcome": outcome,
                        "mean": values.mean(axis=0), "q05": q[0], "q25": q[1], "q50": q[2], "q75": q[3], "q95": q[4],
                        "replicates": values.shape[0],
                    }))  # fmt: skip
        return pd.concat(parts, ignore_index=True)


def mean_of(values: F64) -> float:
    """Return the mean, NaN of nothing."""
    return float(values.mean()) if values.size else float("nan")


def interval(differences: F64, seed: int) -> dict[str, Any]:
    """Return the mean of paired differences with its intervals and verdict, as columns of a row of effects.

    ``low`` and ``high`` bound the mean (95 %, bootstrap over pairs); ``spread_low`` and ``spread_high`` are the 5th and
    95th percentile of the differences themselves.
    """
    n = differences.size
    if n == 0:
        nan = float("nan")
        return {"difference": nan, "low": nan, "high": nan, "spread_low": nan, "spread_high": nan, "pairs": 0,
                "verdict": "undefined"}  # fmt: skip
    mean = float(differences.mean())
    if n < 2 or np.ptp(differences) == 0:
        low = high = mean
    else:
        from scipy.stats import bootstrap

        found = bootstrap(
            (differences,), np.mean, n_resamples=RESAMPLES, method="percentile", vectorized=True,
            rng=np.random.default_rng([seed & 0xFFFFFFFF, n]),
        )  # fmt: skip
        low, high = float(found.confidence_interval.low), float(found.confidence_interval.high)
    if low == high == 0:
        verdict = "the same"
    else:
        verdict = "more" if low > 0 else "less" if high < 0 else "not distinguishable"
    spread = np.quantile(differences, (0.05, 0.95))
    return {"difference": mean, "low": low, "high": high, "spread_low": float(spread[0]), "spread_high": float(spread[1]),
            "pairs": n, "verdict": verdict}  # fmt: skip
