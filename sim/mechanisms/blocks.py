"""Blocks: what the passes over households share. They work block by block, on slices that the processor can vectorise.

A pass marks the few households that something happens to in a mask, without branches, and then goes to those only.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import draws
from sim.compiled import compiled
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


@compiled
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
def sum_of(values: F64) -> float:
    """Return the sum in a fixed order that lets the processor make four additions at once."""
    a = b = c = d = 0.0
    whole = values.size - values.size % 4
    for k in range(0, whole, 4):
        a += values[k]
        b += values[k + 1]
        c += values[k + 2]
        d += values[k + 3]
    for k in range(whole, values.size):
        a += values[k]
    return (a + b) + (c + d)
