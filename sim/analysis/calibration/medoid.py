"""The medoid: the most central draw, and how central any other set of values is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.base.arrays import F64
from sim.uncertainty.priors import Prior


def _scaled(values: F64, priors: Sequence[Prior]) -> F64:
    return np.asarray(values / np.array([prior.high - prior.low for prior in priors]), np.float64)


def remoteness(points: F64, draws: F64, priors: Sequence[Prior]) -> F64:
    """Return the summed distance of points to all draws, in units of the priors' widths, shape (points,)."""
    scaled = _scaled(draws, priors)
    return np.array([np.sqrt(((scaled - point) ** 2).sum(axis=1)).sum() for point in _scaled(points, priors)])


def medoid(draws: F64, priors: Sequence[Prior]) -> int:
    """Return the place of the draw with the least summed distance to the others."""
    return int(np.argmin(remoteness(draws, draws, priors)))


def more_central(point: F64, draws: F64, priors: Sequence[Prior]) -> float:
    """Return the share of the draws that are more central than a point, 0..1; 0 for the medoid."""
    own = remoteness(point[None, :], draws, priors)[0]
    return float(np.mean(remoteness(draws, draws, priors) < own))
