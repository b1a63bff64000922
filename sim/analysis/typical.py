"""Choose the replicate whose pairs are typical, for people who want to watch one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


def typical_replicate(totals: pd.DataFrame, reference: str, outcome: str = "adopted") -> int:
    """Return the replicate whose differences from the reference lie closest to their medians; the lowest of equal ones.

    totals : one row per run with the columns scenario, replicate and `outcome`, of one set of values. Of several scenarios
    the one furthest from its median counts, in standard deviations of its differences. Of two scenarios it's the median pair,
    and of one scenario the median run.
    """
    by_run = totals.pivot(index="replicate", columns="scenario", values=outcome).dropna()
    if by_run.shape[1] > 1:
        by_run = by_run.drop(columns=reference).sub(by_run[reference], axis=0)
    spread = by_run.std(ddof=0).replace(0.0, np.nan)
    away = (by_run - by_run.median()).abs().div(spread).fillna(0.0).max(axis=1).round(9)
    return int(by_run.index.to_numpy()[away.to_numpy().argmin()])
