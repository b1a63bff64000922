"""Indices: the analysis of a design's values, through SALib, with intervals.

Morris's mu and mu* are means over independent trajectories, so their intervals are those of any mean
(`sim.analysis.bounds`). sigma has no interval: none that was tried holds for effects as skewed as this model's, which are 0 in
most trajectories and large in a few. For the other methods an interval is the estimate plus or minus 1.96 bootstrap standard
deviations. The bootstrap resamples whole blocks (base points with their mixtures, or points), because only blocks are
independent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.analysis.bounds import NONE, bounds
from sim.analysis.sensitivity.design import LEVELS, Bounds, Design, design
from sim.base.arrays import F64, I64
from sim.base.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

RESAMPLES = 100
SLICES = 10
"""Number of slices of each value's range in PAWN."""
DUMMY = "(dummy)"
"""The column of PAWN's design that the function never sees; its index shows the noise of the design."""
NORMAL = 1.959964


class Row(NamedTuple):
    """An index of a parameter, or for second order of two, and its interval; NaN for none."""

    parameter: str
    other: str
    kind: str
    value: float
    low: float
    high: float


def _around(parameter: str, other: str, kind: str, value: float, half: float) -> Row:
    return Row(parameter, other, kind, value, value - half, value + half)


def indices(
    function: Callable[[F64], F64],
    bounds: Bounds,
    method: str = "sobol",
    n: int | None = None,
    seed: int = 0,
    *,
    outcomes: Sequence[str] | None = None,
    second_order: bool = True,
) -> pd.DataFrame:
    """Return the sensitivity indices of a function.

    Parameters
    ----------
    function : takes points, shape (rows, k), and returns values, shape (rows,) or (rows, outcomes).
    bounds : name -> (low, high), or priors; within them every value is equally likely.
    method, n, second_order : see `sim.analysis.sensitivity.design.design`. seed : the same one gives the same bytes.
    outcomes : their names; ``y`` or ``y0``, ``y1``, ... if None.

    Returns
    -------
    One row per outcome, parameter and index: outcome, parameter, other (the second parameter of second order, else empty),
    index, value, low, high (95 %; NaN if there is no interval). The indices are, for Morris, mu, mu_star (mean and mean size
    of the elementary effects over the whole interval, in the outcome's unit) and sigma; for Sobol S1, ST and S2 (shares of
    the variance; estimates may be below 0 or above 1); for PAWN, pawn and pawn_max (median and largest Kolmogorov-Smirnov
    distance over slices, 0..1, to be compared with that of `DUMMY`).

    Raises
    ------
    InputError : as `design`, and for values that have another shape, are NaN or infinite, or are all equal.
    """
    made = design(bounds, method, n, seed, second_order)
    return analyse(made, evaluate(function, made, outcomes))


def evaluate(function: Callable[[F64], F64], made: Design, outcomes: Sequence[str] | None = None) -> pd.DataFrame:
    """Return a function's values: one row per draw, one column per outcome. Raises InputError for another shape."""
    import pandas as pd

    values = np.asarray(function(made.points), np.float64)
    rows = made.draws.size
    if values.ndim not in (1, 2) or values.shape[0] != rows:
        raise InputError(
            f"the function returned shape {values.shape} for {rows} points; it must be ({rows},) or ({rows}, m)"
        )
    table = values.reshape(rows, -1)
    names = outcomes or (["y"] if values.ndim == 1 else [f"y{m}" for m in range(table.shape[1])])
    if len(names) != table.shape[1]:
        raise InputError(f"{len(names)} names for {table.shape[1]} outcomes")
    return pd.DataFrame(table, index=pd.Index(made.draws, name="draw"), columns=list(names))


def analyse(made: Design, values: pd.DataFrame, resamples: int = RESAMPLES) -> pd.DataFrame:
    """Return the indices of values by draw number, in any order; see `indices`.

    resamples : of the bootstrap; 0 leaves all intervals out (NaN).
    """
    import pandas as pd

    parts = []
    for outcome, y in by_draw(made, values).items():
        rows = pd.DataFrame(
            _ROWS[made.method](made, y, resamples), columns=["parameter", "other", "index", "value", "low", "high"]
        )
        positive = rows["index"].isin(("mu_star", "sigma", "pawn", "pawn_max"))
        rows.loc[positive, "low"] = rows.loc[positive, "low"].clip(lower=0.0)
        rows.insert(0, "outcome", outcome)
        parts.append(rows)
    return pd.concat(parts, ignore_index=True)


def by_draw(made: Design, values: pd.DataFrame) -> dict[str, F64]:
    """Return each outcome's values in the order of the design.

    Raises InputError if draws are missing or duplicated, and for values from which SALib would report no sensitivity: NaN,
    infinite, or all equal.
    """
    if values.index.has_duplicates:
        raise InputError(f"draw {values.index[values.index.duplicated()][0]} is listed twice")
    missing = np.setdiff1d(made.draws, values.index.to_numpy())
    if missing.size:
        raise InputError(f"{missing.size} of {made.draws.size} draws have no values; the first is {missing[0]}")
    ordered = values.loc[made.draws]
    found: dict[str, F64] = {}
    for outcome in ordered.columns:
        y = ordered[outcome].to_numpy(np.float64)
        undefined = int((~np.isfinite(y)).sum())
        if undefined:
            raise InputError(f"outcome '{outcome}' is undefined at {undefined} of {y.size} points")
        if np.ptp(y) == 0:
            raise InputError(f"outcome '{outcome}' is the same at every point; there is nothing to explain")
        found[str(outcome)] = y
    return found


def screening(made: Design, table: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Return Morris's indices of an outcome as `sim.figures.morris` takes them, one row per parameter, without the noise."""
    mine = table[table["outcome"] == outcome]
    wide = mine.pivot(index="parameter", columns="index", values=["value", "low", "high"]).loc[list(made.names)]
    found = wide["value"][["mu", "mu_star", "sigma"]].reset_index()
    found.insert(0, "outcome", outcome)
    found.insert(2, "label", list(made.labels))
    for end in ("low", "high"):
        found[f"mu_star_{end}"] = wide[end]["mu_star"].to_numpy()
    order = ["outcome", "parameter", "label", "mu", "mu_star", "mu_star_low", "mu_star_high", "sigma"]
    return found[order].rename_axis(columns=None)


def _morris(made: Design, y: F64, resamples: int) -> Iterator[Row]:
    from SALib.analyze import morris

    found = morris.analyze(made.problem(made.names), made.unit, y, num_levels=LEVELS, num_resamples=2, seed=made.seed)
    # SALib doesn't return the effects. Each step moves one value.
    moves = np.diff(made.unit.reshape(made.n, made.block, -1), axis=1)
    effects = (np.diff(y.reshape(made.n, made.block))[:, :, None] * np.sign(moves)).sum(axis=1) / np.abs(moves).max()
    for k, name in enumerate(made.names):
        for index, each in (("mu", effects[:, k]), ("mu_star", np.abs(effects[:, k]))):
            low, high, _ = bounds(each) if resamples else NONE
            yield Row(name, "", index, float(found[index][k]), low, high)
        yield Row(name, "", "sigma", float(found["sigma"][k]), *NONE[:2])


def _sobol(made: Design, y: F64, resamples: int) -> Iterator[Row]:
    from SALib.analyze import sobol

    # SALib treats a seed of 0 as no seed.
    found = sobol.analyze(
        made.problem(made.names), y, calc_second_order=made.second_order, num_resamples=max(resamples, 2),
        seed=np.random.SeedSequence(made.seed),
    )  # fmt: skip
    known = 1.0 if resamples else np.nan
    for k, name in enumerate(made.names):
        for index in ("S1", "ST"):
            yield _around(name, "", index, float(found[index][k]), known * float(found[f"{index}_conf"][k]))
        for j in range(k + 1, len(made.names) if made.second_order else 0):
            yield _around(name, made.names[j], "S2", float(found["S2"][k, j]), known * float(found["S2_conf"][k, j]))


def _pawn(made: Design, y: F64, resamples: int) -> Iterator[Row]:
    from SALib.analyze import pawn

    names = [*made.names, DUMMY]
    found = pawn.analyze(made.problem(names), made.unit, y, S=SLICES)

    def again(at: I64) -> F64:
        distances = np.stack([slice_distances(x, y[at]) for x in made.unit[at].T])
        return np.stack([np.median(distances, axis=1), distances.max(axis=1)])

    halves = _halves(made, again, resamples)
    for k, name in enumerate(names):
        for index, name_there, half in (("pawn", "median", halves[0]), ("pawn_max", "maximum", halves[1])):
            yield _around(name, "", index, float(found[name_there][k]), float(half[k]))


def slice_distances(x: F64, y: F64) -> F64:
    """Return the Kolmogorov-Smirnov distance of y in each slice of x from all of y, shape (slices,), as SALib's PAWN.

    SALib also finds a p-value for each, which takes a hundred times as long; the bootstrap needs none.
    """
    edges = np.quantile(x, np.linspace(0.0, 1.0, SLICES + 1))
    order = np.argsort(y, kind="stable")
    slices = np.searchsorted(edges, x[order], side="right") - 1
    counts = np.cumsum(slices[:, None] == np.arange(SLICES), axis=0)
    steps = np.append(np.diff(y[order]) > 0, True)  # distribution functions are told after equal values
    whole = np.arange(1, y.size + 1)[:, None] / y.size
    return np.asarray(np.abs(counts / np.maximum(counts[-1], 1) - whole)[steps].max(axis=0), np.float64)


def _halves(made: Design, statistic: Callable[[I64], F64], resamples: int) -> F64:
    """Return half the width of a statistic's intervals, by resampling blocks; NaN without resamples.

    statistic : takes the numbers of the blocks, or for PAWN of the points, which are the same.
    """
    if not resamples:
        return np.full_like(statistic(np.arange(made.n)), np.nan)
    rng = np.random.default_rng([made.seed, 1])
    drawn = [statistic(rng.integers(made.n, size=made.n)) for _ in range(resamples)]
    return np.asarray(NORMAL * np.std(drawn, axis=0, ddof=1), np.float64)


_ROWS: dict[str, Callable[[Design, F64, int], Iterator[Row]]] = {"morris": _morris, "sobol": _sobol, "pawn": _pawn}
