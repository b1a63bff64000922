"""The levers: one file each, and this registry.

A new lever is a file here and a line in `KINDS`; nothing else has to know it. A lever that is no part of the package is
a file anywhere, see `sim.interventions.outside` and ``docs/EXTENDING.md``.
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
from sim.interventions.outside import Outside, check_effects
from sim.interventions.role_model import RoleModel
from sim.interventions.volunteer_team import VolunteerTeam

KINDS: dict[str, type[Intervention]] = {
    "household_contact": HouseholdContact,
    "role_model": RoleModel,
    "donation": Donation,
    "volunteer_team": VolunteerTeam,
}

_outside = Outside(KINDS)
register, load_levers, find_levers = _outside.register, _outside.load_levers, _outside.find_levers
digest = _outside.digest

__all__ = [
    "GIFT_USES", "KINDS", "LEVER_VALUES", "ONCE", "Cost", "Effect", "Gift", "Intervention", "Outsiders", "Where", "Who",
    "check_effects", "digest", "find_levers", "load_levers", "register",
]  # fmt: skip
