"""Belonging (街坊会, 红房子): an association ties newcomers to locals, and places to go to build attachment and trust (P9).

The association's ties are there from its first active week on and stay: relatives' example then reaches newcomers as it
does locals, and talk finds them. Attachment and trust of the households that an intervention reaches move a share of the way
up each week. Left out: quarrels within the association, and newcomers who move away.
"""

from __future__ import annotations

import numpy as np

from sim.base.arrays import F64, I32, I64
from sim.compiler.compiled import compiled
from sim.engine.mechanisms.blocks import Scratch
from sim.engine.now import Now, Week, moved, named_value
from sim.engine.world.columns import (  # fmt: skip
    ADOPTED_TIES,
    ATTACHMENT,
    BONDED,
    CHOSEN,
    FIRST,
    HELPING,
    PER_TIE,
    RUNG,
    STOP,
    TIES,
    TRUST,
    State,
)
from sim.numerics import draws

BELONGING = named_value("belonging")
BONDS = named_value("bonds")
REASSURANCE = named_value("reassurance")


@compiled
def add_chosen(shares: F64, chosen: I32, bit: int, amount: float) -> None:
    """Add an amount to the shares of the households that carry a bit in `chosen`."""
    for k in range(shares.size):
        shares[k] += amount * ((chosen[k] >> bit) & 1)


@compiled
def scale_by(shares: F64, scale: F64) -> None:
    """Bring shares into 0..1 and multiply them by `scale`."""
    for k in range(shares.size):
        shares[k] = min(1.0, max(0.0, shares[k])) * scale[k]


@compiled
def approach(values: F64, shares: F64) -> None:
    """Move values a share of the way to 1."""
    for k in range(values.size):
        values[k] += min(1.0, max(0.0, shares[k])) * (1.0 - values[k])


@compiled
def sum_shares(shares: F64, chosen: I32, now: Now, value: np.int64) -> None:
    """Set the shares of a block of households to what interventions add to a named value."""
    shares[:] = now.wide[value]
    for e in range(now.first[value], now.first[value + 1]):
        add_chosen(shares, chosen, now.bit[e], now.amount[e])


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
def belong(s: State, w: Week, room: Scratch) -> None:
    """Let a week of meeting places and the association pass over the village."""
    now, row = w.now, s.village_i64[:, w.v]
    first, stop = row[FIRST], row[STOP]
    if now.wide[BONDS] > 0.0 and row[BONDED] < 0:
        row[BONDED] = w.number
        make_bonds(s, row)
    belonging, reassured = moved(now, BELONGING), moved(now, REASSURANCE)
    if not (belonging or reassured):
        return
    for lo in range(first, stop, draws.BLOCK):
        hi = min(lo + draws.BLOCK, stop)
        attachment, chosen, shares = s.f64[ATTACHMENT, lo:hi], s.i32[CHOSEN, lo:hi], room.floats[0, : hi - lo]
        if belonging:
            sum_shares(shares, chosen, now, BELONGING)
            approach(attachment, shares)
        if reassured:
            sum_shares(shares, chosen, now, REASSURANCE)
            scale_by(shares, attachment)
            approach(s.f64[TRUST, lo:hi], shares)
