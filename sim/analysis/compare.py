"""Compare scenarios by pairs: one seed and replicate give the same people and luck, so the interventions make the difference.

Every difference is a mean over pairs with its 95 % interval and a verdict (`sim.analysis.intervals`), and the 5th to 95th
percentile of the differences, which shows how far a single village may be from the mean. Over draws the percentiles are those
of the draws, without what luck adds.

Waiting for what may never happen, such as the weeks until half have adopted, is censored by the end of the run. A comparison
says in how many runs it happened; if that is none on one side, no number of weeks stands for it. Means are restricted means:
weeks waited within those of the run (Royston and Parmar 2013, Restricted mean survival time).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.analysis.comparable import OTHER_SIZE, comparable
from sim.analysis.intervals import corrected, interval, mean_of
from sim.analysis.precision import until_precise
from sim.base.arrays import F64, I64
from sim.base.errors import InputError
from sim.base.showing import LINES, html_table, shortened
from sim.engine.outcomes import CURVES, EFFECTS, GROUPS, INTERACTIONS, TOTALS, WeeksUntil, unit_of
from sim.engine.programme import active
from sim.results import NO_DRAW
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
"""The outcomes that count weeks until something happens, which it may never do."""
NEVER, ONE_NEVER = "never reached", "reached on one side only"
"""Verdicts on differences in waiting for what never happened."""


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

    def __repr__(self) -> str:
        """Return the scenarios with what each changes in the adopted share, a line each."""
        rows = [" | ".join(row) for row in self._adopted()]
        more = [f"... {len(rows) - LINES + 2} more"] if len(rows) > LINES - 1 else []
        rows = [*rows[: LINES - 1 - len(more)], *more]
        return "\n".join([self._heading(), *(shortened(f"  {row}") for row in rows)])

    def _repr_html_(self) -> str:
        """Return the same as a table, for notebooks."""
        return html_table(
            self._heading(), ("scenario", "adopted", "difference, 95 % interval", "verdict"), self._adopted()
        )

    def _heading(self) -> str:
        return f"Comparison: {self.replicates} replicates, seed {self.seed}, {self.weeks} weeks"

    def _adopted(self) -> list[tuple[str, ...]]:
        """Return (scenario, adopted share, difference with its interval, verdict) of each scenario, as text."""
        rows = self.effects.query("outcome == 'adopted'").to_dict("records")
        first = [(self.reference, f"{rows[0]['reference_mean']:.1%}", "reference", "")] if rows else []
        return first + [
            (
                row["scenario"],
                f"{row['mean']:.1%}",
                "{:+.1f} points [{:+.1f}, {:+.1f}]".format(*(100 * row[key] for key in ("difference", "low", "high"))),
                row["verdict"],
            )
            for row in rows
        ]

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
        """Return an outcome of several scenarios for the pairs in which it is defined for all of them.

        Each has shape (pairs,); over draws (draws, replicates), of the draws in which it is defined in every replicate.
        """
        keys, columns = self._common(outcome, names)
        return gridded(keys, columns, np.isfinite(columns).all(axis=0))

    def _common(self, outcome: str, names: tuple[str, ...]) -> tuple[I64, F64]:
        """Return the (draw, replicate) of the runs that all these scenarios finished, and the outcome, (names, runs)."""
        keys, rows = self._places(names)
        columns = [
            np.asarray(self.tables[name][outcome], np.float64)[mine] for name, mine in zip(names, rows, strict=True)
        ]
        return keys, np.array(columns)

    def _places(self, names: tuple[str, ...]) -> tuple[I64, list[I64]]:
        """Return the (draw, replicate) of the runs that all these scenarios finished, and their rows in each table."""
        if names not in self._shared:
            indices = [Index([keys_of(self.tables[name])]) for name in names]
            keys = indices[0].keys
            for index in indices[1:]:
                keys = keys[index.rows(keys) >= 0]
            self._shared[names] = keys, [index.rows(keys) for index in indices]
        return self._shared[names]

    @cached_property
    def _shared(self) -> dict[tuple[str, ...], tuple[I64, list[I64]]]:
        return {}

    @cached_property
    def effects(self) -> pd.DataFrame:
        """The effects on the outcomes that are compared unless others are asked for, see `effects_on`."""
        return self.effects_on(EFFECTS)

    def effects_on(self, outcomes: Sequence[str]) -> pd.DataFrame:
        """Return one row per scenario and outcome: means, the paired difference, its intervals and a verdict.

        runs : pairs of runs that both scenarios finished. defined, reference_defined : in how many of them the outcome is
        defined, or what it waits for happens. Both means are over the same pairs. Verdicts are corrected together: those
        of the outcomes in `EFFECTS`, so that they don't depend on what else is asked for, and those of all others.
        """
        import pandas as pd

        rows: list[dict[str, Any]] = []
        for name in list(self.scenarios)[1:]:
            rows += [
                {"scenario": name, "reference": self.reference, "outcome": outcome, "unit": unit_of(outcome),
                 **self._effect(outcome, name, unit_of(outcome))}
                for outcome in outcomes
            ]  # fmt: skip
        for usual in (True, False):
            places = [k for k, row in enumerate(rows) if (row["outcome"] in EFFECTS) == usual]
            for k, row in zip(places, corrected([rows[k] for k in places]), strict=True):
                rows[k] = row
        return pd.DataFrame(rows)

    def _effect(self, outcome: str, name: str, unit: str) -> dict[str, Any]:
        """Return the numbers and the verdict of a row of `effects`."""
        keys, both = self._common(outcome, (name, self.reference))
        alike = comparable(unit, self.scenarios[name], self.scenarios[self.reference])
        return effect_row(outcome, keys, both, self.weeks, alike)

    @cached_property
    def interaction(self) -> pd.DataFrame:
        """One row per outcome, for scenarios A, B and A with B: whether both together do more than the sum of the parts.

        Empty if no scenario has the interventions of two others together.
        """
        import pandas as pd

        rows: list[dict[str, Any]] = []
        for a, b, both in self.factorials():
            for outcome in INTERACTIONS:
                zero, first, second, together = self.paired(outcome, self.reference, a, b, both)
                rows.append(
                    {"outcome": outcome, "first": a, "second": b, "together": both,
                     "sum_of_parts": mean_of(first + second - 2 * zero), "effect_together": mean_of(together - zero),
                     **interval(together - first - second + zero)}
                )  # fmt: skip
        return pd.DataFrame(corrected(rows))

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
        """The curves of all groups, see `curves_of`."""
        return self.curves_of(GROUPS)

    def curves_of(self, groups: Sequence[str]) -> pd.DataFrame:
        """Return one row per scenario, group, week and outcome: mean and quantiles over replicates."""
        import pandas as pd

        parts = []
        for name, table in self.tables.items():
            # Each column is read once, although groups stand before outcomes in the rows.
            weekly = {outcome: weekly_by_group(table, outcome) for outcome in CURVES}
            for group in groups:
                for outcome, by_group in weekly.items():
                    values = by_group[GROUPS.index(group)]
                    if np.isnan(values).any():
                        continue  # a group without households
                    q = np.quantile(np.ascontiguousarray(values.T), (0.05, 0.25, 0.5, 0.75, 0.95), axis=1)
                    parts.append(pd.DataFrame({
                        "scenario": name, "group": group, "week": np.arange(values.shape[1]), "outcome": outcome,
                        "mean": values.mean(axis=0), "q05": q[0], "q25": q[1], "q50": q[2], "q75": q[3], "q95": q[4],
                        "replicates": values.shape[0],
                    }))  # fmt: skip
        return pd.concat(parts, ignore_index=True)


def effect_row(outcome: str, keys: I64, both: F64, weeks: int, alike: bool) -> dict[str, Any]:
    """Return the numbers and the verdict of an effect on an outcome, as columns of a table's row.

    keys : (draw or `NO_DRAW`, replicate) of the runs, in order, shape (runs, 2). both : the outcome in the scenario's and in
    the reference's runs, shape (2, runs). weeks : of each run. alike : whether a difference means anything (`comparable`).
    """
    defined = np.isfinite(both).sum(axis=1).tolist()
    verdict = ""
    if outcome in WAITS:
        both = np.where(np.isnan(both), weeks, both)
        verdict = "" if all(defined) else ONE_NEVER if any(defined) else NEVER
    elif not alike:
        verdict = OTHER_SIZE
    here, there = gridded(keys, both, np.isfinite(both).all(axis=0))
    row = interval(np.empty(0)) | {"verdict": verdict} if verdict else interval(here - there)
    return {
        "reference_mean": mean_of(there) if defined[1] else np.nan, "mean": mean_of(here) if defined[0] else np.nan,
        "runs": len(keys), "reference_defined": defined[1], "defined": defined[0], **row,
    }  # fmt: skip


def gridded(keys: I64, columns: F64, which: npt.ArrayLike) -> list[F64]:
    """Return columns of runs at `which`, each shape (pairs,), or over draws (draws, replicates), of whole draws.

    keys : (draw or `NO_DRAW`, replicate), in order, shape (runs, 2). columns : shape (columns, runs).
    """
    which = np.asarray(which, np.bool_)
    if (keys[:, 0] == NO_DRAW).all():
        return list(columns[:, which])
    replicates = np.unique(keys[:, 1]).size
    draws, counts = np.unique(keys[which, 0], return_counts=True)
    whole = which & np.isin(keys[:, 0], draws[counts == replicates])
    return list(columns[:, whole].reshape(len(columns), -1, replicates))
