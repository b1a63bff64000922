"""The model's own calibration: the households of the default village, by the patterns in the documents."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.calibration.calibrating import posterior
from sim.analysis.calibration.evaluation import Luck
from sim.analysis.calibration.fit_patterns import NAME, STUCK, fit_targets, screening_targets, simulator
from sim.analysis.calibration.medoid import more_central
from sim.analysis.calibration.predictive import courses, patterns_of, runs_over_draws, scoreboard
from sim.analysis.calibration.result import Posterior
from sim.analysis.calibration.targets import Band
from sim.analysis.pattern_measures import RUNS
from sim.base.arrays import F64
from sim.evidence import load_register
from sim.runs import Collection, Report
from sim.scenario import load_scenario, provenance
from sim.uncertainty.draw_table import DrawTable
from sim.uncertainty.priors import Prior, draw, load_priors

if TYPE_CHECKING:
    import pandas as pd

COURSES = ("campaign", "baseline", "veteran_role_model")
"""Scenarios whose adoption is shown over draws."""
DRAWN = 100
"""Greatest number of draws over which it is shown."""
PRIOR, POSTERIOR, DEFAULTS = "prior", "posterior", "defaults"


@dataclass(frozen=True)
class Plan:
    """The plan of a calibration.

    draws : draws of the prior to consider. waves : draws simulated in each wave of history matching. replicates : of the
    second round of acceptance; the first has one. seed : root of all random draws. only_fit : leave out the bands of patterns
    that the register holds out (P3). scored : number of draws over which all patterns are measured. priors : another file.
    """

    draws: int = 32768
    waves: tuple[int, ...] = (1024, 1024)
    replicates: int = 8
    seed: int = 2022
    only_fit: bool = False
    scored: int = 20
    priors: Path | None = None

    def load(self) -> tuple[tuple[Prior, ...], dict[str, Band]]:
        """Return the priors and targets. Raises InputError for a mistake in the file of priors."""
        return load_priors(self.priors), fit_targets(load_register()) if self.only_fit else screening_targets()


@dataclass(frozen=True)
class Calibration:
    """A calibration of the model and its predictions.

    plan : the inputs. found : the posterior. courses : see `predictive.courses`; of the prior, the posterior and the
    default values. scores : see `predictive.scoreboard`.
    """

    plan: Plan
    found: Posterior
    courses: pd.DataFrame
    scores: pd.DataFrame

    def defaults(self) -> dict[str, Any]:
        """Return how the scenarios' default values compare with the posterior.

        more_central : share of the draws that are more central than the defaults. medoid : number of the most central
        draw. outside_90 : keys whose default is outside the middle 90 % of the draws.
        """
        values = default_values(self.found.priors)
        low, high = np.quantile(self.found.values, (0.05, 0.95), axis=0)
        keys = np.array([prior.key for prior in self.found.priors])
        return {
            "more_central": more_central(values, self.found.values, self.found.priors),
            "medoid": int(self.found.numbers[self.found.medoid()]),
            "outside_90": keys[(values < low) | (values > high)].tolist(),
        }


def default_values(priors: Sequence[Prior]) -> F64:
    """Return the values of `scenarios/base.yaml` in the priors' order."""
    base = provenance(load_scenario("baseline"))
    return np.array([float(base[prior.key].value) for prior in priors])


def find(
    plan: Plan, kept: Collection, jobs: int | None = None, report: Report | None = None, scheduler: str | None = None
) -> Posterior:
    """Return the posterior. kept : where runs are kept and found again."""
    priors, targets = plan.load()
    simulate = simulator(priors, tuple(targets), None, jobs, kept=kept, scheduler=scheduler)
    return posterior(
        simulate, priors, targets, draws=plan.draws, waves=plan.waves, rounds=(1, plan.replicates), seed=plan.seed,
        report=report,
    )  # fmt: skip


def calibrate(
    plan: Plan, root: Path | None, jobs: int | None = None, report: Report | None = None, scheduler: str | None = None
) -> Calibration:
    """Calibrate the model, then predict adoption and every pattern, including those held out, with the accepted draws.

    root : results folder, in which an interrupted call finds its runs the next time. jobs, report, scheduler : see
    `sim.runs.run`.

    Raises InputError for a mistake in the file of priors, and where no draw meets the targets.
    """
    with Collection(root, NAME) as kept:
        found = find(plan, kept, jobs, report, scheduler)
        table = found.draw_table(POSTERIOR)
        keys, few = table.keys, min(len(found), DRAWN)
        before = DrawTable(PRIOR, keys, np.arange(few), draw(found.priors, few, plan.seed))
        same = np.tile(default_values(found.priors), (few, 1))
        tables = {
            PRIOR: before, POSTERIOR: table.head(few), DEFAULTS: DrawTable(DEFAULTS, keys, np.arange(few), same)
        }  # fmt: skip
        scenarios = {name: load_scenario(name) for name in COURSES}
        shown = courses(scenarios, tables, STUCK, plan.seed, jobs, kept, scheduler, report)
        runs = runs_over_draws(RUNS, table.head(plan.scored), plan.seed, jobs, kept, scheduler, report)
        scores = scoreboard(runs, load_register(), patterns_of(found.targets))
    return Calibration(plan, found, shown, scores)


def seconds_a_draw(plan: Plan, jobs: int | None, count: int = 8) -> float:
    """Return how long a run of a draw from the prior takes on average, measured on the first `count`."""
    priors, targets = plan.load()
    simulate, values = simulator(priors, tuple(targets), None, jobs, whole=True), draw(priors, count, plan.seed)
    simulate(values[:1], Luck(plan.seed, 0, np.arange(1)))  # compiles
    began = time.monotonic()
    simulate(values, Luck(plan.seed, 1, np.arange(count)))
    return (time.monotonic() - began) / count
