"""Talk: households on the top rung speak of the yard to neighbours in sight and to kin and chat groups (P5).

Each household below that rung may talk, once a week at most, with one of its ties or with who lives at one of the plots
in sight, drawn at random (nobody, if the plot is no yard); a self-initiated partner persuades. The listener draws, not
the speaker, so the order of households doesn't matter. Left out:
talk against the clean-up.
"""

from __future__ import annotations

from typing import Any

from sim import draws
from sim.compiled import compiled
from sim.mechanisms.blocks import places
from sim.mechanisms.persuasion import persuaded
from sim.tallies import TALKS
from sim.world.columns import (
    ADOPTED_TIES, CLEAN, CLEAN_NEIGHBOURS, F64, FIRST, I32, I64, INITIATED, LAST_BY_TALK, PARTY_YEARS,
    PERSUASION, PLAN_COLUMNS, PLAN_FIRST, PLAN_ROWS, PLOT, RUNG, SIGHT, STOP, TIES, TRUST, U8, U32, State,
)  # fmt: skip


@compiled
def who_lives_at(plan: I32, row: I64, plot: int, number: int) -> int:
    """Return the household at the plot with this number (from 0, row by row) of those in sight; -1 if nobody does."""
    rows, columns, sight = row[PLAN_ROWS], row[PLAN_COLUMNS], row[SIGHT]
    side = 2 * sight + 1
    if number >= side * side // 2:
        number += 1  # the own plot is left out
    r = plot // columns + number // side - sight
    c = plot % columns + number % side - sight
    if r < 0 or r >= rows or c < 0 or c >= columns:
        return -1
    return max(-1, plan[row[PLAN_FIRST] + r * columns + c])


@compiled
def mark_talkers(rungs: U8, ties: U8, clean: U8, u: F64, probability: float, mask: U8) -> None:
    """Mark who may talk and could find a self-initiated partner."""
    mask[u.size :] = 0
    for k in range(u.size):
        # A self-initiated partner has adopted, or is seen with a clean yard as a rule; else there is nobody to find.
        mask[k] = (u[k] < probability) & (rungs[k] < INITIATED) & ((ties[k] > 0) | (clean[k] > 0))


@compiled
def talk(s: State, p: Any, week: int, v: int, count: I64, buffer: F64, scratch: U32, mask: U8, found: I32) -> None:
    """Let the households of village v talk for a week. Skip this where nobody is self-initiated: it then does nothing.

    buffer, scratch, mask, found : room for a block of households.
    """
    f64, i32, u8, row = s.f64, s.i32, s.u8, s.village_i64[:, v]
    tie_first, tie, plan = s.tie_first, s.tie, s.plan
    key = draws.phase_key(s.village_key[0, v], s.village_key[1, v], week, draws.TALK)
    first, stop = row[FIRST], row[STOP]
    in_sight = (2 * row[SIGHT] + 1) ** 2 - 1
    for lo in range(first, stop, draws.BLOCK):
        hi = min(lo + draws.BLOCK, stop)
        u = buffer[: hi - lo]
        draws.fill_uniform(key, lo - first, u, scratch)
        mark_talkers(u8[RUNG, lo:hi], u8[ADOPTED_TIES, lo:hi], u8[CLEAN_NEIGHBOURS, lo:hi], u, p.talk, mask)
        for f in range(places(mask, found)):
            i = lo + found[f]
            # A draw below the probability is uniform below it, and so can also pick the partner.
            ties = u8[TIES, i]
            pick = int(u[found[f]] / p.talk * (ties + in_sight))
            partner = tie[tie_first[i] + pick] if pick < ties else who_lives_at(plan, row, i32[PLOT, i], pick - ties)
            if partner >= 0 and u8[RUNG, partner] == INITIATED:
                f64[PERSUASION, i] = persuaded(
                    p, f64[PERSUASION, i], f64[TRUST, i], p.talk_weight,
                    u8[PARTY_YEARS, partner], u8[CLEAN, partner], week - i32[LAST_BY_TALK, i],
                )  # fmt: skip
                i32[LAST_BY_TALK, i] = week
                count[TALKS] += 1
