"""Emulators: Gaussian processes that predict a summary of runs, with their uncertainty and a check of their quality.

Linear algebra runs on one thread, so that a machine gives the same bits whatever its load.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.base.arrays import F64

TUNED_ON = 250
"""Number of points for fitting the correlation lengths; the cost grows with its cube, and more points add little."""
FEWEST = 24
"""Least number of points for an emulator; with fewer, its summary rules nothing out."""
HELD_OUT = 5
"""Every fifth point is held out for the check."""
JITTER = 1e-10
"""What scikit-learn adds to the diagonal of every covariance."""


@dataclass(frozen=True)
class Emulator:
    """An emulator of one summary over the unit cube.

    q2 : 1 - mean squared error / variance on points that were held out. widened : factor on its variance, at
    least 1: the mean square of held-out errors in units of the standard deviation that it gave them. size : points.
    """

    q2: float
    widened: float
    size: int
    _process: Any

    def mean(self, unit: F64) -> F64:
        """Return the mean of the summary at points of the unit cube, shape (points,)."""
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1):
            return np.asarray(self._process.predict(unit), np.float64)

    def variance(self, unit: F64) -> F64:
        """Return the variance of the summary at points of the unit cube, shape (points,); it takes longer than the mean."""
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1):
            _, sd = self._process.predict(unit, return_std=True)
        return np.asarray(sd, np.float64) ** 2 * self.widened


def fit(unit: F64, summary: F64) -> Emulator | None:
    """Return an emulator of a summary from points of the unit cube; None if too few are defined, or all are the same.

    Lengths of correlation are one for each dimension. Points at which the summary is NaN are left out.
    """
    from threadpoolctl import threadpool_limits

    defined = np.isfinite(summary)
    unit, summary = unit[defined], summary[defined]
    if summary.size < FEWEST or np.ptp(summary) == 0.0:
        return None
    out = np.arange(summary.size) % HELD_OUT == 0
    with threadpool_limits(1):
        kernel = _tuned(unit[~out][-TUNED_ON:], summary[~out][-TUNED_ON:])
        mean, sd = _conditioned(kernel, unit[~out], summary[~out]).predict(unit[out], return_std=True)
        process = _conditioned(kernel, unit, summary)
    error = summary[out] - mean
    spread = float(np.mean((summary[out] - summary[~out].mean()) ** 2))
    q2 = 1.0 - float(np.mean(error**2)) / spread if spread else float("nan")
    widened = max(1.0, float(np.mean((error / sd) ** 2)))
    return Emulator(q2, widened, int(summary.size), process)


def _tuned(unit: F64, summary: F64) -> Any:
    """Return the kernel with the greatest likelihood for these points."""
    from scipy.optimize import minimize
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel

    lengths = np.full(unit.shape[1], 0.5 * np.sqrt(unit.shape[1]))
    kernel = ConstantKernel(1.0, (1e-3, 1e4)) * RBF(lengths, (0.05, 100.0)) + WhiteKernel(0.01, (1e-8, 1.0))

    def optimizer(_: object, start: Any, bounds: Any) -> tuple[F64, float]:
        scaled = (summary - summary.mean()) / summary.std()
        best = minimize(unlikelihood(unit, scaled), start, method="L-BFGS-B", jac=True, bounds=bounds)
        return best.x, best.fun

    with warnings.catch_warnings():
        # A length at its upper end means that a dimension doesn't matter; Q2 shows whether the fit is good.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return GaussianProcessRegressor(kernel, optimizer=optimizer, normalize_y=True).fit(unit, summary).kernel_


def unlikelihood(unit: F64, summary: F64) -> Callable[[F64], tuple[float, F64]]:
    """Return the function that an emulator's kernel minimises: minus the log likelihood of the points, and its gradient.

    Its argument holds logarithms: of the variance, of a length for each dimension, and of the noise. scikit-learn computes the
    same by way of an array of shape (points, points, dimensions), which takes eight times as long (Rasmussen and Williams
    2006, equations 2.30 and 5.9). summary : with mean 0 and standard deviation 1.
    """
    from scipy.linalg import LinAlgError, cho_solve, cholesky

    count = summary.size

    def evaluated(theta: F64) -> tuple[float, F64]:
        variance, lengths, noise = np.exp(theta[0]), np.exp(theta[1:-1]), np.exp(theta[-1])
        scaled = unit / lengths
        squares = (scaled**2).sum(axis=1)
        distances = np.maximum(squares[:, None] + squares - 2.0 * scaled @ scaled.T, 0.0)
        smooth = variance * np.exp(-0.5 * distances)
        try:
            factor = cholesky(smooth + (noise + JITTER) * np.eye(count), lower=True)
        except LinAlgError:  # singular within rounding, so that the search turns back
            return np.inf, np.zeros_like(theta)
        weights = cho_solve((factor, True), summary)
        likelihood = -0.5 * summary @ weights - np.log(np.diag(factor)).sum() - 0.5 * count * np.log(2.0 * np.pi)
        slopes = np.outer(weights, weights) - cho_solve((factor, True), np.eye(count))
        by_pair = slopes * smooth
        by_length = by_pair.sum(axis=1) @ scaled**2 - (scaled * (by_pair @ scaled)).sum(axis=0)
        return -likelihood, -np.array([0.5 * by_pair.sum(), *by_length, 0.5 * noise * np.trace(slopes)])

    return evaluated


def _conditioned(kernel: Any, unit: F64, summary: F64) -> Any:
    """Return the process with this kernel given these points."""
    from sklearn.gaussian_process import GaussianProcessRegressor

    return GaussianProcessRegressor(kernel, optimizer=None, normalize_y=True).fit(unit, summary)
