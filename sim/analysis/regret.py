"""Judge mixes that had the same luck: the front between gain and costs, regret over draws, and mixes equal to the best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.analysis.bounds import bounds
from sim.analysis.intervals import corrected, interval
from sim.base.arrays import F64


@dataclass(frozen=True)
class Judgement:
    """The judgement of mixes with luck that wasn't used in the search.

    by_draw : outcomes, mean over a draw's replicates, shape (mixes, draws, outcomes), the gain first.
    means : over draws, (mixes, outcomes).
    low, high : 95 % intervals of the means, (mixes, outcomes); NaN if hardly any draw differs from the others.
    on_front : whether a mix keeps to the budget and no other such mix dominates it, (mixes,).
    regret : the gain of the best mix within the budget minus that of the mix, in each draw, (mixes, draws), at least 0 for
        mixes within the budget. The same runs determine a draw's best mix, so noise makes regret larger and never smaller.
    against : for each mix, the difference of its gain from that of the chosen mix, with an interval and a verdict that is
        corrected for all mixes together.
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
        """The share of draws in which no mix within the budget gains more, shape (mixes,); a tie counts for each mix."""
        return np.asarray((self.regret <= 0).mean(axis=1))


def judge(values: F64, within: npt.NDArray[np.bool_], chosen: int) -> Judgement:
    """Judge mixes by their outcomes, shape (mixes, draws, replicates, outcomes), the gain first.

    within : whether each keeps to the budget; at least one does. chosen : the place of the mix with which others are compared.
    Each run has luck of its own, so that draws are independent of each other.
    """
    by_draw = values.mean(axis=2)
    means = by_draw.mean(axis=1)
    ends = np.array([[bounds(by_draw[m, :, o])[:2] for o in range(values.shape[3])] for m in range(len(values))])
    gains = by_draw[:, :, 0]
    on_front = np.zeros(len(values), bool)
    on_front[within] = front(means[within])
    return Judgement(
        by_draw=by_draw, means=means, low=ends[:, :, 0], high=ends[:, :, 1], on_front=on_front,
        regret=gains[within].max(axis=0) - gains,
        against=corrected([interval(gain - gains[chosen]) for gain in gains]),
    )  # fmt: skip


def front(means: F64) -> npt.NDArray[np.bool_]:
    """Return whether each point isn't dominated by another one, shape (points,).

    means : (points, outcomes); more of the first outcome is better, less of the others. Equal points both stay.
    """
    losses = means.copy()
    losses[:, 0] *= -1.0
    no_worse = (losses[:, None, :] <= losses[None, :, :]).all(axis=2)
    better = (losses[:, None, :] < losses[None, :, :]).any(axis=2)
    return np.asarray(~(no_worse & better).any(axis=0))
