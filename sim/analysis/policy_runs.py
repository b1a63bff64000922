"""Evaluate a menu's mixes by simulation: over draws of the uncertain values, against no programme with the same luck.

A number of luck is a draw and a replicate. Those of the search and those of the judgement share neither: the draws are
dealt out to one or the other, and every number of luck is a replicate of its own. Money and hours are what a mix takes
over and above the village's routine.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np

from sim.analysis.budget import PricedIntervention, Prices
from sim.analysis.menu import Menu
from sim.analysis.policy import first_lucks
from sim.base.arrays import F64, I64
from sim.base.errors import InputError
from sim.base.showing import brief
from sim.results import NO_DRAW
from sim.runs import Collection, Pairs, Progress, Report, Request, run
from sim.uncertainty.draw_table import DrawTable

NAME = "optimise-runs"
"""The folder of all searches' runs in a results folder; a run is found there by its content."""
OF_RUN = {"kept": "adopted", "yuan": "yuan", "hours": "unpaid_hours", "coercion": "coercion"}
"""Each outcome of a mix, and the outcome of a run that it is made of: the share kept adopted a year after the programme's
end, money and unpaid time beyond the routine, and coercion then."""
OUTCOMES = tuple(OF_RUN)
CHEAP = 0.01
"""An intervention whose full size takes less than this share of a budget counts as free."""


@dataclass
class PolicyRuns:
    """Evaluations of a menu's mixes; an instance is what `sim.analysis.policy.optimise` calls.

    menu : what mixes consist of. draws : uncertain values; None for the scenario's own. seed : root of all luck.
    search_lucks, judgement : how many numbers of luck, and (draws, replicates); with a table of fewer draws than
    both need, half of them go to each. jobs : threads. kept : where runs are kept and found
    again. scheduler : of a Dask cluster. report : called with the progress, planned : of so many runs.
    """

    menu: Menu
    draws: DrawTable | None
    seed: int
    search_lucks: int = 16
    judgement: tuple[int, int] = (16, 2)
    jobs: int | None = None
    kept: Collection = field(default_factory=lambda: Collection(None, NAME))
    scheduler: str | None = None
    report: Report | None = None
    planned: int = 0
    done: int = 0
    found: int = 0
    _began: float = field(default_factory=time.monotonic)

    __repr__ = brief

    @property
    def search(self) -> I64:
        """The search's numbers of luck."""
        return np.arange(self.search_lucks, dtype=np.int64)

    @property
    def fresh(self) -> I64:
        """The judgement's numbers of luck, shape (draws, replicates)."""
        draws, replicates = self.judgement
        return self.search_lucks + np.arange(draws * replicates, dtype=np.int64).reshape(replicates, draws).T

    def draw_of(self, luck: int) -> int:
        """Return the place of a luck's draw in the table; those of search and judgement are dealt from a shuffled one."""
        assert self.draws is not None
        order = np.random.default_rng([self.seed, 5]).permutation(len(self.draws))
        ours = min(self.search_lucks, len(order) // 2)
        if luck < self.search_lucks:
            return int(order[luck % ours])
        return int(order[ours + (luck - self.search_lucks) % self.judgement[0] % (len(order) - ours)])

    def __call__(self, points: F64, lucks: I64) -> F64:
        """Return `OUTCOMES`, shape (points, lucks, outcomes), of rows of amounts and settings."""
        names = [*self.menu.interventions, *(setting.name for setting in self.menu.settings)]
        rows = [dict(zip(names, map(float, point), strict=True)) for point in points]
        raw = self._runs([*rows, {}], [int(luck) for luck in lucks])
        found: F64 = raw[:-1].copy()
        found[:, :, 1:3] -= raw[-1:, :, 1:3]
        return found

    def _runs(self, rows: list[dict[str, float]], lucks: list[int]) -> F64:
        """Return the outcomes of runs, see `OF_RUN`, shape (rows, lucks, outcomes); an empty row is no programme."""
        scenarios = {f"mix {k}": self.menu.scenario_at(row, {**self.menu.plain, **row}) for k, row in enumerate(rows)}
        places = [NO_DRAW if self.draws is None else self.draw_of(luck) for luck in lucks]
        draws = None
        numbers = np.array(places)
        if self.draws is not None:
            used = np.unique(places)
            draws = replace(self.draws, numbers=self.draws.numbers[used], values=self.draws.values[used])
            numbers = self.draws.numbers[places]
        pairs = Pairs.listed(np.stack([numbers, lucks], axis=1), draws)
        request = Request(scenarios, pairs, self.seed, self.menu.horizon, draws, tuple(OF_RUN.values()))
        runs = run(
            request, self.kept, jobs=self.jobs, scheduler=self.scheduler, report=self._reporter(), stage="search"
        )  # fmt: skip
        if runs.failures:
            raise InputError(f"{len(runs.failures)} runs failed; the first: {runs.failures[0]}")
        order = np.argsort(np.lexsort((np.array(lucks), numbers)))  # tables have their rows by draw and then by luck
        return np.array(
            [np.column_stack([table[name] for name in OF_RUN.values()])[order] for table in runs.tables.values()]
        )

    def _reporter(self) -> Report:
        """Return what adds a request's progress to that of the whole search."""
        done, found = self.done, self.found

        def add(progress: Progress) -> None:
            self.done, self.found = done + progress.done, found + progress.found
            if self.report:
                self.report(self._progress(max(self.planned, self.done + 1)))

        return add

    def finish(self) -> None:
        """Tell that there are no more runs to come."""
        if self.report:
            self.report(self._progress(self.done))

    def _progress(self, of: int) -> Progress:
        return Progress(self.done, self.found, of, time.monotonic() - self._began)

    def interventions(self, budget: Mapping[str, float], lucks: int = 4) -> list[PricedIntervention]:
        """Return the menu's interventions with prices that a pilot measures: each alone at full size, short and long.

        An intervention's price is linear in its weeks between the two; it is measured again for each of its choices.
        """
        return [PricedIntervention(name, _Tariff(self, name, dict(budget), lucks)) for name in self.menu.interventions]


@dataclass
class _Tariff:
    """The prices of an intervention at full size under given settings, measured on first use."""

    runs: PolicyRuns
    intervention: str
    budget: dict[str, float]
    lucks: int
    _measured: dict[tuple[float, ...], tuple[F64, F64]] = field(default_factory=dict)

    def __call__(self, settings: Mapping[str, float]) -> Prices:
        """Return the yuan and hours of full size; a negligible part of a budget is left out."""
        own = self.runs.menu.own(self.intervention)
        choices = tuple(settings[setting.name] for setting in own if not setting.ordered)
        if choices not in self._measured:
            self._measured[choices] = self._pilot(settings)
        weeks, costs = self._measured[choices]
        start, stop = self.runs.menu.period(self.intervention, settings)
        found = {name: float(np.interp(stop - start, weeks, costs[:, k])) for k, name in enumerate(("yuan", "hours"))}
        return {name: price for name, price in found.items() if price > CHEAP * self.budget.get(name, np.inf)}

    def _pilot(self, settings: Mapping[str, float]) -> tuple[F64, F64]:
        """Return weeks, shape (1 or 2,), and what they cost, (1 or 2, yuan and hours)."""
        menu = self.runs.menu
        plain = menu.plain | {s.name: settings[s.name] for s in menu.own(self.intervention) if not s.ordered}
        weeks = f"{self.intervention}.weeks"
        ranges = {s.name: (s.low, s.high) for s in menu.own(self.intervention) if s.name == weeks}
        ends = [dict(zip(ranges, combination, strict=True)) for combination in product(*ranges.values())]
        rows = [{self.intervention: 1.0, **plain, **end} for end in ends]
        periods = [menu.period(self.intervention, row) for row in rows]
        points = np.array([[row.get(n, 0.0) for n in [*menu.interventions, *menu.plain]] for row in rows])
        costs = self.runs(points, self.runs.search[: self.lucks])[:, :, 1:3].mean(axis=1)
        return np.array([float(stop - start) for start, stop in periods]), costs


def planned_runs(runs: PolicyRuns, trials: int, finalists: int) -> int:
    """Return about how many runs a search and its judgement take at most, those without a programme included."""
    lucks, (draws, replicates), interventions = runs.search_lucks, runs.judgement, len(runs.menu.interventions)
    halving = 2 * finalists * lucks  # half as many points for twice as much luck, until all of it is used
    judged = 2 * finalists + interventions + 2
    return trials * first_lucks(lucks) + halving + (judged + 1) * (lucks + draws * replicates)
