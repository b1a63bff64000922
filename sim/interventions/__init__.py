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
from sim.interventions.charter import Charter
from sim.interventions.council import Council
from sim.interventions.donation import Donation
from sim.interventions.first_secretary import FirstSecretary
from sim.interventions.household_contact import HouseholdContact
from sim.interventions.neighbourhood_association import NeighbourhoodAssociation
from sim.interventions.public_works import PublicWorks
from sim.interventions.recognition import Recognition
from sim.interventions.role_model import RoleModel
from sim.interventions.service_station import ServiceStation
from sim.interventions.smart_gates import SmartGates
from sim.interventions.training import Training
from sim.interventions.volunteer_team import VolunteerTeam
from sim.interventions.worthy_advocacy import WorthyAdvocacy

KINDS: dict[str, type[Intervention]] = {
    "household_contact": HouseholdContact,
    "role_model": RoleModel,
    "donation": Donation,
    "volunteer_team": VolunteerTeam,
    "recognition": Recognition,
    "worthy_advocacy": WorthyAdvocacy,
    "neighbourhood_association": NeighbourhoodAssociation,
    "council": Council,
    "charter": Charter,
    "public_works": PublicWorks,
    "smart_gates": SmartGates,
    "service_station": ServiceStation,
    "training": Training,
    "first_secretary": FirstSecretary,
}

__all__ = [
    "GIFT_USES", "KINDS", "LEVER_VALUES", "ONCE", "Cost", "Effect", "Gift", "Intervention", "Outsiders", "Where", "Who",
]  # fmt: skip
