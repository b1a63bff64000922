"""The decision: a household climbs or slips by one rung at most, by one draw a week."""

from __future__ import annotations

from oracle.elementary import exp
from oracle.household import Household, Rung
from sim.numerics import draws

PUSHES = ("neighbours", "kin", "surroundings", "trust", "help", "giving", "awards", "persuasion")


def hands(household: Household) -> float:
    """Return the hours of help that are offered this week."""
    public = household.village.public
    return household.volunteers_offers * public.hands_per_call + household.paid_offers * public.paid_hours


def clean_neighbours(household: Household) -> float:
    """Return the share of the yards in sight that are clean [n]; 0 where none is in sight."""
    clean = sum(other.clean for other in household.in_sight)
    return clean * (1.0 / max(1, len(household.in_sight)))


def adopted_kin(household: Household) -> float:
    """Return the share of ties that have adopted [k]; 0 for who has none."""
    kin = household.kin()
    adopted = sum(other.rung >= Rung.HELPING for other in kin)
    return adopted * (1.0 / max(1, len(kin)))


def score(household: Household) -> float:
    """Return the score [V], logit, in the order of additions that the ODD document gives."""
    h, rule, village = household, household.rule, household.village
    effort = 0.1 * rule.effort
    value = village.giving_term + rule.surroundings * h.public_plot.cleanliness
    value += (
        (h.predisposition - effort * h.clutter)
        + (rule.trust * (h.trust - 0.5) - rule.passivity * h.passivity)
        + (h.persuasion + rule.awards * h.award)
    )
    value += village.neighbours_weight * clean_neighbours(h) + (
        rule.kin * adopted_kin(h) if h.rung == Rung.WATCHING else 0.0
    )
    value += village.points_reward * h.clean
    value += effort * min(h.clutter, hands(h))
    return value


def pushes(household: Household) -> list[float]:
    """Return the terms that may tip a climb, logit, in the order of `PUSHES`; none is below 0."""
    h, rule, village = household, household.rule, household.village
    return [
        village.neighbours_weight * clean_neighbours(h),
        rule.kin * adopted_kin(h) if h.rung == Rung.WATCHING else 0.0,
        rule.surroundings * h.public_plot.cleanliness,
        max(0.0, rule.trust * (h.trust - 0.5)),
        0.1 * rule.effort * min(h.clutter, hands(h)),
        village.giving_term,
        rule.awards * h.award + village.points_reward * h.clean,
        h.persuasion,
    ]


def happens(u: float, rate: float, x: float) -> bool:
    """Return whether a draw falls under the probability rate * logistic(x)."""
    return u < rate and u * (1.0 + exp(-x)) < rate


def threshold(household: Household, rung: int) -> float:
    """Return the score at which a household on a rung climbs at half its greatest rate [theta]."""
    return (0.0, household.rule.threshold_help, household.rule.threshold_initiate)[rung]


def decide(household: Household) -> None:
    """Draw whether the household climbs or slips; it moves once all have decided (`take_step`)."""
    h, rule, tally = household, household.rule, household.village.tally
    h.next_rung = h.rung
    value = score(h)
    tally["consenting"] += h.village.plan_burden is not None and value >= h.village.plan_burden
    u = h.village.luck.draw(draws.DECISION, h.number)
    if u < rule.climb_rate:
        if h.rung < Rung.INITIATED:
            excess = value - threshold(h, h.rung)
            if happens(u, rule.climb_rate, excess):
                h.tipped_by = tipped_by(h, u, excess)
                h.next_rung = Rung(h.rung + 1)
                tally[f"climbs_{h.tipped_by}"] += 1
    elif h.rung > Rung.WATCHING:
        holds = threshold(h, h.rung - 1) - value - rule.habit * h.habit
        if happens(1.0 - u, rule.slip_rate, holds):
            h.next_rung = Rung(h.rung - 1)
            tally["slips"] += 1


def take_step(household: Household) -> None:
    """Step to the rung that was decided on."""
    household.rung = household.next_rung


def tipped_by(household: Household, u: float, excess: float) -> str:
    """Return what tipped a climb that the draw u made.

    excess : score less threshold. The predisposition (less the own effort and passivity) if it would have sufficed without
    any push; else the largest push if it wouldn't have without that one; else several.
    """
    terms = pushes(household)
    alone = excess
    for term in terms:
        alone -= term
    largest = max(terms)
    rate = household.rule.climb_rate
    if happens(u, rate, alone):
        return "predisposition"
    if happens(u, rate, excess - largest):
        return "several"
    return PUSHES[terms.index(largest)]
