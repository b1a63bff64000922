"""The levers: one file each, and this registry.

A new lever is a file here and a line in `KINDS`; nothing else has to know it.
"""

from __future__ import annotations

from sim.interventions.base import (
    GIFT_USES,
    LEVER_VALUES,
    ONCE,
    Cost,
    Effect,
    Gift,
    Intervention,
    Outsiders,
    Where,
    Who,
)
from sim.interventions.donation import Donation
from sim.interventions.household_contact import HouseholdContact
from sim.interventions.role_model import RoleModel
from sim.interventions.volunteer_team import VolunteerTeam

KINDS: dict[str, type[Intervention]] = {
    "household_contact": HouseholdContact,
    "role_model": RoleModel,
    "donation": Donation,
    "volunteer_team": VolunteerTeam,
}

__all__ = [
    "GIFT_USES", "KINDS", "LEVER_VALUES", "ONCE", "Cost", "Effect", "Gift", "Intervention", "Outsiders", "Where", "Who",
]  # fmt: skip
