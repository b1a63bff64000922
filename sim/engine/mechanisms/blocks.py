"""Blocks: what the passes over households share. They work block by block, on slices that the processor can vectorise.

A pass marks the few households that something happens to in a mask, without branches, and then goes to those only.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.base.arrays import F64, I32, U8, U32
from sim.compiler.compiled import compiled
from sim.numerics import draws
from sim.numerics.lanes import NUMBERS, SUMS, append_places, sums_by_lane


class Scratch(NamedTuple):
    """Arrays for whatever a phase needs; they hold nothing from one to the next.

    All are for a block of households, the last for all households of a village if these are more. floats : (7, block).
    words : (2, block), for draws. flags : a mask, 0 beyond the households; numbers, offered : places in a block.
    households : (2, households).
    """

    floats: F64
    words: U32
    flags: U8
    numbers: I32
    offered: I32
    households: I32


def make_scratch(households: int) -> Scratch:
    """Return scratch arrays for villages of at most so many households."""
    block = draws.BLOCK
    return Scratch(
        np.zeros((7, block)), np.zeros((2, block), np.uint32), np.zeros(block, np.uint8), np.zeros(block, np.int32),
        np.zeros(block, np.int32), np.zeros((2, max(households, block)), np.int32),
    )  # fmt: skip


@compiled
def places(mask: U8, found: I32) -> int:
    """Write the places where `mask` is not 0 into `found` and return how many, without a branch on what is found.

    mask : a whole block, its length a multiple of 16, 0 beyond the households. found : room for as many numbers.
    """
    n = np.int64(0)
    for first in range(0, mask.size, NUMBERS):
        n = append_places(mask, first, found, n)
    return n  # type: ignore[return-value]


@compiled
def anything(values: U8) -> bool:
    """Return whether any value is not 0; looks at all of them, which is quicker than stopping."""
    found = np.uint8(0)
    for k in range(values.size):
        found |= values[k]
    return bool(found != 0)


@compiled
def sum_of_lanes(lanes: tuple[float, ...], rest: F64) -> float:
    """Return the sum of a column from the sums of its four lanes and the numbers behind them."""
    total = lanes[0]
    for k in range(rest.size):
        total += rest[k]
    return (total + lanes[1]) + (lanes[2] + lanes[3])


@compiled
def sums_of(a: F64, b: F64, c: F64, d: F64) -> tuple[float, float, float, float]:
    """Return the sums of four columns of one length, each in an order that lets the processor make four additions at once.

    The four go together because their additions don't wait for each other.
    """
    of_a, of_b, of_c, of_d = sums_by_lane(a, b, c, d)
    whole = a.size - a.size % SUMS
    return (
        sum_of_lanes(of_a, a[whole:]), sum_of_lanes(of_b, b[whole:]), sum_of_lanes(of_c, c[whole:]),
        sum_of_lanes(of_d, d[whole:]),
    )  # fmt: skip
