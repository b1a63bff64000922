"""The decision: a household climbs or slips by one rung at most, by one draw a week (P5).

Its score is a sum of terms, so every climb can say which term tipped it: the largest of those without which the same
draw would not have sufficed. A climb that the predisposition alone would have made is put down to that, and one that
would have happened without any single term to several. Left out: strategy, and thinking ahead.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.base.arrays import F64, I32, I64, U8
from sim.compiler.compiled import compiled
from sim.engine.equations import happens, may_happen
from sim.engine.mechanisms.blocks import places
from sim.engine.tallies import tallies, tally
from sim.engine.terms import TERMS, term
from sim.engine.world.columns import (  # fmt: skip
    ADOPTED_TIES,
    AWARD,
    CLEAN,
    CLEAN_NEIGHBOURS,
    CLUTTER,
    FREE_CALLS,
    HABIT,
    HELPING,
    PAID_CALLS,
    PASSIVITY,
    PER_NEIGHBOUR,
    PER_TIE,
    PERSUASION,
    PREDISPOSITION,
    PUBLIC_PLOT,
    PUSHED,
    ROLES,
    RUNG,
    TIPPED_BY,
    TRUST,
    WATCHING,
    cell,
)
from sim.numerics.draws import whole_registers

BY_PREDISPOSITION = term("predisposition", "predisposition alone")
for _name in ("neighbours", "kin", "surroundings", "trust", "help", "giving", "awards", "persuasion"):
    term(_name)
BY_SEVERAL = term("several", "several together")
CLIMBED = tallies("climbs", TERMS, "households", "climbs tipped by {}")
SLIPPED = tally("slips", "households", "slips by one rung")

FLOATS = 8
"""Floats in the widest register."""


class Village(NamedTuple):
    """What is the same for all households of a village in a week, in logit.

    giving : the term of recognised giving [b_D D]. neighbours : weight of clean yards in sight [b_N], the charter's share
    included. points : reward for a clean yard.
    """

    giving: float
    neighbours: float
    points: float


@compiled
def rung_below(rung: int, up: bool) -> int:
    """Return the rung below the step in question, up or down; 255 for a slip from the lowest."""
    return np.uint8((rung - (not up)) & 255)  # type: ignore[return-value]


@compiled
def odds(
    lower: int, up: bool, score: float, habit: float, help_from: float, initiate_from: float, eta: float
) -> float:  # fmt: skip
    """Return x of `happens` for the step above the rung `lower`: thresholds [theta_s] by rung, logit, 0 above the lowest."""
    step = initiate_from if lower == np.uint8(HELPING) else (help_from if lower == np.uint8(PUSHED) else 0.0)
    above = score - step
    return above if up else -above - eta * habit


@compiled
def largest_term(excess: float, terms: tuple[float, ...]) -> tuple[float, float, int]:
    """Return what is left of a climber's score less threshold without all terms, and without the largest, and its number.

    excess : score less threshold, logit. terms : what pushed, logit, none negative, in the order of `sim.engine.terms.TERMS`
    from its second on; the number is one there.
    """
    alone = excess
    largest = 0.0
    number = BY_SEVERAL
    for k, push in enumerate(terms):
        alone -= push
        number = k + 1 if push > largest else number
        largest = max(push, largest)
    return alone, excess - largest, number


@compiled
def tipping_term(u: float, climb_rate: float, alone: float, missed: float, number: int) -> int:
    """Return the number in `sim.engine.terms.TERMS` of the term that tipped a climb by the draw u; see `largest_term`."""
    # Who would have climbed without the largest term would have without any single one.
    needed = BY_SEVERAL if happens(u, climb_rate, missed) else number
    return BY_PREDISPOSITION if happens(u, climb_rate, alone) else needed


@compiled
def see_public_plots(score: F64, near: I32, public: F64, constant: float, b_e: float) -> None:
    """Set scores to b_E E + constant; `near` is the number of the nearest public plot in `public`."""
    for k in range(score.size):
        score[k] = constant + b_e * public[np.uint32(near[k])]


@compiled
def add_own_terms(
    score: F64, predisposition: F64, clutter: F64, passivity: F64, trust: F64, persuasion: F64, award: F64,
    effort: float, b_x: float, b_t: float, b_r: float,
) -> None:  # fmt: skip
    """Add a - b_C C/10 - b_X X + b_T (T - 1/2) + M + b_R R to the scores; effort is b_C / 10."""
    for k in range(score.size):
        score[k] += (
            (predisposition[k] - effort * clutter[k])
            + (b_t * (trust[k] - 0.5) - b_x * passivity[k])
            + (persuasion[k] + b_r * award[k])
        )


@compiled
def add_sight_terms(
    score: F64, clean: U8, per_neighbour: F64, adopted: U8, per_tie: F64, rungs: U8, b_n: float, b_k: float
) -> None:
    """Add b_N n, and for who is watching b_K k, to the scores."""
    for k in range(score.size):
        kin = b_k if rungs[k] == WATCHING else 0.0
        score[k] += b_n * (clean[k] * per_neighbour[k]) + kin * (adopted[k] * per_tie[k])


@compiled
def add_help_terms(
    score: F64, clutter: F64, free_calls: U8, paid_calls: U8, offered: I32, effort: float, per_free: float,
    per_paid: float,
) -> None:  # fmt: skip
    """Add b_C C/10 h to the scores: the part of the effort that offered hands would do, as h C = min(C, hands).

    offered : the places of the households that have calls.
    """
    for f in range(offered.size):
        k = np.uint32(offered[f])
        score[k] += effort * min(clutter[k], free_calls[k] * per_free + paid_calls[k] * per_paid)


@compiled
def add_points(score: F64, clean: U8, reward: float) -> None:
    """Add the reward of points for a clean yard, logit, to the scores."""
    for k in range(score.size):
        score[k] += reward * clean[k]


@compiled
def scores(
    f64: F64, i32: I32, u8: U8, public: F64, p: Any, village: Village, first: int, offered: I32, score: F64
) -> None:  # fmt: skip
    """Write the scores [V] of the households from `first` on, in the order of the four functions above.

    offered : the places from `first` on of those that hands are offered to.
    """
    stop = first + score.size
    effort = 0.1 * p.effort
    clutter = f64[CLUTTER, first:stop]
    see_public_plots(score, i32[PUBLIC_PLOT, first:stop], public, village.giving, p.surroundings)
    add_own_terms(
        score, f64[PREDISPOSITION, first:stop], clutter, f64[PASSIVITY, first:stop], f64[TRUST, first:stop],
        f64[PERSUASION, first:stop], f64[AWARD, first:stop], effort, p.passivity, p.trust, p.awards,
    )  # fmt: skip
    add_sight_terms(
        score, u8[CLEAN_NEIGHBOURS, first:stop], f64[PER_NEIGHBOUR, first:stop], u8[ADOPTED_TIES, first:stop],
        f64[PER_TIE, first:stop], u8[RUNG, first:stop], village.neighbours, p.kin,
    )  # fmt: skip
    if village.points > 0.0:
        add_points(score, u8[CLEAN, first:stop], village.points)
    add_help_terms(
        score, clutter, u8[FREE_CALLS, first:stop], u8[PAID_CALLS, first:stop], offered, effort, p.hands_per_call,
        p.paid_hours,
    )  # fmt: skip


@compiled
def pushes(f64: F64, i32: I32, u8: U8, public: F64, p: Any, village: Village, i: int, rung: int) -> tuple[
    float, float, float, float, float, float, float, float
]:  # fmt: skip
    """Return household i's terms that push on a rung, logit, none negative: `sim.engine.terms.TERMS` from the second on."""
    hands = u8[FREE_CALLS, i] * p.hands_per_call + u8[PAID_CALLS, i] * p.paid_hours
    return (
        village.neighbours * (u8[CLEAN_NEIGHBOURS, i] * f64[PER_NEIGHBOUR, i]),
        p.kin * (u8[ADOPTED_TIES, i] * f64[PER_TIE, i]) if rung == WATCHING else 0.0,
        p.surroundings * public[i32[PUBLIC_PLOT, i]],
        max(0.0, p.trust * (f64[TRUST, i] - 0.5)),
        0.1 * p.effort * min(f64[CLUTTER, i], hands),
        village.giving,
        p.awards * f64[AWARD, i] + village.points * u8[CLEAN, i],
        f64[PERSUASION, i],
    )


@compiled
def mark_movers(
    rungs: U8, score: F64, habit: F64, u: F64, climb_rate: float, slip_rate: float, help_from: float,
    initiate_from: float, eta: float, mask: U8,
) -> None:  # fmt: skip
    """Mark the households whose draw doesn't rule out that they move.

    A climb needs a draw below the climb rate, a slip one above 1 less the slip rate; both can't be (`Household`).
    """
    mask[u.size :] = 0
    for k in range(u.size):
        up = u[k] < climb_rate
        lower = rung_below(rungs[k], up)
        x = odds(lower, up, score[k], habit[k], help_from, initiate_from, eta)
        able = lower <= np.uint8(HELPING)
        mask[k] = able & may_happen(u[k] if up else 1.0 - u[k], climb_rate if up else slip_rate, x)


@compiled
def keep_movers(
    f64: F64, u8: U8, p: Any, first: int, n: int, found: I32, u: F64, score: F64, mask: U8, drawn: F64, above: F64
) -> int:  # fmt: skip
    """Keep those of the n places `found` that do move; return how many.

    drawn, above : get their draws, and their scores less the threshold of the step in question. mask : scratch.
    """
    climb_rate, slip_rate = p.climb_rate, p.slip_rate
    help_from, initiate_from, eta = p.threshold_help, p.threshold_initiate, p.habit
    for f in range(n):
        k = np.uint32(found[f])
        i = first + k
        up = u[k] < climb_rate
        drawn[f] = u[k]
        above[f] = odds(rung_below(u8[RUNG, i], up), up, score[k], f64[HABIT, i], help_from, initiate_from, eta)
    for f in range(whole_registers(n, FLOATS)):  # several exponentials at once
        up = drawn[f] < climb_rate
        mask[f] = happens(drawn[f] if up else 1.0 - drawn[f], climb_rate if up else slip_rate, above[f])
    movers = 0
    for f in range(n):
        found[movers], drawn[movers], above[movers] = found[f], drawn[f], above[f]
        movers += mask[f]
    return int(movers)


@compiled
def find_tipping_terms(
    f64: F64, i32: I32, u8: U8, public: F64, p: Any, village: Village, first: int, n: int, found: I32, drawn: F64,
    above: F64, missed: F64, terms: U8, count: I64,
) -> None:  # fmt: skip
    """Find what tipped the climbs of the n households at the places `found`, which have climbed.

    drawn, above : their draws, and their scores less thresholds. missed, terms : scratch.
    """
    for f in range(n):
        i = first + found[f]
        push = pushes(f64, i32, u8, public, p, village, i, u8[RUNG, i] - 1)
        above[f], missed[f], terms[f] = largest_term(above[f], push)
    climb_rate = p.climb_rate
    for f in range(whole_registers(n, FLOATS)):
        terms[f] = tipping_term(drawn[f], climb_rate, above[f], missed[f], terms[f])
    for f in range(n):
        u8[TIPPED_BY, first + found[f]] = terms[f]
        count[CLIMBED + terms[f]] += 1


@compiled
def decide(
    f64: F64, i32: I32, u8: U8, public: F64, p: Any, village: Village, first: int, u: F64, score: F64, scratch: F64,
    offered: I32, mask: U8, found: I32, cells: I64, count: I64, told: I32,
) -> int:  # fmt: skip
    """Let the households first .. first + u.size - 1 decide, by the draws u; return how many adopt or give up.

    public : cleanliness of all public plots. score : room for the scores. scratch : shape (3, a block). offered : the
    places of those that hands are offered to. mask, found : room for a block. cells : the village's households by group,
    rung and yard. told : gets those that adopt or give up.
    """
    stop = first + u.size
    drawn, above, missed = scratch[0], scratch[1], scratch[2]
    scores(f64, i32, u8, public, p, village, first, offered, score)
    mark_movers(
        u8[RUNG, first:stop], score, f64[HABIT, first:stop], u, p.climb_rate, p.slip_rate, p.threshold_help,
        p.threshold_initiate, p.habit, mask,
    )  # fmt: skip
    movers = keep_movers(f64, u8, p, first, places(mask, found), found, u, score, mask, drawn, above)
    n_told = 0
    climbers = 0
    for f in range(movers):
        i = first + found[f]
        up = drawn[f] < p.climb_rate
        rung = u8[RUNG, i]
        after = rung + 1 if up else rung - 1
        u8[RUNG, i] = after
        cells[cell(u8[ROLES, i], rung, u8[CLEAN, i])] -= 1
        cells[cell(u8[ROLES, i], after, u8[CLEAN, i])] += 1
        told[n_told] = i  # written over by the next one, unless it adopts or gives up
        n_told += (rung >= HELPING) != (after >= HELPING)
        found[climbers], drawn[climbers], above[climbers] = found[f], drawn[f], above[f]
        climbers += up
    count[SLIPPED] += movers - climbers
    find_tipping_terms(
        f64, i32, u8, public, p, village, first, climbers, found, drawn, above, missed, mask, count
    )  # fmt: skip
    return n_told
