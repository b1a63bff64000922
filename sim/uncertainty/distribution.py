"""Distributions of an uncertain value over an interval: uniform, triangular, normal (truncated) and log-uniform."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.base.arrays import F64

SHAPE: dict[str, tuple[str, ...]] = {"uniform": (), "triangular": ("mode",), "normal": ("mean", "sd"), "loguniform": ()}
"""The kinds of distribution, and the numbers that each needs in addition to its interval."""


@dataclass(frozen=True)
class Distribution:
    """A distribution over an interval.

    Parameters
    ----------
    low, high : the interval, low < high; no value is outside it.
    kind : a key of `SHAPE`.
    mode : of a triangular distribution, within the interval.
    mean, sd : of a normal distribution before it is truncated at the interval's ends; sd > 0.

    Raises
    ------
    ValueError : the numbers don't define a distribution of this kind.
    """

    low: float
    high: float
    kind: str = "uniform"
    mode: float | None = None
    mean: float | None = None
    sd: float | None = None

    def __post_init__(self) -> None:
        if not (np.isfinite([self.low, self.high]).all() and self.low < self.high):
            raise ValueError("needs numbers low < high")
        if self.kind not in SHAPE:
            raise ValueError(f"there is no distribution '{self.kind}'")
        for name in ("mode", "mean", "sd"):
            value, required = getattr(self, name), name in SHAPE[self.kind]
            if required != (value is not None):
                raise ValueError(f"a {self.kind} distribution {'needs' if required else 'has no'} '{name}'")
            if value is not None and not np.isfinite(value):
                raise ValueError(f"'{name}' must be finite")
        if self.mode is not None and not self.low <= self.mode <= self.high:
            raise ValueError("'mode' is outside the interval")
        if self.sd is not None and self.sd <= 0:
            raise ValueError("'sd' must be above 0")
        if self.mean is not None and not self.low <= self.mean <= self.high:
            raise ValueError("'mean' is outside the interval")
        if self.kind == "loguniform" and self.low <= 0:
            raise ValueError("a loguniform distribution needs low > 0")

    @cached_property
    def _scipy(self) -> Any:
        """The same distribution as a SciPy object."""
        from scipy import stats

        if self.kind == "triangular":
            width = self.high - self.low
            return stats.triang((float(self.mode or 0.0) - self.low) / width, self.low, width)
        if self.kind == "normal":
            mean, sd = float(self.mean or 0.0), float(self.sd or 1.0)
            return stats.truncnorm((self.low - mean) / sd, (self.high - mean) / sd, mean, sd)
        if self.kind == "loguniform":
            return stats.loguniform(self.low, self.high)
        return stats.uniform(self.low, self.high - self.low)

    def quantile(self, share: F64) -> F64:
        """Return the values below which these shares (0..1) of the distribution are."""
        if self.kind == "uniform":
            return np.asarray(self.low + (self.high - self.low) * share, np.float64)
        return np.asarray(self._scipy.ppf(share), np.float64)

    def share_below(self, value: F64) -> F64:
        """Return the share of the distribution that is below these values, 0..1."""
        return np.asarray(self._scipy.cdf(value), np.float64)

    def density(self, value: F64) -> F64:
        """Return the density at these values, per unit."""
        return np.asarray(self._scipy.pdf(value), np.float64)

    def moments(self) -> tuple[float, float]:
        """Return the mean and the standard deviation within the interval."""
        return float(self._scipy.mean()), float(self._scipy.std())
