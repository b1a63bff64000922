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
from sim.mechanisms.blocks import places
from sim.mechanisms.giving import FOR_HANDS
from sim.rules import habit_after
from sim.tallies import HELP_SECONDS, OWN_SECONDS, PAID_SECONDS, SPENT
from sim.world.columns import (
    ADOPTED_TIES,
    ATTACHMENT,
    CLEAN,
    CLEAN_NEIGHBOURS,
    CLUTTER,
    EXEMPLAR,
    F64,
    FREE_CALLS,
    HABIT,
    HELPING,
    I32,
    I64,
    PAID_CALLS,
    PASSIVITY,
    PLAN_COLUMNS,
    PLAN_FIRST,
    PLAN_ROWS,
    PLOT,
    PUBLIC_CLUTTERED,
    PUBLIC_PLOT,
    PUSHED,
    ROLES,
    RUNG,
    SIGHT,
    U8,
    WATCHING,
    State,
    cell,
)  # fmt: skip


@compiled
def own_work(p: Any, rung: int, exemplar: int) -> float:
    """Return the hours that a household would clear this week."""
    if rung == WATCHING:
        hours = 0.0
    elif rung == PUSHED:
        hours = float(p.work_pushed)
    elif rung == HELPING:
        hours = float(p.work_helping)
    else:
        hours = float(p.work_initiated)
    return max(hours, float(p.work_initiated)) if exemplar else hours


@compiled
def mark_workers(rungs: U8, exemplars: U8, clutter: F64, mask: U8) -> None:
    """Mark the households that have something to clear and will."""
    mask[clutter.size :] = 0
    for k in range(clutter.size):
        mask[k] = ((rungs[k] > WATCHING) | (exemplars[k] > 0)) & (clutter[k] > 0.0)


@compiled
def clear_yards(f64: F64, u8: U8, p: Any, first: int, n: int, found: I32, others: F64, funds: I64, count: I64) -> None:
    """Let the n households at the places `found` clear; offered hands work beside them, and paid ones are paid.

    others : gets the share of each household's clearing that others did, for passivity.
    """
    for f in range(n):
        i = first + found[f]
        own = own_work(p, u8[RUNG, i], u8[EXEMPLAR, i])
        if own <= 0.0:
            continue
        free = u8[FREE_CALLS, i] * p.hands_per_call
        paid = u8[PAID_CALLS, i] * p.paid_hours
        hands = own + free + paid
        share = min(1.0, f64[CLUTTER, i] / hands)
        others[found[f]] = (free + paid) / hands
        count[OWN_SECONDS] += int(3600.0 * own * share)
        if free + paid > 0.0:
            paid_seconds = int(3600.0 * paid * share)
            fen = int(100.0 * p.wage_yuan) * paid_seconds // 3600
            funds[FOR_HANDS] -= fen
            count[SPENT + FOR_HANDS] += fen
            count[PAID_SECONDS] += paid_seconds
            count[HELP_SECONDS] += int(3600.0 * free * share)
        f64[CLUTTER, i] = f64[CLUTTER, i] - hands * share if share < 1.0 else f64[CLUTTER, i] - hands


@compiled
def gather_clutter(clutter: F64, growth: float, cap: float) -> None:
    """Let clutter gather for a week."""
    for k in range(clutter.size):
        clutter[k] = min(cap, max(0.0, clutter[k]) + growth)


@compiled
def remember_help(passivity: F64, others: F64, step: float, retention: float) -> None:
    """Let passivity [X] follow the week's share of others; it fades where nobody cleared (`others` below 0)."""
    for k in range(passivity.size):
        x = passivity[k]
        passivity[k] = x * retention if others[k] < 0.0 else x + step * (others[k] - x)


@compiled
def keep_habit(habit: F64, attachment: F64, rungs: U8, growth: float, retention: float) -> None:
    """Let habit [H] grow in who has adopted and fade in the others."""
    for k in range(habit.size):
        habit[k] = habit_after(habit[k], rungs[k] >= HELPING, growth, retention, attachment[k])


@compiled
def mark_turned(clutter: F64, clean: U8, clean_below: float, mask: U8) -> None:
    """Mark the yards that look different from what is seen of them."""
    mask[clutter.size :] = 0
    for k in range(clutter.size):
        mask[k] = (clutter[k] <= clean_below) != (clean[k] > 0)


@compiled
def work(
    f64: F64, u8: U8, p: Any, first: int, stop: int, mask: U8, found: I32, others: F64, cells: I64, funds: I64, count: I64,
    shown: I32, n_shown: int,
) -> int:  # fmt: skip
    """Let the households first .. stop - 1 do their housework for a week.

    mask, found : room for a block. others : room for as many numbers as households. cells : the village's households
    by group, rung and yard. funds : fen in hand by use. shown : gets those whose yard turns, from place n_shown on;
    returns the place behind.
    """
    clutter, rungs = f64[CLUTTER, first:stop], u8[RUNG, first:stop]
    others[:] = -1.0
    mark_workers(rungs, u8[EXEMPLAR, first:stop], clutter, mask)
    clear_yards(f64, u8, p, first, places(mask, found), found, others, funds, count)
    gather_clutter(clutter, p.clutter_growth, p.clutter_cap)
    remember_help(f64[PASSIVITY, first:stop], others, p.passivity_step, p.passivity_retention)
    keep_habit(f64[HABIT, first:stop], f64[ATTACHMENT, first:stop], rungs, p.habit_growth, p.habit_retention)
    u8[FREE_CALLS, first:stop] = 0
    u8[PAID_CALLS, first:stop] = 0
    mark_turned(clutter, u8[CLEAN, first:stop], p.clean_below, mask)
    for k in range(places(mask, found)):
        i = first + found[k]
        shown[n_shown] = i
        n_shown += 1
        cells[cell(u8[ROLES, i], u8[RUNG, i], u8[CLEAN, i])] -= 1
        cells[cell(u8[ROLES, i], u8[RUNG, i], 1 - u8[CLEAN, i])] += 1
    return n_shown


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
