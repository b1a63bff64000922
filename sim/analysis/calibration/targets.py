"""Targets for a summary of runs: a band, or an observed value with its error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.base.arrays import F64


class Band(NamedTuple):
    """An interval of plausible values: a run is in or out, and no value within it is likelier than another."""

    low: float
    high: float

    def gap(self, value: F64) -> F64:
        """Return the distance of values from the band, 0 within; NaN stays NaN."""
        return np.maximum(np.maximum(self.low - value, value - self.high), 0.0)


class Point(NamedTuple):
    """An observed value and the standard deviation (>= 0) of its error, in addition to the variation of `simulate`."""

    value: float
    sd: float

    def gap(self, value: F64) -> F64:
        """Return the distance of values from the observed one."""
        return np.abs(value - self.value)


Targets = Mapping[str, Band | Point]
"""Targets by the name of the summary, in the order of the columns that `simulate` returns."""


def check(targets: Targets) -> None:
    """Raise ValueError if there are no targets, and for an empty band, an error below 0, or a number that isn't finite."""
    if not targets:
        raise ValueError("there are no targets")
    for name, target in targets.items():
        if np.isnan(target).any():
            raise ValueError(f"target '{name}' has a NaN")
        if isinstance(target, Band) and not target.low < target.high:
            raise ValueError(f"target '{name}': the band [{target.low:g}, {target.high:g}] is empty")
        if isinstance(target, Point) and (target.sd < 0 or not np.isfinite(target).all()):
            raise ValueError(f"target '{name}' needs a finite value and an error of at least 0")


def in_bands(summaries: F64, targets: Targets) -> npt.NDArray[np.bool_]:
    """Return whether each row of summaries, shape (rows, targets), is within every band; NaN is in none."""
    met = np.ones(len(summaries), bool)
    for k, target in enumerate(targets.values()):
        if isinstance(target, Band):
            met &= target.gap(summaries[:, k]) == 0.0
    return met


def points(targets: Targets) -> list[tuple[int, Point]]:
    """Return the targets that are observed values, with their columns."""
    return [(k, target) for k, target in enumerate(targets.values()) if isinstance(target, Point)]
