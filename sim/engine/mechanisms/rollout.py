"""Roll-out (试点, 推广): which villages take up the programme, by plan or by copying what they see succeed (P6, P7).

Pilots and waves begin by plan. A village that has not begun may copy: with a probability that grows with how far the
villages that are past their first weeks are ahead of it, once that lead is large enough to convince; so some wait. Organisers
who attend to a new village for some weeks share their attention when more begin than they can attend to at once, and
what the programme does there is scaled by that share. Left out: distance between villages, and copying a part only.
"""

from __future__ import annotations

from sim.base.arrays import F64
from sim.compiler.compiled import compiled
from sim.engine.mechanisms.blocks import Scratch, anything
from sim.engine.now import Week
from sim.engine.programme import UNREACHED
from sim.engine.world.columns import ATTENTION, FIRST, HELPING, STARTED, STOP, State, on_or_above
from sim.numerics import draws

PACE, LEAD, AT_ONCE, SUPPORT = range(4)
STEPS = 2.0**40
"""Shares are added up in whole steps, so that the order of villages makes no difference, not even to the last bit."""


@compiled
def adopted_shares(s: State, shares: F64) -> None:
    """Write each village's adopted share into `shares`, shape (villages,)."""
    for v in range(shares.size):
        row = s.village_i64[:, v]
        shares[v] = on_or_above(row, HELPING) / (row[STOP] - row[FIRST])


@compiled
def spread_programme(s: State, w: Week, room: Scratch) -> None:
    """Let villages begin this week, by plan or by copying, and share out the organisers' attention.

    Notes the villages' adopted shares, which is all that they see of each other.
    """
    programme, shares, week = w.programme, w.record.shares, w.number
    adopted_shares(s, shares)
    if not anything(programme.rolled):
        return
    started = s.village_i64[STARTED]
    seen = 0
    n = 0
    for v in range(shares.size):
        if started[v] >= 0 and week - started[v] >= programme.spread[SUPPORT]:
            seen += int(shares[v] * STEPS)
            n += 1
    new = 0
    for v in range(shares.size):
        if started[v] < 0:
            lead = seen / (n * STEPS) - shares[v] if n > 0 else 0.0
            if programme.planned[v] == week:
                started[v] = week
            elif programme.planned[v] != UNREACHED and programme.spread[PACE] > 0.0 and lead > programme.spread[LEAD]:
                key = draws.phase_key(s.village_key[0, v], s.village_key[1, v], week, draws.COPY)
                if draws.uniform(key, draws.NO_SLOT, draws.NO_SLOT) < programme.spread[PACE] * lead:
                    started[v] = week
        if started[v] >= 0 and week - started[v] < programme.spread[SUPPORT]:
            new += 1
    crowded = programme.spread[AT_ONCE] > 0.0 and new > programme.spread[AT_ONCE]
    for v in range(shares.size):
        fresh = started[v] >= 0 and week - started[v] < programme.spread[SUPPORT]
        s.village_f64[ATTENTION, v] = programme.spread[AT_ONCE] / new if crowded and fresh else 1.0
