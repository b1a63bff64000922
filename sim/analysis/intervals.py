"""Means of paired differences and their bootstrap intervals."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.base.arrays import F64, I64
from sim.results import NO_DRAW

RESAMPLES = 4999
AT_ONCE = 5_000_000
"""Number of values resampled at a time."""


def by_draw(values: F64, draws: I64) -> F64:
    """Return the mean of each draw's values by its number, shape (draws,); the values as they are without draws."""
    if (draws == NO_DRAW).all():
        return values
    numbers, place = np.unique(draws, return_inverse=True)
    return np.asarray(np.bincount(place, values) / np.bincount(place), np.float64) if numbers.size else values


def mean_of(values: F64) -> float:
    """Return the mean; NaN if there are no values."""
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

        # In batches, because all resamples of 100,000 pairs together would take gigabytes; the draws are the same.
        bootstrapped = bootstrap(
            (differences,), np.mean, n_resamples=RESAMPLES, method="percentile", vectorized=True, batch=max(1, AT_ONCE // n),
            rng=np.random.default_rng([seed & 0xFFFFFFFF, n]),
        )  # fmt: skip
        low, high = float(bootstrapped.confidence_interval.low), float(bootstrapped.confidence_interval.high)
    if low == high == 0:
        verdict = "the same"
    else:
        verdict = "more" if low > 0 else "less" if high < 0 else "not distinguishable"
    spread = np.quantile(differences, (0.05, 0.95))
    return {"difference": mean, "low": low, "high": high, "spread_low": float(spread[0]), "spread_high": float(spread[1]),
            "pairs": n, "verdict": verdict}  # fmt: skip
