"""Housework: yards gather clutter and are cleared, by the household and by hands that were offered; habit follows."""

from __future__ import annotations

from oracle.household import Household, Rung


def own_hours(household: Household) -> float:
    """Return the hours that a household would clear this week; who is bound by an example clears at the top pace."""
    rule = household.rule
    hours = (0.0, rule.work_pushed, rule.work_helping, rule.work_initiated)[household.rung]
    return max(hours, rule.work_initiated) if household.exemplar else hours


def work(household: Household) -> None:
    """Let the household do its housework for a week."""
    h, rule = household, household.rule
    own = own_hours(h)
    others = clear_with_help(h, own)
    done = min(own, h.clutter)
    h.village.tally["own_seconds"] += int(3600.0 * done)
    h.passivity = h.passivity * (1.0 - rule.passivity_step if done > 0.0 else rule.passivity_retention) + others
    h.clutter = min(rule.clutter_cap, (h.clutter - done) + rule.clutter_growth)
    keep_habit(h)
    h.show_yard()


def clear_with_help(household: Household, own: float) -> float:
    """Let offered hands do their part beside the household's `own` hours; return what it adds to passivity.

    All clear in proportion to their hours, and no longer than there is clutter. Only who clears uses help, and only used
    hours are paid.
    """
    h, public, tally = household, household.village.public, household.village.tally
    free, paid = h.volunteers_offers * public.hands_per_call, h.paid_offers * public.paid_hours
    h.volunteers_offers = h.paid_offers = 0
    if own <= 0.0 or free + paid <= 0.0 or h.clutter <= 0.0:
        return 0.0
    all_hands = own + free + paid
    share = min(1.0, h.clutter / all_hands)
    h.clutter -= (free + paid) * share
    paid_seconds = int(3600.0 * paid * share)
    h.village.spend("hauling", int(100.0 * public.wage_yuan + 0.5) * paid_seconds // 3600)
    tally["paid_seconds"] += paid_seconds
    tally["help_seconds"] += int(3600.0 * free * share)
    return h.rule.passivity_step * ((free + paid) / all_hands)


def keep_habit(household: Household) -> None:
    """Let habit grow in who has adopted, at a pace scaled by attachment, and fade in the others."""
    h, rule = household, household.rule
    if h.rung >= Rung.HELPING:
        h.habit += rule.habit_growth * h.attachment * (1.0 - h.habit)
    else:
        h.habit *= rule.habit_retention
