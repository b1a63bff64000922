"""Intervals of means of paired differences: scipy's bootstrap to the bit, whatever else is resampled with them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import bootstrap

from sim.analysis.intervals import RESAMPLES, interval, intervals


@pytest.mark.parametrize("n", [2, 3, 7, 50, 1000, 1001])
@pytest.mark.parametrize("seed", [0, 9, 2**63])
def test_bounds_are_those_of_scipy_to_the_bit(n: int, seed: int) -> None:
    rng = np.random.default_rng(n)
    columns = [rng.normal(size=n), rng.integers(0, 3, n) / 7, np.exp(9 * rng.normal(size=n))]
    for column, row in zip(columns, intervals(columns, seed), strict=True):
        if np.ptp(column) == 0:
            continue
        expected = bootstrap(
            (column,), np.mean, n_resamples=RESAMPLES, method="percentile", vectorized=True,
            rng=np.random.default_rng([seed & 0xFFFFFFFF, n]),
        ).confidence_interval  # fmt: skip
        assert (row["low"], row["high"]) == (expected.low, expected.high)
        assert row == interval(column, seed)


def test_columns_of_other_lengths_stand_beside_each_other() -> None:
    """Also what doesn't vary and what is empty, each in its place."""
    columns = [np.arange(5.0), np.empty(0), np.full(4, 0.25), np.arange(6.0) - 9, np.zeros(3), np.array([2.0])]
    rows = intervals(columns, 1)
    assert [row["verdict"] for row in rows] == ["more", "undefined", "more", "less", "the same", "more"]
    assert [row["pairs"] for row in rows] == [5, 0, 4, 6, 3, 1]
    assert (rows[2]["low"], rows[2]["high"]) == (0.25, 0.25)
    assert all(row == interval(column, 1) for row, column in zip(rows[2:], columns[2:], strict=True))
