"""Belonging (街坊会, 红房子): an association ties newcomers to locals, and places to go to build attachment and trust (P9).

The association's ties are there from its first active week on and stay: relatives' example then reaches newcomers as it
does locals, and talk finds them. Attachment and trust of the households that a lever reaches move a share of the way
up each week. Left out: quarrels within the association, and newcomers who move away.
"""

from __future__ import annotations

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.mechanisms.blocks import Room
from sim.programme import BELONGING, BONDS, REASSURANCE, Now, moved
from sim.world.columns import (
    ADOPTED_TIES,
    ATTACHMENT,
    BONDED,
    CHOSEN,
    F64,
    FIRST,
    HELPING,
    I32,
    I64,
    PER_TIE,
    RUNG,
    STOP,
    TIES,
    TRUST,
    State,
)  # fmt: skip


@compiled
def add_chosen(shares: F64, chosen: I32, bit: int, amount: float) -> None:
    """Add an amount to the shares of the households that carry a bit in `chosen`."""
    for k in range(shares.size):
        shares[k] += amount * ((chosen[k] >> bit) & 1)


@compiled
def approach(values: F64, scale: F64, shares: F64) -> None:
    """Move values a share of the way to 1, times `scale`."""
    for k in range(values.size):
        values[k] += min(1.0, max(0.0, shares[k])) * scale[k] * (1.0 - values[k])


@compiled
def approach_all(values: F64, scale: F64, chosen: I32, now: Now, value: np.int64, room: Room) -> None:
    """Move values a share of the way to 1, by the levers on `value`; block by block, see `blocks`."""
    for lo in range(0, values.size, draws.BLOCK):
        hi = min(lo + draws.BLOCK, values.size)
        shares = room.floats[0, : hi - lo]
        shares[:] = now.wide[value]
        for e in range(now.first[value], now.first[value + 1]):
            add_chosen(shares, chosen[lo:hi], now.bit[e], now.amount[e])
        approach(values[lo:hi], scale[lo:hi], shares)


@compiled
def make_bonds(s: State, row: I64) -> None:
    """Count the association's ties among those of every household."""
    for i in range(row[FIRST], row[STOP]):
        bonds = s.bond_first[i + 1] - s.bond_first[i]
        s.u8[TIES, i] = s.u8[TIES, i] + bonds
        s.f64[PER_TIE, i] = 1.0 / max(1, s.u8[TIES, i])
        adopted = s.u8[ADOPTED_TIES, i]
        for k in range(s.bond_first[i], s.bond_first[i + 1]):
            adopted += s.u8[RUNG, s.bond[k]] >= HELPING
        s.u8[ADOPTED_TIES, i] = adopted


@compiled
def belong(s: State, now: Now, week: int, v: int, room: Room) -> None:
    """Let a week of meeting places and the association pass over village v."""
    row = s.village_i64[:, v]
    first, stop = row[FIRST], row[STOP]
    if now.wide[BONDS] > 0.0 and row[BONDED] < 0:
        row[BONDED] = week
        make_bonds(s, row)
    attachment, trust, chosen = s.f64[ATTACHMENT, first:stop], s.f64[TRUST, first:stop], s.i32[CHOSEN, first:stop]
    if moved(now, BELONGING):
        room.floats[1] = 1.0
        for lo in range(0, attachment.size, draws.BLOCK):
            hi = min(lo + draws.BLOCK, attachment.size)
            approach_all(attachment[lo:hi], room.floats[1, : hi - lo], chosen[lo:hi], now, BELONGING, room)
    if moved(now, REASSURANCE):
        approach_all(trust, attachment, chosen, now, REASSURANCE, room)
