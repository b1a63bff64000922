"""Whole numbers that a program passes: seeds, replicates, weeks."""

from __future__ import annotations

import operator
from typing import Any

from sim.base.errors import InputError

SEEDS, REPLICATES, WEEKS = 2**64 - 1, 2**32 - 1, 5200
"""The greatest seed, replicate and number of weeks."""


def whole(name: str, value: Any, low: int, high: int) -> int:
    """Return a whole number, also NumPy's, as an int.

    Raises
    ------
    TypeError : it isn't a whole number. InputError : it is below `low` or above `high`.
    """
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, not {value!r}") from None
    if not low <= number <= high:
        raise InputError(f"{name} must be from {low} to {high}, not {number}")
    return number
