"""Deliberation: the village votes on a charter, and a plan needs its households' consent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracle.household import Rung

if TYPE_CHECKING:
    from oracle.village import Village


def deliberate(village: Village, week: int) -> None:
    """Hold the week's vote, redraw the plan, and see whether enough consent."""
    vote(village, week)
    consider_plan(village, week)
    village.tally["in_charter"] = village.chartered is not None
    village.tally["agreed_plan"] = village.agreed is not None


def vote(village: Village, week: int) -> None:
    """Adopt the charter in a week of voting if enough households take part at all; it holds for good."""
    if village.chartered is not None or village.now.village("charter_vote") <= 0.0:
        return
    everyone = village.households_by_number
    taking_part = sum(household.rung >= Rung.PUSHED for household in everyone)
    if taking_part / len(everyone) >= village.now.village("charter_quorum"):
        village.chartered = week


def consider_plan(village: Village, week: int) -> None:
    """Redraw the plan, and agree to it, for good, if enough households consented in the week before."""
    quorum = village.now.village("consent_quorum")
    village.plan_burden = None
    if quorum <= 0.0:
        return
    village.burden *= 1.0 - min(1.0, max(0.0, village.now.village("redesign")))
    village.plan_burden = village.now.village("consent_burden") * village.burden
    if village.agreed is None and village.consented / len(village.households_by_number) >= quorum:
        village.agreed = week
        for household in village.households_by_number:
            household.see_promise_kept(village.public.promise_trust)
