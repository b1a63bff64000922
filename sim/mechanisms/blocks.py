"""Blocks: what the passes over households share. They work block by block, on slices that the processor can vectorise.

A pass marks the few households that something happens to in a mask, without branches, and then goes to those only.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import draws
from sim.compiled import called, compiled
from sim.world.columns import F64, I32, U8, U32


class Room(NamedTuple):
    """Scratch arrays of the weekly loop: for a block of households, but `households` for all of them."""

    floats: F64
    words: U32
    flags: U8
    numbers: I32
    households: I32


def make_room(households: int) -> Room:
    """Return scratch arrays for a world of this size; they hold nothing between weeks."""
    block = draws.BLOCK
    return Room(
        np.zeros((3, block)), np.zeros((2, block), np.uint32), np.zeros(block, np.uint8), np.zeros(block + 1, np.int32),
        np.zeros((2, households), np.int32),
    )  # fmt: skip


@called
def places(mask: U8, found: I32) -> int:
    """Write the places where `mask` is not 0 into `found` and return how many.

    First the groups of eight that are not all 0, then the places in these; without a branch on what is found, because
    a processor that guesses such a branch wrong loses more time than a look takes. The groups are noted at the end of
    `found`, where the places written over them are always those of groups already read.

    mask : a whole block, its length a multiple of 8, 0 beyond the households. found : room for one number
    more than the mask has.
    """
    words = mask.view(np.uint64)
    groups = np.uint32(found.size - words.size)
    n_groups = np.uint32(0)
    for w in range(words.size):
        found[groups + n_groups] = w  # written over by the next one, unless there is something here
        n_groups += np.uint32(words[w] != 0)
    n = np.uint32(0)
    for g in range(n_groups):
        first = np.uint32(8) * np.uint32(found[groups + np.uint32(g)])
        for k in range(first, first + np.uint32(8)):
            found[n] = k
            n += np.uint32(mask[k] != 0)
    return int(n)


@compiled
def anything(values: U8) -> bool:
    """Return whether any value is not 0; looks at all of them, which is quicker than stopping."""
    found = np.uint8(0)
    for k in range(values.size):
        found |= values[k]
    return bool(found != 0)


@compiled
def sums_of(a: F64, b: F64, c: F64, d: F64) -> tuple[float, float, float, float]:
    """Return the sums of four columns of one length, each in an order that lets the processor make four additions at once.

    The four go together because their additions don't wait for each other; unsigned places spare a look at each sign.
    """
    a0 = a1 = a2 = a3 = b0 = b1 = b2 = b3 = c0 = c1 = c2 = c3 = d0 = d1 = d2 = d3 = 0.0
    one, two, three = np.uint64(1), np.uint64(2), np.uint64(3)
    whole = np.uint64(a.size - a.size % 4)
    for k in range(np.uint64(0), whole, np.uint64(4)):
        a0 += a[k]
        a1 += a[k + one]
        a2 += a[k + two]
        a3 += a[k + three]
        b0 += b[k]
        b1 += b[k + one]
        b2 += b[k + two]
        b3 += b[k + three]
        c0 += c[k]
        c1 += c[k + one]
        c2 += c[k + two]
        c3 += c[k + three]
        d0 += d[k]
        d1 += d[k + one]
        d2 += d[k + two]
        d3 += d[k + three]
    for k in range(whole, np.uint64(a.size)):
        a0 += a[k]
        b0 += b[k]
        c0 += c[k]
        d0 += d[k]
    return (a0 + a1) + (a2 + a3), (b0 + b1) + (b2 + b3), (c0 + c1) + (c2 + c3), (d0 + d1) + (d2 + d3)
