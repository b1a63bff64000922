"""The points of a sweep: the values of a scenario that it varies, on a grid or spread evenly over a box."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from sim.base.arrays import F64
from sim.base.errors import InputError, nearest
from sim.base.memory import check_memory
from sim.scenario import Scenario, with_values
from sim.scenario.notation import hint, read_number, units_of
from sim.scenario.variation import leaf_of
from sim.uncertainty.draw_table import values_by_key

OVER = "--over"
METHODS = ("grid", "sobol")
MOST_KEYS = 3
"""Keys of a sweep; no figure shows more."""
USUAL = 64
"""Points of a Sobol sweep unless others are asked for."""
BYTES_OF_A_VALUE = 32
"""What each value of a point takes while points are made."""

Over = Sequence[str] | Mapping[str, Sequence[float]]
"""What is swept: texts such as ``household.own_yard=0.1:0.5:5``, or values by key."""


@dataclass(frozen=True)
class Axis:
    """A value that is swept.

    key : dotted key. unit : of the values. values : of a grid, ascending; or the two ends of the range, for Sobol's points.
    whole : whether only whole numbers are allowed.
    """

    key: str
    unit: str
    values: tuple[float, ...]
    whole: bool


def axes_of(scenario: Scenario, over: Over, method: str = "grid") -> tuple[Axis, ...]:
    """Return what is swept.

    Parameters
    ----------
    over : ``KEY=LOW:HIGH:N`` (N evenly spaced values) or ``KEY=A,B,C`` for a grid, ``KEY=LOW:HIGH`` for Sobol's points; or a
        mapping from keys to the values of a grid, or to (low, high). Whole numbers are rounded.
    method : of `METHODS`.

    Raises
    ------
    InputError : an unknown method, no or too many keys, a key that is unknown, repeated or not a number, or too few values.
    """
    if method not in METHODS:
        raise InputError(f"unknown method '{method}'{nearest(method, METHODS)}", "--method")
    named = list(over.items()) if isinstance(over, Mapping) else [_read(text, method) for text in over]
    if not 1 <= len(named) <= MOST_KEYS:
        raise InputError(f"a sweep has from 1 to {MOST_KEYS} keys, not {len(named)}", OVER)
    axes: list[Axis] = []
    for key, values in named:
        if key in [axis.key for axis in axes]:
            raise InputError(f"'{key}' is listed twice", OVER)
        axes.append(_axis(scenario, key, [float(value) for value in values], method))
    return tuple(axes)


def _axis(scenario: Scenario, key: str, values: Sequence[float], method: str) -> Axis:
    try:
        leaf = leaf_of(scenario, key)
    except InputError as error:
        raise InputError(error.what, OVER) from None
    if key == "weeks":
        raise InputError("weeks can't differ between points; use --weeks", OVER)
    if not leaf.is_number:
        raise InputError(f"{key} isn't a number", OVER)
    if not np.isfinite(values).all():
        raise InputError(f"{key} has a value that isn't finite", OVER)
    different = sorted(set(values))
    if len(different) < len(values):
        raise InputError(f"{key} has a value twice", OVER)
    if len(different) < 2:
        raise InputError(
            f"{key} would be constant; set it by --set {key}={values[0]:g}" if values else f"{key} has no values", OVER
        )
    if method == "sobol" and len(different) != 2:
        raise InputError(
            f"{key} needs a range such as {key}={different[0]:g}:{different[-1]:g} with --method sobol", OVER
        )
    return Axis(key, leaf.unit, tuple(different), leaf.kind == "integer")


def _read(text: str, method: str) -> tuple[str, list[float]]:
    """Return (key, its values) from the text of ``--over``."""
    key, equals, said = (part.strip() for part in text.partition("="))
    form = "KEY=LOW:HIGH" if method == "sobol" else "KEY=LOW:HIGH:N or KEY=A,B,C"
    parts = said.split(":")
    if (
        not equals
        or not key
        or (method == "sobol" and len(parts) != 2)
        or len(parts) not in (1, 2 + (method == "grid"))
    ):
        raise InputError(
            f"'{text}' must be {form}, such as household.own_yard=0.1:0.5{'' if method == 'sobol' else ':5'}", OVER
        )
    if len(parts) == 1:
        listed = said.split(",")
        if any(re.fullmatch("0[0-9]{2}", part) for part in listed[1:]):  # 300,000
            raise InputError(f"{key}: commas separate values; write {said} without them, or with _", OVER)
        return key, [_number(part, key) for part in listed]
    low, high = (_number(part, key) for part in parts[:2])
    if not low < high:
        raise InputError(f"{key} needs bounds low < high, not {said}", OVER)
    if method == "sobol":
        return key, [low, high]
    count = _number(parts[2], key)
    if not float(count).is_integer() or not 2 <= count <= 10_000:
        raise InputError(f"{key} needs a number of values from 2 to 10000, not {parts[2]}", OVER)
    return key, np.linspace(low, high, int(count)).tolist()


def _number(text: str, key: str) -> float:
    units = units_of(key)
    value = read_number(text, units)
    if value is None:
        raise InputError(f"{key} must be a number, not '{text.strip()}'{hint(text, min(units, default=''))}", OVER)
    return float(value)


def points_of(axes: Sequence[Axis], method: str = "grid", n: int | None = None, seed: int = 0) -> F64:
    """Return the points, shape (points, keys), each once: all combinations of a grid, or `n` points of Sobol's sequence.

    A Sobol sweep of more points begins with those of a smaller one. Whole numbers are rounded. Raises InputError if n is
    below 2, or given for a grid.
    """
    if method == "grid":
        if n is not None:
            raise InputError("a grid's points are those of --over; --n is for --method sobol", "--n")
        count = int(np.prod([len(axis.values) for axis in axes]))
        check_memory(BYTES_OF_A_VALUE * count * len(axes), f"a grid of {count:,} points")
        points = np.array(list(product(*(axis.values for axis in axes))), np.float64)
    else:
        from scipy.stats import qmc

        n = USUAL if n is None else n
        if n < 2:
            raise InputError(f"a sweep needs at least 2 points, not {n}", "--n")
        check_memory(BYTES_OF_A_VALUE * n * len(axes), f"{n:,} points")
        low, high = (np.array([axis.values[end] for axis in axes]) for end in (0, 1))
        unit = qmc.Sobol(len(axes), seed=seed).random_base2(int(np.ceil(np.log2(n))))[:n]
        points = np.asarray(low + (high - low) * unit, np.float64)
    whole = [k for k, axis in enumerate(axes) if axis.whole]
    points[:, whole] = np.rint(points[:, whole])
    _, first = np.unique(points, axis=0, return_index=True)
    return np.ascontiguousarray(points[np.sort(first)])


def written(value: float) -> str:
    """Return a swept value as text: whole from a thousand on, else with four figures."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def check_points(scenario: Scenario, axes: Sequence[Axis], points: F64) -> None:
    """Raise InputError for the first point that a scenario doesn't accept."""
    keys = [axis.key for axis in axes]
    for row in points:
        values = values_by_key(keys, row)
        try:
            with_values(scenario, values)
        except InputError as error:
            here = ", ".join(f"{key}={written(value)}" for key, value in values.items())
            raise InputError(f"{here}: {error.what}", OVER) from None
