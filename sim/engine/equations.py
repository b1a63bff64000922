"""The equations of a household: scalar, compiled, one function each. MODEL symbols are given in brackets."""

from __future__ import annotations

from sim.compiler.compiled import compiled
from sim.numerics.elementary import exp

HALF_YEAR = 26
"""Weeks within which a repeat by the same kind of messenger counts less (P1)."""


@compiled
def may_happen(u: float, rate: float, x: float) -> bool:
    """Return False where `happens` is surely False, without an exponential.

    With y = -x / 4, e**-x is at least the fourth power of e**y's series to y**3, which lies below e**y everywhere and is
    positive above -1.596. The bound is taken a little low (by 1e-12 of it), so that rounding can't rule out what happens.
    """
    y = max(-0.25 * x, -1.596)
    series = 1.0 + y * (1.0 + y * (1.0 / 2.0 + y * (1.0 / 6.0)))
    square = series * series
    return bool(u * (1.0 + square * square) * (1.0 - 1e-12) < rate)


@compiled
def happens(u: float, rate: float, x: float) -> bool:
    """Return whether a draw u, 0..1, falls under the probability rate * logistic(x).

    A climb has rate r_u and x = V - theta_s; a slip has r_d, x = theta_(s-1) - V - eta H, and draws 1 - u, so that one
    draw decides both. The draw times 1 + e**-x is compared with the rate.
    """
    return u * (1.0 + exp(-x)) < rate


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
