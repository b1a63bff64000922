"""Recovery of known truths: calibrate to synthetic truths among stored runs, and count how often intervals cover them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.calibration.acceptance import nearest_moved
from sim.base.arrays import F64
from sim.uncertainty.priors import Prior

if TYPE_CHECKING:
    import pandas as pd

LEVEL = 0.9


def recovery(
    values: F64, summaries: F64, priors: Sequence[Prior], truths: Sequence[int], keep: float, level: float = LEVEL
) -> pd.DataFrame:
    """Return one row per prior: how often intervals of this level cover the truth, and their relative width.

    Each truth is a draw whose summaries are treated as observed; the other draws are calibrated to them by regression on the
    nearest. If the truths are draws of the prior and every draw has its own luck, correct intervals cover the truth in
    `level` of the cases.

    Parameters
    ----------
    values, summaries : shape (draws, priors) and (draws, summaries), of single runs. truths : places of the synthetic
    truths, with summaries that are defined. keep : accepted share of the other draws.

    Returns
    -------
    columns : key, truths, covered (share), covered_low, covered_high (95 %, Clopper and Pearson), right (whether `level`
    is between them), interval_ratio (mean width as a share of the prior's interval of this level), correlation (of
    posterior means with truths).
    """
    import pandas as pd
    from scipy.stats import binomtest

    ends = np.array([(1 - level) / 2, (1 + level) / 2])
    low, high, means = (np.zeros((len(truths), len(priors))) for _ in range(3))
    others = np.ones(len(values), bool)
    for t, truth in enumerate(truths):
        others[truth] = False
        moved, _ = nearest_moved(values[others], summaries[others], summaries[truth], priors, keep)
        others[truth] = True
        low[t], high[t] = np.quantile(moved, ends, axis=0)
        means[t] = moved.mean(axis=0)
    true = values[list(truths)]
    covered = (low <= true) & (true <= high)
    rows = []
    for k, prior in enumerate(priors):
        exact = binomtest(int(covered[:, k].sum()), len(truths)).proportion_ci(0.95, "exact")
        wide = float(np.diff(prior.distribution.quantile(ends))[0])
        rows.append((
            prior.key, len(truths), float(covered[:, k].mean()), float(exact.low), float(exact.high),
            bool(exact.low <= level <= exact.high), float((high - low)[:, k].mean() / wide),
            float(np.corrcoef(means[:, k], true[:, k])[0, 1]),
        ))  # fmt: skip
    columns = ["key", "truths", "covered", "covered_low", "covered_high", "right", "interval_ratio", "correlation"]
    return pd.DataFrame(rows, columns=columns)
