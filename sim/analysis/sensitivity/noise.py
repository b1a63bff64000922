"""Seed noise: the share of an outcome's variance that is luck and not due to parameters (law of total variance)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.analysis.bounds import LEAST
from sim.base.arrays import F64
from sim.base.errors import InputError

RESAMPLES = 1000


class SeedNoise(NamedTuple):
    """The share of luck.

    sd : standard deviation of a single run at a fixed point, root mean square over points, in the outcome's unit.
    share, low, high : share of luck in the variance of single runs over points and luck, 0..1, with a 95 % interval.
    averaged, averaged_low, averaged_high : share of luck in the variance of the replicates' means.
        Intervals are NaN where nothing is claimed: below `LEAST` blocks of points.
    replicates : number of replicates at each point.
    """

    sd: float
    share: float
    low: float
    high: float
    averaged: float
    averaged_low: float
    averaged_high: float
    replicates: int


def seed_noise(values: F64, block: int = 1, seed: int = 0) -> SeedNoise:
    """Return the share of luck.

    Parameters
    ----------
    values : an outcome, shape (points, replicates); luck must be independent between blocks of points.
    block : number of consecutive points that share their luck or depend on each other. seed : of the bootstrap.

    The variance between points' means includes the luck that averaging leaves, which is the within-point variance divided by
    the number of replicates; it is subtracted to get the parameters' part. Intervals are percentiles over resampled blocks.

    Raises
    ------
    InputError : fewer than two replicates or two blocks, or an outcome that is the same everywhere.
    """
    points, replicates = values.shape
    blocks = points // block
    if replicates < 2 or blocks < 2:
        raise InputError("the share of luck needs at least 2 replicates and 2 blocks of points")
    if np.ptp(values) == 0:
        raise InputError("the outcome is the same everywhere, so luck has no share")
    means = values.mean(axis=1) - values.mean()
    # The shares need only the sums of each block, so that resampling blocks means resampling rows.
    sums = np.stack([values.var(axis=1, ddof=1), means, means**2]).reshape(3, blocks, block).sum(axis=2)
    within, share, averaged = _shares(sums.sum(axis=1), points, replicates)
    low = high = left_low = left_high = np.nan
    if blocks >= LEAST:
        drawn = np.random.default_rng([seed, 2]).integers(blocks, size=(RESAMPLES, blocks))
        _, shares, left = _shares(sums[:, drawn].sum(axis=2), points, replicates)
        low, high = np.nanquantile(shares, (0.025, 0.975))
        left_low, left_high = np.nanquantile(left, (0.025, 0.975))
    return SeedNoise(
        float(np.sqrt(within)), float(share), float(low), float(high), float(averaged), float(left_low),
        float(left_high), replicates,
    )  # fmt: skip


def _shares(sums: F64, points: int, replicates: int) -> tuple[F64, F64, F64]:
    """Return (within-point variance, its share in a single run, its share in the mean) from summed blocks."""
    within, mean, square = sums / points
    between = (square - mean**2) * points / (points - 1)
    left = within / replicates
    parameters = np.maximum(between - left, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return within, within / (parameters + within), np.minimum(left / between, 1.0)
