"""Measure how many runs common random numbers save compared with independent seeds.

The width of an interval of a difference is proportional to the root of its variance divided by the number of runs. In pairs
that variance is var(a - b); with independent seeds it would be var(a) + var(b). Their ratio is the factor by which the number
of runs would have to grow for the same interval without pairs: 1 if pairing has no effect, below 1 if it harms. Both are
estimated from the same paired runs, because var(a) and var(b) don't depend on how runs are paired.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.bounds import LEAST, student
from sim.analysis.compare import Comparison
from sim.base.arrays import F64
from sim.engine.outcomes import EFFECTS, unit_of

if TYPE_CHECKING:
    import pandas as pd


def variances(here: F64, there: F64) -> tuple[float, float]:
    """Return (var(a - b), var(a) + var(b)) over pairs, or over replicates within draws: the mean over the draws.

    here, there : shape (pairs,) or (draws, replicates). NaN for fewer than three pairs or replicates.
    """
    if here.shape[-1] < 3:
        return float("nan"), float("nan")
    apart = np.var(here, axis=-1, ddof=1) + np.var(there, axis=-1, ddof=1)
    return float(np.mean(np.var(here - there, axis=-1, ddof=1))), float(np.mean(apart))


def factor(here: F64, there: F64) -> float:
    """Return (var(a) + var(b)) / var(a - b), see `variances`; NaN if nothing varies, infinite if differences don't."""
    paired, apart = variances(here, there)
    if not apart > 0.0:
        return float("nan")
    return apart / paired if paired > 0.0 else float("inf")


def factor_interval(here: F64, there: F64) -> tuple[float, float]:
    """Return the 95 % interval of `factor`: Student's, of the logarithm's jackknife values (Miller 1974, The jackknife).

    NaN for fewer than `LEAST` pairs or replicates, at which it doesn't hold, and if differences don't vary.
    """
    n = here.shape[-1]
    paired = _without_each(here - there)
    if n < LEAST or not (paired > 0.0).all():
        return float("nan"), float("nan")
    without = np.log((_without_each(here) + _without_each(there)) / paired)
    pseudo = n * np.log(factor(here, there)) - (n - 1) * without
    error = float(pseudo.std(ddof=1)) / n**0.5
    if error == 0.0:
        return float("nan"), float("nan")
    low, high, _ = student(float(pseudo.mean()), error, n - 1)
    return float(np.exp(low)), float(np.exp(high))


def _without_each(values: F64) -> F64:
    """Return the variance over the last axis without each of its places, mean over the other axes, shape (places,)."""
    n = values.shape[-1]
    squares = (values - values.mean(axis=-1, keepdims=True)) ** 2
    left = squares.sum(axis=-1, keepdims=True) - squares * n / (n - 1)
    return np.asarray(left.reshape(-1, n).mean(axis=0) / (n - 2))


def pairing(comparison: Comparison, outcomes: Sequence[str] = EFFECTS) -> pd.DataFrame:
    """Return one row per outcome and scenario against the reference, for outcomes that vary.

    ``paired_sd`` is the standard deviation of a pair's difference, ``independent_sd`` its value under independent seeds,
    ``factor`` the factor by which those would need more runs, with the 95 % interval ``low``, ``high``; ``pairs`` is the
    number of pairs, or over draws of replicates. Over draws the deviations are those within a draw.
    """
    import pandas as pd

    rows = []
    for outcome in outcomes:
        for name in list(comparison.scenarios)[1:]:
            here, there = comparison.paired(outcome, name, comparison.reference)
            saved = factor(here, there)
            if np.isnan(saved):
                continue
            low, high = factor_interval(here, there)
            paired, apart = variances(here, there)
            rows.append({
                "outcome": outcome, "unit": unit_of(outcome), "scenario": name,
                "paired_sd": paired**0.5, "independent_sd": apart**0.5, "factor": saved, "low": low, "high": high,
                "pairs": here.shape[-1],
            })  # fmt: skip
    names = ["outcome", "unit", "scenario", "paired_sd", "independent_sd", "factor", "low", "high", "pairs"]
    return pd.DataFrame(rows, columns=names)
