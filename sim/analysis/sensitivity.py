"""Sensitivity: Morris screening through SALib, with replicates averaged and their noise shown beside the parameters'.

Elementary effects change one value at a time along random trajectories through the priors' box. mu* is the mean of
their sizes, sigma their spread (interactions and bends). The outcome of a point is the mean over replicates under
common random numbers, so that a step along a trajectory meets the same people and luck.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.uncertainty.priors import Prior
from sim.world.columns import F64

if TYPE_CHECKING:
    import pandas as pd

LEVELS = 4


@dataclass(frozen=True)
class Screening:
    """Morris indices of several outcomes.

    table : a row an outcome and parameter: outcome, parameter, label, mu, mu_star, mu_star_low, mu_star_high (95 %,
    bootstrap), sigma. points : evaluated. noise : outcome -> s.d. over replicates of single runs at the box's centre.
    """

    table: pd.DataFrame
    points: int
    replicates: int
    noise: dict[str, float]


def morris(
    evaluate: Callable[[F64], F64],
    priors: Sequence[Prior],
    outcomes: Sequence[str],
    trajectories: int,
    seed: int,
) -> tuple[pd.DataFrame, int]:
    """Return (the table of indices, points evaluated); see `Screening`.

    evaluate : takes points, shape (points, priors), and returns outcomes, shape (points, outcomes), none NaN.

    Raises
    ------
    InputError : an outcome is NaN somewhere or the same everywhere, for which Morris indices mean nothing.
    """
    import pandas as pd
    from SALib.analyze import morris as analyse
    from SALib.sample import morris as sample

    problem: dict[str, Any] = {
        "num_vars": len(priors), "names": [p.key for p in priors], "bounds": [[p.low, p.high] for p in priors],
    }  # fmt: skip
    points = sample.sample(problem, trajectories, num_levels=LEVELS, seed=seed)
    values = evaluate(points)
    parts = []
    for k, outcome in enumerate(outcomes):
        y = values[:, k]
        if np.isnan(y).any():
            raise InputError(f"outcome '{outcome}' is undefined at {int(np.isnan(y).sum())} of {y.size} points")
        if np.ptp(y) == 0:
            raise InputError(f"outcome '{outcome}' is the same at every point; there is nothing to explain")
        found = analyse.analyze(problem, points, y, num_levels=LEVELS, seed=seed)
        star, half = np.asarray(found["mu_star"], float), np.asarray(found["mu_star_conf"], float)
        parts.append(pd.DataFrame({
            "outcome": outcome, "parameter": [p.key for p in priors],
            "label": [f"{p.key.split('.')[-1]} ({p.symbol})" if p.symbol else p.key.split(".")[-1] for p in priors],
            "mu": np.asarray(found["mu"], float), "mu_star": star, "mu_star_low": np.maximum(star - half, 0.0),
            "mu_star_high": star + half, "sigma": np.asarray(found["sigma"], float),
        }))  # fmt: skip
    return pd.concat(parts, ignore_index=True), points.shape[0]
