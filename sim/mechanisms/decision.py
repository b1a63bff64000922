"""The decision: a household climbs or slips by one rung at most, by one draw a week (P5).

Its score is a sum of terms, so every climb can say which term tipped it: the largest of those without which the same
draw would not have sufficed. A climb that the predisposition alone would have made is put down to that, and one that
would have happened without any single term to several. A low draw can only lift and a high one only lower, so in most
weeks a household can't move whatever it thinks, and its score isn't asked for. Left out: strategy, and thinking ahead.
"""

from __future__ import annotations

from typing import Any

from sim.compiled import compiled
from sim.rules import happens
from sim.tallies import BY_PREDISPOSITION, BY_SEVERAL, CLIMBED, SLIPPED
from sim.world.columns import (
    ADOPTED_TIES, AWARD, CLEAN, CLEAN_NEIGHBOURS, CLUTTER, F64, FREE_CALLS, HABIT, HELPING, I32, I64, INITIATED,
    NEIGHBOURS, PAID_CALLS, PASSIVITY, PERSUASION, PREDISPOSITION, PUBLIC_PLOT, ROLES, RUNG, TIES, TIPPED_BY, TRUST, U8,
    WATCHING, cell,
)  # fmt: skip


@compiled
def threshold(p: Any, rung: int) -> float:
    """Return the score at which a household on this rung is half inclined to climb [theta_s], in logit."""
    if rung == WATCHING:
        return 0.0
    return float(p.threshold_help) if rung < HELPING else float(p.threshold_initiate)


@compiled
def relief(p: Any, clutter: float, free_calls: int, paid_calls: int) -> float:
    """Return the share of the outstanding work that offered hands would do this week [h], 0..1."""
    if clutter <= 0.0:
        return 0.0
    return float(min(1.0, (free_calls * p.hands_per_call + paid_calls * p.paid_hours) / clutter))


@compiled
def tipping_term(p: Any, u: float, theta: float, pull: float, terms: tuple[float, ...]) -> int:
    """Return the number in `sim.tallies.TERMS` of the term that tipped a climb.

    u : the draw that made it. theta : the threshold. pull : the score without the terms, logit. terms : what pushed,
    logit, none negative, in the order of TERMS from its second on.
    """
    if happens(u, p.climb_rate, pull - theta):
        return BY_PREDISPOSITION
    score = pull
    for term in terms:
        score += term
    tipped_by = BY_SEVERAL
    largest = 0.0
    k = 0
    for term in terms:
        k += 1
        if term > largest and not happens(u, p.climb_rate, score - term - theta):
            largest = term
            tipped_by = k
    return tipped_by


@compiled
def can_move(rungs: U8, draws: F64, climb_rate: float, slip_rate: float, found: I32) -> int:
    """Write the places of the households that their draw could move, and return how many; without a branch to guess."""
    n = 0
    for k in range(draws.size):
        low = (draws[k] < climb_rate) & (rungs[k] < INITIATED)
        high = (draws[k] >= 1.0 - slip_rate) & (rungs[k] > WATCHING)
        found[n] = k
        n += low | high
    return n


@compiled
def decide(
    f64: F64, i32: I32, u8: U8, public: F64, p: Any, giving: float, first: int, draws: F64, found: I32,
    cells: I64, count: I64, told: I32, n_told: int,
) -> int:  # fmt: skip
    """Let the households first .. first + draws.size - 1 decide.

    public : cleanliness of all public plots. giving : the term of recognised giving, logit. found : room for as many
    numbers as draws. cells : the village's households by group, rung and yard. told : gets those that adopt or give up,
    from place n_told on; returns the place behind them.
    """
    for f in range(can_move(u8[RUNG, first : first + draws.size], draws, p.climb_rate, p.slip_rate, found)):
        u = draws[found[f]]
        i = first + found[f]
        rung = u8[RUNG, i]
        clutter = f64[CLUTTER, i]
        cost = p.effort * clutter / 10.0
        relieved = cost * relief(p, clutter, u8[FREE_CALLS, i], u8[PAID_CALLS, i])
        neighbours = p.neighbours * u8[CLEAN_NEIGHBOURS, i] / u8[NEIGHBOURS, i] if u8[NEIGHBOURS, i] else 0.0
        kin = p.kin * u8[ADOPTED_TIES, i] / u8[TIES, i] if rung == WATCHING and u8[TIES, i] else 0.0
        near = i32[PUBLIC_PLOT, i]
        surroundings = p.surroundings * (public[near] if near >= 0 else 1.0)
        trusting = p.trust * (f64[TRUST, i] - 0.5)
        awards = p.awards * f64[AWARD, i]
        persuasion = f64[PERSUASION, i]
        pull = f64[PREDISPOSITION, i] - cost - p.passivity * f64[PASSIVITY, i] + min(trusting, 0.0)
        push = neighbours + kin + surroundings + max(trusting, 0.0) + relieved + giving + awards + persuasion
        if u < p.climb_rate:
            theta = threshold(p, rung)
            if not happens(u, p.climb_rate, pull + push - theta):
                continue
            terms = (neighbours, kin, surroundings, max(trusting, 0.0), relieved, giving, awards, persuasion)
            tipped_by = tipping_term(p, u, theta, pull, terms)
            u8[TIPPED_BY, i] = tipped_by
            count[CLIMBED + tipped_by] += 1
            after = rung + 1
        else:
            hold = p.habit * f64[HABIT, i]
            if not happens(1.0 - u, p.slip_rate, threshold(p, rung - 1) - (pull + push) - hold):
                continue
            count[SLIPPED] += 1
            after = rung - 1
        u8[RUNG, i] = after
        cells[cell(u8[ROLES, i], rung, u8[CLEAN, i])] -= 1
        cells[cell(u8[ROLES, i], after, u8[CLEAN, i])] += 1
        if (rung >= HELPING) != (after >= HELPING):
            told[n_told] = i
            n_told += 1
    return n_told
