"""The decision: a household climbs or slips by one rung at most, by one draw a week (P5).

Its score is a sum of terms (`sim.engine.terms`), so every climb can say which term tipped it: the largest of those without
which the same draw would not have sufficed. A climb that the predisposition alone would have made is put down to that, and
one that would have happened without any single term to several. Left out: strategy, and thinking ahead.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.base.arrays import I32
from sim.compiler.compiled import compiled
from sim.engine import terms
from sim.engine.composing import in_turn, pushes_of
from sim.engine.equations import happens, may_happen
from sim.engine.mechanisms.blocks import Scratch, places
from sim.engine.now import Week
from sim.engine.tallies import tallies, tally
from sim.engine.terms import BY_PREDISPOSITION, BY_SEVERAL, TERMS, Village
from sim.engine.world.columns import (  # fmt: skip
    CELL,
    CLEAN,
    HABIT,
    HELPING,
    PUSHED,
    ROLES,
    RUNG,
    TIPPED_BY,
    State,
    cell,
)
from sim.numerics.draws import whole_registers

TERMS.close()  # what mechanisms declare stands there by now: `sim.engine.week` imports this module behind them
CLIMBED = tallies("climbs", TERMS, "households", "climbs tipped by {}")
SLIPPED = tally("slips", "households", "slips by one rung")

REGISTER = 8
"""Floats in the widest register."""
DRAWS, SCORES, OTHERS, ODDS = 0, 1, 2, 3
"""Rows of `Scratch.floats`, by place in a stretch: draws, scores, by how much others' work raises passivity, and `odds`."""
DRAWN, ABOVE, MISSED = 4, 5, 6
"""And for those who move, one after the other: draws, scores less thresholds, and these without the largest term."""


class Stretch(NamedTuple):
    """A stretch of households that decide and work in one go: first .. stop - 1, a block at most.

    offered : how many of them hands are offered to; their places, from the first on, are in `Scratch.offered`.
    """

    first: int
    stop: int
    offered: int


@compiled
def household(first: int, k: int | np.uint32) -> np.uint64:
    """Return the number of the k-th household from `first` on, unsigned, for which loops vectorise."""
    return np.uint64(first + k)


@compiled
def score_households(s: State, p: Any, village: Village, stretch: Stretch, room: Scratch) -> None:
    """Write the scores [V] of a stretch of households; the order of additions is the model's."""
    first = stretch.first
    score = room.floats[SCORES, : stretch.stop - first]
    for k in range(score.size):
        i = household(first, k)
        score[k] = terms.giving(s, p, village, i) + terms.surroundings(s, p, village, i)
    for k in range(score.size):
        i = household(first, k)
        score[k] += (
            (terms.predisposition(s, p, i) - terms.effort(s, p, i))
            + (terms.trust(s, p, village, i) - terms.passivity(s, p, i))
            + (terms.persuasion(s, p, village, i) + terms.glow(s, p, village, i))
        )
    for k in range(score.size):
        i = household(first, k)
        score[k] += terms.neighbours(s, p, village, i) + terms.kin(s, p, village, i)
    if village.points > 0.0:
        for k in range(score.size):
            score[k] += terms.points(s, p, village, household(first, k))
    for f in range(stretch.offered):
        place = np.uint32(room.offered[f])
        score[place] += terms.help_offered(s, p, village, household(first, place))
    add_further(s, p, village, stretch, room)


def adding(term: Any) -> Any:
    """Return a compiled function that adds a term to the scores."""

    @compiled
    def add(s: State, p: Any, village: Village, stretch: Stretch, room: Scratch) -> None:
        score = room.floats[SCORES]
        for k in range(stretch.stop - stretch.first):
            score[k] += term(s, p, village, household(stretch.first, k))

    return add


add_further = in_turn([adding(term.function) for term in TERMS.values() if term.number > BY_SEVERAL])
pushes = pushes_of([term.function for term in TERMS.values() if term.function is not None])


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
def largest_term(excess: float, pushing: tuple[float, ...]) -> tuple[float, float, int]:
    """Return what is left of a climber's score less threshold without all terms, and without the largest, and its number.

    excess : score less threshold, logit. pushing : what each term with a function adds, logit, none below 0.
    """
    alone = excess
    largest = 0.0
    number = BY_SEVERAL
    for k, push in enumerate(pushing):
        alone -= push
        own = k + 1 + (k + 1 >= BY_SEVERAL)  # predisposition and several have numbers among them, and no function
        number = own if push > largest else number
        largest = max(push, largest)
    return alone, excess - largest, number


@compiled
def tipping_term(u: float, climb_rate: float, alone: float, missed: float, number: int) -> int:
    """Return the number of the term that tipped a climb by the draw u; see `largest_term`."""
    # Who would have climbed without the largest term would have without any single one.
    needed = BY_SEVERAL if happens(u, climb_rate, missed) else number
    return BY_PREDISPOSITION if happens(u, climb_rate, alone) else needed


@compiled
def mark_movers(s: State, p: Any, stretch: Stretch, room: Scratch) -> None:
    """Mark the households in `room.flags` whose draw doesn't rule out that they move; the row `ODDS` gets x of `happens`.

    A climb needs a draw below the climb rate, a slip one above 1 less the slip rate; both can't be (`Household`).
    """
    first, n, mask = stretch.first, stretch.stop - stretch.first, room.flags
    u, score, x = room.floats[DRAWS, :n], room.floats[SCORES, :n], room.floats[ODDS, :n]
    climb_rate, slip_rate = p.climb_rate, p.slip_rate
    help_from, initiate_from, eta = p.threshold_help, p.threshold_initiate, p.habit  # here, or they'd be gathered
    mask[n:] = 0
    for k in range(n):
        i = household(first, k)
        up = u[k] < climb_rate
        lower = rung_below(s.u8[RUNG, i], up)
        x[k] = odds(lower, up, score[k], s.f64[HABIT, i], help_from, initiate_from, eta)
        mask[k] = lower <= np.uint8(HELPING)
    for k in range(n):  # a loop of its own: too few turns of one long chain fit into the processor at a time
        up = u[k] < climb_rate
        mask[k] &= may_happen(u[k] if up else 1.0 - u[k], climb_rate if up else slip_rate, x[k])


@compiled
def keep_movers(p: Any, n: int, room: Scratch) -> int:
    """Keep those of the n places in `room.numbers` that do move; return how many.

    The rows `DRAWN` and `ABOVE` get their draws, and their scores less the threshold of the step in question.
    """
    found, mask, u, x = room.numbers, room.flags, room.floats[DRAWS], room.floats[ODDS]
    drawn, above = room.floats[DRAWN], room.floats[ABOVE]
    climb_rate, slip_rate = p.climb_rate, p.slip_rate
    for f in range(n):
        k = np.uint32(found[f])
        drawn[f], above[f] = u[k], x[k]
    for f in range(whole_registers(n, REGISTER)):  # several exponentials at once
        up = drawn[f] < climb_rate
        mask[f] = happens(drawn[f] if up else 1.0 - drawn[f], climb_rate if up else slip_rate, above[f])
    movers = 0
    for f in range(n):
        found[movers], drawn[movers], above[movers] = found[f], drawn[f], above[f]
        movers += mask[f]
    return int(movers)


@compiled
def find_tipping_terms(s: State, w: Week, village: Village, first: int, n: int, room: Scratch) -> None:
    """Find what tips the climbs of the n households at the places in `room.numbers`, who are about to climb.

    The rows `DRAWN` and `ABOVE` hold their draws, and their scores less thresholds.
    """
    found, numbers = room.numbers, room.flags
    drawn, above, missed = room.floats[DRAWN], room.floats[ABOVE], room.floats[MISSED]
    climb_rate = w.p.climb_rate
    for f in range(n):
        pushing = pushes(s, w.p, village, household(first, found[f]))
        above[f], missed[f], numbers[f] = largest_term(above[f], pushing)
    for f in range(whole_registers(n, REGISTER)):
        numbers[f] = tipping_term(drawn[f], climb_rate, above[f], missed[f], numbers[f])
    for f in range(n):
        s.u8[TIPPED_BY, first + found[f]] = numbers[f]
        w.record.counts[w.number, w.v, CLIMBED + numbers[f]] += 1


@compiled
def take_step(s: State, v: int, i: int, by: int) -> bool:
    """Let household i of village v go so many rungs up; return whether it adopts or gives up by that."""
    cells, rung = s.village_i64[CELL:, v], s.u8[RUNG, i]
    after = rung + by
    s.u8[RUNG, i] = after
    cells[cell(s.u8[ROLES, i], rung, s.u8[CLEAN, i])] -= 1
    cells[cell(s.u8[ROLES, i], after, s.u8[CLEAN, i])] += 1
    return bool((rung >= HELPING) != (after >= HELPING))


@compiled
def decide(s: State, w: Week, village: Village, stretch: Stretch, room: Scratch, told: I32) -> int:
    """Let a stretch of households decide; return how many adopt or give up, whom `told` gets."""
    found, drawn, above = room.numbers, room.floats[DRAWN], room.floats[ABOVE]
    score_households(s, w.p, village, stretch, room)
    mark_movers(s, w.p, stretch, room)
    movers = keep_movers(w.p, places(room.flags, found), room)
    n_told = 0
    climbers = 0
    for f in range(movers):  # who slips, slips; who climbs, steps by 0 yet, so that there is no branch
        i = stretch.first + found[f]
        up = drawn[f] < w.p.climb_rate
        told[n_told] = i  # written over by the next one, unless it adopts or gives up
        n_told += take_step(s, w.v, i, up - 1)
        found[climbers], drawn[climbers], above[climbers] = found[f], drawn[f], above[f]
        climbers += up
    w.record.counts[w.number, w.v, SLIPPED] += movers - climbers
    find_tipping_terms(s, w, village, stretch.first, climbers, room)
    for f in range(climbers):
        i = stretch.first + found[f]
        told[n_told] = i
        n_told += take_step(s, w.v, i, 1)
    return n_told
