"""Judge mixes that met the same luck: the front between gain and costs, regret over draws, and what equals the best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.analysis.intervals import interval
from sim.base.arrays import F64


@dataclass(frozen=True)
class Judgement:
    """What luck that took no part in a search makes of mixes.

    by_draw : outcomes, mean over a draw's replicates, shape (mixes, draws, outcomes), the gain first. means : over draws,
    (mixes, outcomes). low, high : bounds of the means (95 %, bootstrap over draws), (mixes, outcomes). on_front : which
    mixes that keep to the budget no other such mix beats in one outcome and equals in the rest, (mixes,). regret : what
    a mix gains less in a draw than the best mix within the budget, (mixes, draws), 0 or more for these; a draw's best
    is picked by the same runs, so noise makes regret larger and never smaller. against : for each mix the difference of
    its gain to the chosen one's, as `sim.analysis.compare.interval` has it.
    """

    by_draw: F64
    means: F64
    low: F64
    high: F64
    on_front: npt.NDArray[np.bool_]
    regret: F64
    against: list[dict[str, Any]]

    @property
    def best_share(self) -> F64:
        """The share of draws in which no mix within the budget gains more, shape (mixes,); those that tie share none."""
        return np.asarray((self.regret <= 0).mean(axis=1))


def judge(values: F64, within: npt.NDArray[np.bool_], chosen: int, seed: int) -> Judgement:
    """Judge mixes by their outcomes, shape (mixes, draws, replicates, outcomes), the gain first.

    within : which keep to the budget, at least one. chosen : the place of the one that others are compared with.
    """
    by_draw = values.mean(axis=2)
    means = by_draw.mean(axis=1)
    bounds = np.array([[_bounds(by_draw[m, :, o], seed) for o in range(values.shape[3])] for m in range(len(values))])
    gains = by_draw[:, :, 0]
    on_front = np.zeros(len(values), bool)
    on_front[within] = front(means[within])
    return Judgement(
        by_draw=by_draw, means=means, low=bounds[:, :, 0], high=bounds[:, :, 1], on_front=on_front,
        regret=gains[within].max(axis=0) - gains,
        against=[interval(gain - gains[chosen], seed) for gain in gains],
    )  # fmt: skip


def _bounds(values: F64, seed: int) -> tuple[float, float]:
    found = interval(values, seed)
    return found["low"], found["high"]


def front(means: F64) -> npt.NDArray[np.bool_]:
    """Return which points no other one dominates, shape (points,).

    means : (points, outcomes); of the first the more the better, of the others the less. Equal points stay together.
    """
    losses = means.copy()
    losses[:, 0] *= -1.0
    no_worse = (losses[:, None, :] <= losses[None, :, :]).all(axis=2)
    better = (losses[:, None, :] < losses[None, :, :]).any(axis=2)
    return np.asarray(~(no_worse & better).any(axis=0))
