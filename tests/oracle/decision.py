"""The decision: a household climbs or slips by one rung at most, by one draw a week."""

from __future__ import annotations

from collections.abc import Callable

from oracle.elementary import exp
from oracle.household import Household, Rung
from sim.numerics import draws

Term = Callable[[Household], float]


def neighbours(h: Household) -> float:
    """Return b_N n: clean yards in sight, as a share [n]; 0 where none is in sight."""
    clean = sum(other.clean for other in h.in_sight)
    return h.village.neighbours_weight * (clean * (1.0 / max(1, len(h.in_sight))))


def kin(h: Household) -> float:
    """Return b_K k, for who is watching: ties that have adopted, as a share [k]; 0 for who has none."""
    ties = h.kin()
    adopted = sum(other.rung >= Rung.HELPING for other in ties)
    return h.rule.kin * (adopted * (1.0 / max(1, len(ties)))) if h.rung == Rung.WATCHING else 0.0


def surroundings(h: Household) -> float:
    """Return b_E E: cleanliness of the nearest public plot."""
    return h.rule.surroundings * h.public_plot.cleanliness


def trust(h: Household) -> float:
    """Return b_T (T - 1/2)."""
    return h.rule.trust * (h.trust - 0.5)


def help_offered(h: Household) -> float:
    """Return b_C C/10 h: the part of the effort that offered hands would do."""
    public = h.village.public
    hands = h.volunteers_offers * public.hands_per_call + h.paid_offers * public.paid_hours
    return 0.1 * h.rule.effort * min(h.clutter, hands)


def giving(h: Household) -> float:
    """Return b_D D: recognised giving."""
    return h.village.giving_term


def glow(h: Household) -> float:
    """Return b_R R: the glow of the last award."""
    return h.rule.awards * h.award


def points(h: Household) -> float:
    """Return the reward of points for a clean yard."""
    return h.village.points_reward * h.clean


def awards(h: Household) -> float:
    """Return both of them."""
    return glow(h) + points(h)


def persuasion(h: Household) -> float:
    """Return M: the stock of persuasion."""
    return h.persuasion


FURTHER: dict[str, Term] = {}
"""Terms that mechanisms bring along."""
TERMS: dict[str, Term] = {
    "neighbours": neighbours, "kin": kin, "surroundings": surroundings, "trust": trust, "help": help_offered,
    "giving": giving, "awards": awards, "persuasion": persuasion, **FURTHER,
}  # fmt: skip
"""The terms that may tip a climb."""


def score(h: Household) -> float:
    """Return the score [V], logit, in the order of additions that the ODD document gives."""
    effort = 0.1 * h.rule.effort * h.clutter
    value = giving(h) + surroundings(h)
    value += (h.predisposition - effort) + (trust(h) - h.rule.passivity * h.passivity) + (persuasion(h) + glow(h))
    value += neighbours(h) + kin(h)
    value += points(h)
    value += help_offered(h)
    for term in FURTHER.values():
        value += term(h)
    return value


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
    terms = [max(0.0, term(household)) for term in TERMS.values()]
    alone = excess
    for term in terms:
        alone -= term
    largest = max(terms)
    rate = household.rule.climb_rate
    if happens(u, rate, alone):
        return "predisposition"
    if happens(u, rate, excess - largest):
        return "several"
    return list(TERMS)[terms.index(largest)]
