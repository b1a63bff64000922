"""The equations of a household: scalar, compiled, one function each. MODEL symbols are given in brackets."""

from __future__ import annotations

from sim.compiled import compiled
from sim.elementary import logistic

HALF_YEAR = 26
"""Weeks within which a repeat by the same kind of messenger counts less (P1)."""


@compiled
def climb_probability(rate: float, score: float, threshold: float) -> float:
    """Return the weekly probability of a climb: rate [r_u] * logistic(score [V] - threshold [theta_s])."""
    return rate * logistic(score - threshold)


@compiled
def slip_probability(rate: float, score: float, threshold: float, hold: float) -> float:
    """Return the weekly probability of a slip: rate [r_d] * logistic(threshold [theta_(s-1)] - score - hold [eta H])."""
    return rate * logistic(threshold - score - hold)


@compiled
def persuasion_gain(
    full: float, weight: float, authority: float, own_yard: float, messenger_clean: int, trust: float, fresh: float
) -> float:
    """Return what a contact adds to persuasion, in logit.

    full [beta_p] * weight [w_role] * authority * (1 - own_yard [phi] if the messenger's yard is cluttered)
    * (1/2 + trust [T]) * fresh, which is 1, or less after a contact by the same kind within half a year.
    """
    return full * weight * authority * (1.0 - own_yard * (1 - messenger_clean)) * (0.5 + trust) * fresh


@compiled
def authority(per_decade: float, years_in_party: int) -> float:
    """Return a messenger's authority: 1 for who is not in the party or new to it, more with every decade (S18)."""
    return 1.0 + per_decade * years_in_party / 10.0


@compiled
def trust_after(trust: float, messenger_clean: int, step: float, attachment: float) -> float:
    """Return trust after a visit about the yard: towards 1 if the messenger's own yard is clean, else towards 0 (P10)."""
    move = step * attachment
    return trust + move * (1.0 - trust) if messenger_clean else trust - move * trust


@compiled
def habit_after(habit: float, adopted: bool, growth: float, retention: float, attachment: float) -> float:
    """Return habit [H] after a week: growing towards 1 while adopted, at a pace scaled by attachment, else fading."""
    return habit + growth * attachment * (1.0 - habit) if adopted else retention * habit


@compiled
def recognised(giving: float, half: float) -> float:
    """Return recognised giving [D], 0..1, saturating: one half at `half` yuan a household."""
    return giving / (giving + half)
