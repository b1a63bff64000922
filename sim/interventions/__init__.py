"""The interventions, one file for each kind, and their registry.

To add an intervention to the package, add a file here and a line to `KINDS`; nothing else has to know it. An intervention of
your own can be in a file anywhere: see `sim.interventions.outside` and ``docs/EXTENDING.md``.
"""

from __future__ import annotations

from sim.interventions.base import (
    ONCE,
    Cost,
    Effect,
    Gift,
    Intervention,
    Outsiders,
    Where,
    Who,
)
from sim.interventions.branch_index import BranchIndex
from sim.interventions.charter import Charter
from sim.interventions.checking import check_choices, check_effects
from sim.interventions.compound_linkage import CompoundLinkage
from sim.interventions.consent_project import ConsentProject
from sim.interventions.contractor_cleaning import ContractorCleaning
from sim.interventions.council import Council
from sim.interventions.donation import Donation
from sim.interventions.dual_grid import DualGrid
from sim.interventions.first_secretary import FirstSecretary
from sim.interventions.floating_members import FloatingMembers
from sim.interventions.household_contact import HouseholdContact
from sim.interventions.mobilisation_meeting import MobilisationMeeting
from sim.interventions.neighbourhood_association import NeighbourhoodAssociation
from sim.interventions.outside import Outside
from sim.interventions.points import Points
from sim.interventions.public_works import PublicWorks
from sim.interventions.recognition import Recognition
from sim.interventions.review_cycle import ReviewCycle
from sim.interventions.role_model import RoleModel
from sim.interventions.rollout import Rollout
from sim.interventions.service_station import ServiceStation
from sim.interventions.smart_gates import SmartGates
from sim.interventions.task_load import TaskLoad
from sim.interventions.training import Training
from sim.interventions.values import GIFT_USES, NAMED_VALUES
from sim.interventions.volunteer_team import VolunteerTeam
from sim.interventions.worthy_advocacy import WorthyAdvocacy

KINDS: dict[str, type[Intervention]] = {
    "household_contact": HouseholdContact,
    "role_model": RoleModel,
    "donation": Donation,
    "volunteer_team": VolunteerTeam,
    "dual_grid": DualGrid,
    "compound_linkage": CompoundLinkage,
    "task_load": TaskLoad,
    "review_cycle": ReviewCycle,
    "branch_index": BranchIndex,
    "points": Points,
    "floating_members": FloatingMembers,
    "mobilisation_meeting": MobilisationMeeting,
    "rollout": Rollout,
    "contractor_cleaning": ContractorCleaning,
    "consent_project": ConsentProject,
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


def kind_of(name: str) -> str:
    """Return the kind with this name in Chinese; the name itself if no kind has it."""
    return next((kind for kind, intervention in KINDS.items() if name in intervention.chinese), name)


_outside = Outside(KINDS)
register, digest = _outside.register, _outside.digest
load_interventions, find_interventions = _outside.load_interventions, _outside.find_interventions
intervention_files, take_intervention_files = _outside.files, _outside.take_files
loaded_digests = _outside.digests

__all__ = [
    "GIFT_USES", "KINDS", "NAMED_VALUES", "ONCE", "Cost", "Effect", "Gift", "Intervention", "Outsiders", "Where", "Who",
    "check_choices", "check_effects", "digest", "find_interventions", "intervention_files", "kind_of",
    "load_interventions", "loaded_digests", "register", "take_intervention_files",
]  # fmt: skip
