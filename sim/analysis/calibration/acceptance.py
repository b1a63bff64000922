"""Acceptance: approximate Bayesian computation with real runs, by bands or by the nearness to observed values.

With bands, a draw is accepted if all of its runs are within all bands: the posterior is the prior times the chance of that,
without tuning. With observed values, their error is added to the summaries, the nearest draws are accepted, and a regression
of the draws on the summaries, weighted by nearness, moves them to where they would have been if their summaries had been the
observed ones (Beaumont, Zhang and Balding 2002). The regression uses normal scores of the prior, so that no draw leaves its
interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.analysis.calibration.evaluation import Evaluations
from sim.analysis.calibration.targets import Point, Targets, in_bands
from sim.base.arrays import F64, I64
from sim.uncertainty.priors import Prior

EDGE = 1e-12
"""Least distance from 0 and 1 of shares that are turned into normal scores."""


class Accepted(NamedTuple):
    """Accepted draws: their numbers, values, shape (draws, priors), and summaries, shape (draws, targets)."""

    numbers: I64
    values: F64
    summaries: F64


def by_bands(
    runs: Evaluations, numbers: I64, targets: Targets, rounds: Sequence[int], seed: int
) -> tuple[Accepted, list[dict[str, Any]]]:
    """Return the draws that are within the bands in every run, and one row per round with their number.

    rounds : replicates of each round, with `seed`, `seed` + 1 and so on. A rejected draw isn't run any further, which
    only saves time. Summaries are means over the last round.
    """
    rows = []
    for k, replicates in enumerate(rounds):
        found: list[F64] = []
        before = numbers.size
        for replicate in range(replicates):
            stage = f"round {k + 1}, replicate {replicate + 1} of {replicates}"
            summaries = runs.at(numbers, seed + k, replicate, stage)
            met = in_bands(summaries, targets)
            numbers = numbers[met]
            found = [earlier[met] for earlier in (*found, summaries)]
        rows.append({"round": k + 1, "replicates": replicates, "draws": before, "kept": numbers.size})
    return Accepted(numbers, runs.values[numbers], np.mean(found, axis=0)), rows


def by_points(
    accepted: Accepted, priors: Sequence[Prior], observed: Sequence[tuple[int, Point]], keep: float, seed: int
) -> Accepted:
    """Return the nearest draws, moved by regression; their summaries remain those of the runs.

    observed : (column of the summaries, target). keep : share of the draws, above 0 and at most 1.
    """
    columns = [k for k, _ in observed]
    error = np.random.default_rng([seed, 0]).standard_normal((len(accepted.values), len(columns)))
    noisy = accepted.summaries[:, columns] + error * np.array([target.sd for _, target in observed])
    values, near = nearest_moved(
        accepted.values, noisy, np.array([target.value for _, target in observed]), priors, keep
    )
    return Accepted(accepted.numbers[near], values, accepted.summaries[near])


def nearest_moved(values: F64, summaries: F64, observed: F64, priors: Sequence[Prior], keep: float) -> tuple[F64, I64]:
    """Return (values of the nearest draws, moved by regression; the places of these draws).

    Parameters
    ----------
    values : shape (draws, priors). summaries : shape (draws, summaries), of single observations; draws with NaN are rejected.
    observed : shape (summaries,). keep : share of the draws.

    Raises
    ------
    ValueError : too few draws are accepted to fit the regression.
    """
    whole = np.flatnonzero(np.isfinite(summaries).all(axis=1))
    scale = summaries[whole].std(axis=0) if whole.size else np.ones(summaries.shape[1])
    offset = (summaries[whole] - observed) / np.where(scale > 0, scale, 1.0)
    distance = np.sqrt((offset**2).sum(axis=1))
    count = int(np.ceil(keep * whole.size))
    if count < 2 * (offset.shape[1] + 1):
        raise ValueError(f"{count} draws are too few to calibrate by {offset.shape[1]} observed values")
    near = np.sort(np.argsort(distance, kind="stable")[:count])
    # Epanechnikov weights; that of the furthest accepted draw is almost 0.
    weight = np.clip(1.0 - (distance[near] / (distance[near].max() * (1 + 1e-9) or 1.0)) ** 2, 0.0, None)
    design = np.column_stack([np.ones(count), offset[near]])
    scores = normal_scores(values[whole[near]], priors)
    root = np.sqrt(weight)[:, None]
    slopes = np.linalg.lstsq(design * root, scores * root, rcond=None)[0][1:]
    return from_normal_scores(scores - offset[near] @ slopes, priors), whole[near].astype(np.int64)


def normal_scores(values: F64, priors: Sequence[Prior]) -> F64:
    """Return values as normal scores of their priors, shape (draws, priors)."""
    from scipy.special import ndtri

    shares = np.column_stack([prior.distribution.share_below(values[:, k]) for k, prior in enumerate(priors)])
    return np.asarray(ndtri(np.clip(shares, EDGE, 1.0 - EDGE)), np.float64)


def from_normal_scores(scores: F64, priors: Sequence[Prior]) -> F64:
    """Return the values that have these normal scores, shape (draws, priors)."""
    from scipy.special import ndtr

    return np.column_stack([prior.distribution.quantile(ndtr(scores[:, k])) for k, prior in enumerate(priors)])
