"""The decision: a household climbs or slips by one rung at most, by one draw a week (P5).

Its score is a sum of terms, so every climb can say which term tipped it: the largest of those without which the same
draw would not have sufficed. A climb that the predisposition alone would have made is put down to that, and one that
would have happened without any single term to several. Left out: strategy, and thinking ahead.
"""

from __future__ import annotations

from typing import Any

from sim.compiled import compiled
from sim.rules import climb_probability, slip_probability
from sim.tallies import BY_PREDISPOSITION, BY_SEVERAL
from sim.world.columns import (
    ADOPTED_TIES, AWARD, CLEAN_NEIGHBOURS, CLUTTER, F64, FREE_CALLS, HABIT, HELPING, INITIATED, NEIGHBOURS, PAID_CALLS,
    PASSIVITY, PERSUASION, PREDISPOSITION, RUNG, TIES, TIPPED_BY, TRUST, U8, WATCHING,
)  # fmt: skip

STAYS, CLIMBS_UP, SLIPS_DOWN = 0, 1, 2


@compiled
def threshold(p: Any, rung: int) -> float:
    """Return the score at which a household on this rung is half inclined to climb [theta_s], in logit."""
    if rung == WATCHING:
        return 0.0
    return float(p.threshold_help) if rung < HELPING else float(p.threshold_initiate)


@compiled
def neighbours_term(u8: U8, p: Any, i: int) -> float:
    """Return b_N n: the share of yards in sight that are clean."""
    return p.neighbours * u8[CLEAN_NEIGHBOURS, i] / u8[NEIGHBOURS, i] if u8[NEIGHBOURS, i] > 0 else 0.0


@compiled
def kin_term(u8: U8, p: Any, i: int) -> float:
    """Return b_K k: the share of ties that have adopted; it counts for the first step only."""
    return p.kin * u8[ADOPTED_TIES, i] / u8[TIES, i] if u8[RUNG, i] == WATCHING and u8[TIES, i] > 0 else 0.0


@compiled
def effort_terms(f64: F64, u8: U8, p: Any, i: int) -> tuple[float, float]:
    """Return (cost, relief): b_C C / 10 hours, and the part of it that offered hands would do [h]."""
    clutter = f64[CLUTTER, i]
    cost = p.effort * clutter / 10.0
    if clutter <= 0.0:
        return cost, 0.0
    offered = u8[FREE_CALLS, i] * p.hands_per_call + u8[PAID_CALLS, i] * p.paid_hours
    return cost, cost * min(1.0, offered / clutter)


@compiled
def decide(
    f64: F64, u8: U8, p: Any, i: int, u: float, surroundings: float, giving: float
) -> tuple[int, int]:  # fmt: skip
    """Return (what household i does, the term that tipped a climb).

    u : the week's draw; a climb takes its low end, a slip its high end. surroundings : cleanliness of the public plot
    nearby, 0..1 [E]. giving : recognised giving [D], 0..1.
    """
    rung = u8[RUNG, i]
    may_climb = rung < INITIATED and u < p.climb_rate
    may_slip = rung > WATCHING and u >= 1.0 - p.slip_rate
    if not (may_climb or may_slip):
        return STAYS, 0
    neighbours = neighbours_term(u8, p, i)
    kin = kin_term(u8, p, i)
    cost, relief = effort_terms(f64, u8, p, i)
    public = p.surroundings * surroundings
    trust = p.trust * (f64[TRUST, i] - 0.5)
    given = p.giving * giving
    awards = p.awards * f64[AWARD, i]
    persuasion = f64[PERSUASION, i]
    pull = f64[PREDISPOSITION, i] - cost - p.passivity * f64[PASSIVITY, i]
    score = pull + neighbours + kin + public + trust + relief + given + awards + persuasion
    if may_slip:
        slip = slip_probability(p.slip_rate, score, threshold(p, rung - 1), p.habit * f64[HABIT, i])
        return (SLIPS_DOWN, 0) if u >= 1.0 - slip else (STAYS, 0)
    theta = threshold(p, rung)
    if u >= climb_probability(p.climb_rate, score, theta):
        return STAYS, 0
    # Terms that push, in the order of `sim.tallies.TERMS`.
    terms = (neighbours, kin, public, max(trust, 0.0), relief, given, awards, persuasion)
    alone = score
    for term in terms:
        alone -= term
    if u < climb_probability(p.climb_rate, alone, theta):
        return CLIMBS_UP, BY_PREDISPOSITION
    tipped = BY_SEVERAL
    largest = 0.0
    for k, term in enumerate(terms):
        if term > largest and u >= climb_probability(p.climb_rate, score - term, theta):
            largest = term
            tipped = k + 1
    return CLIMBS_UP, tipped


@compiled
def move(u8: U8, i: int, change: int, tipped_by: int) -> None:
    """Carry out a decision."""
    if change == CLIMBS_UP:
        u8[RUNG, i] += 1
        u8[TIPPED_BY, i] = tipped_by
    elif change == SLIPS_DOWN:
        u8[RUNG, i] -= 1
