"""Sweeps: how outcomes depend on one to three values of a scenario, point by point, and whether each differs from a reference.

Every point has the same replicates, and with a table of draws the same draws, so that points differ by nothing but the
swept values. A reference is another scenario in the same world: a swept value of households or villages also holds for it,
a swept value of an intervention doesn't. Intervals and verdicts are those of a comparison (`sim.analysis.intervals`);
verdicts are corrected over all points of an outcome.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from sim.analysis.comparable import comparable
from sim.analysis.compare import WAITS, effect_row, gridded, horizon_of, label
from sim.analysis.intervals import corrected, interval
from sim.analysis.sweep_points import Axis, Over, axes_of, check_points, points_of
from sim.base.arrays import F64, I64, Flags
from sim.base.errors import InputError, nearest
from sim.base.showing import brief
from sim.engine.outcomes import TOTALS, unit_of
from sim.results import NO_DRAW
from sim.runs import Collection, Report, Request, missing, run
from sim.scenario import Scenario, with_values
from sim.scenario.variation import leaf_of
from sim.uncertainty.draw_table import DrawTable, values_by_key

if TYPE_CHECKING:
    import pandas as pd

NAME = "sweep-runs"
"""The folder of all sweeps' runs in a results folder; a run is found there by its content."""
OBSERVED = tuple(outcome.name for outcome in TOTALS)
"""What is observed of each run, so that another outcome needs no other runs."""
HIGHEST = "highest"
"""In the column ``against_highest``, the point with the highest mean."""


@dataclass(frozen=True)
class SweepPlan:
    """What is run for a sweep.

    Attributes
    ----------
    scenarios : by label: the one that is swept and, if there is one, the reference. axes : what is swept. points : values
    of the axes, shape (points, keys). replicates : of each point and draw. seed : root of the runs' luck. weeks : of each
    run. draws : with which each point is run; None for the scenarios' own values. grid : whether the points are all
    combinations of the axes' values.
    """

    scenarios: dict[str, Scenario]
    axes: tuple[Axis, ...]
    points: F64
    replicates: int
    seed: int
    weeks: int
    draws: DrawTable | None = None
    grid: bool = True

    __repr__ = brief

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the axes."""
        return tuple(axis.key for axis in self.axes)

    @property
    def shape(self) -> tuple[int, int, int]:
        """(points, draws, replicates)."""
        return len(self.points), 1 if self.draws is None else len(self.draws), self.replicates

    def followed(self, name: str) -> Flags:
        """Return which swept keys a scenario takes, shape (keys,): all, or for the reference those of its world."""
        return np.array(
            [name == next(iter(self.scenarios)) or _of_world(self.scenarios[name], key) for key in self.keys]
        )

    def request(self, name: str) -> tuple[Request, I64]:
        """Return the runs of a scenario, by point, draw and replicate, and each point's place among them, shape (points,)."""
        taken = self.followed(name)
        keys = tuple(key for key, takes in zip(self.keys, taken, strict=True) if takes)
        points, places = np.unique(self.points[:, taken], axis=0, return_inverse=True)
        if self.draws is None:
            values = points
        else:
            keys += self.draws.keys
            values = np.hstack([
                np.repeat(points, len(self.draws), axis=0), np.tile(self.draws.values, (len(points), 1)),
            ])  # fmt: skip
        table = DrawTable("points", keys, np.arange(len(values)), np.ascontiguousarray(values))
        one = {name: self.scenarios[name]}
        return Request.of(one, self.replicates, self.seed, self.weeks, table, OBSERVED), places.reshape(-1)

    def first(self) -> Self:
        """Return the plan of the first point and draw alone."""
        draws = None if self.draws is None else self.draws.head(1)
        return replace(self, points=self.points[:1], draws=draws)

    @property
    def requests(self) -> list[Request]:
        """The runs of the scenarios."""
        return [self.request(name)[0] for name in self.scenarios]


def _of_world(scenario: Scenario, key: str) -> bool:
    """Return whether a key is one of households or villages that a scenario has."""
    try:
        leaf_of(scenario, key)
    except InputError:
        return False
    return not key.startswith("interventions.")


def plan_of(
    scenarios: dict[str, Scenario], over: Over, *, method: str = "grid", n: int | None = None, replicates: int = 20,
    seed: int = 0, weeks: int | None = None, draws: DrawTable | None = None,
) -> SweepPlan:  # fmt: skip
    """Return what is run for a sweep, after checks of every point and draw; see `sweep`."""
    swept, *others = scenarios.values()
    axes = axes_of(swept, over, method)
    points = points_of(axes, method, n, seed)
    check_points(swept, axes, points)
    if draws is not None:
        for scenario in scenarios.values():
            draws.check(scenario)
        for axis in axes:
            if axis.key in draws.keys:
                raise InputError(f"'{axis.key}' is swept, but the table of draws also has it", "--draws")
    plan = SweepPlan(scenarios, axes, points, replicates, seed, horizon_of(scenarios, weeks), draws, method == "grid")
    for name, other in zip(list(scenarios)[1:], others, strict=True):
        taken = plan.followed(name)
        check_points(other, [axis for axis, takes in zip(axes, taken, strict=True) if takes], points[:, taken])
    return plan


@dataclass(frozen=True)
class Sweep:
    """Outcomes at the points of a sweep.

    Attributes
    ----------
    plan : what was run. outcomes : names of `sim.engine.outcomes.TOTALS`. values : by scenario, shape
    (points, draws, replicates, outcomes); NaN where an outcome isn't defined.
    """

    plan: SweepPlan
    outcomes: tuple[str, ...]
    values: dict[str, F64]

    __repr__ = brief

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per point and outcome, with a column for each swept key.

        mean, low, high : mean over runs with its 95 % interval. spread_low, spread_high : 5th to 95th percentile of the
        runs, or of the draws without luck. pairs : runs or draws. defined : runs in which the outcome is. against_highest :
        `HIGHEST` at the point with the highest mean, elsewhere the verdict on the difference from it; empty if the outcome
        isn't defined anywhere. With a reference also: reference, reference_mean, difference,
        difference_low, difference_high, same_sign and verdict, as in a comparison.
        """
        import pandas as pd

        return pd.DataFrame([row for outcome in self.outcomes for row in self._rows(outcome)])

    def _rows(self, outcome: str) -> list[dict[str, Any]]:
        """Return the rows of an outcome, one for each point."""
        swept, *others = self.plan.scenarios
        at = self.outcomes.index(outcome)
        values = self.values[swept][..., at]
        means = [self._mean(outcome, point) for point in values]
        rows: list[dict[str, Any]] = [
            {
                **values_by_key(self.plan.keys, point),
                "outcome": outcome,
                "unit": unit_of(outcome),
                **mean,
                "against_highest": "",
            }
            for point, mean in zip(self.plan.points, means, strict=True)
        ]
        known = np.array([row["mean"] for row in rows])
        if np.isfinite(known).any():
            top = int(np.nanargmax(known))
            below = [self._effect(outcome, point, values[top], k, top) for k, point in enumerate(values)]
            for row, found in zip(rows, corrected(below), strict=True):
                row["against_highest"] = found["verdict"]
            rows[top]["against_highest"] = HIGHEST
        for name in others:
            references = self.values[name][..., at]
            effects = [self._effect(outcome, values[k], references[k], k, None) for k in range(len(rows))]
            for row, effect in zip(rows, corrected(effects), strict=True):
                row |= {"reference": name, "reference_mean": effect["reference_mean"]}
                row |= {key: effect[key] for key in ("difference", "same_sign", "verdict")}
                row |= {f"difference_{end}": effect[end] for end in ("low", "high")}
        return rows

    def _keys(self) -> I64:
        """Return (draw or `NO_DRAW`, replicate) of a point's runs, shape (draws * replicates, 2)."""
        _, draws, replicates = self.plan.shape
        numbers = np.arange(draws) if self.plan.draws is not None else np.array([NO_DRAW])
        return np.stack([np.repeat(numbers, replicates), np.tile(np.arange(replicates), draws)], axis=1)

    def _mean(self, outcome: str, values: F64) -> dict[str, Any]:
        """Return the mean of a point's runs, shape (draws, replicates), with its interval."""
        flat = values.reshape(1, -1)
        defined = int(np.isfinite(flat).sum())
        if outcome in WAITS:
            flat = np.where(np.isnan(flat), self.plan.weeks, flat)
        (known,) = gridded(self._keys(), flat, np.isfinite(flat[0]))
        found = interval(known if defined else known[:0])
        return {
            "mean": found["difference"], "low": found["low"], "high": found["high"], "spread_low": found["spread_low"],
            "spread_high": found["spread_high"], "pairs": found["pairs"], "replicates": found["replicates"],
            "defined": defined,
        }  # fmt: skip

    def _effect(self, outcome: str, here: F64, there: F64, point: int, other: int | None) -> dict[str, Any]:
        """Return the effect of a point against another, or against the reference if None; values (draws, replicates)."""
        both = np.stack([here.ravel(), there.ravel()])
        alike = comparable(
            unit_of(outcome), self._at(point), self._reference_at(point) if other is None else self._at(other)
        )
        return effect_row(outcome, self._keys(), both, self.plan.weeks, alike)

    def _at(self, point: int) -> Scenario:
        """Return the swept scenario with the values of a point."""
        return with_values(
            next(iter(self.plan.scenarios.values())), values_by_key(self.plan.keys, self.plan.points[point])
        )

    def _reference_at(self, point: int) -> Scenario:
        name, reference = list(self.plan.scenarios.items())[1]
        values = values_by_key(self.plan.keys, self.plan.points[point])
        taken = self.plan.followed(name)
        return with_values(
            reference, {key: values[key] for key, takes in zip(self.plan.keys, taken, strict=True) if takes}
        )


def evaluate(
    plan: SweepPlan, outcomes: Sequence[str], root: Path | None = None, *, jobs: int | None = None,
    report: Report | None = None, scheduler: str | None = None,
) -> Sweep:  # fmt: skip
    """Run a sweep.

    Parameters
    ----------
    root : results folder, in which runs are kept and found by their content; None keeps none. jobs, report, scheduler : see
        `sim.runs.run`.

    Raises
    ------
    InputError : an unknown outcome, or a run failed, after all others are made.
    """
    for outcome in outcomes:
        if outcome not in OBSERVED:
            raise InputError(f"unknown outcome '{outcome}'{nearest(outcome, OBSERVED)}", "--outcome")
    values = {}
    _, draws, replicates = plan.shape
    with Collection(root, NAME) as kept:
        for name in plan.scenarios:
            request, places = plan.request(name)
            runs = run(request, kept, jobs=jobs, report=report, scheduler=scheduler, stage=name)
            if runs.failures:
                raise InputError(f"{len(runs.failures)} runs failed; the first: {runs.failures[0]}")
            columns = [runs.tables[name][outcome].reshape(-1, draws, replicates) for outcome in outcomes]
            values[name] = np.stack(columns, axis=-1)[places]
    return Sweep(plan, tuple(outcomes), values)


def missing_runs(plan: SweepPlan, root: Path) -> int:
    """Return how many runs of a sweep have yet to be made."""
    return sum(missing(request, Collection(root, NAME)) for request in plan.requests)


def sweep(
    scenario: str | Path | Scenario,
    over: Over,
    against: str | Path | Scenario | None = None,
    *,
    outcomes: Sequence[str] = ("adopted",),
    method: str = "grid",
    n: int | None = None,
    replicates: int = 20,
    seed: int = 0,
    weeks: int | None = None,
    draws: DrawTable | None = None,
    overrides: Any = (),
    folder: Path | None = None,
    jobs: int | None = None,
    report: Report | None = None,
    scheduler: str | None = None,
) -> Sweep:
    """Run a scenario at every point of a grid of values, with the same luck, and compare each point with a reference.

    Parameters
    ----------
    scenario : a name, path or scenario. over : one to three keys with their values, such as
        ``{"interventions.donation.yuan": [100_000, 300_000, 500_000]}``, or as texts, such as
        ``["household.own_yard=0.1:0.5:5"]``. against : the reference. Values of households and villages also change in it.
    outcomes : outcomes of a run. method : ``grid``, or ``sobol`` for `n` points that fill the box of (low, high) of each key.
    replicates : of each point; fewer than 20 support no verdict. seed : root of all chance. weeks : the longest of the
    scenarios' own if None. draws : run each point with each of these draws. overrides : laid over scenarios that are given
    by name or path. folder : results folder where runs are kept; None keeps none. jobs, report, scheduler : as in
    `sim.compare`.

    Raises
    ------
    InputError : a scenario can't be loaded, a key or value is refused (see `axes_of`), or a run failed.
    """
    named = label([scenario, *([] if against is None else [against])], overrides)
    plan = plan_of(named, over, method=method, n=n, replicates=replicates, seed=seed, weeks=weeks, draws=draws)
    return evaluate(plan, outcomes, folder, jobs=jobs, report=report, scheduler=scheduler)
