"""Talk: households on the top rung speak of the yard to neighbours in sight and to kin and chat groups (P5).

Each household below that rung may talk, once a week at most, with one of its neighbours and ties drawn at random; a
self-initiated one persuades. The listener draws, not the speaker, so the order of households doesn't matter. Left out:
talk against the clean-up.
"""

from __future__ import annotations

from typing import Any

from sim import draws
from sim.compiled import compiled
from sim.mechanisms.persuasion import persuade
from sim.tallies import TALKS
from sim.world.columns import (
    ADOPTED_TIES, CLEAN_NEIGHBOURS, F64, FIRST, I32, I64, INITIATED, LAST_BY_TALK, NEIGHBOURS, PLAN_COLUMNS, PLAN_FIRST,
    PLAN_ROWS, PLOT, RUNG, SIGHT, STOP, TIES, U32, State,
)  # fmt: skip


@compiled
def neighbour(plan: I32, row: I64, plot: int, number: int) -> int:
    """Return the yard in sight of a plot with this number (from 0, row by row), leaving out the plot's own."""
    rows, columns, sight = row[PLAN_ROWS], row[PLAN_COLUMNS], row[SIGHT]
    r0, c0 = plot // columns, plot % columns
    left = number
    for r in range(max(0, r0 - sight), min(rows, r0 + sight + 1)):
        for c in range(max(0, c0 - sight), min(columns, c0 + sight + 1)):
            other = plan[row[PLAN_FIRST] + r * columns + c]
            if other >= 0 and (r != r0 or c != c0):
                if left == 0:
                    return int(other)
                left -= 1
    return -1


@compiled
def talk(s: State, p: Any, week: int, v: int, count: I64, buffer: F64, scratch: U32) -> None:
    """Let the households of village v talk for a week. Skip this where nobody is self-initiated: it then does nothing."""
    f64, i32, u8, row = s.f64, s.i32, s.u8, s.village_i64[:, v]
    key = draws.phase_key(s.village_key[0, v], s.village_key[1, v], week, draws.TALK)
    first, stop = row[FIRST], row[STOP]
    for lo in range(first, stop, draws.BLOCK):
        hi = min(lo + draws.BLOCK, stop)
        draws.fill_uniform(key, lo - first, buffer[: hi - lo], scratch)
        for i in range(lo, hi):
            if buffer[i - lo] >= p.talk or u8[RUNG, i] == INITIATED:
                continue
            # A self-initiated partner has adopted, and usually a clean yard; without either there is nobody to find.
            if u8[ADOPTED_TIES, i] == 0 and u8[CLEAN_NEIGHBOURS, i] == 0:
                continue
            ties = u8[TIES, i]
            pick = int(draws.uniform(key, i - first, 1) * (ties + u8[NEIGHBOURS, i]))
            partner = s.tie[s.tie_first[i] + pick] if pick < ties else neighbour(s.plan, row, i32[PLOT, i], pick - ties)
            if u8[RUNG, partner] == INITIATED:
                persuade(f64, i32, u8, p, week, i, partner, p.talk_weight, LAST_BY_TALK)
                count[TALKS] += 1
