"""Scenario discovery: the conditions under which something holds, as a box (PRIM) and as a tree that people can read.

Each row is a set of drawn conditions, for which the statement holds or doesn't. Peeling (Friedman and Fisher 1999; Bryant and
Lempert 2010) removes slices of conditions so that the statement holds more often in the rest, the box. Coverage is the share
of all holding rows that are in the box; density is the share of the box's rows that hold. Both are also given for rows that
weren't used in the search, because a box fitted to noise looks dense only on the rows to which it was fitted.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.base.arrays import F64
from sim.base.errors import InputError
from sim.base.showing import brief

if TYPE_CHECKING:
    import pandas as pd

Bools = npt.NDArray[np.bool_]
PEEL = 0.05
"""Share of a box's rows that one step of peeling removes."""
LEAST = 0.05
"""Least share of all rows in a box."""
DENSE = 0.8
"""Density that a box should reach on the rows to which it was fitted."""
NEEDED = 0.05
"""A limit with a greater p may be dropped from the chosen box."""
DEPTH, LEAF, PRUNE = 3, 0.05, 0.005
"""The tree's depth, its least share of rows in a leaf, and its cost of a split."""


@dataclass(frozen=True)
class Discovery:
    """Conditions under which something holds.

    names : of the conditions.
    base_rate : share of all rows that hold.
    trajectory : one row per step of peeling: step, limits (number of limited conditions), mass (share of rows in the box),
        coverage, density, and coverage_fresh and density_fresh for the rows held back.
    box : one row per condition that the chosen box limits: condition, low, high (infinite if not limited), least and most
        (of all rows), density_without that limit, and p, the chance of the box's density at that rate (one-sided binomial).
    step : the step of the trajectory from which the box was taken; limits that aren't necessary are dropped from it.
    chosen : the box's coverage, density and mass, and the same for the rows held back.
    tree : text of the tree.
    tree_accuracy : share of the rows held back that it classifies correctly.
    guess : the same for always giving the commoner answer.
    """

    names: tuple[str, ...]
    base_rate: float
    trajectory: pd.DataFrame
    box: pd.DataFrame
    step: int
    chosen: dict[str, float]
    tree: str
    tree_accuracy: float
    guess: float

    __repr__ = brief


def discover(conditions: F64, names: Sequence[str], holds: npt.ArrayLike, seed: int, dense: float = DENSE) -> Discovery:
    """Find a box and a tree of conditions under which something holds.

    Parameters
    ----------
    conditions : shape (rows, conditions), at least 40 rows. names : of the conditions. holds : whether the statement holds,
    shape (rows,). seed : of the split into rows to fit and rows held back, half each. dense : the chosen box is the one with
    the greatest coverage among those of the trajectory with at least this density on the fitted rows; if there is none, the
    densest.

    Raises
    ------
    InputError : the package ema_workbench is missing, shapes don't fit, or it holds in hardly any or nearly all rows.
    """
    import pandas as pd

    holding = np.asarray(holds, bool)
    if conditions.shape != (holding.size, len(names)) or holding.size < 40:
        raise InputError(
            f"needs at least 40 rows of {len(names)} conditions, not {conditions.shape} for {holding.size}"
        )
    order = np.random.default_rng([seed, 7]).permutation(holding.size)
    fit, back = order[::2], order[1::2]
    for part in (fit, back):
        if min(holding[part].sum(), (~holding[part]).sum()) < 5:
            raise InputError(f"holds in {holding.sum()} of {holding.size} rows, too few or too many for a discovery")
    # Peeling fails if a column has whole numbers.
    table = pd.DataFrame(conditions.astype(np.float64), columns=list(names))
    found = _peeled(table.iloc[fit].reset_index(drop=True), holding[fit], LEAST)
    steps = [_opened(*_bounds(limits, names), conditions[fit]) for limits in found.box_lims]
    told = [_told(low, high, conditions, holding, fit, back) for low, high in steps]
    trajectory = pd.DataFrame([{"step": step, **row} for step, row in enumerate(told)])
    coverage, density = trajectory["coverage"].to_numpy(), trajectory["density"].to_numpy()
    step = int(np.argmax(np.where(density >= dense, coverage, density - 2.0)))
    low, high = _needed(*steps[step], conditions[fit], holding[fit], min(dense, density[step]))
    tree, accuracy, guess = _tree(conditions, names, holding, fit, back, seed)
    return Discovery(
        tuple(names), float(holding.mean()), trajectory, _limits(low, high, names, conditions, holding, fit), step,
        _told(low, high, conditions, holding, fit, back), tree, accuracy, guess,
    )  # fmt: skip


def _told(
    low: F64, high: F64, conditions: F64, holding: Bools, fit: npt.NDArray[np.int64], back: npt.NDArray[np.int64]
) -> dict[str, float]:
    """Return a box's coverage, density, mass and limits, for the rows to which it was fitted and for rows held back."""
    inside, fresh = _inside(conditions[fit], low, high), _inside(conditions[back], low, high)
    return {
        "limits": float((np.isfinite(low) | np.isfinite(high)).sum()), "mass": float(inside.mean()),
        "coverage": _share(holding[fit] & inside, holding[fit]), "density": _share(holding[fit] & inside, inside),
        "coverage_fresh": _share(holding[back] & fresh, holding[back]),
        "density_fresh": _share(holding[back] & fresh, fresh),
    }  # fmt: skip


def _peeled(table: pd.DataFrame, holding: Bools, least: float) -> Any:
    """Return EMA Workbench's box with all its steps. Raises InputError if the package is missing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parallel back ends that aren't installed
            from ema_workbench.analysis import prim
    except ImportError:
        raise InputError("discovery needs the package ema_workbench: pip install 'grassroots[discovery]'") from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return prim.Prim(table, holding, threshold=0.0, peel_alpha=PEEL, mass_min=least).find_box()


def _bounds(limits: pd.DataFrame, names: Sequence[str]) -> tuple[F64, F64]:
    """Return the lower and upper limits of a box, each shape (conditions,)."""
    return tuple(np.array([float(limits[name].iloc[k]) for name in names]) for k in (0, 1))  # type: ignore[return-value]


def _opened(low: F64, high: F64, conditions: F64) -> tuple[F64, F64]:
    """Return limits without those at the ends of the data, which exclude nothing."""
    return (
        np.where(low <= conditions.min(axis=0), -np.inf, low),
        np.where(high >= conditions.max(axis=0), np.inf, high),
    )


def _inside(conditions: F64, low: F64, high: F64) -> Bools:
    return np.asarray(((conditions >= low) & (conditions <= high)).all(axis=1))


def _share(part: Bools, whole: Bools) -> float:
    return float(part.sum() / whole.sum()) if whole.any() else float("nan")


def _without(
    low: F64, high: F64, sides: Sequence[tuple[F64, int]], conditions: F64, holding: Bools
) -> tuple[float, float]:
    """Return the density of a box without some of its limits, and the chance of the box's own density at that rate."""
    from scipy.stats import binomtest

    inside = _inside(conditions, low, high)
    kept = [(end, k, end[k]) for end, k in sides]
    for end, k in sides:
        end[k] = -np.inf if end is low else np.inf
    wider = _inside(conditions, low, high)
    for end, k, limit in kept:
        end[k] = limit
    rate = _share(holding & wider, wider)
    return rate, float(binomtest(int((holding & inside).sum()), int(inside.sum()), rate, alternative="greater").pvalue)


def _needed(low: F64, high: F64, conditions: F64, holding: Bools, dense: float) -> tuple[F64, F64]:
    """Return the necessary limits; the others are dropped one at a time, the least necessary first.

    A limit isn't necessary if the box has at least the density `dense` without it and its own p is above `NEEDED`.
    """
    low, high = low.copy(), high.copy()
    while True:
        sides = [(end, k) for end in (low, high) for k in range(len(low)) if np.isfinite(end[k])]
        found = [(*_without(low, high, [side], conditions, holding), side) for side in sides]
        spare = [one for one in found if one[0] >= dense and one[1] > NEEDED]
        if not spare:
            return low, high
        _, _, (end, k) = max(spare, key=lambda one: one[1])
        end[k] = -np.inf if end is low else np.inf


def _limits(
    low: F64, high: F64, names: Sequence[str], conditions: F64, holding: Bools, fit: npt.NDArray[np.int64]
) -> pd.DataFrame:
    """Return the limits of a box, the most necessary first (see `Discovery`)."""
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for k, name in enumerate(names):
        if np.isfinite(low[k]) or np.isfinite(high[k]):
            rate, p = _without(low, high, [(low, k), (high, k)], conditions[fit], holding[fit])
            rows.append({
                "condition": name, "low": low[k], "high": high[k], "least": conditions[:, k].min(),
                "most": conditions[:, k].max(), "density_without": rate, "p": p,
            })  # fmt: skip
    columns = ["condition", "low", "high", "least", "most", "density_without", "p"]
    return pd.DataFrame(rows, columns=columns).sort_values("p", kind="stable", ignore_index=True)


def _tree(
    conditions: F64, names: Sequence[str], holding: Bools, fit: npt.NDArray[np.int64], back: npt.NDArray[np.int64],
    seed: int,
) -> tuple[str, float, float]:  # fmt: skip
    """Return the tree's text, its accuracy on rows held back, and that of always giving the commoner answer."""
    from sklearn.tree import DecisionTreeClassifier, export_text

    tree = DecisionTreeClassifier(
        max_depth=DEPTH, min_samples_leaf=LEAF, ccp_alpha=PRUNE, random_state=seed & 0x7FFFFFFF
    )
    tree.fit(conditions[fit], holding[fit])
    right = float((tree.predict(conditions[back]) == holding[back]).mean())
    commoner = bool(holding[fit].mean() >= 0.5)
    text = export_text(tree, feature_names=list(names), class_names=["no", "yes"], show_weights=True, decimals=2)
    return text, right, float((holding[back] == commoner).mean())
