"""Do intervals and verdicts hold what they say? Coverage and wrong claims, measured through the function that analyses call.

Differences of known mean, of many kinds and from 2 pairs on; grids of draws and replicates that share their luck; and the
model's own outcomes, of which small groups of pairs are compared with the mean of many. Beside them stands what was used
before: percentiles of a bootstrap, which for draws took every draw for independent.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import study

from sim.analysis.compare import compare, label
from sim.analysis.intervals import interval
from sim.base.arrays import F64
from sim.commands.options import pace
from sim.engine.outcomes import EFFECTS

FULL = {"trials": 2_000, "grids": 1_000, "pairs": 2_000}
TINY = {"trials": 20, "grids": 4, "pairs": 60}
SEED = 13
PAIRS = (2, 3, 5, 10, 15, 20, 25, 30, 50, 100)
OF_BEFORE, RESAMPLES = 10, 499
"""Every so many trials are also done as before, with so many resamples."""
Draw = Callable[[np.random.Generator, int], F64]

KINDS: dict[str, tuple[Draw, float]] = {
    "normal": (lambda rng, n: rng.normal(size=n), 0.0),
    "uniform": (lambda rng, n: rng.random(n), 0.5),
    "Student's t with 3": (lambda rng, n: rng.standard_t(3.0, n), 0.0),
    "Laplace": (lambda rng, n: rng.laplace(size=n), 0.0),
    "gamma, skewness 1": (lambda rng, n: rng.gamma(4.0, size=n), 4.0),
    "log-normal, skewness 1.8": (lambda rng, n: rng.lognormal(0.0, 0.5, n), float(np.exp(0.125))),
    "exponential, skewness 2": (lambda rng, n: rng.exponential(size=n), 1.0),
    "chi-square, skewness 2.8": (lambda rng, n: rng.chisquare(1.0, n), 1.0),
    "log-normal, skewness 6.2": (lambda rng, n: rng.lognormal(size=n), float(np.exp(0.5))),
    "one in ten five s.d. away": (lambda rng, n: np.where(rng.random(n) < 0.1, 5.0, 0.0) + rng.normal(size=n), 0.5),
    "rounded": (lambda rng, n: np.round(rng.normal(0.0, 0.7, n)), 0.0),
    "Poisson, mean 0.5": (lambda rng, n: rng.poisson(0.5, n).astype(float), 0.5),
    "0 or 1, half each": (lambda rng, n: rng.integers(0, 2, n).astype(float), 0.5),
    "0 or 1, a fifth": (lambda rng, n: (rng.random(n) < 0.2).astype(float), 0.2),
    "-1, 0, 1": (lambda rng, n: rng.choice([-1.0, 0.0, 1.0], n, p=[0.2, 0.5, 0.3]), 0.1),
    "0, 1, 2, mostly 0": (lambda rng, n: rng.choice([0.0, 1.0, 2.0], n, p=[0.7, 0.2, 0.1]), 0.4),
    "half 0, else exponential": (lambda rng, n: np.where(rng.random(n) < 0.5, 0.0, rng.exponential(size=n)), 0.5),
    "half 0, else normal": (lambda rng, n: np.where(rng.random(n) < 0.5, 0.0, rng.normal(0.5, 1.0, n)), 0.25),
    "nine tenths 0": (lambda rng, n: np.where(rng.random(n) < 0.9, 0.0, rng.normal(0.5, 1.0, n)), 0.05),
}
GRIDS = [(20, 2), (60, 2), (60, 4), (200, 4), (60, 10), (200, 10)]
"""Draws and replicates."""
PARTS = {
    "draws only": (1.0, 0.0, 0.2), "as veterans": (1.0, 0.43, 0.26), "alike": (1.0, 1.0, 0.3), "luck only": (0.0, 1.0, 0.3),
    "neither": (0.0, 0.0, 1.0),
}  # fmt: skip
"""Standard deviations between draws, between replicates, and of the rest."""


def main(root: Path, trials: int, grids: int, pairs: int) -> None:
    """Measure coverage. trials : samples of each kind and size. grids : of each kind and size. pairs : of the model's runs."""
    rng = np.random.default_rng(SEED)
    folder = study.results_folder(root, __file__)
    known = pd.DataFrame([
        {"kind": kind, "pairs": n, **rates(lambda draw=draw, n=n: draw(rng, n), trials, rng, mean)}
        for kind, (draw, mean) in KINDS.items() for n in PAIRS
    ])  # fmt: skip
    over_draws = pd.DataFrame([
        {"kind": kind, "draws": size[0], "replicates": size[1],
         **rates(lambda parts=parts, size=size: grid(rng, size, parts), grids, rng)}
        for kind, parts in PARTS.items() for size in GRIDS
    ])  # fmt: skip
    model = of_model(pairs, trials // OF_BEFORE, rng)
    study.keep(folder, {"coverage": known, "draws": over_draws, "model": model}, digits=4)
    for table in (known, over_draws, model):
        print(table.to_string(index=False, float_format="%.3f"), "\n")


def rates(sample: Callable[[], F64], trials: int, rng: np.random.Generator, mean: float = 0.0) -> dict[str, float]:
    """Return how often intervals of samples cover their true mean.

    given : share of samples that have an interval. covered : of these, the share that cover. missed : share of all samples
    whose interval doesn't cover. claimed : share of all that are called more or less than the true mean. before_covered,
    before_claimed : the same of bootstrap percentiles, taken of every `OF_BEFORE` th sample.
    """
    given = covered = claimed = before = before_claimed = 0
    for trial in range(trials):
        differences = sample()
        row: dict[str, Any] = interval(differences, mean)
        has = row["low"] == row["low"]
        given += has
        covered += bool(has and row["low"] <= mean <= row["high"])
        claimed += row["verdict"] in ("more", "less")
        if trial % OF_BEFORE == 0:
            low, high = percentiles(differences.mean(axis=1) if differences.ndim == 2 else differences, rng)
            before += low <= mean <= high
            before_claimed += low > mean or high < mean
    few = -(-trials // OF_BEFORE)
    return {
        "given": given / trials, "covered": covered / given if given else float("nan"), "missed": (given - covered) / trials,
        "claimed": claimed / trials, "before_covered": before / few, "before_claimed": before_claimed / few,
    }  # fmt: skip


def percentiles(values: F64, rng: np.random.Generator) -> tuple[float, float]:
    """Return the bootstrap percentiles of a mean, as intervals were before."""
    means = values[rng.integers(0, values.size, (RESAMPLES, values.size))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)


def grid(rng: np.random.Generator, size: tuple[int, int], parts: tuple[float, float, float]) -> F64:
    """Return differences by draw and replicate, with mean 0."""
    shapes = ((size[0], 1), (1, size[1]), size)
    return np.asarray(sum(sd * rng.normal(size=shape) for sd, shape in zip(parts, shapes, strict=True)), np.float64)


def of_model(pairs: int, trials: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return the rates of groups of the model's pairs, against the mean of all; of outcomes that differ in some of them."""
    rows = []
    for scenarios in (("baseline", "donation"), ("baseline", "campaign")):
        comparison = compare(label(scenarios), pairs, SEED, report=study.reporter(pace))
        for outcome in EFFECTS:
            here, there = comparison.paired(outcome, scenarios[1], scenarios[0])
            away = here - there - (here - there).mean() if here.size else here
            if not away.any():
                continue
            for n in (2, 5, 20, 50):
                found = rates(lambda away=away, n=n: rng.choice(away, n, replace=False), trials, rng)
                rows.append({"scenario": scenarios[1], "outcome": outcome, "pairs": n, **found})
    return pd.DataFrame(rows)


if __name__ == "__main__":
    study.command(main)
