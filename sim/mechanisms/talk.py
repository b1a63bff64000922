"""Talk: households on the top rung speak of the yard to neighbours in sight and to kin and chat groups (P5).

Each household below that rung may talk, once a week at most, with one of its ties or with who lives at one of the plots
in sight, drawn at random (nobody, if the plot is no yard); a self-initiated partner persuades. The listener draws, not
the speaker, so the order of households doesn't matter. Left out: talk against the clean-up.
"""

from __future__ import annotations

from typing import Any

from sim import draws
from sim.compiled import compiled
from sim.mechanisms.blocks import places
from sim.mechanisms.persuasion import persuaded
from sim.tallies import TALKS
from sim.world.columns import (
    CELL,
    CELLS,
    CLEAN,
    F64,
    FIRST,
    I32,
    I64,
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
    U8,
    U32,
    State,
)  # fmt: skip

FEW = 16
"""Fewer than one speaker to so many households are few."""


@compiled
def initiated(row: I64) -> int:
    """Return how many households of a village are self-initiated, from its cells."""
    number = 0
    for group in range(0, CELLS, CELLS // 4):
        number += row[CELL + group + 2 * INITIATED] + row[CELL + group + 2 * INITIATED + 1]
    return number


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
    return int(max(-1, plan[row[PLAN_FIRST] + r * columns + c]))


@compiled
def mark_in_reach(s: State, row: I64, i: int, reach: U8) -> None:
    """Mark the ties of household i and who lives in sight of it; `reach` counts from the village's first household."""
    first = row[FIRST]
    for k in range(s.tie_first[i], s.tie_first[i + 1]):
        reach[s.tie[k] - first] = 1
    rows, columns, sight = row[PLAN_ROWS], row[PLAN_COLUMNS], row[SIGHT]
    r0, c0 = s.i32[PLOT, i] // columns, s.i32[PLOT, i] % columns
    for r in range(max(0, r0 - sight), min(rows, r0 + sight + 1)):
        for c in range(max(0, c0 - sight), min(columns, c0 + sight + 1)):
            other = s.plan[row[PLAN_FIRST] + r * columns + c]
            if other >= 0:
                reach[other - first] = 1


@compiled
def mark_listeners(s: State, row: I64, speakers: int, reach: U8) -> None:
    """Mark in `reach` at least the households that could find a speaker: who can't need not draw.

    Where there are many speakers everybody is marked, which is quicker than to look around each of them.
    """
    first, stop = row[FIRST], row[STOP]
    few = speakers * FEW < stop - first
    reach[:] = 0 if few else 1
    if few:
        rungs = s.u8[RUNG]
        for i in range(first, stop):
            if rungs[i] == INITIATED:
                mark_in_reach(s, row, i, reach)


@compiled
def mark_listening(rungs: U8, reach: U8, mask: U8) -> None:
    """Mark who is in reach of a speaker and none itself."""
    mask[reach.size :] = 0
    for k in range(reach.size):
        mask[k] = (rungs[k] < INITIATED) & (reach[k] != 0)


@compiled
def talk(
    s: State, p: Any, week: int, v: int, count: I64, buffer: F64, scratch: U32, mask: U8, found: I32, reach: U8
) -> None:
    """Let the households of village v talk for a week.

    buffer, scratch, mask, found : room for a block of households. reach : room for all households.
    """
    f64, i32, u8, row = s.f64, s.i32, s.u8, s.village_i64[:, v]
    tie_first, tie, plan = s.tie_first, s.tie, s.plan
    first, stop = row[FIRST], row[STOP]
    speakers = initiated(row)
    if speakers == 0:
        return
    here = reach[: stop - first]
    mark_listeners(s, row, speakers, here)
    key = draws.phase_key(s.village_key[0, v], s.village_key[1, v], week, draws.TALK)
    in_sight = (2 * row[SIGHT] + 1) ** 2 - 1
    for lo in range(first, stop, draws.BLOCK):
        hi = min(lo + draws.BLOCK, stop)
        mark_listening(u8[RUNG, lo:hi], here[lo - first : hi - first], mask)
        n = places(mask, found)
        u = buffer[:n]
        draws.fill_uniform_at(key, lo - first, found, u, scratch)
        for f in range(n):
            if u[f] >= p.talk:
                continue
            i = lo + found[f]
            # A draw below the probability is uniform below it, and so can also pick the partner.
            ties = u8[TIES, i]
            pick = int(u[f] / p.talk * (ties + in_sight))
            partner = tie[tie_first[i] + pick] if pick < ties else who_lives_at(plan, row, i32[PLOT, i], pick - ties)
            if partner >= 0 and u8[RUNG, partner] == INITIATED:
                f64[PERSUASION, i] = persuaded(
                    p, f64[PERSUASION, i], f64[TRUST, i], p.talk_weight,
                    u8[PARTY_YEARS, partner], u8[CLEAN, partner], week - i32[LAST_BY_TALK, i],
                )  # fmt: skip
                i32[LAST_BY_TALK, i] = week
                count[TALKS] += 1
