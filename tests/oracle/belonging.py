"""Belonging: an association ties newcomers to locals, and places to go to build attachment and trust."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracle.household import Household

if TYPE_CHECKING:
    from oracle.village import Village


def belong(village: Village, week: int) -> None:
    """Let a week of meeting places and the association pass."""
    if village.bonded is None and village.now.village("bonds") > 0.0:
        village.bonded = week  # from now on the association's ties count (`Household.kin`)
    if village.now.moves("belonging"):
        village.households.do(attach)
    if village.now.moves("reassurance"):
        village.households.do(reassure)


def share_of(household: Household, value: str) -> float:
    """Return what levers add to a value for a household, kept within 0..1."""
    return min(1.0, max(0.0, household.village.now.person(value, household.choices)))


def attach(household: Household) -> None:
    """Move attachment a share of the way to 1."""
    household.attachment += share_of(household, "belonging") * (1.0 - household.attachment)


def reassure(household: Household) -> None:
    """Move trust a share of the way to 1, at a pace scaled by attachment."""
    share = share_of(household, "reassurance") * household.attachment
    household.trust += share * (1.0 - household.trust)
