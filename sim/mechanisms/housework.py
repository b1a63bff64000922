"""Housework: yards gather clutter and are cleared, by the household and by hands that were offered; habit follows.

Who is watching doesn't clear; from the first rung up a household works a number of hours a week while there is clutter,
and offered hands work beside it in proportion. The share that others did is what passivity remembers, whoever they were
and whoever paid. When a yard turns clean or cluttered, or a household adopts or gives up, those who see it are told at
once, so that counts of neighbours and ties never have to be made anew. Left out: seasons, weather, and who in the
household does it.
"""

from __future__ import annotations

from typing import Any

from sim.compiled import compiled
from sim.mechanisms.giving import FOR_HANDS
from sim.rules import habit_after
from sim.tallies import HELP_SECONDS, OWN_SECONDS, PAID_SECONDS, SPENT
from sim.world.columns import (
    ADOPTED_TIES, ATTACHMENT, CLEAN, CLEAN_NEIGHBOURS, CLUTTER, EXEMPLAR, F64, FREE_CALLS, FUND, HABIT, HELPING, I64,
    PAID_CALLS, PASSIVITY, PLAN_COLUMNS, PLAN_FIRST, PLAN_ROWS, PLOT, PUBLIC_CLUTTERED, PUBLIC_PLOT, PUSHED, RUNG, SIGHT,
    U8, WATCHING, State,
)  # fmt: skip


@compiled
def own_work(u8: U8, p: Any, i: int) -> float:
    """Return the hours that household i would clear this week."""
    rung = u8[RUNG, i]
    if rung == WATCHING:
        hours = 0.0
    elif rung == PUSHED:
        hours = float(p.work_pushed)
    elif rung == HELPING:
        hours = float(p.work_helping)
    else:
        hours = float(p.work_initiated)
    return max(hours, p.work_initiated) if u8[EXEMPLAR, i] else hours


@compiled
def do_housework(f64: F64, u8: U8, p: Any, i: int, row: I64, count: I64) -> None:
    """Clear and clutter household i's yard for a week; pay for paid hands out of the village's fund."""
    clutter = f64[CLUTTER, i]
    own = own_work(u8, p, i)
    if own > 0.0 and clutter > 0.0:
        free = u8[FREE_CALLS, i] * p.hands_per_call
        paid = u8[PAID_CALLS, i] * p.paid_hours
        done = min(clutter, own + free + paid)
        share = done / (own + free + paid)
        others = (free + paid) / (own + free + paid)
        paid_seconds = int(3600.0 * (paid * share))
        count[OWN_SECONDS] += int(3600.0 * (own * share))
        count[HELP_SECONDS] += int(3600.0 * (free * share))
        if paid_seconds > 0:
            fen = int(100.0 * p.wage_yuan) * paid_seconds // 3600
            row[FUND + FOR_HANDS] -= fen
            count[PAID_SECONDS] += paid_seconds
            count[SPENT + FOR_HANDS] += fen
        clutter -= done
        f64[PASSIVITY, i] += p.passivity_step * (others - f64[PASSIVITY, i])
    elif f64[PASSIVITY, i] > 0.0:
        f64[PASSIVITY, i] *= p.passivity_retention
    f64[CLUTTER, i] = min(p.clutter_cap, clutter + p.clutter_growth)
    u8[FREE_CALLS, i] = 0
    u8[PAID_CALLS, i] = 0
    f64[HABIT, i] = habit_after(
        f64[HABIT, i], u8[RUNG, i] >= HELPING, p.habit_growth, p.habit_retention, f64[ATTACHMENT, i]
    )


@compiled
def show_yard(s: State, row: I64, i: int, clean: int) -> None:
    """Let household i's yard turn clean (1) or cluttered (0) in the eyes of all who see it."""
    change = 1 if clean else -1
    s.u8[CLEAN, i] = clean
    if s.i32[PUBLIC_PLOT, i] >= 0:
        s.public_i32[PUBLIC_CLUTTERED, s.i32[PUBLIC_PLOT, i]] -= change
    rows, columns, sight = row[PLAN_ROWS], row[PLAN_COLUMNS], row[SIGHT]
    plot = s.i32[PLOT, i]
    r0, c0 = plot // columns, plot % columns
    for r in range(max(0, r0 - sight), min(rows, r0 + sight + 1)):
        for c in range(max(0, c0 - sight), min(columns, c0 + sight + 1)):
            other = s.plan[row[PLAN_FIRST] + r * columns + c]
            if other >= 0 and other != i:
                s.u8[CLEAN_NEIGHBOURS, other] = s.u8[CLEAN_NEIGHBOURS, other] + change


@compiled
def tell_ties(s: State, i: int, adopted: int) -> None:
    """Let household i's ties know that it has adopted (1) or given up (0)."""
    change = 1 if adopted else -1
    for k in range(s.tie_first[i], s.tie_first[i + 1]):
        s.u8[ADOPTED_TIES, s.tie[k]] = s.u8[ADOPTED_TIES, s.tie[k]] + change
