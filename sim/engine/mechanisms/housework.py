"""Housework: yards gather clutter and are cleared, by the household and by hands that were offered; habit follows.

Who is watching doesn't clear; from the first rung up a household works a number of hours a week while there is clutter,
and offered hands work beside it in proportion. The share that others did is what passivity remembers, whoever they were
and whoever paid. When a yard turns clean or cluttered, or a household adopts or gives up, those who see it are told at
once, so that counts of neighbours and ties never have to be made anew. Left out: seasons, weather, and who in the
household does it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.base.arrays import F64, I32, I64, U8
from sim.compiler.compiled import compiled
from sim.engine.equations import habit_after
from sim.engine.mechanisms.blocks import Scratch, places
from sim.engine.mechanisms.decision import OTHERS, Stretch
from sim.engine.mechanisms.giving import FOR_HANDS, SPENT
from sim.engine.now import Week
from sim.engine.tallies import tally
from sim.engine.world.columns import (  # fmt: skip
    ADOPTED_TIES,
    ATTACHMENT,
    BONDED,
    CELL,
    CLEAN,
    CLEAN_NEIGHBOURS,
    CLUTTER,
    EXEMPLAR,
    FREE_CALLS,
    FUND,
    HABIT,
    HELPING,
    INITIATED,
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
    WATCHING,
    State,
    cell,
)
from sim.numerics.elementary import quotient

OWN_SECONDS = tally("own_seconds", "seconds", "households' own clearing")
HELP_SECONDS = tally("help_seconds", "seconds", "volunteers' help in yards")
PAID_SECONDS = tally("paid_seconds", "seconds", "paid hands in yards")


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
def mark_offered(free_calls: U8, paid_calls: U8, mask: U8) -> bool:
    """Mark the households that hands are offered to; return whether there are any."""
    mask[free_calls.size :] = 0
    found = np.uint8(0)
    for k in range(free_calls.size):
        mask[k] = free_calls[k] | paid_calls[k]
        found |= mask[k]
    return bool(found != 0)


@compiled
def with_offers(s: State, first: int, stop: int, room: Scratch) -> int:
    """Write the places from `first` on of the households that hands are offered to into `room.offered`; return how many."""
    if mark_offered(s.u8[FREE_CALLS, first:stop], s.u8[PAID_CALLS, first:stop], room.flags):
        return places(room.flags, room.offered)
    return 0


@compiled
def help_yards(s: State, w: Week, first: int, n: int, room: Scratch) -> None:
    """Let offered hands do their part in the yards of the n households at the places in `room.numbers`; pay the paid.

    The step of passivity goes into the row `OTHERS`; the household's own part is left to `clear_yards`.
    """
    p, count, clutter, found = w.p, w.record.counts[w.number, w.v], s.f64[CLUTTER], room.numbers
    for f in range(n):
        i = first + found[f]
        own = own_work(p, s.u8[RUNG, i], s.u8[EXEMPLAR, i])
        free = s.u8[FREE_CALLS, i] * p.hands_per_call
        paid = s.u8[PAID_CALLS, i] * p.paid_hours
        if own <= 0.0 or clutter[i] <= 0.0:
            continue
        hands = own + free + paid
        share = min(1.0, clutter[i] / hands)
        clutter[i] -= (free + paid) * share
        room.floats[OTHERS, found[f]] = p.passivity_step * ((free + paid) / hands)
        paid_seconds = int(3600.0 * paid * share)
        fen = int(100.0 * p.wage_yuan + 0.5) * paid_seconds // 3600
        s.village_i64[FUND + FOR_HANDS, w.v] -= fen
        count[SPENT + FOR_HANDS] += fen
        count[PAID_SECONDS] += paid_seconds
        count[HELP_SECONDS] += int(3600.0 * free * share)


@compiled
def clear_yards(s: State, p: Any, first: int, others: F64) -> int:
    """Let the households from `first` on clear and clutter gather for a week; return the seconds of own work.

    Passivity [X] follows the week's share of others, whose step is in `others`, and fades where nobody cleared.
    """
    stop = first + others.size
    clutter, passivity = s.f64[CLUTTER, first:stop], s.f64[PASSIVITY, first:stop]
    rungs, exemplars = s.u8[RUNG, first:stop], s.u8[EXEMPLAR, first:stop]
    pushed, helping, initiated = p.work_pushed, p.work_helping, p.work_initiated
    seconds = np.int64(0)
    for k in range(others.size):
        rung = rungs[k]
        own = initiated if rung == INITIATED else (helping if rung == HELPING else (pushed if rung == PUSHED else 0.0))
        own = max(own, initiated if exemplars[k] > 0 else 0.0)
        done = min(own, clutter[k])
        seconds += np.int32(3600.0 * done)
        faded = passivity[k] * (1.0 - p.passivity_step if done > 0.0 else p.passivity_retention)
        passivity[k] = faded + others[k]
        clutter[k] = min(p.clutter_cap, (clutter[k] - done) + p.clutter_growth)
    return int(seconds)


@compiled
def keep_habit(s: State, p: Any, first: int, stop: int) -> None:
    """Let habit [H] of the households first .. stop - 1 grow in who has adopted and fade in the others."""
    habit, attachment, rungs = s.f64[HABIT, first:stop], s.f64[ATTACHMENT, first:stop], s.u8[RUNG, first:stop]
    for k in range(habit.size):
        adopted = rungs[k] >= HELPING
        habit[k] = habit_after(habit[k], adopted, p.habit_growth, p.habit_retention, attachment[k])


@compiled
def mark_turned(clutter: F64, clean: U8, clean_below: float, mask: U8) -> None:
    """Mark the yards that look different from what is seen of them."""
    mask[clutter.size :] = 0
    for k in range(clutter.size):
        mask[k] = (clutter[k] <= clean_below) != (clean[k] > 0)


@compiled
def work(s: State, w: Week, stretch: Stretch, room: Scratch, shown: I32) -> int:
    """Let a stretch of households do their housework for a week; return how many yards turn, which `shown` gets."""
    found, first, stop = room.numbers, stretch.first, stretch.stop
    others = room.floats[OTHERS, : stop - first]
    helped = 0
    for f in range(stretch.offered):  # without a branch: those that work in their yard
        i = first + np.uint32(room.offered[f])
        found[helped] = room.offered[f]
        helped += (s.u8[RUNG, i] | s.u8[EXEMPLAR, i]) != 0
    if stretch.offered > 0:
        help_yards(s, w, first, helped, room)
        s.u8[FREE_CALLS, first:stop] = 0
        s.u8[PAID_CALLS, first:stop] = 0
    w.record.counts[w.number, w.v, OWN_SECONDS] += clear_yards(s, w.p, first, others)
    for f in range(helped):
        others[found[f]] = 0.0
    keep_habit(s, w.p, first, stop)
    mark_turned(s.f64[CLUTTER, first:stop], s.u8[CLEAN, first:stop], w.p.clean_below, room.flags)
    turned = places(room.flags, found)
    cells = s.village_i64[CELL:, w.v]
    for f in range(turned):
        i = first + found[f]
        shown[f] = i
        cells[cell(s.u8[ROLES, i], s.u8[RUNG, i], s.u8[CLEAN, i])] -= 1
        cells[cell(s.u8[ROLES, i], s.u8[RUNG, i], 1 - s.u8[CLEAN, i])] += 1
    return turned


@compiled
def show_yard(s: State, row: I64, i: int, clean: int) -> None:
    """Let household i's yard turn clean (1) or cluttered (0) in the eyes of all who see it."""
    change = 1 if clean else -1
    clean_neighbours = s.u8[CLEAN_NEIGHBOURS]
    s.u8[CLEAN, i] = clean
    if s.i32[PUBLIC_PLOT, i] >= 0:
        s.public_i32[PUBLIC_CLUTTERED, s.i32[PUBLIC_PLOT, i]] -= change
    rows, columns, sight = row[PLAN_ROWS], row[PLAN_COLUMNS], row[SIGHT]
    plot = s.i32[PLOT, i]
    r0 = quotient(plot, columns)
    c0 = plot - r0 * columns
    for r in range(max(0, r0 - sight), min(rows, r0 + sight + 1)):
        for c in range(max(0, c0 - sight), min(columns, c0 + sight + 1)):
            other = s.plan[row[PLAN_FIRST] + r * columns + c]
            # Plots without a household count as the own one, which is left as it is: branches would be guessed wrong.
            to = other if other >= 0 else i
            clean_neighbours[to] = clean_neighbours[to] + (change if to != i else 0)


@compiled
def tell_ties(s: State, row: I64, i: int, adopted: int) -> None:
    """Let household i's ties know that it has adopted (1) or given up (0)."""
    change = 1 if adopted else -1
    for k in range(s.tie_first[i], s.tie_first[i + 1]):
        s.u8[ADOPTED_TIES, s.tie[k]] = s.u8[ADOPTED_TIES, s.tie[k]] + change
    if row[BONDED] >= 0:
        for k in range(s.bond_first[i], s.bond_first[i + 1]):
            s.u8[ADOPTED_TIES, s.bond[k]] = s.u8[ADOPTED_TIES, s.bond[k]] + change
