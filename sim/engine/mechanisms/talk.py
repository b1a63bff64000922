"""Talk: households on the top rung speak of the yard to neighbours in sight and to kin and chat groups (P5).

Each of them may talk, once a week at most, with one of its ties or with who lives at one of the plots in sight, drawn
at random (nobody, if the plot is no yard or the household there is as far itself). The speaker draws, so that a week
with few speakers costs little; of several who speak to one household in a week, all but the first count as repeats.
Left out: talk against the clean-up.
"""

from __future__ import annotations

from sim.base.arrays import I32, I64, U8
from sim.compiler.compiled import compiled
from sim.engine.mechanisms.blocks import Scratch, places
from sim.engine.mechanisms.persuasion import persuaded
from sim.engine.now import Week, key_of
from sim.engine.tallies import tally
from sim.engine.world.columns import (  # fmt: skip
    CLEAN,
    FIRST,
    INITIATED,
    LAST_BY_TALK,
    PARTY_YEARS,
    PERSUASION,
    PLAN_COLUMNS,
    PLAN_FIRST,
    PLAN_ROWS,
    PLOT,
    RUNG,
    SIGHT,
    STOP,
    TIES,
    TRUST,
    State,
)
from sim.numerics import draws
from sim.numerics.elementary import quotient

TALKS = tally("talks", "talks", "talks about the yard among neighbours and ties")


@compiled
def who_lives_at(plan: I32, row: I64, plot: int, number: int) -> int:
    """Return the household at the plot with this number (from 0, row by row) of those in sight; -1 if nobody does."""
    rows, columns, sight = row[PLAN_ROWS], row[PLAN_COLUMNS], row[SIGHT]
    side = 2 * sight + 1
    if number >= side * side // 2:
        number += 1  # the own plot is left out
    r0 = quotient(plot, columns)
    down = quotient(number, side)
    r = r0 + down - sight
    c = (plot - r0 * columns) + (number - down * side) - sight
    if r < 0 or r >= rows or c < 0 or c >= columns:
        return -1
    return int(max(-1, plan[row[PLAN_FIRST] + r * columns + c]))


@compiled
def mark_speakers(rungs: U8, mask: U8) -> None:
    """Mark who is self-initiated."""
    mask[rungs.size :] = 0
    for k in range(rungs.size):
        mask[k] = rungs[k] == INITIATED


@compiled
def talk(s: State, w: Week, room: Scratch) -> None:
    """Let the households of the village talk for a week."""
    p, now, week = w.p, w.now, w.number
    f64, i32, u8, row = s.f64, s.i32, s.u8, s.village_i64[:, w.v]
    tie_first, tie, plan, mask, found = s.tie_first, s.tie, s.plan, room.flags, room.numbers
    first, stop = row[FIRST], row[STOP]
    key = key_of(now, draws.TALK)
    in_sight = (2 * row[SIGHT] + 1) ** 2 - 1
    for lo in range(first, stop, draws.BLOCK):
        mark_speakers(u8[RUNG, lo : min(lo + draws.BLOCK, stop)], mask)
        n = places(mask, found)
        u = room.floats[0, :n]
        draws.fill_uniform_at(key, lo - first, found, u, room.words)
        talkers = 0
        for f in range(n):  # first without a branch: those who do talk
            found[talkers], u[talkers] = found[f], u[f]
            talkers += u[f] < p.talk
        for f in range(talkers):
            j = lo + found[f]
            # A draw below the probability is uniform below it, and so can also pick the partner.
            ties = u8[TIES, j]
            pick = int(u[f] / p.talk * (ties + in_sight))
            kin = tie_first[j + 1] - tie_first[j]
            if pick < kin:
                i = tie[tie_first[j] + pick]
            elif pick < ties:  # ties of the association count only once there is one
                i = s.bond[s.bond_first[j] + pick - kin]
            else:
                i = who_lives_at(plan, row, i32[PLOT, j], pick - ties)
            if i >= 0 and u8[RUNG, i] < INITIATED:
                f64[PERSUASION, i] = persuaded(
                    p, f64[PERSUASION, i], f64[TRUST, i], p.talk_weight,
                    u8[PARTY_YEARS, j], u8[CLEAN, j], week - i32[LAST_BY_TALK, i],
                )  # fmt: skip
                i32[LAST_BY_TALK, i] = week
                w.record.counts[w.number, w.v, TALKS] += 1
