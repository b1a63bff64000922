"""One pass over a village's households: each decides, does its housework and forgets; what it shows changes at the end.

Decision and housework are phases of their own in the model. They can share a pass because a household's housework
depends on no other household, and because what others see of it changes only after the pass: everybody has then decided
on the state at the phase's start. The pass also counts the households by group, rung and yard.
"""

from __future__ import annotations

from typing import Any

from sim import draws
from sim.compiled import compiled
from sim.mechanisms.decision import CLIMBS_UP, STAYS, decide, move
from sim.mechanisms.housework import do_housework, show_yard, tell_ties
from sim.mechanisms.persuasion import forget
from sim.rules import recognised
from sim.tallies import CELLS, CLIMBS, CLUTTER_SUM, PASSIVITY_SUM, PERSUASION_SUM, SLIPS, TRUST_SUM
from sim.world.columns import (
    CLEAN, CLUTTER, F64, FIRST, HELPING, I32, I64, MEMBER, NEWCOMER, PASSIVITY, PERSUASION, PUBLIC_CLEANLINESS, PUBLIC_PLOT,
    RECOGNISED, ROLES, RUNG, STOP, TRUST, U8, U32, State,
)  # fmt: skip


@compiled
def cell(u8: U8, i: int) -> int:
    """Return the household's cell in the tallies: group, rung and yard."""
    roles = u8[ROLES, i]
    group = (roles & NEWCOMER) + (roles & MEMBER)  # the bits have the values 1 and 2
    return int(8 * group + 2 * u8[RUNG, i] + u8[CLEAN, i])


@compiled
def pass_week(
    s: State, p: Any, week: int, v: int, count: I64, total: F64, buffer: F64, scratch: U32, flips: I32
) -> None:
    """Let the households of village v decide and work for a week; `flips` has room for twice the households."""
    f64, i32, u8, row = s.f64, s.i32, s.u8, s.village_i64[:, v]
    first, stop = row[FIRST], row[STOP]
    key = draws.phase_key(s.village_key[0, v], s.village_key[1, v], week, draws.DECISION)
    giving = recognised(s.village_f64[RECOGNISED, v], p.recognition_half)
    shown = 0  # yards that changed are kept from the front of `flips`, adoptions from its middle
    told = flips.size // 2
    middle = told
    trust = persuasion = clutter = passivity = 0.0
    for lo in range(first, stop, draws.BLOCK):
        hi = min(lo + draws.BLOCK, stop)
        draws.fill_uniform(key, lo - first, buffer[: hi - lo], scratch)
        for i in range(lo, hi):
            rung = u8[RUNG, i]
            near = i32[PUBLIC_PLOT, i]
            surroundings = s.public_f64[PUBLIC_CLEANLINESS, near] if near >= 0 else 1.0
            change, tipped_by = decide(f64, u8, p, i, buffer[i - lo], surroundings, giving)
            if change != STAYS:
                move(u8, i, change, tipped_by)
                if change == CLIMBS_UP:
                    count[CLIMBS + tipped_by] += 1
                else:
                    count[SLIPS] += 1
                if (rung >= HELPING) != (u8[RUNG, i] >= HELPING):
                    flips[told] = i
                    told += 1
            do_housework(f64, u8, p, i, row, count)
            clean = 1 if f64[CLUTTER, i] <= p.clean_below else 0
            count[CELLS + cell(u8, i) - u8[CLEAN, i] + clean] += 1
            if clean != u8[CLEAN, i]:
                flips[shown] = i
                shown += 1
            trust += f64[TRUST, i]
            persuasion += f64[PERSUASION, i]
            clutter += f64[CLUTTER, i]
            passivity += f64[PASSIVITY, i]
            forget(f64, p, i)
    for k in range(shown):
        show_yard(s, row, flips[k], 1 - u8[CLEAN, flips[k]])
    for k in range(middle, told):
        tell_ties(s, flips[k], 1 if u8[RUNG, flips[k]] >= HELPING else 0)
    total[TRUST_SUM] += trust
    total[PERSUASION_SUM] += persuasion
    total[CLUTTER_SUM] += clutter
    total[PASSIVITY_SUM] += passivity
