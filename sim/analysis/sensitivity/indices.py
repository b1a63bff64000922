"""Indices: the analysis of a design's values, through SALib, with bootstrap intervals.

Every interval is the estimate and 1.96 bootstrap standard deviations on both sides. What is drawn anew is whole blocks
(trajectories, base points with their mixtures, points), because only those are independent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.analysis.sensitivity.design import LEVELS, Bounds, Design, design
from sim.errors import InputError
from sim.world.columns import F64, I64

if TYPE_CHECKING:
    import pandas as pd

RESAMPLES = 100
PAWN_RESAMPLES = 30
"""Fewer, because SALib takes long for each; the standard deviation of 30 is known to 13 %."""
SLICES = 10
"""Slices of each value's range in PAWN."""
DUMMY = "(dummy)"
"""PAWN's column that the function never sees: its index is the noise of so many points."""
NORMAL = 1.959964


class Row(NamedTuple):
    """An index of a parameter, or for second order of two, and half the width of its interval."""

    parameter: str
    other: str
    index: str
    value: float
    half: float


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
    A row an outcome, parameter and index: outcome, parameter, other (the second parameter of second order, else empty),
    index, value, low, high (95 %). The indices are, for Morris, mu, mu_star (mean and mean size of the elementary
    effects over the whole interval, in the outcome's unit) and sigma; for Sobol S1, ST and S2 (shares of the variance;
    estimates may lie below 0 or above 1); for PAWN, pawn and pawn_max (median and largest Kolmogorov-Smirnov distance
    over slices, 0..1, to be held against that of `DUMMY`).

    Raises
    ------
    InputError : as `design`, and for values of another shape, NaN or infinite somewhere, or the same everywhere.
    """
    made = design(bounds, method, n, seed, second_order)
    return analyse(made, evaluate(function, made, outcomes))


def evaluate(function: Callable[[F64], F64], made: Design, outcomes: Sequence[str] | None = None) -> pd.DataFrame:
    """Return a function's values, a row a draw (the index), a column an outcome. Raises InputError for another shape."""
    import pandas as pd

    values = np.asarray(function(made.points), np.float64)
    rows = made.draws.size
    if values.ndim not in (1, 2) or values.shape[0] != rows:
        raise InputError(f"the function returned shape {values.shape} for {rows} points; it must be ({rows},) or ({rows}, m)")
    table = values.reshape(rows, -1)
    names = outcomes or (["y"] if values.ndim == 1 else [f"y{m}" for m in range(table.shape[1])])
    if len(names) != table.shape[1]:
        raise InputError(f"{len(names)} names for {table.shape[1]} outcomes")
    return pd.DataFrame(table, index=pd.Index(made.draws, name="draw"), columns=list(names))


def analyse(made: Design, values: pd.DataFrame, resamples: int | None = None) -> pd.DataFrame:
    """Return the indices of values that stand by draw number, in any order; see `indices`.

    resamples : of the bootstrap; 0 leaves the intervals out (NaN).
    """
    import pandas as pd

    usual = PAWN_RESAMPLES if made.method == "pawn" else RESAMPLES
    count = usual if resamples is None else resamples
    parts = []
    for outcome, y in by_draw(made, values).items():
        rows = pd.DataFrame(_ROWS[made.method](made, y, count), columns=Row._fields)
        half = rows.pop("half")
        rows["low"], rows["high"] = rows["value"] - half, rows["value"] + half
        positive = rows["index"].isin(("mu_star", "sigma", "pawn", "pawn_max"))
        rows.loc[positive, "low"] = rows.loc[positive, "low"].clip(lower=0.0)
        rows.insert(0, "outcome", outcome)
        parts.append(rows)
    return pd.concat(parts, ignore_index=True)


def by_draw(made: Design, values: pd.DataFrame) -> dict[str, F64]:
    """Return each outcome's values in the order of the design.

    Raises InputError where draws are missing or twice, and for values that SALib would take for no sensitivity at all:
    NaN, infinite, or the same everywhere.
    """
    if values.index.has_duplicates:
        raise InputError(f"draw {values.index[values.index.duplicated()][0]} stands there twice")
    missing = np.setdiff1d(made.draws, values.index.to_numpy())
    if missing.size:
        raise InputError(f"{missing.size} of {made.draws.size} draws have no values, the first is {missing[0]}")
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
    """Return Morris's indices of an outcome as `sim.figures.morris` takes them, a row a parameter, without the noise."""
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

    def found(at: I64, count: int) -> dict[str, F64]:
        result = morris.analyze(
            made.problem(made.names), made.unit[at], y[at], num_levels=LEVELS, num_resamples=count, seed=made.seed
        )  # fmt: skip
        return {index: np.asarray(result[index], float) for index in ("mu", "mu_star", "sigma", "mu_star_conf")}

    whole = found(made.draws, max(resamples, 2))
    halves = _halves(made, lambda at: np.stack([found(at, 2)[index] for index in ("mu", "sigma")]), resamples)
    half = {"mu": halves[0], "sigma": halves[1], "mu_star": whole["mu_star_conf"] if resamples else halves[0]}
    for k, name in enumerate(made.names):
        for index in ("mu", "mu_star", "sigma"):
            yield Row(name, "", index, float(whole[index][k]), float(half[index][k]))


def _sobol(made: Design, y: F64, resamples: int) -> Iterator[Row]:
    from SALib.analyze import sobol

    # SALib takes a seed of 0 for none.
    found = sobol.analyze(
        made.problem(made.names), y, calc_second_order=made.second_order, num_resamples=max(resamples, 2),
        seed=np.random.SeedSequence(made.seed),
    )  # fmt: skip
    known = 1.0 if resamples else np.nan
    for k, name in enumerate(made.names):
        for index in ("S1", "ST"):
            yield Row(name, "", index, float(found[index][k]), known * float(found[f"{index}_conf"][k]))
        for j in range(k + 1, len(made.names) if made.second_order else 0):
            yield Row(name, made.names[j], "S2", float(found["S2"][k, j]), known * float(found["S2_conf"][k, j]))


def _pawn(made: Design, y: F64, resamples: int) -> Iterator[Row]:
    from SALib.analyze import pawn

    names = [*made.names, DUMMY]

    def found(at: I64) -> F64:
        result = pawn.analyze(made.problem(names), made.unit[at], y[at], S=SLICES)
        return np.stack([np.asarray(result["median"], float), np.asarray(result["maximum"], float)])

    whole, halves = found(made.draws), _halves(made, found, resamples)
    for k, name in enumerate(names):
        yield Row(name, "", "pawn", float(whole[0, k]), float(halves[0, k]))
        yield Row(name, "", "pawn_max", float(whole[1, k]), float(halves[1, k]))


def _halves(made: Design, statistic: Callable[[I64], F64], resamples: int) -> F64:
    """Return half the width of a statistic's intervals, by drawing blocks anew; NaN without resamples."""
    if not resamples:
        return np.full_like(statistic(made.draws), np.nan)
    rng = np.random.default_rng([made.seed, 1])
    blocks = made.draws.reshape(made.n, made.block)
    drawn = [statistic(blocks[rng.integers(made.n, size=made.n)].ravel()) for _ in range(resamples)]
    return NORMAL * np.std(drawn, axis=0, ddof=1)


_ROWS: dict[str, Callable[[Design, F64, int], Iterator[Row]]] = {"morris": _morris, "sobol": _sobol, "pawn": _pawn}
