"""Means of paired differences with intervals and verdicts: the one function that every analysis calls.

A verdict rests on an interval of `sim.analysis.bounds`, needs `LEAST` pairs and never contradicts its interval. The
verdicts of a table are corrected together (Holm), because among many comparisons some intervals exclude 0 by chance.

Over draws of uncertain values, the differences form a grid: every draw has the same replicates, and so the same people and
luck. There are two uncertainties, with different meanings. The interval of the mean shows how well the runs determine the mean
over draws. More draws and more replicates narrow it; because all draws share the luck of a few replicates, more replicates
often help more. The spread over draws shows what isn't known about the values. No number of runs narrows it; the part that
luck adds to it is removed. A verdict over draws is about the draws: the sign must hold in `HOLDS` of them.

Source of the correction: Holm (1979), A simple sequentially rejective multiple test procedure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.analysis.bounds import LEAST, LEVEL, NONE, Bounds, bounds
from sim.base.arrays import F64

HOLDS = 0.95
"""Share of draws in which the sign must hold."""
ROUNDING = 1e-9
"""Differences below this are those of rounding."""

MORE, LESS, UNCLEAR = "more", "less", "not distinguishable"
SAME = "the same in every pair"
EVERY = {MORE: "more in every pair", LESS: "less in every pair"}
"""Verdicts on differences that are all equal: a fact about these pairs, without an interval."""
PERHAPS = {MORE: "perhaps more", LESS: "perhaps less"}
"""Verdicts if the row's own interval excludes 0, but not when all comparisons of the table are taken together."""
DEPENDS = "depends on the draw"
TOO_FEW, FEW_DRAWS, FEW_REPLICATES = (f"too few {what} to tell" for what in ("pairs", "draws", "replicates"))
UNDEFINED = "undefined"
CLEAR = (MORE, LESS, *EVERY.values())
"""Verdicts that state a direction."""


def mean_of(values: F64) -> float:
    """Return the mean; NaN if there are no values."""
    return float(values.mean()) if values.size else float("nan")


def interval(differences: F64, than: float = 0.0) -> dict[str, Any]:
    """Return the mean of paired differences with its interval and verdict, as columns of a table's row.

    differences : independent pairs, shape (pairs,); or shape (draws, replicates), where a replicate has the same luck in
    every draw. No NaN. than : what the mean is compared with; everything said of 0 and of signs below is then said of this.

    The columns are ``difference``, the mean; ``low`` and ``high``, its 95 % interval, and ``p``, the level at which an end
    would be 0 (see `Bounds`); ``spread_low`` and ``spread_high``, the 5th and 95th percentile of the pairs, or of the draws
    without the luck, NaN for fewer than `LEAST`; ``same_sign``, the share of them with the sign of the mean; ``pairs``, the
    number of pairs or draws; ``replicates``, the runs of each; and ``verdict``.
    """
    away = np.where(np.abs(differences - than) < ROUNDING, 0.0, differences - than)
    if away.ndim == 2:
        row = _over_draws(away)
    else:
        found = bounds(away)
        row = _row(away, mean_of(away), found, _verdict(away, found))
    return row | {key: row[key] + than for key in ("difference", "low", "high", "spread_low", "spread_high")}


def _row(differences: F64, mean: float, found: Bounds, verdict: str) -> dict[str, Any]:
    n = differences.size
    low, high = np.quantile(differences, (0.05, 0.95)).tolist() if n >= LEAST else (NONE.low, NONE.high)
    return {
        "difference": mean, "low": found.low, "high": found.high, "p": found.p, "spread_low": low, "spread_high": high,
        "same_sign": _same_sign(differences, mean), "pairs": n, "replicates": 1, "verdict": verdict,
    }  # fmt: skip


def _same_sign(differences: F64, mean: float) -> float:
    return float((np.sign(differences) == np.sign(mean)).mean()) if mean and differences.size else NONE.low


def _verdict(differences: F64, found: Bounds) -> str:
    if not differences.size:
        return UNDEFINED
    if not differences.any():
        return SAME
    if differences.size < LEAST:
        return TOO_FEW
    if np.ptp(differences) == 0:
        return EVERY[MORE if differences[0] > 0 else LESS]
    return TOO_FEW if np.isnan(found.p) else _side(found)


def _side(found: Bounds) -> str:
    return MORE if found.low > 0 else LESS if found.high < 0 else UNCLEAR


def _over_draws(differences: F64) -> dict[str, Any]:
    """Return the row of differences by draw and replicate; see `interval`."""
    draws, replicates = differences.shape
    if not differences.size:
        return _row(differences.ravel(), NONE.low, NONE, UNDEFINED) | {"replicates": replicates}
    mean = float(differences.mean())
    known, varies = without_luck(differences)
    if replicates < 2 or draws < 2:
        found = NONE
    else:
        by_luck = differences.mean(axis=0)
        found = _added(mean, known, by_luck)
        if not np.isnan(found.low) and draws >= LEAST:
            found = found._replace(p=_level(mean, known, by_luck))
    row = _row(known, mean, found, UNCLEAR) | {"replicates": replicates}
    if not differences.any():
        row["verdict"] = SAME
    elif draws < LEAST:
        row["verdict"] = FEW_DRAWS
    elif replicates < 2:
        row["verdict"] = FEW_REPLICATES
    elif np.ptp(differences) == 0:
        row["verdict"] = EVERY[MORE if mean > 0 else LESS]
    elif np.isnan(found.low):
        row["verdict"] = FEW_DRAWS
    elif row["same_sign"] >= HOLDS:
        row["verdict"] = _side(found)
    elif varies or _side(found) != UNCLEAR:
        row["verdict"] = DEPENDS
    return row


def without_luck(differences: F64) -> tuple[F64, bool]:
    """Return the draws' means without the spread that luck adds, shape (draws,), and whether the draws differ.

    differences : shape (draws, replicates). An analysis of variance splits the grid into draws, replicates and a rest. The
    means' distances from their mean are scaled so that their variance is that of the draws alone, 0 if the rest explains
    it all. The draws differ if the rest is unlikely to explain it all (F test, 5 %). With one replicate, luck can't be
    separated from the draws and stays in.
    """
    from scipy.special import fdtrc

    draws, replicates = differences.shape
    means = differences.mean(axis=1)
    if draws < 2 or replicates < 2:
        return means, False
    rest = differences - means[:, None] - differences.mean(axis=0) + differences.mean()
    within = float((rest**2).sum() / ((draws - 1) * (replicates - 1)))
    between = replicates * float(means.var(ddof=1))
    if between == 0.0:
        return means, False
    middle = means.mean()
    share = max(0.0, 1.0 - within / between)
    varies = within == 0.0 or fdtrc(draws - 1, (draws - 1) * (replicates - 1), between / within) <= 1.0 - LEVEL
    return middle + (means - middle) * share**0.5, bool(varies)


def _added(mean: float, by_draw: F64, by_luck: F64, level: float = LEVEL) -> Bounds:
    """Return the interval of a mean over draws and luck; the squared distances of the two parts' ends add up.

    Each part has its own degrees of freedom; pooled, two or three replicates among many draws would look like many.
    """
    squares = np.zeros(2)
    for part in (by_draw, by_luck):
        if np.ptp(part) > 0:
            found = bounds(part, level)
            squares += (np.array([found.low, found.high]) - part.mean()) ** 2
    low, high = np.sqrt(squares).tolist()
    return Bounds(mean - low, mean + high, NONE.p) if low > 0 or np.isnan(low) else NONE


def _level(mean: float, by_draw: F64, by_luck: F64) -> float:
    """Return the level at which an end of the interval would be 0, at least 1e-9, to a hundredth of it."""
    least, most = -20.7, 0.0  # logarithms
    for _ in range(11):
        middle = (least + most) / 2.0
        found = _added(mean, by_draw, by_luck, 1.0 - float(np.exp(middle)))
        least, most = (middle, most) if found.low <= 0.0 <= found.high else (least, middle)
    return float(np.exp(most))


def corrected(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a table's rows with verdicts that hold for all of them together.

    All rows with a ``p`` are one family: if nothing differed anywhere, at most 5 % of such tables would contain a "more" or
    "less". Intervals stay those of a single comparison. A row whose own interval excludes 0 although the family doesn't
    support it gets a verdict of `PERHAPS`, so that no verdict contradicts its interval.
    """
    family = sorted((k for k, row in enumerate(rows) if row["p"] == row["p"]), key=lambda k: float(rows[k]["p"]))
    found = [dict(row) for row in rows]
    largest = 0.0
    for rank, k in enumerate(family):
        largest = max(largest, (len(family) - rank) * float(rows[k]["p"]))
        if largest > 1.0 - LEVEL:
            found[k]["verdict"] = PERHAPS.get(found[k]["verdict"], found[k]["verdict"])
    return found
