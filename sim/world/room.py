"""Scratch arrays for building a village, and its building draws."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import draws
from sim.compiled import called, compiled, entry
from sim.world.columns import F64, I32, U8, U32


class Room(NamedTuple):
    """Room for the largest village; nothing is kept from one to the next.

    keys : (2, channels), of the village's building draws. floats, flags, numbers : (rows, households or one more).
    words : for a block of draws. plots : (2, plots of the plan). pairs : (2, proposals of ties); the same memory, because
    ties are drawn when the plan is laid out.
    """

    keys: U32
    floats: F64
    words: U32
    flags: U8
    numbers: I32
    plots: I32
    pairs: I32


def make_room(households: int, plots: int, pairs: int) -> Room:
    """Return scratch arrays for villages of at most this size; they are only as large as what is written into them."""
    shared = np.empty(2 * max(plots, pairs), np.int32)
    return Room(
        np.empty((2, draws.CHANNELS), np.uint32), np.empty((2, households)), np.empty((2, draws.BLOCK), np.uint32),
        np.empty(households, np.uint8), np.empty((2, households + 1), np.int32), shared[: 2 * plots].reshape(2, plots),
        shared[: 2 * pairs].reshape(2, pairs),
    )  # fmt: skip


@compiled
def set_keys(k0: np.uint32, k1: np.uint32, room: Room) -> None:
    """Write the keys of a village's building draws."""
    for channel in range(draws.CHANNELS):
        room.keys[0, channel], room.keys[1, channel] = draws.phase_key(k0, k1, draws.BUILDING, channel)


@called
def uniforms(key: draws.Key, slot: draws.Whole, out: F64, room: Room) -> None:
    """Fill `out`, shape (n,), with the draws of a village's first n households."""
    for begin in range(0, out.size, draws.BLOCK):
        draws.fill_uniform(key, begin, slot, out[begin : begin + draws.BLOCK], room.words)


@entry
def draw_villages(keys: U32, channel: int, slot: int, out: F64) -> None:
    """Fill `out`, shape (villages,), with a draw for each village; `keys` as `State.village_key`."""
    for v in range(out.size):
        key = draws.phase_key(keys[0, v], keys[1, v], draws.BUILDING, channel)
        out[v] = draws.uniform(key, draws.NO_SLOT, slot)
