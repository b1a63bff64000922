"""A village's building draws: uniforms for all its households at once, by channel."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.base.arrays import F64, U32
from sim.compiler.compiled import compiled, entry
from sim.numerics import draws

# The channels of `sim.numerics.draws` as NumPy's integers, see `sim.engine.programme`.
(
    NEWCOMER, PREDISPOSITION, MEMBER, WORTHY, VOLUNTEER, PARTY_YEARS, TRUST, CLUTTER, TIDY, TIE, VILLAGE_EFFECT, IDLE_PLOT,
    VISIT_PHASE, CHOSEN, FLOATING, YOUTH, REPRESENTATIVE, WILLING, BOND,
) = map(
    np.int64,
    (
        draws.NEWCOMER, draws.PREDISPOSITION, draws.MEMBER, draws.WORTHY, draws.VOLUNTEER, draws.PARTY_YEARS, draws.TRUST,
        draws.CLUTTER, draws.TIDY, draws.TIE, draws.VILLAGE_EFFECT, draws.IDLE_PLOT, draws.VISIT_PHASE, draws.CHOSEN,
        draws.FLOATING, draws.YOUTH, draws.REPRESENTATIVE, draws.WILLING, draws.BOND,
    ),
)  # fmt: skip


class Luck(NamedTuple):
    """keys : (2, channels), of the village's building draws. words : (2, draws.BLOCK), for a block of draws."""

    keys: U32
    words: U32


def make_luck() -> Luck:
    """Return room for a village's keys, which `set_keys` writes."""
    return Luck(np.empty((2, draws.CHANNELS), np.uint32), np.empty((2, draws.BLOCK), np.uint32))


@compiled
def set_keys(k0: np.uint32, k1: np.uint32, luck: Luck) -> None:
    """Write the keys of the building draws of the village with key (k0, k1)."""
    for channel in range(draws.CHANNELS):
        luck.keys[0, channel], luck.keys[1, channel] = draws.phase_key(k0, k1, draws.BUILDING, channel)


@compiled
def uniforms(luck: Luck, channel: np.int64, slot: draws.Whole, out: F64) -> None:
    """Fill `out`, shape (n,), with the draws of a village's first n households."""
    key = luck.keys[0, channel], luck.keys[1, channel]
    for begin in range(0, out.size, draws.BLOCK):
        draws.fill_uniform(key, begin, slot, out[begin : begin + draws.BLOCK], luck.words)


@entry
def draw_villages(keys: U32, channel: int, slot: int, out: F64) -> None:
    """Fill `out`, shape (villages,), with a draw for each village; `keys` as `State.village_key`."""
    for v in range(out.size):
        key = draws.phase_key(keys[0, v], keys[1, v], draws.BUILDING, channel)
        out[v] = draws.uniform(key, draws.NO_SLOT, slot)
