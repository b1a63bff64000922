"""Designs: the points at which a function is evaluated, each identified by its number.

A point's number is its draw. A larger design with the same seed begins with the points of a smaller one, so that earlier
evaluations can be used again, and the first part of a design shows how the indices converge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from sim.base.arrays import F64, I64
from sim.base.errors import InputError, nearest
from sim.base.memory import check_memory
from sim.uncertainty.priors import Prior

Bounds = Mapping[str, tuple[float, float]] | Sequence[Prior]
"""The values that vary and their bounds: names with (low, high), or priors."""

LEVELS = 4
"""Levels of Morris's grid."""
LEAST = {"morris": 2, "sobol": 2, "pawn": 100}
"""The least n of each method: trajectories (Morris); base points, a power of 2 (Sobol); points, a few per slice (PAWN)."""
USUAL = {"morris": 20, "sobol": 256, "pawn": 1024}


@dataclass(frozen=True)
class Design:
    """Points in the box of the values that vary.

    Attributes
    ----------
    method : ``morris``, ``sobol`` or ``pawn``. names, labels : of the values, shape (k,). low, high : bounds, shape (k,).
    n : trajectories (Morris), base points (Sobol) or points (PAWN). seed : of the points and of the bootstrap.
    second_order : whether the design allows Sobol's indices of second order.
    unit : the points within the unit box, shape (rows, k); for PAWN with a last column that the function never sees.
    """

    method: str
    names: tuple[str, ...]
    labels: tuple[str, ...]
    low: F64
    high: F64
    n: int
    seed: int
    second_order: bool
    unit: F64

    @property
    def block(self) -> int:
        """Number of dependent points: of a trajectory, or a base point with its mixtures. Blocks are independent."""
        return int(self.unit.shape[0]) // self.n

    @property
    def draws(self) -> I64:
        """The points' numbers, shape (rows,)."""
        return np.arange(self.unit.shape[0], dtype=np.int64)

    @property
    def points(self) -> F64:
        """The points in the units of the values, shape (rows, k)."""
        k = len(self.names)
        return np.asarray(self.low + (self.high - self.low) * self.unit[:, :k], np.float64)

    def first(self, n: int) -> Self:
        """Return the design's first part, of size n."""
        return replace(self, n=n, unit=self.unit[: n * self.block])

    def problem(self, names: Sequence[str]) -> dict[str, Any]:
        """Return SALib's description of the unit box; SALib writes into it, so it is made again each time."""
        return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


BYTES_OF_A_VALUE = 32
"""What each value of a point takes while a design is made."""


def design(bounds: Bounds, method: str, n: int | None = None, seed: int = 0, second_order: bool = True) -> Design:
    """Return the points of a method.

    Parameters
    ----------
    bounds : what varies. method, seed, second_order : see `Design`.
    n : see `Design`; `USUAL` if None. The points are n (k + 1) for Morris, n (2 k + 2) for Sobol (n (k + 2) without
        second order) and n for PAWN.

    Raises
    ------
    InputError : an unknown method, an n that is too small or (for Sobol) isn't a power of 2, no values, or an empty interval.
    """
    if method not in LEAST:
        raise InputError(f"unknown method '{method}'{nearest(method, LEAST)}", "method")
    n = USUAL[method] if n is None else n
    if n < LEAST[method]:
        raise InputError(f"{method} needs at least {LEAST[method]}, not {n}", "n")
    if method == "sobol" and n & (n - 1):
        below = 1 << (n.bit_length() - 1)
        raise InputError(f"Sobol needs a power of 2, such as {below} or {2 * below}, not {n}", "n")
    check_memory(BYTES_OF_A_VALUE * n * (len(bounds) + 1) * len(bounds), f"the points of a design with --n {n:,}")
    if isinstance(bounds, Mapping):
        names = labels = tuple(bounds)
        pairs = list(bounds.values())
    else:
        names, labels = tuple(p.key for p in bounds), tuple(label_of(p) for p in bounds)
        pairs = [(p.low, p.high) for p in bounds]
    if not names:
        raise InputError("nothing varies", "bounds")
    for name, (low, high) in zip(names, pairs, strict=True):
        if not (np.isfinite(low) and np.isfinite(high) and low < high):
            raise InputError(f"'{name}' needs finite numbers low < high, not {low:g} and {high:g}", "bounds")
    made = Design(
        method, names, labels, np.array([low for low, _ in pairs], float), np.array([high for _, high in pairs], float),
        n, seed, second_order and method == "sobol", np.zeros((n, 0)),
    )  # fmt: skip
    return replace(made, unit=_unit(made))


def label_of(prior: Prior) -> str:
    """Return a value's label in tables and figures: its short name, with its symbol if it has one."""
    name = prior.key.removeprefix("household.").removeprefix("interventions.")
    return f"{name} ({prior.symbol})" if prior.symbol else name


def _unit(made: Design) -> F64:
    if made.method == "pawn":
        from scipy.stats import qmc

        exponent = int(np.ceil(np.log2(made.n)))
        return np.asarray(qmc.Sobol(len(made.names) + 1, seed=made.seed).random_base2(exponent)[: made.n], np.float64)
    problem = made.problem(made.names)
    if made.method == "morris":
        from SALib.sample import morris

        return np.asarray(morris.sample(problem, made.n, num_levels=LEVELS, seed=made.seed), np.float64)
    from SALib.sample import sobol

    found = sobol.sample(problem, made.n, calc_second_order=made.second_order, seed=made.seed)
    return np.asarray(found, np.float64)
