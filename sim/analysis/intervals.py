"""Means of paired differences and their bootstrap intervals."""

from __future__ import annotations

from collections.abc import Sequence
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
    """Return the row of one array of paired differences; see `intervals`."""
    return intervals([differences], seed)[0]


def intervals(columns: Sequence[F64], seed: int) -> list[dict[str, Any]]:
    """Return, for each array of paired differences, its mean with intervals and verdict, as columns of a row of effects.

    ``low`` and ``high`` bound the mean (95 %, bootstrap over pairs, percentile method); ``spread_low`` and ``spread_high``
    are the 5th and 95th percentile of the differences themselves. Arrays of the same number of pairs are resampled at the
    same places, which depend on that number and the seed alone: so the row of an array doesn't depend on the others.
    """
    varying: dict[int, list[int]] = {}
    for k, column in enumerate(columns):
        if column.size > 1 and np.ptp(column) > 0:
            varying.setdefault(column.size, []).append(k)
    bounds = {k: (mean_of(column),) * 2 for k, column in enumerate(columns)}
    for places in varying.values():
        found = _bounds([columns[k] for k in places], seed)
        bounds |= {k: (float(low), float(high)) for k, (low, high) in zip(places, found, strict=True)}
    return [_row(column, *bounds[k]) for k, column in enumerate(columns)]


def joined(rows: Sequence[dict[str, Any]], found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with their intervals behind."""
    return [row | columns for row, columns in zip(rows, found, strict=True)]


def _row(differences: F64, low: float, high: float) -> dict[str, Any]:
    if not differences.size:
        nan = float("nan")
        return {"difference": nan, "low": nan, "high": nan, "spread_low": nan, "spread_high": nan, "pairs": 0,
                "verdict": "undefined"}  # fmt: skip
    if low == high == 0:
        verdict = "the same"
    else:
        verdict = "more" if low > 0 else "less" if high < 0 else "not distinguishable"
    spread = np.quantile(differences, (0.05, 0.95))
    return {"difference": float(differences.mean()), "low": low, "high": high, "spread_low": float(spread[0]),
            "spread_high": float(spread[1]), "pairs": differences.size, "verdict": verdict}  # fmt: skip


def _bounds(columns: Sequence[F64], seed: int) -> F64:
    """Return the bootstrap's bounds of the means of columns of one length, shape (columns, 2).

    The numbers are those of `scipy.stats.bootstrap` with its percentile method, to the bit, which draws the places anew for
    every column.
    """
    n = columns[0].size
    rng = np.random.default_rng([seed & 0xFFFFFFFF, n])
    means = np.empty((len(columns), RESAMPLES))
    at_once = max(1, AT_ONCE // n)
    for first in range(0, RESAMPLES, at_once):
        some = slice(first, min(first + at_once, RESAMPLES))
        places = rng.integers(0, n, (some.stop - first, n))
        for k, column in enumerate(columns):
            means[k, some] = np.take(column, places).mean(axis=-1)
    means.sort(axis=1)
    alpha = (1 - 0.95) / 2
    share = np.array([alpha, 1 - alpha])
    place = share * RESAMPLES + (1 - share)
    whole, rest = (place // 1).astype(np.int64) - 1, place % 1
    return np.asarray((1 - rest) * means[:, whole] + rest * means[:, whole + 1])
