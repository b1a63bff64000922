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

from sim.analysis.compare import Comparison
from sim.base.arrays import F64
from sim.engine.outcomes import EFFECTS, unit_of

if TYPE_CHECKING:
    import pandas as pd

RESAMPLES = 999


def factor(here: F64, there: F64) -> float:
    """Return (var(a) + var(b)) / var(a - b) of paired numbers; NaN for fewer than three pairs or if nothing varies."""
    apart = float(np.var(here, ddof=1) + np.var(there, ddof=1)) if here.size > 2 else 0.0
    if apart == 0.0:
        return float("nan")
    paired = float(np.var(here - there, ddof=1))
    return apart / paired if paired > 0 else float("inf")


def factor_interval(here: F64, there: F64, seed: int) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of `factor` over pairs (percentile method)."""
    rng = np.random.default_rng([seed & 0xFFFFFFFF, here.size])
    found = []
    for _ in range(RESAMPLES if here.size > 2 else 0):
        rows = rng.integers(0, here.size, here.size)
        found.append(factor(here[rows], there[rows]))
    whole = [value for value in found if np.isfinite(value)]
    if len(whole) < len(found) or not found:
        return float("nan"), float("nan")
    low, high = np.quantile(whole, (0.025, 0.975))
    return float(low), float(high)


def pairing(comparison: Comparison, outcomes: Sequence[str] = EFFECTS) -> pd.DataFrame:
    """Return one row per outcome and scenario against the reference, for outcomes that vary.

    ``paired_sd`` is the standard deviation of a pair's difference, ``independent_sd`` its value under independent seeds,
    ``factor`` the factor by which those would need more runs, with the 95 % interval ``low``, ``high``; ``pairs`` is the
    number of pairs.
    """
    import pandas as pd

    rows = []
    for outcome in outcomes:
        for name in list(comparison.scenarios)[1:]:
            here, there = comparison.paired(outcome, name, comparison.reference)
            saved = factor(here, there)
            if np.isnan(saved):
                continue
            low, high = factor_interval(here, there, comparison.seed)
            rows.append({
                "outcome": outcome, "unit": unit_of(outcome), "scenario": name,
                "paired_sd": float(np.std(here - there, ddof=1)),
                "independent_sd": float(np.sqrt(np.var(here, ddof=1) + np.var(there, ddof=1))),
                "factor": saved, "low": low, "high": high, "pairs": here.size,
            })  # fmt: skip
    names = ["outcome", "unit", "scenario", "paired_sd", "independent_sd", "factor", "low", "high", "pairs"]
    return pd.DataFrame(rows, columns=names)
